//! Whether what acts on atoms beside their potential finds its atoms, as far as the structure
//! before the first step tells.

use frit_atoms::System;
use frit_deck::{DeckError, Group, WallPlace};
use frit_dynamics::External;

use super::external::{external, is_elsewhere, members};
use super::{Body, Phase, Plan};

/// What was found of a phase.
#[derive(Debug, Default)]
pub(super) struct Findings {
    /// What is wrong, whatever happens before.
    pub errors: Vec<DeckError>,
    /// What is doubtful.
    pub warnings: Vec<DeckError>,
}

impl Plan {
    /// What acts beside the potential in a phase, on the structure as built; nothing if it finds
    /// no atoms, which [`Plan::check_acting`] says.
    pub(crate) fn acting(&self, phase: &Phase) -> External {
        let system = self.structure.system_of(phase.body);
        external(phase, &self.deck.groups, system, None).unwrap_or_default()
    }

    /// Whether groups and walls of a phase find their atoms.
    pub(super) fn check_acting(&self, number: usize) -> Findings {
        let phase = &self.phases[number];
        let mut look = Look {
            plan: self,
            phase,
            system: self.structure.system_of(phase.body),
            stage: self.stage_of(phase),
            begins_as_built: self.begins_as_built(number),
            findings: Findings::default(),
        };
        look.groups();
        look.walls();
        look.frozen();
        look.findings
    }

    /// The number of a phase's stage in the deck.
    pub(super) fn stage_of(&self, phase: &Phase) -> usize {
        let stages = &self.deck.stages;
        let found = stages.iter().position(|stage| stage.name == phase.stage);
        found.unwrap_or(0)
    }

    /// Whether no phase moves the atoms before this one.
    fn begins_as_built(&self, number: usize) -> bool {
        let body = self.phases[number].body;
        let moves_it = |before: &Phase| before.body == body || body == Body::Whole;
        !self.phases[..number].iter().any(moves_it)
    }
}

struct Look<'a> {
    plan: &'a Plan,
    phase: &'a Phase,
    system: &'a System,
    /// Number of the stage in the deck.
    stage: usize,
    begins_as_built: bool,
    findings: Findings,
}

