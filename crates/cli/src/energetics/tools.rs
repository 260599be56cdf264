//! What the three commands share: the potential, structures, fixed atoms, failures.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use frit_atoms::{Species, System, Vector};
use frit_deck::{Deck, DeckErrors};
use frit_dynamics::minimise::Criteria;
use frit_energetics::{Bench, EnergyError, Interaction, Method, counted};
use frit_engine::{Interrupt, Signals};
use frit_io::{Column, Format, Frame, ReadOptions, Values, read_frames};
use frit_potentials::Potential;

use super::arguments::{MethodName, Relaxation};
use crate::commands::Notes;
use crate::exit::Exit;
use crate::failure::{Failure, OrFail, Outcome};
use crate::plan::PotentialPlan;
use crate::terminal;

/// The potential of a deck, bound anew to each structure.
pub(crate) struct DeckPotential {
    plan: PotentialPlan,
}

impl DeckPotential {
    /// Reads a deck, or a file with just its potential.
    ///
    /// # Errors
    /// Everything wrong with it, with its place.
    pub(crate) fn read(path: &Path) -> Outcome<Self> {
        let wrong = |errors: DeckErrors| Failure::from_diagnostic(Exit::Usage, errors);
        let deck = Deck::read_potential(path).map_err(wrong)?;
        let plan = PotentialPlan::read(&deck.potential, deck.document()).map_err(wrong)?;
        for warning in &plan.warnings {
            terminal::warn(warning);
        }
        Ok(Self { plan })
    }

    /// The bench on which structures are relaxed with it.
    pub(crate) fn bench(&self, relaxation: &Relaxation) -> Outcome<Bench<'_>> {
        Ok(Bench {
            interaction: self,
            criteria: Criteria {
                max_force: positive("--relax-to", relaxation.relax_to)?,
                max_steps: relaxation.max_steps,
            },
            method: relaxation.optimiser.method(),
        })
    }

    /// The files that were read, with their hashes.
    pub(crate) fn files(&self) -> serde_json::Value {
        serde_json::json!(self.plan.files)
    }
}

impl Interaction for DeckPotential {
    fn bind(&self, species: &[Species]) -> Result<Box<dyn Potential>, EnergyError> {
        self.plan
            .bind(species)
            .map_err(|error| EnergyError::Potential(Box::new(error)))
    }
}

impl MethodName {
    /// The method of this name.
    pub(crate) fn method(self) -> Method {
        match self {
            Self::Lbfgs => Method::Lbfgs,
            Self::Fire => Method::Fire,
        }
    }
}

/// A value of an option that must be positive.
pub(crate) fn positive(option: &str, value: f64) -> Outcome<f64> {
    if value > 0.0 && value.is_finite() {
        return Ok(value);
    }
    Err(Failure::new(
        Exit::Usage,
        format!("{option} is {value}; it must be positive"),
        "its unit is told by --help; nothing was written",
    ))
}

/// The failure of a recipe or a path: the user's, or that of the computation.
pub(crate) fn failure(error: EnergyError) -> Failure {
    let exit = match error {
        EnergyError::Forces(_)
        | EnergyError::NotConverged { .. }
        | EnergyError::NoSaddle { .. }
        | EnergyError::SameMinimum { .. }
        | EnergyError::NoResult(_) => Exit::Simulation,
        EnergyError::Stopped(_) => Exit::Interrupted,
        EnergyError::Build(_)
        | EnergyError::Cell(_)
        | EnergyError::System(_)
        | EnergyError::Potential(_)
        | EnergyError::SameEnds { .. }
        | EnergyError::Unbound { .. }
        | EnergyError::Fixed { .. }
        | EnergyError::Ends(_)
        | EnergyError::Parameter { .. }
        | EnergyError::Recipe(_) => Exit::Usage,
    };
    Failure::from_error(exit, error)
}

