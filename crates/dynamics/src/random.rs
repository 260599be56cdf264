//! Random numbers of the distributions that thermostats need.

use frit_engine::random::Stream;

/// A gamma-distributed number of shape `shape` > 0 and scale 1.
///
/// Marsaglia and Tsang 2000, doi:10.1145/358407.358414; shapes below 1 by their section 6.
fn gamma(stream: &mut Stream, shape: f64) -> f64 {
    if shape < 1.0 {
        let boost = stream.uniform().powf(1.0 / shape);
        return gamma(stream, shape + 1.0) * boost;
    }
    let d = shape - 1.0 / 3.0;
    let c = 1.0 / (9.0 * d).sqrt();
    loop {
        let normal = stream.normal();
        let root = 1.0 + c * normal;
        if root <= 0.0 {
            continue;
        }
        let v = root * root * root;
        if stream.uniform().ln() < 0.5 * normal * normal + d * (1.0 - v + v.ln()) {
            return d * v;
        }
    }
}

/// The sum of the squares of `count` independent normal numbers.
pub(crate) fn sum_of_squares(stream: &mut Stream, count: usize) -> f64 {
    if count == 0 {
        return 0.0;
    }
    2.0 * gamma(stream, 0.5 * count as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use frit_engine::random::{Purpose, Streams};

    #[test]
    fn sums_of_squares_have_the_mean_and_variance_of_chi_squared() {
        const NUMBERS: usize = 40_000;
        for count in [1, 2, 3, 30, 3000] {
            let mut stream = Streams::new(11).stream(Purpose::Test, 0, count as u64);
            let draws: Vec<f64> = (0..NUMBERS)
                .map(|_| sum_of_squares(&mut stream, count))
                .collect();
            let k = count as f64;
            let mean = draws.iter().sum::<f64>() / NUMBERS as f64;
            let variance = draws.iter().map(|x| (x - k).powi(2)).sum::<f64>() / NUMBERS as f64;
            // Chi squared: mean k, variance 2 k, fourth central moment 12 k (k + 4).
            let mean_sigma = (2.0 * k / NUMBERS as f64).sqrt();
            let variance_sigma = ((12.0 * k * (k + 4.0) - 4.0 * k * k) / NUMBERS as f64).sqrt();
            assert!(((mean - k) / mean_sigma).abs() < 4.0, "mean of {count}");
            assert!(
                ((variance - 2.0 * k) / variance_sigma).abs() < 4.0,
                "variance of {count}"
            );
        }
    }
}
