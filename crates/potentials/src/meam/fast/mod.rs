//! The vector kernels: the same for all instructions, written once.
//!
//! A few atoms at a time pass through eight phases, a file each: their neighbours
//! ([`neighbours`]), which of them screen which bonds ([`screeners`]), how much ([`screening`]),
//! densities and moments ([`densities`]), embedding ([`embedding`]), and the gradient by bonds
//! ([`bonds`]) and screeners ([`scatter`]). What a phase leaves lies in the cache of the processor, in a
//! [`site::Site`]; as many atoms pass at a time as there are phases too short to fill the time that
//! their results take.
//!
//! Each path gives the same bits for any number of threads (see [`crate::units`]) and whatever is asked
//! for beside the forces.

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
mod bonds;
mod constants;
mod densities;
mod embedding;
mod kernel;
mod lanes;
mod neighbours;
mod plain;
mod scatter;
mod screeners;
mod screening;
mod site;

pub(super) use constants::VectorConstants;
pub(super) use kernel::{Workspace, evaluate, supported};