/// Goes on until a signal came.
pub(crate) fn unless_interrupted(signals: &Signals) -> ControlFlow<()> {
    match signals.arrived() {
        None => ControlFlow::Continue(()),
        Some(_) => ControlFlow::Break(()),
    }
}

/// The end of a command that a signal interrupted; `kept` tells what it left and how to go on.
pub(crate) fn interrupted(signals: &Signals, kept: &str) -> Exit {
    let by = signals.arrived().map_or("a signal", Interrupt::name);
    terminal::say(&format!("interrupted by {by}; {kept}"));
    Exit::Interrupted
}

/// Hands over the frames of a file, and tells what their reader took for granted.
pub(crate) fn each_frame(path: &Path, mut take: impl FnMut(Frame)) -> Outcome {
    let format = Format::guess(path).or_fail(Exit::Usage)?;
    let mut notes = Notes::default();
    for frame in read_frames(path, format, &ReadOptions::default()).or_fail(Exit::Usage)? {
        let frame = frame.or_fail(Exit::Usage)?;
        notes.tell(&frame);
        take(frame);
    }
    Ok(())
}

/// The last frame of a file.
pub(crate) fn last_frame(path: &Path) -> Outcome<Frame> {
    let mut last = None;
    each_frame(path, |frame| last = Some(frame))?;
    let frame = last.filter(|frame| !frame.is_empty());
    frame.ok_or_else(|| {
        Failure::new(
            Exit::Usage,
            format!("{} holds no atoms", path.display()),
            "its last frame is taken; nothing was written",
        )
    })
}

/// `5 atoms, 4 fixed`.
pub(crate) fn atoms_and_fixed(fixed: &[bool]) -> String {
    let count = fixed.iter().filter(|fixed| **fixed).count();
    format!("{}, {count} fixed", counted(fixed.len() as u64, "atom"))
}

/// A column `mode` [-] of a direction, one vector an atom in the order of ascending ids.
pub(crate) fn mode_column(direction: &[Vector]) -> Column {
    Column {
        name: "mode".to_owned(),
        width: 3,
        values: Values::Real(direction.iter().flat_map(|m| [m.x, m.y, m.z]).collect()),
    }
}

/// The system of a frame, wrapped into no image, in its own species.
pub(crate) fn system_of(frame: &Frame, path: &Path) -> Outcome<System> {
    frame.to_system(&[]).map_err(|error| {
        Failure::new(
            Exit::Usage,
            format!("{} cannot be used: {error}", path.display()),
            "it must hold one structure of atoms with known elements; nothing was written",
        )
    })
}

/// Which atoms are fixed, in the order of ascending ids: those that a rule names, and those that a
/// column `move_mask` of the frame holds (ASE writes it).
pub(crate) fn fixed_atoms(frame: &Frame, system: &System, rules: &[String]) -> Outcome<Vec<bool>> {
    let rules = rules
        .iter()
        .map(|text| Rule::parse(text, system))
        .collect::<Outcome<Vec<_>>>()?;
    let order = system.atoms.by_id();
    let mut fixed: Vec<bool> = order
        .iter()
        .map(|&place| rules.iter().any(|rule| rule.holds(system, place as usize)))
        .collect();
    if let Some(column) = frame.column("move_mask").filter(|column| column.width == 1)
        && let Values::Logical(free) = &column.values
    {
        // A frame's rows are the system's places, in the order of the file.
        for (fixed, &place) in fixed.iter_mut().zip(&order) {
            *fixed |= !free[place as usize];
        }
    }
    for (text, rule) in rules.iter().map(|rule| (&rule.text, rule)) {
        if !(0..system.atoms.len()).any(|place| rule.holds(system, place)) {
            return Err(Failure::new(
                Exit::Usage,
                format!("--fix '{text}' holds for no atom"),
                "coordinates are those of the file, in Å; nothing was written",
            ));
        }
    }
    if !fixed.contains(&false) {
        return Err(Failure::new(
            Exit::Usage,
            "every atom is fixed",
            "leave atoms that can move; nothing was written",
        ));
    }
    Ok(fixed)
}

