//! The potential of a deck: files read, hashed, and ready for any list of species.

use std::path::{Path, PathBuf};

use frit_atoms::Species;
use frit_deck::{DeckErrors, Document, EamForm, Kernel, PotentialModel, Precision};
use frit_potentials::eam::{self, Eam, EamTables, FuncflFile, MixedEam};
use frit_potentials::meam::{self, Meam, MeamParameters};
use frit_potentials::pair::{AtCutoff, LennardJones, LennardJonesPair, Zbl, ZblConstants};
use frit_potentials::{Bound, KernelPath, Potential, Sum};

use crate::run::HashedFile;

/// The potential of a deck, read from its files.
#[derive(Debug)]
pub(crate) struct PotentialPlan {
    terms: Vec<Term>,
    kernel: KernelPath,
    /// The files that were read.
    pub files: Vec<HashedFile>,
    /// What looks like a mistake in them.
    pub warnings: Vec<String>,
    /// Precision of forces.
    precision: Precision,
}

#[derive(Debug)]
enum Term {
    Meam(MeamParameters),
    Eam {
        tables: EamTables,
        /// The elements that the deck takes from them, if not all.
        elements: Option<Vec<String>>,
    },
    LennardJones {
        pairs: Vec<LennardJonesPair>,
        cutoff: f64,
        at_cutoff: AtCutoff,
    },
    Zbl {
        inner: f64,
        outer: f64,
    },
}

/// A potential does not know a species of the structure, or cannot be evaluated here.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub(crate) struct BindError {
    /// The table of the deck that describes the potential.
    pub path: &'static str,
    /// What is wrong.
    message: String,
}

impl PotentialPlan {
    /// Reads what a deck's potential names.
    ///
    /// # Errors
    /// Everything that cannot be read, with its place in the deck.
    pub(crate) fn read(
        potential: &frit_deck::Potential,
        document: &Document,
    ) -> Result<Self, DeckErrors> {
        let mut reader = Reader {
            document,
            files: Vec::new(),
            errors: DeckErrors::default(),
        };
        let kernel = reader.kernel(potential.kernel);
        let terms: Vec<Term> = potential
            .models
            .iter()
            .filter_map(|model| reader.term(model))
            .collect();
        let warnings = terms.iter().flat_map(Term::warnings).collect();
        let Reader { files, errors, .. } = reader;
        errors.into_result(Self {
            terms,
            kernel,
            files,
            warnings,
            precision: potential.precision,
        })
    }

    /// Precision of forces, as in the manifest.
    pub(crate) fn precision(&self) -> &'static str {
        match self.precision {
            Precision::Double => "double",
            Precision::Mixed => "mixed",
        }
    }

    /// The potential for a system's species.
    ///
    /// # Errors
    /// Names a species that a term does not know.
    pub(crate) fn bind(&self, species: &[Species]) -> Result<Box<dyn Potential>, BindError> {
        let mut parts = self
            .terms
            .iter()
            .map(|term| term.bind(species, self.kernel, self.precision))
            .collect::<Result<Vec<_>, _>>()?;
        Ok(match parts.pop() {
            Some(only) if parts.is_empty() => only,
            last => {
                parts.extend(last);
                Box::new(Sum::new(parts))
            }
        })
    }
}

impl Term {
    fn warnings(&self) -> Vec<String> {
        match self {
            Self::Meam(parameters) => parameters.warnings().to_vec(),
            Self::Eam { .. } | Self::LennardJones { .. } | Self::Zbl { .. } => Vec::new(),
        }
    }

    fn path(&self) -> &'static str {
        match self {
            Self::Meam(_) => "potential.meam",
            Self::Eam { .. } => "potential.eam",
            Self::LennardJones { .. } => "potential.lennard-jones",
            Self::Zbl { .. } => "potential.zbl",
        }
    }

    fn bind(
        &self,
        species: &[Species],
        kernel: KernelPath,
        precision: Precision,
    ) -> Result<Box<dyn Potential>, BindError> {
        let refuse = |error: &dyn std::error::Error| BindError {
            path: self.path(),
            message: error.to_string(),
        };
        let names: Vec<&str> = species.iter().map(|one| one.name.as_str()).collect();
        Ok(match self {
            Self::Meam(parameters) => {
                let meam = match precision {
                    Precision::Double => Meam::new(parameters, species, kernel),
                    Precision::Mixed => Meam::mixed(parameters, species, kernel),
                };
                Box::new(Bound::new(meam.map_err(|error| refuse(&error))?))
            }
            Self::Eam { tables, elements } => {
                for name in &names {
                    let taken = |elements: &Vec<String>| elements.iter().any(|one| one == name);
                    if !elements.as_ref().is_none_or(taken) {
                        return Err(BindError {
                            path: "potential.eam.elements",
                            message: format!(
                                "{name} is in the structure, but not taken from the tables"
                            ),
                        });
                    }
                }
                match precision {
                    Precision::Double => Box::new(Bound::new(
                        Eam::new(tables, &names, kernel).map_err(|error| refuse(&error))?,
                    )),
                    Precision::Mixed => Box::new(Bound::new(
                        MixedEam::new(tables, &names, kernel).map_err(|error| refuse(&error))?,
                    )),
                }
            }
            Self::LennardJones {
                pairs,
                cutoff,
                at_cutoff,
            } => Box::new(Bound::new(
                LennardJones::potential(&names, pairs, *cutoff, *at_cutoff)
                    .map_err(|error| refuse(&error))?,
            )),
            Self::Zbl { inner, outer } => Box::new(Bound::new(
                Zbl::potential(&names, *inner, *outer, ZblConstants::CODATA)
                    .map_err(|error| refuse(&error))?,
            )),
        })
    }
}

