//! The command line, as typed.

use std::path::PathBuf;
use std::sync::Arc;

use clap::{Args, Parser, Subcommand};

use crate::energetics::arguments::{DimerArguments, EnergiesArguments, NebArguments};
use crate::lattice::Thermo;

/// Simulates how nanoparticles sinter, from atoms to catalyst beds.
#[derive(Debug, Parser)]
#[command(name = "frit", version, max_term_width = 100)]
#[command(after_help = crate::exit::HELP)]
#[command(after_long_help = format!("{EXAMPLES}\n\n{}", crate::exit::HELP))]
pub(crate) struct Arguments {
    /// What to do
    #[command(subcommand)]
    pub command: Command,

    /// Threads to use [default: all cores]; results do not depend on it
    #[arg(long, global = true, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
}

const EXAMPLES: &str = "\
Examples:
  frit check inputs/necking/quickstart.toml       what would run, how long, how much memory
  frit run inputs/necking/quickstart.toml         run it into quickstart.run/; again to continue
  frit run deck.toml --set seed=2 --out seed-2    the same with another seed, elsewhere
  frit build deck.toml -o pair.data               only the structure, for LAMMPS or OVITO
  frit evaluate pair.xyz --potential deck.toml -o forces.xyz
  frit convert trajectory.0000.xyz.zst frames.lammpstrj
  frit potential zhou2004 Pt Fe -o PtFe.eam.alloy";

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run a deck, or continue its run
    #[command(after_help = "\
The run directory is DECK's name with .run in the current directory unless --out says otherwise.
For a directory, DIR/deck.toml is run into DIR; a run directory is continued.
Ctrl-C, TERM and USR1 write a checkpoint and end with exit code 75; the same command continues
from there, and the result has the same bits as without interruption.

Examples:
  frit run inputs/necking/quickstart.toml
  frit run quickstart.run                               continue it
  frit run deck.toml --set stage.hold.duration='20 ps' --out long")]
    Run(RunArguments),
    /// Show what would run: atoms, stages, time and memory
    #[command(after_help = "\
Examples:
  frit check deck.toml --set structure.pair.gap='10 Å'
  frit check deck.toml --details                        the resolved deck, potential, structure")]
    Check(CheckArguments),
    /// Build the structure of a deck and write it
    #[command(after_help = "\
Only [structure] and seed are read: a deck needs no potential and no stages for this.

Example:
  frit build deck.toml -o pair.data")]
    Build(BuildArguments),
    /// Measure what a deck observes on the frames of files
    #[command(after_help = "\
Looks at every frame with every observer in [observe] of DECK, whatever their `every`, and writes
the tables and plots that a run writes. The first frame is the start. Files are read in the order
given, as one trajectory; particles come from the column `particle`, or from the first frame's two
connected clusters.

Examples:
  frit analyze pair.run/trajectory.*.xyz.zst pair.toml -o pair.analysis
  frit analyze dump.lammpstrj observers.toml --species Pt,Fe --interval 0.5")]
    Analyze(AnalyzeArguments),
    /// Energy, forces, stress and virial of every frame of a file
    #[command(after_help = "\
FILE.toml is a deck, or just its [potential] tables, for example:

  [potential.eam]
  file = \"PtFe.eam.alloy\"

Atoms stay in the order of the input.

Example:
  frit evaluate frames.xyz --potential kim.toml -o forces.xyz")]
    Evaluate(EvaluateArguments),
    /// Convert a structure or trajectory between formats, chosen by the file names
    #[command(
        after_help = "Example:\n  frit convert run.run/trajectory.0000.xyz.zst frames.lammpstrj"
    )]
    Convert(ConvertArguments),
    /// Tabulate a potential from its published formula
    #[command(after_help = "Example:\n  frit potential zhou2004 Pt Fe -o PtFe.eam.alloy")]
    Potential(PotentialArguments),
    /// Thermodynamics of supported atoms: particle or adatoms, free-energy diagrams
    #[command(subcommand)]
    Thermo(Thermo),
    /// The path of least energy between two structures (nudged elastic band)
    #[command(after_help = "\
Atoms are matched by id. The ends are relaxed first unless --keep-ends. A column `move_mask`, as
ASE writes it, fixes atoms too. Ctrl-C, TERM and USR1 write the band so far to NAME.partial.xyz and
end with exit code 75; --start-from goes on from it.

Examples:
  frit neb start.xyz end.xyz --potential kim.toml --images 9 --climb --fix 'z<4' -o hop
  frit neb start.xyz end.xyz --potential kim.toml --climb --fix 'z<4' -o hop \\
    --start-from hop.partial.xyz")]
    Neb(NebArguments),
    /// A saddle of the energy from one structure (dimer)
    #[command(after_help = "\
Examples:
  frit dimer hop.saddle.xyz --potential kim.toml --fix 'z<4'
  frit dimer start.xyz --potential kim.toml --around 289 --displace 0.5 --seed 3")]
    Dimer(DimerArguments),
    /// Energies by recipes: lattice, elastic constants, surfaces, vacancies, adatoms
    #[command(after_help = "\
Each prints its recipe (structure, sizes, relaxation) above what it found. Alloys give mean,
standard deviation and standard error over random realisations and sites.

