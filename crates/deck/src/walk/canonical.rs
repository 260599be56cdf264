//! The resolved deck as text: every default filled in, in the order of the definitions.

use std::fmt::Write as _;

/// The values that a walk arrived at.
#[derive(Debug, Clone, Default)]
pub(crate) struct Canonical {
    tables: Vec<CanonicalTable>,
}

#[derive(Debug, Clone)]
struct CanonicalTable {
    header: String,
    is_list: bool,
    parent: Option<usize>,
    has_children: bool,
    lines: Vec<(String, String)>,
}

impl Canonical {
    /// Begins a table and returns its number.
    pub(crate) fn open(&mut self, header: &str, is_list: bool, parent: Option<usize>) -> usize {
        if let Some(parent) = parent {
            self.tables[parent].has_children = true;
        }
        self.tables.push(CanonicalTable {
            header: header.to_owned(),
            is_list,
            parent,
            has_children: false,
            lines: Vec::new(),
        });
        self.tables.len() - 1
    }

    /// Notes a value; a later note of the same key replaces it.
    pub(crate) fn set(&mut self, table: usize, key: &str, value: String) {
        let lines = &mut self.tables[table].lines;
        match lines.iter_mut().find(|(known, _)| known == key) {
            Some((_, old)) => *old = value,
            None => lines.push((key.to_owned(), value)),
        }
    }

    /// Takes a value out that another one replaces.
    pub(crate) fn remove(&mut self, table: usize, key: &str) {
        self.tables[table].lines.retain(|(known, _)| known != key);
    }

    pub(crate) fn to_toml(&self) -> String {
        let mut text = String::new();
        for table in &self.tables {
            let is_root = table.parent.is_none();
            // `[structure]` says nothing when only `[structure.pair]` has values; an empty
            // variant such as `[stage.ensemble.nve]` says everything.
            let is_silent = table.lines.is_empty() && table.has_children && !table.is_list;
            if !is_root && !is_silent {
                let (open, close) = if table.is_list {
                    ("[[", "]]")
                } else {
                    ("[", "]")
                };
                let gap = if text.is_empty() { "" } else { "\n" };
                writeln!(text, "{gap}{open}{}{close}", table.header).expect("writing to a string");
            }
            for (key, value) in &table.lines {
                writeln!(text, "{key} = {value}").expect("writing to a string");
            }
        }
        text
    }
}
