//! Who watches particles migrate: tables of averages, speeds and mergers, particles as spheres.

use std::collections::HashMap;

use frit_atoms::{Cell, Matrix, Vector};
use frit_engine::random::Streams;
use frit_engine::{Engine, Observer, Schedule};
use frit_io::{Checkpoint, Column, Entry, Frame, SegmentWriter, Selection, TableWriter, Values};
use frit_migration::parameters::Support;
use frit_migration::speeds::{MIGRATING, SPEED_BINS, SavedFrames, histogram, share_above};
use frit_migration::{Frames, Parameters, Simulation};
use serde_json::{Map, Value, json};

use super::NANOMETRE;
use crate::run::{
    MERGERS, Recorder, RunDirectory, RunError, SPEEDS, TABLE, open_table, open_trajectory, tidy,
};

/// One nanonewton [N].
const NANONEWTON: f64 = 1e-9;

/// One ångström [m].
const ANGSTROM: f64 = 1e-10;

/// Averages over all particles, into `table.csv`; their means over time, into the summary.
pub(super) struct Averages {
    writer: TableWriter,
    schedule: Schedule,
    gain: f64,
    /// Rows; sums of copper, dipole, force, oxygen, proxy; sums of squares of copper.
    sums: [f64; 7],
}

const AVERAGES: [(&str, &str); 13] = [
    ("time", "s"),
    ("particles", ""),
    ("Cu fraction", ""),
    ("dipole", ""),
    ("force", "nN"),
    ("gain", ""),
    ("O2 pressure", "kPa"),
    ("O2 pressure times Cu fraction", "kPa"),
    ("mean radius", "nm"),
    ("deviation of ln radius", ""),
    ("surface-weighted radius", "nm"),
    ("volume", "nm^3"),
    ("mergers", ""),
];

impl Averages {
    pub(super) fn open(
        directory: &RunDirectory,
        schedule: Schedule,
        gain: f64,
        checkpoint: Option<&Checkpoint>,
    ) -> Result<Self, RunError> {
        let mut sums = [0.0; 7];
        if let Some(checkpoint) = checkpoint {
            let saved = checkpoint.get_f64s("averages.sums")?;
            for (sum, saved) in sums.iter_mut().zip(saved) {
                *sum = saved;
            }
        }
        Ok(Self {
            writer: open_table(directory, TABLE, &AVERAGES, "output.table", checkpoint)?,
            schedule,
            gain,
            sums,
        })
    }
}

impl Observer<Simulation> for Averages {
    type Error = RunError;

    fn schedule(&self) -> Schedule {
        self.schedule
    }

    fn observe(&mut self, simulation: &Simulation) -> Result<(), RunError> {
        let seen = simulation.observe();
        let product = seen.oxygen * seen.copper;
        let terms = [
            1.0,
            seen.copper,
            seen.dipole,
            seen.force,
            seen.oxygen,
            product,
            seen.copper * seen.copper,
        ];
        for (sum, term) in self.sums.iter_mut().zip(terms) {
            *sum += term;
        }
        self.writer.row(&[
            tidy(seen.time).into(),
            Entry::Integer(seen.particles as i64),
            seen.copper.into(),
            seen.dipole.into(),
            (seen.force / NANONEWTON).into(),
            self.gain.into(),
            (seen.oxygen / 1e3).into(),
            (product / 1e3).into(),
            (seen.radius / NANOMETRE).into(),
            seen.radius_deviation.into(),
            (seen.surface_radius / NANOMETRE).into(),
            (seen.volume / NANOMETRE.powi(3)).into(),
            Entry::Integer(simulation.counters().mergers as i64),
        ])?;
        Ok(())
    }
}

impl Recorder<Simulation> for Averages {
    fn save(&mut self, checkpoint: &mut Checkpoint) -> Result<(), RunError> {
        checkpoint.put_u64s("output.table", &[self.writer.sync()?]);
        checkpoint.put_f64s("averages.sums", &self.sums);
        Ok(())
    }

    fn results(&self, summary: &mut Map<String, Value>) {
        let [rows, ..] = self.sums;
        let mean = self.sums.map(|sum| sum / rows.max(1.0));
        let deviation = (mean[6] - mean[1] * mean[1]).max(0.0).sqrt();
        let values = [
            ("mean_copper", mean[1]),
            ("deviation_copper", deviation),
            ("mean_dipole", mean[2]),
            ("mean_force_nn", mean[3] / NANONEWTON),
            ("oxygen_kpa", mean[4] / 1e3),
            ("oxygen_times_copper_kpa", mean[5] / 1e3),
        ];
        for (key, value) in values {
            summary.insert(key.to_owned(), json!(value));
        }
    }
}

