//! Contact and neck between two particles, in a run and offline.

use frit_analysis::{
    BadRule, CrossBonds, Exchange, FacingLayers, MissingAtom, NeckError, NeckRule, NeckWatch,
};
use frit_atoms::{System, centres};
use frit_io::{Entry, TableColumn};
use serde::{Deserialize, Serialize};

/// Why a pair cannot be measured.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NeckingError {
    /// The rule cannot be used.
    #[error(transparent)]
    Rule(#[from] BadRule),
    /// An atom of a facing layer is gone.
    #[error(transparent)]
    MissingAtom(#[from] MissingAtom),
    /// Times are in no order.
    #[error(transparent)]
    Watch(#[from] NeckError),
    /// A particle is gone.
    #[error("particle {number} has no atoms; a neck is watched for between two particles")]
    NoAtoms {
        /// Its number, 1 or 2.
        number: usize,
    },
}

/// What was seen at one time.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct Reading {
    /// Time since the pair was put together [ps].
    #[serde(rename = "time_ps")]
    pub time: f64,
    /// Bonds between the particles.
    pub bonds: usize,
    /// Distance between the median planes of the facing layers, along the axis of the pair [Å].
    #[serde(rename = "gap_along_axis_angstrom")]
    pub gap: f64,
    /// Distance between the outermost atoms along the axis [Å]; negative when they interlock.
    #[serde(rename = "outermost_gap_along_axis_angstrom")]
    pub outermost_gap: f64,
    /// Distance between the centres of mass [Å].
    #[serde(rename = "centre_distance_angstrom")]
    pub centre_distance: f64,
    /// Centre of mass of everything [Å].
    #[serde(rename = "centre_of_mass_angstrom")]
    pub centre: [f64; 3],
    /// Centres of mass of the particles [Å].
    #[serde(rename = "centres_of_mass_angstrom")]
    pub centres: [[f64; 3]; 2],
    /// Atoms of particle 1 at particle 2, and the other way round.
    pub exchanged: [usize; 2],
}

/// What was seen of contact and neck.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Seen<'a> {
    /// The watch.
    pub watch: &'a NeckWatch,
    /// Length below which atoms are bonded [Å].
    pub bond_length: f64,
    /// The first reading.
    pub first: Option<Reading>,
    /// The last reading.
    pub last: Option<Reading>,
}

/// Measures two particles and the gap between them, and watches for contact and neck.
#[derive(Debug)]
pub(crate) struct Necking {
    particles: [u8; 2],
    watch: NeckWatch,
    facing: FacingLayers,
    bonds: CrossBonds,
    exchange: Exchange,
    first: Option<Reading>,
    latest: Option<Reading>,
}

/// What must be remembered to go on as if never interrupted.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct NeckState {
    watch: NeckWatch,
    first: Option<Reading>,
    latest: Option<Reading>,
}

impl Necking {
    /// Of two particles, by their groups, and the layers with which they face each other.
    ///
    /// # Errors
    /// The bond length is of no use.
    pub(crate) fn new(
        deck: &frit_deck::NeckObserver,
        particles: [u8; 2],
        facing: FacingLayers,
    ) -> Result<Self, NeckingError> {
        let rule = NeckRule {
            bonds: deck.bonds as usize,
            hold: deck.hold.in_picoseconds(),
        };
        let bonds = CrossBonds::new(particles, deck.bond_length.in_angstroms())?;
        Ok(Self {
            particles,
            watch: NeckWatch::new(rule),
            facing,
            exchange: Exchange::new(bonds),
            bonds,
            first: None,
            latest: None,
        })
    }

    /// The columns of its table.
    pub(crate) fn columns() -> Vec<TableColumn> {
        let mut columns = vec![
            TableColumn::new("stage", ""),
            TableColumn::new("step", ""),
            TableColumn::new("time", "ps"),
            TableColumn::new("bonds", ""),
            TableColumn::new("gap along axis", "Å"),
            TableColumn::new("outermost gap along axis", "Å"),
            TableColumn::new("centre distance", "Å"),
            TableColumn::new("exchanged 1 to 2", ""),
            TableColumn::new("exchanged 2 to 1", ""),
        ];
        for body in ["centre", "centre 1", "centre 2"] {
            let coordinate = |axis| TableColumn::new(format!("{body} {axis}"), "Å");
            columns.extend(["x", "y", "z"].map(coordinate));
        }
        columns
    }

    /// Looks at a moment at `time` [ps]; the row of its table.
    ///
    /// # Errors
    /// A particle or an atom of a facing layer is gone, or time went backwards.
    pub(crate) fn look(
        &mut self,
        system: &System,
        stage: Option<&str>,
        step: Option<u64>,
        time: f64,
    ) -> Result<Vec<Entry>, NeckingError> {
        let reading = self.read(system, time)?;
        self.watch.observe(reading.time, reading.bonds)?;
        let mut row = vec![
            stage.map_or(Entry::Empty, |stage| Entry::Text(stage.to_owned())),
            step.map(|step| step as i64).into(),
            reading.time.into(),
            Entry::Integer(reading.bonds as i64),
            reading.gap.into(),
            reading.outermost_gap.into(),
            reading.centre_distance.into(),
            Entry::Integer(reading.exchanged[0] as i64),
            Entry::Integer(reading.exchanged[1] as i64),
        ];
        for centre in [reading.centre, reading.centres[0], reading.centres[1]] {
            row.extend(centre.map(Entry::from));
        }
        self.first.get_or_insert(reading);
        self.latest = Some(reading);
        Ok(row)
    }

    fn read(&self, system: &System, time: f64) -> Result<Reading, NeckingError> {
        let gap = self.facing.gap(system)?;
        let centres = centres(system).ok_or(NeckingError::NoAtoms { number: 1 })?;
        let of = |number: usize| {
            let centre = centres.groups.get(&self.particles[number - 1]);
            centre.copied().ok_or(NeckingError::NoAtoms { number })
        };
        let (one, two) = (of(1)?, of(2)?);
        Ok(Reading {
            time,
            bonds: self.bonds.count(system),
            gap: gap.layers,
            outermost_gap: gap.outermost,
            centre_distance: (two - one).norm(),
            centre: centres.system.into(),
            centres: [one.into(), two.into()],
            exchanged: self.exchange.count(system),
        })
    }

    /// What was seen so far.
    pub(crate) fn seen(&self) -> Seen<'_> {
        Seen {
            watch: &self.watch,
            bond_length: self.bonds.length(),
            first: self.first,
            last: self.latest,
        }
    }

    /// What must be remembered.
    pub(crate) fn save(&self) -> NeckState {
        NeckState {
            watch: self.watch.clone(),
            first: self.first,
            latest: self.latest,
        }
    }

    /// Goes on from what was remembered.
    pub(crate) fn restore(&mut self, state: NeckState) {
        self.watch = state.watch;
        self.first = state.first;
        self.latest = state.latest;
    }
}
