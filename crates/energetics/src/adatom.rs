//! Adatoms: how firmly they are held, and how they move.

use frit_atoms::{Atom, Species, System, Vector};
use frit_build::Lattice;
use frit_engine::random::Purpose;
use rayon::prelude::*;

use crate::{AtomLandscape, EnergyError, Saddle, unwatched};
use frit_dynamics::minimise::Criteria;

use crate::band::{Band, Ends, Profile, Settings, idpp};
use crate::bench::{Bench, unwrapped};
use crate::crystal::Crystal;
use crate::peaks::highest_saddle;
use crate::report::{Finding, Report, Samples, counted};
use crate::slab::{Block, Plane};

/// Largest force at a saddle [eV/Å]: along the sharpest peaks, of 30 eV/Å², it is off by
/// (5e-3)²/60 = 4e-7 eV then, across by as little.
const DIMER_TO: f64 = 5e-3;

/// A slab on which adatoms stand, its lowest layers fixed.
#[derive(Debug, Clone, PartialEq)]
pub struct Support {
    /// The crystal; fcc.
    pub crystal: Crystal,
    /// Lattice constant [Å].
    pub constant: f64,
    /// The plane.
    pub plane: Plane,
    /// Shortest repeats along the two edges.
    pub repeat: [u32; 2],
    /// Layers.
    pub layers: u32,
    /// Lowest layers that do not move.
    pub fixed_layers: u32,
    /// The adatom.
    pub adatom: Species,
    /// Sites looked at in each realisation of an alloy; of a pure crystal all are equal.
    pub sites: u32,
}

/// How an adatom moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Move {
    /// Over a bridge to the next site: on (100) to the next hollow, on (111) from the fcc to the
    /// hcp hollow, on (110) along the trough.
    Hop,
    /// The adatom takes the place of a surface atom, which becomes the adatom: on (100) towards
    /// the next hollow but one.
    Exchange,
}

impl Move {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Hop => "hop",
            Self::Exchange => "exchange",
        }
    }
}

/// A path of one adatom.
#[derive(Debug, Clone, PartialEq)]
pub struct Path {
    /// Realisation of the alloy.
    pub realisation: u32,
    /// Number of the site.
    pub site: usize,
    /// Energies along it.
    pub profile: Profile,
    /// Energy of the saddle above the start [eV].
    pub barrier: f64,
    /// Curvature of the energy along the path at the saddle [eV/Å²].
    pub curvature: f64,
    /// The saddle, with its energy [eV].
    pub saddle: (System, f64),
    /// The direction of the path over the saddle, of length 1, in the order of ascending ids.
    pub mode: Vec<Vector>,
    /// Energy of the end above the start [eV].
    pub reaction: f64,
    /// The structures, with their energies [eV].
    pub structures: Vec<(System, f64)>,
}

impl Support {
    /// Energies to take relaxed adatoms off the surface: slab and isolated atom less the slab with
    /// the adatom.
    ///
    /// # Errors
    /// The crystal is not fcc, or a relaxation failed.
    pub fn detach(&self, bench: &Bench) -> Result<Report, EnergyError> {
        self.crystal.check_bound(bench, self.constant)?;
        let atom = bench.isolated_atom(&self.adatom)?;
        let mut samples = Samples::new(&[
            ("realisation", ""),
            ("site x", "Å"),
            ("site y", "Å"),
            ("detachment energy", "eV"),
        ]);
        for realisation in 0..self.crystal.realisations() {
            let slab = self.slab(realisation)?;
            let fixed = self.fixed(&slab);
            let (bare, landscape) =
                bench.relax_with_fixed(slab, fixed, "the slab without adatom")?;
            let relaxed = landscape.system().clone();
            let rows: Vec<Result<Vec<f64>, EnergyError>> = self
                .sites(realisation)?
                .into_par_iter()
                .map(|site| {
                    let with = self.with_adatom(&relaxed, site)?;
                    let fixed = self.fixed(&with);
                    let (held, _) =
                        bench.relax_with_fixed(with, fixed, "the slab with an adatom")?;
                    let energy = bare.energy + atom - held.energy;
                    Ok(vec![f64::from(realisation), site.x, site.y, energy])
                })
                .collect();
            for row in rows {
                samples.rows.push(row?);
            }
        }
        let energies: Vec<f64> = samples.rows.iter().map(|row| row[3]).collect();
        let mut recipe = self.recipe(bench);
        recipe.push(
            "energy: relaxed slab and isolated atom less the relaxed slab with the adatom"
                .to_owned(),
        );
        Ok(Report {
            recipe,
            findings: vec![Finding::over(
                format!(
                    "detachment energy of {} from ({})",
                    self.adatom.name,
                    self.plane.name()
                ),
                &energies,
                "eV",
            )],
            samples,
        })
    }

