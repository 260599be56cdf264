//! The structure of a deck: built, or read from a file.

use frit_atoms::{Atoms, Species, System};
use frit_build::{
    AdatomSpecies, Adatoms, Axis, Bulk, Composition, Cube, CubeSize, Facet, GapSet, Lattice, Pair,
    Particle, ParticleRecipe, Placement, Side,
};
use frit_deck::{Deck, DeckError, DeckErrors, Structure};
use frit_engine::random::Streams;
use frit_io::{Format, Frame, ReadOptions, read_frames};

use super::phase::Body;
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

    fn system_of(&self, body: Body) -> &System {
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
                "first particle\n{}\nsecond particle\n{}\npair, put together cold\n{}",
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

    /// Builds or reads the structure of a deck.
    ///
    /// # Errors
    /// What cannot be built or read, with its place in the deck.
    pub(crate) fn make(
        deck: &Deck,
        streams: Streams,
        files: &mut Vec<HashedFile>,
    ) -> Result<Self, DeckErrors> {
        match &deck.structure {
            Structure::File(file) => read(deck, file, files),
            Structure::Bulk(description) => {
                let bulk = bulk(description)
                    .map_err(|error| only(deck.error_at("structure.bulk", error, "")))?;
                let atoms = bulk.atoms().map_or(0.0, |atoms| atoms as f64);
                fits(atoms)
                    .map_err(|message| only(deck.error_at("structure.bulk", message, "")))?;
                let built = bulk.build(streams).map_err(|error| {
                    only(deck.error_at("structure.bulk", error.to_string(), ""))
                })?;
                Ok(Self::Whole {
                    report: built.report.to_string(),
                    system: Box::new(built.system),
                    moving: false,
                    notes: Vec::new(),
                })
            }
            Structure::Particle(description) => {
                let particle = build(deck, "structure.particle", description, None, streams)?;
                Ok(Self::Whole {
                    report: particle.report.to_string(),
                    system: Box::new(particle.system),
                    moving: false,
                    notes: Vec::new(),
                })
            }
            Structure::Pair(description) => pair(deck, description, streams),
        }
    }
}

fn only(error: DeckError) -> DeckErrors {
    DeckErrors::from(vec![error])
}

fn pair(
    deck: &Deck,
    description: &frit_deck::Pair,
    streams: Streams,
) -> Result<StructurePlan, DeckErrors> {
    let axis = match description.axis {
        frit_deck::Axis::X => Axis::X,
        frit_deck::Axis::Y => Axis::Y,
        frit_deck::Axis::Z => Axis::Z,
    };
    let paths = description.particle_paths();
    let member = |which: usize, side| {
        let particle = [description.first(), description.second()][which];
        let facing = Facet { axis, side };
        // Alike in description, not in their random choices.
        let streams = streams.branch(which as u64 + 1);
        build(deck, paths[which], particle, Some(facing), streams)
    };
    let particles = [member(0, Side::Plus)?, member(1, Side::Minus)?];
    let placement = Placement {
        axis,
        gap: description.gap.in_angstroms(),
        offset: [0.0; 2],
        set: match description.gap_set {
            frit_deck::GapSet::Hot => GapSet::Hot,
            frit_deck::GapSet::Cold => GapSet::Cold,
        },
    };
    let systems = [&particles[0].system, &particles[1].system];
    let cold = crate::plan::assemble(&particles, systems, &placement)
        .map_err(|error| only(deck.error_at("structure.pair", error.to_string(), "")))?;
    Ok(StructurePlan::Pair(Box::new(PairPlan {
        particles,
        placement,
        cold,
    })))
}

fn build(
    deck: &Deck,
    path: &str,
    description: &frit_deck::Particle,
    facing: Option<Facet>,
    streams: Streams,
) -> Result<Particle, DeckErrors> {
    recipe(description, facing)
        .and_then(|recipe| {
            // Half of the sites of a simple cubic lattice with the planes' spacing, or fewer.
            let planes = recipe.cube.planes().map_err(|error| error.to_string())?;
            fits(0.25 * f64::from(planes).powi(3)).map(|()| recipe)
        })
        .and_then(|recipe| recipe.build(streams).map_err(|error| error.to_string()))
        .map_err(|message| only(deck.error_at(path, message, "")))
}

/// Bytes that an atom takes at least while its structure is built: its columns, and a copy.
const BYTES_PER_ATOM: f64 = 150.0;

