//! From positions to forces: packs, runs the units, and hands out the results.
#![expect(
    unsafe_code,
    reason = "kernels take instructions by path, and units write to one array of forces"
)]

use std::sync::{Mutex, PoisonError};

use frit_atoms::{Matrix, Surroundings};
use rayon::prelude::*;

use super::constants::VectorConstants;
use super::lanes::{Lanes, Number, NumberOf, Place, PlaceOf, Vectors};
use super::site::{GROUP, Site};
#[cfg(target_arch = "x86_64")]
use super::{avx2, avx512};
use super::{bonds, densities, embedding, neighbours, plain, scatter, screeners, screening};
use crate::halo::Halos;
use crate::images::Images;
use crate::meam::model::Constants;
use crate::meam::reference;
use crate::units::{Plan, Turn, UNIT, atoms_of, lock};
use crate::{Evaluation, EvaluationError, KernelPath};

/// Atoms or ghosts that one piece of packing and unpacking work takes.
const PIECE: usize = 1024;

/// (Fx, Fy, Fz, 0) in one half of a cache line.
#[derive(Debug, Clone, Copy, Default)]
#[repr(C, align(32))]
struct Force([f64; 4]);

/// Scratch memory of the vector kernels.
#[derive(Debug, Default)]
pub(in crate::meam) struct Workspace<N: Number> {
    places: Vec<N::Place>,
    forces: Vec<Force>,
    energies: Vec<f64>,
    plan: Plan,
    images: Images,
    halos: Halos,
    outcomes: Vec<Mutex<Outcome>>,
    scratches: Vec<Mutex<Scratch<N>>>,
}

/// What a unit found beside forces.
#[derive(Debug, Default, Clone, Copy)]
struct Outcome {
    virial: [f64; 6],
    not_finite: Option<usize>,
}

/// Scratch memory of one thread.
struct Scratch<N> {
    sites: Box<[Site<N>; GROUP]>,
    reference: reference::Scratch,
}

impl<N: Number> Default for Scratch<N> {
    fn default() -> Self {
        Self {
            sites: Box::new(std::array::from_fn(|_| Site::new())),
            reference: reference::Scratch::default(),
        }
    }
}

impl<N> std::fmt::Debug for Scratch<N> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Scratch")
    }
}

/// The arrays that units write to.
#[derive(Clone, Copy)]
struct Shared {
    forces: *mut [f64; 4],
    energies: *mut f64,
}
// SAFETY: units that run at the same time write to different records (see `crate::units`).
unsafe impl Send for Shared {}
// SAFETY: as above.
unsafe impl Sync for Shared {}

/// All that a unit reads.
struct Task<'a, N: Number> {
    constants: &'a Constants,
    vectors: &'a VectorConstants<N>,
    surroundings: &'a Surroundings<'a>,
    places: &'a [N::Place],
    halos: &'a Halos,
    shared: Shared,
}

/// Adds the model's results to `evaluation`.
pub(in crate::meam) fn evaluate<N: Precision>(
    constants: &Constants,
    vectors: &VectorConstants<N>,
    path: KernelPath,
    surroundings: &Surroundings<'_>,
    workspace: &mut Workspace<N>,
    evaluation: &mut Evaluation,
) -> Result<(), EvaluationError> {
    surroundings.require_whole();
    let owned = surroundings.owned();
    pack(surroundings, &mut workspace.places)?;
    clear(&mut workspace.forces, surroundings.position.len());
    let request = evaluation.request;
    let sums = request.energy || request.virial || request.atom_energy;
    if sums {
        workspace.energies.resize(owned, 0.0);
    }
    let built = surroundings.built;
    workspace
        .plan
        .make(built.stamp(), built.position(), built.reach());
    workspace
        .images
        .make(built.stamp(), owned, surroundings.parent);
    let positions = surroundings.position.len();
    workspace.halos.make(surroundings, UNIT, positions);
    let units = owned.div_ceil(UNIT);
    workspace
        .outcomes
        .resize_with(units.max(workspace.outcomes.len()), Mutex::default);
    let threads = rayon::current_num_threads();
    workspace
        .scratches
        .resize_with(threads.max(workspace.scratches.len()), Mutex::default);
    let task = Task {
        constants,
        vectors,
        surroundings,
        places: &workspace.places,
        halos: &workspace.halos,
        shared: Shared {
            forces: workspace.forces.as_mut_ptr().cast(),
            energies: workspace.energies.as_mut_ptr(),
        },
    };
    let (scratches, outcomes) = (&workspace.scratches, &workspace.outcomes);
    workspace.plan.run(|turn| {
        let thread = rayon::current_thread_index().unwrap_or(0);
        let mut scratch = lock(&scratches[thread]);
        *lock(&outcomes[turn.unit]) = run(&task, path, sums, turn, &mut scratch);
    });
    let virial = collect(&mut workspace.outcomes[..units])?;
    add_forces(&workspace.forces, &workspace.images, evaluation);
    add_sums(&workspace.energies, virial, evaluation);
    Ok(())
}

