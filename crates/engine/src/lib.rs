//! What all methods share: the loop, schedules, observers, signals, random streams.
//!
//! There is no physics here. A method is an [`Engine`]; [`drive`] advances it, shows it to its
//! [`Observer`]s when they are due, and asks a [`Supervisor`] after each step whether to go on.

mod drive;
mod progress;
pub mod random;
mod schedule;
mod signals;

pub use drive::{Clock, DriveError, Engine, Observer, Outcome, Supervisor, Verdict, drive};
pub use progress::Rate;
pub use schedule::Schedule;
pub use signals::{Interrupt, SignalError, Signals, clean_up_on_termination};
