//! Random streams addressed by what they are for.
//!
//! A number is a function of (seed, purpose, step, index) alone, so that no result depends on the
//! order in which threads draw, and a restart needs no generator state. The generator is
//! Philox4x64-10 (Salmon, Moraes, Dror, Shaw 2011, doi:10.1145/2063384.2063405), a counter-based
//! generator that passes the usual batteries of tests: its counter holds the address.

/// What a stream is for; one entry for each use, so that no two uses share numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum Purpose {
    /// Which species stands on which site of an alloy.
    Alloy = 1,
    /// Which adatoms of a monolayer are kept.
    Adatoms = 2,
    /// Initial velocities.
    Velocities = 3,
    /// Langevin noise.
    Langevin = 4,
    /// Stochastic rescaling of the kinetic energy.
    Rescaling = 5,
    /// Stochastic rescaling of the cell.
    CellRescaling = 6,
    /// Displacements of atoms from perfect sites.
    Rattle = 7,
    /// Random structures and cases in tests.
    Test = 8,
    /// Which of several equally bound atoms go when a shape gets an exact number of atoms.
    Trimming = 9,
    /// Which atoms change places on the way to a special quasi-random structure.
    QuasirandomSwap = 10,
    /// Exchanges of unlike atoms.
    Exchange = 30,
    /// Noise of the reactions on the surface of a particle that migrates.
    SurfaceReaction = 20,
    /// Brownian displacements of particles on a support.
    ParticleMotion = 21,
    /// Brownian rotation of particles on a support.
    ParticleRotation = 22,
    /// Errors of localisation of particles in the frames of a microscope.
    Localisation = 23,
    /// Radii of particles.
    ParticleRadius = 24,
    /// Differences between the facets of a particle, and between particles.
    Heterogeneity = 25,
    /// Fields on the surfaces of particles at the start.
    SurfaceStart = 26,
    /// Places of particles on a support.
    ParticlePlace = 27,
    /// Collisions in a well-mixed population.
    WellMixedCollision = 28,
    /// The events of adatoms on a support, one address each.
    AdatomHop = 40,
    /// Where adatoms stand at the start.
    AdatomStart = 41,
    /// The events of the looping metal-support interaction, one address each.
    LoopingEvent = 42,
    /// How long states of adatoms on a support last.
    AdatomResidence = 43,
    /// What else an event of the looping metal-support interaction needs.
    LoopingDetail = 44,
    /// Sites at which energies of alloys are sampled.
    EnergySite = 60,
    /// Along what a saddle is looked for.
    SaddleDirection = 61,
}

/// The streams of one run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Streams {
    seed: u64,
}

impl Streams {
    /// The streams of a seed.
    pub fn new(seed: u64) -> Self {
        Self { seed }
    }

    /// Other streams, independent of these and of those with another number: for the parts of a
    /// run that use the same purposes, such as its stages and particles.
    #[must_use]
    pub fn branch(self, number: u64) -> Self {
        // One step of SplitMix64 (Steele, Lea, Flood 2014, doi:10.1145/2660193.2660195) each.
        let mix = |mut z: u64| {
            z = z.wrapping_add(0x9e37_79b9_7f4a_7c15);
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            z ^ (z >> 31)
        };
        Self {
            seed: mix(mix(self.seed) ^ mix(number ^ 0x5851_f42d_4c95_7f2d)),
        }
    }

    /// The stream for a purpose, a step and an index (of an atom: its id).
    #[inline]
    pub fn stream(self, purpose: Purpose, step: u64, index: u64) -> Stream {
        Stream {
            key: [self.seed, purpose as u64],
            counter: [0, 0, index, step],
            block: [0; 4],
            used: 4,
        }
    }

    /// The first four numbers of [`Streams::stream`] at once, which takes less time than one by
    /// one: for those who need a few numbers for each of very many addresses.
    #[inline]
    pub fn block(self, purpose: Purpose, step: u64, index: u64) -> [u64; 4] {
        philox([0, 0, index, step], [self.seed, purpose as u64])
    }
}

/// Random numbers, one after the other.
#[derive(Debug, Clone)]
pub struct Stream {
    key: [u64; 2],
    /// Blocks drawn so far (two words), index, step.
    counter: [u64; 4],
    block: [u64; 4],
    used: usize,
}

/// Ten rounds of Philox on four 64-bit words.
#[inline]
fn philox(mut counter: [u64; 4], mut key: [u64; 2]) -> [u64; 4] {
    const MULTIPLIERS: [u64; 2] = [0xd2e7_470e_e14c_6c93, 0xca5a_8263_9512_1157];
    const INCREMENTS: [u64; 2] = [0x9e37_79b9_7f4a_7c15, 0xbb67_ae85_84ca_a73b];
    for round in 0..10 {
        if round > 0 {
            key = [0, 1].map(|k| key[k].wrapping_add(INCREMENTS[k]));
        }
        let wide = |k: usize| u128::from(MULTIPLIERS[k]) * u128::from(counter[2 * k]);
        let (first, second) = (wide(0), wide(1));
        counter = [
            (second >> 64) as u64 ^ counter[1] ^ key[0],
            second as u64,
            (first >> 64) as u64 ^ counter[3] ^ key[1],
            first as u64,
        ];
    }
    counter
}

