//! The shapes of particles.

use frit_units::{Length, SurfaceEnergy, kind};

use crate::elements::crystal::{Crystal, read_crystal};
use crate::elements::orientation::{miller, no_plane, write_miller};
use crate::elements::structure::{StructureFile, read_structure_file};
use crate::walk::form::{Form, Integer, LARGEST, ListOf, Switch, positive};
use crate::walk::{Key, Table, Variant, key, table};

/// What a particle is cut from, and how.
#[derive(Debug, Clone, PartialEq)]
pub enum Body {
    /// Atoms of a file.
    File(StructureFile),
    /// A shape cut from a crystal.
    Cut(Crystal, Shape),
}

/// The shape of a particle.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// A cube with (100) facets.
    Cube(Size),
    /// A box with (100) facets; its edges.
    Box([Length; 3]),
    /// A sphere; a length is its diameter.
    Sphere(Size),
    /// A cuboctahedron; a length is its edge.
    Cuboctahedron(Size),
    /// The equilibrium shape of these facet energies; a length is the diameter of a sphere of equal
    /// volume.
    Wulff(Vec<FacetEnergy>, Size),
}

/// The size of a shape.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Size {
    /// By a length; the nearest complete shape is built.
    Length(Length),
    /// By the number of atoms; the nearest complete shape is built.
    NearestAtoms(u64),
    /// By the number of atoms, exactly.
    ExactAtoms(u64),
}

/// The energy of a family of facets.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FacetEnergy {
    /// One plane of the family.
    pub plane: [i32; 3],
    /// Its energy.
    pub energy: SurfaceEnergy,
}

/// One of the shapes, or a file.
pub(crate) fn read_body(table: &mut Table<'_, '_>) -> Option<Body> {
    table.variants(&[
        Variant {
            key: self::table(
                "cube",
                "A cube with (100) facets, cut from a crystal along its cubic axes",
            ),
            read: |table| read_sized(table, EDGE, Shape::Cube),
        },
        Variant {
            key: self::table("box", "A box with (100) facets"),
            read: read_box,
        },
        Variant {
            key: self::table("sphere", "A sphere around an atom"),
            read: |table| read_sized(table, DIAMETER, Shape::Sphere),
        },
        Variant {
            key: self::table(
                "cuboctahedron",
                "Eight (111) and six (100) facets; of fcc: 13, 55, 147, 309, 561, ... atoms",
            ),
            read: |table| read_sized(table, EDGE, Shape::Cuboctahedron),
        },
        Variant {
            key: self::table(
                "wulff",
                "The equilibrium shape of a crystal with given facet energies (Wulff construction)",
            ),
            read: read_wulff,
        },
        Variant {
            key: self::table("file", "Atoms of a file, of any format that can be read"),
            read: |table| read_structure_file(table).map(Body::File),
        },
    ])
}

const EDGE: Key = key(
    "edge",
    "Distance between opposite facets of a cube, edge of a cuboctahedron; the nearest complete shape is built",
    "\"31 Å\"",
);

const DIAMETER: Key = key(
    "diameter",
    "Diameter of the sphere, or of the sphere of equal volume; the nearest complete shape is built",
    "\"5 nm\"",
);

fn read_sized(table: &mut Table<'_, '_>, length: Key, shape: fn(Size) -> Shape) -> Option<Body> {
    let crystal = read_crystal(table);
    let size = read_size(table, length);
    Some(Body::Cut(crystal?, shape(size?)))
}

fn read_size(table: &mut Table<'_, '_>, length: Key) -> Option<Size> {
    let each = match length.name {
        "edge" => "exactly one of `edge` and `atoms`",
        _ => "exactly one of `diameter` and `atoms`",
    };
    let by_length = table.optional(length, &positive::<kind::Length>(), each);
    let atoms = table.optional(
        key(
            "atoms",
            "Number of atoms without adatoms; the nearest complete shape is built",
            "2000",
        ),
        &Integer(1..=LARGEST),
        each,
    );
    table.exactly_one(&[length.name, "atoms"]);
    let exact = table.default(
        key(
            "exact",
            "Whether the outermost layer of a larger shape loses its least bound atoms until there are exactly `atoms`",
            "true",
        ),
        &Switch,
        "false",
    );
    if exact && by_length.is_some() {
        table.refuse(
            "exact",
            "only a number of atoms can be exact",
            "give the size as `atoms`, or leave `exact` out",
        );
    }
    by_length
        .map(Size::Length)
        .or(atoms.map(|atoms| match exact {
            true => Size::ExactAtoms(atoms),
            false => Size::NearestAtoms(atoms),
        }))
}

fn read_box(table: &mut Table<'_, '_>) -> Option<Body> {
    let crystal = read_crystal(table);
    let edges = table.required(
        key(
            "edges",
            "Distances between opposite facets along x, y and z; the nearest complete box is built",
            "[\"20 Å\", \"20 Å\", \"40 Å\"]",
        ),
        &ListOf {
            form: positive::<kind::Length>(),
            lengths: 3..=3,
        },
    );
    let edges: [Length; 3] = edges?.try_into().ok()?;
    Some(Body::Cut(crystal?, Shape::Box(edges)))
}

fn read_wulff(table: &mut Table<'_, '_>) -> Option<Body> {
    let crystal = read_crystal(table);
    let size = read_size(table, DIAMETER);
    let energies = table.required_table(
        self::table(
            "energies",
            "Energy of each family of facets, by the Miller indices of one of them; only their ratios count",
        ),
        read_energies,
    );
    Some(Body::Cut(crystal?, Shape::Wulff(energies?, size?)))
}

fn read_energies(table: &mut Table<'_, '_>) -> Option<Vec<FacetEnergy>> {
    let form = positive::<kind::SurfaceEnergy>();
    let placeholder = key(
        "<hkl>",
        "Energy per area of this family of facets",
        "\"1.7 J/m^2\"",
    );
    let given = table.named_values(placeholder, &form);
    let mut energies = Vec::new();
    for (entry, energy) in given {
        match miller(&entry.key) {
            Some(plane) => energies.push(FacetEnergy { plane, energy }),
            None => table.complain_about_key(entry, no_plane(&entry.key)),
        }
    }
    if energies.len() < table.entry_count() {
        return None;
    }
    if energies.is_empty() {
        table.error_here(
            crate::error::DeckErrorKind::MissingKey,
            "no facet energy is given".to_owned(),
            "such as `100 = \"2.27 J/m^2\"` and `111 = \"1.71 J/m^2\"`".to_owned(),
        );
        return None;
    }
    // Sorted, so that the order of the lines does not change what is built.
    energies.sort_by_key(|one| one.plane);
    for one in &energies {
        let name = write_miller(one.plane);
        // A key that TOML takes only in quotes.
        let name = if name.contains(' ') {
            format!("\"{name}\"")
        } else {
            name
        };
        table.record(&name, form.write(&one.energy));
    }
    Some(energies)
}