    /// Paths of adatoms by nudged elastic bands with `images` images between relaxed ends.
    ///
    /// # Errors
    /// The crystal is not fcc, there is no such move on this plane, or a relaxation failed.
    pub fn paths(
        &self,
        bench: &Bench,
        kind: Move,
        images: usize,
        settings: &Settings,
    ) -> Result<Vec<Path>, EnergyError> {
        self.crystal.check_bound(bench, self.constant)?;
        let mut paths = Vec::new();
        for realisation in 0..self.crystal.realisations() {
            let slab = self.slab(realisation)?;
            let fixed = self.fixed(&slab);
            let (_, landscape) = bench.relax_with_fixed(slab, fixed, "the slab without adatom")?;
            let slab = landscape.system();
            let found: Vec<Result<Path, EnergyError>> = self
                .sites(realisation)?
                .into_par_iter()
                .enumerate()
                .map(|(number, site)| {
                    let [start, end] = self.ends(slab, site, kind)?;
                    let mut path = self.path(bench, [start, end], images, settings)?;
                    path.realisation = realisation;
                    path.site = number;
                    Ok(path)
                })
                .collect();
            for path in found {
                paths.push(path?);
            }
        }
        Ok(paths)
    }

    /// What was found along paths, and how.
    pub fn report(&self, bench: &Bench, kind: Move, settings: &Settings, paths: &[Path]) -> Report {
        let mut samples = Samples::new(&[
            ("realisation", ""),
            ("site", ""),
            ("barrier", "eV"),
            ("barrier back", "eV"),
            ("end above start", "eV"),
            ("curvature at the saddle", "eV/Å^2"),
            ("maxima of the spline", ""),
            ("top of the spline", "eV"),
        ]);
        for path in paths {
            samples.rows.push(vec![
                f64::from(path.realisation),
                path.site as f64,
                path.barrier,
                path.barrier - path.reaction,
                path.reaction,
                path.curvature,
                path.profile.maxima().len() as f64,
                path.profile.top().energy,
            ]);
        }
        let column = |k: usize| samples.rows.iter().map(|row| row[k]).collect::<Vec<_>>();
        let name = format!(
            "{} of {} on ({})",
            kind.name(),
            self.adatom.name,
            self.plane.name()
        );
        let mut recipe = self.recipe(bench);
        recipe.push(format!(
            "path: nudged elastic band of {} between the ends, guess from distances (IDPP), to {} eV/Å; saddle: the highest of those that dimers find along the path from its maxima, each looked at with images twelve times as close",
            counted(
                paths.first().map_or(0, |path| path.structures.len().saturating_sub(2)) as u64,
                "image"
            ),
            settings.criteria.max_force
        ));
        Report {
            recipe,
            findings: vec![
                Finding::over(format!("barrier, {name}"), &column(2), "eV"),
                Finding::over(format!("barrier back, {name}"), &column(3), "eV"),
            ],
            samples,
        }
    }

