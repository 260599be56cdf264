//! `[potential]`: how atoms interact.

use std::path::{Path, PathBuf};

use frit_units::{Energy, Length, kind};

use crate::error::DeckErrorKind;
use crate::suggest;
use crate::walk::form::positive;
use crate::walk::form::{Choice, Complaint, FilePath, Form, ListOf, Switch, Symbol};
use crate::walk::{Table, key, table};

/// How atoms interact: the sum of one or more models.
#[derive(Debug, Clone, PartialEq)]
pub struct Potential {
    /// Precision of the arithmetic.
    pub precision: Precision,
    /// Which implementation evaluates it.
    pub kernel: Kernel,
    /// At least one, in the order of the language.
    pub models: Vec<PotentialModel>,
}

/// One term of the potential.
#[derive(Debug, Clone, PartialEq)]
pub enum PotentialModel {
    /// Second-nearest-neighbour modified embedded-atom method.
    Meam(Meam),
    /// Embedded-atom method, tabulated.
    Eam(Eam),
    /// Lennard-Jones.
    LennardJones(LennardJones),
    /// Ziegler-Biersack-Littmark screened repulsion of nuclei.
    Zbl(Zbl),
}

/// Precision of the arithmetic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Precision {
    /// Double throughout.
    Double,
    /// Pairs of EAM in single precision, everything else in double.
    Mixed,
}

/// Which implementation evaluates the potential.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kernel {
    /// The fastest that the processor has.
    Auto,
    /// The plain one that the others are compared with.
    Reference,
    /// The fast one without processor-specific instructions.
    Portable,
    /// AVX2.
    Avx2,
    /// AVX-512.
    Avx512,
}

/// A MEAM potential from a library and a parameter file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meam {
    /// `library.meam` file, as written in the deck.
    pub library: PathBuf,
    /// `.meam` file, as written in the deck.
    pub parameters: PathBuf,
    /// Library entries, in the order of the parameter file's indices.
    pub elements: Vec<String>,
}

/// An EAM potential from tables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Eam {
    /// One file, or for funcfl one for each element; as written in the deck.
    pub files: Vec<PathBuf>,
    /// Format of the files.
    pub form: EamForm,
    /// Elements to take; `None` for all in the file.
    pub elements: Option<Vec<String>>,
}

/// Format of EAM tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EamForm {
    /// setfl, one density function for each element.
    Alloy,
    /// setfl after Finnis and Sinclair, one density function for each ordered pair.
    FinnisSinclair,
    /// funcfl, one element in each file.
    Funcfl,
}

/// Lennard-Jones.
#[derive(Debug, Clone, PartialEq)]
pub struct LennardJones {
    /// Distance beyond which atoms do not interact.
    pub cutoff: Length,
    /// Whether the energy is shifted to zero at the cutoff.
    pub shift: bool,
    /// Parameters of each pair of elements, sorted.
    pub pairs: Vec<LennardJonesPair>,
}

/// Lennard-Jones parameters of a pair of elements.
#[derive(Debug, Clone, PartialEq)]
pub struct LennardJonesPair {
    /// The elements, sorted.
    pub elements: [String; 2],
    /// Depth of the well.
    pub epsilon: Energy,
    /// Distance at which the energy crosses zero.
    pub sigma: Length,
}

/// Ziegler-Biersack-Littmark repulsion, switched off between two radii.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Zbl {
    /// Where the switch begins.
    pub inner: Length,
    /// Where the repulsion has vanished.
    pub outer: Length,
}

const MODELS: [&str; 4] = ["meam", "eam", "lennard-jones", "zbl"];

pub(crate) fn read(table: &mut Table<'_, '_>) -> Option<Potential> {
    let precision = table.default(
        key(
            "precision",
            "Precision of the arithmetic; `mixed` computes the bonds of `eam` and `meam` in single precision",
            "\"mixed\"",
        ),
        &Choice(&[("double", Precision::Double), ("mixed", Precision::Mixed)]),
        "\"double\"",
    );
    let kernel = table.default(
        key(
            "kernel",
            "Implementation; the same one gives the same bits, `auto` is the fastest available",
            "\"portable\"",
        ),
        &Choice(&[
            ("auto", Kernel::Auto),
            ("reference", Kernel::Reference),
            ("portable", Kernel::Portable),
            ("avx2", Kernel::Avx2),
            ("avx512", Kernel::Avx512),
        ]),
        "\"auto\"",
    );
    let otherwise = "at least one model; several are summed";
    let meam = table.optional_table(
        self::table(
            "meam",
            "Modified embedded-atom method, from files in the form of LAMMPS",
        ),
        otherwise,
        read_meam,
    );
    let eam = table.optional_table(
        self::table("eam", "Embedded-atom method, from tables"),
        otherwise,
        read_eam,
    );
    let lennard_jones = table.optional_table(
        self::table("lennard-jones", "4ε((σ/r)¹² - (σ/r)⁶)"),
        otherwise,
        read_lennard_jones,
    );
    let zbl = table.optional_table(
        self::table(
            "zbl",
            "Ziegler-Biersack-Littmark screened repulsion between all nuclei",
        ),
        otherwise,
        read_zbl,
    );
    table.at_least_one(&MODELS);
    let models: Vec<PotentialModel> = [
        meam.map(PotentialModel::Meam),
        eam.map(PotentialModel::Eam),
        lennard_jones.map(PotentialModel::LennardJones),
        zbl.map(PotentialModel::Zbl),
    ]
    .into_iter()
    .flatten()
    .collect();
    if precision == Precision::Mixed && !table.has("eam") && !table.has("meam") {
        table.error_at(
            "precision",
            DeckErrorKind::Inconsistent,
            "mixed precision is for `eam` and `meam`; this potential is evaluated in double"
                .to_owned(),
            Some("leave `precision` out".to_owned()),
        );
        return None;
    }
    let given = MODELS.iter().filter(|name| table.has(name)).count();
    (models.len() == given && given > 0).then_some(Potential {
        precision,
        kernel,
        models,
    })
}

