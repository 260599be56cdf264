//! Plans of all methods: the only place that knows them all.

use std::path::Path;

use frit_deck::{AnyDeck, DeckErrors};
use frit_engine::Signals;

use crate::args::DeckArguments;
use crate::exit::Exit;
use crate::failure::{Failure, Outcome};
use crate::lattice::{LoopingPlan, RedispersionPlan};
use crate::migration::MigrationPlan;
use crate::plan::Plan;
use crate::run::{CacheChoice, End, Method, RunError, execute, run_method};
use crate::terminal;

/// What a deck of any method means.
#[derive(Debug)]
pub(crate) enum AnyPlan {
    /// Atoms that move by forces.
    MolecularDynamics(Box<Plan>),
    /// Particles that a reaction drives over a support.
    Migration(Box<MigrationPlan>),
    /// Adatoms on a support that gather or disperse.
    Redispersion(Box<RedispersionPlan>),
    /// A metal particle that eats its way through its oxide support.
    Looping(Box<LoopingPlan>),
}

impl AnyPlan {
    /// Reads a deck and everything that it names.
    ///
    /// # Errors
    /// Everything that is wrong, with its place in the deck.
    pub(crate) fn make(arguments: &DeckArguments) -> Outcome<Self> {
        let wrong = |errors: DeckErrors| Failure::from_diagnostic(Exit::Usage, errors);
        let deck = match &arguments.text {
            Some(text) => AnyDeck::parse(&arguments.deck, text, &arguments.overrides),
            None => AnyDeck::read(&arguments.deck, &arguments.overrides),
        };
        let deck = deck.map_err(wrong)?;
        if !deck.warnings().is_empty() {
            terminal::show(miette::Report::new(deck.warnings().clone()));
        }
        match deck {
            AnyDeck::MolecularDynamics(deck) => {
                Plan::resolve(*deck, arguments).map(|plan| Self::MolecularDynamics(Box::new(plan)))
            }
            AnyDeck::Migration(deck) => {
                MigrationPlan::make(*deck, arguments).map(|plan| Self::Migration(Box::new(plan)))
            }
            AnyDeck::Redispersion(deck) => RedispersionPlan::make(*deck, arguments)
                .map(|plan| Self::Redispersion(Box::new(plan))),
            AnyDeck::Looping(deck) => {
                LoopingPlan::make(*deck, arguments).map(|plan| Self::Looping(Box::new(plan)))
            }
        }
    }

    /// The title of the deck.
    pub(crate) fn title(&self) -> Option<&str> {
        match self {
            Self::MolecularDynamics(plan) => plan.deck.title.as_deref(),
            Self::Migration(plan) => plan.heading().title.as_deref(),
            Self::Redispersion(plan) => plan.heading().title.as_deref(),
            Self::Looping(plan) => plan.heading().title.as_deref(),
        }
    }

    /// What plots of several of its runs are headed with.
    pub(crate) fn heading_of_plots(&self) -> String {
        match self {
            Self::MolecularDynamics(plan) => plan.deck.title.clone().unwrap_or_default(),
            Self::Migration(plan) => plan.title_with_gain(),
            Self::Redispersion(plan) => plan.title(),
            Self::Looping(plan) => plan.heading().title.clone().unwrap_or_default(),
        }
    }

    /// The whole plan for people; molecular dynamics has a command of its own for it.
    pub(crate) fn report(&self) -> Option<String> {
        match self {
            Self::MolecularDynamics(_) => None,
            Self::Migration(plan) => Some(plan.report()),
            Self::Redispersion(plan) => Some(plan.report()),
            Self::Looping(plan) => Some(plan.report()),
        }
    }

    /// The seed of the deck.
    pub(crate) fn seed(&self) -> u64 {
        match self {
            Self::MolecularDynamics(plan) => plan.deck.seed,
            Self::Migration(plan) => plan.heading().seed,
            Self::Redispersion(plan) => plan.heading().seed,
            Self::Looping(plan) => plan.heading().seed,
        }
    }

    /// What is simulated, in a line.
    pub(crate) fn subject(&self) -> String {
        match self {
            Self::MolecularDynamics(plan) => {
                format!("{} atoms", plan.structure.whole().atoms.len())
            }
            Self::Migration(plan) => plan.subject(),
            Self::Redispersion(plan) => plan.subject(),
            Self::Looping(plan) => plan.subject(),
        }
    }

    /// The text by which a run directory recognises its run.
    pub(crate) fn text(&self) -> String {
        match self {
            Self::MolecularDynamics(plan) => plan.text(),
            Self::Migration(plan) => plan.text(),
            Self::Redispersion(plan) => plan.text(),
            Self::Looping(plan) => plan.text(),
        }
    }

    /// Runs the plan in a directory, from the beginning or from its checkpoint.
    ///
    /// # Errors
    /// What went wrong; all that was reached stays in the directory.
    pub(crate) fn run(
        &self,
        out: &Path,
        signals: Signals,
        cache: &CacheChoice,
    ) -> Result<End, RunError> {
        match self {
            Self::MolecularDynamics(plan) => execute(plan, out, signals, cache),
            Self::Migration(plan) => run_method(&**plan, out, &signals),
            Self::Redispersion(plan) => run_method(&**plan, out, &signals),
            Self::Looping(plan) => run_method(&**plan, out, &signals),
        }
    }
}
