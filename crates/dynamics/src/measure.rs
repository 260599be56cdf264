//! What is measured of a system's motion: energies, momenta, temperature, pressure.
//!
//! All sums run over fixed chunks of atoms in their present order, so that their bits do not
//! depend on the number of threads. Positions are taken with all wrapping undone.

use frit_atoms::{Matrix, System, Vector};
use frit_units::constants::MechanicalConstants;

use crate::chunks;

/// Which atoms are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Selection {
    /// All atoms.
    All,
    /// The atoms of one group, such as a particle.
    Group(u8),
}

impl Selection {
    /// Whether atoms of this group are meant.
    #[inline]
    pub fn contains(self, group: u8) -> bool {
        match self {
            Self::All => true,
            Self::Group(wanted) => wanted == group,
        }
    }

    /// A selection for each group that has atoms, in ascending order.
    pub fn groups(system: &System) -> Vec<Self> {
        let mut present = [false; 256];
        for &group in system.atoms.group() {
            present[usize::from(group)] = true;
        }
        let groups = (0..=u8::MAX).filter(|&group| present[usize::from(group)]);
        groups.map(Self::Group).collect()
    }

    /// How many atoms of the system are meant.
    pub fn count(self, system: &System) -> usize {
        let groups = system.atoms.group().iter();
        groups.filter(|&&group| self.contains(group)).count()
    }
}

/// Which rigid motions of a body were taken out and stay out, because the dynamics conserves them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AtRest {
    /// None: every velocity is thermal, as under a Langevin thermostat.
    Nothing,
    /// The centre of mass: a periodic system.
    Translation,
    /// What is held from outside: so many centres of mass, and so many single atoms.
    Held {
        /// Centres of mass.
        centres: usize,
        /// Atoms.
        atoms: usize,
    },
    /// The centre of mass, and the rotation about it: a body that is free on all sides.
    TranslationAndRotation,
}

impl AtRest {
    /// Degrees of freedom of the centre of mass of everything that are at rest: 3 or 0.
    pub fn translations(self) -> usize {
        match self {
            Self::Translation | Self::TranslationAndRotation => 3,
            // What is held from outside does not move through the volume.
            Self::Nothing | Self::Held { .. } => 0,
        }
    }

    /// What dynamics without friction conserves in a cell: momentum always, angular momentum when
    /// no direction is periodic.
    ///
    /// (With one periodic direction the rotation about it is conserved too; it counts as thermal
    /// here, one degree of freedom in 3 N.)
    pub fn conserved_in(cell: &frit_atoms::Cell) -> Self {
        if cell.periodic() == [false; 3] {
            Self::TranslationAndRotation
        } else {
            Self::Translation
        }
    }
}

/// Degrees of freedom among which the kinetic energy is shared: three for each atom, less those of
/// the rigid motions at rest (3 of translation; of rotation 3, 2 for atoms on a line, 0 for one).
pub fn degrees_of_freedom(system: &System, selection: Selection, at_rest: AtRest) -> usize {
    let all = 3 * selection.count(system);
    let rigid = match at_rest {
        AtRest::Nothing => 0,
        AtRest::Translation => 3,
        AtRest::Held { centres, atoms } => 3 * (centres + atoms),
        AtRest::TranslationAndRotation => 3 + rotations(&inertia(system, selection)),
    };
    all.saturating_sub(rigid)
}

/// Kinetic energy [eV].
pub fn kinetic_energy(
    system: &System,
    selection: Selection,
    constants: &MechanicalConstants,
) -> f64 {
    let velocity = system.atoms.velocity();
    let sum = sum_selected(system, selection, |atom, mass| {
        mass * velocity[atom].norm_squared()
    });
    0.5 * constants.mass_velocity2_to_energy * sum
}

/// Kinetic tensor, the sum of `m v ⊗ v` [eV]; its trace is twice the kinetic energy.
pub fn kinetic_tensor(
    system: &System,
    selection: Selection,
    constants: &MechanicalConstants,
) -> Matrix {
    let velocity = system.atoms.velocity();
    let sum = sum_selected(system, selection, |atom, mass| {
        mass * velocity[atom] * velocity[atom].transpose()
    });
    constants.mass_velocity2_to_energy * sum
}

/// Temperature [K] of a kinetic energy [eV] shared among degrees of freedom, `2 K / (f k)`; zero
/// without degrees of freedom.
pub fn temperature(
    kinetic_energy: f64,
    degrees_of_freedom: usize,
    constants: &MechanicalConstants,
) -> f64 {
    if degrees_of_freedom == 0 {
        return 0.0;
    }
    2.0 * kinetic_energy / (degrees_of_freedom as f64 * constants.boltzmann)
}

