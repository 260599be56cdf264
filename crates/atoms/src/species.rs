//! A kind of atom.

/// A kind of atom: the name by which potentials are matched, and its mass.
#[derive(Debug, Clone, PartialEq)]
pub struct Species {
    /// Name, usually an element's symbol.
    pub name: String,
    /// Mass [u].
    pub mass: f64,
}

impl Species {
    /// The element of this symbol with its standard atomic weight; `None` if there is none.
    pub fn of_element(symbol: &str) -> Option<Self> {
        crate::element(symbol).map(|element| Self {
            name: element.symbol.to_owned(),
            mass: element.mass,
        })
    }
}
