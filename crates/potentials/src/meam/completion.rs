//! Completes what the files of a potential say to its effective parameters.
//!
//! What a file leaves out has the default of the format, as LAMMPS has it; what nothing in the format
//! protects from mistakes is checked here.

use super::error::{MeamFileError, MeamProblem};
use super::functions::{GammaForm, Rose, RoseForm};
use super::lattice::{self, Lattice};
use super::library::{self, LibraryEntry};
use super::order;
use super::parameter_file::{self, Settings};
use super::parameters::{
    Background, ElementParameters, MeamParameters, Neighbourhood, PairParameters,
};

/// Reads a potential from the texts of its two files; the paths serve messages only.
///
/// `elements` gives the elements in the order to which the numbers in the parameter file refer.
///
/// # Errors
/// Names file and line, what was found there, and what is supported.
pub fn read<S: AsRef<str>>(
    library_path: &str,
    library_text: &str,
    parameters_path: &str,
    parameters_text: &str,
    elements: &[S],
) -> Result<MeamParameters, MeamFileError> {
    check_elements(library_path, elements)?;
    let entries = library::read(library_path, library_text, elements)?;
    let settings = Settings::read(parameters_path, parameters_text, elements.len())?;
    let mut builder = Builder {
        entries: &entries,
        settings: &settings,
        defaulted: Vec::new(),
        warnings: order::check(&entries, &settings)?,
    };
    let parameters = builder.parameters()?;
    Ok(MeamParameters {
        warnings: builder.warnings,
        defaulted: builder.defaulted,
        ..parameters
    })
}

fn check_elements<S: AsRef<str>>(path: &str, elements: &[S]) -> Result<(), MeamFileError> {
    let problem = if elements.is_empty() {
        Some(MeamProblem::NoElements)
    } else {
        let names: Vec<&str> = elements.iter().map(AsRef::as_ref).collect();
        let twice = (1..names.len()).find(|&k| names[..k].contains(&names[k]));
        twice.map(|k| MeamProblem::ElementTwice {
            element: names[k].to_owned(),
        })
    };
    match problem {
        None => Ok(()),
        Some(problem) => Err(MeamFileError {
            file: path.to_owned(),
            line: None,
            problem: Box::new(problem),
        }),
    }
}

/// Cutoffs beyond this [Å] are mistakes: a neighbour row would hold thousands of atoms.
const LARGEST_CUTOFF: f64 = 50.0;
/// Cmax beyond this is a mistake: screening would reach beyond five cutoffs.
const LARGEST_CMAX: f64 = 100.0;
const SWITCH: [(&str, bool); 2] = [("0", false), ("1", true)];

/// Completes what the files say.
struct Builder<'a> {
    entries: &'a [LibraryEntry],
    settings: &'a Settings,
    defaulted: Vec<String>,
    warnings: Vec<String>,
}

