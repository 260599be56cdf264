//! The checks of the model, row by row: exact results, laws, an independent implementation, and
//! "regressions of the fitted model", which hold a fit in place and prove nothing about nature.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::field_reassign_with_default,
    reason = "a failed test may panic, its figures help, tests need no reference, and deep changes of defaults read best one by one"
)]

mod common;
mod engine;
mod fields;
mod forces;
mod motion;
mod operators;
mod population;
mod ripening;
mod speed;
mod trends;
