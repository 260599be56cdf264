//! The structure of a deck: built, or read from a file.

use frit_atoms::{Atoms, Species, System, Vector};
use frit_build::{GapSet, Pair, Particle, Placement, put_on_slab};
use frit_deck::{Body as ParticleBody, DeckError, DeckErrors, Document, Structure};
use frit_engine::random::Streams;
use frit_io::{Format, Frame, ReadOptions, read_frames};

use super::phase::Body;
use super::translate::{self, Problem};
use crate::memory;
use crate::run::HashedFile;

/// What is simulated, before any stage.
#[derive(Debug)]
pub(crate) enum StructurePlan {
    /// One system.
    Whole {
        /// Its atoms.
        system: Box<System>,
        /// Whether it has velocities (from a file).
        moving: bool,
        /// What was built, for people.
        report: String,
        /// What the reader of a file took for granted.
        notes: Vec<String>,
    },
    /// Two particles, to be put together.
    Pair(Box<PairPlan>),
}

/// Two particles, to be put together.
#[derive(Debug)]
pub(crate) struct PairPlan {
    /// The particles, as built.
    pub particles: [Particle; 2],
    /// How they are put together.
    pub placement: Placement,
    /// The pair as it would be put together cold: for counts, species and estimates.
    pub cold: Pair,
}

impl StructurePlan {
    /// The species of a body, in the order of its atoms' indices.
    pub(crate) fn species_of(&self, body: Body) -> &[Species] {
        &self.system_of(body).species
    }

    /// The whole system as built.
    pub(crate) fn whole(&self) -> &System {
        match self {
            Self::Whole { system, .. } => system,
            Self::Pair(pair) => &pair.cold.system,
        }
    }

    /// Atoms of a body.
    pub(crate) fn atoms_of(&self, body: Body) -> usize {
        self.system_of(body).atoms.len()
    }

    /// A body as built.
    pub(crate) fn system_of(&self, body: Body) -> &System {
        match (self, body) {
            (Self::Pair(pair), Body::Particle(which)) => &pair.particles[which].system,
            _ => self.whole(),
        }
    }

    /// What was built, for people.
    pub(crate) fn report(&self) -> String {
        match self {
            Self::Whole { report, .. } => report.clone(),
            Self::Pair(pair) => format!(
                "particle 1\n{}\nparticle 2\n{}\npair, put together cold\n{}",
                pair.particles[0].report, pair.particles[1].report, pair.cold.report
            ),
        }
    }

    /// What the reader of a file took for granted.
    pub(crate) fn notes(&self) -> &[String] {
        match self {
            Self::Whole { notes, .. } => notes,
            Self::Pair(_) => &[],
        }
    }

    /// Builds or reads a structure that a deck describes.
    ///
    /// # Errors
    /// What cannot be built or read, with its place in the deck.
    pub(crate) fn make(
        structure: &Structure,
        deck: &Document,
        streams: Streams,
        files: &mut Vec<HashedFile>,
    ) -> Result<Self, DeckErrors> {
        match structure {
            Structure::File(file) => {
                let (system, frame, report) = read(deck, file, "structure.file.path", files)?;
                Ok(Self::Whole {
                    moving: frame.velocity.is_some(),
                    system: Box::new(system),
                    report,
                    notes: frame.notes,
                })
            }
            Structure::Bulk(description) => {
                let build = || -> Result<_, Problem> {
                    let bulk = translate::bulk(description)?;
                    fits(bulk.atoms().map_or(0.0, |atoms| atoms as f64))?;
                    Ok(bulk.build(streams)?)
                };
                let complain = |problem: Problem| at(deck, "structure.bulk", None, &problem);
                let built = build().map_err(complain)?;
                Ok(Self::at_rest(built.system, built.report.to_string()))
            }
            Structure::Particle(description) => {
                let mut building = Building { deck, files };
                let path = "structure.particle";
                let particle = building.particle(path, description, None, streams)?;
                let moving = particle
                    .system
                    .atoms
                    .velocity()
                    .iter()
                    .any(|v| *v != Vector::zeros());
                Ok(Self::Whole {
                    report: particle.report.to_string(),
                    system: Box::new(particle.system),
                    moving,
                    notes: Vec::new(),
                })
            }
            Structure::Pair(description) => Building { deck, files }.pair(description, streams),
            Structure::Slab(description) => {
                let built = slab(deck, "structure.slab", description, streams)?;
                Ok(Self::at_rest(built.system, built.report.to_string()))
            }
            Structure::Supported(description) => {
                Building { deck, files }.supported(description, streams)
            }
        }
    }

