//! Reading MEAM files: what they mean, what is refused and how, and that no text can break it.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod meam_support;

use frit_atoms::Species;
use frit_potentials::meam::{self, Meam, MeamError, MeamFileError, MeamParameters, PairTable};
use frit_potentials::{KernelPath, Model};
use meam_support::{potential_file, shipped};
use proptest::prelude::*;

const LIBRARY: &str = "Kim-2006-PtFe.library.meam";
const PARAMETERS: &str = "Kim-2006-PtFe.meam";

/// The Pt-Fe potential with its texts changed.
fn changed(
    library: impl Fn(String) -> String,
    parameters: impl Fn(String) -> String,
    elements: &[&str],
) -> Result<MeamParameters, MeamFileError> {
    let (_, library_text) = potential_file(LIBRARY);
    let (_, parameter_text) = potential_file(PARAMETERS);
    let (library_text, parameter_text) = (library(library_text), parameters(parameter_text));
    meam::read(
        LIBRARY,
        &library_text,
        PARAMETERS,
        &parameter_text,
        elements,
    )
}

fn same(text: String) -> String {
    text
}

/// The message of an error, which must name `place` and hold all of `parts`.
fn assert_refused(result: Result<MeamParameters, MeamFileError>, place: &str, parts: &[&str]) {
    let message = result.unwrap_err().to_string();
    assert!(message.starts_with(place), "{message}");
    for part in parts {
        assert!(message.contains(part), "`{part}` is not in: {message}");
    }
}

fn replaced(from: &'static str, to: &'static str) -> impl Fn(String) -> String {
    move |text| {
        assert!(text.contains(from), "{from} is not in the file");
        text.replacen(from, to, 1)
    }
}

#[test]
fn shipped_files_have_no_warnings_and_tell_their_masses() {
    for (name, elements, masses) in [
        ("PtFe", ["Pt", "Fe"], [195.08, 55.847]),
        ("NiFe", ["Ni", "Fe"], [58.69, 55.847]),
        ("PtCu", ["Cu", "Pt"], [63.546, 195.08]),
    ] {
        let parameters = shipped(name, &elements);
        assert_eq!(parameters.warnings(), &[] as &[String], "{name}");
        for (element, mass) in elements.iter().zip(masses) {
            assert_eq!(parameters.mass_of(element), Some(mass));
        }
        assert_eq!(parameters.mass_of("Au"), None);
    }
}

#[test]
fn the_effective_parameters_are_shown() {
    let table = shipped("PtFe", &["Pt", "Fe"]).describe();
    for part in [
        "cutoff 4.4 Å",
        "4.59",
        "Pt: fcc",
        "Pt-Fe: l12",
        "Ec 5.86 eV",
        "C 0.36 to 2.8",
    ] {
        assert!(table.contains(part), "`{part}` is not in:\n{table}");
    }
    assert!(
        !table.contains("not in the files"),
        "all is given:\n{table}"
    );
    let table = changed(same, replaced("zbl(1,2) = 0\n", ""), &["Pt", "Fe"]).unwrap();
    assert!(
        table
            .describe()
            .contains("not in the files, so as the format has it: zbl(1,2) = 1")
    );
}

#[test]
fn the_range_is_that_of_screening_atoms() {
    let species = [Species::of_element("Pt").unwrap()];
    let parameters = shipped("PtFe", &["Pt", "Fe"]);
    let model = Meam::new(&parameters, &species, KernelPath::Reference).unwrap();
    assert!((model.cutoff() - 4.4 * 2.8 / (2.0 * 1.8_f64.sqrt())).abs() < 1e-12);
}

#[test]
fn species_are_matched_by_name() {
    let parameters = shipped("PtFe", &["Pt", "Fe"]);
    let species = ["Fe", "Au"].map(|symbol| Species::of_element(symbol).unwrap());
    let error = Meam::new(&parameters, &species, KernelPath::Reference).unwrap_err();
    assert!(matches!(error, MeamError::UnknownSpecies { .. }));
    assert!(error.to_string().contains("Au") && error.to_string().contains("Pt, Fe"));
}

#[test]
fn the_wrong_order_of_elements_is_caught() {
    assert_refused(
        changed(same, same, &["Fe", "Pt"]),
        "Kim-2006-PtFe.meam:",
        &[
            "wrong order",
            "Ec = 5.77",
            "is Fe with 4.29",
            "the order Pt, Fe",
        ],
    );
    // Another value that no element has is an override, not another order.
    let other = changed(
        same,
        replaced("Ec(1,1) = 5.77", "Ec(1,1) = 5.5"),
        &["Pt", "Fe"],
    )
    .unwrap();
    assert!(other.warnings()[0].contains("Ec(1,1) = 5.5 overrides 5.77 of Pt"));
}

