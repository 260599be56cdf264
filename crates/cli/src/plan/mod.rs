//! The plan: what a deck means, with nothing left open.

mod acting;
mod external;
mod learned;
mod phase;
mod potential;
mod structure;
mod translate;

use std::collections::BTreeSet;

use frit_analysis::NeckRule;
use frit_atoms::{Species, System};
use frit_build::{BuildError, Member, Pair, Particle, Placement};
use frit_deck::{Deck, DeckError, DeckErrors, Method, StageMethod};
use frit_dynamics::External;
use frit_dynamics::measure::{self, AtRest, Selection};
use frit_engine::Schedule;
use frit_engine::random::Streams;
use frit_potentials::Potential;
use frit_units::constants::MechanicalConstants;

use crate::args::DeckArguments;
use crate::exit::Exit;
use crate::failure::{Failure, Outcome};
use crate::observing;
use crate::run::{HashedFile, plan_text};
use crate::terminal;

pub(crate) use external::{Beginnings, ExternalError, external};
pub(crate) use phase::{Body, Phase, at_rest, ensemble, schedule, swaps};
pub(crate) use potential::PotentialPlan;
pub(crate) use structure::{PairPlan, StructurePlan};

/// What a deck means.
#[derive(Debug)]
pub(crate) struct Plan {
    /// Where the deck lies, and what was changed in it.
    pub arguments: DeckArguments,
    /// The deck.
    pub deck: Deck,
    /// Random numbers of the run.
    pub streams: Streams,
    /// How atoms interact.
    pub potential: PotentialPlan,
    /// What is simulated.
    pub structure: StructurePlan,
    /// What is done.
    pub phases: Vec<Phase>,
    /// The files on which the run depends.
    pub files: Vec<HashedFile>,
}

/// Branches of the random streams.
const STRUCTURE_BRANCH: u64 = 1;
const PHASE_BRANCH: u64 = 1000;

impl Plan {
    /// Reads everything that a deck names, and builds its structure.
    ///
    /// # Errors
    /// Everything that is wrong, with its place in the deck.
    pub(crate) fn resolve(mut deck: Deck, arguments: &DeckArguments) -> Outcome<Self> {
        let wrong = |errors: DeckErrors| Failure::from_diagnostic(Exit::Usage, errors);
        let streams = Streams::new(deck.seed);
        let mut files = Vec::new();
        let potential = PotentialPlan::read(&deck.potential, deck.document());
        let structure = StructurePlan::make(
            &deck.structure,
            deck.document(),
            streams.branch(STRUCTURE_BRANCH),
            &mut files,
        );
        let (potential, structure) = match (potential, structure) {
            (Ok(potential), Ok(structure)) => (potential, structure),
            (potential, structure) => {
                let errors = [potential.err(), structure.err()];
                let all = errors
                    .into_iter()
                    .flatten()
                    .flat_map(|e| e.errors().to_vec());
                return Err(wrong(DeckErrors::from(all.collect::<Vec<_>>())));
            }
        };
        for warning in potential.warnings.iter().chain(structure.notes()) {
            terminal::warn(warning);
        }
        files.splice(0..0, potential.files.iter().cloned());
        files.extend(learned::forces(&mut deck).map_err(wrong)?);
        let plan = Self {
            arguments: arguments.clone(),
            phases: Phase::of(&deck),
            deck,
            streams,
            potential,
            structure,
            files,
        };
        plan.check().map_err(wrong)?;
        if let Some(warning) = plan.doubtful_velocities() {
            terminal::warn(&warning);
        }
        Ok(plan)
    }

    /// The structure of a deck, without anything else that it names.
    ///
    /// # Errors
    /// What cannot be built or read, with its place in the deck.
    pub(crate) fn structure_of(deck: &Deck) -> Result<StructurePlan, DeckErrors> {
        let streams = Streams::new(deck.seed).branch(STRUCTURE_BRANCH);
        StructurePlan::make(&deck.structure, deck.document(), streams, &mut Vec::new())
    }

