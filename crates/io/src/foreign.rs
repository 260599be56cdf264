//! PDB, CIF, GRO, XTC, TRR, DCD and NetCDF through the library chemfiles
//! (<https://chemfiles.org>; units Å, Å/ps, u).
//!
//! Only what these formats can hold survives: see [`read`] and [`Writer`].

use crate::error::{ReadError, WriteError};
use crate::format::ChemfilesFormat;
use crate::frame::{Frame, FrameError, Names};
use crate::frames::{FrameSource, Frames};
use chemfiles::{Atom, CellShape, Property, Trajectory, UnitCell};
use frit_atoms::{Cell, Matrix, Vector};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, Once, PoisonError};

/// What chemfiles warned of since the last frame; its callback is one for the whole process.
static WARNINGS: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// Species of atoms in files that name none.
const NAMELESS: &str = "X";

fn collect_warnings() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        chemfiles::set_warning_callback(|warning: &str| {
            let mut warnings = WARNINGS.lock().unwrap_or_else(PoisonError::into_inner);
            warnings.push(format!("chemfiles: {warning}"));
        });
    });
}

fn take_warnings() -> Vec<String> {
    std::mem::take(&mut *WARNINGS.lock().unwrap_or_else(PoisonError::into_inner))
}

/// Reads frames one after another: species, positions, cell (periodic in all directions), and where
/// the format has them velocities and time. Trajectory formats without names give species `X`.
pub(crate) fn read(path: &Path, format: ChemfilesFormat) -> Result<Frames, ReadError> {
    collect_warnings();
    // chemfiles reports a missing file in its own way; ours names the reason first.
    crate::files::open_file(path).map_err(|cause| ReadError::Open {
        path: path.to_owned(),
        cause,
    })?;
    let trajectory = Trajectory::open_with_format(path, 'r', format.name());
    let mut trajectory = trajectory.map_err(|error| refused(path, &error))?;
    let frames = trajectory.nsteps();
    Ok(Frames::new(Reader {
        path: path.to_owned(),
        format,
        trajectory,
        next: 0,
        frames,
    }))
}

fn refused(path: &Path, error: &chemfiles::Error) -> ReadError {
    ReadError::Chemfiles {
        path: path.to_owned(),
        problem: error.to_string(),
    }
}

struct Reader {
    path: PathBuf,
    format: ChemfilesFormat,
    trajectory: Trajectory,
    next: usize,
    frames: usize,
}

impl FrameSource for Reader {
    fn next_frame(&mut self) -> Result<Option<Frame>, ReadError> {
        if self.next == self.frames {
            return Ok(None);
        }
        self.next += 1;
        let mut source = chemfiles::Frame::new();
        (self.trajectory.read(&mut source)).map_err(|error| refused(&self.path, &error))?;
        let frame = convert(&source, self.format).map_err(|error| ReadError::Chemfiles {
            path: self.path.clone(),
            problem: error.to_string(),
        })?;
        Ok(Some(frame))
    }
}

fn convert(source: &chemfiles::Frame, format: ChemfilesFormat) -> Result<Frame, FrameError> {
    // Any text is a PDB file without atoms to chemfiles; and its positions are a null pointer then.
    if source.size() == 0 {
        let name = format.name();
        return Err(FrameError::NotInFormat(format!(
            "a frame has no atoms: the file is damaged or is not {name}"
        )));
    }
    let mut names = Names::default();
    let species = (0..source.size())
        .map(|index| names.number(&species_name(&source.atom(index))))
        .collect();
    let is_nameless = names.number(NAMELESS) == 0;
    let vectors = |rows: &[[f64; 3]]| rows.iter().map(|&row| Vector::from(row)).collect();
    let mut frame = Frame {
        step: Some(source.step() as u64),
        cell: convert_cell(source)?,
        species,
        names: names.into_names(),
        position: vectors(source.positions()),
        velocity: source.velocities().map(vectors),
        notes: take_warnings(),
        ..Frame::default()
    };
    // DCD stores its time step in a unit that programs do not agree on.
    if let (Some(Property::Double(time)), false) =
        (source.get("time"), format == ChemfilesFormat::Dcd)
    {
        frame.time = Some(time);
    }
    if is_nameless {
        let note = "the file names no species; all atoms are `X`";
        frame.notes.push(note.to_owned());
    }
    Ok(frame)
}