impl Builder<'_> {
    fn parameters(&mut self) -> Result<MeamParameters, MeamFileError> {
        self.refuse_other_mixing()?;
        let rc = self.number("rc", &[], 4.0)?;
        self.check(
            "rc",
            &[],
            rc,
            rc > 0.0 && rc <= LARGEST_CUTOFF,
            "it must be positive and at most 50 Å",
        )?;
        let delr = self.number("delr", &[], 0.1)?;
        self.check(
            "delr",
            &[],
            delr,
            delr > 0.0 && delr <= rc,
            "it must be positive and at most rc",
        )?;
        let smoothing = self.smoothing()?;
        self.check(
            "gsmooth_factor",
            &[],
            smoothing,
            smoothing > 0.0,
            "it must be positive",
        )?;
        // G is positive in all forms supported, so the branch that emb_lin_neg is about is never met.
        let _ = self.settings.choice("emb_lin_neg", &[], &SWITCH)?;
        let background = match self.settings.choice("bkgd_dyn", &[], &SWITCH)? {
            Some(true) => Background::Coordination,
            _ => Background::Reference,
        };
        let elements = self.elements()?;
        let neighbourhood = self.neighbourhood()?;
        let pairs = self.pairs()?;
        self.refuse_l12_without_second_neighbours(neighbourhood)?;
        let (cmin, cmax) = self.screening()?;
        self.warn(neighbourhood)?;
        Ok(MeamParameters {
            elements,
            pairs,
            cmin,
            cmax,
            rc,
            delr,
            neighbourhood,
            background,
            smoothing,
            warnings: Vec::new(),
            defaulted: Vec::new(),
        })
    }

    /// A number with its default.
    fn number(
        &mut self,
        keyword: &str,
        indices: &[usize],
        default: f64,
    ) -> Result<f64, MeamFileError> {
        if let Some(value) = self.settings.number(keyword, indices)? {
            return Ok(value);
        }
        self.note(keyword, indices, default);
        Ok(default)
    }

    fn smoothing(&mut self) -> Result<f64, MeamFileError> {
        const DEFAULT: f64 = 99.0;
        if self
            .entries
            .iter()
            .any(|entry| entry.gamma_form == GammaForm::Root)
        {
            return self.number("gsmooth_factor", &[], DEFAULT);
        }
        let given = self.settings.number("gsmooth_factor", &[])?;
        Ok(given.unwrap_or(DEFAULT))
    }

    fn note(&mut self, keyword: &str, indices: &[usize], value: impl std::fmt::Display) {
        let name = parameter_file::name(keyword, indices);
        self.defaulted.push(format!("{name} = {value}"));
    }

    fn check(
        &self,
        keyword: &str,
        indices: &[usize],
        found: f64,
        holds: bool,
        need: &'static str,
    ) -> Result<(), MeamFileError> {
        if holds {
            return Ok(());
        }
        let name = parameter_file::name(keyword, indices);
        let problem = MeamProblem::OutOfRange { name, found, need };
        Err(self.settings.error_about(keyword, indices, problem))
    }

    /// Refuses the ways of mixing elements that frit does not have.
    fn refuse_other_mixing(&mut self) -> Result<(), MeamFileError> {
        self.settings.choice("mixture_ref_t", &[], &[("0", ())])?;
        if let Some(theta) = self.settings.list.iter().find(|s| s.keyword == "theta") {
            let supported = "structures without an angle".to_owned();
            return Err(self.settings.unsupported(theta, supported));
        }
        // For one element the averages of t that ialloy chooses among are all its own t.
        if self.entries.len() > 1 {
            let supported =
                "2 (each element its own t), which 2NN-MEAM sets for alloys are made for";
            match self.settings.find("ialloy", &[]) {
                Some(setting) if setting.text == "2" => {}
                Some(setting) => {
                    return Err(self.settings.unsupported(setting, supported.to_owned()));
                }
                None => {
                    let problem = MeamProblem::Unsupported {
                        name: "ialloy".to_owned(),
                        found: "0 (the default, for it is not given)".to_owned(),
                        supported: supported.to_owned(),
                    };
                    return Err(self.settings.error_about("ialloy", &[], problem));
                }
            }
        }
        Ok(())
    }

    fn elements(&mut self) -> Result<Vec<ElementParameters>, MeamFileError> {
        let augment = match self.settings.choice("augt1", &[], &SWITCH)? {
            Some(value) => value,
            None => {
                self.note("augt1", &[], 1);
                true
            }
        };
        let entries = self.entries;
        entries
            .iter()
            .enumerate()
            .map(|(i, entry)| {
                let rho0 = self.settings.number("rho0", &[i])?.unwrap_or(entry.rho0);
                self.check("rho0", &[i], rho0, rho0 > 0.0, "it must be positive")?;
                let mut t = entry.t;
                if augment {
                    t[1] += 0.6 * t[3];
                }
                Ok(ElementParameters {
                    name: entry.name.clone(),
                    lattice: entry.lattice,
                    atomic_number: entry.atomic_number,
                    mass: entry.mass,
                    beta: entry.beta,
                    t,
                    a: entry.a,
                    rho0,
                    gamma_form: entry.gamma_form,
                })
            })
            .collect()
    }

    /// One choice for all pairs: how a mixture would be meant is nowhere defined.
    fn neighbourhood(&mut self) -> Result<Neighbourhood, MeamFileError> {
        let n = self.entries.len();
        let mut first = None;
        for i in 0..n {
            for j in i..n {
                let given = self.settings.choice("nn2", &[i, j], &SWITCH)?;
                if given.is_none() {
                    self.note("nn2", &[i, j], 0);
                }
                let value = given.unwrap_or(false);
                if *first.get_or_insert(value) != value {
                    let problem = MeamProblem::Unsupported {
                        name: parameter_file::name("nn2", &[i, j]),
                        found: u8::from(value).to_string(),
                        supported: "the same for all pairs".to_owned(),
                    };
                    return Err(self.settings.error_about("nn2", &[i, j], problem));
                }
            }
        }
        Ok(match first {
            Some(true) => Neighbourhood::Second,
            _ => Neighbourhood::First,
        })
    }

    /// Without second neighbours the L1_2 pair potential should be made with nearest neighbours
    /// alone; LAMMPS makes it with the series for second neighbours all the same (its numbers show
    /// it), so that no choice would be right for every file.
    fn refuse_l12_without_second_neighbours(
        &self,
        neighbourhood: Neighbourhood,
    ) -> Result<(), MeamFileError> {
        let mut settings = self.settings.list.iter();
        match settings.find(|s| s.keyword == "lattce" && s.text == Lattice::L12.name()) {
            Some(setting) if neighbourhood == Neighbourhood::First => {
                let supported = "l12 with nn2 = 1 for all pairs; b1 and b2 with either".to_owned();
                Err(self.settings.unsupported(setting, supported))
            }
            _ => Ok(()),
        }
    }

    fn pairs(&mut self) -> Result<Vec<PairParameters>, MeamFileError> {
        let n = self.entries.len();
        let mut own = Vec::with_capacity(n);
        for i in 0..n {
            let entry = &self.entries[i];
            own.push(self.pair(
                [i, i],
                entry.lattice,
                [
                    entry.cohesive_energy,
                    entry.lattice.nearest(entry.lattice_constant),
                    entry.alpha,
                ],
            )?);
        }
        let mut pairs = vec![own[0]; n * n];
        for i in 0..n {
            pairs[i * n + i] = own[i];
            for j in i + 1..n {
                let lattice = self.pair_lattice(i, j)?;
                let (a, b) = (own[i].rose, own[j].rose);
                let delta = self.settings.number("delta", &[i, j])?.unwrap_or(0.0);
                let energy = match lattice {
                    Lattice::L12 => (3.0 * a.energy + b.energy) / 4.0 - delta,
                    _ => (a.energy + b.energy) / 2.0 - delta,
                };
                let means = [
                    energy,
                    (a.distance + b.distance) / 2.0,
                    (a.alpha + b.alpha) / 2.0,
                ];
                let pair = self.pair([i, j], lattice, means)?;
                pairs[i * n + j] = pair;
                pairs[j * n + i] = pair;
            }
        }
        Ok(pairs)
    }

    fn pair_lattice(&mut self, i: usize, j: usize) -> Result<Lattice, MeamFileError> {
        let supported = || lattice::names(&Lattice::PAIRS);
        let Some(setting) = self.settings.find("lattce", &[i, j]) else {
            return Err(MeamFileError {
                file: self.settings.file.clone(),
                line: None,
                problem: Box::new(MeamProblem::PairLattice {
                    first: i + 1,
                    second: j + 1,
                    names: format!("{}-{}", self.entries[i].name, self.entries[j].name),
                    supported: supported(),
                }),
            });
        };
        Lattice::from_name(&setting.text)
            .filter(|lattice| Lattice::PAIRS.contains(lattice))
            .ok_or_else(|| self.settings.unsupported(setting, supported()))
    }

    /// The parameters of a pair; Ec, re and alpha have the given values where the file is silent
    /// (or, for a pair of two elements, has 0).
    fn pair(
        &mut self,
        indices: [usize; 2],
        lattice: Lattice,
        otherwise: [f64; 3],
    ) -> Result<PairParameters, MeamFileError> {
        let mixed = indices[0] != indices[1];
        if !mixed && let Some(setting) = self.settings.find("lattce", &indices) {
            let expected = [(lattice.name(), ())];
            self.settings.choice(setting.keyword, &indices, &expected)?;
        }
        let mut values = otherwise;
        for (value, keyword) in values.iter_mut().zip(["Ec", "re", "alpha"]) {
            match self.settings.number(keyword, &indices)? {
                Some(given) if given != 0.0 || !mixed => *value = given,
                _ if mixed => self.note(keyword, &indices, *value),
                _ => {}
            }
            self.check(
                keyword,
                &indices,
                *value,
                *value > 0.0,
                "it must be positive",
            )?;
        }
        let zbl = match self.settings.choice("zbl", &indices, &SWITCH)? {
            Some(value) => value,
            None => {
                self.note("zbl", &indices, 1);
                true
            }
        };
        let forms = [
            ("0", RoseForm::Scaled),
            ("1", RoseForm::Mixed),
            ("2", RoseForm::Plain),
        ];
        let form = self.settings.choice("erose_form", &[], &forms)?;
        Ok(PairParameters {
            lattice,
            rose: Rose {
                energy: values[0],
                distance: values[1],
                alpha: values[2],
                attraction: self.number("attrac", &indices, 0.0)?,
                repulsion: self.number("repuls", &indices, 0.0)?,
                form: form.unwrap_or(RoseForm::Scaled),
            },
            zbl,
        })
    }

    fn screening(&mut self) -> Result<(Vec<f64>, Vec<f64>), MeamFileError> {
        let n = self.entries.len();
        let (mut cmin, mut cmax) = (vec![0.0; n * n * n], vec![0.0; n * n * n]);
        for i in 0..n {
            for j in i..n {
                for k in 0..n {
                    let low = self.number("Cmin", &[i, j, k], 2.0)?;
                    let high = self.number("Cmax", &[i, j, k], 2.8)?;
                    if !(low >= 0.0 && high > low && high > 1.0 && high <= LARGEST_CMAX) {
                        let problem = MeamProblem::Screening {
                            i: i + 1,
                            j: j + 1,
                            k: k + 1,
                            low,
                            high,
                        };
                        return Err(self.settings.error_about("Cmin", &[i, j, k], problem));
                    }
                    for triple in [(i * n + j) * n + k, (j * n + i) * n + k] {
                        cmin[triple] = low;
                        cmax[triple] = high;
                    }
                }
            }
        }
        Ok((cmin, cmax))
    }

    fn warn(&mut self, neighbourhood: Neighbourhood) -> Result<(), MeamFileError> {
        if self.settings.find("erose_form", &[]).is_none() {
            self.note("erose_form", &[], 0);
        }
        let augmented = self.settings.choice("augt1", &[], &SWITCH)? != Some(false);
        if neighbourhood == Neighbourhood::Second && augmented {
            self.warnings.push(
                "augt1 = 1 (the default) with nn2 = 1: t1 is raised by 3/5 t3, though sets of the \
                 second-nearest-neighbour formalism are made for augt1 = 0; write augt1 = 0 unless \
                 the source says otherwise"
                    .to_owned(),
            );
        }
        for setting in &self.settings.list {
            if let [i, j, rest @ ..] = setting.indices.as_slice()
                && i > j
            {
                let mut mirrored = vec![*j, *i];
                mirrored.extend(rest);
                let holds = self.settings.find(setting.keyword, &mirrored);
                if holds.map(|other| other.text.parse::<f64>()) != Some(setting.text.parse::<f64>())
                {
                    self.warnings.push(format!(
                        "{}:{}: {} = {} is ignored: pairs are read with the lower number first, as {}",
                        self.settings.file,
                        setting.line,
                        setting.name(),
                        setting.text,
                        parameter_file::name(setting.keyword, &mirrored),
                    ));
                }
            }
        }
        Ok(())
    }
}