impl Look<'_> {
    /// Notes an error, or a warning where stages before this one may still mend it.
    fn find(&mut self, is_certain: bool, path: &str, message: String, help: String) {
        if is_certain {
            let error = self.plan.deck.error_at(path, message, help);
            self.findings.errors.push(error);
        } else {
            let message = format!("{message}; a stage before this one may change that");
            self.doubt(path, message, help);
        }
    }

    fn doubt(&mut self, path: &str, message: String, help: String) {
        let error = self.plan.deck.error_at(path, message, help);
        self.findings.warnings.push(error.into_warning());
    }

    fn group(&self, name: &str) -> Option<&Group> {
        let mut groups = self.plan.deck.groups.iter();
        groups.find(|group| group.name == name)
    }

    fn members(&self, name: &str) -> Vec<u32> {
        let group = self.group(name);
        group.map_or_else(Vec::new, |group| {
            members(group, self.phase.body, self.system)
        })
    }

    /// Groups that the phase names have atoms.
    fn groups(&mut self) {
        let phase = self.phase;
        for (by, name) in phase.external.groups() {
            let Some(group) = self.group(name).cloned() else {
                continue;
            };
            if is_elsewhere(&group, phase.body) || !self.members(name).is_empty() {
                continue;
            }
            // Only positions change from stage to stage.
            let anywhere = Group {
                slab: None,
                ..group.clone()
            };
            let is_possible = !members(&anywhere, phase.body, self.system).is_empty();
            let path = match by {
                "freeze" => format!("stage.{}.freeze", self.stage),
                _ => format!("stage.{}.{by}.{name}", self.stage),
            };
            let message = format!(
                "the group `{name}` has no atoms in the stage `{}`",
                phase.label()
            );
            let help = self.what_there_is(&group);
            self.find(!is_possible || self.begins_as_built, &path, message, help);
        }
    }

    /// What the conditions of a group could be met by.
    fn what_there_is(&self, group: &Group) -> String {
        let mut there = Vec::new();
        if let Some(slab) = group.slab {
            let [low, high] = extent(self.system, slab.axis);
            let axis = ["x", "y", "z"][slab.axis];
            there.push(format!("lie between {axis} = {low:.3} and {high:.3} Å"));
        }
        if group.ids.is_some() {
            let ids = self.system.atoms.id();
            let [first, last] = [ids.iter().min(), ids.iter().max()].map(|id| id.unwrap_or(&0));
            there.push(format!("have the ids {first} to {last}"));
        }
        if group.elements.is_some() {
            let names = self.system.species.iter().map(|one| one.name.as_str());
            there.push(format!("are {}", names.collect::<Vec<_>>().join(", ")));
        }
        match there.as_slice() {
            [] => String::new(),
            _ => format!("its atoms, as built, {}", there.join(", ")),
        }
    }

    /// No atom stands behind a wall.
    fn walls(&mut self) {
        let phase = self.phase;
        for wall in &phase.external.walls {
            let WallPlace::At(at) = wall.place else {
                continue;
            };
            let axis = wall.side.axis;
            let sign = if wall.side.low { 1.0 } else { -1.0 };
            let is_behind = |&place: &usize| {
                sign * (self.system.unwrapped(place)[axis] - at.in_angstroms()) <= 0.0
            };
            let behind = (0..self.system.atoms.len()).filter(is_behind).count();
            if behind == 0 {
                continue;
            }
            let [low, high] = extent(self.system, axis);
            let name = ["x", "y", "z"][axis];
            let message = format!(
                "{behind} of {} atoms stand behind the wall `{}` or in it when the stage `{}` begins",
                self.system.atoms.len(),
                wall.name,
                phase.label()
            );
            let help = format!(
                "the atoms, as built, lie between {name} = {low:.3} and {high:.3} Å; `distance` \
                 instead of `at` sets the wall beside the outermost atom"
            );
            let path = format!("stage.{}.wall.{}.at", self.stage, wall.name);
            self.find(self.begins_as_built, &path, message, help);
        }
    }

    /// Something is left to move, and what acts on atoms acts on atoms that move.
    fn frozen(&mut self) {
        let phase = self.phase;
        let mut frozen: Vec<u32> = Vec::new();
        for name in &phase.external.freeze {
            frozen.extend(self.members(name));
        }
        frozen.sort_unstable();
        frozen.dedup();
        if frozen.len() == self.system.atoms.len() {
            let message = format!("all atoms are frozen in the stage `{}`", phase.label());
            let help = "leave some atoms free to move".to_owned();
            let path = format!("stage.{}.freeze", self.stage);
            return self.find(self.begins_as_built, &path, message, help);
        }
        for (by, name) in phase.external.groups() {
            let own = phase.external.freeze.iter().any(|one| one == name);
            if by == "freeze" || own {
                continue;
            }
            let all = self.members(name);
            let held = all.iter().filter(|id| frozen.binary_search(id).is_ok());
            let held = held.count();
            if held == 0 {
                continue;
            }
            let message = format!(
                "{held} of {} atoms of `{name}` are frozen in the stage `{}`: their {by} does \
                 nothing",
                all.len(),
                phase.label()
            );
            let help = match by {
                "force" => "a force given as `total` is shared by all atoms of the group, and the \
                            share of frozen ones is lost"
                    .to_owned(),
                _ => String::new(),
            };
            self.doubt(&format!("stage.{}.{by}.{name}", self.stage), message, help);
        }
    }
}

/// From where to where atoms lie along an axis [Å].
fn extent(system: &System, axis: usize) -> [f64; 2] {
    let along = (0..system.atoms.len()).map(|place| system.unwrapped(place)[axis]);
    along.fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], x| {
        [low.min(x), high.max(x)]
    })
}
