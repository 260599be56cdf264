//! What acts on atoms in a stage beside their potential: frozen groups, springs, forces, walls.

use std::path::PathBuf;

use frit_units::{Energy, Force, Length, SurfaceEnergy, kind};

use crate::error::DeckErrorKind;
use crate::walk::form::{Choice, FilePath, ListOf, Name, Number, Text, any, positive};
use crate::walk::{Table, key, table};

/// What acts on atoms beside their potential.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct External {
    /// Names of groups that do not move.
    pub freeze: Vec<String>,
    /// Springs to the places at the start of the stage.
    pub springs: Vec<Spring>,
    /// Constant forces.
    pub forces: Vec<AddedForce>,
    /// Flat walls.
    pub walls: Vec<Wall>,
}

impl External {
    /// Whether nothing acts.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Names of all groups that are used, with the key that names each.
    pub fn groups(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let frozen = self.freeze.iter().map(|name| ("freeze", name.as_str()));
        let springs = self
            .springs
            .iter()
            .map(|one| ("spring", one.group.as_str()));
        let forces = self.forces.iter().map(|one| ("force", one.group.as_str()));
        frozen.chain(springs).chain(forces)
    }
}

/// A spring for each atom of a group.
#[derive(Debug, Clone, PartialEq)]
pub struct Spring {
    /// Name of the group.
    pub group: String,
    /// Its energy is stiffness times distance squared, over 2.
    pub stiffness: SurfaceEnergy,
}

/// A constant force on a group.
#[derive(Debug, Clone, PartialEq)]
pub struct AddedForce {
    /// Name of the group.
    pub group: String,
    /// The force, as `share` says.
    pub force: [Force; 3],
    /// Who gets how much.
    pub share: Share,
    /// The file from which the force is still to be taken.
    pub learned: Option<LearnedForce>,
}

/// A force on a group as a whole, of a file of quantities that another method wrote.
#[derive(Debug, Clone, PartialEq)]
pub struct LearnedForce {
    /// The file, as written in the deck.
    pub file: PathBuf,
    /// Name of the quantity: a force.
    pub name: String,
    /// Where it points to; of any length but zero.
    pub along: [f64; 3],
}

/// How a force on a group is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Share {
    /// On the group as a whole, shared by mass: it is accelerated as one body.
    Total,
    /// On each atom.
    Each,
}

/// A flat wall that atoms stick to and do not pass.
#[derive(Debug, Clone, PartialEq)]
pub struct Wall {
    /// Its name.
    pub name: String,
    /// On which side of the atoms it stands: the axis, and whether at its lower end.
    pub side: Side,
    /// Where it stands.
    pub place: WallPlace,
    /// Energy ε of 9-3.
    pub epsilon: Energy,
    /// Length σ of 9-3.
    pub sigma: Length,
    /// Beyond this distance it does not act.
    pub cutoff: Length,
}

/// A side of the atoms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Side {
    /// 0, 1, 2 for x, y, z.
    pub axis: usize,
    /// At the lower end of the axis.
    pub low: bool,
}

/// Where a wall stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum WallPlace {
    /// At this place on its axis.
    At(Length),
    /// So far from the outermost atom when the stage begins.
    Distance(Length),
}

const SIDES: Choice<Side> = Choice(&[
    ("-x", Side { axis: 0, low: true }),
    (
        "+x",
        Side {
            axis: 0,
            low: false,
        },
    ),
    ("-y", Side { axis: 1, low: true }),
    (
        "+y",
        Side {
            axis: 1,
            low: false,
        },
    ),
    ("-z", Side { axis: 2, low: true }),
    (
        "+z",
        Side {
            axis: 2,
            low: false,
        },
    ),
]);

const GROUP: &str = "<group>";

pub(crate) fn read(table: &mut Table<'_, '_>) -> External {
    let freeze = table.optional(
        key("freeze", "Groups whose atoms do not move", "[\"bottom\"]"),
        &ListOf {
            form: Name,
            lengths: 1..=64,
        },
        "all atoms move",
    );
    let springs = table.optional_table(
        self::table(
            "spring",
            "Springs from the atoms of groups to their places at the start of the stage",
        ),
        "none",
        |table| {
            const MEANING: &str = "A spring for each atom of this group";
            table.describe_named(GROUP, MEANING, |table| read_spring(table, String::new()));
            let read = table.named_tables(GROUP, MEANING, |table, entry| {
                read_spring(table, entry.key.clone())
            });
            Some(read.into_iter().flatten().collect::<Vec<_>>())
        },
    );
    let forces = table.optional_table(
        self::table("force", "Constant forces on groups"),
        "none",
        |table| {
            const MEANING: &str = "A constant force on this group";
            table.describe_named(GROUP, MEANING, |table| read_force(table, String::new()));
            let read = table.named_tables(GROUP, MEANING, |table, entry| {
                read_force(table, entry.key.clone())
            });
            Some(read.into_iter().flatten().collect::<Vec<_>>())
        },
    );
    let walls = table.optional_table(
        self::table("wall", "Flat walls, as a simple support"),
        "none",
        |table| {
            const NAME: &str = "<name>";
            const MEANING: &str = "A wall with the energy ε [2/15 (σ/d)⁹ - (σ/d)³] of an atom at distance d, zero at the cutoff";
            table.describe_named(NAME, MEANING, |table| read_wall(table, String::new()));
            let read = table.named_tables(NAME, MEANING, |table, entry| {
                read_wall(table, entry.key.clone())
            });
            Some(read.into_iter().flatten().collect::<Vec<_>>())
        },
    );
    External {
        freeze: freeze.unwrap_or_default(),
        springs: springs.unwrap_or_default(),
        forces: forces.unwrap_or_default(),
        walls: walls.unwrap_or_default(),
    }
}

