//! The metal particle and what it does next.

use frit_engine::random::Stream;

use super::mesa::{Cell, STEPS, hexagonal_distance};
use super::simulation::{Looping, unit};

/// What the particle is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Task {
    /// It eats the front in its direction, and advances once that is clear.
    Front,
    /// There is no front in any direction: it eats the layer it stands on.
    Dig,
    /// Nor may it dig: it makes steps at random.
    Wander,
}

/// The metal particle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Particle {
    /// The cell of its centre.
    pub cell: Cell,
    /// The layer it stands on: cells under it are no higher.
    pub base: i32,
    /// The index of its direction among the six ⟨112⟩ steps, in order of their angle.
    pub direction: usize,
    /// What it is doing.
    pub task: Task,
}

impl Particle {
    /// Its cell after a step.
    pub(crate) fn ahead(&self, direction: usize) -> Cell {
        let [q, r] = STEPS[direction];
        [self.cell[0] + q, self.cell[1] + r]
    }
}

impl Looping {
    /// Whether the particle could stand there with a cell to spare.
    pub(crate) fn has_room(&self, [q, r]: Cell) -> bool {
        self.disc
            .iter()
            .all(|[dq, dr]| hexagonal_distance([q + dq, r + dr]) < self.mesa.radius)
    }

    /// The cells of the front: those under the particle after a step, and not before it.
    fn front(&self, particle: &Particle, direction: usize) -> impl Iterator<Item = usize> {
        let [q, r] = particle.ahead(direction);
        self.disc
            .iter()
            .map(move |[dq, dr]| self.mesa.place([q + dq, r + dr]))
            .filter(|&place| !self.is_covered(place))
    }

    /// Layers above the base in a direction; `None` if the particle cannot go there.
    fn ledge(&self, particle: &Particle, direction: usize) -> Option<i32> {
        self.has_room(particle.ahead(direction)).then(|| {
            self.front(particle, direction)
                .map(|place| (self.heights[place] - particle.base).max(0))
                .sum()
        })
    }

    /// Decides what the particle does next.
    pub(crate) fn decide(&mut self, particle: &mut Particle, random: &mut Stream) {
        if particle.task == Task::Front {
            // It goes on until it has advanced.
            return;
        }
        if particle.task == Task::Dig {
            let covered = self.covered(particle.cell);
            if covered
                .into_iter()
                .any(|place| self.heights[place] >= particle.base)
            {
                return;
            }
            particle.base -= 1;
            self.totals.digs += 1;
        }
        self.choose(particle, random);
    }

    /// Chooses a task for a particle that has just ended one.
    pub(crate) fn choose(&mut self, particle: &mut Particle, random: &mut Stream) {
        let weights: [f64; 6] = std::array::from_fn(|direction| {
            let turn = direction.abs_diff(particle.direction);
            let turn = turn.min(6 - turn) as f64;
            let ledge = self.ledge(particle, direction).unwrap_or(0);
            f64::from(ledge) * (-self.setup.kinetics.turn_exponent * turn).exp()
        });
        let total: f64 = weights.iter().sum();
        if total > 0.0 {
            let direction = draw(&weights, total * unit(random.bits()));
            if direction != particle.direction {
                self.totals.turns += 1;
                let straight_on = particle.ahead(particle.direction);
                self.totals.edge_turns += u64::from(!self.has_room(straight_on));
            }
            particle.direction = direction;
            particle.task = Task::Front;
        } else if particle.base > self.setup.layers - self.setup.digging_depth {
            particle.task = Task::Dig;
            let covered = self.covered(particle.cell);
            if covered
                .into_iter()
                .all(|place| self.heights[place] < particle.base)
            {
                // Nothing is left of this layer.
                particle.base -= 1;
                self.choose(particle, random);
            }
        } else {
            particle.task = Task::Wander;
        }
    }

    /// Lists the cells that can be reduced with their rates, and the rate of the particle's moves.
    pub(crate) fn list_candidates(&mut self) {
        let mut candidates = std::mem::take(&mut self.candidates);
        candidates.clear();
        self.move_rate = 0.0;
        let reducible = self.setup.support == super::Support::Reducible;
        match self.particle {
            _ if !reducible => {}
            None if self.rates.bare_reduction > 0.0 => {
                let cells = self.mesa.cells().map(|cell| self.mesa.place(cell));
                let ledges = cells
                    .filter(|&place| self.heights[place] > 1)
                    .filter_map(|place| {
                        let neighbours = self.neighbours_as_high(place);
                        let rate = self.rates.bare_reduction * self.ledge_factor(neighbours);
                        (neighbours < 6).then_some((place, rate))
                    });
                candidates.extend(ledges);
            }
            None => {}
            Some(particle) => {
                let rated = |place| {
                    let neighbours = self.neighbours_as_high(place);
                    (place, self.rates.reduction * self.ledge_factor(neighbours))
                };
                match particle.task {
                    Task::Front => {
                        let front = self.front(&particle, particle.direction);
                        let high = front.filter(|&place| self.heights[place] > particle.base);
                        candidates.extend(high.map(rated));
                    }
                    Task::Dig => {
                        let covered = self.covered(particle.cell).into_iter();
                        let high = covered.filter(|&place| self.heights[place] >= particle.base);
                        candidates.extend(high.map(rated));
                    }
                    Task::Wander => {}
                }
                self.move_rate = match particle.task {
                    Task::Front if candidates.is_empty() => self.rates.advance,
                    Task::Wander => self.rates.reduction,
                    _ => 0.0,
                };
            }
        }
        self.candidate_rate = candidates.iter().map(|(_, rate)| rate).sum();
        self.candidates = candidates;
        if self.setup.diffusion == super::Diffusion::Equilibrated {
            self.list_growth();
        }
        self.sum_rates();
    }

    fn neighbours_as_high(&self, place: usize) -> i32 {
        (0..6)
            .filter(|&k| self.heights[self.mesa.neighbour(place, k)] >= self.heights[place])
            .count() as i32
    }

    fn ledge_factor(&self, neighbours: i32) -> f64 {
        self.rates.ledge_factor.powi(neighbours - 3)
    }

    /// Moves the particle as its task says.
    pub(crate) fn move_particle(&mut self, random: &mut Stream) {
        let Some(mut particle) = self.particle else {
            return;
        };
        let direction = match particle.task {
            Task::Wander => (random.bits() % 6) as usize,
            _ => particle.direction,
        };
        let ahead = particle.ahead(direction);
        let mut moved = false;
        if self.has_room(ahead) {
            self.totals.wanders += u64::from(particle.task == Task::Wander);
            self.uncover(particle.cell);
            particle.cell = ahead;
            particle.direction = direction;
            self.cover(ahead);
            self.push_out(random);
            self.arrived(ahead);
            moved = true;
        }
        let goes_on = particle.task == Task::Front
            && self
                .ledge(&particle, direction)
                .is_some_and(|ledge| ledge > 0);
        if !goes_on {
            self.choose(&mut particle, random);
        }
        self.particle = Some(particle);
        if moved {
            self.list_open();
        }
    }
}

/// The index whose share of the total holds a point.
fn draw(weights: &[f64], mut point: f64) -> usize {
    let mut last = 0;
    for (k, &weight) in weights.iter().enumerate() {
        if weight > 0.0 {
            last = k;
            if point < weight {
                break;
            }
            point -= weight;
        }
    }
    last
}
