//! Coalescence without space: every pair is as likely to meet as any other.

use frit_engine::random::{Purpose, Streams};

/// The volumes after `time` of a well-mixed population that starts with `count` particles of
/// volume 1, by the process of Marcus and Lushnikov.
///
/// Each pair merges at the rate `1/count`. For many particles Smoluchowski's solution holds: with
/// `T = time/2`, `N/N0 = 1/(1+T)` and `n_k/N0 = T^(k-1)/(1+T)^(k+1)`. It is the yardstick of what
/// migration in space does differently.
pub fn coalesce(count: usize, time: f64, streams: Streams, run: u64) -> Vec<u64> {
    let mut stream = streams.stream(Purpose::WellMixedCollision, 0, run);
    let mut volumes = vec![1_u64; count];
    let mut now = 0.0;
    while volumes.len() > 1 {
        let left = volumes.len();
        let rate = (left * (left - 1)) as f64 / (2 * count) as f64;
        now -= stream.uniform().ln() / rate;
        if now > time {
            break;
        }
        let goes = stream.below(left as u64) as usize;
        let other = stream.below(left as u64 - 1) as usize;
        let stays = if other < goes { other } else { other + 1 };
        volumes[stays] += volumes[goes];
        volumes.swap_remove(goes);
    }
    volumes
}
