//! A table of the deck, as the definitions see it.

use super::Walk;
use super::form::{Complaint, Form};
use super::schema::{Page, Row};
use crate::document::{Entries, Entry, Node, Span, Value, parse_literal};
use crate::error::{DeckError, DeckErrorKind};
use crate::suggest;

/// Name, meaning and example of a key.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Key {
    pub(crate) name: &'static str,
    /// One sentence or phrase for the reference.
    pub(crate) meaning: &'static str,
    /// As TOML; empty for tables.
    pub(crate) example: &'static str,
}

/// A key with a value.
pub(crate) const fn key(name: &'static str, meaning: &'static str, example: &'static str) -> Key {
    Key {
        name,
        meaning,
        example,
    }
}

/// A key that is a table.
pub(crate) const fn table(name: &'static str, meaning: &'static str) -> Key {
    Key {
        name,
        meaning,
        example: "",
    }
}

/// One of several tables that exclude each other.
pub(crate) struct Variant<T> {
    pub(crate) key: Key,
    pub(crate) read: fn(&mut Table<'_, '_>) -> Option<T>,
}

/// A table of the deck: answers the definitions' questions and records what is wrong.
pub(crate) struct Table<'w, 'd> {
    pub(crate) walk: &'w mut Walk<'d>,
    /// With the numbers of list elements: `stage.0.ensemble`.
    pub(super) path: String,
    /// As in TOML: `stage.ensemble`.
    pub(super) header: String,
    /// `None` for a table that the deck leaves out.
    pub(super) entries: Option<&'d Entries>,
    /// Where a missing key is reported.
    pub(super) span: Span,
    pub(super) known: Vec<&'static str>,
    /// Whether the keys are names that the writer chooses.
    pub(super) has_free_keys: bool,
    /// Each with the keys that would have satisfied it.
    pub(super) missing: Vec<(Vec<&'static str>, DeckError)>,
    pub(super) page: usize,
    canonical: usize,
}

/// A table to visit.
struct Visit<'d> {
    path: String,
    header: String,
    meaning: &'static str,
    is_list: bool,
    parent: Option<usize>,
    entries: Option<&'d Entries>,
    span: Span,
}

impl<'w, 'd> Table<'w, 'd> {
    pub(crate) fn visit_root<T>(
        walk: &'w mut Walk<'d>,
        entries: &'d Entries,
        span: Span,
        read: impl FnOnce(&mut Table<'_, 'd>) -> T,
    ) -> T {
        let visit = Visit {
            path: String::new(),
            header: String::new(),
            meaning: "The whole deck.",
            is_list: false,
            parent: None,
            entries: Some(entries),
            span,
        };
        Table::visit(walk, visit, read)
    }

    fn visit<T>(
        walk: &mut Walk<'d>,
        visit: Visit<'d>,
        read: impl FnOnce(&mut Table<'_, 'd>) -> T,
    ) -> T {
        walk.pages.push(Page {
            header: visit.header.clone(),
            meaning: visit.meaning,
            is_list: visit.is_list,
            rows: Vec::new(),
        });
        let page = walk.pages.len() - 1;
        let canonical = walk
            .canonical
            .open(&visit.header, visit.is_list, visit.parent);
        let mut table = Table {
            walk,
            path: visit.path,
            header: visit.header,
            entries: visit.entries,
            span: visit.span,
            known: Vec::new(),
            has_free_keys: false,
            missing: Vec::new(),
            page,
            canonical,
        };
        let value = read(&mut table);
        table.finish();
        value
    }

    // Values

    /// A key that must be there.
    pub(crate) fn required<F: Form>(&mut self, key: Key, form: &F) -> Option<F::Value> {
        let entry = self.ask(key, &form.takes(), "required".to_owned());
        if entry.is_none() {
            self.miss(key);
        }
        self.answer(key, form, entry?)
    }

