//! `frit energies`: energies of crystals, surfaces, vacancies and adatoms by recipes.

use std::collections::BTreeSet;

use frit_atoms::{Species, System};
use frit_build::{Composition, Lattice};
use frit_energetics::band::Climb;
use frit_energetics::{
    Bench, Crystal, EquationOfState, Move, Plane, Report, Support, Surface, Vacancy, elastic,
    equation_of_state, state_report,
};
use frit_engine::random::Streams;
use frit_io::{Frame, write_frames};
use serde_json::json;

use super::arguments::{
    BandArguments, Common, EnergiesArguments, MoveName, QuantityArguments, RecipeArguments,
    SlabArguments, SupportArguments,
};
use super::output;
use super::tools::{DeckPotential, beside, failure, last_frame, mode_column, positive, system_of};
use crate::exit::Exit;
use crate::failure::{Failure, OrFail, Outcome};
use crate::terminal;

/// What --cells, --realisations, --sites and --seed are where they are left out.
const CELLS: u32 = 6;
const REALISATIONS: u32 = 4;
const SITES: u32 = 16;
const SEED: u64 = 1;

/// Finds what is asked for, prints it with its recipe, and writes it if a name was given.
///
/// # Errors
/// A wrong composition, lattice or plane; a relaxation that does not converge.
pub(crate) fn energies(arguments: &EnergiesArguments) -> Outcome {
    let arguments = match &arguments.quantity {
        QuantityArguments::Recipe(recipe) => recipe,
        QuantityArguments::Table(table) => return super::table::table(table),
    };
    let common = arguments.common();
    let potential = DeckPotential::read(&common.potential)?;
    let report = arguments.follow(&potential)?;
    terminal::print(&output::text(&report));
    if let Some(output) = &common.output {
        let facts = json!({
            "command": format!("energies {}", arguments.name()),
            "composition": common.composition,
            "potential": common.potential,
            "files": potential.files(),
            "seed": common.seed(),
        });
        output::write(output, &report, &facts)?;
        output::told(&[format!("{}.json, .csv, .toml", output.display())]);
    }
    Ok(())
}

impl RecipeArguments {
    /// What all recipes take.
    pub(super) fn common(&self) -> &Common {
        match self {
            Self::Lattice(common)
            | Self::EquationOfState { common, .. }
            | Self::Elastic { common, .. }
            | Self::Surface { common, .. }
            | Self::Vacancy { common, .. }
            | Self::Detach { common, .. }
            | Self::Hop { common, .. } => common,
        }
    }

    /// Its name on the command line.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Lattice(_) => "lattice",
            Self::EquationOfState { .. } => "equation-of-state",
            Self::Elastic { .. } => "elastic",
            Self::Surface { .. } => "surface",
            Self::Vacancy { .. } => "vacancy",
            Self::Detach { .. } => "detach",
            Self::Hop { .. } => "hop",
        }
    }

    /// Follows the recipe; writes the pictures and structures that belong to it if a name was given.
    ///
    /// # Errors
    /// A wrong composition, lattice or plane, an option that does not apply; a relaxation that does
    /// not converge.
    pub(super) fn follow(&self, potential: &DeckPotential) -> Outcome<Report> {
        let common = self.common();
        let bench = potential.bench(&common.relaxation)?;
        let crystal = common.crystal()?;
        self.refuse_what_does_not_apply(&crystal)?;
        match self {
            Self::Lattice(_) => Ok(crystal
                .ground_state(&bench)
                .map_err(failure)?
                .report(&crystal)),
            Self::EquationOfState { range, volumes, .. } => {
                let found = states(&bench, &crystal, *range, *volumes)?;
                if let Some((name, first)) = common.output.as_ref().zip(found.first()) {
                    let picture = output::state_picture(&crystal.composition_name(), first);
                    output::write_text(&beside(name, ".svg"), &picture)?;
                }
                Ok(state_report(&found, &crystal.describe_cells()))
            }
            Self::Elastic { structure, .. } => {
                elastic_report(common, &bench, &crystal, structure.as_deref())
            }
            Self::Surface {
                slab, thickness, ..
            } => {
                let surface = Surface {
                    constant: common.constant(&bench, &crystal)?,
                    plane: slab.plane()?,
                    repeat: slab.repeat(if crystal.is_pure() { [1, 1] } else { [6, 6] })?,
                    thickness: positive("--thickness", *thickness)?,
                    crystal,
                };
                surface.find(&bench).map_err(failure)
            }
            Self::Vacancy { size, sites, .. } => {
                let vacancy = Vacancy {
                    constant: common.constant(&bench, &crystal)?,
                    repeat: *size,
                    sites: sites.unwrap_or(SITES),
                    crystal,
                };
                vacancy.find(&bench).map_err(failure)
            }
            Self::Detach { support, .. } => {
                let support = support.support(common, &bench, crystal)?;
                support.detach(&bench).map_err(failure)
            }
            Self::Hop {
                support, by, band, ..
            } => {
                let support = support.support(common, &bench, crystal)?;
                hop(common, &bench, &support, *by, band)
            }
        }
    }

    /// Refuses options that would change nothing here.
    fn refuse_what_does_not_apply(&self, crystal: &Crystal) -> Outcome {
        let common = self.common();
        let refused = |option: &str, why: String| {
            Err(wrong(
                format!(
                    "{option} does not apply to `energies {}`: {why}",
                    self.name()
                ),
                "leave it out; nothing was done",
            ))
        };
        let structure = match self {
            Self::Elastic { structure, .. } => structure.as_ref(),
            _ => None,
        };
        if common.constant.is_some() {
            if matches!(self, Self::Lattice(_) | Self::EquationOfState { .. }) {
                let why = "it finds the lattice constant without pressure itself";
                return refused("--constant", why.to_owned());
            }
            // Only these look at the cell in which the constant is found.
            if common.cells.is_some() && !matches!(self, Self::Elastic { .. }) {
                let why = "the lattice constant is given, and no cell is needed to find it";
                return refused("--cells", why.to_owned());
            }
        }
        if let Some(path) = structure {
            let given = [
                ("--constant", common.constant.is_some()),
                ("--lattice", common.lattice.is_some()),
            ];
            if let Some((option, _)) = given.iter().find(|(_, given)| *given) {
                let why = format!("{} is taken as it stands", path.display());
                return refused(option, why);
            }
        }
        let sites = match self {
            Self::Vacancy { sites, .. } => sites.is_some(),
            Self::Detach { support, .. } | Self::Hop { support, .. } => support.sites.is_some(),
            _ => false,
        };
        let of_alloys = [
            ("--cells", common.cells.is_some()),
            ("--realisations", common.realisations.is_some()),
            ("--seed", common.seed.is_some()),
            ("--sites", sites),
        ];
        let why = match structure {
            Some(path) => format!("{} is the only structure", path.display()),
            None if crystal.is_pure() => format!(
                "it is for random alloys, and all cells and sites of {} are alike",
                crystal.composition_name()
            ),
            None => return Ok(()),
        };
        match of_alloys.iter().find(|(_, given)| *given) {
            Some((option, _)) => refused(option, why),
            None => Ok(()),
        }
    }
}

