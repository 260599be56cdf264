//! The questions that the definitions ask, noted for the reference and for suggestions.

/// One table of the language.
#[derive(Debug, Clone)]
pub(crate) struct Page {
    /// `structure.pair`; empty for the top level.
    pub(crate) header: String,
    pub(crate) meaning: &'static str,
    pub(crate) is_list: bool,
    pub(crate) rows: Vec<Row>,
}

/// One key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) name: String,
    /// What it takes: "length", "integer", "table".
    pub(crate) takes: String,
    /// What holds if it is left out.
    pub(crate) otherwise: String,
    pub(crate) meaning: &'static str,
    /// As TOML; empty for tables.
    pub(crate) example: String,
}
