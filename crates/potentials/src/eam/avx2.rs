//! The portable kernel, compiled for AVX2 with fused multiply-add.
#![expect(
    unsafe_code,
    reason = "functions compiled for instructions that not every machine has"
)]

use std::ops::Range;

use super::evaluate::{InnerList, Kernel, Record, Scene};
use super::portable::{self, Arithmetic};
use crate::chunks::Task;

/// Only made into a kernel after the machine has been asked: `Eam::new` checks the path.
pub(super) struct Avx2;

impl Arithmetic for Avx2 {
    #[inline(always)]
    fn multiply_add(a: f64, b: f64, c: f64) -> f64 {
        a.mul_add(b, c)
    }
}

impl Kernel for Avx2 {
    type Record = Record;
    type Squared = f64;

    fn densities(
        scene: &Scene<'_>,
        atoms: Range<usize>,
        inner: &mut InnerList,
        density: &mut [f64],
    ) {
        // SAFETY: `Eam::new` refuses this path on machines without AVX2 and FMA.
        unsafe { densities(scene, atoms, inner, density) }
    }

    fn forces<const SUMS: bool>(scene: &Scene<'_>, inner: &InnerList, task: &mut Task<'_>) {
        // SAFETY: `Eam::new` refuses this path on machines without AVX2 and FMA.
        unsafe { forces::<SUMS>(scene, inner, task) }
    }
}

#[target_feature(enable = "avx2,fma")]
fn densities(scene: &Scene<'_>, atoms: Range<usize>, inner: &mut InnerList, density: &mut [f64]) {
    portable::densities::<Avx2>(scene, atoms, inner, density);
}

#[target_feature(enable = "avx2,fma")]
fn forces<const SUMS: bool>(scene: &Scene<'_>, inner: &InnerList, task: &mut Task<'_>) {
    portable::forces::<Avx2, SUMS>(scene, inner, task);
}