    /// The random numbers of a phase.
    pub(crate) fn phase_streams(&self, phase: usize) -> Streams {
        self.streams.branch(PHASE_BRANCH + phase as u64)
    }

    /// The potential, for these species.
    ///
    /// # Errors
    /// Names a species that it does not know.
    pub(crate) fn bind(&self, species: &[Species]) -> Result<Box<dyn Potential>, DeckErrors> {
        self.potential.bind(species).map_err(|error| {
            let help = "every element of the structure needs parameters";
            let error = self.deck.error_at(error.path, error.to_string(), help);
            DeckErrors::from(vec![error])
        })
    }

    /// What needs both the structure and the rest.
    fn check(&self) -> Result<(), DeckErrors> {
        self.bind(self.structure.species_of(Body::Whole))?;
        let mut errors = DeckErrors::default();
        let mut warnings = DeckErrors::default();
        for (number, phase) in self.phases.iter().enumerate() {
            let found = self.check_acting(number);
            let problems = found.errors.into_iter().chain(self.check_ensemble(phase));
            problems.for_each(|problem| add(&mut errors, problem));
            (found.warnings.into_iter()).for_each(|warning| add(&mut warnings, warning));
        }
        if !warnings.is_empty() {
            terminal::show(miette::Report::new(warnings));
        }
        self.check_neck(&mut errors);
        self.check_pair(&mut errors);
        errors.into_result(())
    }

    /// Whether a phase of dynamics has an ensemble on its body.
    fn check_ensemble(&self, phase: &Phase) -> Option<DeckError> {
        let StageMethod::Dynamics(dynamics) = phase.method else {
            return None;
        };
        let system = self.structure.system_of(phase.body);
        let rest = at_rest(&dynamics, &self.acting(phase), system);
        let problem = match ensemble(&dynamics, system, rest) {
            Err(error) => error.to_string(),
            Ok(frit_dynamics::Ensemble::Isobaric(_)) if system.cell.periodic() != [true; 3] => {
                "a pressure needs a cell that is periodic in all directions".to_owned()
            }
            Ok(_) => return None,
        };
        let path = format!("stage.{}.ensemble", self.stage_of(phase));
        Some(self.deck.error_at(&path, problem, ""))
    }

    /// Whether bonds are counted often enough, in each stage of the pair, to see a neck.
    fn check_neck(&self, errors: &mut DeckErrors) {
        let (StructurePlan::Pair(_), Some(neck)) = (&self.structure, &self.deck.observe.neck)
        else {
            return;
        };
        let rule = NeckRule {
            bonds: neck.bonds as usize,
            hold: neck.hold.in_picoseconds(),
        };
        let dynamic = |phase: &&Phase| phase.body == Body::Whole && phase.timestep() > 0.0;
        for phase in self.phases.iter().filter(dynamic) {
            let Schedule::Steps(steps) = schedule(neck.every, phase.timestep()) else {
                continue;
            };
            if let Err(error) = rule.check(steps as f64 * phase.timestep()) {
                let message = format!("in the stage {}: {error}", phase.stage);
                errors.push(self.deck.error_at("observe.neck", message, ""));
                return;
            }
        }
    }

    /// Whether there are two particles for the observers that need them.
    fn check_pair(&self, errors: &mut DeckErrors) {
        let observers = &self.deck.observe.observers;
        let whole = self.structure.whole();
        let groups = whole.atoms.group().iter().collect::<BTreeSet<_>>().len();
        if groups == 2 {
            return;
        }
        match observing::observatory(observers, whole) {
            Err(error) => errors.push(self.deck.error_at("observe", error.to_string(), "")),
            Ok(observatory) => {
                for name in observatory.of_pairs() {
                    let message = format!(
                        "`{name}` is measured between two particles, but the structure has {groups}"
                    );
                    let help = "remove this table, or build a pair with `[structure.pair]`";
                    errors.push(
                        self.deck
                            .error_at(&format!("observe.{name}"), message, help),
                    );
                }
            }
        }
    }

