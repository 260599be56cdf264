//! `[structure]`: what is simulated.

use std::path::PathBuf;

use frit_units::{Length, kind};

use crate::document::{Node, Value};
use crate::elements::crystal::{Contents, Crystal, read_contents, read_crystal};
use crate::elements::orientation::{AXES, Axis, read_rotation};
use crate::elements::particle::{Particle, read_of_pair, read_single};
use crate::elements::slab::{CrystalSlab, Supported, read_slab, read_supported};
use crate::walk::form::{Choice, Complaint, FilePath, Form, Integer, LARGEST, ListOf};
use crate::walk::form::{any, positive, quoted};
use crate::walk::{Table, Variant, key, table};

/// What is simulated.
#[derive(Debug, Clone, PartialEq)]
pub enum Structure {
    /// Atoms from a file.
    File(StructureFile),
    /// A periodic crystal.
    Bulk(Bulk),
    /// One free particle.
    Particle(Particle),
    /// Two free particles, facing each other.
    Pair(Pair),
    /// A crystal that ends in a surface, periodic in its plane.
    Slab(CrystalSlab),
    /// A particle on a slab.
    Supported(Supported),
}

/// Atoms from a file of any format that can be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StructureFile {
    /// As written in the deck; see [`Deck::resolve`](crate::Deck::resolve).
    pub path: PathBuf,
    /// Which frame of the file.
    pub frame: Frame,
}

/// A frame of a trajectory file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Frame {
    /// The last one.
    Last,
    /// By number, from 0.
    Number(u64),
}

/// A crystal with periodic boundaries.
#[derive(Debug, Clone, PartialEq)]
pub struct Bulk {
    /// The crystal.
    pub crystal: Crystal,
    /// Number of conventional cells along each axis.
    pub repeat: [u64; 3],
    /// What the sites hold.
    pub contents: Contents,
}

/// Two free particles, facing each other.
#[derive(Debug, Clone, PartialEq)]
pub struct Pair {
    /// Direction from the first to the second particle.
    pub axis: Axis,
    /// Distance between the median planes of the two facing facet layers, or from the outermost atom of a
    /// particle that turns no facet to the other.
    pub gap: Length,
    /// When the gap is set.
    pub gap_set: GapSet,
    /// Sideways shift of the second particle along the two axes that follow the pair's.
    pub offset: [Length; 2],
    /// Rotation of the second particle beyond its own: axis and angle [rad].
    pub rotation: Option<(Axis, f64)>,
    /// The particles.
    pub particles: PairParticles,
}

/// The particles of a pair.
#[derive(Debug, Clone, PartialEq)]
pub enum PairParticles {
    /// One description for both; their random choices differ.
    Alike(Box<Particle>),
    /// One for each.
    Each {
        /// On the lower side of the axis.
        first: Box<Particle>,
        /// On the upper side of the axis.
        second: Box<Particle>,
    },
}

impl Pair {
    /// The particle on the lower side of the axis.
    #[must_use]
    pub fn first(&self) -> &Particle {
        match &self.particles {
            PairParticles::Alike(particle) => particle,
            PairParticles::Each { first, .. } => first,
        }
    }

    /// The particle on the upper side of the axis.
    #[must_use]
    pub fn second(&self) -> &Particle {
        match &self.particles {
            PairParticles::Alike(particle) => particle,
            PairParticles::Each { second, .. } => second,
        }
    }

    /// Where the two particles stand in the deck, as paths for errors.
    #[must_use]
    pub fn particle_paths(&self) -> [&'static str; 2] {
        match &self.particles {
            PairParticles::Alike(_) => ["structure.pair.particle"; 2],
            PairParticles::Each { .. } => ["structure.pair.first", "structure.pair.second"],
        }
    }
}

/// When the gap of a pair is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GapSet {
    /// After the particles were equilibrated alone.
    Hot,
    /// As built.
    Cold,
}

struct FrameForm;

impl Form for FrameForm {
    type Value = Frame;

    fn takes(&self) -> String {
        "integer ≥ 0, or `\"last\"`".to_owned()
    }

    fn read(&self, node: &Node, complaints: &mut Vec<Complaint>) -> Option<Frame> {
        if matches!(node.value, Value::Text { .. }) {
            return Choice(&[("last", Frame::Last)]).read(node, complaints);
        }
        Integer(0..=LARGEST)
            .read(node, complaints)
            .map(Frame::Number)
    }

    fn write(&self, value: &Frame) -> String {
        match value {
            Frame::Last => quoted("last"),
            Frame::Number(number) => number.to_string(),
        }
    }
}

