//! The plain mixed kernel, compiled for AVX2 with fused multiply-add.
#![expect(
    unsafe_code,
    reason = "functions compiled for instructions that not every machine has"
)]

use std::ops::Range;

use super::{Inner, Single, plain};
use crate::chunks::Task;
use crate::eam::full::{InnerList, Kernel, Scene};

/// Only made into a kernel after the machine has been asked: `MixedEam::new` checks the path.
pub(super) struct Avx2;

impl Kernel for Avx2 {
    type Record = Single;
    type Inner = Inner;

    fn densities(
        scene: &Scene<'_, Single>,
        atoms: Range<usize>,
        inner: &mut Inner,
        density: &mut [f64],
    ) {
        // SAFETY: `MixedEam::new` refuses this path on machines without AVX2 and FMA.
        unsafe { densities(scene, atoms, &mut inner.list, density) }
    }

    fn forces<const SUMS: bool>(scene: &Scene<'_, Single>, inner: &Inner, task: &mut Task<'_>) {
        // SAFETY: `MixedEam::new` refuses this path on machines without AVX2 and FMA.
        unsafe { forces::<SUMS>(scene, &inner.list, task) }
    }
}

#[target_feature(enable = "avx2,fma")]
fn densities(
    scene: &Scene<'_, Single>,
    atoms: Range<usize>,
    inner: &mut InnerList,
    density: &mut [f64],
) {
    plain::densities(scene, atoms, inner, density);
}

#[target_feature(enable = "avx2,fma")]
fn forces<const SUMS: bool>(scene: &Scene<'_, Single>, inner: &InnerList, task: &mut Task<'_>) {
    plain::forces::<SUMS>(scene, inner, task);
}