/// Speeds from frame to frame, as a microscope sees them, into `speeds.csv`.
pub(super) struct Speeds {
    writer: TableWriter,
    schedule: Schedule,
    frames: Frames,
    gain: f64,
    counts: Vec<u64>,
    /// Speeds seen; those above 10 nm/s.
    seen: [u64; 2],
    sum: f64,
}

const SPEED_COLUMNS: [(&str, &str); 5] = [
    ("time", "s"),
    ("particles", ""),
    ("mean speed", "nm/s"),
    ("share above 10 nm/s", ""),
    ("gain", ""),
];

impl Speeds {
    pub(super) fn open(
        directory: &RunDirectory,
        parameters: &Parameters,
        streams: Streams,
        checkpoint: Option<&Checkpoint>,
    ) -> Result<Self, RunError> {
        let imaging = &parameters.imaging;
        let steps = (imaging.frame_interval / parameters.numerics.time_step).round();
        let mut frames = Frames::new(imaging, streams);
        let (mut counts, mut seen, mut sum) = (vec![0; SPEED_BINS.len()], [0; 2], 0.0);
        if let Some(checkpoint) = checkpoint {
            frames.restore(&SavedFrames {
                frame: checkpoint.get_u64s("frames.frame")?.iter().sum(),
                id: checkpoint.get_u64s("frames.id")?,
                ancestors: checkpoint.get_u64s("frames.ancestors")?,
                position: checkpoint.get_f64s("frames.position")?,
            });
            counts = checkpoint.get_u64s("frames.counts")?;
            let saved = checkpoint.get_u64s("frames.seen")?;
            seen = [0, 1].map(|k| saved.get(k).copied().unwrap_or(0));
            sum = checkpoint.get_f64s("frames.sum")?.iter().sum();
        }
        Ok(Self {
            writer: open_table(
                directory,
                SPEEDS,
                &SPEED_COLUMNS,
                "output.speeds",
                checkpoint,
            )?,
            schedule: Schedule::Steps(steps.max(1.0) as u64),
            frames,
            gain: parameters.drive.gain,
            counts,
            seen,
            sum,
        })
    }
}

impl Observer<Simulation> for Speeds {
    type Error = RunError;

    fn schedule(&self) -> Schedule {
        self.schedule
    }

    fn observe(&mut self, simulation: &Simulation) -> Result<(), RunError> {
        let speeds = self.frames.take(simulation.particles());
        if speeds.is_empty() {
            return Ok(());
        }
        for (count, more) in self.counts.iter_mut().zip(histogram(&speeds, &SPEED_BINS)) {
            *count += more;
        }
        let total: f64 = speeds.iter().sum();
        let fast = speeds.iter().filter(|&&speed| speed > MIGRATING).count();
        self.sum += total;
        self.seen[0] += speeds.len() as u64;
        self.seen[1] += fast as u64;
        self.writer.row(&[
            tidy(simulation.clock().time).into(),
            Entry::Integer(speeds.len() as i64),
            (total / speeds.len() as f64 / NANOMETRE).into(),
            share_above(&speeds, MIGRATING).into(),
            self.gain.into(),
        ])?;
        Ok(())
    }
}

impl Recorder<Simulation> for Speeds {
    fn save(&mut self, checkpoint: &mut Checkpoint) -> Result<(), RunError> {
        checkpoint.put_u64s("output.speeds", &[self.writer.sync()?]);
        let saved = self.frames.save();
        checkpoint.put_u64s("frames.frame", &[saved.frame]);
        checkpoint.put_u64s("frames.id", &saved.id);
        checkpoint.put_u64s("frames.ancestors", &saved.ancestors);
        checkpoint.put_f64s("frames.position", &saved.position);
        checkpoint.put_u64s("frames.counts", &self.counts);
        checkpoint.put_u64s("frames.seen", &self.seen);
        checkpoint.put_f64s("frames.sum", &[self.sum]);
        Ok(())
    }

    fn results(&self, summary: &mut Map<String, Value>) {
        let [seen, fast] = self.seen;
        let all = seen.max(1) as f64;
        let shares: Vec<f64> = self
            .counts
            .iter()
            .map(|&count| count as f64 / all)
            .collect();
        let bins: Vec<f64> = SPEED_BINS
            .iter()
            .map(|edge| (edge / NANOMETRE).round())
            .collect();
        let values = [
            ("speeds_seen", json!(seen)),
            ("migrating_share", json!(fast as f64 / all)),
            ("mean_speed_nm_per_s", json!(self.sum / all / NANOMETRE)),
            ("speed_bins_nm_per_s", json!(bins)),
            ("speed_shares", json!(shares)),
        ];
        for (key, value) in values {
            summary.insert(key.to_owned(), value);
        }
    }
}

