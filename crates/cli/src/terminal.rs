//! The only place that writes to the terminal.

use std::cell::RefCell;
use std::fs::File;
use std::io::{IsTerminal, Write};

/// Where messages go instead of standard error.
enum Log {
    /// Nowhere.
    Nowhere,
    /// Into a file.
    File(File),
}

thread_local! {
    /// Where this thread's messages go instead of standard error.
    static LOG: RefCell<Option<Log>> = const { RefCell::new(None) };
}

/// Sends the messages of this thread to a file, or nowhere, while `work` runs.
pub(crate) fn logged<T>(file: Option<File>, work: impl FnOnce() -> T) -> T {
    let log = file.map_or(Log::Nowhere, Log::File);
    LOG.with(|place| place.replace(Some(log)));
    let result = work();
    LOG.with(|place| place.replace(None));
    result
}

/// Whether somebody watches this thread's messages on a terminal.
pub(crate) fn is_watched() -> bool {
    LOG.with(|log| log.borrow().is_none()) && std::io::stderr().is_terminal()
}

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
    line(text);
}

/// Warns the user on standard error.
pub(crate) fn warn(text: &str) {
    line(&format!("warning: {text}"));
}

/// Shows a diagnostic on standard error.
pub(crate) fn show(report: miette::Report) {
    line(&format!("{report:?}"));
}

/// Writes a line to standard error. A run of days does not end because nobody listens any more.
fn line(text: &str) {
    let is_logged = LOG.with(|log| match &mut *log.borrow_mut() {
        Some(Log::Nowhere) => true,
        Some(Log::File(file)) => writeln!(file, "{text}").is_ok(),
        None => false,
    });
    if is_logged {
        return;
    }
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// Lets messages flow in one line where no terminal has a width, so that they can be searched.
pub(crate) fn prepare() {
    if std::io::stderr().is_terminal() {
        return;
    }
    // A hook that is set already serves as well.
    let _ = miette::set_hook(Box::new(|_| {
        Box::new(
            miette::MietteHandlerOpts::new()
                .terminal_links(false)
                .wrap_lines(false)
                .build(),
        )
    }));
}