impl Stream {
    /// 64 random bits.
    #[inline]
    pub fn bits(&mut self) -> u64 {
        if self.used == self.block.len() {
            self.block = philox(self.counter, self.key);
            self.counter[0] += 1;
            self.used = 0;
        }
        let bits = self.block[self.used];
        self.used += 1;
        bits
    }

    /// Uniform in (0, 1): 53 bits, never 0 or 1.
    pub fn uniform(&mut self) -> f64 {
        ((self.bits() >> 11) as f64 + 0.5) * (1.0 / (1_u64 << 53) as f64)
    }

    /// Uniform among the integers below `bound`, without bias; `bound` must be positive.
    pub fn below(&mut self, bound: u64) -> u64 {
        // Lemire's multiplication method, doi:10.1145/3230636.
        let threshold = bound.wrapping_neg() % bound;
        loop {
            let product = u128::from(self.bits()) * u128::from(bound);
            if product as u64 >= threshold {
                return (product >> 64) as u64;
            }
        }
    }

    /// Normally distributed with mean 0 and variance 1.
    pub fn normal(&mut self) -> f64 {
        self.normal_pair()[0]
    }

    /// Two independent normal numbers (Box and Muller 1958, doi:10.1214/aoms/1177706645).
    pub fn normal_pair(&mut self) -> [f64; 2] {
        let radius = (-2.0 * self.uniform().ln()).sqrt();
        let (sine, cosine) = (std::f64::consts::TAU * self.uniform()).sin_cos();
        [radius * cosine, radius * sine]
    }

    /// Puts a slice in random order (Fisher and Yates).
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last as u64 + 1) as usize);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn philox_gives_the_published_numbers() {
        // kat_vectors of the authors' Random123 library, philox4x64 with 10 rounds.
        let zero = philox([0; 4], [0; 2]);
        let expected = [
            0x1655_4d9e_ca36_314c,
            0xdb20_fe9d_672d_0fdc,
            0xd7e7_72ce_e186_176b,
            0x7e68_b68a_ec7b_a23b,
        ];
        assert_eq!(zero, expected);
        let ones = philox([u64::MAX; 4], [u64::MAX; 2]);
        let expected = [
            0x87b0_92c3_013f_e90b,
            0x438c_3c67_be8d_0224,
            0x9cc7_d7c6_9cd7_77b6,
            0xa09c_aebf_594f_0ba0,
        ];
        assert_eq!(ones, expected);
    }

    #[test]
    fn an_address_always_gives_the_same_numbers() {
        let draw =
            |seed, purpose, step, index| Streams::new(seed).stream(purpose, step, index).bits();
        let first = draw(1, Purpose::Langevin, 7, 3);
        assert_eq!(first, draw(1, Purpose::Langevin, 7, 3));
        for other in [
            draw(2, Purpose::Langevin, 7, 3),
            draw(1, Purpose::Velocities, 7, 3),
            draw(1, Purpose::Langevin, 8, 3),
            draw(1, Purpose::Langevin, 7, 4),
        ] {
            assert_ne!(first, other);
        }
    }

    #[test]
    fn a_block_is_the_beginning_of_a_stream() {
        let streams = Streams::new(9);
        let mut stream = streams.stream(Purpose::Test, 3, 4);
        let block = streams.block(Purpose::Test, 3, 4);
        assert_eq!(block, std::array::from_fn(|_| stream.bits()));
    }

    #[test]
    fn normal_numbers_have_normal_moments() {
        const NUMBERS: usize = 100_000;
        let streams = Streams::new(5);
        let mut moments = [0.0; 4];
        for index in 0..NUMBERS as u64 {
            let x = streams.stream(Purpose::Test, 0, index).normal();
            for (k, moment) in moments.iter_mut().enumerate() {
                *moment += x.powi(k as i32 + 1) / NUMBERS as f64;
            }
        }
        // Standard deviations of the sample moments of a normal variable: 1, 2, 15, 96 over n.
        let expected = [0.0, 1.0, 0.0, 3.0];
        let variances: [f64; 4] = [1.0, 2.0, 15.0, 96.0];
        for k in 0..4 {
            let sigma = (variances[k] / NUMBERS as f64).sqrt();
            let deviation = (moments[k] - expected[k]) / sigma;
            assert!(
                deviation.abs() < 4.0,
                "moment {} is {deviation} sigma off",
                k + 1
            );
        }
    }

    #[test]
    fn integers_below_a_bound_are_uniform() {
        let mut stream = Streams::new(3).stream(Purpose::Test, 0, 0);
        let mut counts = [0_i64; 7];
        for _ in 0..70_000 {
            counts[stream.below(7) as usize] += 1;
        }
        // Chi squared with 6 degrees of freedom exceeds 22.5 once in a thousand.
        let chi: f64 = counts
            .iter()
            .map(|&n| (n as f64 - 10_000.0).powi(2) / 10_000.0)
            .sum();
        assert!(chi < 22.5, "chi squared {chi}");
    }
}
