//! Against ASE, tables, and the checks of a diagram.

use super::*;

/// Geometries of the set G2 as ASE 3.29 has them [Å].
fn molecule(name: &str) -> Molecule {
    let (atoms, symmetry_number, multiplicity, wavenumbers): (Vec<_>, _, _, Vec<f64>) = match name {
        "H2" => (
            vec![("H", [0.0, 0.0, 0.368583]), ("H", [0.0, 0.0, -0.368583])],
            2,
            1,
            vec![4401.2],
        ),
        "O2" => (
            vec![("O", [0.0, 0.0, 0.622978]), ("O", [0.0, 0.0, -0.622978])],
            2,
            3,
            vec![1580.2],
        ),
        "CO" => (
            vec![("O", [0.0, 0.0, 0.493003]), ("C", [0.0, 0.0, -0.657337])],
            1,
            1,
            vec![2169.8],
        ),
        "H2O" => (
            vec![
                ("O", [0.0, 0.0, 0.119262]),
                ("H", [0.0, 0.763239, -0.477047]),
                ("H", [0.0, -0.763239, -0.477047]),
            ],
            2,
            1,
            vec![1594.7, 3657.1, 3755.9],
        ),
        _ => (
            vec![
                ("N", [0.0, 0.0, 0.116489]),
                ("H", [0.0, 0.939731, -0.271808]),
                ("H", [0.813831, -0.469865, -0.271808]),
                ("H", [-0.813831, -0.469865, -0.271808]),
            ],
            3,
            1,
            vec![1022.0, 1691.0, 1691.0, 3506.0, 3577.0, 3577.0],
        ),
    };
    Molecule::new(MoleculeSetup {
        name: name.to_owned(),
        energy: 0.0,
        atoms: atoms
            .into_iter()
            .map(|(symbol, place)| (symbol.to_owned(), place))
            .collect(),
        symmetry_number,
        multiplicity,
        wavenumbers,
    })
    .unwrap()
}

#[test]
fn ideal_gases_are_those_of_ase() {
    // ase.thermochemistry.IdealGasThermo(vib_energies, geometry, atoms=molecule(name),
    // symmetrynumber, spin) of ASE 3.29 at K and Pa: zero-point energy, enthalpy, entropy and free
    // energy. Its constants are those of 2014.
    let (energies, entropies) = (5e-6, 2e-5);
    for (name, temperature, pressure, zero_point, enthalpy, entropy, free_energy) in [
        (
            "H2",
            298.15,
            1e5,
            0.27283962,
            0.36276362,
            0.0013498829,
            -0.03970396,
        ),
        (
            "H2",
            973.15,
            1e5,
            0.27283962,
            0.56716389,
            0.0017076329,
            -1.09461905,
        ),
        (
            "H2",
            773.15,
            2e3,
            0.27283962,
            0.50617811,
            0.0019746083,
            -1.02049027,
        ),
        (
            "O2",
            298.15,
            1e5,
            0.09795991,
            0.18797953,
            0.0021309497,
            -0.44736313,
        ),
        (
            "O2",
            773.15,
            1e5,
            0.09795991,
            0.34207520,
            0.0024367927,
            -1.54193109,
        ),
        (
            "CO",
            773.15,
            1e5,
            0.13451046,
            0.37252704,
            0.0023466176,
            -1.44176036,
        ),
        (
            "H2O",
            298.15,
            1e5,
            0.55840623,
            0.66126650,
            0.0019584872,
            0.07734355,
        ),
        (
            "H2O",
            773.15,
            2e3,
            0.55840623,
            0.83655699,
            0.0026435023,
            -1.20726684,
        ),
        (
            "H2O",
            973.15,
            1e5,
            0.55840623,
            0.91836617,
            0.0024003855,
            -1.41756902,
        ),
        (
            "NH3",
            973.15,
            1e5,
            0.93384897,
            1.34961630,
            0.0025193527,
            -1.10209182,
        ),
    ] {
        let found = molecule(name).thermal(temperature, pressure, 0.0).unwrap();
        let found_enthalpy = found.zero_point + found.heat;
        assert!(
            (found.zero_point - zero_point).abs() < energies,
            "{name} {found:?}"
        );
        assert!(
            (found_enthalpy - enthalpy).abs() < energies,
            "{name} {found:?}"
        );
        assert!(
            (found.entropy / entropy - 1.0).abs() < entropies,
            "{name} {found:?}"
        );
        let free = found_enthalpy - temperature * found.entropy;
        // T S is a hundred times larger than the difference of constants allows for energies.
        assert!((free - free_energy).abs() < 5e-5, "{name} {free}");
    }
}

