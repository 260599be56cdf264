//! `[migration]`: particles that a reaction drives over a support.

use std::path::{Path, PathBuf};

use frit_units::{
    ArealDensity, Density, Diffusivity, Energy, Force, Length, MolarEnergy, Pressure, Rate,
    SurfaceEnergy, Temperature, Time, Volume, kind,
};

use crate::any::{self, Heading, Method};
use crate::deck::{Read, read_text, read_with, unexplained};
use crate::document::Document;
use crate::elements::scan::SCAN;
use crate::elements::schedule::{Schedule, ScheduleForm};
use crate::elements::{heading, output};
use crate::error::{DeckError, DeckErrors};
use crate::walk::form::{
    Choice, FilePath, Fraction, Integer, LARGEST, Number, PositiveNumber, Switch, any as any_sign,
    not_negative, positive,
};
use crate::walk::{Table, key, table};

mod parts;

pub use parts::*;

/// A deck of particle migration, read and checked.
#[derive(Debug, Clone)]
pub struct MigrationDeck {
    /// Title, seed, checkpoints, output.
    pub heading: Heading,
    /// What is simulated.
    pub migration: Migration,
    document: Document,
    warnings: DeckErrors,
    canonical: String,
}

impl MigrationDeck {
    /// Reads a deck from its text; see [`crate::Deck::parse`].
    ///
    /// # Errors
    /// Everything that is wrong with it, at once.
    pub fn parse(path: &Path, text: &str, overrides: &[String]) -> Result<Self, DeckErrors> {
        let Read {
            parts,
            document,
            warnings,
            canonical,
        } = read_with(path, text, overrides, |walk| walk.root(read_root))?;
        match parts {
            Some((heading, migration)) => Ok(Self {
                heading,
                migration,
                document,
                warnings,
                canonical,
            }),
            None => Err(unexplained(&document)),
        }
    }

    /// Reads a deck from its file.
    ///
    /// # Errors
    /// As [`MigrationDeck::parse`], or if the file cannot be read.
    pub fn read(path: &Path, overrides: &[String]) -> Result<Self, DeckErrors> {
        Self::parse(path, &read_text(path)?, overrides)
    }

    /// What is allowed but looks like a mistake, and what was rounded.
    #[must_use]
    pub fn warnings(&self) -> &DeckErrors {
        &self.warnings
    }

    /// The deck with every default filled in, in a fixed order: equal texts are equal runs.
    #[must_use]
    pub fn to_canonical_toml(&self) -> &str {
        &self.canonical
    }

    /// A path written in the deck, which is relative to the deck's folder.
    #[must_use]
    pub fn resolve(&self, path: &Path) -> PathBuf {
        self.document.resolve(path)
    }

