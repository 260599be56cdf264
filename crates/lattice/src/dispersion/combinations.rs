//! The number of ways to put atoms on sites.

use std::f64::consts::TAU;

/// Up to here, factors are multiplied one by one.
const FEW: u64 = 64;

/// ln of the number of ways to choose `chosen` of `sites`; `chosen` must not exceed `sites`.
///
/// For few chosen (or few left) it is the sum of the logarithms of the factors. Else it is
/// Stirling's series with four terms, whose error is below 1e-18 here, arranged after Loader so
/// that no large numbers cancel: lnΓ(M+1) - lnΓ(N+1) - lnΓ(M-N+1) in floating point would lose
/// ever more digits as M grows (C. Loader 2000, "Fast and accurate computation of binomial
/// probabilities", section 2).
pub(crate) fn ln_choose(sites: u64, chosen: u64) -> f64 {
    let few = chosen.min(sites - chosen);
    if few < FEW {
        return (1..=few)
            .map(|k| ((sites - few + k) as f64 / k as f64).ln())
            .sum();
    }
    let (m, n) = (sites as f64, few as f64);
    let fraction = n / m;
    let entropy = -n * fraction.ln() - (m - n) * (-fraction).ln_1p();
    entropy - 0.5 * (TAU * n * (1.0 - fraction)).ln() + stirling_error(m)
        - stirling_error(n)
        - stirling_error(m - n)
}

/// ln n! less Stirling's approximation ln(√(2πn) (n/e)ⁿ); NIST Digital Library of Mathematical
/// Functions, eq. 5.11.1.
fn stirling_error(n: f64) -> f64 {
    let square = 1.0 / (n * n);
    (1.0 / 12.0 - square * (1.0 / 360.0 - square * (1.0 / 1260.0 - square / 1680.0))) / n
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A few roundings of numbers near the result.
    const ROUNDING: f64 = 4e-15;

    #[test]
    fn it_is_the_logarithm_of_the_whole_number() {
        // math.log(math.comb(M, N)) of Python, whose binomial coefficients are exact.
        for (sites, chosen, expected) in [
            (1, 0, 0.0),
            (1, 1, 0.0),
            (100, 3, LN_100_3),
            (100, 50, LN_100_50),
            (1600, 50, LN_1600_50),
            (1600, 63, LN_1600_63),
            (1600, 64, LN_1600_64),
            (1600, 800, LN_1600_800),
            (1600, 1540, LN_1600_1540),
            (1_000_000, 32_233, LN_1E6_32233),
            (100_000_000, 63, LN_1E8_63),
            (100_000_000, 64, LN_1E8_64),
        ] {
            let found = ln_choose(sites, chosen);
            assert!(
                (found - expected).abs() <= ROUNDING * expected,
                "{chosen} of {sites}: {found}, not {expected}"
            );
        }
    }

    const LN_100_3: f64 = 11.993498045565198;
    const LN_100_50: f64 = 66.78384165201743;
    const LN_1600_50: f64 = 219.6365335162699;
    const LN_1600_63: f64 = 262.5526583939969;
    const LN_1600_64: f64 = 265.73136305417586;
    const LN_1600_800: f64 = 1105.120661839164;
    const LN_1600_1540: f64 = 252.91713739029473;
    const LN_1E6_32233: f64 = 142414.51502925146;
    const LN_1E8_63: f64 = 959.4935509397135;
    const LN_1E8_64: f64 = 973.7553479703058;
}
