//! Potentials add.

use frit_atoms::Surroundings;

use crate::{Evaluation, EvaluationError, Potential};

/// The sum of potentials.
#[derive(Default)]
pub struct Sum {
    parts: Vec<Box<dyn Potential>>,
}

impl Sum {
    /// The sum of these potentials.
    pub fn new(parts: Vec<Box<dyn Potential>>) -> Self {
        Self { parts }
    }

    fn join(&self, text: impl Fn(&dyn Potential) -> String, separator: &str) -> String {
        let texts: Vec<String> = self.parts.iter().map(|part| text(part.as_ref())).collect();
        texts.join(separator)
    }
}

impl Potential for Sum {
    fn name(&self) -> String {
        self.join(|part| part.name(), " + ")
    }

    fn cutoff(&self) -> f64 {
        self.parts
            .iter()
            .map(|part| part.cutoff())
            .fold(0.0, f64::max)
    }

    fn describe(&self) -> String {
        self.join(|part| part.describe(), "\n")
    }

    fn kernel(&self) -> String {
        self.join(|part| part.kernel(), " + ")
    }

    fn evaluate(
        &mut self,
        surroundings: &Surroundings<'_>,
        evaluation: &mut Evaluation,
    ) -> Result<(), EvaluationError> {
        self.parts
            .iter_mut()
            .try_for_each(|part| part.evaluate(surroundings, evaluation))
    }
}
