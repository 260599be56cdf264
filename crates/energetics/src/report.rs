//! What a recipe found, and how.

/// Mean and spread of a quantity over samples.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    /// Mean.
    pub mean: f64,
    /// Standard deviation of one sample; `None` for fewer than two.
    pub standard_deviation: Option<f64>,
    /// Standard error of the mean; `None` for fewer than two samples.
    pub standard_error: Option<f64>,
    /// Samples.
    pub samples: usize,
}

impl Spread {
    /// Of samples; of none the mean is no number.
    pub fn of(samples: &[f64]) -> Self {
        let count = samples.len() as f64;
        let mean = samples.iter().sum::<f64>() / count;
        let squares: f64 = samples.iter().map(|x| (x - mean).powi(2)).sum();
        let deviation = (samples.len() > 1).then(|| (squares / (count - 1.0)).sqrt());
        Self {
            mean,
            standard_deviation: deviation,
            standard_error: deviation.map(|deviation| deviation / count.sqrt()),
            samples: samples.len(),
        }
    }
}

/// One quantity of a report.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// What it is, in words of the field.
    pub name: String,
    /// Its unit; empty for a pure number.
    pub unit: &'static str,
    /// The value, over samples where there are several.
    pub value: Spread,
}

impl Finding {
    /// A quantity with one value.
    pub fn one(name: impl Into<String>, value: f64, unit: &'static str) -> Self {
        Self::over(name, &[value], unit)
    }

    /// A quantity with several samples.
    pub fn over(name: impl Into<String>, samples: &[f64], unit: &'static str) -> Self {
        Self {
            name: name.into(),
            unit,
            value: Spread::of(samples),
        }
    }
}

/// A number of things, such as `1 atom` or `2 atoms`.
pub fn counted(count: u64, thing: &str) -> String {
    format!("{count} {thing}{}", if count == 1 { "" } else { "s" })
}

/// What a recipe found, with the recipe.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Report {
    /// What was done, for people: structure, sizes, relaxation.
    pub recipe: Vec<String>,
    /// What was found.
    pub findings: Vec<Finding>,
    /// The samples behind it.
    pub samples: Samples,
}

/// A table of samples.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Samples {
    /// Names and units of the columns.
    pub columns: Vec<(String, &'static str)>,
    /// Rows.
    pub rows: Vec<Vec<f64>>,
}

impl Samples {
    /// A table with these columns.
    pub fn new(columns: &[(&str, &'static str)]) -> Self {
        let columns = columns
            .iter()
            .map(|(name, unit)| ((*name).to_owned(), *unit));
        Self {
            columns: columns.collect(),
            rows: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spread_is_that_of_the_textbook() {
        let spread = Spread::of(&[1.0, 2.0, 3.0, 4.0]);
        assert_eq!(spread.mean, 2.5);
        // sum of squares 5, over 3; over the root of 4.
        assert!((spread.standard_deviation.unwrap() - (5.0_f64 / 3.0).sqrt()).abs() < 1e-15);
        assert!((spread.standard_error.unwrap() - (5.0_f64 / 3.0).sqrt() / 2.0).abs() < 1e-15);
        assert_eq!(Spread::of(&[7.0]).standard_error, None);
    }
}
