//! Rows 3 to 8: pressure, force and impulse.

use std::f64::consts::PI;

use frit_engine::random::{Purpose, Streams};
use frit_migration::gas::{self, Composition, GAS_CONSTANT, Prefactor, facet_impulse};
use frit_migration::parameters::{Gas, Kinetics, PressureModel};
use frit_migration::pressure::{
    Deficit, Window, impulse_equation_4, impulse_exact, surface_integral,
};
use frit_migration::{Mesh, Parameters};
use nalgebra::Vector3;

use crate::common::{NANOMETRE, close, field, quiet, single};

/// O2 of 100 kPa of gas with 20 % of H2 and O2 at 6 to 1, rounded as in the specification [Pa].
const OXYGEN: f64 = 2857.0;

#[test]
fn row_3_a_uniform_surface_feels_no_force() {
    for subdivisions in [2, 3, 4] {
        let mesh = Mesh::icosphere(subdivisions);
        let force = surface_integral(&mesh, &field(&mesh, |_| 1.0)).norm() / PI;
        assert!(force < 1e-12, "{force}");
    }
}

#[test]
fn row_4_half_a_sphere_is_pushed_by_the_pressure_on_its_disc() {
    for (subdivisions, tolerance) in [(2, 0.01), (3, 0.002)] {
        let mesh = Mesh::icosphere(subdivisions);
        // Vertices on the border count half.
        let half = field(&mesh, |n| {
            f64::midpoint(1.0, f64::from((n.z > 1e-12) as i32 - (n.z < -1e-12) as i32))
        });
        let push = surface_integral(&mesh, &half);
        close("force toward the Cu side", push.z / PI, 1.0, tolerance);
        assert!(push.x.hypot(push.y) < 1e-12);
    }
}

/// The prototype's caps: whole vertices in or out, about one axis. It prints 0.9980 for caps of
/// three and seven tenths, which is off by 0.205 %; hence half a unit of its last digit.
#[test]
fn row_4_caps_about_the_axis_of_the_prototype() {
    let axis = Vector3::new(0.3, -0.5, 0.81).normalize();
    for (subdivisions, area, tolerance) in [
        (2, 0.3, 0.01),
        (2, 0.5, 0.01),
        (2, 0.7, 0.01),
        (3, 0.1, 0.03),
        (3, 0.3, 0.00205),
        (3, 0.5, 0.00205),
        (3, 0.7, 0.00205),
    ] {
        let mesh = Mesh::icosphere(subdivisions);
        let within = |n: &Vector3<f64>| f64::from(u8::from(n.dot(&axis) > 1.0 - 2.0 * area));
        let push = surface_integral(&mesh, &field(&mesh, within)).norm();
        let exact = 4.0 * PI * area * (1.0 - area);
        close("cap", push / exact, 1.0, tolerance);
    }
}

/// Caps as particles start with, about any axis. The mean over a cell of `n·x`, with n the normal
/// of its vertex and x a place in it, is 1 - 0.0016 on 642 and 1 - 0.0063 on 162 vertices: a field
/// of one value a vertex cannot hold the dipole of a sharp border any better. With that known
/// factor taken out, caps hold 0.1 % on 642 vertices.
#[test]
fn row_4_caps_about_any_axis_have_their_area_and_their_dipole() {
    let mut stream = Streams::new(5).stream(Purpose::Test, 0, 0);
    for (subdivisions, smear, bounds) in [
        (2, 0.9937, [0.01, 0.02, 0.004, 0.015]),
        (3, 0.9984, [0.0025, 0.006, 0.001, 0.004]),
    ] {
        let mesh = Mesh::icosphere(subdivisions);
        let [middle, small, without_smear, area_of_small] = bounds;
        for _ in 0..50 {
            let [x, y] = stream.normal_pair();
            let axis = Vector3::new(x, y, stream.normal()).normalize();
            for area in [0.1, 0.3, 0.5, 0.7] {
                let cap = mesh.cap(&axis, area);
                let push = surface_integral(&mesh, &cap).dot(&axis);
                let exact = 4.0 * PI * area * (1.0 - area);
                let covered: f64 = cap.iter().zip(mesh.areas()).map(|(u, a)| u * a).sum();
                if area < 0.2 {
                    close("small cap", push / exact, 1.0, small);
                    close("its area", covered / (4.0 * PI * area), 1.0, area_of_small);
                    continue;
                }
                close("cap", push / exact, 1.0, middle);
                close("without smear", push / exact, smear, without_smear);
                close("area", covered / (4.0 * PI * area), 1.0, middle);
            }
        }
    }
}