/// Copies positions and species into places.
fn pack<P: Place<N>, N>(
    surroundings: &Surroundings<'_>,
    places: &mut Vec<P>,
) -> Result<(), EvaluationError> {
    let count = surroundings.position.len();
    places.resize(count, P::default());
    let pieces = places.par_chunks_mut(PIECE);
    let positions = surroundings.position.par_chunks(PIECE);
    let species = surroundings.species[..count].par_chunks(PIECE);
    let finite = pieces
        .zip(positions)
        .zip(species)
        .map(|((places, positions), species)| {
            let mut sum = 0.0;
            for ((place, position), species) in places.iter_mut().zip(positions).zip(species) {
                *place = P::new(position, *species);
                // Zero times a number is zero, but not times what is none.
                sum += 0.0 * (position.x + position.y + position.z);
            }
            sum == 0.0
        });
    if finite.reduce(|| true, |one, other| one & other) {
        return Ok(());
    }
    let positions = &surroundings.position[..surroundings.owned()];
    let broken = positions
        .iter()
        .position(|p| !p.iter().all(|x| x.is_finite()));
    let ghosts = &surroundings.position[surroundings.owned()..];
    let atom = broken.or_else(|| {
        let ghost = ghosts
            .iter()
            .position(|p| !p.iter().all(|x| x.is_finite()))?;
        Some(surroundings.parent[ghost] as usize)
    });
    match atom {
        Some(atom) => Err(EvaluationError::NotFinite { atom }),
        // Finite numbers whose sum is not: beyond 1e307 Å.
        None => Err(EvaluationError::NotFinite { atom: 0 }),
    }
}

fn clear(forces: &mut Vec<Force>, count: usize) {
    forces.resize(count, Force::default());
    forces
        .par_chunks_mut(PIECE)
        .for_each(|piece| piece.fill(Force::default()));
}

/// The virial of all units, in their order.
fn collect(outcomes: &mut [Mutex<Outcome>]) -> Result<[f64; 6], EvaluationError> {
    let mut virial = [0.0; 6];
    for outcome in outcomes {
        let outcome = outcome.get_mut().unwrap_or_else(PoisonError::into_inner);
        if let Some(atom) = outcome.not_finite {
            return Err(EvaluationError::NotFinite { atom });
        }
        for (sum, part) in virial.iter_mut().zip(outcome.virial) {
            *sum += part;
        }
    }
    Ok(virial)
}

/// Adds the forces on atoms and on their ghosts.
fn add_forces(forces: &[Force], images: &Images, evaluation: &mut Evaluation) {
    let (owned, ghosts) = forces.split_at(evaluation.force.len());
    let pieces = evaluation.force.par_chunks_mut(PIECE);
    pieces
        .zip(owned.par_chunks(PIECE))
        .enumerate()
        .for_each(|(piece, (sums, forces))| {
            for (atom, (sum, force)) in (piece * PIECE..).zip(sums.iter_mut().zip(forces)) {
                let mut force = force.0;
                for &ghost in images.of(atom) {
                    for (force, more) in force.iter_mut().zip(ghosts[ghost as usize].0) {
                        *force += more;
                    }
                }
                for k in 0..3 {
                    sum[k] += force[k];
                }
            }
        });
}

fn add_sums(energies: &[f64], virial: [f64; 6], evaluation: &mut Evaluation) {
    let request = evaluation.request;
    if request.energy || request.atom_energy {
        let owned = evaluation.force.len();
        let sums = energies[..owned]
            .chunks(UNIT)
            .map(|unit| unit.iter().sum::<f64>());
        evaluation.energy += sums.sum::<f64>();
    }
    if request.atom_energy {
        for (sum, energy) in evaluation.atom_energy.iter_mut().zip(energies) {
            *sum += energy;
        }
    }
    if request.virial {
        let [xx, yy, zz, xy, xz, yz] = virial;
        evaluation.virial += Matrix::new(xx, xy, xz, xy, yy, yz, xz, yz, zz);
    }
}