#[test]
fn traps_are_warned_about() {
    let parameters = changed(same, replaced("augt1 = 0\n", ""), &["Pt", "Fe"]).unwrap();
    assert!(parameters.warnings()[0].contains("write augt1 = 0"));
    let ignored = replaced("Cmin(2,1,1) = 0.84357950630559", "Cmin(2,1,1) = 0.9");
    let parameters = changed(same, ignored, &["Pt", "Fe"]).unwrap();
    assert!(parameters.warnings()[0].contains("Cmin(2,1,1) = 0.9 is ignored"));
}

#[test]
fn the_first_library_entry_holds_and_comments_do_not_count() {
    let twice =
        |text: String| format!("{text}\nPt fcc 12 78 1 1 1 1 1 1 1 1 1 1 1 1 1 1 3 # other\n");
    let parameters = changed(twice, same, &["Pt", "Fe"]).unwrap();
    assert_eq!(parameters.mass_of("Pt"), Some(195.08));
    let free = |_| {
        "\"Pt\" fcc 12 78 195.080 6.4956062544 4.92 2.20 # line one\n\n 6.00 2.20 3.9173715678\n\
         5.77 0.90 1 3.94 -2.20 3.84 1.00 3\nFe 'bcc' 8 26 55.847 5.1571615396 4.15 1 1 1\n\
         2.8636573352 4.29 0.56 1 2.6 1.8 -7.2 1 3"
            .to_owned()
    };
    let free = changed(free, same, &["Pt", "Fe"]).unwrap();
    assert_eq!(free, changed(same, same, &["Pt", "Fe"]).unwrap());
}

#[test]
fn bad_libraries_are_refused() {
    let refuse = |from, to, parts: &[&str]| {
        let result = changed(replaced(from, to), same, &["Pt", "Fe"]);
        assert_refused(result, "Kim-2006-PtFe.library.meam:", parts);
    };
    refuse("1 3.94", "2 3.94", &["t0 of Pt = 2", "must be 1"]);
    refuse("'fcc'", "'hcp'", &["lat of Pt = hcp", "fcc, bcc"]);
    refuse("'fcc'", "'bcc'", &["z of Pt = 12", "coordination"]);
    refuse("1.00 3\n", "1.00 -5\n", &["ibar of Pt = -5", "0 and 4"]);
    refuse(
        "5.77 0.90",
        "5.77.1 0.90",
        &["esub of Pt = 5.77.1 is not a finite number"],
    );
    refuse("6.4956062544", "nan", &["alpha of Pt = nan"]);
    refuse("195.080", "-195.080", &["atwt of Pt = -195.08", "positive"]);
    refuse("5.77 0.90", "5.77", &["the entry of Pt has", "19"]);
    refuse("1.00 3\n", "1.00 3 4\n", &["the entry of Pt has 20 words"]);
    assert_refused(
        changed(same, same, &["Pt", "Ni"]),
        "Kim-2006-PtFe.library.meam: ",
        &["no entry for Ni", "it has Fe, Pt"],
    );
    assert_refused(changed(same, same, &[]), "", &["no elements"]);
    assert_refused(
        changed(same, same, &["Pt", "Pt"]),
        "",
        &["Pt is listed twice"],
    );
}

