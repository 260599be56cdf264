//! The lattices: names, sublattices, symmetry, literature values of what their lengths leave open.

/// A crystal lattice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lattice {
    /// Face-centred cubic.
    Fcc,
    /// Body-centred cubic.
    Bcc,
    /// Simple cubic.
    Sc,
    /// Hexagonal close-packed, in its orthogonal cell a × √3 a × c.
    Hcp,
    /// L1₂ (Cu₃Au): an fcc lattice whose corners and face centres hold different elements.
    L12,
    /// L1₀ (CuAu): an fcc lattice whose (001) layers hold two elements in turn; tetragonal.
    L10,
    /// Rocksalt (NaCl).
    Rocksalt,
    /// Fluorite (CaF₂, CeO₂).
    Fluorite,
    /// Spinel (MgAl₂O₄, Fe₃O₄).
    Spinel,
    /// Cuprite (Cu₂O).
    Cuprite,
    /// Rutile (TiO₂).
    Rutile,
    /// Anatase (TiO₂).
    Anatase,
}

/// Which directions of a lattice are alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Symmetry {
    /// x, y and z, and their opposites (point group m-3m).
    Cubic,
    /// x and y, and their opposites (point group 4/mmm).
    Tetragonal,
    /// Hexagonal in the plane of x and y.
    Hexagonal,
}

impl Lattice {
    /// All lattices.
    pub const ALL: [Self; 12] = [
        Self::Fcc,
        Self::Bcc,
        Self::Sc,
        Self::Hcp,
        Self::L12,
        Self::L10,
        Self::Rocksalt,
        Self::Fluorite,
        Self::Spinel,
        Self::Cuprite,
        Self::Rutile,
        Self::Anatase,
    ];

    /// The cubic lattices with one atom on each point.
    pub const MONATOMIC_CUBIC: [Self; 3] = [Self::Fcc, Self::Bcc, Self::Sc];

    /// Sites of the conventional cell of a cubic lattice with one atom on each point, in units of half
    /// the lattice constant; none for other lattices.
    pub fn half_sites(self) -> &'static [[i32; 3]] {
        match self {
            Self::Fcc => &[[0, 0, 0], [0, 1, 1], [1, 0, 1], [1, 1, 0]],
            Self::Bcc => &[[0, 0, 0], [1, 1, 1]],
            Self::Sc => &[[0, 0, 0]],
            _ => &[],
        }
    }

    /// Name as in decks: `fcc`, `bcc`, `L1_2`, `rocksalt`, ...
    pub fn name(self) -> &'static str {
        match self {
            Self::Fcc => "fcc",
            Self::Bcc => "bcc",
            Self::Sc => "sc",
            Self::Hcp => "hcp",
            Self::L12 => "L1_2",
            Self::L10 => "L1_0",
            Self::Rocksalt => "rocksalt",
            Self::Fluorite => "fluorite",
            Self::Spinel => "spinel",
            Self::Cuprite => "cuprite",
            Self::Rutile => "rutile",
            Self::Anatase => "anatase",
        }
    }

    /// Names of its sublattices: the sets of sites that hold different elements.
    pub fn sublattices(self) -> &'static [&'static str] {
        match self {
            Self::Fcc | Self::Bcc | Self::Sc | Self::Hcp => &["site"],
            Self::L12 => &["corner", "face"],
            Self::L10 => &["first-layer", "second-layer"],
            Self::Rocksalt | Self::Fluorite | Self::Cuprite | Self::Rutile | Self::Anatase => {
                &["cation", "anion"]
            }
            Self::Spinel => &["tetrahedral", "octahedral", "anion"],
        }
    }

    /// Which of its directions are alike.
    pub fn symmetry(self) -> Symmetry {
        match self {
            Self::Hcp => Symmetry::Hexagonal,
            Self::L10 | Self::Rutile | Self::Anatase => Symmetry::Tetragonal,
            _ => Symmetry::Cubic,
        }
    }

    /// The usual ratio of the edges c and a: 1 for cubic lattices.
    ///
    /// hcp: that of touching spheres, √(8/3). L1₀: FePt, 3.713 Å / 3.852 Å (powder diffraction file
    /// 43-1359). Rutile and anatase: TiO₂, c/a = 0.644 and 2.513 (neutron diffraction, Burdett et al.
    /// 1987, doi:10.1021/ja00246a021).
    pub fn usual_ratio(self) -> f64 {
        match self {
            Self::Hcp => (8.0_f64 / 3.0).sqrt(),
            Self::L10 => 3.713 / 3.852,
            Self::Rutile => 0.644,
            Self::Anatase => 2.513,
            _ => 1.0,
        }
    }

    /// The usual coordinate of the anions where symmetry leaves it open.
    ///
    /// Spinel: u = 0.2549 of Fe₃O₄, origin at the centre of symmetry, 1/4 for a perfect fcc lattice of
    /// anions (Fleet 1981, doi:10.1107/S0567740881004597). Rutile: x = 0.3048; anatase: z = 0.2081
    /// (Burdett et al. 1987, doi:10.1021/ja00246a021).
    pub fn usual_internal(self) -> Option<f64> {
        match self {
            Self::Spinel => Some(0.2549),
            Self::Rutile => Some(0.3048),
            Self::Anatase => Some(0.2081),
            _ => None,
        }
    }

    /// Whether every site has the same surroundings but for the elements on it.
    pub fn is_simple(self) -> bool {
        matches!(
            self,
            Self::Fcc | Self::Bcc | Self::Sc | Self::L12 | Self::L10
        )
    }

    /// Distance between {100} planes in units of the lattice constant, where all of them have their
    /// elements in the same proportion and complete planes bound a cube; `None` where only whole
    /// conventional cells keep the formula.
    pub fn plane_step(self) -> Option<f64> {
        match self {
            Self::Fcc | Self::Bcc | Self::L12 | Self::L10 | Self::Rocksalt => Some(0.5),
            Self::Sc => Some(1.0),
            _ => None,
        }
    }

    /// Sites of the conventional cell: fractions of its edges, and the sublattice of each.
    pub(crate) fn basis(self, internal: f64) -> Vec<([f64; 3], usize)> {
        let third = 1.0 / 3.0;
        let on = |sublattice: usize, sites: &[[f64; 3]]| -> Vec<([f64; 3], usize)> {
            sites.iter().map(|&site| (site, sublattice)).collect()
        };
        match self {
            Self::Fcc => on(0, &FACE_CENTRED),
            Self::Bcc => on(0, &BODY_CENTRED),
            Self::Sc => on(0, &[[0.0; 3]]),
            Self::Hcp => on(
                0,
                &[
                    [0.0, 0.0, 0.0],
                    [0.0, third, 0.5],
                    [0.5, 0.5, 0.0],
                    [0.5, 0.5 + third, 0.5],
                ],
            ),
            Self::L12 => [on(0, &FACE_CENTRED[..1]), on(1, &FACE_CENTRED[1..])].concat(),
            Self::L10 => FACE_CENTRED
                .iter()
                .map(|&site| (site, usize::from(site[2] > 0.25)))
                .collect(),
            Self::Rocksalt => centred(&FACE_CENTRED, &[([0.0; 3], 0), ([0.5; 3], 1)]),
            Self::Fluorite => centred(
                &FACE_CENTRED,
                &[([0.0; 3], 0), ([0.25; 3], 1), ([0.75; 3], 1)],
            ),
            Self::Spinel => spinel(internal),
            Self::Cuprite => [
                centred(&FACE_CENTRED, &[([0.25; 3], 0)]),
                on(1, &BODY_CENTRED),
            ]
            .concat(),
            Self::Rutile => {
                let x = internal;
                [
                    on(0, &BODY_CENTRED),
                    on(
                        1,
                        &[
                            [x, x, 0.0],
                            [1.0 - x, 1.0 - x, 0.0],
                            [0.5 + x, 0.5 - x, 0.5],
                            [0.5 - x, 0.5 + x, 0.5],
                        ],
                    ),
                ]
                .concat()
            }
            Self::Anatase => {
                let z = internal;
                let up = [0.0, 0.5, 0.25];
                let anions = [
                    [0.0, 0.0, z],
                    [0.0, 0.0, -z],
                    [0.0, 0.5, 0.25 + z],
                    [0.0, 0.5, 0.25 - z],
                ];
                let mut motif = on(0, &[[0.0; 3], up]);
                motif.extend(on(1, &anions));
                centred(&BODY_CENTRED, &motif)
            }
        }
    }
}

