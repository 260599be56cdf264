//! The embedded-atom method.
//!
//! E = Σ_i F_a(ρ_i) + Σ_{i<j} φ_ab(r_ij), ρ_i = Σ_j f_ba(r_ij)
//! (M. S. Daw, M. I. Baskes, Phys. Rev. B 29, 6443 (1984), doi:10.1103/PhysRevB.29.6443), with a and b the
//! species of i and j. The functions come from files ([`read_setfl`], [`read_fs`],
//! [`read_funcfl`]) or from published formulas ([`zhou2004`]), and are interpolated as LAMMPS does, so
//! that forces agree with it to rounding.
//!
//! Beyond the largest tabulated density the embedding energy goes on as a straight line. Where a table
//! of distances ends before the cutoff (by two steps at most), energies keep its last value and forces
//! its last slope, as in LAMMPS; in published files both are zero there.
//!
//! [`MixedEam`] computes pairs in single precision: faster where that is enough.
//!
//! ```
//! use frit_potentials::eam::{Eam, read_setfl, zhou2004};
//! use frit_potentials::{Bound, KernelPath};
//!
//! let text = zhou2004::setfl(&["Pt", "Fe"], zhou2004::Grid::default())?;
//! let tables = read_setfl(&text, "Zhou-2004-PtFe.eam.alloy")?;
//! let potential = Bound::new(Eam::new(&tables, &["Fe", "Pt"], KernelPath::best())?);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod cubic;
mod error;

mod full;
mod funcfl;
mod functions;
mod half;
mod header;
mod mixed;
mod model;
mod reference;
mod setfl;
mod tables;
mod words;
pub mod zhou2004;

pub use error::{EamError, EamFileError, EamProblem};
pub use funcfl::{FuncflFile, read_funcfl};
pub use mixed::MixedEam;
pub use model::{Eam, Workspace};
pub use setfl::{read_fs, read_setfl, write_setfl};
pub use tables::{EamElement, EamForm, EamTables};
