//! The command lines of `frit neb`, `frit dimer` and `frit energies`, as typed.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

/// How forces are followed, and how far.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct Relaxation {
    /// Relax until no atom feels more than this [eV/Å]
    #[arg(long, value_name = "FORCE", default_value_t = 0.001)]
    pub relax_to: f64,

    /// Steps of each relaxation at most
    #[arg(long, value_name = "N", default_value_t = 5000)]
    pub max_steps: u64,

    /// How to follow forces: quasi-Newton steps, or inertia that is harder to lead astray
    #[arg(long, value_name = "METHOD", value_enum, default_value_t = MethodName::Lbfgs)]
    pub optimiser: MethodName,
}

/// How forces are followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum MethodName {
    /// Limited-memory BFGS
    Lbfgs,
    /// Fast inertial relaxation
    Fire,
}

/// How a band is relaxed.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct BandArguments {
    /// Images between the two ends
    #[arg(long, value_name = "N", default_value_t = 7, value_parser = clap::value_parser!(u16).range(1..=999))]
    pub images: u16,

    /// Relax the band until no atom of any image feels more than this [eV/Å]
    #[arg(long, value_name = "FORCE", default_value_t = 0.02)]
    pub band_to: f64,

    /// Stiffness of the springs between images [eV/Å²]
    #[arg(long, value_name = "K", default_value_t = 1.0)]
    pub spring: f64,
}

/// What the path starts from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum GuessName {
    /// From interpolated distances (IDPP): atoms go around each other
    Idpp,
    /// Straight lines
    Linear,
}

/// Arguments of `frit neb`.
#[derive(Debug, Args)]
pub(crate) struct NebArguments {
    /// The structure at the start: the last frame of the file
    #[arg(value_name = "START")]
    pub start: PathBuf,

    /// The structure at the end: the same atoms, matched by id, in the same cell
    #[arg(value_name = "END")]
    pub end: PathBuf,

    /// A deck, or a file with just its [potential] tables
    #[arg(long, value_name = "FILE.toml")]
    pub potential: PathBuf,

    /// Let the highest image climb to the saddle
    #[arg(long)]
    pub climb: bool,

    /// The first guess of the path
    #[arg(long, value_name = "GUESS", value_enum, default_value_t = GuessName::Idpp)]
    pub guess: GuessName,

    /// Go on from this band, such as the NAME.partial.xyz of an interrupted one: ends and images are its
    #[arg(long, value_name = "BAND", conflicts_with_all = ["guess", "images"])]
    pub start_from: Option<PathBuf>,

    /// Take the two ends as they are instead of relaxing them first
    #[arg(long)]
    pub keep_ends: bool,

    /// Atoms that do not move: z<4.5, y>10, id=1-64, group=2 or species=Fe; may be given several times
    #[arg(long, value_name = "RULE")]
    pub fix: Vec<String>,

    /// How the band is relaxed
    #[command(flatten)]
    pub band: BandArguments,

    /// How the ends are relaxed
    #[command(flatten)]
    pub relaxation: Relaxation,

    /// Beginning of the names of all files written [default: START's name with .neb]
    #[arg(long, short, value_name = "NAME")]
    pub output: Option<PathBuf>,
}

/// Arguments of `frit dimer`.
#[derive(Debug, Args)]
pub(crate) struct DimerArguments {
    /// The structure to start from: the last frame of the file; a column `mode` is its direction
    #[arg(value_name = "START")]
    pub start: PathBuf,

    /// A deck, or a file with just its [potential] tables
    #[arg(long, value_name = "FILE.toml")]
    pub potential: PathBuf,

    /// Look along the displacement to this structure
    #[arg(long, value_name = "FILE", conflicts_with = "around")]
    pub towards: Option<PathBuf>,

    /// Look along random displacements of this atom and those near it
    #[arg(long, value_name = "ID")]
    pub around: Option<u32>,

