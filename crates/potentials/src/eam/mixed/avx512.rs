//! The mixed AVX-512 kernel: sixteen neighbours at a time.
//!
//! How neighbours are laid out for it is told in [`rows`](super::rows), what it does with sixteen of them
//! in [`sixteen`](super::sixteen).
#![expect(
    unsafe_code,
    reason = "vector loads and functions compiled for AVX-512"
)]

use std::arch::x86_64::*;
use std::ops::Range;

use super::plain::Close;
use super::polynomials::{PairPolynomials, Polynomial, Polynomials, VALUE, exact};
use super::rows::{Entries, Group, LANES, Rows, SITES, Unit, Vectors, entry_of};
use super::sixteen::{Near, Places, sum_each};
use super::{Inner, Single};
use crate::chunks::Task;
use crate::eam::full::Kernel;
use crate::whole::UNIT;

type Scene<'a> = crate::eam::full::Scene<'a, Single>;

/// Only made into a kernel after the machine has been asked: `MixedEam::new` checks the path.
pub(super) struct Avx512;

/// Vectors by which memory is asked for ahead, reading and writing.
const AHEAD: usize = 24;

impl Kernel for Avx512 {
    type Record = Single;
    type Inner = Inner;

    fn densities(scene: &Scene<'_>, atoms: Range<usize>, inner: &mut Inner, density: &mut [f64]) {
        // SAFETY: `MixedEam::new` refuses this path on machines without these instructions.
        unsafe { densities(scene, atoms, &mut inner.rows, density) }
    }

    fn forces<const SUMS: bool>(scene: &Scene<'_>, inner: &Inner, task: &mut Task<'_>) {
        // SAFETY: `MixedEam::new` refuses this path on machines without these instructions.
        unsafe { forces::<SUMS>(scene, &inner.rows, task) }
    }
}

/// The first pass over a chunk.
#[target_feature(enable = "avx512f,avx512dq,avx512bw,avx512vl,fma,popcnt")]
fn densities(scene: &Scene<'_>, atoms: Range<usize>, rows: &mut Rows, density: &mut [f64]) {
    let functions = scene.functions;
    let polynomials = functions.polynomials();
    rows.copy(scene.surroundings, functions.species, &atoms);
    assert!(
        rows.records <= scene.records.len(),
        "rows of these records are copied"
    );
    let ahead = scene.ahead(atoms.start);
    let mut packed = 0;
    for (unit, (first, density)) in atoms
        .step_by(SITES)
        .zip(density.chunks_mut(SITES))
        .enumerate()
    {
        ahead.ask(unit * SITES..(unit + 1) * SITES);
        let Unit {
            groups,
            neighbours,
            any_close,
        } = &mut rows.units[unit];
        let here = sites_from(scene.records, first);
        let mut sums = [_mm512_setzero_ps(); SITES];
        let mut far = 0;
        for group in &mut rows.groups[groups.clone()] {
            let table = &polynomials.of(group.other_kind, group.kind).density;
            let mut packer = Packer::new(&mut rows.inner, packed, group.list.len());
            let list = rows.list.and_next(&group.list);
            // SAFETY: all entries of the rows are of records, which are not fewer than then.
            far += unsafe { add_densities(scene, table, &here, list, &mut packer, &mut sums) };
            group.inner = packed..packed + packer.finish(first);
            packed = group.inner.end;
        }
        for (density, sum) in density.iter_mut().zip(sums_over_lanes(|site| sums[site])) {
            *density = f64::from(sum);
        }
        *any_close = far != *neighbours;
        if *any_close {
            for (atom, density) in (first..).zip(density) {
                *density += close_densities(scene, atom);
            }
        }
    }
}

