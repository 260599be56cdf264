"""What the comparison tools share."""
