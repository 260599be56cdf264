//! Motions of a structure as a whole, which nothing resists.

use frit_atoms::{Cell, Vector};

use crate::optimise::{add, dot};

/// Of a motion that is another one but for rounding, less than this part is left.
const NOTHING: f64 = 1e-10;

/// Takes out of a displacement the translation of all atoms and the rotations that the cell allows:
/// all of a free cluster, that about its axis of a wire. Forces are without such parts already, but
/// for rounding, and random directions are not.
pub(crate) fn remove(displacement: &mut [Vector], position: &[Vector], cell: &Cell) {
    for motion in motions(position, cell) {
        let along = dot(displacement, &motion);
        add(displacement, &motion, -along);
    }
}

/// Such motions, orthogonal to each other and of length 1.
fn motions(position: &[Vector], cell: &Cell) -> Vec<Vec<Vector>> {
    let axes = [Vector::x(), Vector::y(), Vector::z()];
    let mut found: Vec<Vec<Vector>> = Vec::new();
    for axis in axes {
        push(&mut found, vec![axis; position.len()]);
    }
    let periodic: Vec<usize> = (0..3).filter(|&k| cell.periodic()[k]).collect();
    let free_axes = match periodic[..] {
        [] => axes.to_vec(),
        [along] => vec![cell.vector(along).normalize()],
        _ => Vec::new(),
    };
    let centre = position.iter().sum::<Vector>() / position.len().max(1) as f64;
    for axis in free_axes {
        let turning = position.iter().map(|r| axis.cross(&(r - centre)));
        push(&mut found, turning.collect());
    }
    found
}

/// Adds what a motion has that those found have not; nothing about the axis of a line of atoms.
fn push(found: &mut Vec<Vec<Vector>>, mut motion: Vec<Vector>) {
    let before = dot(&motion, &motion);
    // Twice, since once leaves the rounding of what was taken out.
    for _ in 0..2 {
        for known in found.iter() {
            let along = dot(&motion, known);
            add(&mut motion, known, -along);
        }
    }
    let left = dot(&motion, &motion);
    if left > NOTHING * before {
        let length = left.sqrt();
        motion.iter_mut().for_each(|part| *part /= length);
        found.push(motion);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(periodic: [bool; 3]) -> Cell {
        Cell::orthogonal([20.0; 3], periodic).unwrap()
    }

    #[test]
    fn a_body_has_six_motions_a_line_five_a_wire_four_and_a_crystal_three() {
        let body = [
            Vector::zeros(),
            Vector::new(1.0, 0.2, 0.0),
            Vector::new(0.1, 1.0, 0.4),
        ];
        let line = [0.0, 1.0, 2.5].map(|x| Vector::new(x, 2.0 * x, -x));
        let count = |position: &[Vector], periodic| motions(position, &cell(periodic)).len();
        assert_eq!(count(&body, [false; 3]), 6);
        assert_eq!(count(&line, [false; 3]), 5);
        assert_eq!(count(&body, [true, false, false]), 4);
        assert_eq!(count(&body, [true, true, false]), 3);
        assert_eq!(count(&body, [true; 3]), 3);
    }

    #[test]
    fn a_turned_and_moved_body_is_at_rest_and_a_stretched_one_is_not() {
        let body = [
            Vector::zeros(),
            Vector::new(1.0, 0.2, 0.0),
            Vector::new(0.1, 1.0, 0.4),
            Vector::new(0.3, 0.3, 1.0),
        ];
        let (shift, axis) = (Vector::new(0.3, -0.1, 0.7), Vector::new(0.2, 0.5, -0.4));
        let mut moved: Vec<Vector> = body.iter().map(|r| shift + axis.cross(r)).collect();
        remove(&mut moved, &body, &cell([false; 3]));
        assert!(moved.iter().all(|part| part.norm() < 1e-14), "{moved:?}");
        let centre = body.iter().sum::<Vector>() / 4.0;
        let stretched: Vec<Vector> = body.iter().map(|r| r - centre).collect();
        let mut left = stretched.clone();
        remove(&mut left, &body, &cell([false; 3]));
        assert!(
            left.iter()
                .zip(&stretched)
                .all(|(a, b)| (a - b).norm() < 1e-14)
        );
    }
}
