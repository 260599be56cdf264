//! potentials