pub(crate) fn read(table: &mut Table<'_, '_>) -> Option<Structure> {
    table.variants(&[
        Variant {
            key: self::table("file", "Atoms from a file"),
            read: |table| read_structure_file(table).map(Structure::File),
        },
        Variant {
            key: self::table("bulk", "A periodic crystal"),
            read: read_bulk,
        },
        Variant {
            key: self::table("particle", "One free particle"),
            read: |table| read_single(table).map(Structure::Particle),
        },
        Variant {
            key: self::table(
                "pair",
                "Two free particles that face each other across a gap",
            ),
            read: read_pair,
        },
        Variant {
            key: self::table(
                "slab",
                "A crystal that ends in a surface above and below, periodic along x and y",
            ),
            read: |table| read_slab(table).map(Structure::Slab),
        },
        Variant {
            key: self::table("supported", "A particle on a slab"),
            read: |table| read_supported(table).map(Structure::Supported),
        },
    ])
}

pub(crate) fn read_structure_file(table: &mut Table<'_, '_>) -> Option<StructureFile> {
    let path = table.required(
        key(
            "path",
            "Structure or trajectory file, of any format that can be read",
            "\"pair.xyz\"",
        ),
        &FilePath,
    );
    let frame = table.default(
        key("frame", "Frame of a trajectory, counted from 0", "0"),
        &FrameForm,
        "\"last\"",
    );
    Some(StructureFile { path: path?, frame })
}

fn read_bulk(table: &mut Table<'_, '_>) -> Option<Structure> {
    let crystal = read_crystal(table);
    /// More cells in a row than any computer holds; keeps products of counts in range.
    const LARGEST_REPEAT: u64 = 100_000;
    let repeat = table.required(
        key(
            "repeat",
            "Number of conventional cells along x, y and z",
            "[10, 10, 10]",
        ),
        &ListOf {
            form: Integer(1..=LARGEST_REPEAT),
            lengths: 3..=3,
        },
    );
    let contents = read_contents(table);
    Some(Structure::Bulk(Bulk {
        crystal: crystal?,
        repeat: repeat?.try_into().ok()?,
        contents: contents?,
    }))
}

fn read_pair(table: &mut Table<'_, '_>) -> Option<Structure> {
    let axis = table.default(
        key(
            "axis",
            "Direction from the first to the second particle",
            "\"z\"",
        ),
        &AXES,
        "\"x\"",
    );
    let gap = table.required(
        key(
            "gap",
            "Distance between the median planes of the two facing facet layers; a particle that turns an edge or a corner to the other counts from its outermost atom",
            "\"5.5 Å\"",
        ),
        &positive::<kind::Length>(),
    );
    let gap_set = table.default(
        key(
            "gap-set",
            "When the gap is set: `hot` after the particles were equilibrated alone, `cold` as built",
            "\"cold\"",
        ),
        &Choice(&[("hot", GapSet::Hot), ("cold", GapSet::Cold)]),
        "\"hot\"",
    );
    let offset = table.default(
        key(
            "offset",
            "Sideways shift of the second particle along the two axes that follow the pair's in the order x, y, z, x, y: half a lattice constant puts atoms of one facet over hollows of the other",
            "[\"1.96 Å\", \"0 Å\"]",
        ),
        &ListOf {
            form: any::<kind::Length>(),
            lengths: 2..=2,
        },
        "[\"0 Å\", \"0 Å\"]",
    );
    let rotation = read_rotation(
        table,
        "Turns the second particle further when the pair is put together: a misorientation",
    );
    let each = "`particle`, or both `first` and `second`";
    let particle = table.optional_table(
        self::table(
            "particle",
            "Both particles alike; their random choices differ",
        ),
        each,
        read_of_pair,
    );
    let first = table.optional_table(
        self::table("first", "The particle on the lower side of the axis"),
        each,
        read_of_pair,
    );
    let second = table.optional_table(
        self::table("second", "The particle on the upper side of the axis"),
        each,
        read_of_pair,
    );
    match (table.has("first"), table.has("second")) {
        (false, false) => table.exactly_one(&["particle"]),
        (true, true) | (true, false) | (false, true) if table.has("particle") => {
            for name in ["first", "second"] {
                table.refuse(
                    name,
                    "`particle` describes both particles already",
                    "keep either `particle`, or `first` and `second`",
                );
            }
        }
        (true, false) => table.demand("second"),
        (false, true) => table.demand("first"),
        (true, true) => {}
    }
    let particles = match (particle, first, second) {
        (Some(particle), _, _) => PairParticles::Alike(Box::new(particle)),
        (None, Some(first), Some(second)) => PairParticles::Each {
            first: Box::new(first),
            second: Box::new(second),
        },
        _ => return None,
    };
    Some(Structure::Pair(Pair {
        axis,
        gap: gap?,
        gap_set,
        offset: offset.try_into().ok()?,
        rotation,
        particles,
    }))
}
