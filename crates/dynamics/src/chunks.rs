//! Sums over atoms in fixed chunks, so that their bits do not depend on the number of threads.

use std::ops::{AddAssign, Range};

use rayon::prelude::*;

/// Atoms in a chunk; fixed, never taken from the number of threads.
pub(crate) const CHUNK: usize = 1024;

/// From this many atoms on, chunks are worked on in parallel: waking threads costs about 10 µs,
/// which is what one thread needs for the light work on a few thousand atoms.
pub(crate) const PARALLEL: usize = 8 * CHUNK;

/// The sum of `part` over the chunks of `atoms` atoms, added in the order of the chunks.
pub(crate) fn sum<T>(atoms: usize, part: impl Fn(Range<usize>) -> T + Sync) -> T
where
    T: Default + AddAssign + Send,
{
    let chunk = |c: usize| part(c * CHUNK..((c + 1) * CHUNK).min(atoms));
    let chunks = 0..atoms.div_ceil(CHUNK);
    if atoms < PARALLEL {
        total(chunks.map(chunk))
    } else {
        let parts: Vec<T> = chunks.into_par_iter().map(chunk).collect();
        total(parts)
    }
}

/// The sum of `parts` in their order.
pub(crate) fn total<T: Default + AddAssign>(parts: impl IntoIterator<Item = T>) -> T {
    let mut total = T::default();
    for part in parts {
        total += part;
    }
    total
}
