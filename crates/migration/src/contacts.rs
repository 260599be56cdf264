//! Which particles touch on a periodic square.

/// The separation of two places on a periodic square, the shortest of all images.
pub fn shortest(from: [f64; 2], to: [f64; 2], edge: f64) -> [f64; 2] {
    [0, 1].map(|k| {
        let difference = to[k] - from[k];
        difference - edge * (difference / edge).round()
    })
}

/// The image of a place within a periodic square, from 0 to `edge` in both directions.
pub fn wrap(place: [f64; 2], edge: f64) -> [f64; 2] {
    place.map(|x| {
        let inside = x - edge * (x / edge).floor();
        // A place just below 0 may round to the upper edge.
        if inside < edge { inside } else { 0.0 }
    })
}

/// Whether two discs touch: `|Δx| < R_i + R_j + gap`.
fn touch(
    position: &[[f64; 2]],
    radius: &[f64],
    [edge, gap]: [f64; 2],
    first: usize,
    second: usize,
) -> bool {
    let [x, y] = shortest(position[first], position[second], edge);
    let reach = radius[first] + radius[second] + gap;
    x * x + y * y < reach * reach
}

/// All pairs that touch, each with the smaller index first, in rising order.
///
/// A cell list with cells no smaller than the largest contact; built anew each time, which costs
/// far less than the fields on the particles and needs no skin. Positions [m] may lie outside the
/// square.
pub fn contacts(position: &[[f64; 2]], radius: &[f64], edge: f64, gap: f64) -> Vec<(usize, usize)> {
    let largest = radius.iter().copied().fold(0.0, f64::max);
    // More cells than particles would only be walked over empty.
    let most = (position.len() as f64).sqrt().ceil() as usize;
    let cells = ((edge / (2.0 * largest + gap)).floor() as usize).min(most);
    if cells < 4 {
        return brute_force(position, radius, edge, gap);
    }
    let along = |x: f64| ((x / edge * cells as f64) as usize).min(cells - 1);
    let home = |&place: &[f64; 2]| {
        let [x, y] = wrap(place, edge);
        along(y) * cells + along(x)
    };
    let cell: Vec<usize> = position.iter().map(home).collect();
    let mut start = vec![0_usize; cells * cells + 1];
    for &cell in &cell {
        start[cell + 1] += 1;
    }
    for k in 0..cells * cells {
        start[k + 1] += start[k];
    }
    let mut next = start.clone();
    let mut members = vec![0_usize; position.len()];
    for (particle, &cell) in cell.iter().enumerate() {
        members[next[cell]] = particle;
        next[cell] += 1;
    }
    let mut pairs = Vec::new();
    for (particle, &home) in cell.iter().enumerate() {
        let (row, column) = (home / cells, home % cells);
        for (up, right) in [(0, 0), (0, 1), (1, cells - 1), (1, 0), (1, 1)] {
            let other_cell = (row + up) % cells * cells + (column + right) % cells;
            for &other in &members[start[other_cell]..start[other_cell + 1]] {
                let new = other_cell != home || other > particle;
                if new && touch(position, radius, [edge, gap], particle, other) {
                    pairs.push((particle.min(other), particle.max(other)));
                }
            }
        }
    }
    pairs.sort_unstable();
    pairs
}

/// The same by looking at all pairs.
pub fn brute_force(
    position: &[[f64; 2]],
    radius: &[f64],
    edge: f64,
    gap: f64,
) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    for first in 0..position.len() {
        for second in first + 1..position.len() {
            if touch(position, radius, [edge, gap], first, second) {
                pairs.push((first, second));
            }
        }
    }
    pairs
}