/// Pressure tensor [eV/Å³], `(Σ m v ⊗ v + W) / V`, from the kinetic tensor [eV], the virial [eV]
/// and the volume [Å³]; stress (positive in tension) is its negative.
///
/// The virial W is the sum of `r ⊗ F` over the interactions
/// (Thompson, Plimpton, Mattson 2009, doi:10.1063/1.3245303).
pub fn pressure_tensor(kinetic_tensor: &Matrix, virial: &Matrix, volume: f64) -> Matrix {
    (kinetic_tensor + virial) / volume
}

/// Pressure [eV/Å³] from the motion as it is, `(2 K + tr W) / (3 V)`.
///
/// With the momentum at rest its mean is `k T/V` below the pressure of [`thermal_pressure`].
pub fn pressure(kinetic_energy: f64, virial: &Matrix, volume: f64) -> f64 {
    (2.0 * kinetic_energy + virial.trace()) / (3.0 * volume)
}

/// Pressure [eV/Å³] of statistical mechanics, `N k T/V + tr W/(3 V)`: that towards which the
/// barostat drives.
///
/// N counts the centre of mass too: at rest it moves no less freely through the volume, and the
/// momentum taken out enters with its thermal mean. `degrees_of_freedom` are those among which the
/// kinetic energy is shared.
pub fn thermal_pressure(
    kinetic_energy: f64,
    degrees_of_freedom: usize,
    at_rest: AtRest,
    virial: &Matrix,
    volume: f64,
) -> f64 {
    let (shared, resting) = (degrees_of_freedom as f64, at_rest.translations() as f64);
    let share = if shared > 0.0 {
        (shared + resting) / shared
    } else {
        1.0
    };
    pressure(share * kinetic_energy, virial, volume)
}

/// Mass [u].
pub fn mass(system: &System, selection: Selection) -> f64 {
    sum_selected(system, selection, |_, mass| mass)
}

/// [`frit_atoms::centre_of_mass`] [Å] of the selected atoms; `None` without atoms.
pub fn centre_of_mass(system: &System, selection: Selection) -> Option<Vector> {
    frit_atoms::centre_of_mass(system, |group| selection.contains(group))
}

/// Momentum [u Å/ps].
pub fn momentum(system: &System, selection: Selection) -> Vector {
    let velocity = system.atoms.velocity();
    sum_selected(system, selection, |atom, mass| mass * velocity[atom])
}

/// Angular momentum about the centre of mass [u Å²/ps], of unwrapped positions; zero without atoms.
pub fn angular_momentum(system: &System, selection: Selection) -> Vector {
    let Some(centre) = centre_of_mass(system, selection) else {
        return Vector::zeros();
    };
    let velocity = system.atoms.velocity();
    sum_selected(system, selection, |atom, mass| {
        mass * (system.unwrapped(atom) - centre).cross(&velocity[atom])
    })
}

/// Inertia tensor about the centre of mass [u Å²], of unwrapped positions; zero without atoms.
pub fn inertia(system: &System, selection: Selection) -> Matrix {
    let Some(centre) = centre_of_mass(system, selection) else {
        return Matrix::zeros();
    };
    sum_selected(system, selection, |atom, mass| {
        let arm = system.unwrapped(atom) - centre;
        mass * (Matrix::identity() * arm.norm_squared() - arm * arm.transpose())
    })
}

/// A principal moment of inertia this much smaller than the largest counts as zero: rounding
/// leaves 1e-16 of atoms on a line, and a body a thousand atoms long and one wide still has 1e-6.
const NO_INERTIA: f64 = 1e-12;

/// About how many axes a body with this inertia tensor can turn.
fn rotations(inertia: &Matrix) -> usize {
    let moments = inertia.symmetric_eigenvalues();
    let limit = NO_INERTIA * moments.max();
    moments.iter().filter(|&&moment| moment > limit).count()
}

/// The angular velocity [1/ps] of a rigid body with this inertia tensor [u Å²] and angular momentum
/// [u Å²/ps]; without a component about axes that have no inertia.
pub fn angular_velocity(inertia: &Matrix, angular_momentum: &Vector) -> Vector {
    let axes = inertia.symmetric_eigen();
    let limit = NO_INERTIA * axes.eigenvalues.max();
    let mut velocity = Vector::zeros();
    for k in 0..3 {
        if axes.eigenvalues[k] > limit {
            let axis = axes.eigenvectors.column(k).into_owned();
            velocity += axis * (axis.dot(angular_momentum) / axes.eigenvalues[k]);
        }
    }
    velocity
}

/// The sum of `term(place, mass)` over the selected atoms.
fn sum_selected<T>(
    system: &System,
    selection: Selection,
    term: impl Fn(usize, f64) -> T + Sync,
) -> T
where
    T: Default + std::ops::AddAssign + Send,
{
    let group = system.atoms.group();
    chunks::sum(system.atoms.len(), |atoms| {
        chunks::total(
            atoms
                .filter(|&atom| selection.contains(group[atom]))
                .map(|atom| term(atom, system.mass(atom))),
        )
    })
}
