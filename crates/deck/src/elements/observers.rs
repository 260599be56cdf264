//! What is measured of the atoms during a run, and offline: one table each in `[observe]`.

use frit_units::{Length, Time, kind};

use crate::elements::schedule::{Schedule, ScheduleForm};
use crate::walk::form::{Integer, positive};
use crate::walk::{Table, key, table};

/// Everything that is measured of the atoms.
#[derive(Debug, Clone, PartialEq)]
pub struct Observers {
    /// Atoms nearer than this are neighbours.
    pub bond_length: Length,
    /// What is measured, in a fixed order.
    pub list: Vec<Observer>,
}

/// Something that is measured.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Observer {
    /// How often.
    pub every: Schedule,
    /// What.
    pub measure: Measure,
}

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Measure {
    /// Numbers of neighbours.
    Coordination,
    /// Crystal structure, by common-neighbour analysis.
    Structure,
    /// Radial distribution.
    RadialDistribution {
        /// Largest distance.
        range: Length,
        /// Shells.
        bins: u64,
    },
    /// Radius of gyration and asphericity.
    Shape,
    /// Rotation and misorientation.
    Orientation,
    /// Surface atoms by facet.
    Surface,
    /// Adatoms in the gap and on free facets.
    Adatoms,
    /// Ways of single adatoms.
    AdatomPaths {
        /// How many are followed at most.
        most: u64,
    },
    /// Surface diffusion.
    Diffusion {
        /// Time over which displacements are measured.
        block: Time,
    },
    /// Atoms that left the particles.
    Detached {
        /// A cluster of fewer atoms is detached.
        fewer_than: u64,
    },
    /// Lindemann index.
    Lindemann {
        /// Time over which distances fluctuate.
        window: Time,
    },
    /// Radius of the neck.
    NeckRadius,
    /// Approach and advance.
    Closing,
    /// Atoms that bridge the gap.
    Bridging {
        /// Length of a hop.
        hop: Length,
    },
    /// Mass of the facets.
    FacetMass,
    /// Chemical order.
    Order,
    /// Atomic strain.
    Strain {
        /// How far the neck reaches to either side.
        half_width: Length,
    },
}