Examples:
  frit energies lattice Pt --potential kim-2006.toml
  frit energies surface Pt --plane 111 --potential kim-2006.toml
  frit energies detach Pt=0.85,Fe=0.15 --plane 100 --potential kim-2006.toml
  frit energies hop Pt --plane 100 --by exchange --potential kim-2006.toml -o exchange
  frit energies table inputs/energies/kim-2006.table.toml -o kim-2006")]
    Energies(EnergiesArguments),
}

/// A deck and what to change in it.
#[derive(Debug, Clone, Args)]
pub(crate) struct DeckArguments {
    /// The deck, a TOML file
    #[arg(value_name = "DECK")]
    pub deck: PathBuf,

    /// Override a value of the deck, such as seed=2 or structure.pair.gap='10 Å'
    #[arg(long = "set", value_name = "PATH=VALUE")]
    pub overrides: Vec<String>,

    /// The text of the deck, if it was read already
    #[arg(skip)]
    pub text: Option<Arc<str>>,
}

/// Arguments of `frit check`.
#[derive(Debug, Args)]
pub(crate) struct CheckArguments {
    /// The deck and its overrides
    #[command(flatten)]
    pub deck: DeckArguments,

    /// Show also the resolved deck, the parameters of the potential and what is built in full
    #[arg(long, short)]
    pub details: bool,
}

/// Arguments of `frit run`.
#[derive(Debug, Args)]
pub(crate) struct RunArguments {
    /// The deck and its overrides
    #[command(flatten)]
    pub deck: DeckArguments,

    /// Where to put everything
    #[arg(long, short, value_name = "DIR")]
    pub out: Option<PathBuf>,

    /// Where equilibrated particles are kept and found [default: output.cache of the deck, or
    /// $FRIT_CACHE, or frit in the user's folder for caches]
    #[arg(long, value_name = "DIR", conflicts_with = "no_cache")]
    pub cache: Option<PathBuf>,

    /// Equilibrate particles even if they are kept
    #[arg(long)]
    pub no_cache: bool,
}

/// Arguments of `frit build`.
#[derive(Debug, Args)]
pub(crate) struct BuildArguments {
    /// The deck and its overrides
    #[command(flatten)]
    pub deck: DeckArguments,

    /// The file to write: .xyz, .data, .lammpstrj, ...
    #[arg(long, short, value_name = "FILE")]
    pub output: PathBuf,
}

/// Arguments of `frit analyze`.
#[derive(Debug, Args)]
pub(crate) struct AnalyzeArguments {
    /// The frames: extended XYZ, LAMMPS data or dump, ...; several files in the order of time
    #[arg(value_name = "TRAJ", required = true, num_args = 1..)]
    pub trajectory: Vec<PathBuf>,

    /// The deck whose [observe] says what is measured
    #[arg(value_name = "DECK", required = true)]
    pub deck: PathBuf,

    /// Override a value of the deck, such as observe.bridging.hop='1.8 Å'
    #[arg(long = "set", value_name = "PATH=VALUE")]
    pub overrides: Vec<String>,

    /// Where to put tables and plots [default: DECK's name with .analysis]
    #[arg(long, short, value_name = "DIR")]
    pub out: Option<PathBuf>,

    /// Time between frames in ps, for files that do not tell (or tell it wrong)
    #[arg(long, value_name = "PS")]
    pub interval: Option<f64>,

    /// Species of the numeric types in the files, in their order, such as Pt,Fe
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    pub species: Vec<String>,
}

/// Arguments of `frit evaluate`.
#[derive(Debug, Args)]
pub(crate) struct EvaluateArguments {
    /// The frames: extended XYZ, LAMMPS data or dump, ...
    #[arg(value_name = "STRUCTURE")]
    pub structure: PathBuf,

    /// A deck, or a file with just its [potential] tables
    #[arg(long, value_name = "FILE.toml")]
    pub potential: PathBuf,

    /// The extended XYZ file to write
    #[arg(long, short, value_name = "OUT.xyz")]
    pub output: PathBuf,
}

/// Arguments of `frit convert`.
#[derive(Debug, Args)]
pub(crate) struct ConvertArguments {
    /// The file to read
    #[arg(value_name = "IN")]
    pub input: PathBuf,

    /// The file to write
    #[arg(value_name = "OUT")]
    pub output: PathBuf,

    /// Species of the numeric types in the input, in their order, such as Pt,Fe
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    pub species: Vec<String>,
}

/// Arguments of `frit potential`.
#[derive(Debug, Args)]
pub(crate) struct PotentialArguments {
    /// The formula
    #[command(subcommand)]
    pub formula: Formula,
}

/// A published formula.
#[derive(Debug, Subcommand)]
pub(crate) enum Formula {
    /// Zhou, Johnson, Wadley, Phys. Rev. B 69, 144113 (2004): EAM of metals and their alloys
    Zhou2004(Zhou2004Arguments),
}

/// Arguments of `frit potential zhou2004`.
#[derive(Debug, Args)]
pub(crate) struct Zhou2004Arguments {
    /// The elements, in the order of the file
    #[arg(required = true, value_name = "ELEMENT")]
    pub elements: Vec<String>,

    /// The setfl file to write
    #[arg(long, short, value_name = "FILE")]
    pub output: PathBuf,
}
