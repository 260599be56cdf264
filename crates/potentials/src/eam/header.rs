//! The line of counts, spacings and cutoff that funcfl, setfl and `eam/fs` share.

use super::error::{EamFileError, EamProblem};
use super::words::Words;

/// `Nrho drho Nr dr cutoff`.
pub(super) struct Header {
    pub(super) densities: usize,
    pub(super) density_step: f64,
    pub(super) distances: usize,
    pub(super) distance_step: f64,
    pub(super) cutoff: f64,
}

/// Fewer points do not have the five-point derivative of the interpolation.
pub(super) const FEWEST_POINTS: usize = 5;
/// Spacings and cutoffs outside of these are an error: their powers would overflow.
const SMALLEST: f64 = 1e-9;
const LARGEST: f64 = 1e9;
/// More points are an error rather than a table.
const MOST_POINTS: usize = 1 << 24;

impl Header {
    pub(super) fn read(words: &mut Words<'_>) -> Result<Self, EamFileError> {
        const WANTED: &str = "`Nrho drho Nr dr cutoff`";
        let line = words.filled_line(WANTED)?;
        let fields: Vec<&str> = line.split_whitespace().take(6).collect();
        let &[densities, density_step, distances, distance_step, cutoff] = fields.as_slice() else {
            return Err(words.error(EamProblem::WordCount {
                found: fields.len(),
                wanted: WANTED,
            }));
        };
        let header = Self {
            densities: words.parse_count(densities, "Nrho, the number of densities")?,
            density_step: words.parse_number(density_step, "drho, the spacing of densities")?,
            distances: words.parse_count(distances, "Nr, the number of distances")?,
            distance_step: words.parse_number(distance_step, "dr, the spacing of distances")?,
            cutoff: words.parse_number(cutoff, "the cutoff")?,
        };
        header.check(words)?;
        Ok(header)
    }

    fn check(&self, words: &Words<'_>) -> Result<(), EamFileError> {
        for (name, points) in [
            ("Nrho, the number of densities,", self.densities),
            ("Nr, the number of distances,", self.distances),
        ] {
            if !(FEWEST_POINTS..=MOST_POINTS).contains(&points) {
                return Err(words.error(EamProblem::OutOfRange {
                    name,
                    found: points as f64,
                    allowed: format!("from {FEWEST_POINTS} to {MOST_POINTS}"),
                }));
            }
        }
        for (name, number) in [
            ("drho, the spacing of densities,", self.density_step),
            ("dr, the spacing of distances,", self.distance_step),
            ("the cutoff", self.cutoff),
        ] {
            if !(SMALLEST..=LARGEST).contains(&number) {
                return Err(words.error(EamProblem::OutOfRange {
                    name,
                    found: number,
                    allowed: "positive, and not beyond all use".to_owned(),
                }));
            }
        }
        // Tables may end up to two steps early, where their functions are zero; a shorter one would
        // leave forces without a meaning, and an absurd cutoff would list all atoms.
        let end = (self.distances + 1) as f64 * self.distance_step;
        if self.cutoff > end * (1.0 + 1e-9) {
            return Err(words.error(EamProblem::OutOfRange {
                name: "the cutoff",
                found: self.cutoff,
                allowed: format!(
                    "within the table, which ends at {} Å",
                    (self.distances - 1) as f64 * self.distance_step
                ),
            }));
        }
        Ok(())
    }
}
