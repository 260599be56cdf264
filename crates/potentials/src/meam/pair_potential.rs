//! The pair potentials that follow from the reference crystals.
//!
//! MEAM fixes the embedding energies and the energy of each reference crystal against its
//! nearest-neighbour distance; the pair potential is what is left. With second neighbours (Lee and
//! Baskes, Phys. Rev. B 62, 8564 (2000), doi:10.1103/PhysRevB.62.8564, Eqs. 16-21) the crystal
//! defines the sum ψ(r) = φ(r) + (Z2 S / Z1) φ(a r), with a the ratio of the two distances and S the
//! screening of second neighbours, which a series inverts. Pairs of elements: Lee, Baskes, Kim,
//! Cho, Phys. Rev. B 64, 184102 (2001), doi:10.1103/PhysRevB.64.184102, and, for the L1_2 crystal,
//! the conventions of the implementations in use, found by agreement with LAMMPS's numbers.

use super::functions::{smooth_step, ziegler_biersack_littmark};
use super::lattice::Lattice;
use super::parameters::{Background, MeamParameters, Neighbourhood};

/// Terms of the series that inverts ψ, the number that published parameters suppose.
const SERIES: i32 = 10;

impl MeamParameters {
    /// Atomic density ρ_l [its own unit] of element `e` at `r` [Å].
    pub(super) fn atomic_density(&self, e: usize, l: usize, r: f64) -> f64 {
        let distance = self.pair(e, e).rose.distance;
        let element = &self.elements[e];
        element.rho0 * (-element.beta[l] * (r / distance - 1.0)).exp()
    }

    /// The background density to which that of an atom of element `e` is referred.
    pub(super) fn reference_density(&self, e: usize) -> f64 {
        let z = self.elements[e].lattice.first_neighbours();
        match self.background {
            Background::Coordination => z * self.elements[e].rho0,
            Background::Reference => self.own_density(e, self.pair(e, e).rose.distance),
        }
    }

    /// The embedding energy [eV] of element `e` at a background density relative to the reference.
    fn embedding(&self, e: usize, density: f64) -> f64 {
        if density > 0.0 {
            self.elements[e].a * self.pair(e, e).rose.energy * density * density.ln()
        } else {
            0.0
        }
    }

    fn screening(&self, i: usize, j: usize, k: usize, c: f64) -> f64 {
        let triple = self.triple(i, j, k);
        let (low, high) = (self.cmin[triple], self.cmax[triple]);
        smooth_step((c - low) / (high - low)).0
    }

    /// Screening of a second-neighbour bond i-j of a crystal by atoms k alone.
    fn second_screening(&self, lattice: Lattice, i: usize, j: usize, k: usize) -> f64 {
        match self.neighbourhood {
            Neighbourhood::First => 0.0,
            Neighbourhood::Second => self
                .screening(i, j, k, lattice.second_c())
                .powi(lattice.second_screeners()),
        }
    }

    /// Screening of second neighbours of the majority and of the minority element in L1_2: two
    /// majority atoms have two screeners of each element, two minority atoms four of the majority.
    fn l12_screening(&self, a: usize, b: usize) -> (f64, f64) {
        match self.neighbourhood {
            Neighbourhood::First => (0.0, 0.0),
            Neighbourhood::Second => {
                let c = Lattice::L12.second_c();
                let majority = self.screening(a, a, a, c) * self.screening(a, a, b, c);
                (majority.powi(2), self.screening(b, b, a, c).powi(4))
            }
        }
    }

    /// Density ρ_0 in the crystal of element `e` alone.
    fn own_density(&self, e: usize, r: f64) -> f64 {
        let lattice = self.elements[e].lattice;
        let second = lattice.second_neighbours() * self.second_screening(lattice, e, e, e);
        lattice.first_neighbours() * self.atomic_density(e, 0, r)
            + second * self.atomic_density(e, 0, lattice.second_ratio() * r)
    }

    /// ψ(r) of the crystal of one element: its energy without embedding, per bond.
    fn own_sum(&self, e: usize, r: f64) -> f64 {
        let density = self.own_density(e, r) / self.reference_density(e);
        let rest = self.pair(e, e).rose.value(r) - self.embedding(e, density);
        2.0 / self.elements[e].lattice.first_neighbours() * rest
    }

