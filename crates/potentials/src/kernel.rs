//! Which instructions a kernel uses.

use std::fmt;
use std::str::FromStr;

/// A family of kernels. All give the same result to rounding; each alone gives the same bits
/// always.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KernelPath {
    /// The plain formulas, atom by atom: what the others are tested against.
    Reference,
    /// Optimised, without instructions that not every machine has.
    Portable,
    /// AVX2 and FMA (x86-64).
    Avx2,
    /// AVX-512 F, DQ, BW, VL with FMA and POPCNT (x86-64).
    Avx512,
}

/// The machine lacks the instructions of a kernel path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this machine has no {wanted} instructions; the best it can run is {best}")]
pub struct KernelUnavailable {
    /// The path asked for.
    pub wanted: KernelPath,
    /// The best path here.
    pub best: KernelPath,
}

impl KernelPath {
    /// All paths, from plain to fast.
    pub const ALL: [Self; 4] = [Self::Reference, Self::Portable, Self::Avx2, Self::Avx512];

    /// The fastest path that this machine can run.
    pub fn best() -> Self {
        let mut best = Self::Portable;
        for path in [Self::Avx2, Self::Avx512] {
            if path.is_available() {
                best = path;
            }
        }
        best
    }

    /// Whether this machine can run the path.
    pub fn is_available(self) -> bool {
        match self {
            Self::Reference | Self::Portable => true,
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma"),
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 => {
                is_x86_feature_detected!("avx512f")
                    && is_x86_feature_detected!("avx512dq")
                    && is_x86_feature_detected!("avx512bw")
                    && is_x86_feature_detected!("avx512vl")
                    && is_x86_feature_detected!("fma")
                    && is_x86_feature_detected!("popcnt")
            }
            #[cfg(not(target_arch = "x86_64"))]
            Self::Avx2 | Self::Avx512 => false,
        }
    }

    /// This path, if the machine can run it.
    ///
    /// # Errors
    /// Names the best path that it can run.
    pub fn checked(self) -> Result<Self, KernelUnavailable> {
        if self.is_available() {
            Ok(self)
        } else {
            Err(KernelUnavailable {
                wanted: self,
                best: Self::best(),
            })
        }
    }

    /// The name in decks and manifests.
    pub fn name(self) -> &'static str {
        match self {
            Self::Reference => "reference",
            Self::Portable => "portable",
            Self::Avx2 => "avx2",
            Self::Avx512 => "avx512",
        }
    }
}

impl fmt::Display for KernelPath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl FromStr for KernelPath {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        Self::ALL
            .into_iter()
            .find(|path| path.name() == name)
            .ok_or(())
    }
}
