//! Rules about structure and stages together.

use crate::elements::ensemble::Ensemble;
use crate::elements::group::Group;
use crate::elements::stage::{Centres, Outline, Stage, StageMethod, StageTarget};
use crate::elements::structure::GapSet;
use crate::error::DeckErrorKind;
use crate::suggest;
use crate::walk::Walk;

/// What the rules need to know of the structure, known even where it has other errors.
#[derive(Debug, Clone, Copy)]
pub(crate) struct StructureOutline {
    /// The variants that the deck gives.
    pub(crate) is_pair: bool,
    pub(crate) is_free: bool,
    pub(crate) is_built: bool,
    /// When the gap of a pair is set; `None` without a readable pair.
    pub(crate) gap_set: Option<GapSet>,
}

pub(crate) fn check(
    walk: &mut Walk<'_>,
    structure: StructureOutline,
    outlines: &[Outline],
    stages: &[Stage],
) {
    check_names(walk, outlines);
    check_order(walk, structure, outlines);
    check_velocities(walk, structure, outlines, stages);
    check_gap(walk, structure, outlines);
    check_barostats(walk, structure, outlines, stages);
    check_until(walk, structure, outlines, stages);
    if structure.is_pair {
        warn_of_drift(walk, outlines, stages);
    }
}

fn report(walk: &mut Walk<'_>, path: &str, message: String, help: String) {
    let span = walk.document.span_of(path);
    walk.error(DeckErrorKind::Inconsistent, &span, message, "", help);
}

fn check_names(walk: &mut Walk<'_>, outlines: &[Outline]) {
    for (position, outline) in outlines.iter().enumerate() {
        let Some(name) = &outline.name else { continue };
        let same = |other: &&Outline| other.name.as_ref() == Some(name);
        if let Some(first) = outlines[..position].iter().find(same) {
            let message = format!("two stages are named \"{name}\"");
            let help = "stages are told apart by their names in outputs and overrides".to_owned();
            let first_span = walk
                .document
                .span_of(&format!("stage.{}.name", first.index));
            let span = walk
                .document
                .span_of(&format!("stage.{}.name", outline.index));
            walk.error(
                DeckErrorKind::Inconsistent,
                &span,
                message,
                "the second one",
                help,
            );
            if first_span.source == span.source {
                let error = walk.errors.last_mut().expect("it was just added");
                error.also = Some((first_span.range, "the first one".to_owned()));
            }
        }
    }
}

fn check_order(walk: &mut Walk<'_>, structure: StructureOutline, outlines: &[Outline]) {
    let first_system = outlines
        .iter()
        .find(|outline| outline.on == StageTarget::System);
    for outline in outlines
        .iter()
        .filter(|outline| outline.on == StageTarget::EachParticle)
    {
        let path = format!("stage.{}.on", outline.index);
        if !structure.is_pair {
            report(
                walk,
                &path,
                "`each-particle` needs a pair, but the structure is none".to_owned(),
                "leave `on` out, or build a pair with `[structure.pair]`".to_owned(),
            );
        } else if first_system.is_some_and(|system| system.index < outline.index) {
            report(
                walk,
                &path,
                "the particles are assembled already: a stage on the system stands before this one"
                    .to_owned(),
                "put all stages on `each-particle` before the first one on the system".to_owned(),
            );
        }
    }
}

fn check_velocities(
    walk: &mut Walk<'_>,
    structure: StructureOutline,
    outlines: &[Outline],
    stages: &[Stage],
) {
    let are_equilibrated = structure.is_pair
        && outlines
            .iter()
            .any(|outline| outline.on == StageTarget::EachParticle);
    for outline in outlines {
        if are_equilibrated && outline.on == StageTarget::System && outline.draws_velocities {
            report(
                walk,
                &format!("stage.{}.velocities", outline.index),
                "velocities are not drawn again after the particles were equilibrated alone"
                    .to_owned(),
                "remove this table: the particles bring their velocities along, each without \
                 momentum and angular momentum; new ones would set the particles in motion \
                 (about 0.02 Å/ps), which closes a gap by itself"
                    .to_owned(),
            );
        }
    }
    for on in [StageTarget::EachParticle, StageTarget::System] {
        let has_velocities = on == StageTarget::System && are_equilibrated;
        if structure.is_built && !has_velocities {
            warn_of_rest(walk, on, outlines, stages);
        }
    }
}

