//! Elastic constants from stress and strain.

use frit_atoms::{Matrix, System};

use crate::bench::{Bench, deformed, unwrapped};
use crate::report::{Finding, Report, Samples};
use crate::{EnergyError, Spread};

/// Strain applied in both directions: errors go with its square, the rounding of forces with its inverse.
pub const STRAIN: f64 = 5e-4;
/// 1 eV/Å³ in GPa, by the value of the elementary charge in the SI.
pub const GIGAPASCAL: f64 = 160.217_663_4;
/// The two axes of each component in Voigt's order: xx, yy, zz, yz, xz, xy.
const VOIGT: [[usize; 2]; 6] = [[0, 0], [1, 1], [2, 2], [1, 2], [0, 2], [0, 1]];

/// Elastic constants `C_ij` in Voigt's notation, `stress_i = sum C_ij strain_j`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ElasticConstants {
    /// The constants [eV/Å³], with the shear strains of engineering, `gamma = 2 epsilon`.
    pub constants: [[f64; 6]; 6],
    /// Stress without strain [eV/Å³], positive in tension.
    pub stress: [f64; 6],
    /// By how much `C_ij` and `C_ji` differ at most [eV/Å³]: 0 for a crystal without stress, but for
    /// the finite strain and what is left of forces.
    pub asymmetry: f64,
}

/// The elastic constants of a periodic structure at its present cell, atoms relaxed at each strain.
///
/// Central differences of the stress at strains of ±[`STRAIN`]; without stress at the start they are
/// those of the energy's second derivative (Wallace 1972, Thermodynamics of Crystals, chapter 1).
///
/// # Errors
/// The structure must be periodic in all directions, and its relaxation converge.
pub fn elastic_constants(bench: &Bench, system: &System) -> Result<ElasticConstants, EnergyError> {
    if system.cell.periodic() != [true; 3] {
        return Err(EnergyError::Recipe(
            "elastic constants belong to crystals: the structure must be periodic along x, y and z"
                .to_owned(),
        ));
    }
    let (relaxed, mut landscape) = bench.relax(system.clone(), "the unstrained crystal")?;
    let at_rest = stress(&landscape.virial()?, system.cell.volume());
    let mut constants = [[0.0; 6]; 6];
    for (column, [a, b]) in VOIGT.into_iter().enumerate() {
        let mut sides = [[0.0; 6]; 2];
        for (side, sign) in sides.iter_mut().zip([-1.0, 1.0]) {
            let mut deformation = Matrix::identity();
            // Half of the engineering shear on each side, so that nothing is rotated.
            let share = if a == b { 1.0 } else { 0.5 };
            deformation[(a, b)] += sign * share * STRAIN;
            if a != b {
                deformation[(b, a)] += sign * share * STRAIN;
            }
            let strained = deformed(system, &relaxed.position, &deformation)?;
            let volume = strained.cell.volume();
            let (_, mut landscape) = bench.relax(strained, "a strained crystal")?;
            *side = stress(&landscape.virial()?, volume);
        }
        for row in 0..6 {
            constants[row][column] = (sides[1][row] - sides[0][row]) / (2.0 * STRAIN);
        }
    }
    Ok(ElasticConstants::symmetric(constants, at_rest))
}

/// Components of the stress [eV/Å³] in Voigt's order, positive in tension.
fn stress(virial: &Matrix, volume: f64) -> [f64; 6] {
    VOIGT.map(|[a, b]| -0.5 * (virial[(a, b)] + virial[(b, a)]) / volume)
}

impl ElasticConstants {
    fn symmetric(raw: [[f64; 6]; 6], stress: [f64; 6]) -> Self {
        let mut constants = raw;
        let mut asymmetry = 0.0_f64;
        for i in 0..6 {
            for j in 0..6 {
                constants[i][j] = 0.5 * (raw[i][j] + raw[j][i]);
                asymmetry = asymmetry.max((raw[i][j] - raw[j][i]).abs());
            }
        }
        Self {
            constants,
            stress,
            asymmetry,
        }
    }

