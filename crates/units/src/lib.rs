//! Quantities with dimensions at the border, physical constants, and the internal unit system.

pub mod constants;
