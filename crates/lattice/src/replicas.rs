//! Independent runs side by side.

use rayon::prelude::*;

/// Runs `run` for the replicas 0 to `count - 1` in parallel; results in the order of replicas.
///
/// What a replica computes must depend on its number alone: then the results have the same bits
/// on any number of threads.
///
/// # Errors
/// That of the first replica, in their order, that fails.
pub fn replicas<T, E>(
    count: u64,
    run: impl Fn(u64) -> Result<T, E> + Sync + Send,
) -> Result<Vec<T>, E>
where
    T: Send,
    E: Send,
{
    let results: Vec<Result<T, E>> = (0..count).into_par_iter().map(run).collect();
    results.into_iter().collect()
}
