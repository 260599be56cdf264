//! Energy against volume.

use frit_atoms::{Matrix, System};

use crate::bench::{Bench, deformed};
use crate::elastic::GIGAPASCAL;
use crate::report::{Finding, Report, Samples};
use crate::{EnergyError, crystal};

/// Coefficients of the polynomial in `V^(-2/3)`.
const COEFFICIENTS: usize = 4;

/// The equation of Birch and Murnaghan, fitted to energies.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BirchMurnaghan {
    /// Volume without pressure [Å³].
    pub volume: f64,
    /// Energy there [eV].
    pub energy: f64,
    /// Bulk modulus there [eV/Å³].
    pub bulk_modulus: f64,
    /// Its derivative by the pressure.
    pub derivative: f64,
    /// Root of the mean squared difference of fit and energies [eV].
    pub residual: f64,
}

impl BirchMurnaghan {
    /// Fits volumes [Å³] and energies [eV].
    ///
    /// The energy of third order is a cubic polynomial in `x = V^(-2/3)`: Birch 1947,
    /// doi:10.1103/PhysRev.71.809. Its minimum and derivatives there give the four parameters.
    ///
    /// # Errors
    /// There must be at least five points around a minimum.
    pub fn fit(points: &[[f64; 2]]) -> Result<Self, EnergyError> {
        if points.len() <= COEFFICIENTS {
            return Err(EnergyError::Parameter {
                name: "the number of volumes",
                value: points.len().to_string(),
                expected: "at least 5, four parameters are fitted",
            });
        }
        // Scaled so that the normal equations stay well conditioned.
        let middle = points.iter().map(|p| p[0]).sum::<f64>() / points.len() as f64;
        let base = points[points.len() / 2][1];
        let scaled = |volume: f64| (volume / middle).powf(-2.0 / 3.0) - 1.0;
        let data: Vec<[f64; 2]> = points.iter().map(|p| [scaled(p[0]), p[1] - base]).collect();
        let c = cubic(&data);
        let discriminant = c[2] * c[2] - 3.0 * c[1] * c[3];
        let least = (-c[2] + discriminant.sqrt()) / (3.0 * c[3]);
        let least = if least.is_finite() {
            least
        } else {
            -0.5 * c[1] / c[2]
        };
        let range = data.iter().fold([f64::MAX, f64::MIN], |[low, high], p| {
            [low.min(p[0]), high.max(p[0])]
        });
        if !(range[0] < least && least < range[1]) {
            return Err(EnergyError::NoResult(
                "the energies have no minimum among the volumes: widen the range, or start at a better lattice constant".to_owned(),
            ));
        }
        let x = 1.0 + least;
        let volume = middle * x.powf(-1.5);
        // E'(V) and E''(V) by the chain rule with dx/dV = -2x/(3V).
        let second = 2.0 * c[2] + 6.0 * c[3] * least;
        let third = 6.0 * c[3];
        let slope = -2.0 * x / (3.0 * volume);
        let bulk_modulus = volume * slope * slope * second;
        // B' = -1 - V E'''/E'' with d²x/dV² = -5/(3V) dx/dV.
        let rate = slope * third / second - 5.0 / volume;
        let misfit = data.iter().map(|p| (value(&c, p[0]) - p[1]).powi(2));
        Ok(Self {
            volume,
            energy: base + value(&c, least),
            bulk_modulus,
            derivative: -1.0 - volume * rate,
            residual: (misfit.sum::<f64>() / data.len() as f64).sqrt(),
        })
    }

    /// Energy at a volume [eV].
    pub fn at(&self, volume: f64) -> f64 {
        let square = (self.volume / volume).powf(2.0 / 3.0);
        let strain = square - 1.0;
        let factor = 9.0 * self.volume * self.bulk_modulus / 16.0;
        self.energy
            + factor * (strain.powi(3) * self.derivative + strain * strain * (6.0 - 4.0 * square))
    }
}

fn value(c: &[f64; COEFFICIENTS], x: f64) -> f64 {
    c[0] + x * (c[1] + x * (c[2] + x * c[3]))
}

/// The cubic of least squares.
fn cubic(data: &[[f64; 2]]) -> [f64; COEFFICIENTS] {
    // Orthogonal polynomials on the points (Forsythe 1957, doi:10.1137/0105007): no matrix to invert.
    let mut result = [0.0; COEFFICIENTS];
    let mut basis: Vec<[f64; COEFFICIENTS]> = Vec::new();
    let product = |f: &[f64; COEFFICIENTS], g: &[f64; COEFFICIENTS]| -> f64 {
        data.iter().map(|p| value(f, p[0]) * value(g, p[0])).sum()
    };
    for degree in 0..COEFFICIENTS {
        let mut next = [0.0; COEFFICIENTS];
        next[degree] = 1.0;
        // Twice, since the powers are nearly parallel.
        for _ in 0..2 {
            for known in &basis {
                let share = product(&next, known) / product(known, known);
                for (a, b) in next.iter_mut().zip(known) {
                    *a -= share * b;
                }
            }
        }
        let along: f64 = data.iter().map(|p| p[1] * value(&next, p[0])).sum();
        let share = along / product(&next, &next);
        for (a, b) in result.iter_mut().zip(&next) {
            *a += share * b;
        }
        basis.push(next);
    }
    result
}