    /// The pair potential of one element without ZBL.
    fn own(&self, e: usize, r: f64) -> f64 {
        let lattice = self.elements[e].lattice;
        let second = lattice.second_neighbours() * self.second_screening(lattice, e, e, e);
        let ratio = -second / lattice.first_neighbours();
        let mut sum = self.own_sum(e, r);
        if ratio != 0.0 {
            for n in 1..=SERIES {
                let stretched = r * lattice.second_ratio().powi(n);
                sum += ratio.powi(n) * self.own_sum(e, stretched);
            }
        }
        sum
    }

    /// From L1_2 with `a` on three of four sites.
    fn mixed_l12(&self, a: usize, b: usize, r: f64) -> f64 {
        let far = Lattice::L12.second_ratio() * r;
        let (majority, minority) = self.l12_screening(a, b);
        let around_a = 8.0 * self.atomic_density(a, 0, r)
            + 4.0 * self.atomic_density(b, 0, r)
            + 6.0 * majority * self.atomic_density(a, 0, far);
        let around_b =
            12.0 * self.atomic_density(a, 0, r) + 6.0 * minority * self.atomic_density(b, 0, far);
        let difference = self.atomic_density(a, 2, r) - self.atomic_density(b, 2, r);
        // The four minority neighbours of a majority atom form a square: only ρ_2 is not zero.
        let second_order = 8.0 / 3.0 * difference * difference;
        let gamma = if around_a > 0.0 {
            self.elements[a].t[2] * second_order / (around_a * around_a)
        } else {
            0.0
        };
        let (shape, _) = self.elements[a].gamma_form.value(gamma, self.smoothing);
        let embedded_a = self.embedding(a, around_a * shape / self.reference_density(a));
        let embedded_b = self.embedding(b, around_b / self.reference_density(b));
        self.pair(a, b).rose.value(r) / 3.0
            - embedded_a / 4.0
            - embedded_b / 12.0
            - self.own(a, r)
            - 0.75 * majority * self.own(a, far)
            - 0.25 * minority * self.own(b, far)
    }

    /// From a crystal in which each nearest neighbour is of the other element (B1, B2).
    fn mixed_binary(&self, lattice: Lattice, a: usize, b: usize, r: f64) -> f64 {
        let far = lattice.second_ratio() * r;
        let (z1, z2) = (lattice.first_neighbours(), lattice.second_neighbours());
        let mut sum = 2.0 * self.pair(a, b).rose.value(r);
        for (own, other) in [(a, b), (b, a)] {
            let second = z2 * self.second_screening(lattice, own, own, other);
            let density =
                z1 * self.atomic_density(other, 0, r) + second * self.atomic_density(own, 0, far);
            sum -= self.embedding(own, density / self.reference_density(own));
            sum -= 0.5 * second * self.own(own, far);
        }
        sum / z1
    }

    /// The pair potential [eV] of elements `i` and `j` at `r` [Å] > 0.
    pub(super) fn pair_potential(&self, i: usize, j: usize, r: f64) -> f64 {
        let pair = self.pair(i, j);
        let (a, b) = (i.min(j), i.max(j));
        let metallic = if a == b {
            self.own(a, r)
        } else if pair.lattice == Lattice::L12 {
            self.mixed_l12(a, b, r)
        } else {
            self.mixed_binary(pair.lattice, a, b, r)
        };
        if pair.zbl {
            self.joined_with_zbl(metallic, i, j, r)
        } else {
            metallic
        }
    }

    /// Passes from ZBL (a* <= -3) to the metallic potential (a* >= -1) by the smooth step.
    fn joined_with_zbl(&self, metallic: f64, i: usize, j: usize, r: f64) -> f64 {
        let rose = &self.pair(i, j).rose;
        let a = rose.alpha * (r / rose.distance - 1.0);
        let (weight, _) = smooth_step((a + 3.0) / 2.0);
        if weight == 1.0 {
            return metallic;
        }
        let (first, second) = (
            self.elements[i].atomic_number,
            self.elements[j].atomic_number,
        );
        let zbl = ziegler_biersack_littmark(r, first, second);
        if weight == 0.0 {
            zbl
        } else {
            weight * metallic + (1.0 - weight) * zbl
        }
    }
}