/// Whether so many atoms can be held at all, so that a slip of the pen does not bring down the
/// machine.
fn fits(atoms: f64) -> Result<(), String> {
    let Some(available) = available_memory() else {
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

/// Memory that programs may still take [bytes], where the system tells it.
fn available_memory() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/meminfo").ok()?;
    let line = text
        .lines()
        .find(|line| line.starts_with("MemAvailable:"))?;
    let kilobytes: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes * 1024.0)
}

fn bulk(description: &frit_deck::Bulk) -> Result<Bulk, String> {
    Ok(Bulk {
        lattice: lattice(description.lattice),
        constant: description.constant.in_angstroms(),
        // The deck allows no more cells than fit.
        repeat: description.repeat.map(|cells| cells as u32),
        composition: composition(&description.composition)?,
    })
}

fn recipe(
    description: &frit_deck::Particle,
    facing: Option<Facet>,
) -> Result<ParticleRecipe, String> {
    let frit_deck::Shape::Cube(cube) = &description.shape;
    let adatoms = description.adatoms.iter().flat_map(|adatoms| {
        let facets = match &adatoms.facets {
            frit_deck::Facets::Facing => facing.into_iter().collect(),
            frit_deck::Facets::Named(facets) => facets.iter().map(|&one| facet(one)).collect(),
        };
        facets_with(facets, adatoms)
    });
    Ok(ParticleRecipe {
        cube: Cube {
            lattice: lattice(cube.lattice),
            constant: cube.constant.in_angstroms(),
            size: match cube.size {
                frit_deck::CubeSize::Edge(edge) => CubeSize::Edge(edge.in_angstroms()),
                frit_deck::CubeSize::Atoms(atoms) => CubeSize::NearestAtoms(atoms as usize),
            },
        },
        composition: composition(&description.composition)?,
        adatoms: adatoms.collect(),
    })
}

fn facets_with(facets: Vec<Facet>, adatoms: &frit_deck::Adatoms) -> Vec<Adatoms> {
    let species = match &adatoms.species {
        frit_deck::AdatomSpecies::Alloy => AdatomSpecies::Alloy,
        frit_deck::AdatomSpecies::Element(symbol) => AdatomSpecies::Element(symbol.clone()),
    };
    facets
        .into_iter()
        .map(|facet| Adatoms {
            facet,
            coverage: adatoms.coverage,
            species: species.clone(),
        })
        .collect()
}

fn facet(facet: frit_deck::Facet) -> Facet {
    let (axis, side) = match facet {
        frit_deck::Facet::PlusX => (Axis::X, Side::Plus),
        frit_deck::Facet::MinusX => (Axis::X, Side::Minus),
        frit_deck::Facet::PlusY => (Axis::Y, Side::Plus),
        frit_deck::Facet::MinusY => (Axis::Y, Side::Minus),
        frit_deck::Facet::PlusZ => (Axis::Z, Side::Plus),
        frit_deck::Facet::MinusZ => (Axis::Z, Side::Minus),
    };
    Facet { axis, side }
}

fn lattice(lattice: frit_deck::Lattice) -> Lattice {
    match lattice {
        frit_deck::Lattice::FaceCentredCubic => Lattice::Fcc,
        frit_deck::Lattice::BodyCentredCubic => Lattice::Bcc,
        frit_deck::Lattice::SimpleCubic => Lattice::Sc,
    }
}

fn composition(composition: &frit_deck::Composition) -> Result<Composition, String> {
    let shares = composition
        .fractions
        .iter()
        .map(|(symbol, fraction)| (symbol.as_str(), *fraction));
    Composition::of_elements(shares).map_err(|error| error.to_string())
}

fn read(
    deck: &Deck,
    file: &frit_deck::StructureFile,
    files: &mut Vec<HashedFile>,
) -> Result<StructurePlan, DeckErrors> {
    const KEY: &str = "structure.file.path";
    let path = deck.resolve(&file.path);
    let complain = |message: String| only(deck.error_at(KEY, message, ""));
    let contents = std::fs::read(&path).map_err(|error| {
        only(deck.error_at(
            KEY,
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
    let moving = frame.velocity.is_some();
    let report = format!(
        "{} atoms from frame {number} of {}, {}",
        system.atoms.len(),
        path.display(),
        if moving {
            "with velocities"
        } else {
            "without velocities"
        },
    );
    Ok(StructurePlan::Whole {
        system: Box::new(system),
        moving,
        report,
        notes: frame.notes,
    })
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
