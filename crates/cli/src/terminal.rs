//! The only place that writes to the terminal.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program speaks to its user; all of frit does it here"
)]

use std::io::Write;

/// Prints the result of a command to standard output; a closed pipe is not an error.
pub(crate) fn print(text: &str) {
    let mut output = std::io::stdout().lock();
    // Whoever closed the pipe has seen enough.
    let _ = output
        .write_all(text.as_bytes())
        .and_then(|()| output.flush());
}

/// Tells the user something on standard error, as a line.
pub(crate) fn say(text: &str) {
    eprintln!("{text}");
}

/// Warns the user on standard error.
pub(crate) fn warn(text: &str) {
    eprintln!("warning: {text}");
}

/// Shows a diagnostic on standard error.
pub(crate) fn show(report: miette::Report) {
    eprintln!("{report:?}");
}
