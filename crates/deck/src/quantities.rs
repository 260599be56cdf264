//! Files of quantities with units: what one method learns for another.
//!
//! ```toml
//! [[quantity]]
//! name = "surface diffusivity"
//! value = "4.6e-13 m^2/s"
//! uncertainty = "1e-13 m^2/s"
//! source = "molecular dynamics of Cu(111) at 773 K, msd.run"
//! ```
//!
//! Names are words of the field; whoever reads a file asks for a name and a kind, and the unit is
//! checked then. `uncertainty` and `source` may be left out.

use std::path::{Path, PathBuf};

use frit_units::{Kind, Quantity};

use crate::walk::form::quoted;

/// One quantity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedQuantity {
    /// What it is.
    pub name: String,
    /// Number and unit.
    pub value: String,
    /// Standard uncertainty, number and unit.
    pub uncertainty: Option<String>,
    /// Where it comes from.
    pub source: Option<String>,
}

/// A file of quantities.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct QuantityFile {
    quantities: Vec<NamedQuantity>,
    path: PathBuf,
}

/// Why a file of quantities cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QuantityFileError {
    /// It is no such file.
    #[error(
        "{path}: {problem}; a file of quantities is a list of [[quantity]] with `name` and `value = \"number unit\"`"
    )]
    Form {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        problem: String,
    },
    /// There is no such quantity.
    #[error("{path} has no quantity \"{name}\"; it has {known}")]
    Missing {
        /// The file.
        path: PathBuf,
        /// The name asked for.
        name: String,
        /// The names it has.
        known: String,
    },
    /// A value is none, or of another dimension.
    #[error("{path}, \"{name}\": {problem}")]
    Value {
        /// The file.
        path: PathBuf,
        /// The quantity.
        name: String,
        /// What is wrong.
        problem: String,
    },
}

impl QuantityFile {
    /// A file from its text; `path` names it in messages.
    ///
    /// # Errors
    /// Says what is wrong with it.
    pub fn parse(path: &Path, text: &str) -> Result<Self, QuantityFileError> {
        let form = |problem: String| QuantityFileError::Form {
            path: path.to_owned(),
            problem,
        };
        let table: toml::Table = text
            .parse()
            .map_err(|error: toml::de::Error| form(error.message().to_owned()))?;
        let mut quantities: Vec<NamedQuantity> = Vec::new();
        for (key, value) in &table {
            let list = value.as_array().filter(|_| key == "quantity");
            let list = list.ok_or_else(|| form(format!("unknown key `{key}`")))?;
            for entry in list {
                let entry = entry
                    .as_table()
                    .ok_or_else(|| form("an entry of `quantity` is no table".to_owned()))?;
                let quantity = one(entry).map_err(form)?;
                if quantities.iter().any(|known| known.name == quantity.name) {
                    return Err(form(format!("\"{}\" stands there twice", quantity.name)));
                }
                quantities.push(quantity);
            }
        }
        Ok(Self {
            quantities,
            path: path.to_owned(),
        })
    }

    /// A file of these quantities, to be written.
    #[must_use]
    pub fn new(quantities: Vec<NamedQuantity>) -> Self {
        Self {
            quantities,
            path: PathBuf::new(),
        }
    }

    /// All quantities, in their order.
    #[must_use]
    pub fn quantities(&self) -> &[NamedQuantity] {
        &self.quantities
    }

    /// The value of a quantity, if the file has it.
    ///
    /// # Errors
    /// It is no quantity of this kind.
    pub fn find<K: Kind>(&self, name: &str) -> Result<Option<Quantity<K>>, QuantityFileError> {
        let Some(found) = self.quantities.iter().find(|known| known.name == name) else {
            return Ok(None);
        };
        let value = found
            .value
            .parse()
            .map_err(
                |error: frit_units::QuantityError| QuantityFileError::Value {
                    path: self.path.clone(),
                    name: name.to_owned(),
                    problem: error.to_string(),
                },
            )?;
        Ok(Some(value))
    }

