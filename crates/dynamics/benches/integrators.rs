//! Steps of every ensemble, without forces: what a step costs beside the potential.
//!
//! `RAYON_NUM_THREADS=1 cargo bench -p frit-dynamics` gives the figures of one core. Throughput is in
//! atoms: 1 Melem/s is 1 µs an atom. Each step also checks the neighbour list and copies positions.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use frit_atoms::{Atom, Atoms, Cell, Species, Surroundings, System, Vector};
use frit_dynamics::initialise_velocities;
use frit_dynamics::measure::{AtRest, Selection};
use frit_dynamics::{Dynamics, Ensemble, ForceField, Langevin, NoseHoover, Ramp, Rescaling, Setup};
use frit_engine::random::Streams;
use frit_potentials::{Bound, Evaluation, EvaluationError, Model, Request};
use frit_units::constants::MechanicalConstants;

/// Atoms along each axis: 29 791 atoms.
const ALONG: u32 = 31;
/// Distance of the atoms [Å].
const DISTANCE: f64 = 3.0;
/// [K]
const TEMPERATURE: f64 = 300.0;

/// No interaction.
struct Nothing;

impl Model for Nothing {
    type Workspace = ();

    fn name(&self) -> &'static str {
        "nothing"
    }

    fn cutoff(&self) -> f64 {
        1.0
    }

    fn describe(&self) -> String {
        "no interaction".to_owned()
    }

    fn kernel(&self) -> &'static str {
        "none"
    }

    fn evaluate(
        &self,
        _: &Surroundings<'_>,
        (): &mut (),
        _: &mut Evaluation,
    ) -> Result<(), EvaluationError> {
        Ok(())
    }
}

fn gas() -> System {
    let atoms: Atoms = (0..ALONG.pow(3))
        .map(|number| Atom {
            position: DISTANCE
                * Vector::new(
                    (number % ALONG).into(),
                    (number / ALONG % ALONG).into(),
                    (number / ALONG / ALONG).into(),
                ),
            velocity: Vector::zeros(),
            image: [0; 3],
            species: 0,
            id: number + 1,
            group: 0,
        })
        .collect();
    let cell = Cell::orthogonal([DISTANCE * f64::from(ALONG); 3], [true; 3])
        .expect("the edges are positive");
    let platinum = Species::of_element("Pt").expect("an element");
    System::new(cell, atoms, vec![platinum]).expect("the atoms are numbered and finite")
}

fn integrators(criterion: &mut Criterion) {
    let constants = MechanicalConstants::CODATA;
    let temperature = Ramp::constant(TEMPERATURE);
    let freedom = 3 * ALONG.pow(3) as usize - 3;
    let ensembles = [
        Ensemble::Nve,
        Ensemble::NoseHoover(
            NoseHoover::new(temperature, 0.1, freedom, &constants).expect("a sound thermostat"),
        ),
        Ensemble::Rescaling(
            Rescaling::new(temperature, 0.1, freedom, &constants).expect("a sound thermostat"),
        ),
        Ensemble::Langevin(Langevin::new(temperature, 1.0).expect("a sound thermostat")),
    ];
    let mut group = criterion.benchmark_group("step without forces");
    group.sample_size(10);
    group.throughput(Throughput::Elements(u64::from(ALONG).pow(3)));
    for ensemble in ensembles {
        let name = ensemble.name();
        let mut system = gas();
        initialise_velocities(
            &mut system,
            Selection::All,
            TEMPERATURE,
            AtRest::Translation,
            Streams::new(1),
            &constants,
        )
        .expect("atoms with masses");
        // A skin that lasts: lists are built by another bench.
        let mut forces = ForceField::new(Box::new(Bound::new(Nothing)), 4.0).expect("a range");
        let setup = Setup::new(ensemble, 1e-5, Streams::new(1));
        let mut dynamics = Dynamics::new(setup, &system).expect("a sound setup");
        forces
            .evaluate(&mut system, Request::FORCES)
            .expect("no forces");
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                dynamics
                    .advance(&mut system, &mut forces, Request::FORCES)
                    .expect("nothing moves far");
            });
        });
    }
    group.finish();
}

criterion_group!(benches, integrators);
criterion_main!(benches);
