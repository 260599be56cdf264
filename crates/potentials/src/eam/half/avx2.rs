//! The portable kernel, compiled for AVX2 with fused multiply-add.
#![expect(
    unsafe_code,
    reason = "functions compiled for instructions that not every machine has"
)]

use std::ops::Range;

use super::portable::{self, Arithmetic};
use super::{AheadOfDensities, AheadOfForces, Inner, Kernel, Scene, Squares, UnitRows};

/// Only made into a kernel after the machine has been asked: `Eam::new` checks the path.
pub(in crate::eam) struct Avx2;

impl Arithmetic for Avx2 {
    #[inline(always)]
    fn multiply_add(a: f64, b: f64, c: f64) -> f64 {
        a.mul_add(b, c)
    }
}

impl Kernel for Avx2 {
    #[target_feature(enable = "avx2,fma")]
    unsafe fn densities(
        scene: &Scene<'_>,
        atoms: Range<usize>,
        rows: &UnitRows,
        inner: &mut Inner,
        squares: &mut Squares,
        ahead: &AheadOfDensities<'_>,
    ) {
        // SAFETY: the caller's.
        unsafe { portable::densities::<Self>(scene, atoms, rows, inner, squares, ahead) }
    }

    #[target_feature(enable = "avx2,fma")]
    unsafe fn forces<const SUMS: bool>(
        scene: &Scene<'_>,
        atoms: Range<usize>,
        inner: &mut Inner,
        ahead: &AheadOfForces<'_>,
    ) {
        // SAFETY: the caller's.
        unsafe { portable::forces::<Self, SUMS>(scene, atoms, inner, ahead) }
    }
}