/// A rule of `--fix`.
struct Rule {
    text: String,
    test: Test,
}

enum Test {
    Below(usize, f64),
    Above(usize, f64),
    Ids(Vec<[u32; 2]>),
    Group(u8),
    Species(u8),
}

impl Rule {
    fn parse(text: &str, system: &System) -> Outcome<Self> {
        let wrong = || {
            Failure::new(
                Exit::Usage,
                format!("--fix '{text}' is no rule"),
                "rules are z<4.5 and y>10 (Å), id=1-64,70 , group=2 and species=Fe",
            )
        };
        let axis = |name: &str| ["x", "y", "z"].iter().position(|axis| *axis == name.trim());
        let number = |value: &str| value.trim().parse::<f64>().ok();
        let bound = |at: char| {
            let (name, value) = text.split_once(at)?;
            Some((axis(name)?, number(value)?))
        };
        let test = if let Some((axis, value)) = bound('<') {
            Test::Below(axis, value)
        } else if let Some((axis, value)) = bound('>') {
            Test::Above(axis, value)
        } else {
            let (name, value) = text.split_once('=').ok_or_else(wrong)?;
            let value = value.trim();
            match name.trim() {
                "id" => Test::Ids(ranges(value).ok_or_else(wrong)?),
                "group" => Test::Group(value.parse().map_err(|_| wrong())?),
                "species" => {
                    let known = system.species.iter().position(|one| one.name == value);
                    let known = known.ok_or_else(|| {
                        Failure::new(
                            Exit::Usage,
                            format!("--fix '{text}': the structure has no {value}"),
                            "nothing was written",
                        )
                    })?;
                    Test::Species(known as u8)
                }
                _ => return Err(wrong()),
            }
        };
        Ok(Self {
            text: text.to_owned(),
            test,
        })
    }

    fn holds(&self, system: &System, place: usize) -> bool {
        let atom = system.atoms.get(place);
        match &self.test {
            Test::Below(axis, value) => atom.position[*axis] < *value,
            Test::Above(axis, value) => atom.position[*axis] > *value,
            Test::Ids(ranges) => ranges.iter().any(|[a, b]| (*a..=*b).contains(&atom.id)),
            Test::Group(group) => atom.group == *group,
            Test::Species(species) => atom.species == *species,
        }
    }
}

/// `1-64,70` as ranges.
fn ranges(text: &str) -> Option<Vec<[u32; 2]>> {
    let range = |part: &str| {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        Some([first.trim().parse().ok()?, last.trim().parse().ok()?])
    };
    text.split(',').map(range).collect()
}

/// A name of a file from that of another: `name` with `end` behind it.
pub(crate) fn beside(name: &Path, end: &str) -> PathBuf {
    let mut path = name.as_os_str().to_owned();
    path.push(end);
    path.into()
}

/// The beginning of output names: as typed, or the structure's stem with an ending, here.
pub(crate) fn output_name(typed: Option<&Path>, structure: &Path, end: &str) -> PathBuf {
    if let Some(name) = typed {
        return name.to_owned();
    }
    let name = structure
        .file_name()
        .map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let stem = name.split('.').next().unwrap_or_default();
    PathBuf::from(format!("{stem}{end}"))
}

/// Refuses a name whose structure would be written over one that is read.
pub(crate) fn not_over(name: &Path, read: &[&Path]) -> Outcome {
    let written = std::path::absolute(beside(name, ".xyz")).ok();
    let same = |path: &&&Path| std::path::absolute(path).ok() == written;
    match read.iter().find(same) {
        None => Ok(()),
        Some(path) => Err(Failure::new(
            Exit::Usage,
            format!("{} would be written over", path.display()),
            "choose another name with --output; nothing was written",
        )),
    }
}
