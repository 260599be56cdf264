//! The elements of the language, one file each: type, keys, defaults.

pub(crate) mod crystal;
pub(crate) mod diagram;
pub(crate) mod ensemble;
pub(crate) mod external;
pub(crate) mod group;
pub(crate) mod heading;
pub(crate) mod looping;
pub(crate) mod method;
pub(crate) mod migration;
pub(crate) mod neighbours;
pub(crate) mod observe;
pub(crate) mod observers;
pub(crate) mod orientation;
pub(crate) mod output;
pub(crate) mod particle;
pub(crate) mod potential;
pub(crate) mod redispersion;
pub(crate) mod scan;
pub(crate) mod schedule;
pub(crate) mod shape;
pub(crate) mod slab;
pub(crate) mod stage;
pub(crate) mod structure;
