//! Slabs, and particles on them.

use frit_units::{Length, kind};

use crate::elements::crystal::{Contents, Crystal, read_contents, read_crystal};
use crate::elements::particle::{AdatomSpecies, Particle, SpeciesForm, read_single};
use crate::walk::form::{Choice, Integer, ListOf, positive};
use crate::walk::{Table, key, table};

/// A crystal that ends in a surface above and below, periodic along x and y.
#[derive(Debug, Clone, PartialEq)]
pub struct CrystalSlab {
    /// The crystal.
    pub crystal: Crystal,
    /// Its surface.
    pub surface: Surface,
    /// Atomic planes.
    pub layers: u64,
    /// Surface cells along x and y.
    pub repeat: [u64; 2],
    /// Empty space between the slab and its frame, below and above together.
    pub vacuum: Length,
    /// What its sites hold.
    pub contents: Contents,
    /// An atom on its upper surface.
    pub adatom: Option<SlabAdatom>,
}

/// A low-index surface.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Surface {
    /// (100).
    S100,
    /// (110).
    S110,
    /// (111).
    S111,
}

/// An atom on a slab.
#[derive(Debug, Clone, PartialEq)]
pub struct SlabAdatom {
    /// Where it stands.
    pub site: SurfaceSite,
    /// Its element.
    pub species: AdatomSpecies,
}

/// A site on a surface.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SurfaceSite {
    /// On top of an atom.
    Top,
    /// Between two atoms.
    Bridge,
    /// The hollow of (100) or (110).
    Hollow,
    /// The hollow of (111) that continues fcc.
    Fcc,
    /// The hollow of (111) above an atom of the second plane.
    Hcp,
}

/// A particle on a slab.
#[derive(Debug, Clone, PartialEq)]
pub struct Supported {
    /// Between the lowest plane of the particle and the highest of the slab.
    pub gap: Length,
    /// The particle.
    pub particle: Particle,
    /// The slab.
    pub slab: CrystalSlab,
}

pub(crate) fn read_slab(table: &mut Table<'_, '_>) -> Option<CrystalSlab> {
    /// More in a row than any computer holds; keeps products of counts in range.
    const MOST: u64 = 100_000;
    let crystal = read_crystal(table);
    let surface = table.required(
        key("surface", "Plane of the surface", "\"111\""),
        &Choice(&[
            ("100", Surface::S100),
            ("110", Surface::S110),
            ("111", Surface::S111),
        ]),
    );
    let layers = table.required(
        key("layers", "Number of atomic planes", "8"),
        &Integer(1..=MOST),
    );
    let repeat = table.required(
        key(
            "repeat",
            "Number of rectangular surface cells along x and y",
            "[8, 6]",
        ),
        &ListOf {
            form: Integer(1..=MOST),
            lengths: 2..=2,
        },
    );
    let vacuum = table.default(
        key(
            "vacuum",
            "Empty space in the frame of the cell below and above, together; z is not periodic",
            "\"30 Å\"",
        ),
        &positive::<kind::Length>(),
        "\"20 Å\"",
    );
    let contents = read_contents(table);
    let adatom = table.optional_table(
        self::table("adatom", "One atom on the upper surface"),
        "none",
        read_adatom,
    );
    Some(CrystalSlab {
        crystal: crystal?,
        surface: surface?,
        layers: layers?,
        repeat: repeat?.try_into().ok()?,
        vacuum,
        contents: contents?,
        adatom,
    })
}

fn read_adatom(table: &mut Table<'_, '_>) -> Option<SlabAdatom> {
    let site = table.required(
        key(
            "site",
            "Where it stands: `hollow` on (100) and (110), `fcc` and `hcp` on (111), `top` and `bridge` on all",
            "\"hollow\"",
        ),
        &Choice(&[
            ("top", SurfaceSite::Top),
            ("bridge", SurfaceSite::Bridge),
            ("hollow", SurfaceSite::Hollow),
            ("fcc", SurfaceSite::Fcc),
            ("hcp", SurfaceSite::Hcp),
        ]),
    );
    let species = table.default(
        key(
            "species",
            "Its element; `alloy` takes the most frequent one of the slab",
            "\"Pt\"",
        ),
        &SpeciesForm,
        "\"alloy\"",
    );
    Some(SlabAdatom {
        site: site?,
        species,
    })
}

pub(crate) fn read_supported(table: &mut Table<'_, '_>) -> Option<Supported> {
    let gap = table.required(
        key(
            "gap",
            "Distance between the lowest plane of the particle (or its lowest atom) and the highest of the slab",
            "\"2.3 Å\"",
        ),
        &positive::<kind::Length>(),
    );
    let particle = table.required_table(
        self::table("particle", "The particle, centred above the slab"),
        read_single,
    );
    let slab = table.required_table(self::table("slab", "The slab"), read_slab);
    Some(Supported {
        gap: gap?,
        particle: particle?,
        slab: slab?,
    })
}