    fn path(
        &self,
        bench: &Bench,
        ends: [System; 2],
        images: usize,
        settings: &Settings,
    ) -> Result<Path, EnergyError> {
        let mut relaxed = Vec::new();
        for (end, what) in ends
            .iter()
            .zip(["the start of the path", "the end of the path"])
        {
            relaxed.push(bench.relax_with_fixed(end.clone(), self.fixed(end), what)?);
        }
        let cell = ends[0].cell;
        let [start, end] = [0, 1].map(|k| relaxed[k].0.position.clone());
        let matched = Ends::relaxed(start, end, &relaxed[0].1)?;
        let path = idpp(cell, &matched.start, &matched.end, images)?;
        let fixed = self.fixed(&ends[0]);
        let landscapes = path
            .iter()
            .map(|_| bench.landscape(ends[0].clone(), fixed.clone()));
        let landscapes = landscapes.collect::<Result<_, _>>()?;
        let mut band = Band::new(path, landscapes)?;
        band.relax(settings, unwatched)?;
        let profile = band.profile();
        let saddle = self.saddle(bench, &ends[0], &band, settings)?;
        let first = band.images()[0].energy;
        let last = band.images().len() - 1;
        let structures = band.images().iter();
        let structures = structures.map(|image| (placed(&ends[0], &image.position), image.energy));
        Ok(Path {
            realisation: 0,
            site: 0,
            barrier: saddle.energy - first,
            curvature: saddle.curvature,
            reaction: profile.energy[last],
            structures: structures.collect(),
            saddle: (placed(&ends[0], &saddle.position), saddle.energy),
            mode: saddle.direction,
            profile,
        })
    }

    /// The highest saddle on the path, by dimers from its maxima.
    fn saddle(
        &self,
        bench: &Bench,
        system: &System,
        band: &Band<AtomLandscape>,
        settings: &Settings,
    ) -> Result<Saddle, EnergyError> {
        let fixed = self.fixed(system);
        let landscape = || bench.landscape(system.clone(), fixed.clone());
        let criteria = Criteria {
            max_force: bench.criteria.max_force.max(DIMER_TO),
            ..settings.criteria
        };
        highest_saddle(band, landscape, settings, criteria)
    }

    fn block(&self) -> Result<Block, EnergyError> {
        if self.crystal.lattice != Lattice::Fcc {
            return Err(EnergyError::Recipe(format!(
                "the sites of adatoms are known on fcc only, not on {}; make start and end yourself and use `frit neb`",
                self.crystal.lattice.name()
            )));
        }
        if self.fixed_layers >= self.layers {
            return Err(EnergyError::Parameter {
                name: "the number of fixed layers",
                value: self.fixed_layers.to_string(),
                expected: "less than the number of layers",
            });
        }
        Ok(Block {
            lattice: self.crystal.lattice,
            constant: self.constant,
            plane: self.plane,
            repeat: self.repeat,
            layers: self.layers,
            composition: self.crystal.composition.clone(),
        })
    }

    fn slab(&self, realisation: u32) -> Result<System, EnergyError> {
        let streams = self.crystal.streams.branch(realisation.into());
        let mut slab = self.block()?.slab(streams)?;
        if !slab
            .species
            .iter()
            .any(|known| known.name == self.adatom.name)
        {
            slab.species.push(self.adatom.clone());
        }
        Ok(slab)
    }

    /// Atoms in the lowest layers, in the order of ids, which go up layer by layer.
    fn fixed(&self, slab: &System) -> Vec<bool> {
        // With one adatom or none, a layer has the same number of atoms.
        let layer = slab.atoms.len() as u32 / self.layers.max(1);
        let fixed = layer * self.fixed_layers;
        (1..=slab.atoms.len() as u32)
            .map(|id| id <= fixed)
            .collect()
    }

    /// Hollows on which adatoms are put: those of a random choice, of a pure crystal one.
    fn sites(&self, realisation: u32) -> Result<Vec<Vector>, EnergyError> {
        let mut sites = self.block()?.layer(self.layers)?;
        if self.crystal.is_pure() {
            sites.truncate(1);
            return Ok(sites);
        }
        let streams = self.crystal.streams.branch(realisation.into());
        streams
            .stream(Purpose::EnergySite, 1, 0)
            .shuffle(&mut sites);
        sites.truncate(self.sites as usize);
        Ok(sites)
    }

    fn with_adatom(&self, slab: &System, site: Vector) -> Result<System, EnergyError> {
        let species = slab
            .species
            .iter()
            .position(|known| known.name == self.adatom.name);
        let mut atoms = slab.atoms.clone();
        atoms.push(Atom {
            position: site,
            velocity: Vector::zeros(),
            image: [0; 3],
            species: species.unwrap_or(0) as u8,
            id: slab.atoms.len() as u32 + 1,
            group: 1,
        });
        Ok(System::new(slab.cell, atoms, slab.species.clone())?)
    }