fn read_meam(table: &mut Table<'_, '_>) -> Option<Meam> {
    let library = table.required(
        key(
            "library",
            "Library file with the elements' parameters",
            "\"Kim-2006-PtFe.library.meam\"",
        ),
        &FilePath,
    );
    let parameters = table.required(
        key(
            "parameters",
            "Parameter file of the alloy",
            "\"Kim-2006-PtFe.meam\"",
        ),
        &FilePath,
    );
    let elements = table.required(
        key(
            "elements",
            "Elements, in the order of the parameter file's indices",
            "[\"Pt\", \"Fe\"]",
        ),
        &distinct_elements(),
    );
    if let Some(elements) = &elements {
        report_repetition(table, elements);
    }
    Some(Meam {
        library: library?,
        parameters: parameters?,
        elements: elements?,
    })
}

fn distinct_elements() -> ListOf<Symbol> {
    ListOf {
        form: Symbol,
        lengths: 1..=frit_atoms::ELEMENTS.len(),
    }
}

fn report_repetition(table: &mut Table<'_, '_>, elements: &[String]) {
    for (index, element) in elements.iter().enumerate() {
        if elements[..index].contains(element) {
            let message = format!("`{element}` is named twice");
            table.error_at("elements", DeckErrorKind::Inconsistent, message, None);
        }
    }
}

fn read_eam(table: &mut Table<'_, '_>) -> Option<Eam> {
    let which = "exactly one of `file` and `files`";
    let file = table.optional(
        key(
            "file",
            "File with the tables",
            "\"Zhou-2004-PtFe.eam.alloy\"",
        ),
        &FilePath,
        which,
    );
    let files = table.optional(
        key(
            "files",
            "funcfl files, one for each element",
            "[\"Pt_u3.eam\", \"Cu_u3.eam\"]",
        ),
        &ListOf {
            form: FilePath,
            lengths: 1..=frit_atoms::ELEMENTS.len(),
        },
        which,
    );
    table.exactly_one(&["file", "files"]);
    let elements = table.optional(
        key(
            "elements",
            "Elements to take from the file",
            "[\"Pt\", \"Fe\"]",
        ),
        &distinct_elements(),
        "all in the file",
    );
    if let Some(elements) = &elements {
        report_repetition(table, elements);
    }
    let form = table.optional(
        key(
            "form",
            "Format: setfl (`alloy`), setfl after Finnis and Sinclair (`fs`), or `funcfl`",
            "\"alloy\"",
        ),
        &FORMS,
        "from the ending: `.alloy`, `.fs`, else `.eam` is funcfl",
    );
    let given = if table.has("file") { "file" } else { "files" };
    let files = file.map(|file| vec![file]).or(files)?;
    let form = match form {
        Some(form) => form,
        None if table.has("form") => return None,
        None => form_of_name(table, given, &files)?,
    };
    table.record("form", FORMS.write(&form));
    if files.len() > 1 && form != EamForm::Funcfl {
        let message = "only funcfl has one file for each element".to_owned();
        let help = "name one `file`, or set `form = \"funcfl\"`".to_owned();
        table.error_at("files", DeckErrorKind::Inconsistent, message, help);
        return None;
    }
    Some(Eam {
        files,
        form,
        elements,
    })
}

const FORMS: Choice<EamForm> = Choice(&[
    ("alloy", EamForm::Alloy),
    ("fs", EamForm::FinnisSinclair),
    ("funcfl", EamForm::Funcfl),
]);

