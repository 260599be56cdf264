//! The bodies of a run: their states between phases, their forces, and the pair put together.

use frit_atoms::neighbours::SkinTuner;
use frit_atoms::{NeighbourError, System};
use frit_build::{BuildError, Pair};
use frit_deck::Skin;
use frit_dynamics::measure::Selection;
use frit_dynamics::{ForceField, remove_angular_momentum, remove_momentum};
use frit_io::{Frame, write_frames};

use super::directory::ASSEMBLED;
use super::error::RunError;
use super::execute::Run;
use super::plots;
use crate::plan::{Body, PairPlan, StructurePlan, assemble};
use crate::terminal;

/// The skin with which a tuned list begins [Å]: near the best for metals at 2 fs and 1473 K.
const FIRST_SKIN: f64 = 0.8;

/// Steps in which a place aside is looked for, and how far it may lie [Å]: half the distance of
/// neighbours in a close-packed metal comes from an atom to the hollow beside it.
const SIDESTEP: f64 = 0.2;
const SIDESTEPS: i32 = 7;

/// Puts two particles together; where hot atoms happen to stand upon each other, the second particle
/// a little aside, so that what was equilibrated for hours is not lost.
fn assemble_aside(pair: &PairPlan, now: [&System; 2]) -> Result<Pair, BuildError> {
    let steps = || -SIDESTEPS..=SIDESTEPS;
    let mut shifts: Vec<[i32; 2]> = steps().flat_map(|a| steps().map(move |b| [a, b])).collect();
    shifts.sort_by_key(|[a, b]| a * a + b * b);
    let mut overlap = None;
    for shift in shifts {
        let shift = shift.map(|steps| SIDESTEP * f64::from(steps));
        let mut placement = pair.placement;
        for (along, shift) in placement.offset.iter_mut().zip(shift) {
            *along += shift;
        }
        match assemble(&pair.particles, now, &placement) {
            Ok(assembled) => {
                if let Some(overlap) = overlap {
                    let [a, b] = shift;
                    terminal::warn(&format!(
                        "the second particle is put {a:.1} and {b:.1} Å aside, across the axis: {overlap}"
                    ));
                }
                return Ok(assembled);
            }
            Err(error @ BuildError::Overlap { .. }) => {
                overlap.get_or_insert(error);
            }
            Err(error) => return Err(error),
        }
    }
    // Nothing else ends the search.
    Err(overlap.unwrap_or(BuildError::NoFacets))
}

impl Run<'_> {
    /// The state of a body at the beginning of a phase.
    pub(super) fn body(&mut self, body: Body) -> Result<System, RunError> {
        if let Some(system) = self.done.system(body) {
            return Ok(system.clone());
        }
        match (&self.plan.structure, body) {
            (StructurePlan::Whole { system, .. }, _) => Ok(system.as_ref().clone()),
            (StructurePlan::Pair(pair), Body::Particle(which)) => {
                Ok(pair.particles[which].system.clone())
            }
            (StructurePlan::Pair(_), Body::Whole) => self.put_together(),
        }
    }

    /// Puts the two particles together, each at rest.
    fn put_together(&mut self) -> Result<System, RunError> {
        let StructurePlan::Pair(pair) = &self.plan.structure else {
            return Err(RunError::NoAtoms);
        };
        let mut now = [0, 1].map(|which| {
            let built = &pair.particles[which].system;
            self.done.particles[which]
                .clone()
                .unwrap_or_else(|| built.clone())
        });
        for system in &mut now {
            remove_momentum(system, Selection::All);
            remove_angular_momentum(system, Selection::All);
        }
        let assembled = assemble_aside(pair, [&now[0], &now[1]])?;
        terminal::say(&assembled.report.to_string());
        let mut frame = Frame::from_system(&assembled.system);
        frame
            .attributes
            .insert("gap_along_axis", assembled.report.gap);
        frame
            .attributes
            .insert("outermost_gap_along_axis", assembled.report.outermost_gap);
        write_frames(
            &self.directory.file(ASSEMBLED),
            frit_io::Selection::All,
            [&frame],
        )?;
        if self.plan.deck.output.plots {
            plots::draw_atoms(&self.directory, "assembled.svg", &assembled.system)?;
        }
        self.done.particles = [None, None];
        self.done.whole = Some(assembled.system.clone());
        Ok(assembled.system)
    }

    pub(super) fn force_field(&self, body: Body) -> Result<ForceField, RunError> {
        let potential = self
            .plan
            .bind(self.plan.structure.species_of(body))
            .map_err(|error| RunError::Bind(error.to_string()))?;
        let field =
            |skin: f64| -> Result<ForceField, NeighbourError> { ForceField::new(potential, skin) };
        Ok(match self.plan.deck.neighbours.skin {
            Skin::Fixed(skin) => field(skin.in_angstroms())?,
            Skin::Auto => field(FIRST_SKIN)?.with_tuner(SkinTuner::default()),
        })
    }
}
