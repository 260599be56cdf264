//! What all recipes share: a potential for any species, and how structures are relaxed.

use frit_atoms::{Matrix, Species, System, Vector};
use frit_build::Composition;
use frit_dynamics::ForceError;
use frit_dynamics::minimise::Criteria;
use frit_potentials::Potential;

use crate::optimise::Method;
use crate::{AtomLandscape, EnergyError, Landscape, Relaxed, relax};

/// A potential that is made anew for each structure.
pub trait Interaction: Sync {
    /// The potential for these species.
    ///
    /// # Errors
    /// A species is not known to it.
    fn bind(&self, species: &[Species]) -> Result<Box<dyn Potential>, EnergyError>;
}

impl<F> Interaction for F
where
    F: Fn(&[Species]) -> Result<Box<dyn Potential>, EnergyError> + Sync,
{
    fn bind(&self, species: &[Species]) -> Result<Box<dyn Potential>, EnergyError> {
        self(species)
    }
}

/// A potential and how structures are relaxed with it.
#[derive(Clone, Copy)]
pub struct Bench<'a> {
    /// The potential.
    pub interaction: &'a dyn Interaction,
    /// When a structure is relaxed.
    pub criteria: Criteria,
    /// How it is relaxed.
    pub method: Method,
}

impl Bench<'_> {
    /// The landscape of a system; `fixed` in the order of ascending ids.
    ///
    /// # Errors
    /// As [`Interaction::bind`] and [`AtomLandscape::new`].
    pub fn landscape(
        &self,
        system: System,
        fixed: Vec<bool>,
    ) -> Result<AtomLandscape, EnergyError> {
        let potential = self.interaction.bind(&system.species)?;
        AtomLandscape::new(system, potential, fixed)
    }

    /// Relaxes a system with no atom fixed; `what` names it if that fails.
    ///
    /// # Errors
    /// As [`relax`].
    pub fn relax(
        &self,
        system: System,
        what: &str,
    ) -> Result<(Relaxed, AtomLandscape), EnergyError> {
        let free = vec![false; system.atoms.len()];
        self.relax_with_fixed(system, free, what)
    }

    /// Relaxes a system with some atoms fixed.
    ///
    /// # Errors
    /// As [`relax`].
    pub fn relax_with_fixed(
        &self,
        system: System,
        fixed: Vec<bool>,
        what: &str,
    ) -> Result<(Relaxed, AtomLandscape), EnergyError> {
        let mut landscape = self.landscape(system, fixed)?;
        let start = landscape.position();
        let relaxed = relax(&mut landscape, start, self.criteria, self.method, what)?;
        Ok((relaxed, landscape))
    }

    /// Energy [eV] and virial [eV] of a system as it stands.
    ///
    /// # Errors
    /// There is no energy at these positions.
    pub fn evaluate(&self, system: System) -> Result<(f64, Matrix), EnergyError> {
        let free = vec![false; system.atoms.len()];
        let mut landscape = self.landscape(system, free)?;
        let position = landscape.position();
        let energy = landscape.evaluate(&position, &mut Vec::new())?;
        Ok((energy, landscape.virial()?))
    }

    /// Energy [eV] of an atom with nothing around it.
    ///
    /// # Errors
    /// The potential does not know the species.
    pub fn isolated_atom(&self, species: &Species) -> Result<f64, EnergyError> {
        let cell = frit_atoms::Cell::orthogonal([30.0; 3], [false; 3])?;
        let atom = frit_atoms::Atom {
            position: Vector::repeat(15.0),
            velocity: Vector::zeros(),
            image: [0; 3],
            species: 0,
            id: 1,
            group: 0,
        };
        let system = System::new(cell, [atom].into_iter().collect(), vec![species.clone()])?;
        Ok(self.evaluate(system)?.0)
    }
}

/// Whether a composition has one species only.
pub(crate) fn is_pure(composition: &Composition) -> bool {
    composition
        .fractions()
        .iter()
        .filter(|&&share| share > 0.0)
        .count()
        == 1
}

/// The system with its cell and atoms deformed: every point `r` goes to `r F` with the rows of the
/// cell, for a deformation gradient `F`.
pub(crate) fn deformed(
    system: &System,
    position: &[Vector],
    deformation: &Matrix,
) -> Result<System, EnergyError> {
    let mut moved = system.clone();
    moved.cell = system
        .cell
        .with_vectors(system.cell.vectors() * deformation.transpose())?;
    let origin = system.cell.origin();
    for (&place, position) in system.atoms.by_id().iter().zip(position) {
        let place = place as usize;
        let wrapped = position - system.cell.translation(system.atoms.image()[place]);
        moved.atoms.position_mut()[place] = deformation * (wrapped - origin) + origin;
    }
    Ok(moved)
}

/// A failure that only says that there is no energy here, such as atoms that are too close.
pub(crate) fn is_no_energy(error: &EnergyError) -> bool {
    matches!(
        error,
        EnergyError::Forces(ForceError::TooClose { .. } | ForceError::NotFinite(_))
    )
}

/// All positions [Å] without wrapping, in the order of ascending ids.
pub(crate) fn unwrapped(system: &System) -> Vec<Vector> {
    let places = system.atoms.by_id();
    places
        .iter()
        .map(|&place| system.unwrapped(place as usize))
        .collect()
}