    /// A key that may be left out; `otherwise` says what holds then.
    pub(crate) fn optional<F: Form>(
        &mut self,
        key: Key,
        form: &F,
        otherwise: &str,
    ) -> Option<F::Value> {
        let entry = self.ask(key, &form.takes(), otherwise.to_owned());
        self.answer(key, form, entry?)
    }

    /// A key with a default, given as TOML.
    pub(crate) fn default<F: Form>(&mut self, key: Key, form: &F, default: &str) -> F::Value {
        let entry = self.ask(key, &form.takes(), format!("`{default}`"));
        let node = parse_literal(default).expect("a default is TOML");
        let value = form
            .read(&node, &mut Vec::new())
            .expect("a default has its key's form");
        let value = entry
            .and_then(|entry| self.answer(key, form, entry))
            .unwrap_or(value);
        self.record(key.name, form.write(&value));
        value
    }

    fn answer<F: Form>(&mut self, key: Key, form: &F, entry: &'d Entry) -> Option<F::Value> {
        let mut complaints = Vec::new();
        let value = form.read(&entry.node, &mut complaints);
        for complaint in complaints {
            self.complain(&entry.node, complaint);
        }
        if let Some(value) = &value {
            self.record(key.name, form.write(value));
        }
        value
    }

    fn complain(&mut self, node: &Node, complaint: Complaint) {
        let range = complaint.range.unwrap_or_else(|| node.span.range.clone());
        let span = Span {
            source: node.span.source,
            range,
        };
        self.walk.error(
            complaint.kind,
            &span,
            complaint.message,
            &complaint.label,
            complaint.help,
        );
    }

