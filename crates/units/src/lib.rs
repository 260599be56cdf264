//! Quantities with dimensions at the border, physical constants, and the internal unit system.
//!
//! A person writes `"1473 K"`, `"5.5 Å"` or `"0.1 1/ps"`; the text is parsed and its dimension
//! checked once, where it enters. Inside, everything is an `f64` in the internal units Å, ps, eV,
//! u, K (see [`constants`]), reached through accessors such as [`Length::in_angstroms`] or, the
//! same for every kind, [`Quantity::internal`].
//!
//! ```
//! use frit_units::{Length, Temperature, Time};
//!
//! let temperature: Temperature = "1200 °C".parse()?;
//! assert_eq!(temperature.in_kelvin(), 1473.15);
//! assert_eq!("2 fs".parse::<Time>()?.in_picoseconds(), 0.002);
//!
//! let error = "5 Å".parse::<Temperature>().unwrap_err();
//! assert_eq!(
//!     error.to_string(),
//!     "expected a temperature, such as `1473 K` or `1200 °C`; found a length, `5 Å`"
//! );
//! # Ok::<(), frit_units::QuantityError>(())
//! ```
//!
//! # What is understood
//!
//! A quantity is a number, then a unit. Units are multiplied with `*` or `·`, divided with `/`
//! and raised with `^2`, `²` or a plain digit (`J/m2`); `1/ps`, `/ps` and `ps^-1` are the same.
//! The units themselves are listed by [`known_units`]. Settled ambiguities:
//!
//! * `A` is the ångström, as it is in most files of this field; the ampere is not supported.
//! * `°C` (also `degC`) has its own zero, so it stands alone and only as a temperature: a rate of
//!   heating is written in `K/ps`. `C` is the coulomb.
//! * `u` alone is the atomic mass unit; before another unit it is the ASCII spelling of micro
//!   (`um`, `us`). `m` alone is the metre, `min` the minute, `h` the hour and `d` the day.
//! * After a `/` no `*` may follow: `eV/Å*ps` is read in two ways by two readers. `eV*ps/Å` and
//!   `eV/Å/ps` are clear.

pub mod constants;
mod dimension;
mod error;
mod parse;
mod quantity;
mod scale;
mod unit;

pub use dimension::Dimension;
pub use error::{QuantityError, QuantityErrorKind};
pub use quantity::{
    ArealDensity, Density, Diffusivity, Energy, Flow, Force, HeatingRate, Kind, Length, Mass,
    MolarEnergy, Pressure, Quantity, Rate, Speed, SurfaceEnergy, Temperature, Time, Volume, kind,
};
pub use unit::{KnownUnit, known_units};
