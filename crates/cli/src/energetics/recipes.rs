//! `frit energies`: energies of crystals, surfaces, vacancies and adatoms by recipes.

use frit_atoms::Species;
use frit_build::{Composition, Lattice};
use frit_energetics::band::Climb;
use frit_energetics::{
    Bench, Crystal, Move, Plane, Report, Support, Surface, Vacancy, elastic, equation_of_state,
};
use frit_engine::random::Streams;
use frit_io::{Frame, write_frames};
use serde_json::json;

use super::arguments::{
    BandArguments, Common, EnergiesArguments, MoveName, QuantityArguments, SlabArguments,
    SupportArguments,
};
use super::output;
use super::tools::{DeckPotential, beside, failure, last_frame, positive, system_of};
use crate::exit::Exit;
use crate::failure::{Failure, OrFail, Outcome};
use crate::terminal;

/// Finds what is asked for, prints it with its recipe, and writes it if a name was given.
///
/// # Errors
/// A wrong composition, lattice or plane; a relaxation that does not converge.
pub(crate) fn energies(arguments: &EnergiesArguments) -> Outcome {
    let common = arguments.quantity.common();
    let potential = DeckPotential::read(&common.potential)?;
    let bench = potential.bench(&common.relaxation)?;
    let crystal = common.crystal()?;
    let (name, report) = match &arguments.quantity {
        QuantityArguments::Lattice(_) => {
            let found = crystal.ground_state(&bench).map_err(failure)?;
            ("lattice", found.report(&crystal))
        }
        QuantityArguments::EquationOfState { range, volumes, .. } => {
            let constant = common.constant(&bench, &crystal)?;
            let bulk = crystal.bulk(constant, 0).map_err(failure)?;
            let found = equation_of_state(&bench, &bulk, *range, *volumes).map_err(failure)?;
            if let Some(name) = &common.output {
                let picture = output::state_picture(&crystal.composition_name(), &found);
                output::write_text(&beside(name, ".svg"), &picture)?;
            }
            ("equation-of-state", found.report(&crystal.describe()))
        }
        QuantityArguments::Elastic { structure, .. } => (
            "elastic",
            elastic_report(common, &bench, &crystal, structure.as_deref())?,
        ),
        QuantityArguments::Surface {
            slab, thickness, ..
        } => {
            let surface = Surface {
                constant: common.constant(&bench, &crystal)?,
                plane: slab.plane()?,
                repeat: slab.repeat(if crystal.is_pure() { [1, 1] } else { [6, 6] })?,
                thickness: positive("--thickness", *thickness)?,
                crystal,
            };
            ("surface", surface.find(&bench).map_err(failure)?)
        }
        QuantityArguments::Vacancy { size, sites, .. } => {
            let vacancy = Vacancy {
                constant: common.constant(&bench, &crystal)?,
                repeat: *size,
                sites: *sites,
                crystal,
            };
            ("vacancy", vacancy.find(&bench).map_err(failure)?)
        }
        QuantityArguments::Detach { support, .. } => {
            let support = support.support(common, &bench, crystal)?;
            ("detach", support.detach(&bench).map_err(failure)?)
        }
        QuantityArguments::Hop {
            support, by, band, ..
        } => {
            let support = support.support(common, &bench, crystal)?;
            ("hop", hop(common, &bench, &support, *by, band)?)
        }
    };
    terminal::print(&output::text(&report));
    if let Some(output) = &common.output {
        let facts = json!({
            "command": format!("energies {name}"),
            "composition": common.composition,
            "potential": common.potential,
            "files": potential.files(),
            "seed": common.seed,
        });
        output::write(output, &report, &facts)?;
        output::told(&[format!("{}.json, .csv, .toml", output.display())]);
    }
    Ok(())
}

impl QuantityArguments {
    fn common(&self) -> &Common {
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
}

fn wrong(message: String, help: &str) -> Failure {
    Failure::new(Exit::Usage, message, help)
}

impl Common {
    fn crystal(&self) -> Outcome<Crystal> {
        let lattice = Lattice::MONATOMIC_CUBIC
            .into_iter()
            .find(|one| one.name() == self.lattice);
        let lattice = lattice.ok_or_else(|| {
            let known = Lattice::MONATOMIC_CUBIC.map(Lattice::name).join(", ");
            wrong(
                format!("there is no lattice {}", self.lattice),
                &format!("known lattices are {known}"),
            )
        })?;
        if self.realisations == 0 || self.cells == 0 {
            return Err(wrong(
                "--realisations and --cells must be at least 1".to_owned(),
                "nothing was done",
            ));
        }
        Ok(Crystal {
            lattice,
            composition: composition(&self.composition)?,
            repeat: self.cells,
            realisations: self.realisations,
            streams: Streams::new(self.seed),
        })
    }

    /// The lattice constant: as typed, or that without pressure.
    fn constant(&self, bench: &Bench, crystal: &Crystal) -> Outcome<f64> {
        match self.constant {
            Some(constant) => positive("--constant", constant),
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
            sites: self.sites,
        })
    }
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
            (vec![system], format!("{}, as it stands", path.display()))
        }
        None => {
            let constant = common.constant(bench, crystal)?;
            let built = (0..crystal.realisations()).map(|k| crystal.bulk(constant, k));
            let built = built.collect::<Result<Vec<_>, _>>().map_err(failure)?;
            let described = format!("{}, lattice constant {constant:.5} Å", crystal.describe());
            (built, described)
        }
    };
    elastic::elastic_report(bench, &structures, &described).map_err(failure)
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
