//! Methods teach each other: files of quantities that one run writes and another reads.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "helpers of tests fail and print as tests do"
)]

mod common;

use common::{Work, json, repository};

fn input(name: &str) -> String {
    let path = repository().join("inputs/migration").join(name);
    path.display().to_string()
}

/// The number before the unit of a quantity in a file.
fn value(text: &str, name: &str) -> f64 {
    let (_, after) = text
        .split_once(&format!("name = \"{name}\"\nvalue = \""))
        .unwrap();
    after.split(' ').next().unwrap().parse().unwrap()
}

#[test]
fn atoms_teach_particles_how_fast_they_diffuse() {
    let work = Work::new();
    let short = [
        "structure.particle.cube.atoms=100",
        "stage.0.duration='0.1 ps'",
        "stage.1.duration='2 ps'",
        "observe.diffusion.every='20 steps'",
        "observe.diffusion.block='0.4 ps'",
    ];
    let deck = input("surface-atoms.toml");
    let mut arguments = vec!["run", &deck, "--out", "atoms"];
    arguments.extend(short.iter().flat_map(|one| ["--set", one]));
    work.frit(&arguments).with(0);
    let taught = work.read("atoms/quantities.toml");
    // Rest after the last of the blocks is not in it; the table's last row has the same mean.
    let table = work.read("atoms/diffusion.csv");
    let last: Vec<&str> = table.lines().last().unwrap().split(',').collect();
    assert_eq!(
        value(&taught, "surface diffusivity"),
        last[6].parse::<f64>().unwrap()
    );
    assert!(
        taught.contains("uncertainty = ") && taught.contains("diffusion.csv"),
        "{taught}"
    );

    let from = format!(
        "migration.quantities='{}'",
        work.path("atoms/quantities.toml").display()
    );
    let deck = input("from-atoms.toml");
    let run = |set: &str, out: &str| {
        let mut arguments = vec![
            "run",
            &deck,
            "--out",
            out,
            "--set",
            "migration.duration='40 ms'",
        ];
        arguments.extend(["--set", "migration.particles=4", "--set", set]);
        work.frit(&arguments).with(0);
        let summary = json(&work.path(&format!("{out}/summary.json")));
        summary["parameters"]["diffusivity of particles"]["value"]
            .as_f64()
            .unwrap()
    };
    // Wynblatt and Gjostein: D = 0.301 Ds (a/R)^4, a = 0.2556 nm, R = 10 nm; 1 Å²/ps = 1e-8 m²/s.
    let expected = |surface: f64| 0.301 * 1e-8 * surface * 0.025_56_f64.powi(4);
    let found = run(&from, "particles");
    let surface = value(&taught, "surface diffusivity");
    assert!(
        (found / expected(surface) - 1.0).abs() < 1e-9,
        "{found} {}",
        expected(surface)
    );
    // The file that is shipped.
    let shipped = std::fs::read_to_string(input("copper-surface.toml")).unwrap();
    let found = run("seed=1", "shipped");
    let surface = value(&shipped, "surface diffusivity");
    assert!(
        (found / expected(surface) - 1.0).abs() < 1e-9,
        "{found} {}",
        expected(surface)
    );
}

#[test]
fn a_hop_of_atoms_teaches_particles_their_barrier() {
    let work = Work::new();
    let potential = input("surface-atoms.toml");
    work.frit(&[
        "energies",
        "hop",
        "Cu",
        "--plane",
        "100",
        "--potential",
        &potential,
        "-o",
        "hop",
    ])
    .with(0);
    let taught = work.read("hop.toml");
    let barrier = value(&taught, "hop barrier");
    assert_eq!(barrier, value(&taught, "barrier, hop of Cu on (100)"));
    // The file that is shipped. Searches of the saddle end where no atom feels more than 0.005 eV/Å:
    // those that come from different sides were seen to end 6e-5 eV apart.
    let shipped = std::fs::read_to_string(input("copper-hop.toml")).unwrap();
    let shipped = value(&shipped, "hop barrier");
    assert!((barrier - shipped).abs() < 2e-4, "{barrier} {shipped}");

    work.write(
        "deck.toml",
        "[migration]\nparticles = 4\nduration = \"40 ms\"\nquantities = \"hop.toml\"\n",
    );
    work.frit(&["run", "deck.toml", "--out", "particles"])
        .with(0);
    let summary = json(&work.path("particles/summary.json"));
    let energy = &summary["parameters"]["activation energy of the diffusivity"]["value"];
    let found = energy.as_f64().unwrap() / 1.602_176_634e-19;
    assert!((found / barrier - 1.0).abs() < 1e-9, "{found} {barrier}");
    assert!(
        summary["learned"][0]
            .as_str()
            .unwrap()
            .starts_with("hop barrier")
    );

    // A file of which nothing is understood is no file for particles.
    work.write("hop.toml", taught.replace("hop barrier", "hop barier"));
    work.frit(&["run", "deck.toml", "--out", "other"])
        .with(2)
        .says(&["has nothing that particles can learn", "\"hop barrier\""]);
}

#[test]
fn particles_teach_atoms_what_pushes_them() {
    let work = Work::new();
    let deck = input("reference.toml");
    let short = [
        "--set",
        "migration.duration='100 ms'",
        "--set",
        "migration.particles=20",
    ];
    let mut arguments = vec!["run", &deck, "--out", "particles"];
    arguments.extend(short);
    work.frit(&arguments).with(0);
    let force = value(&work.read("particles/quantities.toml"), "redox force");

    let deck = input("force-on-atoms.toml");
    let file = work.path("particles/quantities.toml");
    let from = format!("stage.0.force.particle.quantity.file='{}'", file.display());
    let mut arguments = vec!["run", &deck, "--out", "atoms", "--set", &from];
    let short = [
        "stage.0.duration='1 ps'",
        "structure.particle.cube.atoms=100",
    ];
    arguments.extend(short.iter().flat_map(|one| ["--set", one]));
    work.frit(&arguments).with(0);
    // x = F t²/2M, from rest: 1 nN is 0.624150907 eV/Å, 1 eV is 9648.53321 u Å²/ps².
    let atoms = json(&work.path("atoms/summary.json"))["atoms"]
        .as_f64()
        .unwrap();
    let expected = 0.5 * force * 0.624_150_907 * 9_648.533_21 / (atoms * 63.546);
    let table = work.read("atoms/table.csv");
    let at = |line: &str, name: &str| -> f64 {
        let place = (table.lines().next().unwrap().split(','))
            .position(|header| header.starts_with(name))
            .unwrap();
        line.split(',').nth(place).unwrap().parse().unwrap()
    };
    let moved = |axis: &str| {
        let rows: Vec<&str> = table.lines().skip(1).collect();
        at(rows[rows.len() - 1], axis) - at(rows[0], axis)
    };
    // The standard mass of Cu is known to 1e-4 here, rounding of positions is far less.
    assert!(
        (moved("centre x") / expected - 1.0).abs() < 1e-3,
        "{} {expected}",
        moved("centre x")
    );
    assert!(moved("centre y").abs() < 1e-9 && moved("centre z").abs() < 1e-9);

    let missing = "stage.0.force.particle.quantity.name='wind'";
    work.frit(&["check", &deck, "--set", missing])
        .with(2)
        .says(&["has no quantity \"wind\"", "\"redox force at gain 1\""]);
}
