//! Relaxation: a walk to a nearby minimum.

use std::ops::ControlFlow;

use frit_atoms::Vector;
use frit_dynamics::minimise::Criteria;

use crate::optimise::{Method, Walk, add, longest};
use crate::{EnergyError, Landscape};

/// A relaxed structure.
#[derive(Debug, Clone, PartialEq)]
pub struct Relaxed {
    /// Positions [Å].
    pub position: Vec<Vector>,
    /// Energy [eV].
    pub energy: f64,
    /// The largest force that is left [eV/Å].
    pub max_force: f64,
    /// Steps made.
    pub steps: u64,
}

/// Walks from `position` to a nearby minimum; `what` names it if that fails.
///
/// # Errors
/// Forces are missing, or the steps ran out.
pub fn relax<L: Landscape + ?Sized>(
    landscape: &mut L,
    position: Vec<Vector>,
    criteria: Criteria,
    method: Method,
    what: &str,
) -> Result<Relaxed, EnergyError> {
    relax_watched(landscape, position, criteria, method, what, |_| {
        ControlFlow::Continue(())
    })
}

/// As [`relax`]; `watch` is told the steps made before each and may stop it.
///
/// # Errors
/// As [`relax`], or `watch` stopped it.
pub fn relax_watched<L: Landscape + ?Sized>(
    landscape: &mut L,
    mut position: Vec<Vector>,
    criteria: Criteria,
    method: Method,
    what: &str,
    mut watch: impl FnMut(u64) -> ControlFlow<()>,
) -> Result<Relaxed, EnergyError> {
    let mut force = Vec::new();
    let mut walk = Walk::new(method);
    let mut energy = landscape.evaluate(&position, &mut force)?;
    let mut steps = 0;
    while longest(&force) > criteria.max_force {
        if watch(steps).is_break() {
            return Err(EnergyError::Stopped(what.to_owned()));
        }
        if steps == criteria.max_steps {
            return Err(EnergyError::NotConverged {
                what: what.to_owned(),
                steps,
                force: longest(&force),
                limit: criteria.max_force,
            });
        }
        let displacement = walk.displacement(&force);
        add(&mut position, &displacement, 1.0);
        energy = landscape.evaluate(&position, &mut force)?;
        steps += 1;
    }
    Ok(Relaxed {
        max_force: longest(&force),
        position,
        energy,
        steps,
    })
}