    /// Notes a question, and looks the key up.
    fn ask(&mut self, key: Key, takes: &str, otherwise: String) -> Option<&'d Entry> {
        self.known.push(key.name);
        self.walk.pages[self.page].rows.push(Row {
            name: key.name.to_owned(),
            takes: takes.to_owned(),
            otherwise,
            meaning: key.meaning,
            example: key.example.to_owned(),
        });
        self.entry(key.name)
    }

    pub(super) fn entry(&self, name: &str) -> Option<&'d Entry> {
        self.entries?.get(name)
    }

    /// Notes a value for the canonical text.
    pub(crate) fn record(&mut self, name: &str, value: String) {
        self.walk.canonical.set(self.canonical, name, value);
    }

    /// Takes a value out of the canonical text that another key expresses.
    pub(crate) fn forget(&mut self, name: &str) {
        self.walk.canonical.remove(self.canonical, name);
    }

    // Tables in this one

    /// A table that must be there.
    pub(crate) fn required_table<T>(
        &mut self,
        key: Key,
        read: impl FnOnce(&mut Table<'_, 'd>) -> Option<T>,
    ) -> Option<T> {
        let entry = self.ask(key, "table", "required".to_owned());
        if entry.is_none() && !self.walk.is_describing {
            self.miss(key);
            return None;
        }
        self.child(key, entry, read)
    }

    /// A table that may be left out; `otherwise` says what holds then.
    pub(crate) fn optional_table<T>(
        &mut self,
        key: Key,
        otherwise: &str,
        read: impl FnOnce(&mut Table<'_, 'd>) -> Option<T>,
    ) -> Option<T> {
        let entry = self.ask(key, "table", otherwise.to_owned());
        if entry.is_none() && !self.walk.is_describing {
            return None;
        }
        self.child(key, entry, read)
    }

    /// A table whose keys all have defaults.
    pub(crate) fn default_table<T>(
        &mut self,
        key: Key,
        read: impl FnOnce(&mut Table<'_, 'd>) -> Option<T>,
    ) -> Option<T> {
        let entry = self.ask(key, "table", "its defaults".to_owned());
        self.child(key, entry, read)
    }

    fn child<T>(
        &mut self,
        key: Key,
        entry: Option<&'d Entry>,
        read: impl FnOnce(&mut Table<'_, 'd>) -> Option<T>,
    ) -> Option<T> {
        let entries = match entry {
            Some(entry) => Some(self.table_in(key.name, entry)?),
            None => None,
        };
        let visit = Visit {
            path: join(&self.path, key.name),
            header: join(&self.header, key.name),
            meaning: key.meaning,
            is_list: false,
            parent: Some(self.canonical),
            entries,
            span: entry.map_or_else(|| self.span.clone(), |entry| entry.node.span.clone()),
        };
        Table::visit(self.walk, visit, read)
    }

    /// The entries of a value that must be a table.
    fn table_in(&mut self, name: &str, entry: &'d Entry) -> Option<&'d Entries> {
        if let Some(entries) = entry.node.as_table() {
            return Some(entries);
        }
        let header = join(&self.header, name);
        let help = match &entry.node.value {
            Value::Text { text, .. } if !text.contains(char::is_whitespace) => {
                format!("if \"{text}\" is meant as a variant, write the table `[{header}.{text}]`")
            }
            Value::Array(_) => format!("there is only one: write `[{header}]`"),
            _ => format!("write it as a table, `[{header}]`, with keys on the lines below"),
        };
        let message = format!("`{name}` is a table; found {}", entry.node.value.describe());
        self.walk.error(
            DeckErrorKind::WrongType,
            &entry.node.span,
            message,
            "",
            help,
        );
        None
    }

    /// At most one of several tables; the others are reported.
    pub(crate) fn variants<T>(&mut self, variants: &[Variant<T>]) -> Option<T> {
        let names: Vec<&'static str> = variants.iter().map(|variant| variant.key.name).collect();
        let otherwise = match names.as_slice() {
            [_] => "required".to_owned(),
            _ => format!("exactly one of {}", suggest::list(&names, "and")),
        };
        let mut value = None;
        for variant in variants {
            let entry = self.ask(variant.key, "table", otherwise.clone());
            if entry.is_some() || self.walk.is_describing {
                let read = self.child(variant.key, entry, |table| (variant.read)(table));
                value = value.or(read);
            }
        }
        self.exactly_one(&names);
        value
    }

    /// A list of tables, `[[name]]`; the visitor also gets the number of the element, from 0.
    pub(crate) fn list<T>(
        &mut self,
        key: Key,
        read: impl FnMut(&mut Table<'_, 'd>, usize) -> T,
    ) -> Vec<T> {
        let entry = self.ask(key, "list of tables", "required".to_owned());
        self.elements(key, entry, read)
    }

    /// A list of tables that may be left out; `otherwise` says what holds then.
    pub(crate) fn optional_list<T>(
        &mut self,
        key: Key,
        otherwise: &str,
        read: impl FnMut(&mut Table<'_, 'd>, usize) -> T,
    ) -> Vec<T> {
        let entry = self.ask(key, "list of tables", otherwise.to_owned());
        if entry.is_none() && !self.walk.is_describing {
            return Vec::new();
        }
        self.elements(key, entry, read)
    }

    fn elements<T>(
        &mut self,
        key: Key,
        entry: Option<&'d Entry>,
        mut read: impl FnMut(&mut Table<'_, 'd>, usize) -> T,
    ) -> Vec<T> {
        let header = join(&self.header, key.name);
        let parent = self.canonical;
        let visit = |path: String, entries: Option<&'d Entries>, span: Span| Visit {
            path,
            header: header.clone(),
            meaning: key.meaning,
            is_list: true,
            parent: Some(parent),
            entries,
            span,
        };
        if self.walk.is_describing {
            let visit = visit(header.clone(), None, self.span.clone());
            return vec![Table::visit(self.walk, visit, |table| read(table, 0))];
        }
        let Some(entry) = entry else {
            self.miss(Key {
                name: key.name,
                meaning: key.meaning,
                example: "",
            });
            return Vec::new();
        };
        let Some(nodes) = entry.node.as_array() else {
            let message = format!(
                "`{}` is a list of tables; found {}",
                key.name,
                entry.node.value.describe()
            );
            let help = format!("write `[[{header}]]`, with two brackets, once for each");
            self.walk.error(
                DeckErrorKind::WrongType,
                &entry.node.span,
                message,
                "",
                help,
            );
            return Vec::new();
        };
        if nodes.is_empty() {
            let message = format!("`{}` is empty", key.name);
            let help = format!("add at least one `[[{header}]]`");
            self.walk.error(
                DeckErrorKind::MissingKey,
                &entry.node.span,
                message,
                "",
                help,
            );
        }
        let mut values = Vec::new();
        for (index, node) in nodes.iter().enumerate() {
            let Some(entries) = node.as_table() else {
                let message = format!("expected a table; found {}", node.value.describe());
                let help = format!("write `[[{header}]]`, with two brackets, once for each");
                self.walk
                    .error(DeckErrorKind::WrongType, &node.span, message, "", help);
                continue;
            };
            let path = format!("{header}.{index}");
            let visit = visit(path, Some(entries), node.span.clone());
            values.push(Table::visit(self.walk, visit, |table| read(table, index)));
        }
        values
    }

    /// Tables whose names the writer chooses; `placeholder` stands for them in the reference.
    pub(crate) fn named_tables<T>(
        &mut self,
        placeholder: &'static str,
        meaning: &'static str,
        mut read: impl FnMut(&mut Table<'_, 'd>, &'d Entry) -> T,
    ) -> Vec<T> {
        self.has_free_keys = true;
        self.ask(
            table(placeholder, meaning),
            "table",
            "at least one".to_owned(),
        );
        let mut values = Vec::new();
        let mut given: Vec<&'d Entry> = self.entries.into_iter().flat_map(Entries::iter).collect();
        // Sorted, so that the order in the text does not change the canonical text.
        given.sort_by(|first, second| first.key.cmp(&second.key));
        for entry in given {
            let Some(entries) = self.table_in(&entry.key, entry) else {
                continue;
            };
            let visit = Visit {
                path: join(&self.path, &entry.key),
                header: join(&self.header, &entry.key),
                meaning,
                is_list: false,
                parent: Some(self.canonical),
                entries: Some(entries),
                span: entry.node.span.clone(),
            };
            values.push(Table::visit(self.walk, visit, |table| read(table, entry)));
        }
        values
    }

    /// Values whose names the writer chooses; `placeholder` stands for them in the reference.
    pub(crate) fn named_values<F: Form>(
        &mut self,
        placeholder: Key,
        form: &F,
    ) -> Vec<(&'d Entry, F::Value)> {
        self.has_free_keys = true;
        self.ask(placeholder, &form.takes(), "at least one".to_owned());
        let mut values = Vec::new();
        for entry in self.entries.into_iter().flat_map(Entries::iter) {
            let mut complaints = Vec::new();
            let value = form.read(&entry.node, &mut complaints);
            for complaint in complaints {
                self.complain(&entry.node, complaint);
            }
            values.extend(value.map(|value| (entry, value)));
        }
        values
    }

    /// Only in the description of the language: a table with a placeholder for its name.
    pub(crate) fn describe_named<T>(
        &mut self,
        placeholder: &'static str,
        meaning: &'static str,
        read: impl FnOnce(&mut Table<'_, 'd>) -> T,
    ) {
        if !self.walk.is_describing {
            return;
        }
        let visit = Visit {
            path: join(&self.path, placeholder),
            header: join(&self.header, placeholder),
            meaning,
            is_list: false,
            parent: Some(self.canonical),
            entries: None,
            span: self.span.clone(),
        };
        Table::visit(self.walk, visit, read);
    }
}

pub(super) fn join(path: &str, name: &str) -> String {
    if path.is_empty() {
        name.to_owned()
    } else {
        format!("{path}.{name}")
    }
}
