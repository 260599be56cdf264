//! Removing the least bound sites of an outermost layer until a number of sites is left.

use crate::near::Near;
use crate::sites::Site;
use frit_atoms::Vector;
use frit_engine::random::Stream;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Keeps `keep` sites; only `removable` ones go.
///
/// One by one goes the site with the fewest neighbours (up to `bond` [Å]) still there; among equals the
/// one farthest from the centre, then one that `stream` draws. Corners go first, then edges, so that
/// facets keep their planes as long as possible.
pub(crate) fn trim(
    bond: f64,
    sites: Vec<Site>,
    removable: impl Fn(&Site) -> bool,
    keep: usize,
    stream: &mut Stream,
) -> Vec<Site> {
    if keep >= sites.len() {
        return sites;
    }
    let positions: Vec<Vector> = sites.iter().map(|site| site.position).collect();
    let near = Near::new(&positions, bond);
    let neighbours = |place: usize| {
        let all = near.around(positions[place]);
        all.map(|(other, _)| other)
            .filter(move |&other| other != place)
    };
    // Squared distances in 10⁻⁶ Å²: equal ones must compare equal.
    let distance = |place: usize| (positions[place].norm_squared() * 1e6).round() as i64;
    let mut counts: Vec<usize> = (0..sites.len())
        .map(|place| neighbours(place).count())
        .collect();
    let lots: Vec<u64> = sites.iter().map(|_| stream.bits()).collect();
    let mut may_go: Vec<bool> = sites.iter().map(removable).collect();
    let entry = |place: usize, count: usize| (Reverse(count), distance(place), lots[place], place);
    let mut queue: BinaryHeap<_> = (0..sites.len())
        .filter(|&place| may_go[place])
        .map(|place| entry(place, counts[place]))
        .collect();
    let mut gone = vec![false; sites.len()];
    let mut left = sites.len();
    while left > keep {
        let Some((Reverse(count), _, _, place)) = queue.pop() else {
            break;
        };
        if !may_go[place] || counts[place] != count {
            // An entry from before a neighbour went; a newer one is in the queue or was used.
            continue;
        }
        may_go[place] = false;
        gone[place] = true;
        left -= 1;
        for other in neighbours(place) {
            counts[other] -= 1;
            if may_go[other] {
                queue.push(entry(other, counts[other]));
            }
        }
    }
    let kept = sites.into_iter().zip(gone);
    kept.filter(|(_, gone)| !gone)
        .map(|(site, _)| site)
        .collect()
}
