//! Positions as whole numbers, for kernels of single precision.
//!
//! A position becomes a whole number of 2⁻²⁴ Å, 32 bits long: differences of neighbours are exact
//! however large the system is, as whole numbers wrap around. Only distances far below the 128 Å at
//! which they do have a meaning.

use frit_atoms::Vector;

/// Units of whole positions in an Å.
const PER_ANGSTROM: f64 = (1 << 24) as f64;
/// A unit of whole positions [Å], exactly.
pub(crate) const UNIT: f32 = 1.0 / PER_ANGSTROM as f32;
/// Ways longer than this along an axis [Å] must not be asked for.
pub(crate) const LARGEST: f64 = 30.0;

/// A position [Å] in units of [`UNIT`], rounded, without the bits beyond 32.
#[inline(always)]
pub(crate) fn position(position: &Vector) -> [i32; 3] {
    // A number so large that its last place is one rounds what is added to it to a whole number,
    // of which its lower bits are the complement of two.
    const LARGE: f64 = 1.5 * (1_u64 << 52) as f64;
    [0, 1, 2].map(|k| (position[k] * PER_ANGSTROM + LARGE).to_bits() as u32 as i32)
}

/// The way [Å] from one position to another.
#[inline(always)]
pub(crate) fn way(from: [i32; 3], to: [i32; 3]) -> [f32; 3] {
    [0, 1, 2].map(|k| to[k].wrapping_sub(from[k]) as f32 * UNIT)
}