/// A measure that takes nothing but its schedule: its name, what it is, how often, and itself.
struct Plain(&'static str, &'static str, &'static str, Measure);

const PLAIN: [Plain; 10] = [
    Plain(
        "coordination",
        "Number of neighbours of atoms: mean and counts",
        "\"1 ps\"",
        Measure::Coordination,
    ),
    Plain(
        "structure",
        "Crystal structure of atoms (fcc, hcp, bcc, icosahedral) by adaptive common-neighbour analysis",
        "\"1 ps\"",
        Measure::Structure,
    ),
    Plain(
        "shape",
        "Radius of gyration and asphericity of everything and of each particle",
        "\"0.5 ps\"",
        Measure::Shape,
    ),
    Plain(
        "orientation",
        "Rotation of each particle since the start, and the misorientation across a neck",
        "\"0.5 ps\"",
        Measure::Orientation,
    ),
    Plain(
        "surface",
        "Surface atoms of each particle on {100}, {111}, {110} and elsewhere",
        "\"1 ps\"",
        Measure::Surface,
    ),
    Plain(
        "adatoms",
        "Adatoms on the facets that face each other, against those on free facets",
        "\"0.5 ps\"",
        Measure::Adatoms,
    ),
    Plain(
        "neck-radius",
        "Radius of the neck from its connected cross-section where it is thinnest",
        "\"0.5 ps\"",
        Measure::NeckRadius,
    ),
    Plain(
        "closing",
        "How the gap closes: by approach of the centres, and by advance of the facets",
        "\"0.2 ps\"",
        Measure::Closing,
    ),
    Plain(
        "facet-mass",
        "Which facets recede and which advance: where the mass of the neck comes from",
        "\"2 ps\"",
        Measure::FacetMass,
    ),
    Plain(
        "order",
        "Warren-Cowley parameters, and the shares of L1_0 and L1_2",
        "\"2 ps\"",
        Measure::Order,
    ),
];

/// Reads what is measured from `[observe]`.
pub(crate) fn read(parent: &mut Table<'_, '_>) -> Observers {
    let bond_length = parent.default(
        key(
            "bond-length",
            "Atoms nearer than this are neighbours, for all observers but `neck`",
            "\"3.5 Å\"",
        ),
        &positive::<kind::Length>(),
        "\"3.3 Å\"",
    );
    let mut list = Vec::new();
    for Plain(name, meaning, every, measure) in PLAIN {
        list.extend(observer(parent, name, meaning, every, |_| measure));
    }
    read_counting(parent, &mut list);
    read_moving(parent, &mut list);
    Observers { bond_length, list }
}

/// Those that take a number.
fn read_counting(parent: &mut Table<'_, '_>, list: &mut Vec<Observer>) {
    list.extend(observer(
        parent,
        "radial-distribution",
        "Radial distribution of all atoms",
        "\"5 ps\"",
        |table| {
            let range = table.default(
                key("range", "Largest distance", "\"10 Å\""),
                &positive::<kind::Length>(),
                "\"8 Å\"",
            );
            let bins = table.default(
                key("bins", "How many shells", "200"),
                &Integer(1..=10_000),
                "160",
            );
            Measure::RadialDistribution { range, bins }
        },
    ));
    list.extend(observer(
        parent,
        "adatom-paths",
        "The ways of single atoms that are adatoms at the start",
        "\"0.5 ps\"",
        |table| {
            let most = table.default(
                key("at-most", "How many are followed at most", "500"),
                &Integer(1..=1_000_000),
                "100",
            );
            Measure::AdatomPaths { most }
        },
    ));
    list.extend(observer(
        parent,
        "detached",
        "Atoms and small clusters that have left the particles",
        "\"1 ps\"",
        |table| {
            let fewer_than = table.default(
                key("fewer-than", "A cluster of fewer atoms is detached", "20"),
                &Integer(2..=1_000_000),
                "50",
            );
            Measure::Detached { fewer_than }
        },
    ));
}

/// Those that take a length or a time.
fn read_moving(parent: &mut Table<'_, '_>, list: &mut Vec<Observer>) {
    list.extend(observer(
        parent,
        "diffusion",
        "Mean squared displacement and diffusion coefficient of surface atoms and adatoms",
        "\"0.5 ps\"",
        |table| {
            let block = table.default(
                key(
                    "block",
                    "Time over which displacements are measured, again and again",
                    "\"50 ps\"",
                ),
                &positive::<kind::Time>(),
                "\"10 ps\"",
            );
            Measure::Diffusion { block }
        },
    ));
    list.extend(observer(
        parent,
        "lindemann",
        "Lindemann index of bonds: whether it is solid",
        "\"0.2 ps\"",
        |table| {
            let window = table.default(
                key("window", "Time over which distances fluctuate", "\"10 ps\""),
                &positive::<kind::Time>(),
                "\"5 ps\"",
            );
            Measure::Lindemann { window }
        },
    ));
    list.extend(observer(
        parent,
        "bridging",
        "Atoms that bridge the gap, and whether they hopped on the surface before",
        "\"0.1 ps\"",
        |table| {
            let hop = table.default(
                key("hop", "A hop is longer than this", "\"1.8 Å\""),
                &positive::<kind::Length>(),
                "\"2 Å\"",
            );
            Measure::Bridging { hop }
        },
    ));
    list.extend(observer(
        parent,
        "strain",
        "Atomic strain since the start, of all atoms and in the neck",
        "\"2 ps\"",
        |table| {
            let half_width = table.default(
                key(
                    "half-width",
                    "How far the neck reaches from the middle between the particles",
                    "\"8 Å\"",
                ),
                &positive::<kind::Length>(),
                "\"6 Å\"",
            );
            Measure::Strain { half_width }
        },
    ));
}

fn observer(
    parent: &mut Table<'_, '_>,
    name: &'static str,
    meaning: &'static str,
    every: &'static str,
    read: impl FnOnce(&mut Table<'_, '_>) -> Measure,
) -> Option<Observer> {
    parent.optional_table(table(name, meaning), "it is not measured", |table| {
        let every = table.default(
            key("every", "How often it is measured", "\"0.2 ps\""),
            &ScheduleForm,
            every,
        );
        Some(Observer {
            every,
            measure: read(table),
        })
    })
}