/// The element if type or name is one, else the name.
fn species_name(atom: &Atom) -> String {
    let (kind, name) = (atom.atomic_type(), atom.name());
    // PDB files have the elements in capitals.
    let capitalised = |text: &str| {
        let lower = text.to_lowercase();
        let mut letters = lower.chars();
        let first = letters.next().map(|c| c.to_ascii_uppercase());
        first.into_iter().chain(letters).collect::<String>()
    };
    for candidate in [&kind, &name, &capitalised(&kind), &capitalised(&name)] {
        if frit_atoms::element(candidate).is_some() {
            return candidate.clone();
        }
    }
    [name, kind]
        .into_iter()
        .find(|text| crate::frame::check_word("species", text).is_ok())
        .unwrap_or_else(|| NAMELESS.to_owned())
}

fn convert_cell(source: &chemfiles::Frame) -> Result<Option<Cell>, FrameError> {
    let cell = source.cell();
    if cell.shape() == CellShape::Infinite {
        return Ok(None);
    }
    // The cell vectors are the columns of chemfiles' matrix.
    let rows = cell.matrix();
    let vectors = Matrix::from_fn(|vector, axis| rows[axis][vector]);
    Ok(Some(Cell::new(vectors, Vector::zeros(), [true; 3])?))
}

/// Writes frames: species, masses, positions, cell, step, time, and velocities where the format has
/// them, in the precision of the format. A cell with no periodic direction, and the origin, are left out.
pub(crate) struct Writer {
    path: PathBuf,
    trajectory: Trajectory,
}

impl Writer {
    pub(crate) fn create(path: &Path, format: ChemfilesFormat) -> Result<Self, WriteError> {
        collect_warnings();
        let trajectory = Trajectory::open_with_format(path, 'w', format.name());
        Ok(Self {
            path: path.to_owned(),
            trajectory: trajectory.map_err(|error| Self::refused(path, error.to_string()))?,
        })
    }

    fn refused(path: &Path, problem: String) -> WriteError {
        WriteError::Chemfiles {
            path: path.to_owned(),
            problem,
        }
    }

    pub(crate) fn write(&mut self, frame: &Frame) -> Result<(), WriteError> {
        let target =
            assemble(frame).map_err(|error| Self::refused(&self.path, error.to_string()))?;
        let written = self.trajectory.write(&target);
        let warnings = take_warnings();
        written.map_err(|error| {
            let mut problem = error.to_string();
            for warning in warnings {
                problem = format!("{problem}; {warning}");
            }
            Self::refused(&self.path, problem)
        })
    }
}

fn assemble(frame: &Frame) -> Result<chemfiles::Frame, FrameError> {
    frame.check()?;
    crate::selection::check_words(frame)?;
    let mut target = chemfiles::Frame::new();
    if frame.velocity.is_some() {
        target.add_velocities();
    }
    for index in 0..frame.len() {
        let mut atom = Atom::new(frame.name(index));
        if let Some(mass) = &frame.mass {
            atom.set_mass(mass[index]);
        }
        let velocity: Option<[f64; 3]> = frame.velocity.as_ref().map(|v| v[index].into());
        target.add_atom(&atom, frame.position[index].into(), velocity);
    }
    if let Some(cell) = frame.cell.filter(|cell| cell.periodic() != [false; 3]) {
        target.set_cell(&assemble_cell(&cell)?);
    }
    target.set_step(frame.step.unwrap_or_default() as usize);
    if let Some(time) = frame.time {
        target.set("time", time);
    }
    Ok(target)
}

fn assemble_cell(cell: &Cell) -> Result<UnitCell, FrameError> {
    let h = cell.vectors();
    let is_lower = h[(0, 1)] == 0.0 && h[(0, 2)] == 0.0 && h[(1, 2)] == 0.0;
    if !is_lower || h.diagonal().iter().any(|&length| length <= 0.0) {
        return Err(FrameError::NotInFormat(
            "these formats hold cells by lengths and angles, with the first vector along x and the \
             second in the xy plane; this cell has another orientation: write .xyz or .dump"
                .to_owned(),
        ));
    }
    let columns = [0, 1, 2].map(|axis| [0, 1, 2].map(|vector| h[(vector, axis)]));
    Ok(UnitCell::from_matrix(columns))
}
