//! The observers of a deck, on frames of files.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use frit_analysis::FacingLayers;
use frit_analysis::observe::{Observatory, Reference, Snapshot, clusters};
use frit_atoms::{Species, System};
use frit_build::PARTICLES;
use frit_deck::{FramesDeck, NeckObserver};
use frit_io::{Frame, TableWriter, Value};

use crate::exit::Exit;
use crate::failure::{Failure, OrFail, Outcome};
use crate::necking::{Necking, NeckingError, Seen};
use crate::plan::{Plan, StructurePlan};
use crate::run::{NECK, STAGE};
use crate::{observing, terminal};

/// The measures with their tables.
pub(crate) struct Offline {
    observatory: Observatory,
    tables: Vec<TableWriter>,
    neck: Neck,
    species: Vec<Species>,
    /// The particle of each atom by ascending id, if the files do not tell.
    particles: Option<Vec<u8>>,
    frames: u64,
    latest: Option<f64>,
}

impl Offline {
    /// Opens the tables for frames like this one.
    ///
    /// # Errors
    /// A parameter is out of its range, a table cannot be written.
    pub(crate) fn begin(
        frame: &Frame,
        path: &Path,
        deck: &FramesDeck,
        folder: &Path,
    ) -> Outcome<Self> {
        let observers = &deck.observe().observers;
        let mut system = system(frame, path, &[])?;
        let particles = tell_apart(&system, observers.bond_length.in_angstroms());
        if let Some(particles) = &particles {
            terminal::say(
                "the atoms have no particles: two connected clusters of the first frame are taken \
                 for them",
            );
            assign(&mut system, particles);
        }
        if frame.image.is_none() && system.cell.periodic().contains(&true) {
            terminal::warn(
                "the frames have no images: atoms that cross the cell seem to jump back, in all \
                 that compares positions of different times; write the column `image`",
            );
        }
        let observatory = observing::observatory(observers, &system).or_fail(Exit::Usage)?;
        std::fs::create_dir_all(folder).or_fail(Exit::Failure)?;
        let tables = observatory
            .tables()
            .map(|(name, own)| {
                let path = folder.join(observing::file_name(name));
                TableWriter::create(&path, &observing::columns(own)).map_err(Failure::from_write)
            })
            .collect::<Outcome<_>>()?;
        let neck = match deck.observe().neck {
            Some(rule) if system.atoms.group().iter().collect::<BTreeSet<_>>().len() == 2 => {
                Neck::Wanted {
                    rule,
                    facing: built_facing(deck, &system),
                    path: folder.join(NECK),
                }
            }
            Some(_) => {
                terminal::say("no neck is watched for: the frames have not two particles");
                Neck::Unwanted
            }
            None => Neck::Unwanted,
        };
        Ok(Self {
            observatory,
            tables,
            neck,
            species: system.species,
            particles,
            frames: 0,
            latest: None,
        })
    }

    /// Looks at a frame.
    ///
    /// # Errors
    /// It has no time, is out of order, has other atoms, or a table cannot be written.
    pub(crate) fn look(&mut self, frame: &Frame, path: &Path, interval: Option<f64>) -> Outcome {
        let mut system = system(frame, path, &self.species)?;
        if let Some(particles) = &self.particles
            && particles.len() == system.atoms.len()
        {
            assign(&mut system, particles);
        }
        let about = |message: &str, help: &str| {
            Failure::new(
                Exit::Usage,
                format!("frame {} ({}): {message}", self.frames, path.display()),
                help,
            )
        };
        let by_interval = interval.map(|interval| self.frames as f64 * interval);
        let Some(time) = by_interval.or(frame.time) else {
            let help = "say how far frames are apart: --interval 0.5 for 0.5 ps";
            return Err(about("it has no time", help));
        };
        if self.latest.is_some_and(|latest| time <= latest) {
            let help = "give files in the order of time, each once";
            return Err(about("it is not later than the frame before", help));
        }
        self.latest = Some(time);
        let seen = (self.observatory.look(&system, time, |_| true))
            .map_err(|error| about(&error.to_string(), "frames are counted from 0"))?;
        for (at, rows) in seen {
            for own in rows {
                let row = observing::row(frame.step, time, own);
                self.tables[at].row(&row).map_err(Failure::from_write)?;
            }
        }
        let problem = |error: NeckingError| about(&error.to_string(), "frames are counted from 0");
        if let Neck::Wanted { rule, facing, path } = &self.neck {
            let reference = self.observatory.reference();
            let found = || reference.and_then(Reference::facing_layers);
            if let Some(facing) = facing.clone().or_else(found) {
                let groups: BTreeSet<u8> = system.atoms.group().iter().copied().collect();
                let mut groups = groups.into_iter();
                let particles = [(); 2].map(|()| groups.next().unwrap_or_default());
                let necking = Necking::new(rule, particles, facing).map_err(problem)?;
                let table = TableWriter::create(path, &Necking::columns());
                self.neck = Neck::Watched {
                    necking: Box::new(necking),
                    table: table.map_err(Failure::from_write)?,
                };
            }
        }
        if let Neck::Watched { necking, table } = &mut self.neck {
            let stage = match frame.attributes.get(STAGE) {
                Some(Value::Text(stage)) => Some(stage.as_str()),
                _ => None,
            };
            let row = necking
                .look(&system, stage, frame.step, time)
                .map_err(problem)?;
            table.row(&row).map_err(Failure::from_write)?;
        }
        self.frames += 1;
        Ok(())
    }

