//! `[stage.ensemble]`: what a stage of dynamics keeps constant, and how.

use frit_units::{Pressure, Quantity, Rate, Temperature, Time, kind};

use crate::walk::form::{Measure, any, not_negative, positive};
use crate::walk::{Table, Variant, key, table};

/// What a stage of dynamics keeps constant.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Ensemble {
    /// Energy.
    Nve,
    /// Temperature, by a chain of Nosé-Hoover thermostats.
    NoseHoover {
        /// Temperature from the start to the end of the stage.
        temperature: Ramp<Temperature>,
        /// Period of the thermostat.
        relaxation_time: Time,
    },
    /// Temperature, by stochastic rescaling of all velocities (Bussi, Donadio, Parrinello).
    Bussi {
        /// Temperature from the start to the end of the stage.
        temperature: Ramp<Temperature>,
        /// Relaxation time of the kinetic energy.
        relaxation_time: Time,
    },
    /// Temperature, by friction and noise on every atom.
    Langevin {
        /// Temperature from the start to the end of the stage.
        temperature: Ramp<Temperature>,
        /// Friction coefficient.
        friction: Rate,
    },
    /// Temperature and pressure; the cell changes its size, not its shape.
    Npt {
        /// Temperature from the start to the end of the stage.
        temperature: Ramp<Temperature>,
        /// Relaxation time of the thermostat.
        relaxation_time: Time,
        /// Pressure from the start to the end of the stage.
        pressure: Ramp<Pressure>,
        /// Relaxation time of the barostat.
        pressure_relaxation_time: Time,
        /// Estimate of the bulk modulus, which makes the relaxation time what it says.
        bulk_modulus: Pressure,
    },
}

/// A value that changes linearly in time from the start to the end of a stage.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ramp<T> {
    /// At the start.
    pub start: T,
    /// At the end.
    pub end: T,
}

pub(crate) fn read(table: &mut Table<'_, '_>) -> Option<Ensemble> {
    table.variants(&[
        Variant {
            key: self::table("nve", "Constant energy: plain Newtonian dynamics"),
            read: |_| Some(Ensemble::Nve),
        },
        Variant {
            key: self::table(
                "nose-hoover",
                "Constant temperature by a chain of Nosé-Hoover thermostats; momentum is conserved",
            ),
            read: read_nose_hoover,
        },
        Variant {
            key: self::table(
                "bussi",
                "Constant temperature by stochastic rescaling of all velocities; momentum is conserved",
            ),
            read: read_bussi,
        },
        Variant {
            key: self::table(
                "langevin",
                "Constant temperature by friction and noise on every atom; momentum is not conserved",
            ),
            read: read_langevin,
        },
        Variant {
            key: self::table(
                "npt",
                "Constant temperature and pressure; the periodic cell keeps its shape",
            ),
            read: read_npt,
        },
    ])
}

fn read_nose_hoover(table: &mut Table<'_, '_>) -> Option<Ensemble> {
    let temperature = temperature(table, &positive());
    let relaxation_time = relaxation_time(table);
    Some(Ensemble::NoseHoover {
        temperature: temperature?,
        relaxation_time,
    })
}

fn read_bussi(table: &mut Table<'_, '_>) -> Option<Ensemble> {
    let temperature = temperature(table, &positive());
    let relaxation_time = relaxation_time(table);
    Some(Ensemble::Bussi {
        temperature: temperature?,
        relaxation_time,
    })
}

fn read_langevin(table: &mut Table<'_, '_>) -> Option<Ensemble> {
    let temperature = temperature(table, &not_negative());
    let friction = table.default(
        key(
            "friction",
            "Friction coefficient; velocities decorrelate in its reciprocal",
            "\"2 1/ps\"",
        ),
        &positive::<kind::Rate>(),
        "\"1 1/ps\"",
    );
    Some(Ensemble::Langevin {
        temperature: temperature?,
        friction,
    })
}

fn read_npt(table: &mut Table<'_, '_>) -> Option<Ensemble> {
    let temperature = temperature(table, &positive());
    let relaxation_time = relaxation_time(table);
    let pressure = table.required(
        key(
            "pressure",
            "Pressure, at the start of the stage",
            "\"1 bar\"",
        ),
        &any::<kind::Pressure>(),
    );
    let pressure_end = table.optional(
        key(
            "pressure-end",
            "Pressure at the end of the stage, reached linearly",
            "\"1 GPa\"",
        ),
        &any::<kind::Pressure>(),
        "as `pressure`",
    );
    let pressure_relaxation_time = table.default(
        key(
            "pressure-relaxation-time",
            "Relaxation time of the pressure",
            "\"2 ps\"",
        ),
        &positive::<kind::Time>(),
        "\"1 ps\"",
    );
    let bulk_modulus = table.default(
        key(
            "bulk-modulus",
            "Estimate of the bulk modulus; it makes the relaxation time of the pressure what it says, no more",
            "\"140 GPa\"",
        ),
        &positive::<kind::Pressure>(),
        "\"200 GPa\"",
    );
    Some(Ensemble::Npt {
        temperature: temperature?,
        relaxation_time,
        pressure: ramp(table, "pressure-end", pressure?, pressure_end),
        pressure_relaxation_time,
        bulk_modulus,
    })
}

fn temperature(
    table: &mut Table<'_, '_>,
    form: &Measure<kind::Temperature>,
) -> Option<Ramp<Temperature>> {
    let start = table.required(
        key(
            "temperature",
            "Temperature, at the start of the stage",
            "\"1473 K\"",
        ),
        form,
    );
    let end = table.optional(
        key(
            "temperature-end",
            "Temperature at the end of the stage, reached linearly",
            "\"300 K\"",
        ),
        form,
        "as `temperature`",
    );
    Some(ramp(table, "temperature-end", start?, end))
}

fn ramp<K: frit_units::Kind>(
    table: &mut Table<'_, '_>,
    end_name: &str,
    start: Quantity<K>,
    end: Option<Quantity<K>>,
) -> Ramp<Quantity<K>> {
    let end = end.unwrap_or(start);
    table.record(end_name, crate::walk::form::quoted(&end.to_string()));
    Ramp { start, end }
}

fn relaxation_time(table: &mut Table<'_, '_>) -> Time {
    table.default(
        key(
            "relaxation-time",
            "Relaxation time of the temperature",
            "\"0.5 ps\"",
        ),
        &positive::<kind::Time>(),
        "\"0.1 ps\"",
    )
}
