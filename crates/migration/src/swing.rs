//! How a value swings over time: deviation and period.

/// Particles whose Cu fraction deviates by more than this oscillate.
pub const OSCILLATING: f64 = 0.03;

/// How one value swings.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Swing {
    /// Deviation from the mean over time.
    pub deviation: f64,
    /// Median of the times from rise to rise, if it rises twice or more, in the unit of the times.
    pub period: Option<f64>,
}

/// Deviation and period of a course of values at rising times.
///
/// A rise is where the course crosses its mean upwards after it was half a deviation below, so that
/// noise is not counted; the median forgives a rise that was missed.
pub fn swing(times: &[f64], values: &[f64]) -> Swing {
    let count = values.len().max(1) as f64;
    let mean = values.iter().sum::<f64>() / count;
    let squares = values.iter().map(|value| (value - mean).powi(2));
    let deviation = (squares.sum::<f64>() / count).sqrt();
    let mut rises = Vec::new();
    let mut armed = false;
    let steps = times.windows(2).zip(values.windows(2));
    for (time, value) in steps {
        armed |= value[0] < mean - 0.5 * deviation;
        if armed && value[0] < mean && value[1] >= mean {
            let way = (mean - value[0]) / (value[1] - value[0]);
            rises.push(time[0] + way * (time[1] - time[0]));
            armed = false;
        }
    }
    let mut between: Vec<f64> = rises.windows(2).map(|pair| pair[1] - pair[0]).collect();
    between.sort_by(f64::total_cmp);
    let middle = between.len() / 2;
    let period = match between.len() {
        0 => None,
        odd if odd % 2 == 1 => Some(between[middle]),
        _ => Some(f64::midpoint(between[middle - 1], between[middle])),
    };
    Swing { deviation, period }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_noisy_sine_has_its_amplitude_and_its_period() {
        let times: Vec<f64> = (0..2000).map(|k| f64::from(k) * 0.005).collect();
        // A fast ripple of a tenth crosses the mean several times at each rise.
        let value = |t: &f64| 0.6 + 0.2 * (t * 5.0).sin() + 0.02 * (t * 400.0).sin();
        let values: Vec<f64> = times.iter().map(value).collect();
        let found = swing(&times, &values);
        let period = std::f64::consts::TAU / 5.0;
        // A crossing is shifted by the ripple by at most 0.1/5.
        assert!((found.period.unwrap() - period).abs() < 2.0 * 0.02);
        // Eight periods less a bit: a few per cent.
        assert!((found.deviation / (0.2 / 2.0_f64.sqrt()) - 1.0).abs() < 0.05);
        assert_eq!(swing(&times, &vec![1.0; 2000]).period, None);
        assert_eq!(swing(&[], &[]).deviation, 0.0);
    }
}