/// The path that a processor takes when it is asked for `path`.
///
/// The kernels of AVX2 and AVX-512 also count bits by instructions that came with them; a processor
/// without those is not known, and takes the portable path.
pub(in crate::meam) fn supported(path: KernelPath) -> KernelPath {
    #[cfg(target_arch = "x86_64")]
    if matches!(path, KernelPath::Avx2 | KernelPath::Avx512)
        && is_x86_feature_detected!("bmi1")
        && is_x86_feature_detected!("bmi2")
        && is_x86_feature_detected!("lzcnt")
        && is_x86_feature_detected!("popcnt")
    {
        return path;
    }
    match path {
        KernelPath::Reference => path,
        _ => KernelPath::Portable,
    }
}

/// A precision of bonds, with the vectors of every path.
pub(in crate::meam) trait Precision: Number {
    type Plain: Vectors<Real: Lanes<Number = Self>>;
    #[cfg(target_arch = "x86_64")]
    type Avx2: Vectors<Real: Lanes<Number = Self>>;
    #[cfg(target_arch = "x86_64")]
    type Avx512: Vectors<Real: Lanes<Number = Self>>;
}

impl Precision for f64 {
    type Plain = plain::Plain;
    #[cfg(target_arch = "x86_64")]
    type Avx2 = avx2::Avx2;
    #[cfg(target_arch = "x86_64")]
    type Avx512 = avx512::Avx512;
}

impl Precision for f32 {
    type Plain = plain::Mixed;
    #[cfg(target_arch = "x86_64")]
    type Avx2 = avx2::Mixed;
    #[cfg(target_arch = "x86_64")]
    type Avx512 = avx512::Mixed;
}