/// Adds the densities that a group's neighbours give, lane by lane, but for those before the first
/// interval, and packs the neighbours that do give some. Returns how many are not before the first
/// interval.
///
/// Neighbours beyond the cutoff are evaluated as well: packing the distances before would spare one
/// vector in four, and cost more.
///
/// # Safety
/// All entries are of records.
#[inline]
#[target_feature(enable = "avx512f,avx512dq,avx512bw,avx512vl,fma,popcnt")]
unsafe fn add_densities(
    scene: &Scene<'_>,
    table: &Polynomial<VALUE>,
    here: &[Single; SITES],
    (vectors, owners): (&[Entries], &[u8]),
    packer: &mut Packer<'_>,
    sums: &mut [__m512; SITES],
) -> usize {
    let polynomials = scene.functions.polynomials();
    let limit = _mm512_set1_ps(polynomials.limit / (UNIT * UNIT));
    let least = least_of(polynomials);
    let mut far = 0;
    let mut site = usize::from(owners[0]) % SITES;
    // SAFETY: the caller's.
    let mut next = unsafe { Near::of(scene.records, &here[site], &vectors[0]) };
    for (pair, &owner) in vectors.windows(2).zip(&owners[1..]) {
        let near = next;
        let next_site = usize::from(owner) % SITES;
        ask_for(std::ptr::from_ref(&pair[0]).wrapping_add(AHEAD));
        // SAFETY: the caller's.
        next = unsafe { Near::of(scene.records, &here[next_site], &pair[1]) };
        let mask = _mm512_cmp_ps_mask::<_CMP_GE_OQ>(near.squared, least);
        far += mask.count_ones() as usize;
        let mask = _mm512_mask_cmp_ps_mask::<_CMP_LT_OQ>(mask, near.squared, limit);
        packer.push(&pair[0], mask, site, next_site);
        let value = Places::of(near.squared).value(table);
        // Not an addition under the mask, which would become a masked store: what follows it must not wait
        // until that is in the cache.
        sums[site] = _mm512_add_ps(sums[site], _mm512_maskz_mov_ps(mask, value));
        site = next_site;
    }
    far
}

/// Packs neighbours of a group into vectors, a new one for each atom.
struct Packer<'a> {
    vectors: &'a mut [Entries],
    owners: &'a mut [u8],
    /// Entries so far, of which those of an atom that is done fill up its last vector.
    end: usize,
    /// Atoms that are done.
    atoms: usize,
    /// For each atom where its entries end, and its number in the unit.
    ends: [(u32, u32); SITES + 1],
}

impl<'a> Packer<'a> {
    /// For so many vectors of the list.
    #[inline(always)]
    fn new(inner: &'a mut Vectors, start: usize, vectors: usize) -> Self {
        let range = start..start + vectors;
        Self {
            vectors: &mut inner.entries[range.clone()],
            owners: &mut inner.owners[range.start..=range.end],
            end: 0,
            atoms: 0,
            ends: [(0, 0); SITES + 1],
        }
    }

    /// Takes those entries of an atom that are in the mask. Told which atom is next, it goes on behind
    /// or with a new vector, without a branch.
    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512bw,avx512vl,fma,popcnt")]
    fn push(&mut self, entries: &Entries, mask: __mmask16, site: usize, next_site: usize) {
        assert!(
            self.end + LANES <= LANES * self.vectors.len(),
            "there is a vector for each that comes"
        );
        let count = mask.count_ones() as usize;
        // SAFETY: there is room for sixteen entries, as there are in the vector; they end in one of the
        // vectors or just behind the last, and there is one owner more than there are vectors.
        unsafe {
            let to = self.vectors.as_mut_ptr().cast::<u32>().add(self.end);
            let entries = _mm512_load_si512(std::ptr::from_ref(entries).cast());
            _mm512_storeu_si512(to.cast(), _mm512_maskz_compress_epi32(mask, entries));
            ask_for(to.wrapping_add(AHEAD * LANES).cast());
            *self.owners.get_unchecked_mut(self.end / LANES) = site as u8;
            *self.owners.get_unchecked_mut((self.end + count) / LANES) = site as u8;
        }
        self.end += count;
        self.ends[self.atoms.min(SITES)] = (self.end as u32, site as u32);
        let done = usize::from(next_site != site);
        self.atoms += done;
        self.end += done * (self.end.wrapping_neg() % LANES);
    }

    /// Fills up the atoms' last vectors; returns the number of vectors. `first` is the unit's first atom.
    #[inline]
    #[target_feature(enable = "avx512f")]
    fn finish(&mut self, first: usize) -> usize {
        for &(end, site) in self.ends.iter().take(self.atoms + 1) {
            let rest = end.wrapping_neg() % LANES as u32;
            let own = _mm512_set1_epi32(entry_of(first as u32 + site) as i32);
            // SAFETY: the entries before `end` are there, and so is the rest of the last one's vector.
            unsafe {
                let to = self.vectors.as_mut_ptr().cast::<i32>();
                let to = to.add(end as usize);
                _mm512_mask_storeu_epi32(to, ((1_u32 << rest) - 1) as u16, own);
            }
        }
        self.end.div_ceil(LANES)
    }
}

/// The densities that an atom takes from neighbours before the first interval, from the tables.
#[cold]
#[inline(never)]
#[target_feature(enable = "fma")]
fn close_densities(scene: &Scene<'_>, atom: usize) -> f64 {
    let functions = scene.functions;
    let kind = usize::from(scene.surroundings.species[atom]);
    let mut sum = 0.0;
    for other_kind in 0..functions.species {
        let table = functions.radial(other_kind, kind);
        for other in close(scene, atom, other_kind) {
            let squared = squared(&scene.records[atom], other);
            sum += exact(functions, table, f64::from(squared).sqrt()).density;
        }
    }
    sum
}

