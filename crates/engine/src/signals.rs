//! Signals that ask a run to save itself and end, or a command to clean up.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use signal_hook::consts::{SIGINT, SIGTERM};

/// Which signal arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Interrupt {
    /// Ctrl-C.
    Int,
    /// The usual request to end.
    Term,
    /// The request of batch systems shortly before the time limit.
    Usr1,
}

impl Interrupt {
    /// The name, as a person knows it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Int => "Ctrl-C",
            Self::Term => "SIGTERM",
            Self::Usr1 => "SIGUSR1",
        }
    }
}

/// A signal handler could not be installed.
#[derive(Debug, thiserror::Error)]
#[error("cannot listen for signals")]
pub struct SignalError(#[from] std::io::Error);

/// Remembers that a signal arrived, until it is asked.
///
/// A second Ctrl-C ends the process at once, for whoever does not want to wait for a checkpoint.
#[derive(Debug, Clone)]
pub struct Signals {
    arrived: Arc<AtomicUsize>,
}

const INTERRUPTS: [Interrupt; 3] = [Interrupt::Int, Interrupt::Term, Interrupt::Usr1];

impl Signals {
    /// Starts to listen for Ctrl-C, TERM and USR1.
    ///
    /// # Errors
    /// The operating system's refusal.
    pub fn listen() -> Result<Self, SignalError> {
        let arrived = Arc::new(AtomicUsize::new(0));
        let again = Arc::new(AtomicBool::new(false));
        // The order matters: the second Ctrl-C must find the flag that the first one has set.
        signal_hook::flag::register_conditional_shutdown(SIGINT, 130, Arc::clone(&again))?;
        signal_hook::flag::register(SIGINT, again)?;
        signal_hook::flag::register_usize(SIGINT, Arc::clone(&arrived), 1)?;
        signal_hook::flag::register_usize(SIGTERM, Arc::clone(&arrived), 2)?;
        #[cfg(unix)]
        signal_hook::flag::register_usize(signal_hook::consts::SIGUSR1, Arc::clone(&arrived), 3)?;
        Ok(Self { arrived })
    }

    /// The last signal that arrived, if any.
    pub fn arrived(&self) -> Option<Interrupt> {
        let number = self.arrived.load(Ordering::Relaxed);
        number.checked_sub(1).map(|index| INTERRUPTS[index])
    }
}

/// Calls `clean_up` when Ctrl-C or TERM arrives, and then ends the process as the signal does by
/// itself: for commands that have nothing to save. Does nothing where there are no such signals.
///
/// # Errors
/// The operating system's refusal.
#[cfg_attr(
    not(unix),
    expect(unused_variables, reason = "there is no signal to wait for")
)]
pub fn clean_up_on_termination(
    clean_up: impl FnOnce() + Send + 'static,
) -> Result<(), SignalError> {
    #[cfg(unix)]
    {
        let mut signals = signal_hook::iterator::Signals::new([SIGINT, SIGTERM])?;
        std::thread::spawn(move || {
            if let Some(signal) = signals.forever().next() {
                clean_up();
                // If it fails, the process goes on, as if no signal had come.
                let _ = signal_hook::low_level::emulate_default_handler(signal);
            }
        });
    }
    Ok(())
}