    /// Seed of random displacements
    #[arg(long, value_name = "SEED", default_value_t = 1)]
    pub seed: u64,

    /// First move the atoms this far along the direction [Å], out of the minimum
    #[arg(long, value_name = "LENGTH", default_value_t = 0.0)]
    pub displace: f64,

    /// Atoms that do not move: z<4.5, y>10, id=1-64, group=2 or species=Fe; may be given several times
    #[arg(long, value_name = "RULE")]
    pub fix: Vec<String>,

    /// How the saddle is approached
    #[command(flatten)]
    pub relaxation: Relaxation,

    /// Beginning of the names of all files written [default: START's name with .dimer]
    #[arg(long, short, value_name = "NAME")]
    pub output: Option<PathBuf>,
}

/// Arguments of `frit energies`.
#[derive(Debug, Args)]
pub(crate) struct EnergiesArguments {
    /// What to find
    #[command(subcommand)]
    pub quantity: QuantityArguments,
}

/// What all recipes take.
#[derive(Debug, Clone, Args)]
pub(crate) struct Common {
    /// The crystal's composition: Pt, or Pt=0.85,Fe=0.15 for a random alloy
    #[arg(value_name = "COMPOSITION")]
    pub composition: String,

    /// A deck, or a file with just its [potential] tables
    #[arg(long, value_name = "FILE.toml")]
    pub potential: PathBuf,

    /// The lattice: fcc, bcc or sc [default: fcc]
    #[arg(long, value_name = "NAME")]
    pub lattice: Option<String>,

    /// Lattice constant [Å] [default: that without pressure, found first]
    #[arg(long, value_name = "LENGTH")]
    pub constant: Option<f64>,

    /// Cells along each edge of the periodic cell in which an alloy's lattice constant is found [default: 6]
    #[arg(long, value_name = "N", value_parser = at_least_one())]
    pub cells: Option<u32>,

    /// Random realisations of an alloy [default: 4]
    #[arg(long, value_name = "N", value_parser = at_least_one())]
    pub realisations: Option<u32>,

    /// Seed of an alloy's realisations and sites [default: 1]
    #[arg(long, value_name = "SEED")]
    pub seed: Option<u64>,

    /// How structures are relaxed
    #[command(flatten)]
    pub relaxation: Relaxation,

    /// Write NAME.json, NAME.csv and NAME.toml (quantities that decks can read)
    #[arg(long, short, value_name = "NAME")]
    pub output: Option<PathBuf>,
}

/// A slab.
#[derive(Debug, Clone, Args)]
pub(crate) struct SlabArguments {
    /// The plane: 100, 110 or 111
    #[arg(long, value_name = "PLANE")]
    pub plane: String,

    /// Shortest repeats along the two edges of the slab
    #[arg(long, value_name = "NX,NY", value_delimiter = ',', num_args = 1)]
    pub repeat: Vec<u32>,
}

/// A slab with adatoms.
#[derive(Debug, Clone, Args)]
pub(crate) struct SupportArguments {
    /// The slab's plane and size
    #[command(flatten)]
    pub slab: SlabArguments,

    /// The adatom's element [default: the first of the composition]
    #[arg(long, value_name = "ELEMENT")]
    pub adatom: Option<String>,

    /// Atomic layers of the slab
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = at_least_one())]
    pub layers: u32,

    /// Lowest layers that do not move
    #[arg(long, value_name = "N", default_value_t = 2)]
    pub fixed_layers: u32,

    /// Random sites on each realisation of an alloy [default: 16]
    #[arg(long, value_name = "N", value_parser = at_least_one())]
    pub sites: Option<u32>,
}

/// What to find.
#[derive(Debug, Subcommand)]
pub(crate) enum QuantityArguments {
    /// One recipe
    #[command(flatten)]
    Recipe(RecipeArguments),
    /// Follow all recipes of a table and compare with the references in it
    #[command(after_help = "\
TABLE.toml names a potential and lists recipes with what they are compared to:

