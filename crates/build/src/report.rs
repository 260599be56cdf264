//! What was built, in numbers and in words.

use crate::shape::miller;
use crate::{Crystal, FacetShare, Lattice, Measures, Occupation, Size, SpecialReport};
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
    /// Short-range order, if it was arranged.
    pub order: Option<SpecialReport>,
}

/// A layer of adatoms as built.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdatomCount {
    /// The facet, by its Miller indices.
    pub facet: [i32; 3],
    /// Sites of the complete monolayer.
    pub sites: usize,
    /// Adatoms on them.
    pub adatoms: usize,
}

/// How many sites a sublattice has, beside the formula of the crystal.
#[derive(Debug, Clone, PartialEq)]
pub struct SublatticeCount {
    /// Its name.
    pub name: &'static str,
    /// Its sites in the particle.
    pub sites: usize,
    /// Its sites in the conventional cell.
    pub in_cell: usize,
    /// Sites more than the formula has for as many sites of the first sublattice.
    pub excess: f64,
}

/// A shape cut from a crystal.
#[derive(Debug, Clone, PartialEq)]
pub struct CutReport {
    /// The lattice.
    pub lattice: Lattice,
    /// Lattice constant [Å].
    pub constant: f64,
    /// Name of the shape.
    pub shape: &'static str,
    /// What was asked for, in words.
    pub asked: String,
    /// The size asked for; `None` for a box.
    pub size: Option<Size>,
    /// What was cut, in numbers.
    pub measures: Measures,
    /// Shares of the facet families in the area of a Wulff shape.
    pub facets: Vec<FacetShare>,
    /// Heights [Å] of the twin planes from the centre.
    pub twins: Vec<f64>,
    /// Sites of each sublattice, if there are several.
    pub sublattices: Vec<SublatticeCount>,
    /// Density [g/cm³] of the crystal inside.
    pub density: f64,
}

/// What [`crate::ParticleRecipe::build`] built.
#[derive(Debug, Clone, PartialEq)]
pub struct ParticleReport {
    /// What was cut from a crystal; `None` for atoms from a file.
    pub cut: Option<CutReport>,
    /// The file of the atoms, in words, if they are from one.
    pub source: Option<String>,
    /// Atoms without adatoms.
    pub atoms: usize,
    /// The adatoms.
    pub adatoms: Vec<AdatomCount>,
    /// Atoms of each species, adatoms included.
    pub composition: Vec<Count>,
    /// Short-range order, if it was arranged.
    pub order: Option<SpecialReport>,
    /// Angle [rad] by which it was turned.
    pub turned: f64,
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
    /// Atoms of its facing facet layer; none if it turns an edge, a corner or a round side to the other.
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
    /// Gap [Å] as placed, between the median planes of the facing facet layers; where a particle has
    /// none, its outermost atom stands for it.
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

/// Density [g/cm³] of a perfect crystal.
pub(crate) fn density(crystal: &Crystal, occupation: &Occupation) -> f64 {
    // 1 u/Å³ = 1.66e-27 kg / 1e-30 m³, and 1 kg/m³ = 1e-3 g/cm³.
    let unit = ATOMIC_MASS_UNIT * 1e30 * 1e-3;
    unit * occupation.mean_mass(crystal) / crystal.site_volume()
}

/// Counts of the sublattices of these sites beside the formula; none for a single sublattice.
pub(crate) fn formula(
    crystal: &Crystal,
    sites: impl Iterator<Item = usize>,
) -> Vec<SublatticeCount> {
    let names = crystal.lattice().sublattices();
    if names.len() < 2 {
        return Vec::new();
    }
    let mut found = vec![0; names.len()];
    for sublattice in sites {
        found[sublattice] += 1;
    }
    let in_cell = |k: usize| crystal.sites().iter().filter(|s| s.sublattice == k).count();
    let first = found[0] as f64 / in_cell(0) as f64;
    (names.iter().zip(&found).enumerate())
        .map(|(k, (name, &sites))| SublatticeCount {
            name,
            sites,
            in_cell: in_cell(k),
            excess: sites as f64 - first * in_cell(k) as f64,
        })
        .collect()
}

pub(crate) fn write_composition(f: &mut fmt::Formatter<'_>, composition: &[Count]) -> fmt::Result {
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
        )?;
        match &self.order {
            Some(order) => write!(f, "{order}"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for SpecialReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "special quasi-random arrangement ({} exchanges tried):",
            self.tried
        )?;
        for shell in &self.shells {
            writeln!(
                f,
                "  {} neighbours at {:.3} Å: largest Warren-Cowley parameter {:+.5}, {:+.5} when random",
                shell.neighbours, shell.distance, shell.residue, shell.random
            )?;
        }
        Ok(())
    }
}