    fn at_rest(system: System, report: String) -> Self {
        Self::Whole {
            system: Box::new(system),
            moving: false,
            report,
            notes: Vec::new(),
        }
    }
}

fn only(error: DeckError) -> DeckErrors {
    DeckErrors::from(vec![error])
}

/// Builds particles for a deck, and remembers the files read.
struct Building<'a> {
    deck: &'a Document,
    files: &'a mut Vec<HashedFile>,
}

impl Building<'_> {
    fn pair(
        &mut self,
        description: &frit_deck::Pair,
        streams: Streams,
    ) -> Result<StructurePlan, DeckErrors> {
        let axis = translate::axis(description.axis);
        let turn = translate::turned(description.rotation);
        let paths = description.particle_paths();
        // Directions to the partner, in the frame in which each is built.
        let facing = [axis.unit(), -(turn.transpose() * axis.unit())];
        let mut member = |which: usize| {
            let particle = [description.first(), description.second()][which];
            // Alike in description, not in their random choices.
            let streams = streams.branch(which as u64 + 1);
            self.particle(paths[which], particle, Some(facing[which]), streams)
        };
        let particles = [member(0)?, member(1)?];
        let placement = Placement {
            axis,
            gap: description.gap.in_angstroms(),
            offset: description.offset.map(|along| along.in_angstroms()),
            set: match description.gap_set {
                frit_deck::GapSet::Hot => GapSet::Hot,
                frit_deck::GapSet::Cold => GapSet::Cold,
            },
            turn,
        };
        let systems = [&particles[0].system, &particles[1].system];
        let cold = crate::plan::assemble(&particles, systems, &placement)
            .map_err(|error| only(self.deck.error_at("structure.pair", error.to_string(), "")))?;
        Ok(StructurePlan::Pair(Box::new(PairPlan {
            particles,
            placement,
            cold,
        })))
    }

    fn supported(
        &mut self,
        description: &frit_deck::Supported,
        streams: Streams,
    ) -> Result<StructurePlan, DeckErrors> {
        let particle = self.particle(
            "structure.supported.particle",
            &description.particle,
            None,
            streams.branch(1),
        )?;
        let ground = slab(
            self.deck,
            "structure.supported.slab",
            &description.slab,
            streams.branch(2),
        )?;
        let gap = description.gap.in_angstroms();
        let together = put_on_slab(&particle, &ground, gap).map_err(|error| {
            only(
                self.deck
                    .error_at("structure.supported", error.to_string(), ""),
            )
        })?;
        let report = format!(
            "particle\n{}\nslab\n{}\ntogether\n{}",
            particle.report, ground.report, together.report
        );
        Ok(StructurePlan::at_rest(together.system, report))
    }

    fn particle(
        &mut self,
        path: &str,
        description: &frit_deck::Particle,
        facing: Option<Vector>,
        streams: Streams,
    ) -> Result<Particle, DeckErrors> {
        let deck = self.deck;
        let complain = |problem: Problem| at(deck, path, Some(&description.body), &problem);
        match (&description.body, &description.contents) {
            (ParticleBody::Cut(crystal, shape), Some(contents)) => {
                let build = || -> Result<_, Problem> {
                    let recipe =
                        translate::recipe(description, (crystal, shape), contents, facing)?;
                    fits(recipe.estimate()?)?;
                    Ok(recipe.build(streams)?)
                };
                build().map_err(complain)
            }
            (ParticleBody::File(file), _) => {
                let key = format!("{path}.file.path");
                let (system, _, source) = read(deck, file, &key, self.files)?;
                let rotation = translate::turn_of_file(&description.turn);
                Particle::from_system(&source, &system, rotation)
                    .map_err(|error| complain(error.into()))
            }
            (ParticleBody::Cut(..), None) => Err(complain(
                "the particle has no composition".to_owned().into(),
            )),
        }
    }
}