/// Warns of dynamics that begin with atoms at rest under a thermostat that only rescales.
fn warn_of_rest(walk: &mut Walk<'_>, on: StageTarget, outlines: &[Outline], stages: &[Stage]) {
    let mut of_target = outlines.iter().filter(|outline| outline.on == on);
    let Some(first) = of_target.find(|outline| !outline.is_minimisation) else {
        return;
    };
    let stage = stages
        .iter()
        .find(|stage| Some(&stage.name) == first.name.as_ref());
    let Some(StageMethod::Dynamics(dynamics)) = stage.map(|stage| stage.method) else {
        return;
    };
    let makes_heat = matches!(dynamics.ensemble, Ensemble::Langevin { .. });
    if !first.draws_velocities && !makes_heat {
        let span = walk.document.span_of(&format!("stage.{}", first.index));
        let warning = walk.document.error(
            DeckErrorKind::Inconsistent,
            &span,
            "this stage begins with atoms at rest".to_owned(),
            String::new(),
            Some("draw velocities with `[stage.velocities]`, or use `langevin` first".to_owned()),
        );
        walk.warnings.push(warning.into_warning());
    }
}

fn check_gap(walk: &mut Walk<'_>, structure: StructureOutline, outlines: &[Outline]) {
    let is_equilibrated = outlines
        .iter()
        .any(|outline| outline.on == StageTarget::EachParticle);
    match structure.gap_set {
        Some(GapSet::Hot) if !is_equilibrated && !outlines.is_empty() => report(
            walk,
            "structure.pair.gap-set",
            "the gap is to be set when hot, but no stage equilibrates the particles alone"
                .to_owned(),
            "add a stage with `on = \"each-particle\"`, or set the gap as built with \
             `gap-set = \"cold\"`"
                .to_owned(),
        ),
        _ => {}
    }
}

/// Stages name groups that there are; what acts beside the potential fits the rest of the stage.
pub(crate) fn check_groups(
    walk: &mut Walk<'_>,
    groups: &[Group],
    outlines: &[Outline],
    stages: &[Stage],
) {
    let known: Vec<&str> = groups.iter().map(|group| group.name.as_str()).collect();
    for stage in stages {
        let index = index_of(stage, outlines);
        for (by, name) in stage.external.groups() {
            if known.contains(&name) {
                continue;
            }
            let path = match by {
                "freeze" => format!("stage.{index}.freeze"),
                _ => format!("stage.{index}.{by}.{name}"),
            };
            let help = match known.as_slice() {
                [] => format!("describe it: `[group.{name}]`"),
                _ => format!(
                    "known are {}; `[group.{name}]` would describe another",
                    suggest::list(&known, "and")
                ),
            };
            report(walk, &path, format!("there is no group `{name}`"), help);
        }
        check_frozen(walk, index, stage);
        check_swap(walk, &format!("stage.{index}"), stage);
        let StageMethod::Dynamics(dynamics) = stage.method else {
            continue;
        };
        if matches!(dynamics.ensemble, Ensemble::Npt { .. }) && !stage.external.is_empty() {
            report(
                walk,
                &format!("stage.{index}.ensemble.npt"),
                "a barostat moves all atoms with the cell, also those that are frozen or held; and \
                 what acts from outside is no part of the pressure"
                    .to_owned(),
                "keep the volume, with `bussi` or `nose-hoover`".to_owned(),
            );
        }
        if dynamics.centres == Some(Centres::Pinned) && !stage.external.freeze.is_empty() {
            report(
                walk,
                &format!("stage.{index}.centres"),
                "pinned centres move all atoms of a particle, also frozen ones".to_owned(),
                "freeze atoms or pin centres, or tether them".to_owned(),
            );
        }
    }
}

/// Frozen atoms feel no force: a group is frozen, or something acts on it.
fn check_frozen(walk: &mut Walk<'_>, index: usize, stage: &Stage) {
    let frozen = &stage.external.freeze;
    for (by, name) in stage.external.groups() {
        if by == "freeze" || !frozen.iter().any(|one| one == name) {
            continue;
        }
        let (message, help) = match by {
            "spring" => (
                format!("`{name}` is frozen in this stage: its springs are never stretched"),
                "freeze the group, or tie its atoms by springs so that they can move",
            ),
            _ => (
                format!("`{name}` is frozen in this stage: no force moves it"),
                "leave the group out of `freeze`, or push another one",
            ),
        };
        let path = format!("stage.{index}.{by}.{name}");
        report(walk, &path, message, help.to_owned());
    }
}