/// What neighbours before the first interval do to an atom.
#[cold]
#[inline(never)]
#[target_feature(enable = "fma")]
fn close_forces(scene: &Scene<'_>, atom: usize) -> Close {
    let kind = usize::from(scene.surroundings.species[atom]);
    let mut sums = Close::default();
    for other_kind in 0..scene.functions.species {
        for other in close(scene, atom, other_kind) {
            sums.add(scene, [kind, other_kind], [&scene.records[atom], other]);
        }
    }
    sums
}

/// The neighbours of an atom that are of a species and before the first interval.
#[target_feature(enable = "fma")]
fn close<'a>(scene: &Scene<'a>, atom: usize, other_kind: usize) -> Vec<&'a Single> {
    let least = scene.functions.polynomials().least;
    let here = &scene.records[atom];
    let row = scene.surroundings.list.row_of_species(atom, other_kind);
    let others = row.iter().map(|&other| &scene.records[other as usize]);
    others
        .filter(|other| squared(here, other) < least)
        .collect()
}

/// The squared distance [Å²], with the bits that vectors give.
#[inline]
#[target_feature(enable = "fma")]
fn squared(here: &Single, there: &Single) -> f32 {
    let [x, y, z] = super::Squares::of(here, there).d;
    x.mul_add(x, y.mul_add(y, z * z))
}

/// The second pass over a chunk.
#[target_feature(enable = "avx512f,avx512dq,avx512bw,avx512vl,fma,popcnt")]
fn forces<const SUMS: bool>(scene: &Scene<'_>, rows: &Rows, task: &mut Task<'_>) {
    assert!(
        rows.records <= scene.records.len(),
        "rows of these records are copied"
    );
    let mut sums = Sums::zero();
    let (start, ahead) = (task.atoms.start, scene.ahead(task.atoms.start));
    for (first, unit) in task.atoms.clone().step_by(SITES).zip(&rows.units) {
        ahead.ask(first - start..first - start + SITES);
        let here = sites_from(scene.records, first);
        sums.reset::<SUMS>();
        for group in &rows.groups[unit.groups.clone()] {
            let inner = rows.inner.and_next(&group.inner);
            // SAFETY: all entries of the rows are of records, which are not fewer than then.
            unsafe {
                if group.other_kind == group.kind {
                    add_forces::<SUMS, true>(scene, group, &here, inner, &mut sums);
                } else {
                    add_forces::<SUMS, false>(scene, group, &here, inner, &mut sums);
                }
            }
        }
        let force = [0, 1, 2].map(|k| sums_over_lanes(|site| sums.force[site][k]));
        for (site, atom) in (first..task.atoms.end).take(SITES).enumerate() {
            let close = if unit.any_close {
                close_forces(scene, atom)
            } else {
                Close::default()
            };
            let force = force.map(|force| f64::from(UNIT) * f64::from(force[site]));
            task.add_force(atom, [0, 1, 2].map(|k| force[k] + close.force[k]));
            if SUMS {
                let kind = usize::from(scene.surroundings.species[atom]);
                let embedding = scene.functions.embedding(kind).energy(scene.density[atom]);
                let pairs = f64::from(_mm512_reduce_add_ps(sums.energy[site])) + close.energy;
                let virial = std::array::from_fn(|k| {
                    let sum = f64::from(_mm512_reduce_add_ps(sums.virial[site][k]));
                    -0.5 * (f64::from(UNIT * UNIT) * sum + close.virial[k])
                });
                task.add_energy_and_virial(atom, embedding + 0.5 * pairs, virial);
            }
        }
    }
}

/// What a unit's atoms sum over their neighbours, lane by lane; lengths in units of [`UNIT`].
struct Sums {
    force: [[__m512; 3]; SITES],
    energy: [__m512; SITES],
    virial: [[__m512; 6]; SITES],
}

impl Sums {
    #[inline]
    #[target_feature(enable = "avx512f")]
    fn zero() -> Self {
        let zero = _mm512_setzero_ps();
        Self {
            force: [[zero; 3]; SITES],
            energy: [zero; SITES],
            virial: [[zero; 6]; SITES],
        }
    }

    /// Sets to zero what is summed.
    #[inline]
    #[target_feature(enable = "avx512f")]
    fn reset<const SUMS: bool>(&mut self) {
        if SUMS {
            *self = Self::zero();
        } else {
            self.force = [[_mm512_setzero_ps(); 3]; SITES];
        }
    }
}

