//! How a command fails: what to show, and the exit code.

use frit_io::WriteError;
use miette::{Diagnostic, Report};

use crate::exit::Exit;

/// A failed command.
#[derive(Debug)]
pub(crate) struct Failure {
    /// The exit code.
    pub exit: Exit,
    /// What to show.
    pub report: Report,
}

/// What commands return.
pub(crate) type Outcome<T = ()> = Result<T, Failure>;

impl Failure {
    /// A failure with a message and the next step.
    pub(crate) fn new(exit: Exit, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            exit,
            report: Report::new(Plain {
                message: message.into(),
                help: Some(help.into()),
                cause: None,
            }),
        }
    }

    /// A failure from an error that explains itself.
    pub(crate) fn from_error(
        exit: Exit,
        error: impl std::error::Error + Send + Sync + 'static,
    ) -> Self {
        Self {
            exit,
            report: Report::new(Plain {
                message: error.to_string(),
                help: None,
                cause: chain(&error),
            }),
        }
    }

    /// A failure to write a file: the user's, if the format does not exist or cannot hold the
    /// frame, else that of the system.
    pub(crate) fn from_write(error: WriteError) -> Self {
        let exit = match error {
            WriteError::Format(_) | WriteError::Frame { .. } => Exit::Usage,
            _ => Exit::Failure,
        };
        Self::from_error(exit, error)
    }

    /// A failure from errors in a deck.
    pub(crate) fn from_diagnostic(
        exit: Exit,
        error: impl Diagnostic + Send + Sync + 'static,
    ) -> Self {
        Self {
            exit,
            report: Report::new(error),
        }
    }
}

/// The causes of an error, but for those that its message already tells.
fn chain(error: &dyn std::error::Error) -> Option<Cause> {
    let source = error.source()?;
    let message = source.to_string();
    if error.to_string().contains(&message) {
        return chain(source);
    }
    Some(Cause {
        message,
        cause: chain(source).map(Box::new),
    })
}

#[derive(Debug, thiserror::Error)]
#[error("{message}")]
struct Cause {
    message: String,
    #[source]
    cause: Option<Box<Cause>>,
}

#[derive(Debug, thiserror::Error)]
#[error("{message}")]
struct Plain {
    message: String,
    help: Option<String>,
    #[source]
    cause: Option<Cause>,
}

impl Diagnostic for Plain {
    fn help<'a>(&'a self) -> Option<Box<dyn std::fmt::Display + 'a>> {
        let help = self.help.as_ref()?;
        Some(Box::new(help))
    }
}

/// Turns errors into failures with an exit code.
pub(crate) trait OrFail<T> {
    /// The value, or a failure with this exit code.
    ///
    /// # Errors
    /// The failure.
    fn or_fail(self, exit: Exit) -> Outcome<T>;
}

impl<T, E: std::error::Error + Send + Sync + 'static> OrFail<T> for Result<T, E> {
    fn or_fail(self, exit: Exit) -> Outcome<T> {
        self.map_err(|error| Failure::from_error(exit, error))
    }
}
