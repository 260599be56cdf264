//! Scratch memory of the kernels.

use super::fast::Workspace;
use super::reference::Scratch;

/// Scratch memory of an evaluation; it allocates only when systems grow.
#[derive(Debug, Default)]
pub struct MeamWorkspace {
    pub(super) reference: Scratch,
    pub(super) double: Workspace<f64>,
    pub(super) mixed: Workspace<f32>,
}