/// Mergers, into `mergers.csv`.
pub(super) struct Mergers {
    writer: TableWriter,
    gain: f64,
}

const MERGER_COLUMNS: [(&str, &str); 4] =
    [("time", "s"), ("stays", ""), ("goes", ""), ("gain", "")];

impl Mergers {
    pub(super) fn open(
        directory: &RunDirectory,
        gain: f64,
        checkpoint: Option<&Checkpoint>,
    ) -> Result<Self, RunError> {
        Ok(Self {
            writer: open_table(
                directory,
                MERGERS,
                &MERGER_COLUMNS,
                "output.mergers",
                checkpoint,
            )?,
            gain,
        })
    }
}

impl Observer<Simulation> for Mergers {
    type Error = RunError;

    fn schedule(&self) -> Schedule {
        Schedule::Steps(1)
    }

    fn observe(&mut self, simulation: &Simulation) -> Result<(), RunError> {
        for &(stays, goes) in simulation.mergers() {
            self.writer.row(&[
                tidy(simulation.clock().time).into(),
                Entry::Integer(stays as i64 + 1),
                Entry::Integer(goes as i64 + 1),
                self.gain.into(),
            ])?;
        }
        Ok(())
    }
}

impl Recorder<Simulation> for Mergers {
    fn save(&mut self, checkpoint: &mut Checkpoint) -> Result<(), RunError> {
        checkpoint.put_u64s("output.mergers", &[self.writer.sync()?]);
        Ok(())
    }
}

/// Particles as spheres, into segments of extended XYZ.
pub(super) struct Spheres {
    writer: Option<SegmentWriter>,
    schedule: Schedule,
    gain: f64,
    /// The last frame.
    last: Option<Places>,
}

const POSITION: &str = "output.trajectory";

impl Spheres {
    pub(super) fn open(
        directory: &RunDirectory,
        schedule: Schedule,
        gain: f64,
        checkpoint: Option<&Checkpoint>,
    ) -> Result<Self, RunError> {
        let writer = open_trajectory(directory, POSITION, checkpoint)?;
        let mut last = None;
        if let Some(checkpoint) = checkpoint {
            let time = checkpoint.get_f64s("spheres.time")?;
            let ids = checkpoint.get_u64s("spheres.id")?;
            let places = checkpoint.get_f64s("spheres.position")?;
            let places = places.chunks_exact(2).map(|place| [place[0], place[1]]);
            last = time
                .first()
                .map(|&time| (time, ids.into_iter().zip(places).collect()));
        }
        Ok(Self {
            writer: Some(writer),
            schedule,
            gain,
            last,
        })
    }
}

/// Time [s], and positions [m] by id, of a frame.
type Places = (f64, HashMap<u64, [f64; 2]>);

/// A frame of spheres: positions and radii in Å, as everywhere in frames.
///
/// Velocities are displacements since the last frame over the time between; 0 in the first frame and
/// for particles that were not there. Without `last` there is no such column.
fn frame(simulation: &Simulation, gain: f64, last: Option<Option<&Places>>) -> Frame {
    let particles = simulation.particles();
    let clock = simulation.clock();
    let count = particles.len();
    let mut attributes = frit_io::Attributes::default();
    attributes.insert("gain", gain);
    attributes.insert("time_s", tidy(clock.time));
    attributes.insert("oxygen_kpa", simulation.pool().oxygen / 1e3);
    let velocity = |k: usize| -> [f64; 3] {
        let now = particles.position()[k];
        let Some((time, places)) = last.flatten() else {
            return [0.0; 3];
        };
        match places.get(&particles.id()[k]) {
            Some(before) if clock.time > *time => {
                let speed = |axis: usize| (now[axis] - before[axis]) / (clock.time - time);
                [speed(0) / NANOMETRE, speed(1) / NANOMETRE, 0.0]
            }
            _ => [0.0; 3],
        }
    };
    let vectors = |name: &str, values: &dyn Fn(usize) -> [f64; 3]| Column {
        name: name.to_owned(),
        width: 3,
        values: Values::Real((0..count).flat_map(values).collect()),
    };
    let reals = |name: &str, values: &dyn Fn(usize) -> f64| {
        Column::real(name, (0..count).map(values).collect())
    };
    let cell = match simulation.parameters().support {
        Support::Separate => None,
        Support::Periodic { edge, .. } => {
            let edge = edge / ANGSTROM;
            let height = 4.0 * particles.radius().iter().copied().fold(0.0, f64::max) / ANGSTROM;
            let diagonal = Vector::new(edge, edge, height);
            let vectors = Matrix::from_diagonal(&diagonal);
            Cell::new(vectors, Vector::zeros(), [true, true, false]).ok()
        }
    };
    let force = particles.force();
    let sums = particles.sums();
    let mut extra = vec![
        reals("radius", &|k| particles.radius()[k] / ANGSTROM),
        reals("copper", &|k| sums[k].copper),
    ];
    if last.is_some() {
        extra.push(vectors("velocity_nm_per_s", &velocity));
    }
    extra.push(vectors("force_nN", &|k| {
        [force[k][0] / NANONEWTON, force[k][1] / NANONEWTON, 0.0]
    }));
    // Not `dipole`: ASE takes that for an electric one of the whole frame.
    extra.push(vectors("copper_dipole", &|k| sums[k].dipole.into()));
    Frame {
        step: Some(clock.step),
        time: Some(tidy(clock.time) * 1e12),
        cell,
        attributes,
        names: vec!["Cu".to_owned()],
        species: vec![0; count],
        position: (0..count).map(|k| place(simulation, k)).collect(),
        id: Some(particles.id().iter().map(|&id| id as u32 + 1).collect()),
        extra,
        ..Frame::default()
    }
}

