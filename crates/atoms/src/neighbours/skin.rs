//! The choice of the skin.

/// Chooses the skin from counts of evaluations and builds.
///
/// **Model.** A row of range `cutoff + skin` has entries in proportion to `(cutoff + skin)³`. An
/// evaluation looks at each entry once; a build, which comes every `steps_per_skin · skin`
/// evaluations, costs `build_cost` such looks an entry. The cost of an evaluation is then, but for
/// parts that do not depend on the skin,
///
/// > `(cutoff + skin)³ (1 + build_cost / (steps_per_skin · skin))`.
///
/// Its least value is at the positive root of
/// `3 a s² + 2 h s − h cutoff = 0`, with `s` the skin, `h` the build cost and `a` the evaluations that
/// a skin of 1 Å lasts, which is measured. The minimum is flat: for metals near melting, 2 fs a step
/// (`a` about 13/Å), costs within 4 % of the least are found from 0.5 to 1 Å.
///
/// No clock is read, so that a run chooses the same skins whenever it is repeated.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SkinTuner {
    /// What a build costs for an entry of the list, in units of what an evaluation costs for an entry
    /// beyond the cutoff, which its kernel only reads and drops.
    pub build_cost: f64,
}

impl Default for SkinTuner {
    /// A build that costs as much as reading the list three times: on one core with AVX-512, building
    /// was measured to take 3.5 to 5.5 ns an entry, ghosts and wrapping included, and kernels of EAM
    /// and MEAM to drop an entry in 1 to 2 ns.
    fn default() -> Self {
        Self { build_cost: 3.0 }
    }
}

/// The smallest and largest skin that a tuner chooses [Å].
const BOUNDS: (f64, f64) = (0.2, 2.0);

/// Skins are chosen in these steps [Å]: small changes are not worth new buffers.
const STEP: f64 = 0.1;

impl SkinTuner {
    /// The skin [Å] of least cost for a cutoff [Å] when a skin of 1 Å lasts `steps_per_skin`
    /// evaluations, in whole steps of 0.1 Å between 0.2 and 2 Å.
    pub fn best(&self, cutoff: f64, steps_per_skin: f64) -> f64 {
        let (a, h) = (steps_per_skin, self.build_cost);
        let root = ((h * h + 3.0 * a * h * cutoff).sqrt() - h) / (3.0 * a);
        if a.is_infinite() {
            return BOUNDS.0;
        }
        if root.is_nan() {
            // Lists last no evaluation at all: the limit of few is a large skin.
            return BOUNDS.1;
        }
        ((root / STEP).round() * STEP).clamp(BOUNDS.0, BOUNDS.1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_skin_has_the_least_cost_of_the_model() {
        for (cutoff, steps, build_cost) in [(6.5, 13.0, 4.0), (4.59, 13.0, 3.0), (6.5, 40.0, 8.0)] {
            let tuner = SkinTuner { build_cost };
            let cost = |skin: f64| (cutoff + skin).powi(3) * (1.0 + build_cost / (steps * skin));
            let best = tuner.best(cutoff, steps);
            // The best is rounded to a tenth: compare with its neighbours by more than that.
            assert!(cost(best) < cost(best - STEP), "{best}");
            assert!(cost(best) < cost(best + STEP), "{best}");
        }
    }

    #[test]
    fn extreme_counts_give_usable_skins() {
        let tuner = SkinTuner::default();
        for steps in [0.0, 1e-300, 1e-3, 1e6, 1e300, f64::INFINITY] {
            let skin = tuner.best(6.5, steps);
            assert!((0.2..=2.0).contains(&skin), "{steps}: {skin}");
        }
    }
}
