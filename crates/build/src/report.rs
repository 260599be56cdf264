//! What was built, in numbers and in words.

use crate::{CubeSize, Facet, Lattice};
use frit_atoms::System;
use frit_units::constants::ATOMIC_MASS_UNIT;
use std::fmt;

/// Number of atoms of a species.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Count {
    /// The species' name.
    pub name: String,
    /// Its atoms.
    pub atoms: usize,
}

/// What [`crate::Bulk::build`] built.
#[derive(Debug, Clone, PartialEq)]
pub struct BulkReport {
    /// The lattice.
    pub lattice: Lattice,
    /// Lattice constant [Å].
    pub constant: f64,
    /// Conventional cells along x, y, z.
    pub repeat: [u32; 3],
    /// Atoms of each species.
    pub composition: Vec<Count>,
    /// Density [g/cm³].
    pub density: f64,
}

/// Atoms that were removed from a complete cube to get an exact number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trimmed {
    /// Atoms of the complete cube.
    pub complete: usize,
    /// Atoms removed, the least bound first.
    pub removed: usize,
}

/// A layer of adatoms as built.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdatomCount {
    /// The facet.
    pub facet: Facet,
    /// Sites of the complete monolayer.
    pub sites: usize,
    /// Adatoms on them.
    pub adatoms: usize,
}

/// What [`crate::ParticleRecipe::build`] built.
#[derive(Debug, Clone, PartialEq)]
pub struct ParticleReport {
    /// The lattice.
    pub lattice: Lattice,
    /// Lattice constant [Å].
    pub constant: f64,
    /// The size asked for.
    pub asked: CubeSize,
    /// {100} planes along each axis.
    pub planes: u32,
    /// Edge [Å] between the centres of the outermost planes.
    pub edge: f64,
    /// Atoms of the cube, without adatoms.
    pub cube_atoms: usize,
    /// What was removed from a complete cube, if anything.
    pub trimmed: Option<Trimmed>,
    /// The adatoms.
    pub adatoms: Vec<AdatomCount>,
    /// Atoms of each species, adatoms included.
    pub composition: Vec<Count>,
    /// Density [g/cm³] of the crystal inside.
    pub density: f64,
}

/// How one of the two particles was placed.
#[derive(Debug, Clone, PartialEq)]
pub struct MemberReport {
    /// Angle [rad] by which it had turned and was turned back.
    pub angle: f64,
    /// Uniform expansion since it was built.
    pub scale: f64,
    /// Root mean square displacement [Å] of its core from the turned and expanded lattice.
    pub deviation: f64,
    /// Atoms of its facing facet layer.
    pub layer: usize,
    /// Those of them that still lie within half a plane spacing of their median plane.
    pub in_plane: usize,
}

/// What [`crate::assemble`] put together.
#[derive(Debug, Clone, PartialEq)]
pub struct PairReport {
    /// Atoms of each species.
    pub composition: Vec<Count>,
    /// Adatoms of both particles.
    pub adatoms: usize,
    /// Gap [Å] between the median planes of the facing facet layers, as placed.
    pub gap: f64,
    /// Gap [Å] between the outermost atoms, adatoms included, as placed.
    pub outermost_gap: f64,
    /// Closest distance [Å] of two atoms across the gap; `None` if above [`crate::Pair::LOOK`].
    pub closest: Option<f64>,
    /// Distance [Å] between the centres of mass.
    pub centre_distance: f64,
    /// The two particles.
    pub members: [MemberReport; 2],
}

/// Counts of a system's species, with their names.
pub(crate) fn counts_of(system: &System) -> Vec<Count> {
    let names = system.species.iter().map(|species| species.name.clone());
    names
        .zip(system.counts())
        .map(|(name, atoms)| Count { name, atoms })
        .collect()
}