fn wrong(message: String, help: &str) -> Failure {
    Failure::new(Exit::Usage, message, help)
}

impl Common {
    fn seed(&self) -> u64 {
        self.seed.unwrap_or(SEED)
    }

    fn crystal(&self) -> Outcome<Crystal> {
        let name = self.lattice.as_deref().unwrap_or(Lattice::Fcc.name());
        let lattice = Lattice::MONATOMIC_CUBIC
            .into_iter()
            .find(|one| one.name() == name);
        let lattice = lattice.ok_or_else(|| {
            let known = Lattice::MONATOMIC_CUBIC.map(Lattice::name).join(", ");
            wrong(
                format!("there is no lattice {name}"),
                &format!("known lattices are {known}"),
            )
        })?;
        Ok(Crystal {
            lattice,
            composition: composition(&self.composition)?,
            repeat: self.cells.unwrap_or(CELLS),
            realisations: self.realisations.unwrap_or(REALISATIONS),
            streams: Streams::new(self.seed()),
        })
    }

    /// The lattice constant: as typed, or that without pressure.
    fn constant(&self, bench: &Bench, crystal: &Crystal) -> Outcome<f64> {
        match self.constant {
            Some(constant) => {
                let constant = positive("--constant", constant)?;
                crystal.check_bound(bench, constant).map_err(failure)?;
                Ok(constant)
            }
            None => Ok(crystal.ground_state(bench).map_err(failure)?.constant.mean),
        }
    }
}

/// `Pt`, or `Pt=0.85,Fe=0.15`.
fn composition(text: &str) -> Outcome<Composition> {
    let help = "write one element, such as Pt, or shares that sum to 1, such as Pt=0.85,Fe=0.15";
    let mut shares = Vec::new();
    for part in text.split(',') {
        let (symbol, share) = part.split_once('=').unwrap_or((part, "1"));
        let share: f64 = share.trim().parse().map_err(|_| {
            wrong(
                format!("the composition {text} has no number in `{part}`"),
                help,
            )
        })?;
        shares.push((symbol.trim(), share));
    }
    Composition::of_elements(shares).or_fail(Exit::Usage)
}

impl SlabArguments {
    fn plane(&self) -> Outcome<Plane> {
        let typed = self.plane.trim_matches(['(', ')', '{', '}']);
        let plane = Plane::ALL.into_iter().find(|one| one.name() == typed);
        plane.ok_or_else(|| {
            let known = Plane::ALL.map(Plane::name).join(", ");
            wrong(
                format!("there is no plane {}", self.plane),
                &format!("known planes are {known}"),
            )
        })
    }

    fn repeat(&self, default: [u32; 2]) -> Outcome<[u32; 2]> {
        match self.repeat.as_slice() {
            [] => Ok(default),
            &[x, y] if x > 0 && y > 0 => Ok([x, y]),
            _ => Err(wrong(
                format!(
                    "--repeat has {} numbers; it needs two, both positive",
                    self.repeat.len()
                ),
                "for example --repeat 6,6",
            )),
        }
    }
}