/// Runs a unit by a path.
fn run<N: Precision>(
    task: &Task<'_, N>,
    path: KernelPath,
    sums: bool,
    turn: Turn,
    scratch: &mut Scratch<N>,
) -> Outcome {
    match (path, sums) {
        #[cfg(target_arch = "x86_64")]
        // SAFETY: a model is only made for a path that the processor can run.
        (KernelPath::Avx512, false) => unsafe { run_avx512::<N, false>(task, turn, scratch) },
        #[cfg(target_arch = "x86_64")]
        // SAFETY: as above.
        (KernelPath::Avx512, true) => unsafe { run_avx512::<N, true>(task, turn, scratch) },
        #[cfg(target_arch = "x86_64")]
        // SAFETY: as above.
        (KernelPath::Avx2, false) => unsafe { run_avx2::<N, false>(task, turn, scratch) },
        #[cfg(target_arch = "x86_64")]
        // SAFETY: as above.
        (KernelPath::Avx2, true) => unsafe { run_avx2::<N, true>(task, turn, scratch) },
        (_, false) => run_unit::<N::Plain, false>(task, turn, scratch),
        (_, true) => run_unit::<N::Plain, true>(task, turn, scratch),
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512dq,avx512bw,avx512vl,avx2,fma,bmi1,bmi2,lzcnt,popcnt")]
fn run_avx512<N: Precision, const SUMS: bool>(
    task: &Task<'_, N>,
    turn: Turn,
    scratch: &mut Scratch<N>,
) -> Outcome {
    run_unit::<N::Avx512, SUMS>(task, turn, scratch)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma,bmi1,bmi2,lzcnt,popcnt")]
fn run_avx2<N: Precision, const SUMS: bool>(
    task: &Task<'_, N>,
    turn: Turn,
    scratch: &mut Scratch<N>,
) -> Outcome {
    run_unit::<N::Avx2, SUMS>(task, turn, scratch)
}

/// Passes the atoms of a unit through the phases.
#[inline(always)]
fn run_unit<V: Vectors, const SUMS: bool>(
    task: &Task<'_, NumberOf<V>>,
    turn: Turn,
    scratch: &mut Scratch<NumberOf<V>>,
) -> Outcome {
    let owned = task.surroundings.owned();
    let atoms = atoms_of(turn.unit, owned);
    let arrays = (task.places.as_ptr(), task.shared.forces.cast_const());
    let ahead = task.halos.ahead(turn.next, UNIT, arrays);
    let mut outcome = Outcome::default();
    for first in atoms.clone().step_by(GROUP) {
        ahead.ask(first - atoms.start..first - atoms.start + GROUP);
        let count = GROUP.min(atoms.end - first);
        pass::<V, SUMS>(task, first, count, &mut scratch.sites);
        for place in 0..count {
            let site = &scratch.sites[place];
            let sum = if site.crowded {
                crowded::<_, SUMS>(task, site.atom, &mut scratch.reference, &mut outcome)
            } else {
                finish::<_, SUMS>(task, site, &mut outcome)
            };
            if !sum.is_finite() && outcome.not_finite.is_none() {
                outcome.not_finite = Some(first + place);
            }
        }
    }
    outcome
}

/// All phases but the last for the first `count` of a group, phase by phase.
#[inline(always)]
fn pass<V: Vectors, const SUMS: bool>(
    task: &Task<'_, NumberOf<V>>,
    first: usize,
    count: usize,
    group: &mut [Site<NumberOf<V>>; GROUP],
) {
    let sites = &mut group[..count];
    let constants = task.vectors;
    let places: *const PlaceOf<V::Real> = task.places.as_ptr();
    for (place, site) in sites.iter_mut().enumerate() {
        let row = task.surroundings.list.row(first + place);
        // SAFETY: entries of the list are indices of positions, as the atoms are.
        unsafe { neighbours::find::<V>(constants, places, first + place, row, site) };
    }
    for site in &mut *sites {
        // SAFETY: as above.
        unsafe { neighbours::localise::<V>(constants, places, site) };
    }
    for site in &mut *sites {
        screeners::find::<V>(site);
    }
    for site in &mut *sites {
        screening::evaluate::<V>(constants, site);
    }
    for site in &mut *sites {
        screening::multiply::<V>(site);
    }
    for site in &mut *sites {
        densities::sum::<V, SUMS>(constants, site);
    }
    // Those that a group lacks are embedded as atoms without neighbours.
    for site in &mut group[count..] {
        site.species = 0;
        site.moments.fill(0.0);
    }
    embedding::embed::<V>(constants, group);
    let sites = &mut group[..count];
    for site in &mut *sites {
        bonds::differentiate::<V>(constants, site);
    }
    for site in sites {
        scatter::screening::<V>(site);
    }
}

/// Hands out a site's results; returns a number that is finite if they are.
#[inline(always)]
fn finish<N: Number, const SUMS: bool>(
    task: &Task<'_, N>,
    site: &Site<N>,
    outcome: &mut Outcome,
) -> f64 {
    // SAFETY: the site's indices are those of positions, hence of forces; units that run at the
    // same time share none.
    let sum = unsafe { scatter::forces(site, task.shared.forces) };
    let mut check = sum[0] + sum[1] + sum[2];
    if SUMS {
        let energy = site.embedding + site.pair_energy;
        check += energy;
        // SAFETY: the energies of all owned atoms have room; each is written by its own unit.
        unsafe { *task.shared.energies.add(site.atom) = energy };
        let virial = scatter::virial(site);
        for (sum, part) in outcome.virial.iter_mut().zip(virial) {
            *sum += part;
        }
    }
    check
}

/// An atom with too many neighbours for a site: the reference path's formulas.
#[cold]
fn crowded<N: Number, const SUMS: bool>(
    task: &Task<'_, N>,
    atom: usize,
    scratch: &mut reference::Scratch,
    outcome: &mut Outcome,
) -> f64 {
    let energy = reference::evaluate_site(task.constants, task.surroundings, atom, scratch);
    let mut check = energy;
    for (index, offset, gradient) in scratch.gradients() {
        for k in 0..3 {
            // SAFETY: entries of the list are indices of forces; units that run at the same time
            // share none.
            unsafe {
                (*task.shared.forces.add(index as usize))[k] -= gradient[k];
                (*task.shared.forces.add(atom))[k] += gradient[k];
            }
        }
        check += gradient.sum();
        let pairs = [(0, 0), (1, 1), (2, 2), (0, 1), (0, 2), (1, 2)];
        for (sum, (a, b)) in outcome.virial.iter_mut().zip(pairs) {
            *sum -= offset[a] * gradient[b];
        }
    }
    if SUMS {
        // SAFETY: see `finish`.
        unsafe { *task.shared.energies.add(atom) = energy };
    }
    check
}
