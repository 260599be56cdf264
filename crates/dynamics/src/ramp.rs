//! Targets that change linearly with time.

/// A target, such as a temperature or pressure, that goes linearly from one value to another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ramp {
    from: f64,
    to: f64,
    steps: u64,
}

impl Ramp {
    /// Always the same value.
    pub fn constant(value: f64) -> Self {
        Self {
            from: value,
            to: value,
            steps: 0,
        }
    }

    /// From the value `from` at step 0 to `to` at step `steps` and after.
    pub fn linear(from: f64, to: f64, steps: u64) -> Self {
        Self { from, to, steps }
    }

    /// The value in the middle of the step that follows step `step`.
    pub fn during(&self, step: u64) -> f64 {
        if step >= self.steps {
            return self.to;
        }
        self.from + (self.to - self.from) * (step as f64 + 0.5) / self.steps as f64
    }

    /// The values at start and end.
    pub fn ends(&self) -> [f64; 2] {
        [self.from, self.to]
    }

    /// The mean over the ramp.
    pub fn mean(&self) -> f64 {
        0.5 * (self.from + self.to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ramp_is_linear_and_then_stays() {
        let ramp = Ramp::linear(300.0, 500.0, 4);
        let values = [0, 1, 2, 3, 4, 100].map(|step| ramp.during(step));
        assert_eq!(values, [325.0, 375.0, 425.0, 475.0, 500.0, 500.0]);
        assert_eq!(Ramp::constant(7.0).during(0), 7.0);
    }
}