#[test]
fn entropies_are_those_of_tables() {
    // NIST-JANAF tables, 1 bar, J/(mol K). A rigid rotor without nuclear spins, and harmonic
    // vibrations, leave some tenths.
    for (name, temperature, entropy) in [
        ("H2", 298.15, 130.68),
        ("O2", 298.15, 205.15),
        ("H2O", 298.15, 188.83),
        ("CO", 298.15, 197.65),
    ] {
        let found = molecule(name)
            .thermal(temperature, 1e5, 0.0)
            .unwrap()
            .entropy
            * 96_485.332;
        assert!((found - entropy).abs() < 0.6, "{name} {found}");
    }
}

fn setup(temperature: f64, parts: Parts) -> DiagramSetup {
    DiagramSetup {
        temperature,
        gases: ["H2", "O2", "H2O"]
            .map(|name| (molecule(name), 1e5))
            .to_vec(),
        floor: DiagramSetup::FLOOR,
        parts,
    }
}

fn gases(label: &str, energy: f64, gases: &[(&str, f64)]) -> ReactionState {
    ReactionState {
        label: label.to_owned(),
        kind: StateKind::Minimum,
        energy,
        formula: Formula::default(),
        wavenumbers: Vec::new(),
        gases: gases
            .iter()
            .map(|(name, number)| ((*name).to_owned(), *number))
            .collect(),
    }
}

#[test]
fn water_forms_with_the_free_energy_of_tables() {
    // ASE 3.29, as above: what the reaction adds to its energy.
    for (temperature, expected) in [(298.15, 0.34073), (773.15, 0.58419), (973.15, 0.69587)] {
        let states = [
            gases("gases", 0.0, &[("H2", 1.0), ("O2", 0.5)]),
            gases("water", 0.0, &[("H2O", 1.0)]),
        ];
        let diagram = Diagram::new(&setup(temperature, Parts::All), &states).unwrap();
        let found = diagram.levels[1].free_energy;
        assert!((found - expected).abs() < 5e-4, "{found}");
    }
    // With the energy that gives the tabulated heat of formation, the tabulated free energies.
    for (temperature, expected, digits) in [(298.15, -2.369, 0.002), (973.15, -2.011, 0.006)] {
        let states = [
            gases("gases", 0.0, &[("H2", 1.0), ("O2", 0.5)]),
            gases("water", -2.7109, &[("H2O", 1.0)]),
        ];
        let diagram = Diagram::new(&setup(temperature, Parts::All), &states).unwrap();
        assert_eq!(diagram.levels[1].energy, -2.7109);
        let found = diagram.levels[1].free_energy;
        assert!((found - expected).abs() < digits, "{found}");
    }
}

/// Hydrogen dissociates on a surface.
fn dissociation() -> [ReactionState; 3] {
    let surface = Formula::parse("Ni4Fe3O4").unwrap();
    let with_hydrogen = Formula::parse("Ni4Fe3O4H2").unwrap();
    [
        ReactionState {
            formula: surface,
            ..gases("clean", -100.0, &[("H2", 1.0)])
        },
        ReactionState {
            label: "apart".to_owned(),
            kind: StateKind::TransitionState,
            energy: -99.7,
            formula: with_hydrogen.clone(),
            wavenumbers: vec![-900.0, 20.0, 500.0, 600.0, 900.0, 1300.0],
            gases: Vec::new(),
        },
        ReactionState {
            label: "bound".to_owned(),
            kind: StateKind::Minimum,
            energy: -101.0,
            formula: with_hydrogen,
            wavenumbers: vec![500.0, 550.0, 600.0, 900.0, 950.0, 1300.0],
            gases: Vec::new(),
        },
    ]
}

