//! Surface fields for ParaView: VTK PolyData (`.vtp`), gathered over time by a `.pvd`.

use std::fmt::Write;

use frit_engine::{Engine, Observer, Schedule};
use frit_io::Checkpoint;
use frit_migration::Simulation;
use nalgebra::Vector3;

use super::NANOMETRE;
use super::recorders::drawn_at;
use crate::run::{Recorder, RunDirectory, RunError};

/// Folder of the surface files.
const FOLDER: &str = "surface";

/// Writes the surfaces of the first particles.
pub(super) struct Surfaces {
    directory: std::path::PathBuf,
    schedule: Schedule,
    count: usize,
    gain: f64,
    /// Times [s] of the files written.
    times: Vec<f64>,
}

impl Surfaces {
    pub(super) fn open(
        directory: &RunDirectory,
        schedule: Schedule,
        count: usize,
        gain: f64,
        checkpoint: Option<&Checkpoint>,
    ) -> Result<Self, RunError> {
        let times = match checkpoint {
            None => Vec::new(),
            Some(checkpoint) => checkpoint.get_f64s("surfaces.times")?,
        };
        Ok(Self {
            directory: directory.file(FOLDER),
            schedule,
            count,
            gain,
            times,
        })
    }

    fn write(&self, name: &str, text: &str) -> Result<(), RunError> {
        crate::run::write_text(&self.directory.join(name), text)
    }
}

/// Name of a surface file.
fn name(number: usize) -> String {
    format!("surface_{number:06}.vtp")
}

impl Observer<Simulation> for Surfaces {
    type Error = RunError;

    fn schedule(&self) -> Schedule {
        self.schedule
    }

    fn observe(&mut self, simulation: &Simulation) -> Result<(), RunError> {
        let text = poly_data(simulation, self.count, self.gain);
        self.write(&name(self.times.len()), &text)?;
        self.times.push(simulation.clock().time);
        self.write("surface.pvd", &collection(&self.times))
    }
}

impl Recorder<Simulation> for Surfaces {
    fn save(&mut self, checkpoint: &mut Checkpoint) -> Result<(), RunError> {
        checkpoint.put_f64s("surfaces.times", &self.times);
        Ok(())
    }
}

const HEADER: &str = "<?xml version=\"1.0\"?>\n";

/// The list of files with their times, as ParaView opens it.
fn collection(times: &[f64]) -> String {
    let mut text = format!(
        "{HEADER}<VTKFile type=\"Collection\" version=\"0.1\" byte_order=\"LittleEndian\">\n<Collection>\n"
    );
    for (number, time) in times.iter().enumerate() {
        let _ = writeln!(
            text,
            "<DataSet timestep=\"{time}\" group=\"\" part=\"0\" file=\"{}\"/>",
            name(number)
        );
    }
    text + "</Collection>\n</VTKFile>\n"
}

/// The surfaces of the first `count` particles, positions in nm.
fn poly_data(simulation: &Simulation, count: usize, gain: f64) -> String {
    let (mesh, particles) = (simulation.mesh(), simulation.particles());
    let count = count.min(particles.len());
    let vertices = mesh.vertices();
    let mut points: Vec<f64> = Vec::with_capacity(3 * count * vertices);
    let mut faces: Vec<usize> = Vec::with_capacity(3 * count * mesh.faces().len());
    let mut fields = [Vec::new(), Vec::new(), Vec::new(), Vec::new()];
    for k in 0..count {
        let radius = particles.radius()[k];
        let [x, y] = drawn_at(simulation, k);
        let centre = Vector3::new(x, y, radius);
        let turn = particles.orientation()[k];
        let place = |normal: &Vector3<f64>| (centre + turn * normal * radius) / NANOMETRE;
        points.extend(
            mesh.normals()
                .iter()
                .flat_map(|n| <[f64; 3]>::from(place(n))),
        );
        let first = k * vertices;
        faces.extend(mesh.faces().iter().flatten().map(|&at| first + at as usize));
        fields[0].extend_from_slice(particles.copper(k));
        fields[1].extend_from_slice(particles.promoter(k));
        fields[2].extend_from_slice(particles.activity(k));
        fields[3].extend(std::iter::repeat_n(
            (particles.id()[k] + 1) as f64,
            vertices,
        ));
    }
    let polygons = count * mesh.faces().len();
    let mut text = format!(
        "{HEADER}<VTKFile type=\"PolyData\" version=\"0.1\" byte_order=\"LittleEndian\">\n<PolyData>\n<FieldData>\n"
    );
    let tuple = " NumberOfTuples=\"1\"";
    array(
        &mut text,
        "Float64",
        &format!("Name=\"gain\"{tuple}"),
        &[gain],
    );
    let time = [simulation.clock().time];
    array(
        &mut text,
        "Float64",
        &format!("Name=\"TimeValue\"{tuple}"),
        &time,
    );
    let _ = writeln!(
        text,
        "</FieldData>\n<Piece NumberOfPoints=\"{}\" NumberOfVerts=\"0\" NumberOfLines=\"0\" NumberOfStrips=\"0\" NumberOfPolys=\"{polygons}\">\n<PointData Scalars=\"copper\">",
        count * vertices
    );
    let names = ["copper", "promoter", "activity", "particle"];
    for (name, field) in names.iter().zip(&fields) {
        array(&mut text, "Float64", &format!("Name=\"{name}\""), field);
    }
    text += "</PointData>\n<Points>\n";
    array(
        &mut text,
        "Float64",
        "Name=\"Points\" NumberOfComponents=\"3\"",
        &points,
    );
    text += "</Points>\n<Polys>\n";
    array(&mut text, "Int64", "Name=\"connectivity\"", &faces);
    let offsets: Vec<usize> = (1..=polygons).map(|k| 3 * k).collect();
    array(&mut text, "Int64", "Name=\"offsets\"", &offsets);
    text + "</Polys>\n</Piece>\n</PolyData>\n</VTKFile>\n"
}

fn array<T: std::fmt::Display>(text: &mut String, kind: &str, attributes: &str, values: &[T]) {
    let _ = writeln!(
        text,
        "<DataArray type=\"{kind}\" {attributes} format=\"ascii\">"
    );
    for line in values.chunks(12) {
        let words: Vec<String> = line.iter().map(T::to_string).collect();
        let _ = writeln!(text, "{}", words.join(" "));
    }
    *text += "</DataArray>\n";
}
