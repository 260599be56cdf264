//! The program: arguments, commands, the plan, the run directory, progress, exit codes.

mod args;
mod commands;
mod energetics;
mod exit;
mod failure;
mod lattice;
mod memory;
mod method;
mod migration;
mod necking;
mod observing;
mod offline;
mod plan;
mod run;
mod scan;
mod terminal;

use std::process::ExitCode;

use clap::Parser;

use args::{Arguments, Command};
use exit::Exit;
use failure::{Failure, Outcome};

/// Runs the program with the arguments of the process.
pub fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            let wrong = error.use_stderr();
            // A closed pipe is not an error.
            let _ = error.print();
            let exit = if wrong { Exit::Usage } else { Exit::Success };
            return exit.into();
        }
    };
    terminal::prepare();
    match perform(&arguments) {
        Ok(exit) => exit.into(),
        Err(failure) => {
            terminal::show(failure.report);
            failure.exit.into()
        }
    }
}

/// Stack of the pool's threads [bytes]: that of a main thread, for they do its work.
const STACK: usize = 8 << 20;

/// Calls `work` on a thread of the pool. Called from elsewhere, each of its parallel loops would wake the
/// pool and fall asleep until it is done, a dozen times a step.
fn in_pool<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    rayon::scope(|_| work())
}

fn perform(arguments: &Arguments) -> Outcome<Exit> {
    // Zero lets the pool ask the machine.
    rayon::ThreadPoolBuilder::new()
        .num_threads(arguments.threads.map_or(0, Into::into))
        .stack_size(STACK)
        .build_global()
        .map_err(|error| Failure::from_error(Exit::Failure, error))?;
    // Runs, paths and saddles save themselves when a signal comes; all others have only their
    // unfinished files to remove.
    if !matches!(
        arguments.command,
        Command::Run(_) | Command::Neb(_) | Command::Dimer(_)
    ) {
        frit_engine::clean_up_on_termination(frit_io::abandon_unfinished_files)
            .map_err(|error| Failure::from_error(Exit::Failure, error))?;
    }
    match &arguments.command {
        Command::Run(run) => return commands::run(run),
        Command::Neb(neb) => return in_pool(|| energetics::neb(neb)),
        Command::Dimer(dimer) => return in_pool(|| energetics::dimer(dimer)),
        Command::Check(check) => commands::check(check),
        Command::Analyze(analyze) => commands::analyze(analyze),
        Command::Build(build) => commands::build(build),
        Command::Evaluate(evaluate) => commands::evaluate(evaluate),
        Command::Convert(convert) => commands::convert(convert),
        Command::Potential(potential) => commands::potential(potential),
        Command::Thermo(question) => lattice::thermo(question),
        Command::Energies(energies) => in_pool(|| energetics::energies(energies)),
    }?;
    Ok(Exit::Success)
}
