//! What can go wrong.

/// A parameter is out of its range.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[error(
    "the {name} is {}{gap}{unit}; it must be {expected}",
    shown(*value),
    gap = if unit.is_empty() { "" } else { " " }
)]
pub struct ParameterError {
    /// What the parameter is.
    pub name: &'static str,
    /// The value found.
    pub value: f64,
    /// Its unit.
    pub unit: &'static str,
    /// What is allowed.
    pub expected: &'static str,
}

/// A number without rows of zeros.
fn shown(value: f64) -> String {
    match value.abs() {
        size if size == 0.0 || (1e-4..1e6).contains(&size) => value.to_string(),
        _ => format!("{value:e}"),
    }
}

/// Whether `value` is positive and finite.
pub(crate) fn positive(
    name: &'static str,
    value: f64,
    unit: &'static str,
) -> Result<(), ParameterError> {
    within(
        name,
        value,
        unit,
        value > 0.0 && value.is_finite(),
        "positive and finite",
    )
}

/// Whether `value` is finite and not negative.
pub(crate) fn not_negative(
    name: &'static str,
    value: f64,
    unit: &'static str,
) -> Result<(), ParameterError> {
    let fits = value >= 0.0 && value.is_finite();
    within(name, value, unit, fits, "finite and not negative")
}

/// Whether `value` is finite.
pub(crate) fn finite(
    name: &'static str,
    value: f64,
    unit: &'static str,
) -> Result<(), ParameterError> {
    within(name, value, unit, value.is_finite(), "finite")
}

/// Whether `value` lies between 0 and 1, both allowed.
pub(crate) fn share(name: &'static str, value: f64) -> Result<(), ParameterError> {
    let fits = (0.0..=1.0).contains(&value);
    within(name, value, "", fits, "between 0 and 1")
}

/// Whether a value `fits`.
pub(crate) fn within(
    name: &'static str,
    value: f64,
    unit: &'static str,
    fits: bool,
    expected: &'static str,
) -> Result<(), ParameterError> {
    if fits {
        return Ok(());
    }
    Err(ParameterError {
        name,
        value,
        unit,
        expected,
    })
}

/// Why a simulation cannot be set up.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum SetupError {
    /// A parameter is out of its range.
    #[error(transparent)]
    Parameter(#[from] ParameterError),
    /// The time step is too long for the surface.
    #[error(
        "a time step of {ms} ms is unstable: the {process} allows at most {most:.3} ms for the \
         particle of radius {nm:.3} nm; take a shorter step{advice}",
        ms = time_step * 1e3, most = limit * 1e3, nm = radius * 1e9
    )]
    Unstable {
        /// What limits the step.
        process: &'static str,
        /// The time step [s].
        time_step: f64,
        /// The limit [s].
        limit: f64,
        /// The radius of the particle [m].
        radius: f64,
        /// What else helps.
        advice: &'static str,
    },
    /// A particle is larger than the support.
    #[error(
        "a particle of radius {r:.3} nm, with its gap of {g:.3} nm, does not fit on a periodic \
         support of edge {e:.3} nm; take a larger support",
        r = radius * 1e9, g = gap * 1e9, e = edge * 1e9
    )]
    TooLarge {
        /// The radius [m].
        radius: f64,
        /// The capture gap [m].
        gap: f64,
        /// The edge of the support [m].
        edge: f64,
    },
    /// There is no room for all particles.
    #[error(
        "no free place for particle {particle} of {particles} after {attempts} attempts; they \
         cover {coverage:.2} of the support. Take fewer particles or a larger support"
    )]
    NoRoom {
        /// Number of the particle that found no place.
        particle: usize,
        /// How many there are.
        particles: usize,
        /// Places tried.
        attempts: usize,
        /// Share of the support that all particles cover.
        coverage: f64,
    },
    /// A field on a particle has a wrong length.
    #[error(
        "the field {field} of particle {particle} has {found} values; the mesh has {expected} vertices"
    )]
    Field {
        /// Which field.
        field: &'static str,
        /// Index of the particle.
        particle: usize,
        /// Its length.
        found: usize,
        /// Vertices of the mesh.
        expected: usize,
    },
    /// There are no particles.
    #[error("there are no particles; at least one is needed")]
    Empty,
}

/// Why a step could not be made.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum StepError {
    /// A field, a force or a position is not a number.
    #[error(
        "the state of particle {particle} is not finite in step {step} at {time:.6} s (radius \
         {nm:.3} nm); the time step may be too long",
        nm = radius * 1e9
    )]
    NotFinite {
        /// The step.
        step: u64,
        /// The time [s].
        time: f64,
        /// The particle's id.
        particle: u64,
        /// Its radius [m].
        radius: f64,
    },
    /// Explicit diffusion became unstable, since a particle shrank.
    #[error(
        "explicit surface diffusion is unstable in step {step} for particle {particle}, which \
         shrank to a radius of {nm:.3} nm; take adaptive diffusion or a shorter time step",
        nm = radius * 1e9
    )]
    Unstable {
        /// The step.
        step: u64,
        /// The particle's id.
        particle: u64,
        /// Its radius [m].
        radius: f64,
    },
    /// Less than two particles are left to ripen, or mass was lost.
    #[error("ripening failed in step {step}: {source}")]
    Ripening {
        /// The step.
        step: u64,
        /// Why.
        source: crate::ripening::RipeningError,
    },
}

/// Saved state that does not fit.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum RestoreError {
    /// Other arrays.
    #[error("the saved state has the arrays {found:?}, but a simulation has {expected:?}")]
    Arrays {
        /// The names saved.
        found: Vec<String>,
        /// The names expected.
        expected: Vec<String>,
    },
    /// An array of another length.
    #[error("the saved array {name} has {found} numbers; {expected} are needed")]
    Length {
        /// Which array.
        name: String,
        /// Its length.
        found: usize,
        /// The length needed.
        expected: usize,
    },
}