    /// A warning if velocities from a file are far from the temperature of the first stage: the
    /// usual sign of another unit.
    fn doubtful_velocities(&self) -> Option<String> {
        /// Kinetic energy halves when a relaxed crystal is set in motion; units are off by more.
        const FACTOR: f64 = 3.0;
        let StructurePlan::Whole {
            system,
            moving: true,
            ..
        } = &self.structure
        else {
            return None;
        };
        let StageMethod::Dynamics(first) = self.deck.stages.first()?.method else {
            return None;
        };
        let target = match ensemble(
            &first,
            system,
            at_rest(&first, &External::default(), system),
        )
        .ok()?
        {
            frit_dynamics::Ensemble::Nve => return None,
            frit_dynamics::Ensemble::NoseHoover(chain) => chain.temperature(),
            frit_dynamics::Ensemble::Rescaling(thermostat) => thermostat.temperature(),
            frit_dynamics::Ensemble::Langevin(langevin) => langevin.temperature(),
            frit_dynamics::Ensemble::Isobaric(isobaric) => isobaric.thermostat.temperature(),
        }
        .ends()[0];
        let constants = MechanicalConstants::CODATA;
        let kinetic = measure::kinetic_energy(system, Selection::All, &constants);
        let freedom = measure::degrees_of_freedom(system, Selection::All, AtRest::Translation);
        let found = measure::temperature(kinetic, freedom, &constants);
        let ratio = found / target;
        let drawn = first.velocities.is_some();
        (!drawn && !(1.0 / FACTOR..FACTOR).contains(&ratio)).then(|| {
            format!(
                "the velocities of the file have a temperature of {found:.1} K, but the first stage \
                 begins at {target} K; are they in Å/ps?"
            )
        })
    }

    /// The text by which a run directory recognises its run: the resolved deck and the hashes of
    /// the files that it names.
    pub(crate) fn text(&self) -> String {
        plan_text(&self.files, self.deck.to_canonical_toml())
    }
}

/// Builds the structure of a deck, with the atoms that a run of it would have; the rest of the
/// deck is not looked at.
///
/// # Errors
/// A deck of a method without atoms, or what is wrong with its structure.
pub(crate) fn build(arguments: &DeckArguments) -> Outcome<StructurePlan> {
    let wrong = |errors: DeckErrors| Failure::from_diagnostic(Exit::Usage, errors);
    let (path, overrides) = (&arguments.deck, &arguments.overrides);
    let method = Method::of_file(path, overrides).map_err(wrong)?;
    if method != Method::MolecularDynamics {
        return Err(Failure::new(
            Exit::Usage,
            format!("{} has no atoms to build", path.display()),
            format!(
                "it is a deck of {}: `frit check` shows it, `frit run` runs it",
                method.name()
            ),
        ));
    }
    let deck = Deck::read_structure(path, overrides).map_err(wrong)?;
    let streams = Streams::new(deck.seed).branch(STRUCTURE_BRANCH);
    let structure = StructurePlan::make(&deck.structure, deck.document(), streams, &mut Vec::new());
    let structure = structure.map_err(wrong)?;
    for note in structure.notes() {
        terminal::warn(note);
    }
    Ok(structure)
}

/// Adds an error, unless the other particle of a pair has led to the same.
fn add(errors: &mut DeckErrors, error: DeckError) {
    let same = |other: &DeckError| other.to_string() == error.to_string();
    if !errors.errors().iter().any(same) {
        errors.push(error);
    }
}

/// Puts two particles together.
///
/// # Errors
/// As [`frit_build::assemble`].
pub(crate) fn assemble(
    built: &[Particle; 2],
    now: [&System; 2],
    placement: &Placement,
) -> Result<Pair, BuildError> {
    let member = |which: usize| Member {
        built: &built[which],
        now: now[which],
    };
    frit_build::assemble(member(0), member(1), placement)
}