  potential = \"kim-2006.toml\"

  [[recipe]]
  command = \"lattice Pt\"
  compare = [{ finding = \"lattice constant\", reference = \"3.91737 Å\", source = \"LAMMPS\" }]

Written is NAME.csv: value, reference, difference, and the recipe of each row.

Examples:
  frit energies table inputs/energies/kim-2006.table.toml -o kim
  frit energies table inputs/energies/kim-2006.table.toml --only surface --only vacancy")]
    Table(TableArguments),
}

/// Arguments of `frit energies table`.
#[derive(Debug, Args)]
pub(crate) struct TableArguments {
    /// The table
    #[arg(value_name = "TABLE.toml")]
    pub table: PathBuf,

    /// Another potential than the table's: a deck, or a file with just its [potential] tables
    #[arg(long, value_name = "FILE.toml")]
    pub potential: Option<PathBuf>,

    /// Only recipes whose command has this text in it; may be given several times
    #[arg(long, value_name = "TEXT")]
    pub only: Vec<String>,

    /// Write NAME.csv, a row for each comparison as soon as it is known
    #[arg(long, short, value_name = "NAME")]
    pub output: Option<PathBuf>,
}

/// A number of things of which there must be one.
fn at_least_one() -> clap::builder::RangedI64ValueParser<u32> {
    clap::value_parser!(u32).range(1..)
}

/// One recipe.
#[derive(Debug, Subcommand)]
pub(crate) enum RecipeArguments {
    /// Lattice constant and cohesive energy
    Lattice(Common),
    /// Energy against volume, fitted by Birch and Murnaghan's equation
    EquationOfState {
        /// The crystal
        #[command(flatten)]
        common: Common,
        /// Volumes within this fraction on both sides
        #[arg(long, value_name = "FRACTION", default_value_t = 0.06)]
        range: f64,
        /// How many volumes
        #[arg(long, value_name = "N", default_value_t = 13, value_parser = clap::value_parser!(u32).range(5..))]
        volumes: u32,
    },
    /// Elastic constants
    Elastic {
        /// The crystal
        #[command(flatten)]
        common: Common,
        /// A periodic structure of COMPOSITION's elements, as it stands in the file, instead of a lattice
        #[arg(long, value_name = "FILE")]
        structure: Option<PathBuf>,
    },
    /// Energy of a surface
    Surface {
        /// The crystal
        #[command(flatten)]
        common: Common,
        /// The slab
        #[command(flatten)]
        slab: SlabArguments,
        /// Thickness of the slab at least [Å]
        #[arg(long, value_name = "LENGTH", default_value_t = 30.0)]
        thickness: f64,
    },
    /// Formation energy of a vacancy
    Vacancy {
        /// The crystal
        #[command(flatten)]
        common: Common,
        /// Cells along each edge of the periodic cell
        #[arg(long, value_name = "N", default_value_t = 5, value_parser = at_least_one())]
        size: u32,
        /// Random sites in each realisation of an alloy [default: 16]
        #[arg(long, value_name = "N", value_parser = at_least_one())]
        sites: Option<u32>,
    },
    /// Energy to take an adatom off a surface
    Detach {
        /// The crystal
        #[command(flatten)]
        common: Common,
        /// The slab
        #[command(flatten)]
        support: SupportArguments,
    },
    /// Barrier of an adatom's hop or exchange
    Hop {
        /// The crystal
        #[command(flatten)]
        common: Common,
        /// The slab
        #[command(flatten)]
        support: SupportArguments,
        /// How the adatom moves
        #[arg(long, value_name = "MOVE", value_enum, default_value_t = MoveName::Hop)]
        by: MoveName,
        /// How the band is relaxed
        #[command(flatten)]
        band: BandArguments,
    },
}

/// How an adatom moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum MoveName {
    /// Over a bridge to the next site
    Hop,
    /// It takes the place of a surface atom, which becomes the adatom
    Exchange,
}