/// Adds what the neighbours of a group within the cutoff do to their atoms. With `SAME` the densities
/// given and taken are the same function.
///
/// # Safety
/// All entries are of records.
#[inline]
#[target_feature(enable = "avx512f,avx512dq,avx512bw,avx512vl,fma,popcnt")]
unsafe fn add_forces<const SUMS: bool, const SAME: bool>(
    scene: &Scene<'_>,
    group: &Group,
    here: &[Single; SITES],
    (vectors, owners): (&[Entries], &[u8]),
    sums: &mut Sums,
) {
    let polynomials = scene.functions.polynomials();
    let from_other: &PairPolynomials = polynomials.of(group.other_kind, group.kind);
    let to_other: &PairPolynomials = polynomials.of(group.kind, group.other_kind);
    let least = least_of(polynomials);
    let mut site = usize::from(owners[0]) % SITES;
    // SAFETY: the caller's.
    let mut next = unsafe { Near::of(scene.records, &here[site], &vectors[0]) };
    for (entries, &owner) in vectors[1..].iter().zip(&owners[1..]) {
        let near = next;
        let next_site = usize::from(owner) % SITES;
        ask_for(std::ptr::from_ref(entries).wrapping_add(AHEAD));
        // SAFETY: the caller's.
        next = unsafe { Near::of(scene.records, &here[next_site], entries) };
        let place = Places::of(near.squared);
        let given = place.value(&from_other.density_slope);
        let slope = _mm512_set1_ps(here[site].slope);
        let embedding = if SAME {
            _mm512_mul_ps(_mm512_add_ps(slope, near.slope), given)
        } else {
            // The same bits seen from the other atom: a sum of two rounded products.
            let taken = place.value(&to_other.density_slope);
            _mm512_add_ps(
                _mm512_mul_ps(slope, given),
                _mm512_mul_ps(near.slope, taken),
            )
        };
        let pull = _mm512_add_ps(embedding, place.value(&from_other.pair_slope));
        let d = near.displacement;
        for (sum, d) in sums.force[site].iter_mut().zip(d) {
            *sum = _mm512_fmadd_ps(pull, d, *sum);
        }
        if SUMS {
            // The atom itself has no way to go, but would have an energy.
            let mask = _mm512_cmp_ps_mask::<_CMP_GE_OQ>(near.squared, least);
            let energy = _mm512_maskz_mov_ps(mask, place.value(&from_other.pair));
            sums.energy[site] = _mm512_add_ps(sums.energy[site], energy);
            let along = d.map(|component| _mm512_mul_ps(pull, component));
            let components = [(0, 0), (1, 1), (2, 2), (0, 1), (0, 2), (1, 2)];
            for (sum, (a, b)) in sums.virial[site].iter_mut().zip(components) {
                *sum = _mm512_fmadd_ps(along[a], d[b], *sum);
            }
        }
        site = next_site;
    }
}

/// Asks for memory that is needed soon; no address does harm.
#[inline]
#[target_feature(enable = "avx512f")]
fn ask_for(entries: *const Entries) {
    _mm_prefetch::<_MM_HINT_T0>(entries.cast());
}

/// The records of a unit's atoms, those from `first` on; behind the last record, nothing of meaning.
#[inline]
fn sites_from(records: &[Single], first: usize) -> [Single; SITES] {
    let mut sites = [Single::default(); SITES];
    for (site, record) in sites.iter_mut().zip(&records[first..]) {
        *site = *record;
    }
    sites
}

/// The square from which on the polynomials hold, in units of [`UNIT`].
#[inline]
#[target_feature(enable = "avx512f")]
fn least_of(polynomials: &Polynomials) -> __m512 {
    _mm512_set1_ps(polynomials.least / (UNIT * UNIT))
}

/// For each atom of a unit the sum over all lanes.
#[inline]
#[target_feature(enable = "avx512f")]
fn sums_over_lanes(vector: impl Fn(usize) -> __m512) -> [f32; SITES] {
    let mut sums = [0.0; SITES];
    for (start, sums) in (0..SITES).step_by(LANES).zip(sums.as_chunks_mut().0) {
        let sixteen: &mut [f32; LANES] = sums;
        let vectors: [__m512; LANES] = std::array::from_fn(|k| vector(start + k));
        // SAFETY: the pointer is to sixteen numbers.
        unsafe { _mm512_storeu_ps(sixteen.as_mut_ptr(), sum_each(&vectors)) };
    }
    sums
}
