//! `[observe]`: what is measured and written during a run.

use frit_units::{Length, Time, kind};

use crate::elements::observers::Observers;
use crate::elements::schedule::{Schedule, ScheduleForm};
use crate::error::DeckErrorKind;
use crate::walk::form::{Choice, Form, Integer, LARGEST, ListOf, Switch, not_negative, positive};
use crate::walk::{Table, key, table};

/// What is measured and written during a run.
#[derive(Debug, Clone, PartialEq)]
pub struct Observe {
    /// The table of energies, temperature, pressure and centre of mass.
    pub table: TableObserver,
    /// The trajectory, if one is written.
    pub trajectory: Option<TrajectoryObserver>,
    /// Contact and neck between the particles of a pair; always there with a pair.
    pub neck: Option<NeckObserver>,
    /// What else is measured of the atoms.
    pub observers: Observers,
}

/// The table of energies, temperature, pressure and centre of mass.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TableObserver {
    /// How often a line is written.
    pub every: Schedule,
}

/// The trajectory.
#[derive(Debug, Clone, PartialEq)]
pub struct TrajectoryObserver {
    /// How often a frame is written.
    pub every: Schedule,
    /// Its file format.
    pub format: TrajectoryFormat,
    /// Whether it is compressed with zstd.
    pub compress: bool,
    /// What is written of each atom besides species and position; in a fixed order.
    pub columns: Vec<Column>,
}

/// File format of a trajectory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TrajectoryFormat {
    /// Extended XYZ.
    ExtendedXyz,
    /// LAMMPS text dump.
    LammpsDump,
}

/// What is written of each atom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Column {
    /// Number that it keeps for ever.
    Id,
    /// Velocity.
    Velocity,
    /// Force.
    Force,
    /// Potential energy.
    Energy,
    /// Mass.
    Mass,
    /// Count of cells it has crossed.
    Image,
    /// Particle that it began in.
    Particle,
    /// Number of neighbours.
    Coordination,
    /// Crystal structure, with the numbers of OVITO.
    Structure,
    /// Facet: 0 inside, 1 {100}, 2 {111}, 3 {110}, 4 other surface atoms.
    Facet,
    /// Whether it is an adatom.
    Adatom,
    /// Atomic shear strain since the start.
    ShearStrain,
    /// 0 no bond to the other particle so far, 1 without a hop before, 2 after a hop.
    Bridging,
    /// Hops on the surface so far.
    Hops,
}

impl Column {
    /// The observer that must be there for this column, and the name of the column in files.
    pub fn observer(self) -> Option<(&'static str, &'static str)> {
        Some(match self {
            Self::Coordination => ("coordination", "coordination"),
            Self::Structure => ("structure", "structure_type"),
            Self::Facet => ("surface", "facet"),
            Self::Adatom => ("adatoms", "adatom"),
            Self::ShearStrain => ("strain", "shear_strain"),
            Self::Bridging => ("bridging", "bridging"),
            Self::Hops => ("bridging", "hops"),
            _ => return None,
        })
    }
}

/// Contact and neck between the particles of a pair.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NeckObserver {
    /// How often bonds are counted.
    pub every: Schedule,
    /// Atoms of different particles nearer than this are bonded.
    pub bond_length: Length,
    /// So many bonds make a neck,
    pub bonds: u64,
    /// if they hold for so long.
    pub hold: Time,
}

const COLUMNS: Choice<Column> = Choice(&[
    ("id", Column::Id),
    ("velocity", Column::Velocity),
    ("force", Column::Force),
    ("energy", Column::Energy),
    ("mass", Column::Mass),
    ("image", Column::Image),
    ("particle", Column::Particle),
    ("coordination", Column::Coordination),
    ("structure", Column::Structure),
    ("facet", Column::Facet),
    ("adatom", Column::Adatom),
    ("shear-strain", Column::ShearStrain),
    ("bridging", Column::Bridging),
    ("hops", Column::Hops),
]);

/// Whether there are two particles between which a neck may grow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Particles {
    /// The deck's structure is a pair.
    Pair,
    /// It is none.
    NoPair,
    /// The deck has no structure: files with atoms will tell.
    InFiles,
}

