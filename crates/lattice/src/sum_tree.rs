//! Choosing among many rates that change one by one.

/// Non-negative weights that can be changed and drawn from in logarithmic time.
///
/// A binary tree whose leaves are the weights and whose inner nodes are sums. A change recomputes
/// the sums above from their children, so that the sums depend on the weights alone, not on their
/// history, and no rounding accumulates.
#[derive(Debug, Clone, PartialEq)]
pub struct SumTree {
    /// Node 1 is the root; node `k` has the children `2 k` and `2 k + 1`.
    nodes: Vec<f64>,
    first_leaf: usize,
    leaves: usize,
}

impl SumTree {
    /// A tree of weights 0.
    pub fn new(leaves: usize) -> Self {
        let first_leaf = leaves.next_power_of_two().max(1);
        Self {
            nodes: vec![0.0; 2 * first_leaf],
            first_leaf,
            leaves,
        }
    }

    /// A tree of these weights, which must not be negative.
    pub fn from_weights(weights: &[f64]) -> Self {
        let mut tree = Self::new(weights.len());
        tree.nodes[tree.first_leaf..][..weights.len()].copy_from_slice(weights);
        for node in (1..tree.first_leaf).rev() {
            tree.nodes[node] = tree.nodes[2 * node] + tree.nodes[2 * node + 1];
        }
        tree
    }

    /// How many weights there are.
    pub fn len(&self) -> usize {
        self.leaves
    }

    /// Whether there is no weight.
    pub fn is_empty(&self) -> bool {
        self.leaves == 0
    }

    /// The sum of all weights.
    pub fn total(&self) -> f64 {
        self.nodes[1]
    }

    /// A weight.
    pub fn weight(&self, leaf: usize) -> f64 {
        self.nodes[self.first_leaf + leaf]
    }

    /// Changes a weight to `weight`, which must not be negative.
    pub fn set(&mut self, leaf: usize, weight: f64) {
        let mut node = self.first_leaf + leaf;
        if self.nodes[node] == weight {
            return;
        }
        self.nodes[node] = weight;
        while node > 1 {
            node /= 2;
            self.nodes[node] = self.nodes[2 * node] + self.nodes[2 * node + 1];
        }
    }

    /// The weight in whose share of the total the point `x` lies, 0 ≤ `x` < total, and how far
    /// into that share. It is never one of weight 0, provided that the total is positive.
    pub fn select(&self, mut x: f64) -> (usize, f64) {
        let mut node = 1;
        while node < self.first_leaf {
            let (left, right) = (self.nodes[2 * node], self.nodes[2 * node + 1]);
            // Rounding can put x past the end of the right side: an empty side is never entered.
            if x < left || right == 0.0 {
                node *= 2;
            } else {
                x -= left;
                node = 2 * node + 1;
            }
        }
        (node - self.first_leaf, x.min(self.nodes[node]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use frit_engine::random::{Purpose, Streams};

    #[test]
    fn points_fall_into_the_shares_of_the_weights() {
        let tree = SumTree::from_weights(&[0.5, 0.0, 2.0, 1.0, 0.0]);
        assert_eq!(tree.len(), 5);
        assert_eq!(tree.total(), 3.5);
        assert_eq!(tree.select(0.0), (0, 0.0));
        assert_eq!(tree.select(0.25), (0, 0.25));
        assert_eq!(tree.select(0.5), (2, 0.0));
        assert_eq!(tree.select(2.5), (3, 0.0));
        // Past the end, where rounding may lead.
        assert_eq!(tree.select(3.5).0, 3);
    }

    #[test]
    fn sums_do_not_remember_how_the_weights_came_about() {
        let mut stream = Streams::new(4).stream(Purpose::Test, 0, 0);
        let mut tree = SumTree::new(37);
        for _ in 0..2000 {
            let leaf = stream.below(37) as usize;
            tree.set(leaf, stream.uniform() * 10_f64.powi(stream.below(9) as i32));
        }
        let weights: Vec<f64> = (0..37).map(|leaf| tree.weight(leaf)).collect();
        assert_eq!(tree, SumTree::from_weights(&weights));
    }

    #[test]
    fn weights_are_drawn_as_often_as_they_weigh() {
        const DRAWS: usize = 100_000;
        let weights = [1.0, 0.0, 3.0, 0.5, 2.5, 1.0, 2.0];
        let tree = SumTree::from_weights(&weights);
        let mut stream = Streams::new(6).stream(Purpose::Test, 1, 0);
        let mut counts = [0_usize; 7];
        for _ in 0..DRAWS {
            counts[tree.select(stream.uniform() * tree.total()).0] += 1;
        }
        assert_eq!(counts[1], 0);
        let chi: f64 = (0..7)
            .filter(|&k| k != 1)
            .map(|k| {
                let expected = DRAWS as f64 * weights[k] / tree.total();
                (counts[k] as f64 - expected).powi(2) / expected
            })
            .sum();
        // Chi squared with 5 degrees of freedom exceeds 20.5 once in a thousand.
        assert!(chi < 20.5, "chi squared {chi}");
    }
}