    /// The two ends of a move from a hollow.
    fn ends(&self, slab: &System, site: Vector, kind: Move) -> Result<[System; 2], EnergyError> {
        let block = self.block()?;
        let start = self.with_adatom(slab, site)?;
        let step = block.edges()?;
        let [x, y] = [
            step[0] / f64::from(self.repeat[0]),
            step[1] / f64::from(self.repeat[1]),
        ];
        match (kind, self.plane) {
            (Move::Hop, Plane::P100 | Plane::P110) => {
                let end = self.with_adatom(slab, site + Vector::new(x, 0.0, 0.0))?;
                Ok([start, end])
            }
            (Move::Hop, Plane::P111) => {
                // The hcp hollow: where the layer after the next has its sites.
                let above = block.layer(self.layers + 1)?;
                let flat = |one: &Vector| {
                    let apart = start.cell.shortest(&(one - site));
                    Vector::new(apart.x, apart.y, 0.0)
                };
                let nearer = |a: &Vector, b: &Vector| a.norm_squared().total_cmp(&b.norm_squared());
                let hop = above.iter().map(flat).min_by(nearer).unwrap_or_else(Vector::zeros);
                Ok([start, self.with_adatom(slab, site + hop)?])
            }
            (Move::Exchange, Plane::P100) => {
                // The atom of the top layer halfway to the hollow across.
                let across = Vector::new(x, y, 0.0);
                let below = site + 0.5 * across;
                let mut end = self.with_adatom(slab, site)?;
                let adatom = end.atoms.len() - 1;
                let apart = |place: &usize| {
                    let apart = end.cell.shortest(&(end.atoms.position()[*place] - below));
                    apart.norm_squared()
                };
                let nearest = (0..adatom).min_by(|a, b| apart(a).total_cmp(&apart(b)));
                let moved = nearest.unwrap_or(0);
                let place = end.atoms.position()[moved];
                let positions = end.atoms.position_mut();
                positions[adatom] = site + start.cell.shortest(&(place - site));
                positions[moved] = place + start.cell.shortest(&(site + across - place));
                Ok([start, end])
            }
            (Move::Exchange, _) => Err(EnergyError::Recipe(format!(
                "the exchange on ({}) has no recipe, only that on (100); make start and end yourself and use `frit neb`",
                self.plane.name()
            ))),
        }
        .and_then(|ends: [System; 2]| {
            // Both ends must match before anything is relaxed.
            Ends::of(&ends[0], &ends[1])?;
            Ok(ends)
        })
    }

    fn recipe(&self, bench: &Bench) -> Vec<String> {
        let edges = self
            .block()
            .and_then(|block| block.edges())
            .unwrap_or([0.0; 2]);
        let mut recipe = vec![
            format!(
                "crystal: {}, lattice constant {:.5} Å",
                self.crystal.composition_name(),
                self.constant
            ),
            format!(
                "slab ({}): {}, the lowest {} fixed, {} x {} surface cells ({:.2} x {:.2} Å), free along z, relaxed to {} eV/Å",
                self.plane.name(),
                counted(self.layers.into(), "layer"),
                self.fixed_layers,
                self.repeat[0],
                self.repeat[1],
                edges[0],
                edges[1],
                bench.criteria.max_force
            ),
        ];
        if !self.crystal.is_pure() {
            recipe.push(format!(
                "alloy: {} on each of {}",
                counted(self.sites.into(), "random hollow"),
                counted(self.crystal.realisations.into(), "random realisation")
            ));
        }
        recipe
    }
}

/// A system with its atoms at unwrapped positions, in the order of ids.
pub fn placed(system: &System, position: &[Vector]) -> System {
    let mut moved = system.clone();
    let now = unwrapped(system);
    for ((&place, position), now) in system.atoms.by_id().iter().zip(position).zip(&now) {
        moved.atoms.position_mut()[place as usize] += position - now;
    }
    moved
}
