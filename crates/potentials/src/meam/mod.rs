//! The modified embedded-atom method with second-nearest neighbours (2NN-MEAM).
//!
//! The energy of atom i is
//!
//! ```text
//! E_i = F(ρ̄_i) + 1/2 Σ_j S_ij f_c(r_ij) φ(r_ij),    F(ρ̄) = A Ec ρ̄ ln ρ̄,
//! ρ̄ = ρ_0 G(Γ) / ρ_ref,    Γ = Σ_{l=1..3} t_l ρ_l² / ρ_0²,
//! ```
//!
//! where the partial densities ρ_l are moments of the directions to the neighbours, weighted by
//! S_ij f_c(r_ij) exp[-β_l (r/re - 1)]; S_ij = Π_k S_ijk screens the bond ij by every atom k inside
//! an ellipse through i and j; and the pair potential φ makes the energies of reference crystals
//! come out as given.
//!
//! Sources: M. I. Baskes, Phys. Rev. B 46, 2727 (1992), doi:10.1103/PhysRevB.46.2727; B.-J. Lee,
//! M. I. Baskes, Phys. Rev. B 62, 8564 (2000), doi:10.1103/PhysRevB.62.8564; B.-J. Lee,
//! M. I. Baskes, H. Kim, Y. K. Cho, Phys. Rev. B 64, 184102 (2001),
//! doi:10.1103/PhysRevB.64.184102.
//!
//! The two files of a potential are those of LAMMPS: a library of elements and a file of
//! parameters.
//!
//! ```no_run
//! use frit_atoms::Species;
//! use frit_potentials::{Bound, KernelPath, meam};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let library = std::fs::read_to_string("potentials/Kim-2006-PtFe.library.meam")?;
//! let parameters = std::fs::read_to_string("potentials/Kim-2006-PtFe.meam")?;
//! let parameters = meam::read(
//!     "potentials/Kim-2006-PtFe.library.meam",
//!     &library,
//!     "potentials/Kim-2006-PtFe.meam",
//!     &parameters,
//!     &["Pt", "Fe"],
//! )?;
//! let species = ["Pt", "Fe"].map(|name| Species {
//!     name: name.to_owned(),
//!     mass: parameters.mass_of(name).expect("the element was asked for"),
//! });
//! let model = meam::Meam::new(&parameters, &species, KernelPath::best())?;
//! let potential = Bound::new(model);
//! # Ok(())
//! # }
//! ```

mod completion;
mod error;
mod fast;
mod functions;
mod lattice;
mod library;
mod model;
mod order;
mod pair_potential;
mod parameter_file;
mod parameters;
mod reference;
mod table;
mod workspace;

pub use completion::read;
pub use error::{MeamError, MeamFileError, MeamProblem};
pub use model::{Meam, PairTable};
pub use parameters::MeamParameters;
pub use workspace::MeamWorkspace;
