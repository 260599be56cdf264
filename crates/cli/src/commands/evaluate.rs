//! `frit evaluate`: energy, forces, stress and virial of every frame of a file.

use frit_atoms::{Matrix, Neighbours, System};
use frit_deck::{Deck, DeckErrors, PotentialDeck};
use frit_io::{Attributes, Format, Frame, FrameWriter, ReadOptions, Selection, read_frames};
use frit_potentials::{Evaluation, Potential, Request};

use crate::args::EvaluateArguments;
use crate::exit::Exit;
use crate::failure::{Failure, OrFail, Outcome};
use crate::plan::PotentialPlan;
use crate::terminal;

/// Evaluates every frame; atoms stay in the order of the input.
///
/// # Errors
/// A file that cannot be read or written, a species without parameters, a result that is not
/// finite.
pub(crate) fn evaluate(arguments: &EvaluateArguments) -> Outcome {
    let wrong = |errors: DeckErrors| Failure::from_diagnostic(Exit::Usage, errors);
    let deck = Deck::read_potential(&arguments.potential).map_err(wrong)?;
    let plan = PotentialPlan::read(&deck.potential, deck.document()).map_err(wrong)?;
    for warning in &plan.warnings {
        terminal::warn(warning);
    }
    let mut evaluator = Evaluator {
        deck,
        plan,
        bound: None,
    };
    let format = Format::guess(&arguments.structure).or_fail(Exit::Usage)?;
    let frames =
        read_frames(&arguments.structure, format, &ReadOptions::default()).or_fail(Exit::Usage)?;
    let to = Format::guess(&arguments.output).or_fail(Exit::Usage)?;
    if to != Format::ExtendedXyz {
        return Err(Failure::new(
            Exit::Usage,
            format!(
                "{} cannot hold energies, forces and stress together",
                arguments.output.display()
            ),
            "write extended XYZ: end the name of the output with .xyz or .xyz.zst",
        ));
    }
    let mut writer =
        FrameWriter::create(&arguments.output, to, Selection::All).map_err(Failure::from_write)?;
    let mut notes = super::Notes::default();
    for (number, frame) in frames.enumerate() {
        let frame = frame.or_fail(Exit::Usage)?;
        notes.tell(&frame);
        let frame = evaluator.frame(frame, number)?;
        writer.write(&frame).map_err(Failure::from_write)?;
    }
    if writer.frames() == 0 {
        return Err(super::without_frames(&arguments.structure));
    }
    let count = writer.finish().map_err(Failure::from_write)?;
    terminal::say(&format!(
        "evaluated {count} frame{} into {}",
        if count == 1 { "" } else { "s" },
        arguments.output.display()
    ));
    Ok(())
}

struct Evaluator {
    deck: PotentialDeck,
    plan: PotentialPlan,
    /// The potential for the species of the last frame.
    bound: Option<(Vec<String>, Box<dyn Potential>)>,
}

impl Evaluator {
    fn frame(&mut self, mut frame: Frame, number: usize) -> Outcome<Frame> {
        if frame.is_empty() {
            return Err(about(number, Exit::Usage, "it has no atoms"));
        }
        let system = in_file_order(&frame)
            .map_err(|error| about(number, Exit::Usage, &error.to_string()))?;
        let (system, evaluation) = self
            .evaluate(system)?
            .map_err(|message| about(number, Exit::Simulation, &message))?;
        let mut force = vec![frit_atoms::Vector::zeros(); frame.len()];
        let mut energy = vec![0.0; frame.len()];
        for (place, &id) in system.atoms.id().iter().enumerate() {
            let row = id as usize - 1;
            force[row] = evaluation.force[place];
            energy[row] = evaluation.atom_energy[place];
        }
        forget_results(&mut frame);
        frame.force = Some(force);
        frame.local_energy = Some(energy);
        frame.cell = Some(system.cell);
        frame.attributes.insert("energy", evaluation.energy);
        frame.attributes.insert("virial", rows(&evaluation.virial));
        // Of a free cluster the cell is only a frame: its volume means nothing.
        if system.cell.periodic() != [false; 3] {
            let stress = -evaluation.virial / system.cell.volume();
            frame.attributes.insert("stress", rows(&stress));
        }
        Ok(frame)
    }

    fn evaluate(&mut self, mut system: System) -> Outcome<Result<(System, Evaluation), String>> {
        let potential = self.potential(&system)?;
        let mut neighbours = Neighbours::new(potential.cutoff(), 0.0).or_fail(Exit::Usage)?;
        if let Err(error) = neighbours.rebuild(&mut system) {
            return Ok(Err(error.to_string()));
        }
        let mut evaluation = Evaluation::default();
        evaluation.clear(system.atoms.len(), Request::ALL);
        let done = potential.evaluate(&neighbours.surroundings(), &mut evaluation);
        Ok(match done {
            Ok(()) => Ok((system, evaluation)),
            Err(error) => Err(frit_dynamics::ForceError::explain(&error, &system).to_string()),
        })
    }

    fn potential(&mut self, system: &System) -> Outcome<&mut dyn Potential> {
        let names: Vec<String> = system.species.iter().map(|one| one.name.clone()).collect();
        let fits = self
            .bound
            .as_ref()
            .is_some_and(|(known, _)| *known == names);
        if !fits {
            let potential = self.plan.bind(&system.species).map_err(|error| {
                let help = "every element of the structure needs parameters";
                let error = self.deck.error_at(error.path, error.to_string(), help);
                Failure::from_diagnostic(Exit::Usage, DeckErrors::from(vec![error]))
            })?;
            self.bound = Some((names, potential));
        }
        match &mut self.bound {
            Some((_, potential)) => Ok(potential.as_mut()),
            None => unreachable!("it was bound above"),
        }
    }
}

/// What calculators of other programs leave in a frame: results that are not of this potential.
const RESULTS: [&str; 12] = [
    "energy",
    "free_energy",
    "stress",
    "virial",
    "pressure",
    "dipole",
    "magmom",
    "energies",
    "stresses",
    "virials",
    "magmoms",
    "force",
];

/// Takes out the results with which a frame came.
fn forget_results(frame: &mut Frame) {
    let mut kept = Attributes::default();
    for (name, value) in frame.attributes.iter() {
        if !RESULTS.contains(&name) {
            kept.insert(name, value.clone());
        }
    }
    frame.attributes = kept;
    frame
        .extra
        .retain(|column| !RESULTS.contains(&column.name.as_str()));
}

/// The system of a frame, its ids replaced by the rows of the file, counted from 1.
fn in_file_order(frame: &Frame) -> Result<System, frit_io::FrameError> {
    let numbered = Frame {
        id: Some((1..=frame.len() as u32).collect()),
        group: None,
        ..frame.clone()
    };
    numbered.to_system(&[])
}

fn about(number: usize, exit: Exit, message: &str) -> Failure {
    Failure::new(
        exit,
        format!("frame {number} cannot be evaluated: {message}"),
        "frames are counted from 0; nothing was written",
    )
}

fn rows(tensor: &Matrix) -> Vec<f64> {
    (0..3)
        .flat_map(|i| (0..3).map(move |j| (i, j)))
        .map(|at| tensor[at])
        .collect()
}