const FACE_CENTRED: [[f64; 3]; 4] = [
    [0.0, 0.0, 0.0],
    [0.0, 0.5, 0.5],
    [0.5, 0.0, 0.5],
    [0.5, 0.5, 0.0],
];

const BODY_CENTRED: [[f64; 3]; 2] = [[0.0; 3], [0.5; 3]];

/// A motif repeated at every centre of the cell.
fn centred(centres: &[[f64; 3]], motif: &[([f64; 3], usize)]) -> Vec<([f64; 3], usize)> {
    let mut sites = Vec::with_capacity(centres.len() * motif.len());
    for (place, sublattice) in motif {
        for centre in centres {
            let site = [0, 1, 2].map(|k| (place[k] + centre[k]).rem_euclid(1.0));
            sites.push((site, *sublattice));
        }
    }
    sites
}

/// Fd-3m with the origin at the centre of symmetry: sites 8a, 16d and 32e (International Tables for
/// Crystallography A, No. 227, origin choice 2).
fn spinel(u: f64) -> Vec<([f64; 3], usize)> {
    let eighth = 0.125;
    let mut motif = vec![([eighth; 3], 0), ([7.0 * eighth, 0.375, 0.375], 0)];
    motif.extend(
        [
            [0.5, 0.5, 0.5],
            [0.25, 0.75, 0.0],
            [0.75, 0.0, 0.25],
            [0.0, 0.25, 0.75],
        ]
        .map(|site| (site, 1)),
    );
    motif.extend(
        [
            [u, u, u],
            [0.75 - u, 0.25 - u, 0.5 + u],
            [0.25 - u, 0.5 + u, 0.75 - u],
            [0.5 + u, 0.75 - u, 0.25 - u],
            [0.75 + u, 0.25 + u, 0.5 - u],
            [-u, -u, -u],
            [0.25 + u, 0.5 - u, 0.75 + u],
            [0.5 - u, 0.75 + u, 0.25 + u],
        ]
        .map(|site| (site, 2)),
    );
    centred(&FACE_CENTRED, &motif)
}