impl SupportArguments {
    fn support(&self, common: &Common, bench: &Bench, crystal: Crystal) -> Outcome<Support> {
        let plane = self.slab.plane()?;
        let adatom = match &self.adatom {
            None => crystal.composition.species()[0].clone(),
            Some(symbol) => Species::of_element(symbol).ok_or_else(|| {
                wrong(
                    format!("--adatom {symbol} is no element"),
                    "for example --adatom Pt",
                )
            })?,
        };
        // About 17 Å along both edges.
        let default = match plane {
            Plane::P100 => [6, 6],
            Plane::P110 => [6, 4],
            Plane::P111 => [6, 4],
        };
        Ok(Support {
            constant: common.constant(bench, &crystal)?,
            crystal,
            plane,
            repeat: self.slab.repeat(default)?,
            layers: self.layers,
            fixed_layers: self.fixed_layers,
            adatom,
            sites: self.sites.unwrap_or(SITES),
        })
    }
}

/// Equations of state of all realisations, around the lattice constant without pressure.
fn states(
    bench: &Bench,
    crystal: &Crystal,
    range: f64,
    volumes: u32,
) -> Outcome<Vec<EquationOfState>> {
    let constant = crystal.ground_state(bench).map_err(failure)?.constant.mean;
    let found = (0..crystal.realisations()).map(|realisation| {
        let bulk = crystal.bulk(constant, realisation)?;
        equation_of_state(bench, &bulk, range, volumes)
    });
    found.collect::<Result<_, _>>().map_err(failure)
}

fn elastic_report(
    common: &Common,
    bench: &Bench,
    crystal: &Crystal,
    structure: Option<&std::path::Path>,
) -> Outcome<Report> {
    let (structures, described) = match structure {
        Some(path) => {
            let system = system_of(&last_frame(path)?, path)?;
            same_elements(crystal, &system, path)?;
            (vec![system], format!("{}, as it stands", path.display()))
        }
        None => {
            let constant = common.constant(bench, crystal)?;
            let built = (0..crystal.realisations()).map(|k| crystal.bulk(constant, k));
            let built = built.collect::<Result<Vec<_>, _>>().map_err(failure)?;
            let described = format!(
                "{}, lattice constant {constant:.5} Å",
                crystal.describe_cells()
            );
            (built, described)
        }
    };
    elastic::elastic_report(bench, &structures, &described).map_err(failure)
}

/// Refuses a structure of other elements than those named.
fn same_elements(crystal: &Crystal, system: &System, path: &std::path::Path) -> Outcome {
    let named: BTreeSet<&str> = crystal.elements().collect();
    let counts = system.species.iter().zip(system.counts());
    let there: BTreeSet<&str> = counts
        .filter(|(_, count)| *count > 0)
        .map(|(species, _)| species.name.as_str())
        .collect();
    if named == there {
        return Ok(());
    }
    let list = |names: BTreeSet<&str>| names.into_iter().collect::<Vec<_>>().join(", ");
    Err(wrong(
        format!(
            "{} is made of {}, but the composition names {}",
            path.display(),
            list(there),
            list(named)
        ),
        "name the elements of the structure; nothing was done",
    ))
}

fn hop(
    common: &Common,
    bench: &Bench,
    support: &Support,
    by: MoveName,
    band: &BandArguments,
) -> Outcome<Report> {
    let kind = match by {
        MoveName::Hop => Move::Hop,
        MoveName::Exchange => Move::Exchange,
    };
    let settings = band.settings(bench, Climb::No)?;
    let paths = support
        .paths(bench, kind, band.images.into(), &settings)
        .map_err(failure)?;
    if let (Some(name), Some(path)) = (&common.output, paths.first()) {
        let title = format!(
            "{} of {} on {} ({})",
            kind.name(),
            support.adatom.name,
            support.crystal.composition_name(),
            support.plane.name()
        );
        output::write_text(
            &beside(name, ".svg"),
            &output::picture(&title, &path.profile),
        )?;
        let frames = path.structures.iter().map(|(system, energy)| {
            let mut frame = Frame::from_system(system);
            frame.velocity = None;
            frame.attributes.insert("energy", *energy);
            frame
        });
        let frames: Vec<Frame> = frames.collect();
        let mut saddle = Frame::from_system(&path.saddle.0);
        saddle.velocity = None;
        saddle.attributes.insert("energy", path.saddle.1);
        saddle.attributes.insert("curvature", path.curvature);
        saddle.extra.push(mode_column(&path.mode));
        write_frames(
            &beside(name, ".saddle.xyz"),
            frit_io::Selection::All,
            [&saddle],
        )
        .map_err(Failure::from_write)?;
        write_frames(&beside(name, ".xyz"), frit_io::Selection::All, &frames)
            .map_err(Failure::from_write)?;
    }
    Ok(support.report(bench, kind, &settings, &paths))
}
