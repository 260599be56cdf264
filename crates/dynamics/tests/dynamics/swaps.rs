//! Exchanges of unlike atoms.

use frit_atoms::{Cell, System, Vector};
use frit_dynamics::external::Chosen;
use frit_dynamics::{Dynamics, Ensemble, External, ForceField, Setup, Swaps};
use frit_engine::random::Streams;
use frit_potentials::pair::{AtCutoff, LennardJones, LennardJonesPair};
use frit_potentials::{Bound, Request};

use crate::models::{CODATA, system};
use crate::statistics::{Estimate, SIGMAS};

const ATOMS: usize = 8;
/// [K]; the energies of the arrangements spread over about 3 k T.
const TEMPERATURE: f64 = 120.0;

/// Four atoms of each species at the corners of a box of three unequal edges, in one body.
fn corners() -> System {
    let cell = Cell::orthogonal([30.0; 3], [false; 3]).unwrap();
    let bit = |k: usize, n: usize| (k >> n & 1) as f64;
    let places = (0..ATOMS)
        .map(|k| Vector::new(3.6 * bit(k, 0), 3.9 * bit(k, 1), 4.3 * bit(k, 2)))
        .collect::<Vec<_>>();
    let mut system = system(cell, &places);
    system.atoms.group_mut().fill(0);
    system
}

/// Like atoms attract each other twice as much as unlike ones.
fn forces() -> ForceField {
    let pair = |one: &str, other: &str, epsilon| LennardJonesPair {
        species: [one.to_owned(), other.to_owned()],
        epsilon,
        sigma: 3.4,
    };
    let pairs = [
        pair("Ar", "Ar", 0.012),
        pair("X", "X", 0.010),
        pair("Ar", "X", 0.005),
    ];
    let model = LennardJones::potential(&["Ar", "X"], &pairs, 8.0, AtCutoff::Shifted).unwrap();
    ForceField::new(Box::new(Bound::new(model)), 0.5).unwrap()
}

/// Energies of all arrangements of the species on the places [eV].
fn all_energies() -> Vec<f64> {
    let places: Vec<Vector> = corners().atoms.position().to_vec();
    let mut energies = Vec::new();
    for chosen in 0..1_u32 << ATOMS {
        if chosen.count_ones() as usize != ATOMS / 2 {
            continue;
        }
        let mut system = corners();
        let is_first = |k: usize| chosen >> k & 1 == 1;
        let mut first = (0..ATOMS).filter(|&k| is_first(k));
        let mut second = (0..ATOMS).filter(|&k| !is_first(k));
        for atom in 0..ATOMS {
            let place = match system.atoms.species()[atom] {
                0 => first.next(),
                _ => second.next(),
            };
            system.atoms.position_mut()[atom] = places[place.unwrap()];
        }
        let mut forces = forces();
        forces.evaluate(&mut system, Request::ENERGY).unwrap();
        energies.push(forces.evaluation().energy);
    }
    energies
}

#[test]
fn arrangements_have_boltzmanns_distribution() {
    const STEPS: usize = 40_000;
    let thermal = CODATA.boltzmann * TEMPERATURE;
    let all = all_energies();
    assert_eq!(all.len(), 70);
    let weights: Vec<f64> = all.iter().map(|energy| (-energy / thermal).exp()).collect();
    let norm: f64 = weights.iter().sum();
    let mean = |of: &dyn Fn(f64) -> f64| -> f64 {
        all.iter()
            .zip(&weights)
            .map(|(&e, w)| of(e) * w)
            .sum::<f64>()
            / norm
    };

    let mut system = corners();
    let ids = system.atoms.id().to_vec();
    let mut forces = forces().with_external(External {
        frozen: Some(Chosen::new(ids, &system)),
        ..External::default()
    });
    let mut setup = Setup::new(Ensemble::Nve, 0.001, Streams::new(29));
    setup.swaps = Some(Swaps::new(1, 2, TEMPERATURE, CODATA.boltzmann).unwrap());
    let mut dynamics = Dynamics::new(setup, &system).unwrap();
    forces.evaluate(&mut system, Request::ENERGY).unwrap();
    let start = dynamics.conserved(&system, forces.evaluation().energy);
    let mut energies = Vec::new();
    for _ in 0..STEPS {
        dynamics
            .advance(&mut system, &mut forces, Request::ENERGY)
            .unwrap();
        energies.push(forces.evaluation().energy);
    }
    let lowest = all.iter().copied().fold(f64::INFINITY, f64::min);
    let check = |what: &str, of: &dyn Fn(f64) -> f64| {
        let found = Estimate::of(&energies.iter().map(|&e| of(e)).collect::<Vec<_>>());
        let exact = mean(of);
        assert!(
            found.sigmas_from(exact) < SIGMAS,
            "{what}: {found:?} {exact}"
        );
    };
    check("energy", &|e| e / thermal);
    check("its square", &|e| (e / thermal).powi(2));
    check("the ground state", &|e| {
        f64::from(u8::from(e < lowest + 1e-9))
    });
    let counts = dynamics.swapped();
    assert_eq!(counts.attempts, 2 * STEPS as u64);
    assert!((1000..counts.attempts - 1000).contains(&counts.accepted));
    // The reservoir has given what the arrangements took.
    let end = dynamics.conserved(&system, forces.evaluation().energy);
    assert!((end - start).abs() < 1e-9, "{start} {end}");
}