/// Density [g/cm³] of a perfect crystal filled as the atoms of `system` are.
pub(crate) fn density(lattice: Lattice, constant: f64, system: &System) -> f64 {
    let counts = system.counts();
    let masses = system.species.iter().map(|species| species.mass);
    let total: f64 = masses.zip(&counts).map(|(m, &n)| m * n as f64).sum();
    let mean = total / system.atoms.len() as f64;
    // 1 u/Å³ = 1.66e-27 kg / 1e-30 m³, and 1 kg/m³ = 1e-3 g/cm³.
    let unit = ATOMIC_MASS_UNIT * 1e30 * 1e-3;
    unit * mean * lattice.basis().len() as f64 / constant.powi(3)
}

fn write_composition(f: &mut fmt::Formatter<'_>, composition: &[Count]) -> fmt::Result {
    let total: usize = composition.iter().map(|count| count.atoms).sum();
    write!(f, "{total} atoms:")?;
    for (k, count) in composition.iter().enumerate() {
        let percent = 100.0 * count.atoms as f64 / total.max(1) as f64;
        let comma = if k == 0 { "" } else { "," };
        write!(f, "{comma} {} {} ({percent:.3} %)", count.atoms, count.name)?;
    }
    writeln!(f)
}

impl fmt::Display for BulkReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_composition(f, &self.composition)?;
        let [x, y, z] = self.repeat;
        writeln!(
            f,
            "{} crystal, lattice constant {} Å, {x} x {y} x {z} cells, {:.3} g/cm³",
            self.lattice.name(),
            self.constant,
            self.density
        )
    }
}

impl fmt::Display for ParticleReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_composition(f, &self.composition)?;
        writeln!(
            f,
            "{} cube, lattice constant {} Å, {:.3} g/cm³, {} planes along each axis, edge {:.3} Å, {} atoms without adatoms",
            self.lattice.name(),
            self.constant,
            self.density,
            self.planes,
            self.edge,
            self.cube_atoms
        )?;
        match self.asked {
            CubeSize::NearestAtoms(asked) if asked != self.cube_atoms => writeln!(
                f,
                "asked for {asked} atoms: no complete cube has as many; the nearest has {} ({:+})",
                self.cube_atoms,
                self.cube_atoms as i128 - asked as i128
            )?,
            CubeSize::Edge(asked) if (asked - self.edge).abs() > 1e-3 => writeln!(
                f,
                "asked for an edge of {asked} Å: the nearest complete cube has {:.3} Å",
                self.edge
            )?,
            _ => {}
        }
        if let Some(trimmed) = &self.trimmed {
            writeln!(
                f,
                "removed the {} least bound atoms, at corners and edges, from the complete cube of {}",
                trimmed.removed, trimmed.complete
            )?;
        }
        for layer in &self.adatoms {
            writeln!(
                f,
                "{} adatoms on {} fourfold hollows of facet {}",
                layer.adatoms,
                layer.sites,
                layer.facet.name()
            )?;
        }
        Ok(())
    }
}

impl fmt::Display for PairReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_composition(f, &self.composition)?;
        writeln!(
            f,
            "gap {:.4} Å between the facing facet layers, {:.4} Å between the outermost atoms ({} adatoms)",
            self.gap, self.outermost_gap, self.adatoms
        )?;
        if let Some(closest) = self.closest {
            writeln!(f, "closest atoms across the gap {closest:.4} Å apart")?;
        }
        writeln!(f, "centres of mass {:.4} Å apart", self.centre_distance)?;
        for (member, name) in self.members.iter().zip(["first", "second"]) {
            writeln!(
                f,
                "{name} particle: turned back by {:.3}°, expanded by {:+.3} %, core displaced by {:.3} Å (rms), {} of {} facet-layer atoms in plane",
                member.angle.to_degrees(),
                100.0 * (member.scale - 1.0),
                member.deviation,
                member.in_plane,
                member.layer
            )?;
            if 2 * member.in_plane < member.layer {
                writeln!(
                    f,
                    "{name} particle: most of its facet layer has left the plane, so the gap means little"
                )?;
            }
        }
        Ok(())
    }
}