    /// C11, C12 and C44 of a cubic crystal along the axes [eV/Å³]: means of the equal ones.
    pub fn cubic(&self) -> [f64; 3] {
        let c = &self.constants;
        [
            (c[0][0] + c[1][1] + c[2][2]) / 3.0,
            (c[0][1] + c[0][2] + c[1][2]) / 3.0,
            (c[3][3] + c[4][4] + c[5][5]) / 3.0,
        ]
    }

    /// Bulk modulus after Voigt [eV/Å³]: for a cubic crystal `(C11 + 2 C12) / 3`, exactly.
    pub fn bulk_modulus(&self) -> f64 {
        let c = &self.constants;
        let diagonal = c[0][0] + c[1][1] + c[2][2];
        let beside = c[0][1] + c[0][2] + c[1][2];
        (diagonal + 2.0 * beside) / 9.0
    }

    /// Shear modulus after Voigt [eV/Å³]: the mean for equal strain in all grains.
    pub fn shear_modulus(&self) -> f64 {
        let c = &self.constants;
        let diagonal = c[0][0] + c[1][1] + c[2][2];
        let beside = c[0][1] + c[0][2] + c[1][2];
        let shear = c[3][3] + c[4][4] + c[5][5];
        (diagonal - beside + 3.0 * shear) / 15.0
    }
}

/// Elastic constants of several structures of one crystal, as a report.
///
/// # Errors
/// As [`elastic_constants`].
pub fn elastic_report(
    bench: &Bench,
    structures: &[System],
    described: &str,
) -> Result<Report, EnergyError> {
    let mut found = Vec::new();
    for structure in structures {
        found.push(elastic_constants(bench, structure)?);
    }
    let over = |value: &dyn Fn(&ElasticConstants) -> f64| {
        Spread::of(
            &found
                .iter()
                .map(|one| GIGAPASCAL * value(one))
                .collect::<Vec<_>>(),
        )
    };
    let finding = |name: String, value: Spread| Finding {
        name,
        unit: "GPa",
        value,
    };
    let mut findings = vec![
        finding("C11".to_owned(), over(&|one| one.cubic()[0])),
        finding("C12".to_owned(), over(&|one| one.cubic()[1])),
        finding("C44".to_owned(), over(&|one| one.cubic()[2])),
        finding(
            "bulk modulus".to_owned(),
            over(&ElasticConstants::bulk_modulus),
        ),
        finding(
            "shear modulus (Voigt)".to_owned(),
            over(&ElasticConstants::shear_modulus),
        ),
        finding(
            "largest difference of C_ij and C_ji".to_owned(),
            over(&|one| one.asymmetry),
        ),
    ];
    let largest =
        |one: &ElasticConstants| one.stress.iter().fold(0.0_f64, |most, s| most.max(s.abs()));
    findings.push(finding("largest stress at rest".to_owned(), over(&largest)));
    let mut samples = Samples::new(&[
        ("row", ""),
        ("column 1", "GPa"),
        ("column 2", "GPa"),
        ("column 3", "GPa"),
        ("column 4", "GPa"),
        ("column 5", "GPa"),
        ("column 6", "GPa"),
    ]);
    for row in 0..6 {
        let mut values = vec![row as f64 + 1.0];
        values.extend((0..6).map(|column| over(&|one| one.constants[row][column]).mean));
        samples.rows.push(values);
    }
    Ok(Report {
        recipe: vec![
            format!("crystal: {described}"),
            format!("stress at strains of ±{STRAIN} in each of six components, atoms relaxed at each strain"),
            "C11, C12, C44: means of the components that are equal in a cubic crystal; samples: all 36, in Voigt's order xx, yy, zz, yz, xz, xy".to_owned(),
        ],
        findings,
        samples,
    })
}

/// Energy [eV] of a structure with a strain applied, atoms relaxed: what elastic constants are the
/// second derivative of.
///
/// # Errors
/// The relaxation failed.
pub fn strained_energy(
    bench: &Bench,
    system: &System,
    deformation: &Matrix,
) -> Result<f64, EnergyError> {
    let strained = deformed(system, &unwrapped(system), deformation)?;
    Ok(bench.relax(strained, "a strained crystal")?.0.energy)
}