#[test]
fn bad_parameters_are_refused() {
    let refuse = |from, to, parts: &[&str]| {
        let result = changed(same, replaced(from, to), &["Pt", "Fe"]);
        assert_refused(result, "Kim-2006-PtFe.meam:", parts);
    };
    refuse(
        "ialloy = 2",
        "ialloy = 1",
        &["ialloy = 1 is not supported", "2"],
    );
    refuse("ialloy = 2", "", &["ialloy = 0 (the default"]);
    refuse(
        "erose_form = 2",
        "erose_form = 3",
        &["erose_form = 3", "0, 1, 2"],
    );
    refuse("rc = 4.4", "rc = -1", &["rc = -1", "positive"]);
    refuse("rc = 4.4", "rc 4.4", &["found `rc 4.4`"]);
    refuse("rc = 4.4", "rc = 4.4 5", &["found `rc = 4.4 5`"]);
    refuse(
        "rc = 4.4",
        "RC = 4.4",
        &["unknown keyword RC; did you mean rc?"],
    );
    refuse(
        "rc = 4.4",
        "cutoff = 4.4",
        &["unknown keyword cutoff; known: Ec, re"],
    );
    refuse("delr = 0.1", "delr = 5", &["delr = 5", "at most rc"]);
    refuse("Ec(1,1)", "Ec(1,3)", &["index `3` of Ec is none of 1 to 2"]);
    refuse("Ec(1,1)", "Ec(0,1)", &["index `0` of Ec"]);
    refuse("Ec(1,1)", "Ec(1)", &["Ec takes 2 indices, found 1"]);
    refuse("Ec(1,1)", "Ec(1,1", &["expected `keyword = value`"]);
    refuse(
        "Ec(1,2) = 5.86",
        "Ec(1,2) = inf",
        &["Ec(1,2) = inf is not a finite number"],
    );
    refuse(
        "re(1,1) = 2.77",
        "re(1,1) = -2.77",
        &["re(1,1) = -2.77", "positive"],
    );
    refuse(
        "lattce(1,2) = l12",
        "lattce(1,2) = dia",
        &["lattce(1,2) = dia", "l12, b1, b2"],
    );
    refuse(
        "lattce(1,2) = l12",
        "lattce(1,1) = bcc",
        &["lattce(1,1) = bcc", "fcc"],
    );
    refuse(
        "lattce(1,2) = l12",
        "",
        &["lattce(1,2) is missing", "Pt-Fe"],
    );
    refuse(
        "nn2(1,2) = 1",
        "nn2(1,2) = 0",
        &["nn2(1,2) = 0", "the same for all pairs"],
    );
    refuse(
        "Cmin(1,1,1) = 1.53",
        "Cmin(1,1,1) = 2.9",
        &["Cmin(1,1,1) = 2.9", "Cmin < Cmax"],
    );
    refuse(
        "Cmax(1,1,1) = 2.8",
        "Cmax(1,1,1) = 1e9",
        &["Cmax(1,1,1) = 1000000000"],
    );
    refuse("augt1 = 0", "theta(1,2) = 90", &["theta(1,2) = 90"]);
    refuse("augt1 = 0", "mixture_ref_t = 1", &["mixture_ref_t = 1"]);
}

#[test]
fn errors_name_the_line() {
    let result = changed(same, replaced("rc = 4.4", "\n\nrc = x"), &["Pt", "Fe"]);
    assert_refused(result, "Kim-2006-PtFe.meam:7: rc = x", &[]);
}

/// Whatever happens to a file, it is read or refused; and what is read is whole.
fn survives(library: &str, parameters: &str) {
    if let Ok(parameters) = meam::read("library", library, "parameters", parameters, &["Pt", "Fe"])
    {
        let _ = parameters.describe();
        assert!(parameters.mass_of("Pt").is_some_and(|mass| mass > 0.0));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn damaged_files_do_not_break_the_reader(
        which in any::<bool>(),
        at in any::<prop::sample::Index>(),
        length in 0_usize..40,
        instead in "[ -~\\n\\t'\"#=(),0-9eE.+-]{0,12}",
    ) {
        let (_, mut library) = potential_file(LIBRARY);
        let (_, mut parameters) = potential_file(PARAMETERS);
        let text = if which { &mut library } else { &mut parameters };
        let start = at.index(text.len());
        let end = (start + length).min(text.len());
        text.replace_range(start..end, &instead);
        survives(&library, &parameters);
    }

    #[test]
    fn any_text_is_read_or_refused(library in "\\PC*", parameters in "\\PC*") {
        survives(&library, &parameters);
        survives(&potential_file(LIBRARY).1, &parameters);
    }

    #[test]
    fn any_settings_are_read_or_refused(
        lines in prop::collection::vec(
            (
                prop::sample::select(vec![
                    "Ec", "re", "alpha", "delta", "lattce", "nn2", "Cmin", "Cmax", "rho0", "rc",
                    "delr", "erose_form", "gsmooth_factor", "zbl", "repuls",
                ]),
                prop::sample::select(vec!["", "(1)", "(1,2)", "(2,2)", "(1,1,2)", "(2,1)"]),
                prop::sample::select(vec![
                    "0", "1", "2", "-1", "1e300", "1e-300", "l12", "b2", "3.3", "''", "(",
                ]),
            ),
            0..12,
        ),
    ) {
        let (_, mut parameters) = potential_file(PARAMETERS);
        for (keyword, indices, value) in lines {
            parameters.push_str(&format!("{keyword}{indices} = {value}\n"));
        }
        let library = potential_file(LIBRARY).1;
        survives(&library, &parameters);
        if let Ok(parameters) = meam::read("", &library, "", &parameters, &["Pt", "Fe"]) {
            let species = ["Pt", "Fe"].map(|symbol| Species::of_element(symbol).unwrap());
            let (path, table) = (KernelPath::Reference, PairTable::Lammps);
            prop_assert!(Meam::with_table(&parameters, &species, path, table).is_ok());
        }
    }
}
