//! Who watches the loop: a table against time, the particle's path.

use frit_engine::{Observer, Schedule};
use frit_io::{Checkpoint, Entry, Selection, TableWriter};
use frit_lattice::looping::{Looping, Task, Visit, direction_angle, position};

use super::snapshot::frame;
use crate::run::{FINAL, PATH, Recorder, RunDirectory, RunError, TABLE, open_table, tidy};

/// Layers, iron, gas and the particle against time, into `table.csv`.
pub(super) struct Course {
    writer: TableWriter,
    schedule: Schedule,
}

const COURSE: [(&str, &str); 18] = [
    ("time", "s"),
    ("path length", "nm"),
    ("x", "nm"),
    ("y", "nm"),
    ("base", "layers"),
    ("task", ""),
    ("turns", ""),
    ("reduced layers", ""),
    ("grown layers", ""),
    ("mobile iron", ""),
    ("water", "molecules"),
    ("oxygen into the support", "molecules"),
    ("water by the metal alone", "molecules"),
    ("H2 pressure", "kPa"),
    ("O2 pressure", "kPa"),
    ("roughness", "layers"),
    ("projected area", "half cells"),
    ("events", ""),
];

const COURSE_POSITION: &str = "output.table";

impl Course {
    pub(super) fn open(
        directory: &RunDirectory,
        schedule: Schedule,
        checkpoint: Option<&Checkpoint>,
    ) -> Result<Self, RunError> {
        Ok(Self {
            writer: open_table(directory, TABLE, &COURSE, COURSE_POSITION, checkpoint)?,
            schedule,
        })
    }
}

/// A count as a table has it.
fn count(value: u64) -> Entry {
    Entry::Integer(value as i64)
}

impl Observer<Looping> for Course {
    type Error = RunError;

    fn schedule(&self) -> Schedule {
        self.schedule
    }

    fn observe(&mut self, looping: &Looping) -> Result<(), RunError> {
        let totals = looping.totals();
        let particle = looping.particle();
        let place = particle.map(|particle| position(particle.cell));
        let task = particle.map_or("", |particle| task_name(particle.task));
        let gas = looping.gas();
        self.writer.row(&[
            tidy(looping.time()).into(),
            totals.path_length().into(),
            place.map(|[x, _]| x).into(),
            place.map(|[_, y]| y).into(),
            particle.map(|particle| f64::from(particle.base)).into(),
            Entry::Text(task.to_owned()),
            count(totals.turns),
            count(totals.reductions),
            count(totals.growths()),
            count(looping.mobiles() as u64),
            count(totals.water()),
            count(totals.oxygen()),
            looping.direct_water().into(),
            (gas.hydrogen / 1e3).into(),
            (gas.oxygen / 1e3).into(),
            looping.roughness().into(),
            Entry::Integer(looping.projected_area()),
            count(looping.events()),
        ])?;
        Ok(())
    }
}

/// The name of a task in tables.
fn task_name(task: Task) -> &'static str {
    match task {
        Task::Front => "front",
        Task::Dig => "dig",
        Task::Wander => "wander",
    }
}

impl Recorder<Looping> for Course {
    fn save(&mut self, checkpoint: &mut Checkpoint) -> Result<(), RunError> {
        checkpoint.put_u64s(COURSE_POSITION, &[self.writer.sync()?]);
        Ok(())
    }
}

/// Every step of the particle, into `path.csv`.
pub(super) struct Path {
    writer: TableWriter,
    /// Visits written.
    written: u64,
}

const PATH_COLUMNS: [(&str, &str); 5] = [
    ("time", "s"),
    ("x", "nm"),
    ("y", "nm"),
    ("direction", "°"),
    ("turn", "°"),
];

const PATH_POSITION: &str = "output.path";
const PATH_WRITTEN: &str = "path.written";

impl Path {
    pub(super) fn open(
        directory: &RunDirectory,
        checkpoint: Option<&Checkpoint>,
    ) -> Result<Self, RunError> {
        let written = match checkpoint {
            None => 0,
            Some(checkpoint) => checkpoint.get_u64s(PATH_WRITTEN)?.iter().sum(),
        };
        Ok(Self {
            writer: open_table(directory, PATH, &PATH_COLUMNS, PATH_POSITION, checkpoint)?,
            written,
        })
    }
}

/// The index of the direction of a step.
fn direction(from: &Visit, to: &Visit) -> usize {
    let ([x, y], [to_x, to_y]) = (from.position(), to.position());
    let angle = (to_y - y).atan2(to_x - x).to_degrees();
    // Directions are 60° apart, the first at 30°.
    (((angle - direction_angle(0)) / 60.0).round() as i64).rem_euclid(6) as usize
}

impl Observer<Looping> for Path {
    type Error = RunError;

    fn schedule(&self) -> Schedule {
        Schedule::Steps(1)
    }

    fn observe(&mut self, looping: &Looping) -> Result<(), RunError> {
        let path = looping.path();
        for k in self.written as usize..path.len() {
            let [x, y] = path[k].position();
            let step = |k: usize| k.checked_sub(1).map(|j| direction(&path[j], &path[k]));
            let now = step(k);
            let turn = now
                .zip(k.checked_sub(1).and_then(step))
                .map(|(now, before)| {
                    let turn = 60.0 * ((now + 6 - before) % 6) as f64;
                    if turn > 180.0 { turn - 360.0 } else { turn }
                });
            self.writer.row(&[
                path[k].time.into(),
                x.into(),
                y.into(),
                now.map(direction_angle).into(),
                turn.into(),
            ])?;
        }
        self.written = path.len() as u64;
        Ok(())
    }
}

impl Recorder<Looping> for Path {
    fn save(&mut self, checkpoint: &mut Checkpoint) -> Result<(), RunError> {
        checkpoint.put_u64s(PATH_POSITION, &[self.writer.sync()?]);
        checkpoint.put_u64s(PATH_WRITTEN, &[self.written]);
        Ok(())
    }
}

/// Writes the lattice at the end into `final.xyz`.
///
/// # Errors
/// The file cannot be written.
pub(super) fn write_last(looping: &Looping, directory: &RunDirectory) -> Result<(), RunError> {
    frit_io::write_frames(&directory.file(FINAL), Selection::All, [&frame(looping)])?;
    Ok(())
}