impl fmt::Display for CutReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Measures {
            complete,
            removed,
            inner,
            planes,
            extent,
        } = self.measures;
        let [x, y, z] = extent;
        writeln!(
            f,
            "{} {}, lattice constant {} Å, {:.3} g/cm³, {x:.3} Å x {y:.3} Å x {z:.3} Å between outermost atoms, {} atoms without adatoms",
            self.lattice.name(),
            self.shape,
            self.constant,
            self.density,
            complete - removed
        )?;
        if let [along_x, along_y, along_z] = planes
            && planes != [0; 3]
        {
            let unit = if self.lattice.plane_step().is_some() {
                "planes"
            } else {
                "cells"
            };
            writeln!(f, "{along_x} x {along_y} x {along_z} {unit}")?;
        }
        match self.size {
            Some(Size::NearestAtoms(asked)) if asked != complete => writeln!(
                f,
                "asked for {asked} atoms: no complete {} has as many; the nearest has {complete} ({:+})",
                self.shape,
                complete as i128 - asked as i128
            )?,
            Some(Size::Length(asked)) if planes != [0; 3] && (asked - x).abs() > 1e-3 => writeln!(
                f,
                "asked for an edge of {asked} Å: the nearest complete {} has {x:.3} Å",
                self.shape
            )?,
            _ => {}
        }
        if removed > 0 {
            writeln!(
                f,
                "removed the {removed} least bound atoms of the outermost layer of a complete {} of {complete} ({inner} inside that layer)",
                self.shape
            )?;
        }
        for share in &self.facets {
            writeln!(
                f,
                "{} facets {{{} {} {}}}: {:.3} % of the area",
                share.facets,
                share.plane[0],
                share.plane[1],
                share.plane[2],
                100.0 * share.share
            )?;
        }
        for height in &self.twins {
            writeln!(f, "(111) twin plane {height:+.3} Å from the centre")?;
        }
        for one in &self.sublattices {
            let balance = if one.excess.abs() < 1e-9 {
                "as the formula".to_owned()
            } else {
                format!("{:+.1} beside the formula", one.excess)
            };
            writeln!(
                f,
                "{} sites of the sublattice {}: {balance}",
                one.sites, one.name
            )?;
        }
        Ok(())
    }
}

impl fmt::Display for ParticleReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_composition(f, &self.composition)?;
        if let Some(cut) = &self.cut {
            write!(f, "{cut}")?;
        }
        if let Some(source) = &self.source {
            writeln!(f, "{} atoms of {source}", self.atoms)?;
        }
        for layer in &self.adatoms {
            writeln!(
                f,
                "{} adatoms on {} sites of facet {}",
                layer.adatoms,
                layer.sites,
                miller(layer.facet)
            )?;
        }
        if let Some(order) = &self.order {
            write!(f, "{order}")?;
        }
        if self.turned > 0.0 {
            writeln!(
                f,
                "turned by {:.3}° from the axes of its crystal",
                self.turned.to_degrees()
            )?;
        }
        Ok(())
    }
}

impl fmt::Display for PairReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_composition(f, &self.composition)?;
        let [first, second] = [0, 1].map(|k| match self.members[k].layer {
            0 => "outermost atom",
            _ => "facet layer",
        });
        writeln!(
            f,
            "gap {:.4} Å between the {first} of particle 1 and the {second} of particle 2, {:.4} Å between the outermost atoms ({} adatoms)",
            self.gap, self.outermost_gap, self.adatoms
        )?;
        if let Some(closest) = self.closest {
            writeln!(f, "closest atoms across the gap {closest:.4} Å apart")?;
        }
        writeln!(f, "centres of mass {:.4} Å apart", self.centre_distance)?;
        for (member, name) in self.members.iter().zip(["particle 1", "particle 2"]) {
            write!(
                f,
                "{name}: turned back by {:.3}°, expanded by {:+.3} %, core displaced by {:.3} Å (rms)",
                member.angle.to_degrees(),
                100.0 * (member.scale - 1.0),
                member.deviation
            )?;
            if member.layer > 0 {
                writeln!(
                    f,
                    ", {} of {} facet-layer atoms in plane",
                    member.in_plane, member.layer
                )?;
            } else {
                writeln!(f, ", no facet faces the other")?;
            }
            if 2 * member.in_plane < member.layer {
                writeln!(
                    f,
                    "{name}: most of its facet layer has left the plane, so the gap means little"
                )?;
            }
        }
        Ok(())
    }
}