/// Energies at volumes around a structure's, and the fit.
#[derive(Debug, Clone, PartialEq)]
pub struct EquationOfState {
    /// Volume [Å³] and energy [eV] per atom.
    pub points: Vec<[f64; 2]>,
    /// The fit, per atom.
    pub fit: BirchMurnaghan,
}

/// Energies at `volumes` volumes within `range` (a fraction) on both sides of a structure's, its
/// cell scaled in all directions and its atoms relaxed.
///
/// # Errors
/// The structure must be periodic; there must be at least five volumes.
pub fn equation_of_state(
    bench: &Bench,
    system: &System,
    range: f64,
    volumes: u32,
) -> Result<EquationOfState, EnergyError> {
    if !(range > 0.0 && range < 0.5) {
        return Err(EnergyError::Parameter {
            name: "the range of volumes",
            value: range.to_string(),
            expected: "a fraction between 0 and 0.5",
        });
    }
    let [best, _] = crystal::without_pressure(bench, system)?;
    let position = crate::bench::unwrapped(system);
    let atoms = system.atoms.len() as f64;
    let mut points = Vec::new();
    for k in 0..volumes {
        let fraction = 1.0 + range * (2.0 * f64::from(k) / f64::from(volumes.max(2) - 1) - 1.0);
        let scale = Matrix::from_diagonal_element(best * fraction.cbrt());
        let scaled = deformed(system, &position, &scale)?;
        let volume = scaled.cell.volume();
        let (relaxed, _) = bench.relax(scaled, "a scaled cell")?;
        points.push([volume / atoms, relaxed.energy / atoms]);
    }
    let fit = BirchMurnaghan::fit(&points)?;
    Ok(EquationOfState { points, fit })
}

/// What was found for several structures of one crystal, and how.
pub fn state_report(found: &[EquationOfState], described: &str) -> Report {
    let mut samples = Samples::new(&[
        ("realisation", ""),
        ("volume per atom", "Å^3"),
        ("energy per atom", "eV"),
    ]);
    for (realisation, state) in found.iter().enumerate() {
        let rows = state.points.iter();
        let rows = rows.map(|[volume, energy]| vec![realisation as f64, *volume, *energy]);
        samples.rows.extend(rows);
    }
    let over = |name: &str, unit, value: &dyn Fn(&BirchMurnaghan) -> f64| {
        let values: Vec<f64> = found.iter().map(|one| value(&one.fit)).collect();
        Finding::over(name, &values, unit)
    };
    let volumes = samples.rows.iter().map(|row| row[1]);
    let [first, last] = volumes.fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], volume| {
        [low.min(volume), high.max(volume)]
    });
    Report {
        recipe: vec![
            format!("crystal: {described}"),
            format!(
                "{} volumes from {first:.3} to {last:.3} Å³ per atom, cell scaled evenly, atoms relaxed",
                found.first().map_or(0, |one| one.points.len())
            ),
            "fit: Birch-Murnaghan of third order".to_owned(),
        ],
        findings: vec![
            over("volume per atom", "Å^3", &|fit| fit.volume),
            over("energy per atom", "eV", &|fit| fit.energy),
            over("bulk modulus", "GPa", &|fit| GIGAPASCAL * fit.bulk_modulus),
            over("derivative of the bulk modulus", "", &|fit| fit.derivative),
            over("root mean square of the fit", "meV", &|fit| {
                1e3 * fit.residual
            }),
        ],
        samples,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fit_returns_the_parameters_of_exact_energies() {
        let exact = BirchMurnaghan {
            volume: 15.03,
            energy: -5.77,
            bulk_modulus: 1.8,
            derivative: 5.2,
            residual: 0.0,
        };
        let points: Vec<[f64; 2]> = (0..9)
            .map(|k| 15.03 * (0.93 + 0.0175 * f64::from(k)))
            .map(|volume| [volume, exact.at(volume)])
            .collect();
        let fit = BirchMurnaghan::fit(&points).unwrap();
        // Energies have rounding errors of 1e-15 eV; derivatives lose a factor 1/strain each, 1/0.05.
        assert!((fit.volume - exact.volume).abs() < 1e-10, "{fit:?}");
        assert!((fit.energy - exact.energy).abs() < 1e-13);
        assert!((fit.bulk_modulus - exact.bulk_modulus).abs() < 1e-10);
        assert!((fit.derivative - exact.derivative).abs() < 1e-8);
        assert!(fit.residual < 1e-14);
    }
}