/// Exchanges move atoms from place to place, which contradicts what holds or pulls them.
fn check_swap(walk: &mut Walk<'_>, path: &str, stage: &Stage) {
    let StageMethod::Dynamics(dynamics) = stage.method else {
        return;
    };
    let given = [
        ("centres", dynamics.centres.is_some()),
        ("freeze", !stage.external.freeze.is_empty()),
        ("spring", !stage.external.springs.is_empty()),
        ("force", !stage.external.forces.is_empty()),
    ];
    let other = given.into_iter().find(|(_, is_given)| *is_given);
    if let (Some(_), Some((name, _))) = (dynamics.swap, other) {
        report(
            walk,
            &format!("{path}.swap"),
            format!(
                "exchanges of atoms contradict `{name}`, which belongs to atoms at their places"
            ),
            "exchange atoms in a stage of its own, before this one".to_owned(),
        );
    }
}

fn check_barostats(
    walk: &mut Walk<'_>,
    structure: StructureOutline,
    outlines: &[Outline],
    stages: &[Stage],
) {
    for stage in stages {
        let StageMethod::Dynamics(dynamics) = stage.method else {
            continue;
        };
        let is_barostat = matches!(dynamics.ensemble, Ensemble::Npt { .. });
        if is_barostat && structure.is_free {
            let index = index_of(stage, outlines);
            let others = suggest::list(&["nose-hoover", "bussi", "langevin"], "or");
            report(
                walk,
                &format!("stage.{index}.ensemble.npt"),
                "free particles have no periodic cell whose pressure could be set".to_owned(),
                format!("use {others}"),
            );
        }
        if is_barostat && dynamics.centres.is_some() {
            report(
                walk,
                &format!("stage.{}.centres", index_of(stage, outlines)),
                "a barostat moves all atoms with the cell, also their centre of mass".to_owned(),
                "leave `centres` out, or keep the volume with `bussi` or `nose-hoover`".to_owned(),
            );
        }
    }
}

/// A neck ends a stage only where one is watched for.
fn check_until(
    walk: &mut Walk<'_>,
    structure: StructureOutline,
    outlines: &[Outline],
    stages: &[Stage],
) {
    for stage in stages {
        let StageMethod::Dynamics(dynamics) = stage.method else {
            continue;
        };
        let is_watched = structure.is_pair && stage.on == StageTarget::System;
        if dynamics.until.is_some() && !is_watched {
            report(
                walk,
                &format!("stage.{}.until", index_of(stage, outlines)),
                "there is no neck to wait for: no two particles are together in this stage"
                    .to_owned(),
                "leave `until` out; it is for stages on the system, with `[structure.pair]`"
                    .to_owned(),
            );
        }
    }
}

/// Warns of a thermostat that pushes the particles of a pair about.
fn warn_of_drift(walk: &mut Walk<'_>, outlines: &[Outline], stages: &[Stage]) {
    for stage in stages
        .iter()
        .filter(|stage| stage.on == StageTarget::System)
    {
        let StageMethod::Dynamics(dynamics) = stage.method else {
            continue;
        };
        let is_free = dynamics.centres.is_none();
        if is_free && matches!(dynamics.ensemble, Ensemble::Langevin { .. }) {
            let path = format!("stage.{}.ensemble.langevin", index_of(stage, outlines));
            let span = walk.document.span_of(&path);
            let warning = walk.document.error(
                DeckErrorKind::Inconsistent,
                &span,
                "this thermostat does not conserve the momentum of the particles".to_owned(),
                String::new(),
                Some(
                    "its noise sets them in motion (about 0.02 Å/ps), which closes a gap by \
                     itself; `bussi` and `nose-hoover` conserve momentum"
                        .to_owned(),
                ),
            );
            walk.warnings.push(warning.into_warning());
        }
    }
}

/// Number of a stage in the deck.
fn index_of(stage: &Stage, outlines: &[Outline]) -> usize {
    let same = |outline: &&Outline| outline.name.as_ref() == Some(&stage.name);
    outlines
        .iter()
        .find(same)
        .map_or(0, |outline| outline.index)
}