fn form_of_name(table: &mut Table<'_, '_>, given: &str, files: &[PathBuf]) -> Option<EamForm> {
    let form_of = |file: &Path| {
        let name = file.file_name()?.to_str()?.to_lowercase();
        let endings = [
            (".alloy", EamForm::Alloy),
            (".setfl", EamForm::Alloy),
            (".fs", EamForm::FinnisSinclair),
            (".eam", EamForm::Funcfl),
            (".funcfl", EamForm::Funcfl),
        ];
        endings
            .iter()
            .find(|(ending, _)| name.ends_with(ending))
            .map(|(_, form)| *form)
    };
    let form = form_of(files.first()?);
    if form.is_none() {
        let message = "the ending of this name does not tell the format".to_owned();
        let help = format!("add `form`: {}", FORMS.takes());
        table.error_at(given, DeckErrorKind::MissingKey, message, help);
    }
    form
}

fn read_lennard_jones(table: &mut Table<'_, '_>) -> Option<LennardJones> {
    let cutoff = table.required(
        key(
            "cutoff",
            "Distance beyond which atoms do not interact",
            "\"8.5 Å\"",
        ),
        &positive::<kind::Length>(),
    );
    let shift = table.default(
        key(
            "shift",
            "Whether the energy is shifted to zero at the cutoff",
            "false",
        ),
        &Switch,
        "true",
    );
    let pairs = table.required_table(
        self::table("pair", "Parameters, one table for each pair of elements"),
        read_pairs,
    );
    Some(LennardJones {
        cutoff: cutoff?,
        shift,
        pairs: pairs?,
    })
}

const PAIR_MEANING: &str = "Parameters of one pair of elements, such as `Pt-Pt` or `Pt-Fe`";
const PAIR_NAME: &str = "<element>-<element>";

fn read_pairs(table: &mut Table<'_, '_>) -> Option<Vec<LennardJonesPair>> {
    let read = table.named_tables(PAIR_NAME, PAIR_MEANING, |table, entry| {
        (entry, read_pair_parameters(table))
    });
    table.describe_named(PAIR_NAME, PAIR_MEANING, |table| {
        read_pair_parameters(table);
    });
    let mut pairs: Vec<LennardJonesPair> = Vec::new();
    let mut is_complete = true;
    for (entry, parameters) in read {
        let elements = match pair_of_name(&entry.key) {
            Ok(elements) => elements,
            Err(complaint) => {
                table.complain_about_key(entry, complaint);
                is_complete = false;
                continue;
            }
        };
        if pairs.iter().any(|pair| pair.elements == elements) {
            let message = format!("the pair {} is given twice", elements.join("-"));
            let help = "the order of the elements does not matter; keep one".to_owned();
            let complaint = Complaint::new(DeckErrorKind::Inconsistent, message, help);
            table.complain_about_key(entry, complaint);
        }
        match parameters {
            Some((epsilon, sigma)) => pairs.push(LennardJonesPair {
                elements,
                epsilon,
                sigma,
            }),
            None => is_complete = false,
        }
    }
    if table.entry_count() == 0 {
        let message = "no pair of elements has parameters".to_owned();
        let help = "add for example `[potential.lennard-jones.pair.Pt-Pt]`".to_owned();
        table.error_here(DeckErrorKind::MissingKey, message, help);
        return None;
    }
    pairs.sort_by(|first, second| first.elements.cmp(&second.elements));
    is_complete.then_some(pairs)
}

fn pair_of_name(name: &str) -> Result<[String; 2], Complaint> {
    let Some((first, second)) = name.split_once('-') else {
        let message = format!("`{name}` is not a pair of elements");
        let help = "a pair is written with a hyphen, such as `Pt-Fe`".to_owned();
        return Err(Complaint::new(DeckErrorKind::UnknownValue, message, help));
    };
    Symbol::check(first)?;
    Symbol::check(second)?;
    let mut elements = [first.to_owned(), second.to_owned()];
    elements.sort();
    Ok(elements)
}

fn read_pair_parameters(table: &mut Table<'_, '_>) -> Option<(Energy, Length)> {
    let epsilon = table.required(
        key("epsilon", "Depth of the well", "\"0.52 eV\""),
        &positive::<kind::Energy>(),
    );
    let sigma = table.required(
        key(
            "sigma",
            "Distance at which the energy crosses zero",
            "\"2.54 Å\"",
        ),
        &positive::<kind::Length>(),
    );
    Some((epsilon?, sigma?))
}

fn read_zbl(table: &mut Table<'_, '_>) -> Option<Zbl> {
    let inner = table.required(
        key(
            "inner",
            "Distance where the repulsion begins to be switched off",
            "\"1.0 Å\"",
        ),
        &positive::<kind::Length>(),
    );
    let outer = table.required(
        key("outer", "Distance where it has vanished", "\"2.0 Å\""),
        &positive::<kind::Length>(),
    );
    let (inner, outer) = (inner?, outer?);
    if inner >= outer {
        let names = suggest::list(&["inner", "outer"], "and");
        let message = format!("{names}: {inner} is not smaller than {outer}");
        let help = "the switch begins at `inner` and ends at `outer`".to_owned();
        table.error_at("outer", DeckErrorKind::Inconsistent, message, help);
        return None;
    }
    Some(Zbl { inner, outer })
}