/// Reads `[observe]`.
pub(crate) fn read(table: &mut Table<'_, '_>, particles: Particles) -> Option<Observe> {
    let table_observer = table.default_table(
        self::table(
            "table",
            "The table of energies, temperature, pressure and centre of mass",
        ),
        |table| {
            let every = table.default(
                key("every", "How often a line is written", "\"50 steps\""),
                &ScheduleForm,
                "\"0.1 ps\"",
            );
            Some(TableObserver { every })
        },
    );
    let trajectory = table.optional_table(
        self::table(
            "trajectory",
            "Positions and more of every atom, for OVITO, ASE and LAMMPS",
        ),
        "no trajectory is written",
        read_trajectory,
    );
    let neck_key = self::table(
        "neck",
        "First contact and sustained neck between the particles of a pair",
    );
    let neck = if particles == Particles::Pair {
        table.default_table(neck_key, read_neck)
    } else {
        let neck = table.optional_table(neck_key, "its defaults, with a pair only", read_neck);
        if particles == Particles::NoPair {
            table.refuse(
                "neck",
                "a neck needs two particles, but the structure is no pair",
                "remove this table, or build a pair with `[structure.pair]`",
            );
        }
        neck
    };
    let observers = super::observers::read(table);
    for column in trajectory
        .iter()
        .flat_map(|t: &TrajectoryObserver| &t.columns)
    {
        if let Some((observer, _)) = column.observer()
            && !table.has(observer)
        {
            let word = COLUMNS.write(column);
            table.error_at(
                "trajectory",
                DeckErrorKind::Inconsistent,
                format!("the column {word} needs the observer `{observer}`"),
                Some(format!("add a table `[observe.{observer}]`")),
            );
        }
    }
    Some(Observe {
        observers,
        table: table_observer?,
        trajectory,
        neck,
    })
}

fn read_trajectory(table: &mut Table<'_, '_>) -> Option<TrajectoryObserver> {
    let every = table.default(
        key("every", "How often a frame is written", "\"0.5 ps\""),
        &ScheduleForm,
        "\"1 ps\"",
    );
    let format = table.default(
        key("format", "File format", "\"lammps-dump\""),
        &Choice(&[
            ("extxyz", TrajectoryFormat::ExtendedXyz),
            ("lammps-dump", TrajectoryFormat::LammpsDump),
        ]),
        "\"extxyz\"",
    );
    let compress = table.default(
        key(
            "compress",
            "Whether the files are compressed with zstd",
            "false",
        ),
        &Switch,
        "true",
    );
    let form = ListOf {
        form: COLUMNS,
        lengths: 0..=COLUMNS.0.len(),
    };
    let mut columns = table.default(
        key(
            "columns",
            "What is written of each atom besides species and position",
            "[\"id\", \"velocity\", \"force\", \"energy\"]",
        ),
        &form,
        "[\"id\", \"velocity\", \"mass\", \"particle\"]",
    );
    columns.sort();
    if let Some(twice) = columns.windows(2).find(|pair| pair[0] == pair[1]) {
        let message = format!("the column {} is named twice", COLUMNS.write(&twice[0]));
        table.error_at("columns", DeckErrorKind::Inconsistent, message, None);
    }
    table.record("columns", form.write(&columns));
    Some(TrajectoryObserver {
        every,
        format,
        compress,
        columns,
    })
}

fn read_neck(table: &mut Table<'_, '_>) -> Option<NeckObserver> {
    let every = table.default(
        key(
            "every",
            "How often bonds between the particles are counted; at most half of `hold`",
            "\"10 steps\"",
        ),
        &ScheduleForm,
        "\"0.02 ps\"",
    );
    let bond_length = table.default(
        key(
            "bond-length",
            "Atoms of different particles nearer than this are bonded",
            "\"3.5 Å\"",
        ),
        &positive::<kind::Length>(),
        "\"3.3 Å\"",
    );
    let bonds = table.default(
        key(
            "bonds",
            "So many bonds make a neck; the first bond is the first contact",
            "10",
        ),
        &Integer(1..=LARGEST),
        "20",
    );
    let hold = table.default(
        key("hold", "How long they must hold; more than 0", "\"5 ps\""),
        &not_negative::<kind::Time>(),
        "\"2 ps\"",
    );
    Some(NeckObserver {
        every,
        bond_length,
        bonds,
        hold,
    })
}