    /// An error about the value at `path`; see [`Document::error_at`].
    #[must_use]
    pub fn error_at(
        &self,
        path: &str,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> DeckError {
        self.document.error_at(path, message, help)
    }
}

fn read_root(top: &mut Table<'_, '_>) -> Option<(Heading, Migration)> {
    any::refuse_others(top, Method::Migration);
    let (title, seed) = heading::read(top);
    let migration = describe(top);
    let checkpoint = top.default_table(table("checkpoint", "Points to continue from"), |table| {
        output::read_checkpoint(table, output::OFTEN_STEPS)
    });
    let output = top.default_table(
        table("output", "What is written at the end"),
        output::read_output,
    );
    top.ignore(&[SCAN]);
    let heading = Heading {
        title,
        seed,
        checkpoint: checkpoint?,
        output: output?,
    };
    Some((heading, migration?))
}

/// Visits `[migration]`.
pub(crate) fn describe(top: &mut Table<'_, '_>) -> Option<Migration> {
    let key = table(
        "migration",
        "Particles that a reaction on their surface drives over a support; the word at the end of a meaning tells where the \
         default comes from: physics, literature, a choice, or a fit to the trends of Zhao et al. (Small 2024, \
         doi:10.1002/smll.202405759). See docs/migration.md",
    );
    top.required_table(key, read)
}

fn read(table: &mut Table<'_, '_>) -> Option<Migration> {
    let particles = table.default(
        key("particles", "How many particles (choice)", "80"),
        &Integer(1..=10_000_000),
        "80",
    );
    let duration = table.required(
        key("duration", "How long they are followed", "\"3 s\""),
        &positive::<kind::Time>(),
    );
    let timestep = table.default(
        key("timestep", "Time step (choice)", "\"2 ms\""),
        &positive::<kind::Time>(),
        "\"2 ms\"",
    );
    if let Some(duration) = duration {
        let steps = duration.in_picoseconds() / timestep.in_picoseconds();
        // Both are decimal numbers as typed; their quotient is whole up to rounding.
        if steps >= 0.5 && (steps - steps.round()).abs() > 1e-9 * steps {
            let message = format!("{duration} is no whole number of steps of {timestep}");
            table.warn_at(
                "duration",
                message,
                &format!("{} steps are taken", steps.round()),
            );
        }
    }
    let temperature = table.default(
        key("temperature", "Temperature (literature)", "\"500 °C\""),
        &positive::<kind::Temperature>(),
        "\"773.15 K\"",
    );
    let pressure = table.default(
        key(
            "pressure",
            "Total pressure; Zhao et al. give none (choice)",
            "\"100 kPa\"",
        ),
        &positive::<kind::Pressure>(),
        "\"100 kPa\"",
    );
    let reactive_share = table.default(
        key(
            "reactive_share",
            "Share of H2 and O2 in the gas, the rest is He (literature)",
            "0.2",
        ),
        &Fraction,
        "0.2",
    );
    let hydrogen_to_oxygen = table.default(
        key(
            "hydrogen_to_oxygen",
            "Ratio of the partial pressures of H2 and O2 (literature)",
            "6.0",
        ),
        &PositiveNumber,
        "6.0",
    );
    let oxygen = table.optional(
        key(
            "oxygen",
            "Pressure of O2 by itself: H2 keeps the pressure that `reactive_share` and `hydrogen_to_oxygen` give, He fills up",
            "\"2 kPa\"",
        ),
        &positive::<kind::Pressure>(),
        "as `hydrogen_to_oxygen` says",
    );
    let contact_angle = table.default(
        key(
            "contact_angle",
            "Polar angle in degrees above which the surface meets the support instead of gas; 180 for a whole sphere (choice)",
            "130.0",
        ),
        &PositiveNumber,
        "130.0",
    );
    let quantities = table.optional(
        key(
            "quantities",
            "A file of quantities with units, such as molecular dynamics and `frit energies hop` write: `surface diffusivity` or \
             `particle diffusivity` sets the diffusivity of particles, `hop barrier` its activation energy, `surface energy` \
             that of ripening; `neck time` with `particle radius` is held against the time step",
            "\"copper.toml\"",
        ),
        &FilePath,
        "none",
    );
    let mesh = table.default_table(
        self::table("mesh", "The triangulated sphere on each particle"),
        parts::read_mesh,
    );
    let kinetics = table.default_table(
        self::table("kinetics", "Oxidation and reduction of the surface"),
        parts::read_kinetics,
    );
    let heterogeneity = table.default_table(
        self::table(
            "heterogeneity",
            "Differences of the rate of reduction between facets and between particles",
        ),
        parts::read_heterogeneity,
    );
    let noise = table.default_table(
        self::table("noise", "Noise of the reactions, since sites are few"),
        parts::read_noise,
    );
    let gas = table.default_table(
        self::table("gas", "Gas near the particles, and what it pushes"),
        parts::read_gas,
    );
    let drive = table.default_table(
        self::table("drive", "Forces on a particle along the support"),
        parts::read_drive,
    );
    let motion = table.default_table(
        self::table(
            "motion",
            "Brownian motion, `D = D0 (R/R0)^-p exp[-(E/k)(1/T - 1/T0)]`",
        ),
        parts::read_motion,
    );
    let support = table.optional_table(
        self::table(
            "support",
            "A periodic square on which particles meet and merge",
        ),
        "each particle is on its own",
        parts::read_support,
    );
    let sizes = table.default_table(
        self::table("sizes", "Log-normal radii at the start"),
        parts::read_sizes,
    );
    let start = table.default_table(
        self::table("start", "The field on a particle at the start"),
        parts::read_start,
    );
    let ripening = table.optional_table(
        self::table(
            "ripening",
            "Ostwald ripening in the mean field of all particles",
        ),
        "none",
        parts::read_ripening,
    );
    let imaging = table.default_table(
        self::table("imaging", "How a microscope follows the particles"),
        parts::read_imaging,
    );
    let observe = table.default_table(
        self::table("observe", "What is written during the run"),
        parts::read_observe,
    );
    Some(Migration {
        particles,
        duration: duration?,
        timestep,
        temperature,
        pressure,
        reactive_share,
        hydrogen_to_oxygen,
        oxygen,
        contact_angle,
        quantities,
        mesh: mesh?,
        kinetics: kinetics?,
        heterogeneity: heterogeneity?,
        noise: noise?,
        gas: gas?,
        drive: drive?,
        motion: motion?,
        support,
        sizes: sizes?,
        start: start?,
        ripening,
        imaging: imaging?,
        observe: observe?,
    })
}
