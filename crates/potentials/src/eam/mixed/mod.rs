//! EAM in mixed precision: pairs in single, sums over the system in double precision.
//!
//! Positions become whole numbers ([`crate::whole`]). Distances, functions of the distance and each
//! atom's sums over its neighbours are of single precision; functions are polynomials fitted to
//! the tables ([`polynomials`]). F(ρ), energies of the system, the virial and all motion remain in
//! double precision. Pairs see the same bits from both sides, so that forces are opposite and equal
//! but for the rounding of each atom's sum.

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
mod plain;
pub(super) mod polynomials;
#[cfg(target_arch = "x86_64")]
mod rows;
#[cfg(target_arch = "x86_64")]
mod sixteen;

use frit_atoms::{Surroundings, Vector};

use self::polynomials::{ALLOWED, Polynomials};
use super::error::EamError;
use super::full::{InnerList, Memory, Site, evaluate};
use super::functions::Functions;
use super::model::{describe, elements_of};
use super::tables::EamTables;
use crate::{Evaluation, EvaluationError, KernelPath, Model, whole};

/// An EAM potential for the species of one system, evaluated in mixed precision.
#[derive(Debug, Clone)]
pub struct MixedEam {
    functions: Functions,
    description: String,
    path: KernelPath,
}

/// Scratch memory of [`MixedEam`]: about 400 bytes an atom; 900 with AVX-512.
#[derive(Debug, Default)]
pub struct Workspace(Memory<Single, Inner>);

impl MixedEam {
    /// A potential for a system whose species have these names, in its order.
    ///
    /// # Errors
    /// Names a species without tables, a kernel path that the machine cannot run, or functions that
    /// single precision does not follow.
    pub fn new(tables: &EamTables, species: &[&str], path: KernelPath) -> Result<Self, EamError> {
        let path = path.checked()?;
        let elements = elements_of(tables, species)?;
        let mut functions = Functions::new(tables, &elements);
        if functions.cutoff > whole::LARGEST {
            return Err(EamError::CutoffForMixed {
                cutoff: functions.cutoff,
                largest: whole::LARGEST,
            });
        }
        let polynomials = Polynomials::new(&functions);
        let worst = polynomials.worst;
        if worst.excess.is_nan() || worst.excess > 1.0 {
            return Err(EamError::TooRough {
                source_species: species[worst.species[0]].to_owned(),
                at: species[worst.species[1]].to_owned(),
                distance: worst.distance,
                deviation: worst.excess * ALLOWED,
                allowed: ALLOWED,
            });
        }
        let description = format!(
            "{}\n  mixed precision: pair forces deviate from the tables by at most {:.1e} eV/Å, or as \
             much of themselves",
            describe(tables, &elements),
            worst.excess * ALLOWED
        );
        functions.set_polynomials(polynomials);
        Ok(Self {
            functions,
            description,
            path,
        })
    }
}

impl Model for MixedEam {
    type Workspace = Workspace;

    fn name(&self) -> &'static str {
        "eam"
    }

    fn cutoff(&self) -> f64 {
        self.functions.cutoff
    }

    fn describe(&self) -> String {
        self.description.clone()
    }

    fn kernel(&self) -> &'static str {
        match self.path {
            KernelPath::Avx512 => "avx512, mixed",
            KernelPath::Avx2 => "avx2, mixed",
            KernelPath::Portable | KernelPath::Reference => "portable, mixed",
        }
    }

    fn evaluate(
        &self,
        surroundings: &Surroundings<'_>,
        workspace: &mut Workspace,
        evaluation: &mut Evaluation,
    ) -> Result<(), EvaluationError> {
        let (functions, memory) = (&self.functions, &mut workspace.0);
        match self.path {
            #[cfg(target_arch = "x86_64")]
            KernelPath::Avx2 => evaluate::<avx2::Avx2>(functions, surroundings, memory, evaluation),
            #[cfg(target_arch = "x86_64")]
            KernelPath::Avx512 if surroundings.position.len() <= rows::MOST_RECORDS => {
                evaluate::<avx512::Avx512>(functions, surroundings, memory, evaluation)
            }
            _ => evaluate::<plain::Plain>(functions, surroundings, memory, evaluation),
        }
    }
}

/// What the kernels keep of a chunk from the first pass to the second.
#[derive(Debug, Default)]
pub(super) struct Inner {
    list: InnerList,
    #[cfg(target_arch = "x86_64")]
    rows: rows::Rows,
}

/// What the kernels load of an atom or ghost: a quarter of a cache line.
#[derive(Debug, Clone, Copy, Default)]
#[repr(C, align(16))]
pub(super) struct Single {
    /// Position in whole numbers.
    position: [i32; 3],
    /// F'(ρ) of the atom; before the second pass not yet valid.
    slope: f32,
}

impl Site for Single {
    #[inline(always)]
    fn place(&mut self, position: &Vector) {
        self.position = whole::position(position);
    }

    #[inline(always)]
    fn set_slope(&mut self, slope: f64) {
        self.slope = slope as f32;
    }

    #[inline(always)]
    fn copy_slope(&mut self, other: &Self) {
        self.slope = other.slope;
    }
}

/// The way from an atom to another.
struct Squares {
    /// [Å]
    d: [f32; 3],
    /// Its length, squared [Å²].
    sum: f32,
}

impl Squares {
    #[inline(always)]
    fn of(here: &Single, there: &Single) -> Self {
        let d = whole::way(here.position, there.position);
        Self {
            d,
            sum: d[0] * d[0] + d[1] * d[1] + d[2] * d[2],
        }
    }
}
