//! Formats, by the names of files.

use crate::error::EncodeError;
use crate::extxyz;
use crate::frame::Frame;
use crate::lammps::data;
use crate::lammps::dump::{self, PlaceInFile};
use crate::selection::Selection;
use std::io::Write;
use std::path::{Path, PathBuf};

/// What a message says of the formats that frit knows.
const KNOWN: &str = "extended XYZ (.xyz, .extxyz), LAMMPS dump (.dump, .lammpstrj, dump.NAME), LAMMPS \
                     data (.data, .lmp, data.NAME), each also with .zst; read only: .gz; with the \
                     feature chemfiles: .pdb, .cif, .gro, .xtc, .trr, .dcd, .nc";

/// Why a format is not known or cannot be used.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum FormatError {
    /// The name says nothing.
    #[error("the name {path} does not tell the format; known are {KNOWN}")]
    Unknown {
        /// The file.
        path: PathBuf,
    },
    /// The format is read and written by chemfiles, which is not built in.
    #[error(
        "{path}: this format needs the library chemfiles; build frit with `--features chemfiles` \
         (needs cmake and a C++ compiler)"
    )]
    NotBuilt {
        /// The file.
        path: PathBuf,
    },
    /// Compression and format do not go together.
    #[error("{path}: {problem}")]
    Compression {
        /// The file.
        path: PathBuf,
        /// What to do.
        problem: &'static str,
    },
    /// A second frame for a format of one.
    #[error("{path}: this format holds one frame only; write several to .xyz or .dump")]
    OneFrame {
        /// The file.
        path: PathBuf,
    },
}

/// A format of files of atoms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Extended XYZ; also reads plain XYZ.
    ExtendedXyz,
    /// LAMMPS dump, custom style.
    LammpsDump,
    /// LAMMPS data.
    LammpsData,
    /// A format of the library chemfiles.
    Chemfiles(ChemfilesFormat),
}

/// The formats left to chemfiles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChemfilesFormat {
    /// Protein Data Bank.
    Pdb,
    /// Crystallographic Information File.
    Cif,
    /// GROMACS structure.
    Gro,
    /// GROMACS compressed trajectory.
    Xtc,
    /// GROMACS trajectory.
    Trr,
    /// CHARMM, NAMD trajectory.
    Dcd,
    /// AMBER NetCDF trajectory.
    NetCdf,
}

impl ChemfilesFormat {
    /// What chemfiles calls it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pdb => "PDB",
            Self::Cif => "CIF",
            Self::Gro => "GRO",
            Self::Xtc => "XTC",
            Self::Trr => "TRR",
            Self::Dcd => "DCD",
            Self::NetCdf => "Amber NetCDF",
        }
    }
}

impl Format {
    /// The format that a file's name tells; a last `.zst` or `.gz` does not count.
    ///
    /// # Errors
    /// The name tells none; the message lists the known ones.
    pub fn guess(path: &Path) -> Result<Self, FormatError> {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let name = name.to_ascii_lowercase();
        let bare = name
            .strip_suffix(".zst")
            .or(name.strip_suffix(".gz"))
            .unwrap_or(&name);
        let is_compressed = bare.len() < name.len();
        let (first, last) = match (bare.split_once('.'), bare.rsplit_once('.')) {
            (Some((first, _)), Some((_, last))) => (first, last),
            _ => return Err(FormatError::Unknown { path: path.into() }),
        };
        let foreign = match last {
            "xyz" | "extxyz" => return Ok(Self::ExtendedXyz),
            "dump" | "lammpstrj" | "lammpsdump" => return Ok(Self::LammpsDump),
            "data" | "lmp" => return Ok(Self::LammpsData),
            "pdb" => ChemfilesFormat::Pdb,
            "cif" => ChemfilesFormat::Cif,
            "gro" => ChemfilesFormat::Gro,
            "xtc" => ChemfilesFormat::Xtc,
            "trr" => ChemfilesFormat::Trr,
            "dcd" => ChemfilesFormat::Dcd,
            "nc" => ChemfilesFormat::NetCdf,
            // LAMMPS's habit of putting the format first.
            _ if first == "dump" => return Ok(Self::LammpsDump),
            _ if first == "data" => return Ok(Self::LammpsData),
            _ => return Err(FormatError::Unknown { path: path.into() }),
        };
        if is_compressed {
            return Err(FormatError::Compression {
                path: path.into(),
                problem: "files of this format cannot be compressed; unpack it first",
            });
        }
        Ok(Self::Chemfiles(foreign))
    }
}

/// A text format with the columns to write.
#[derive(Debug, Clone)]
pub enum Encoder {
    /// Extended XYZ.
    ExtendedXyz(extxyz::Encoder),
    /// LAMMPS dump.
    LammpsDump(dump::Encoder),
    /// LAMMPS data; one frame a file.
    LammpsData,
}

impl Encoder {
    /// Writes extended XYZ with these columns.
    pub fn extended_xyz(selection: Selection) -> Self {
        Self::ExtendedXyz(extxyz::Encoder::new(selection))
    }

    /// Writes LAMMPS dump with these columns.
    pub fn lammps_dump(selection: Selection) -> Self {
        Self::LammpsDump(dump::Encoder::new(selection))
    }

    /// Writes one frame; `place` is the number of frames before it in the file.
    ///
    /// # Errors
    /// The frame does not fit the format, or the destination fails.
    pub fn encode(
        &self,
        frame: &Frame,
        place: PlaceInFile,
        out: &mut dyn Write,
    ) -> Result<(), EncodeError> {
        match self {
            Self::ExtendedXyz(encoder) => encoder.encode(frame, out),
            Self::LammpsDump(encoder) => encoder.encode(frame, place, out),
            Self::LammpsData => data::encode(frame, out),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_formats() {
        let guess = |name: &str| Format::guess(Path::new(name));
        assert_eq!(guess("a/b.XYZ").unwrap(), Format::ExtendedXyz);
        assert_eq!(guess("t.0001.xyz.zst").unwrap(), Format::ExtendedXyz);
        assert_eq!(guess("dump.run1").unwrap(), Format::LammpsDump);
        assert_eq!(guess("x.lammpstrj.gz").unwrap(), Format::LammpsDump);
        assert_eq!(guess("data.Pt").unwrap(), Format::LammpsData);
        assert_eq!(
            guess("t.nc").unwrap(),
            Format::Chemfiles(ChemfilesFormat::NetCdf)
        );
        let message = guess("POSCAR").unwrap_err().to_string();
        assert!(
            message.contains("POSCAR") && message.contains(".lammpstrj"),
            "{message}"
        );
        assert!(guess("a.pdb.zst").is_err());
        assert!(guess("").is_err());
    }
}