    /// The value of a quantity that must be there.
    ///
    /// # Errors
    /// It is missing or no quantity of this kind.
    pub fn get<K: Kind>(&self, name: &str) -> Result<Quantity<K>, QuantityFileError> {
        self.find(name)?.ok_or_else(|| QuantityFileError::Missing {
            path: self.path.clone(),
            name: name.to_owned(),
            known: match self.quantities.as_slice() {
                [] => "none".to_owned(),
                some => {
                    let names: Vec<String> = some
                        .iter()
                        .map(|known| format!("\"{}\"", known.name))
                        .collect();
                    names.join(", ")
                }
            },
        })
    }

    /// The text of the file.
    #[must_use]
    pub fn to_toml(&self) -> String {
        let entry = |quantity: &NamedQuantity| {
            let mut text = format!(
                "[[quantity]]\nname = {}\nvalue = {}\n",
                quoted(&quantity.name),
                quoted(&quantity.value)
            );
            let further = [
                ("uncertainty", &quantity.uncertainty),
                ("source", &quantity.source),
            ];
            for (key, value) in further {
                if let Some(value) = value {
                    text += &format!("{key} = {}\n", quoted(value));
                }
            }
            text
        };
        let entries: Vec<String> = self.quantities.iter().map(entry).collect();
        entries.join("\n")
    }
}

fn one(entry: &toml::Table) -> Result<NamedQuantity, String> {
    let text = |key: &str| match entry.get(key) {
        None => Ok(None),
        Some(toml::Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(format!("`{key}` is no text in quotes")),
    };
    const KEYS: [&str; 4] = ["name", "value", "uncertainty", "source"];
    if let Some(key) = entry.keys().find(|key| !KEYS.contains(&key.as_str())) {
        return Err(format!(
            "unknown key `{key}`; known are {}",
            KEYS.join(", ")
        ));
    }
    Ok(NamedQuantity {
        name: text("name")?.ok_or("an entry has no `name`")?,
        value: text("value")?.ok_or("an entry has no `value`")?,
        uncertainty: text("uncertainty")?,
        source: text("source")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use frit_units::kind;

    #[test]
    fn what_is_written_is_read_again() {
        let file = QuantityFile::new(vec![
            NamedQuantity {
                name: "surface diffusivity".to_owned(),
                value: "4.6e-13 m^2/s".to_owned(),
                uncertainty: Some("1e-13 m^2/s".to_owned()),
                source: Some("a \"run\"".to_owned()),
            },
            NamedQuantity {
                name: "neck time".to_owned(),
                value: "465 ps".to_owned(),
                uncertainty: None,
                source: None,
            },
        ]);
        let again = QuantityFile::parse(Path::new(""), &file.to_toml()).unwrap();
        assert_eq!(again, file);
        let time = again.get::<kind::Time>("neck time").unwrap();
        assert_eq!(time.in_picoseconds(), 465.0);
        assert!(again.get::<kind::Length>("neck time").is_err());
        let missing = again.get::<kind::Length>("gap").unwrap_err().to_string();
        assert!(
            missing.contains("\"surface diffusivity\", \"neck time\""),
            "{missing}"
        );
        assert_eq!(again.find::<kind::Length>("gap").unwrap(), None);
    }

    #[test]
    fn other_files_are_refused() {
        let bad = |text: &str| QuantityFile::parse(Path::new("q.toml"), text).unwrap_err();
        for text in [
            "x = 1",
            "[[quantity]]\nname = \"a\"\n",
            "[[quantity]]\nname = \"a\"\nvalue = 3\n",
            "[[quantity]]\nname = \"a\"\nvalue = \"1 s\"\nunit = \"s\"\n",
            "[[quantity]]\nname = \"a\"\nvalue = \"1 s\"\n[[quantity]]\nname = \"a\"\nvalue = \"1 s\"\n",
        ] {
            assert!(
                bad(text).to_string().starts_with("q.toml: "),
                "{}",
                bad(text)
            );
        }
    }
}
