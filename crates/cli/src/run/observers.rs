//! The observers of atoms: measures of the whole system, one table each.

use std::cell::RefCell;
use std::rc::Rc;

use frit_analysis::observe::Observatory;
use frit_atoms::System;
use frit_engine::{Engine, Observer, Schedule};
use frit_io::{Checkpoint, TableWriter};
use frit_potentials::Request;

use super::directory::RunDirectory;
use super::error::RunError;
use super::state::one;
use super::{MolecularDynamics, Watcher};
use crate::observing;
use crate::plan::{Body, Phase, schedule};

/// The measures, shared with the trajectory that writes their columns.
pub(crate) type Shared = Rc<RefCell<Observatory>>;

/// Looks with every measure that is due, and writes its rows.
pub(crate) struct Observers {
    observatory: Shared,
    /// One for each measure.
    tables: Vec<Output>,
    /// The steps of all measures are multiples of this one.
    schedule: Schedule,
}

/// The table of one measure.
struct Output {
    name: &'static str,
    writer: TableWriter,
    every: frit_deck::Schedule,
    /// Steps between looks in this phase; zero for never.
    steps: u64,
}

/// The names of sections of a checkpoint.
fn state(part: &str) -> String {
    format!("observe.{part}")
}

fn position(name: &str) -> String {
    format!("output.{name}")
}

impl Observers {
    /// New tables, or those of a checkpoint cut back to it.
    ///
    /// # Errors
    /// A file cannot be written, or is not that of the checkpoint.
    pub(crate) fn open(
        directory: &RunDirectory,
        deck: &frit_deck::Observers,
        whole: &System,
        checkpoint: Option<&Checkpoint>,
    ) -> Result<Self, RunError> {
        let mut observatory = observing::observatory(deck, whole)?;
        let mut tables = Vec::new();
        for ((name, own), observer) in observatory.tables().zip(&deck.list) {
            let path = directory.file(&observing::file_name(name));
            let columns = observing::columns(own);
            let writer = match checkpoint {
                None => TableWriter::create(&path, &columns)?,
                Some(checkpoint) => {
                    TableWriter::resume(&path, &columns, one(checkpoint, &position(name))?)?
                }
            };
            tables.push(Output {
                name,
                writer,
                every: observer.every,
                steps: 0,
            });
        }
        if let Some(checkpoint) = checkpoint {
            observatory.restore(|part| -> Result<String, RunError> {
                Ok(checkpoint.get_text(&state(part))?.to_owned())
            })?;
        }
        Ok(Self {
            observatory: Rc::new(RefCell::new(observatory)),
            tables,
            schedule: Schedule::NEVER,
        })
    }

    /// The measures, for the trajectory.
    pub(crate) fn shared(&self) -> Shared {
        Rc::clone(&self.observatory)
    }
}

impl Watcher for Observers {
    fn begin(&mut self, phase: &Phase, _: &System) {
        let mut common = 0;
        for table in &mut self.tables {
            table.steps = match (phase.body, schedule(table.every, phase.timestep())) {
                (Body::Whole, Schedule::Steps(steps)) => steps,
                _ => 0,
            };
            common = greatest_common_divisor(common, table.steps);
        }
        self.schedule = Schedule::Steps(common);
    }

    fn save(&mut self, checkpoint: &mut Checkpoint) -> Result<(), RunError> {
        for table in &mut self.tables {
            checkpoint.put_u64s(position(table.name), &[table.writer.sync()?]);
        }
        for (part, text) in self.observatory.borrow().save()? {
            checkpoint.put_text(state(&part), text);
        }
        Ok(())
    }
}

fn greatest_common_divisor(a: u64, b: u64) -> u64 {
    if b == 0 {
        a
    } else {
        greatest_common_divisor(b, a % b)
    }
}

impl Observer<MolecularDynamics> for Observers {
    type Error = RunError;

    fn schedule(&self) -> Schedule {
        self.schedule
    }

    fn needs(&self) -> Request {
        Request::FORCES
    }

    fn observe(&mut self, md: &MolecularDynamics) -> Result<(), RunError> {
        let step = md.clock().step;
        let due = |at: usize| {
            let every = self.tables[at].steps;
            every > 0 && step.is_multiple_of(every)
        };
        if !(0..self.tables.len()).any(due) {
            return Ok(());
        }
        let clock = md.body_clock();
        let seen = (self.observatory.borrow_mut()).look(&md.system, clock.time, due)?;
        for (at, rows) in seen {
            for own in rows {
                let row = observing::row(Some(clock.step), clock.time, own);
                self.tables[at].writer.row(&row)?;
            }
        }
        Ok(())
    }
}
