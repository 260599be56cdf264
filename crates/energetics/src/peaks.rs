//! The highest saddle of a relaxed band.
//!
//! Images a few tenths of an Å apart step over the sharp peaks of potentials with screening: the
//! highest image then stands in front of another peak than the highest. So each maximum of the band
//! is looked at closer, with images of its own, before a dimer climbs it.

use frit_atoms::Vector;
use frit_dynamics::minimise::Criteria;

use crate::band::{Band, Climb, Settings};
use crate::{Dimer, EnergyError, Landscape, Method, Saddle, unwatched};

/// Into how many parts the distances between images are divided, once and once more: from some 0.4 Å
/// to 0.13 Å and to 0.03 Å, a third of the width of the sharpest peaks.
const PARTS: [usize; 2] = [3, 4];
/// Steps of the bands that look closer at most: they only have to show where the dimer begins.
const CLOSER_STEPS: u64 = 500;
/// Maxima below this part of the highest hide no higher peak.
const LOW: f64 = 0.5;
/// A saddle this much below the highest image [eV] belongs to another path.
const BELOW: f64 = 2e-3;
/// As does one this much above it [eV]: with 30 eV/Å², the sharpest curvature known, images 0.06 Å
/// apart are up to 30 · 0.03²/2 = 0.014 eV below the top.
const ABOVE: f64 = 0.02;

/// The highest saddle on the path of a band that is relaxed without a climbing image, by dimers from
/// its maxima along the path. `landscape` makes another landscape like those of the band; `criteria`
/// are the dimers'.
pub(crate) fn highest_saddle<L: Landscape>(
    band: &Band<L>,
    landscape: impl Fn() -> Result<L, EnergyError>,
    settings: &Settings,
    criteria: Criteria,
) -> Result<Saddle, EnergyError> {
    let mut best: Option<Saddle> = None;
    let mut missed: Option<(f64, EnergyError)> = None;
    for window in windows(band) {
        match peak(band, window, &landscape, settings, criteria)? {
            (_, Ok(saddle)) if best.as_ref().is_none_or(|b| saddle.energy > b.energy) => {
                best = Some(saddle);
            }
            (top, Err(error)) if missed.as_ref().is_none_or(|(height, _)| top > *height) => {
                missed = Some((top, error));
            }
            _ => {}
        }
    }
    match (best, missed) {
        // A lower peak that could not be climbed changes nothing.
        (Some(saddle), Some((height, error))) if height > saddle.energy => Err(error),
        (Some(saddle), _) => Ok(saddle),
        (None, Some((_, error))) => Err(error),
        (None, None) => Err(EnergyError::NoResult(
            "the path has no maximum between its ends, and so no saddle".to_owned(),
        )),
    }
}

/// The height of one maximum [eV] and its saddle, or why it could not be climbed: where images do not
/// settle by the band's own method they are moved by inertia.
fn peak<L: Landscape>(
    band: &Band<L>,
    window: [usize; 2],
    landscape: impl Fn() -> Result<L, EnergyError>,
    settings: &Settings,
    criteria: Criteria,
) -> Result<(f64, Result<Saddle, EnergyError>), EnergyError> {
    let attempt = |method| {
        let settings = Settings {
            method,
            ..*settings
        };
        let close = closer(band, window, &landscape, &settings)?;
        let top = close.images()[close.highest()].energy;
        match climb(&close, landscape()?, criteria) {
            Err(
                error @ (EnergyError::NotConverged { .. }
                | EnergyError::NoSaddle { .. }
                | EnergyError::NoResult(_)),
            ) => Ok((top, Err(error))),
            climbed => Ok((top, Ok(climbed?))),
        }
    };
    match attempt(settings.method)? {
        (_, Err(_)) => attempt(Method::Fire),
        found => Ok(found),
    }
}

/// First and last image around each maximum of the band.
fn windows<L: Landscape>(band: &Band<L>) -> Vec<[usize; 2]> {
    let profile = band.profile();
    let last = band.images().len() - 1;
    let maxima = profile.maxima();
    let highest = maxima.iter().map(|one| one.energy).fold(0.0, f64::max);
    let high = maxima.iter().filter(|one| one.energy > LOW * highest);
    let mut windows: Vec<[usize; 2]> = high
        .map(|one| {
            let behind = profile.coordinate.partition_point(|&s| s <= one.coordinate);
            [behind.saturating_sub(2), (behind + 1).min(last)]
        })
        .collect();
    windows.dedup();
    if windows.is_empty() {
        let top = band.highest();
        windows.push([top - 1, top + 1]);
    }
    windows
}

/// A finer band around the highest place between two images.
fn closer<L: Landscape>(
    band: &Band<L>,
    window: [usize; 2],
    landscape: impl Fn() -> Result<L, EnergyError>,
    settings: &Settings,
) -> Result<Band<L>, EnergyError> {
    let settings = Settings {
        climb: Climb::No,
        criteria: Criteria {
            max_steps: settings.criteria.max_steps.min(CLOSER_STEPS),
            ..settings.criteria
        },
        ..*settings
    };
    let mut close = finer(band, window, PARTS[0], &landscape)?;
    relax_roughly(&mut close, &settings)?;
    for parts in &PARTS[1..] {
        let top = close.highest();
        close = finer(&close, [top - 1, top + 1], *parts, &landscape)?;
        relax_roughly(&mut close, &settings)?;
    }
    Ok(close)
}

/// Relaxes a band as far as it gets.
fn relax_roughly<L: Landscape>(band: &mut Band<L>, settings: &Settings) -> Result<(), EnergyError> {
    match band.relax(settings, unwatched) {
        Ok(_) | Err(EnergyError::NotConverged { .. }) => Ok(()),
        Err(error) => Err(error),
    }
}

/// The images from one to another, with more between them on straight lines.
fn finer<L: Landscape>(
    band: &Band<L>,
    [first, last]: [usize; 2],
    parts: usize,
    landscape: impl Fn() -> Result<L, EnergyError>,
) -> Result<Band<L>, EnergyError> {
    let images = &band.images()[first..=last];
    let mut path: Vec<Vec<Vector>> = Vec::new();
    for pair in images.windows(2) {
        path.extend((0..parts).map(|k| {
            let share = k as f64 / parts as f64;
            let places = pair[0].position.iter().zip(&pair[1].position);
            places.map(|(a, b)| a + (b - a) * share).collect()
        }));
    }
    path.push(images[images.len() - 1].position.clone());
    let landscapes = path.iter().map(|_| landscape());
    let landscapes = landscapes.collect::<Result<_, _>>()?;
    Band::new(path, landscapes)
}

/// The saddle next to the highest image.
fn climb<L: Landscape>(
    band: &Band<L>,
    mut landscape: L,
    criteria: Criteria,
) -> Result<Saddle, EnergyError> {
    let top = band.highest();
    let image = &band.images()[top];
    let mut dimer = Dimer::new(&mut landscape, image.position.clone(), band.tangent(top))?;
    let saddle = dimer.climb(criteria, unwatched)?;
    let above = saddle.energy - image.energy;
    if (-BELOW..=ABOVE).contains(&above) {
        return Ok(saddle);
    }
    let side = if above < 0.0 { "below" } else { "above" };
    Err(EnergyError::NoResult(format!(
        "the dimer left the path: its saddle lies {:.4} eV {side} the highest image; relax the band with another number of images, other springs, or the optimiser fire",
        above.abs()
    )))
}
