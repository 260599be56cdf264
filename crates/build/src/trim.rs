//! Removing the least bound atoms of a cube until a number of atoms is left.

use crate::Lattice;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

/// Splits sites into `keep` that stay and the rest, that go, in the order in which they went.
///
/// One by one goes the site with the fewest nearest neighbours still there; among equals the one
/// farthest from the centre, then the last one. Corners go first, then edges, so that the facets
/// keep their planes: the shape moves from the cube towards the truncated cube of a Wulff
/// construction.
pub(crate) fn trim(
    lattice: Lattice,
    sites: Vec<[i32; 3]>,
    keep: usize,
) -> (Vec<[i32; 3]>, Vec<[i32; 3]>) {
    let neighbours = lattice.neighbours();
    let last = sites.iter().flatten().copied().max().unwrap_or(0);
    // Twice the distance from the centre, squared: a whole number.
    let distance = |site: [i32; 3]| -> i64 {
        let along = site.map(|k| i64::from(2 * k - last));
        along.iter().map(|k| k * k).sum()
    };
    let around = |site: [i32; 3]| {
        neighbours
            .iter()
            .map(move |step| [0, 1, 2].map(|k| site[k] + step[k]))
    };
    let mut left: BTreeMap<[i32; 3], usize> = sites.iter().map(|&site| (site, 0)).collect();
    for &site in &sites {
        let count = around(site)
            .filter(|other| left.contains_key(other))
            .count();
        left.insert(site, count);
    }
    let mut queue: BinaryHeap<_> = left
        .iter()
        .map(|(&site, &count)| (Reverse(count), distance(site), site))
        .collect();
    let mut gone = Vec::new();
    while left.len() > keep {
        let Some((Reverse(count), _, site)) = queue.pop() else {
            break;
        };
        if left.get(&site) != Some(&count) {
            // An entry from before a neighbour went; a newer one is in the queue or was used.
            continue;
        }
        left.remove(&site);
        gone.push(site);
        for other in around(site) {
            if let Some(count) = left.get_mut(&other) {
                *count -= 1;
                queue.push((Reverse(*count), distance(other), other));
            }
        }
    }
    let kept = sites
        .into_iter()
        .filter(|site| left.contains_key(site))
        .collect();
    (kept, gone)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn corners_go_first_then_edges() {
        let mut sites = Vec::new();
        for x in 0..9 {
            for y in 0..9 {
                for z in 0..9 {
                    if Lattice::Fcc.is_site([x, y, z]) {
                        sites.push([x, y, z]);
                    }
                }
            }
        }
        let (kept, gone) = trim(Lattice::Fcc, sites.clone(), sites.len() - 20);
        assert_eq!(kept.len() + gone.len(), sites.len());
        let outer = |site: &[i32; 3]| site.iter().filter(|&&k| k == 0 || k == 8).count();
        // Each corner has three neighbours, the atom beside it on an edge five.
        assert!(gone.iter().all(|site| outer(site) >= 2));
        assert_eq!(gone.iter().filter(|site| outer(site) == 3).count(), 8);
    }
}
