//! Means with errors, and tests of distributions.

/// A mean and its standard deviation, from the scatter of the means of blocks; the blocks must be
/// much longer than the correlation time.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Estimate {
    pub(crate) mean: f64,
    pub(crate) sigma: f64,
}

const BLOCKS: usize = 32;

impl Estimate {
    pub(crate) fn of(samples: &[f64]) -> Self {
        let length = samples.len() / BLOCKS;
        let means: Vec<f64> = samples
            .chunks_exact(length)
            .take(BLOCKS)
            .map(|block| block.iter().sum::<f64>() / length as f64)
            .collect();
        let mean = means.iter().sum::<f64>() / BLOCKS as f64;
        let scatter: f64 = means.iter().map(|m| (m - mean).powi(2)).sum();
        let sigma = (scatter / (BLOCKS * (BLOCKS - 1)) as f64).sqrt();
        Self { mean, sigma }
    }

    /// How many sigmas the mean is from a value.
    pub(crate) fn sigmas_from(self, expected: f64) -> f64 {
        ((self.mean - expected) / self.sigma).abs()
    }
}

/// Deviations that chance exceeds: once in 5000 for 32 blocks (Student's t with 31 degrees).
pub(crate) const SIGMAS: f64 = 4.2;

/// Integrated autocorrelation time in samples, summed up to the first negative value.
pub(crate) fn correlation_time(samples: &[f64]) -> f64 {
    let count = samples.len();
    let mean = samples.iter().sum::<f64>() / count as f64;
    let covariance = |lag: usize| -> f64 {
        let pairs = samples.iter().zip(&samples[lag..]);
        let sum: f64 = pairs.map(|(a, b)| (a - mean) * (b - mean)).sum();
        sum / (count - lag) as f64
    };
    let variance = covariance(0);
    let mut time = 0.5;
    for lag in 1..count / 10 {
        let correlation = covariance(lag) / variance;
        if correlation < 0.0 {
            break;
        }
        time += correlation;
    }
    2.0 * time
}

/// Kolmogorov's statistic `√n sup |F_n - F|` of independent samples; chance exceeds 1.95 once in
/// 1000.
pub(crate) fn kolmogorov(samples: &[f64], cumulative: impl Fn(f64) -> f64) -> f64 {
    let mut sorted = samples.to_vec();
    sorted.sort_by(f64::total_cmp);
    let count = sorted.len() as f64;
    let distance = sorted
        .iter()
        .enumerate()
        .map(|(k, &x)| {
            let here = cumulative(x);
            (here - k as f64 / count)
                .abs()
                .max(((k + 1) as f64 / count - here).abs())
        })
        .fold(0.0, f64::max);
    distance * count.sqrt()
}

/// Kolmogorov's statistic that chance exceeds once in 1000.
pub(crate) const KOLMOGOROV_LIMIT: f64 = 1.95;

/// How far the largest is from the smallest.
pub(crate) fn range(values: &[f64]) -> f64 {
    let largest = values.iter().copied().fold(f64::MIN, f64::max);
    largest - values.iter().copied().fold(f64::MAX, f64::min)
}

/// The cumulative gamma distribution of this shape and scale 1 (series of the incomplete gamma
/// function, DLMF 8.7.1).
pub(crate) fn gamma_cumulative(shape: f64, x: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    // ln of x^s e^-x / Γ(s + 1), then the sum of x^k / ((s + 1) … (s + k)).
    let log = shape * x.ln() - x - ln_gamma(shape + 1.0);
    let (mut term, mut sum, mut k) = (1.0, 1.0, 0.0);
    while term > 1e-16 * sum {
        k += 1.0;
        term *= x / (shape + k);
        sum += term;
    }
    (log.exp() * sum).min(1.0)
}

/// ln Γ(x) by Stirling's series after shifting x above 20 (DLMF 5.11.1).
fn ln_gamma(mut x: f64) -> f64 {
    let mut shift = 0.0;
    while x < 20.0 {
        shift -= x.ln();
        x += 1.0;
    }
    let series = 1.0 / (12.0 * x) - 1.0 / (360.0 * x.powi(3)) + 1.0 / (1260.0 * x.powi(5));
    shift + (x - 0.5) * x.ln() - x + 0.5 * std::f64::consts::TAU.ln() + series
}

#[test]
fn the_gamma_distribution_is_right() {
    // Shape 1 is exponential; shape 2 has 1 - (1 + x) e^-x.
    for x in [0.1, 1.0, 5.0] {
        assert!((gamma_cumulative(1.0, x) - (1.0 - (-x).exp())).abs() < 1e-12);
        assert!((gamma_cumulative(2.0, x) - (1.0 - (1.0 + x) * (-x).exp())).abs() < 1e-12);
    }
    assert!((ln_gamma(0.5) - std::f64::consts::PI.sqrt().ln()).abs() < 1e-12);
}