/// A problem of the description at `path`, at its place in the deck.
fn at(deck: &Document, path: &str, body: Option<&ParticleBody>, problem: &Problem) -> DeckErrors {
    only(deck.error_at(&problem.path(path, body), problem.message.clone(), ""))
}

fn slab(
    deck: &Document,
    path: &str,
    description: &frit_deck::CrystalSlab,
    streams: Streams,
) -> Result<frit_build::SlabStructure, DeckErrors> {
    let build = || -> Result<_, Problem> {
        let slab = translate::slab(description)?;
        fits(slab.estimate())?;
        Ok(slab.build(streams)?)
    };
    build().map_err(|problem| at(deck, path, None, &problem))
}

/// Bytes that an atom takes at least while its structure is built: its columns, and a copy.
const BYTES_PER_ATOM: f64 = 150.0;

/// Whether so many atoms can be held at all, so that a slip of the pen does not bring down the
/// machine.
fn fits(atoms: f64) -> Result<(), String> {
    let Some(available) = memory::free().map(|bytes| bytes as f64) else {
        return Ok(());
    };
    let needed = atoms * BYTES_PER_ATOM;
    if needed <= available {
        return Ok(());
    }
    let gibibytes = |bytes: f64| bytes / f64::from(1 << 30);
    Err(format!(
        "{atoms:.1e} atoms need {:.1} GiB only to be built, and {:.1} GiB are free here",
        gibibytes(needed),
        gibibytes(available)
    ))
}

/// The frame of a file that a deck names: as a system sorted by ids, as read, and in words.
fn read(
    deck: &Document,
    file: &frit_deck::StructureFile,
    key: &str,
    files: &mut Vec<HashedFile>,
) -> Result<(System, Frame, String), DeckErrors> {
    let path = deck.resolve(&file.path);
    let complain = |message: String| only(deck.error_at(key, message, ""));
    let contents = frit_io::read_file(&path).map_err(|error| {
        only(deck.error_at(
            key,
            format!("cannot read {}: {error}", path.display()),
            "paths in a deck are relative to the deck's folder",
        ))
    })?;
    files.push(HashedFile::new(&path, &contents));
    let frames = Format::guess(&path)
        .map_err(frit_io::ReadError::from)
        .and_then(|format| read_frames(&path, format, &ReadOptions::default()))
        .map_err(|error| complain(error.to_string()))?;
    let (number, frame) = choose(frames, file.frame).map_err(complain)?;
    let mut system = frame
        .to_system(&[])
        .map_err(|error| complain(format!("{}: {error}", path.display())))?;
    if system.atoms.is_empty() {
        let message = format!("frame {number} of {} has no atoms", path.display());
        return Err(complain(message));
    }
    sort_by_id(&mut system);
    let report = format!(
        "{} atoms from frame {number} of {}, {}",
        system.atoms.len(),
        path.display(),
        if frame.velocity.is_some() {
            "with velocities"
        } else {
            "without velocities"
        },
    );
    Ok((system, frame, report))
}

/// The frame asked for, with its number.
fn choose(
    frames: impl Iterator<Item = Result<Frame, frit_io::ReadError>>,
    wanted: frit_deck::Frame,
) -> Result<(u64, Frame), String> {
    let mut last = None;
    for (number, frame) in (0..).zip(frames) {
        let frame = frame.map_err(|error| error.to_string())?;
        last = Some((number, frame));
        if wanted == frit_deck::Frame::Number(number) {
            break;
        }
    }
    match (last, wanted) {
        (None, _) => Err("the file has no frame".to_owned()),
        (Some((number, _)), frit_deck::Frame::Number(wanted)) if number != wanted => Err(format!(
            "there is no frame {wanted}: the file has {}, counted from 0",
            number + 1
        )),
        (Some(found), _) => Ok(found),
    }
}

/// Keeps the file's ids; sorts the atoms by them, so that the order of lines changes nothing.
fn sort_by_id(system: &mut System) {
    let order = system.atoms.by_id();
    let atoms: Atoms = order
        .iter()
        .map(|&place| system.atoms.get(place as usize))
        .collect();
    system.atoms = atoms;
}
