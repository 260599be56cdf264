//! Exit codes: what a script that calls frit can rely on.

use std::process::ExitCode;

/// How the program ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Exit {
    /// Everything was done.
    Success = 0,
    /// A result could not be written, a checkpoint not be read, or the system failed otherwise.
    Failure = 1,
    /// The command line, the deck, or a file that it names is wrong. Nothing was run.
    Usage = 2,
    /// The simulation itself failed: a blow-up, a number that is not finite. The post-mortem names
    /// step and atom; the last checkpoint is untouched.
    Simulation = 3,
    /// Refused: the run is finished, belongs to another deck, or is in use. Nothing was changed.
    Refused = 4,
    /// Interrupted by a signal after writing a checkpoint: the same command continues, or for paths
    /// and saddles the one that is told
    /// (75 is `EX_TEMPFAIL` of sysexits.h, "try again later").
    Interrupted = 75,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// The table of exit codes for `--help`.
pub(crate) const HELP: &str = "\
Exit codes:
   0  everything was done
   1  a result could not be written, or a checkpoint not be read
   2  the command line, the deck or a file that it names is wrong; nothing was run
   3  the simulation failed (post-mortem.json names step and atom)
   4  refused: the run is finished, belongs to another deck, or is in use
  75  interrupted after writing a checkpoint: the same command continues (neb and dimer tell theirs)";