/// Distance of the places at which particles that never meet are drawn, in mean radii.
const SPACING: f64 = 10.0;

/// Where a particle is drawn [m]: in its cell if the support is periodic. Particles that are each
/// on their own all begin at the origin of a support of their own; they are drawn side by side.
pub(super) fn drawn_at(simulation: &Simulation, particle: usize) -> [f64; 2] {
    let particles = simulation.particles();
    let parameters = simulation.parameters();
    let place = particles.position()[particle];
    match parameters.support {
        Support::Periodic { edge, .. } => place.map(|x| x.rem_euclid(edge)),
        Support::Separate => {
            let row = (parameters.imaging.particles as f64).sqrt().ceil().max(1.0) as u64;
            let id = particles.id()[particle];
            let spacing = SPACING * parameters.sizes.mean;
            [
                place[0] + (id % row) as f64 * spacing,
                place[1] + (id / row) as f64 * spacing,
            ]
        }
    }
}

/// Where the centre of a particle is drawn [Å].
fn place(simulation: &Simulation, particle: usize) -> Vector {
    let [x, y] = drawn_at(simulation, particle);
    Vector::new(x, y, simulation.particles().radius()[particle]) / ANGSTROM
}

impl Observer<Simulation> for Spheres {
    type Error = RunError;

    fn schedule(&self) -> Schedule {
        self.schedule
    }

    fn observe(&mut self, simulation: &Simulation) -> Result<(), RunError> {
        let frame = frame(simulation, self.gain, Some(self.last.as_ref()));
        if let Some(writer) = &mut self.writer {
            writer.write(&frame)?;
        }
        let particles = simulation.particles();
        let places = particles.id().iter().copied();
        let places = places.zip(particles.position().iter().copied());
        self.last = Some((simulation.clock().time, places.collect()));
        Ok(())
    }
}

impl Recorder<Simulation> for Spheres {
    fn save(&mut self, checkpoint: &mut Checkpoint) -> Result<(), RunError> {
        if let Some(writer) = &mut self.writer {
            checkpoint.put_u64s(POSITION, &writer.sync()?.to_numbers());
        }
        let (mut time, mut ids, mut places) = (Vec::new(), Vec::new(), Vec::new());
        if let Some((last, positions)) = &self.last {
            time.push(*last);
            ids.extend(positions.keys().copied());
            ids.sort_unstable();
            places.extend(ids.iter().flat_map(|id| positions[id]));
        }
        checkpoint.put_f64s("spheres.time", &time);
        checkpoint.put_u64s("spheres.id", &ids);
        checkpoint.put_f64s("spheres.position", &places);
        Ok(())
    }

    fn finish(&mut self) -> Result<(), RunError> {
        if let Some(writer) = self.writer.take() {
            writer.finish()?;
        }
        Ok(())
    }
}

/// Writes the particles at the end into `final.xyz`.
///
/// # Errors
/// The file cannot be written.
pub(super) fn write_last(
    simulation: &Simulation,
    directory: &RunDirectory,
    gain: f64,
) -> Result<(), RunError> {
    let frame = frame(simulation, gain, None);
    frit_io::write_frames(&directory.file(crate::run::FINAL), Selection::All, [&frame])?;
    Ok(())
}