/// Reads files and collects what is wrong with them.
struct Reader<'a> {
    document: &'a Document,
    files: Vec<HashedFile>,
    errors: DeckErrors,
}

impl Reader<'_> {
    fn kernel(&mut self, kernel: Kernel) -> KernelPath {
        let path = match kernel {
            Kernel::Auto => KernelPath::best(),
            Kernel::Reference => KernelPath::Reference,
            Kernel::Portable => KernelPath::Portable,
            Kernel::Avx2 => KernelPath::Avx2,
            Kernel::Avx512 => KernelPath::Avx512,
        };
        if let Err(error) = path.checked() {
            self.complain(
                "potential.kernel",
                error.to_string(),
                "leave the kernel out: the fastest that the machine has is taken",
            );
        }
        path
    }

    fn term(&mut self, model: &PotentialModel) -> Option<Term> {
        match model {
            PotentialModel::Meam(meam) => self.meam(meam),
            PotentialModel::Eam(eam) => self.eam(eam),
            PotentialModel::LennardJones(model) => Some(Term::LennardJones {
                pairs: model
                    .pairs
                    .iter()
                    .map(|pair| LennardJonesPair {
                        species: pair.elements.clone(),
                        epsilon: pair.epsilon.in_electronvolts(),
                        sigma: pair.sigma.in_angstroms(),
                    })
                    .collect(),
                cutoff: model.cutoff.in_angstroms(),
                at_cutoff: if model.shift {
                    AtCutoff::Shifted
                } else {
                    AtCutoff::Truncated
                },
            }),
            PotentialModel::Zbl(zbl) => Some(Term::Zbl {
                inner: zbl.inner.in_angstroms(),
                outer: zbl.outer.in_angstroms(),
            }),
        }
    }

    fn meam(&mut self, model: &frit_deck::Meam) -> Option<Term> {
        let library = self.text("potential.meam.library", &model.library);
        let parameters = self.text("potential.meam.parameters", &model.parameters);
        let ((library_path, library), (parameters_path, parameters)) = (library?, parameters?);
        let read = meam::read(
            &library_path.display().to_string(),
            &library,
            &parameters_path.display().to_string(),
            &parameters,
            &model.elements,
        );
        match read {
            Ok(parameters) => Some(Term::Meam(parameters)),
            Err(error) => {
                let key = if error.file == parameters_path.display().to_string() {
                    "potential.meam.parameters"
                } else {
                    "potential.meam.library"
                };
                self.complain(key, error.to_string(), "");
                None
            }
        }
    }

    fn eam(&mut self, model: &frit_deck::Eam) -> Option<Term> {
        let key = if self.document.locate("potential.eam.file").is_some() {
            "potential.eam.file"
        } else {
            "potential.eam.files"
        };
        let mut texts = Vec::new();
        for path in &model.files {
            texts.push(self.text(key, path)?);
        }
        let names: Vec<String> = texts
            .iter()
            .map(|(path, _)| path.display().to_string())
            .collect();
        let tables = match model.form {
            EamForm::Alloy => eam::read_setfl(&texts[0].1, &names[0]),
            EamForm::FinnisSinclair => eam::read_fs(&texts[0].1, &names[0]),
            EamForm::Funcfl => {
                let files: Vec<FuncflFile<'_>> = names
                    .iter()
                    .zip(&texts)
                    .map(|(name, (_, text))| FuncflFile { name, text })
                    .collect();
                eam::read_funcfl(&files)
            }
        };
        let tables = match tables {
            Ok(tables) => tables,
            Err(error) => {
                self.complain(key, error.to_string(), "");
                return None;
            }
        };
        for element in model.elements.iter().flatten() {
            let known: Vec<&str> = tables
                .elements
                .iter()
                .map(|one| one.name.as_str())
                .collect();
            if !known.contains(&element.as_str()) {
                self.complain(
                    "potential.eam.elements",
                    format!("{element} is not in {}", names.join(", ")),
                    &format!("it has {}", known.join(", ")),
                );
                return None;
            }
        }
        Some(Term::Eam {
            tables,
            elements: model.elements.clone(),
        })
    }

    /// The text of a file that the deck names.
    fn text(&mut self, key: &str, path: &Path) -> Option<(PathBuf, String)> {
        let resolved = self.document.resolve(path);
        let bytes = match frit_io::read_file(&resolved) {
            Ok(bytes) => bytes,
            Err(error) => {
                self.complain(
                    key,
                    format!("cannot read {}: {error}", resolved.display()),
                    "paths in a deck are relative to the deck's folder",
                );
                return None;
            }
        };
        self.files.push(HashedFile::new(&resolved, &bytes));
        match String::from_utf8(bytes) {
            Ok(text) => Some((resolved, text)),
            Err(_) => {
                self.complain(
                    key,
                    format!("{} is not a text file", resolved.display()),
                    "potential files are text; this one may be compressed or of another kind",
                );
                None
            }
        }
    }

    fn complain(&mut self, key: &str, message: String, help: &str) {
        self.errors.push(self.document.error_at(key, message, help));
    }
}