/// A smooth cap of Cu.
fn profile(mesh: &Mesh) -> Vec<f64> {
    let axis = Vector3::new(0.6, 0.0, 0.8);
    field(mesh, |n| 0.5 + 0.5 * ((n.dot(&axis) - 0.1) / 0.2).tanh())
}

/// Lengths of the impulses [N s] of equation (3) integrated and of equation (4) as printed.
fn impulses(exchange: f64, uptake: f64, time: f64) -> [f64; 2] {
    let mesh = Mesh::icosphere(3);
    let copper = profile(&mesh);
    let window = Window {
        oxygen: OXYGEN,
        uptake_rate: uptake,
        exchange_rate: exchange,
        time,
        radius: 10.0 * NANOMETRE,
    };
    [
        impulse_exact(&mesh, &copper, &window).norm(),
        impulse_equation_4(&mesh, &copper, &window, Prefactor::Printed).norm(),
    ]
}

#[test]
fn row_5_the_exact_impulse_is_half_of_the_printed_equation_4() {
    // k1 = 25 1/s without exchange.
    for (time, expected) in [(1e-4, 0.4996), (1e-3, 0.4960), (1e-2, 0.462), (0.04, 0.370)] {
        let [exact, printed] = impulses(0.0, 25.0, time);
        let ratio = exact / printed;
        assert!((ratio - expected).abs() < 1e-3, "{time}: {ratio}");
    }
    let [exact, printed] = impulses(0.0, 25.0, 1e-9);
    close("limit", exact / printed, Prefactor::Derived.value(), 1e-7);
}

#[test]
fn row_6_the_impulse_grows_as_the_square_of_time_then_as_time() {
    for (time, expected) in [(1e-5, 1.9996), (1e-2, 1.663), (10.0, 1.0008)] {
        let grow = 1.01_f64;
        let [later, _] = impulses(100.0, 25.0, time * grow);
        let [sooner, _] = impulses(100.0, 25.0, time / grow);
        let found = (later / sooner).ln() / (grow * grow).ln();
        assert!((found - expected).abs() < 1e-3, "{time}: {found}");
    }
}

#[test]
fn the_impulse_is_smooth_where_its_series_ends() {
    // The two forms meet at (κ + k) Δt = 0.1.
    let [before, after] = [0.1 - 1e-9, 0.1 + 1e-9].map(|x| facet_impulse(1.0, 0.5, 0.5, x));
    close("branches", before, after, 1e-7);
}

#[test]
fn row_7_the_largest_possible_force_of_the_gas_is_piconewtons() {
    for (radius, force) in [(10.0, 8.98e-13), (25.0, 5.61e-12), (50.0, 2.24e-11)] {
        let largest = OXYGEN * PI * (radius * NANOMETRE).powi(2);
        // Half a unit in the third digit that the table prints.
        close("largest force", largest, force, 2.5e-3);
    }
    let bulk = Composition::of(&Kinetics::REFERENCE);
    close("O2", bulk.oxygen, OXYGEN, 1e-3);
    // A full cap on a whole particle gives it, as far as its layer is used up.
    let mut parameters = quiet();
    parameters.drive.gain = 1.0;
    parameters.contact_angle = PI;
    parameters.gas.damkoehler = 0.0;
    parameters.numerics.subdivisions = 3;
    let janus = |n: &Vector3<f64>| f64::midpoint(1.0, (n.x / 1e-9).clamp(-1.0, 1.0));
    let simulation = single(parameters, janus, |_| 1.0);
    let [x, y] = simulation.particles().force()[0];
    let layer = 0.1 / 1.1;
    close("force toward Cu", x, layer * bulk.oxygen * PI * 1e-16, 0.01);
    assert!(y.abs() < 1e-12 * x);
    close(
        "dipole of half a particle",
        simulation.particles().dipole(0),
        1.0,
        0.01,
    );
}

#[test]
fn row_8_water_pushes_as_much_as_oxygen_lacks() {
    let ratio = gas::recoil_ratio(32.0, 18.015, 2.016);
    assert!((ratio - 0.9986).abs() < 1e-4, "{ratio}");
}

