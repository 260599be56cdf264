//! Standard errors of means over observations that are not independent.

/// At most so many blocks; an even number.
const MOST: usize = 64;
/// Fewer blocks tell no error.
const FEWEST: usize = 8;

/// Sums over blocks of consecutive observations: as many blocks as fit, all of equally many
/// observations but the last. When there are too many, pairs become one.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Blocks<const N: usize> {
    /// Observations of a whole block.
    length: u64,
    /// Observations of the last block.
    filled: u64,
    /// For each block, the sum of weights and the weighted sums.
    sums: Vec<(f64, [f64; N])>,
}

impl<const N: usize> Default for Blocks<N> {
    fn default() -> Self {
        Self {
            length: 1,
            filled: 0,
            sums: Vec::new(),
        }
    }
}

impl<const N: usize> Blocks<N> {
    pub(crate) fn add(&mut self, weight: f64, values: [f64; N]) {
        if self.sums.is_empty() || self.filled == self.length {
            if self.sums.len() == MOST {
                self.sums = joined(&self.sums);
                self.length *= 2;
            }
            self.sums.push((0.0, [0.0; N]));
            self.filled = 0;
        }
        self.filled += 1;
        if let Some((sum, sums)) = self.sums.last_mut() {
            *sum += weight;
            for (sum, value) in sums.iter_mut().zip(values) {
                *sum += weight * value;
            }
        }
    }

    /// The standard error of the weighted mean of the values of this number: the largest that
    /// blocks of one, two and four times this length tell, since blocks that are too short tell
    /// too little (Flyvbjerg and Petersen 1989, doi:10.1063/1.457480).
    pub(crate) fn error(&self, which: usize) -> Option<f64> {
        let mut largest: Option<f64> = None;
        let mut sums = self.sums.clone();
        while sums.len() >= FEWEST {
            let error = error_of(&sums, which);
            largest = Some(largest.map_or(error, |known| known.max(error)));
            sums = joined(&sums);
        }
        largest
    }

    /// The number of numbers that follow, then all of them.
    pub(crate) fn to_numbers(&self) -> Vec<f64> {
        let mut numbers = vec![
            self.sums.len() as f64,
            self.length as f64,
            self.filled as f64,
        ];
        for (weight, sums) in &self.sums {
            numbers.push(*weight);
            numbers.extend(sums);
        }
        numbers
    }

    /// Reads what [`Blocks::to_numbers`] wrote at the beginning of these numbers, and what is left.
    pub(crate) fn from_numbers(numbers: &[f64]) -> Option<(Self, &[f64])> {
        let (&[count, length, filled], rest) = numbers.split_first_chunk::<3>()?;
        let (sums, rest) = rest.split_at_checked(count as usize * (N + 1))?;
        let sums = sums.chunks_exact(N + 1);
        let blocks = Self {
            length: length as u64,
            filled: filled as u64,
            sums: sums
                .map(|sums| (sums[0], std::array::from_fn(|k| sums[k + 1])))
                .collect(),
        };
        Some((blocks, rest))
    }
}

/// Pairs of blocks as one; the last is alone if their number is odd.
fn joined<const N: usize>(sums: &[(f64, [f64; N])]) -> Vec<(f64, [f64; N])> {
    let pairs = sums.chunks(2);
    pairs
        .map(|pair| {
            pair[1..]
                .iter()
                .fold(pair[0], |(weight, sums), (other, others)| {
                    let sums = std::array::from_fn(|k| sums[k] + others[k]);
                    (weight + other, sums)
                })
        })
        .collect()
}

/// The standard error of a weighted mean from blocks that are taken as independent: that of a
/// ratio of sums, √[n/(n - 1) Σ w² (x - mean)²] / Σ w.
fn error_of<const N: usize>(sums: &[(f64, [f64; N])], which: usize) -> f64 {
    let weight: f64 = sums.iter().map(|(weight, _)| weight).sum();
    let mean: f64 = sums.iter().map(|(_, sums)| sums[which]).sum::<f64>() / weight;
    let squares = sums.iter().map(|(weight, sums)| {
        let away = sums[which] - weight * mean;
        away * away
    });
    let count = sums.len() as f64;
    (count / (count - 1.0) * squares.sum::<f64>()).sqrt() / weight
}

#[cfg(test)]
mod tests {
    use super::*;
    use frit_engine::random::{Purpose, Streams};

    #[test]
    fn errors_are_those_of_independent_runs() {
        // Means of an autoregressive process of correlation time 20, whose error is known:
        // variance 1, √(2 τ / n) with 2 τ = (1 + a) / (1 - a).
        const RUNS: usize = 50;
        const LENGTH: usize = 20_000;
        let a: f64 = 0.95;
        let exact = ((1.0 + a) / (1.0 - a) / LENGTH as f64).sqrt();
        let mut mean = 0.0;
        for run in 0..RUNS {
            let mut stream = Streams::new(1).stream(Purpose::Test, 0, run as u64);
            let mut blocks = Blocks::<1>::default();
            let mut x = stream.normal();
            for _ in 0..LENGTH {
                x = a * x + (1.0 - a * a).sqrt() * stream.normal();
                blocks.add(2.5, [x]);
            }
            assert!((FEWEST..=MOST).contains(&blocks.sums.len()));
            mean += blocks.error(0).unwrap() / RUNS as f64;
        }
        // The largest of three estimates, each of some ten per cent of noise, lies above.
        assert!((0.95..1.25).contains(&(mean / exact)), "{mean} {exact}");
    }

    #[test]
    fn numbers_bring_them_back() {
        let mut blocks = Blocks::<2>::default();
        assert_eq!(blocks.error(0), None);
        for k in 0..1000 {
            blocks.add(1.0 + f64::from(k % 3), [f64::from(k), 1.0]);
            let mut numbers = blocks.to_numbers();
            numbers.push(7.0);
            let (back, rest) = Blocks::from_numbers(&numbers).unwrap();
            assert_eq!((&back, rest), (&blocks, &[7.0][..]));
        }
        assert_eq!(blocks.error(1), Some(0.0));
        assert!(Blocks::<2>::from_numbers(&[5.0, 1.0, 1.0]).is_none());
    }
}