#[test]
fn barriers_stand_on_the_minimum_before() {
    let temperature = 773.15;
    let diagram = Diagram::new(&setup(temperature, Parts::WithoutHeat), &dissociation()).unwrap();
    assert_eq!(diagram.barriers.len(), 1);
    let barrier = &diagram.barriers[0];
    assert_eq!((barrier.from, barrier.through), (0, 1));
    // The imaginary mode is left out, the soft one raised to the floor, heat not counted.
    let there = vibrations::harmonic(&[50.0, 500.0, 600.0, 900.0, 1300.0], temperature);
    let gas = molecule("H2").thermal(temperature, 1e5, 50.0).unwrap();
    let expected =
        0.3 + there.zero_point - gas.zero_point - temperature * (there.entropy - gas.entropy);
    assert!((barrier.height - expected).abs() < 1e-12);
    assert_eq!(diagram.levels[1].free_energy, barrier.height);
    let all = Diagram::new(&setup(temperature, Parts::All), &dissociation()).unwrap();
    let heat = there.heat - gas.heat;
    assert!((all.barriers[0].height - barrier.height - heat).abs() < 1e-12);
}

#[test]
fn impossible_diagrams_are_refused() {
    let refused = |change: &dyn Fn(&mut [ReactionState; 3])| {
        let mut states = dissociation();
        change(&mut states);
        Diagram::new(&setup(700.0, Parts::All), &states)
            .unwrap_err()
            .to_string()
    };
    assert!(refused(&|states| states[0].gases[0].1 = 2.0).contains("molecules of the gas make up"));
    assert!(refused(&|states| states[0].gases[0].0 = "He".to_owned()).contains("`He`"));
    assert!(refused(&|states| states[2].wavenumbers[0] = -30.0).contains("1 imaginary"));
    assert!(refused(&|states| states[1].wavenumbers[0] = 30.0).contains("0 imaginary"));
    assert!(refused(&|states| states[1].wavenumbers[3] = 0.0).contains("not 0"));
    assert!(refused(&|states| states.swap(0, 1)).contains("no minimum"));
    assert!(matches!(
        Diagram::new(&setup(700.0, Parts::All), &[]),
        Err(FreeEnergyError::NoStates)
    ));
    assert!(matches!(
        Diagram::new(&setup(-1.0, Parts::All), &dissociation()),
        Err(FreeEnergyError::Parameter(_))
    ));
    for text in ["Fe3O4x", "3", "Xx2", "H2 O", "é"] {
        assert!(Formula::parse(text).is_err(), "{text}");
    }
    assert_eq!(Formula::parse("FeOFe2").unwrap().to_string(), "Fe3O");

    let water = MoleculeSetup {
        name: "water".to_owned(),
        energy: 0.0,
        atoms: vec![
            ("H".to_owned(), [0.0; 3]),
            ("O".to_owned(), [1.0, 0.0, 0.0]),
        ],
        symmetry_number: 1,
        multiplicity: 2,
        wavenumbers: vec![3700.0, 1600.0],
    };
    assert!(
        Molecule::new(water.clone())
            .unwrap_err()
            .to_string()
            .contains("2 wavenumbers")
    );
    let one_place = MoleculeSetup {
        atoms: vec![("H".to_owned(), [0.0; 3]); 2],
        wavenumbers: Vec::new(),
        ..water.clone()
    };
    assert!(Molecule::new(one_place).is_err());
    assert!(
        Molecule::new(MoleculeSetup {
            atoms: Vec::new(),
            ..water
        })
        .is_err()
    );
}