fn deficit(model: PressureModel, uptake: f64, copper: &[f64], mesh: &Mesh) -> f64 {
    let gas = Gas {
        pressure: model,
        uptake,
        window: uptake,
        ..Parameters::default().gas
    };
    let mut out = vec![0.0; copper.len()];
    let exposure = vec![1.0; copper.len()];
    Deficit::new(&gas, mesh).evaluate(mesh, copper, &exposure, &mut out);
    surface_integral(mesh, &out).norm()
}

#[test]
fn other_gases_push_as_their_limits_say() {
    const SMALL: f64 = 1e-5;
    let mesh = Mesh::icosphere(2);
    let linear = field(&mesh, |n| f64::midpoint(1.0, n.x));
    let layer = deficit(PressureModel::Layer, SMALL, &linear, &mesh);
    // Without bounds the window is the layer at small uptake; errors are of the order of it.
    let window = deficit(PressureModel::Window, SMALL, &linear, &mesh);
    close("window", window, layer, 10.0 * SMALL);
    // Harmonic 1 is exchanged twice as fast by exterior diffusion; 2 % error of the operator in
    // l(l+1) is 0.7 % in l + 1.
    let diffusive = deficit(PressureModel::Diffusive, SMALL, &linear, &mesh);
    close("diffusive", diffusive, 0.5 * layer, 0.007);
    // Half of the layer's deficit is recoil, and water adds 0.9987 of the O2 part for a Cu
    // fraction and an oxide fraction with opposite dipoles.
    let molecular = deficit(PressureModel::FreeMolecular, SMALL, &linear, &mesh);
    close("free molecular", molecular, 0.5 * 1.9987 * layer, 1e-4);
}

#[test]
fn a_diffusive_layer_solves_its_own_balance() {
    // Uniform Cu: y = X/(1+X), as without sharing.
    let mesh = Mesh::icosphere(1);
    let gas = Gas {
        pressure: PressureModel::Diffusive,
        uptake: 0.8,
        ..Parameters::default().gas
    };
    let ones = vec![1.0; mesh.vertices()];
    let mut out = ones.clone();
    Deficit::new(&gas, &mesh).evaluate(&mesh, &ones, &ones, &mut out);
    for value in out {
        close("uniform", value, 0.8 / 1.8, 1e-12);
    }
}

#[test]
fn proxies_5_and_6_agree_for_an_ideal_gas() {
    let five = gas::proxy_pressure(OXYGEN, 5e8, 0.6);
    let six = gas::proxy_concentration(OXYGEN, 773.15, 5e8, 0.6);
    close("proxies", six, five, 1e-14);
    close("gas constant", GAS_CONSTANT, 8.314_462_618, 1e-10);
}

#[test]
fn adhesion_pulls_along_the_dipole_whatever_the_oxygen() {
    let mut parameters = quiet();
    parameters.drive.adhesion = 0.5;
    let simulation = single(parameters, |n| f64::midpoint(1.0, n.x), |_| 1.0);
    let dipole = simulation.particles().dipole(0);
    let [x, _] = simulation.particles().force()[0];
    close("adhesion", x, 0.5 * 10.0 * NANOMETRE * dipole, 1e-12);
}

#[test]
fn a_relaxing_pool_comes_to_rest_where_the_steady_one_is() {
    let bulk = Composition::of(&Kinetics::REFERENCE);
    let mut gas = Parameters::default().gas;
    let steady = gas::pool_oxygen(&gas, bulk.oxygen, bulk.oxygen, 0.6, 1.0);
    close("steady", steady, bulk.oxygen / 1.06, 1e-14);
    gas.pool = frit_migration::parameters::Pool::Relaxing { rate: 2.0 };
    // Two half steps are one step, and the limit is the steady pressure.
    let half = gas::pool_oxygen(&gas, bulk.oxygen, bulk.oxygen, 0.6, 0.1);
    let twice = gas::pool_oxygen(&gas, bulk.oxygen, half, 0.6, 0.1);
    let once = gas::pool_oxygen(&gas, bulk.oxygen, bulk.oxygen, 0.6, 0.2);
    close("exact", twice, once, 1e-14);
    close(
        "limit",
        gas::pool_oxygen(&gas, bulk.oxygen, once, 0.6, 1e3),
        steady,
        1e-14,
    );
    // Mass: what O2 loses, water holds twice.
    let pool = bulk.depleted(steady);
    close("water", pool.water, 2.0 * (bulk.oxygen - steady), 1e-12);
    let total = |c: Composition| c.hydrogen + c.water + c.helium;
    close("hydrogen atoms", total(pool), total(bulk), 1e-14);
}