fn read_spring(table: &mut Table<'_, '_>, group: String) -> Option<Spring> {
    let stiffness = table.required(
        key(
            "stiffness",
            "Stiffness: an atom's energy is stiffness times distance squared, over 2",
            "\"5 eV/Å^2\"",
        ),
        &positive::<kind::SurfaceEnergy>(),
    );
    Some(Spring {
        group,
        stiffness: stiffness?,
    })
}

fn read_force(table: &mut Table<'_, '_>, group: String) -> Option<AddedForce> {
    let otherwise = "exactly one of `total`, `each` and `quantity`";
    let form = || ListOf {
        form: any::<kind::Force>(),
        lengths: 3..=3,
    };
    let total = table.optional(
        key(
            "total",
            "Force on the group as a whole, along x, y, z; atoms share it by their masses",
            "[\"1 pN\", \"0 pN\", \"0 pN\"]",
        ),
        &form(),
        otherwise,
    );
    let each = table.optional(
        key(
            "each",
            "Force on each atom, along x, y, z",
            "[\"0 eV/Å\", \"0 eV/Å\", \"-0.01 eV/Å\"]",
        ),
        &form(),
        otherwise,
    );
    let learned = table.optional_table(
        self::table(
            "quantity",
            "Force on the group as a whole, from a file of quantities such as a run of particle migration writes",
        ),
        otherwise,
        read_learned,
    );
    table.exactly_one(&["total", "each", "quantity"]);
    let (force, share) = match (total, each, &learned) {
        (Some(force), _, _) => (force, Share::Total),
        (None, Some(force), _) => (force, Share::Each),
        (None, None, Some(_)) => (vec![Force::from_internal(0.0).ok()?; 3], Share::Total),
        (None, None, None) => return None,
    };
    Some(AddedForce {
        group,
        force: force.try_into().ok()?,
        share,
        learned,
    })
}

fn read_learned(table: &mut Table<'_, '_>) -> Option<LearnedForce> {
    let file = table.required(
        key("file", "The file of quantities", "\"redox-force.toml\""),
        &FilePath,
    );
    let name = table.default(
        key("name", "Name of the quantity", "\"redox force\""),
        &Text,
        "\"redox force at gain 1\"",
    );
    let along = table.required(
        key(
            "along",
            "Direction along x, y, z, of any length",
            "[1, 0, 0]",
        ),
        &ListOf {
            form: Number,
            lengths: 3..=3,
        },
    );
    let along: [f64; 3] = along?.try_into().ok()?;
    if along == [0.0; 3] {
        let message = "`along` is zero and points nowhere".to_owned();
        table.error_at("along", DeckErrorKind::OutOfRange, message, None);
    }
    Some(LearnedForce {
        file: file?,
        name,
        along,
    })
}

fn read_wall(table: &mut Table<'_, '_>, name: String) -> Option<Wall> {
    let side = table.required(
        key("side", "On which side of the atoms it stands", "\"-z\""),
        &SIDES,
    );
    let otherwise = "exactly one of `at` and `distance`";
    let at = table.optional(
        key("at", "Its place on the axis", "\"0 Å\""),
        &any::<kind::Length>(),
        otherwise,
    );
    let distance = table.optional(
        key(
            "distance",
            "How far it stands from the outermost atom when the stage begins",
            "\"2.5 Å\"",
        ),
        &positive::<kind::Length>(),
        otherwise,
    );
    table.exactly_one(&["at", "distance"]);
    let epsilon = table.required(
        key("epsilon", "Energy ε", "\"0.5 eV\""),
        &positive::<kind::Energy>(),
    );
    let sigma = table.required(
        key(
            "sigma",
            "Length σ; the energy is lowest at a distance of 0.858 σ",
            "\"2.5 Å\"",
        ),
        &positive::<kind::Length>(),
    );
    let cutoff = table.optional(
        key(
            "cutoff",
            "Distance beyond which it does not act",
            "\"10 Å\"",
        ),
        &positive::<kind::Length>(),
        "4 σ",
    );
    let sigma: Length = sigma?;
    let cutoff = match cutoff {
        Some(cutoff) => cutoff,
        None => Length::from_internal(4.0 * sigma.internal()).ok()?,
    };
    // The energy is lowest at (2/5)^(1/6) σ.
    let lowest = 0.4_f64.powf(1.0 / 6.0) * sigma.internal();
    if cutoff.internal() <= lowest {
        table.error_at(
            "cutoff",
            DeckErrorKind::OutOfRange,
            format!("with a cutoff of {cutoff} the wall would only repel"),
            Some(format!(
                "its energy is lowest at {lowest:.3} Å; 4 σ is usual"
            )),
        );
        return None;
    }
    let place = match (at, distance) {
        (Some(at), _) => WallPlace::At(at),
        (None, Some(distance)) => WallPlace::Distance(distance),
        (None, None) => return None,
    };
    Some(Wall {
        name,
        side: side?,
        place,
        epsilon: epsilon?,
        sigma,
        cutoff,
    })
}