    /// How many frames were looked at.
    pub(crate) fn frames(&self) -> u64 {
        self.frames
    }

    /// What was seen of contact and neck.
    pub(crate) fn neck(&self) -> Option<Seen<'_>> {
        match &self.neck {
            Neck::Watched { necking, .. } => Some(necking.seen()),
            _ => None,
        }
    }
}

/// Contact and neck between the particles of the frames.
enum Neck {
    /// The deck does not ask for it, or there are not two particles.
    Unwanted,
    /// It is to be watched from the first frame on.
    Wanted {
        /// What counts as one.
        rule: NeckObserver,
        /// The layers that the deck's structure has, if the frames are of it.
        facing: Option<FacingLayers>,
        /// The file of its table.
        path: PathBuf,
    },
    /// It is watched.
    Watched {
        /// What is seen.
        necking: Box<Necking>,
        /// Its table.
        table: TableWriter,
    },
}

/// The facing layers of the pair that a whole deck builds, if the frames have its atoms.
fn built_facing(deck: &FramesDeck, system: &System) -> Option<FacingLayers> {
    let FramesDeck::Whole(deck) = deck else {
        terminal::say(FOUND_FACING);
        return None;
    };
    let pair = match Plan::structure_of(deck) {
        Ok(StructurePlan::Pair(pair)) => pair,
        Ok(StructurePlan::Whole { .. }) => return None,
        Err(errors) => {
            terminal::warn(&format!(
                "the deck's structure cannot be built: {errors}; {FOUND_FACING}"
            ));
            return None;
        }
    };
    let built = |system: &System| -> Vec<(u32, String, u8)> {
        (system.atoms.iter())
            .map(|atom| {
                let name = system.species[usize::from(atom.species)].name.clone();
                (atom.id, name, atom.group)
            })
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect()
    };
    if built(&pair.cold.system) == built(system) {
        return Some(pair.cold.facing);
    }
    terminal::warn(&format!(
        "the frames are not of the structure of the deck; {FOUND_FACING}"
    ));
    None
}

/// What stands for the layers of a deck.
const FOUND_FACING: &str =
    "the gap along the axis is measured between the facets that face each other in the first frame";

fn system(frame: &Frame, path: &Path, known: &[Species]) -> Outcome<System> {
    let system = frame.to_system(known).or_fail(Exit::Usage)?;
    if system.atoms.is_empty() {
        return Err(Failure::new(
            Exit::Usage,
            format!("a frame of {} has no atoms", path.display()),
            "there is nothing to observe",
        ));
    }
    Ok(system)
}

/// Least share of all atoms of a cluster that is taken for a particle.
const LEAST_SHARE: f64 = 0.2;

/// The particle of each atom, by ascending id, if all are of one group but stand in two large
/// clusters. Small clusters belong to the first.
fn tell_apart(system: &System, bond: f64) -> Option<Vec<u8>> {
    let groups = system.atoms.group();
    if groups.iter().any(|group| *group != groups[0]) {
        return None;
    }
    let snapshot = Snapshot::new(system, bond).ok()?;
    let found = clusters(&snapshot, bond);
    let least = (LEAST_SHARE * system.atoms.len() as f64) as u32;
    let large: Vec<u32> = (0..found.size.len() as u32)
        .filter(|&cluster| found.size[cluster as usize] > least)
        .collect();
    let &[_, _] = &large[..] else {
        return None;
    };
    // The first particle is that with the lowest id.
    let ranked = snapshot.by_rank(&found.of);
    let first = ranked.iter().find(|cluster| large.contains(cluster))?;
    let other = large.iter().find(|cluster| *cluster != first)?;
    Some(
        ranked
            .iter()
            .map(|cluster| PARTICLES[usize::from(cluster == other)])
            .collect(),
    )
}

fn assign(system: &mut System, particles: &[u8]) {
    for (place, &particle) in system.atoms.by_id().into_iter().zip(particles) {
        system.atoms.group_mut()[place as usize] = particle;
    }
}
