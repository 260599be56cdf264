//! A table of the deck, as the definitions see it.

use super::form::{Complaint, Form};
use super::schema::{Page, Row};
use super::{Walk, language};
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
    path: String,
    /// As in TOML: `stage.ensemble`.
    header: String,
    /// `None` for a table that the deck leaves out.
    entries: Option<&'d Entries>,
    /// Where a missing key is reported.
    span: Span,
    known: Vec<&'static str>,
    /// Whether the keys are names that the writer chooses.
    has_free_keys: bool,
    /// Each with the keys that would have satisfied it.
    missing: Vec<(Vec<&'static str>, DeckError)>,
    page: usize,
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

    fn entry(&self, name: &str) -> Option<&'d Entry> {
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
        mut read: impl FnMut(&mut Table<'_, 'd>, usize) -> T,
    ) -> Vec<T> {
        let entry = self.ask(key, "list of tables", "required".to_owned());
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

    // Rules about several keys

    /// Accepts these keys without looking at their values.
    pub(crate) fn ignore(&mut self, names: &[&'static str]) {
        self.known.extend(names);
    }

    /// Number of keys that the deck gives.
    pub(crate) fn entry_count(&self) -> usize {
        self.entries.into_iter().flat_map(Entries::iter).count()
    }

    /// Whether the deck gives this key.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.entry(name).is_some()
    }

    /// Reports if none or several of these keys are given.
    pub(crate) fn exactly_one(&mut self, names: &[&'static str]) {
        let mut given: Vec<&'d Entry> = names.iter().filter_map(|name| self.entry(name)).collect();
        // The later one is reported: an override comes after the whole deck.
        given.sort_by_key(|entry| (entry.key_span.source, entry.key_span.range.start));
        match given.as_slice() {
            [_] => {}
            [] => self.miss_one_of(names),
            [first, others @ ..] => {
                for other in others {
                    let message = format!(
                        "`{}` and `{}` exclude each other{}",
                        first.key,
                        other.key,
                        self.inside()
                    );
                    let mut error = self.walk.document.error(
                        DeckErrorKind::Exclusive,
                        &other.key_span,
                        message,
                        "given as well".to_owned(),
                        Some(format!("keep one of {}", suggest::list(names, "and"))),
                    );
                    if first.key_span.source == other.key_span.source {
                        let label = format!("`{}` is given here", first.key);
                        error.also = Some((first.key_span.range.clone(), label));
                    } else {
                        error.help = Some(format!(
                            "an override adds a key; to replace the deck's `{}`, set the whole \
                             table: `--set '{}={{{} = …}}'`",
                            first.key, self.path, other.key
                        ));
                    }
                    self.walk.errors.push(error);
                }
            }
        }
    }

    /// Reports a key that makes no sense beside what was chosen.
    pub(crate) fn refuse(&mut self, name: &str, message: &str, help: &str) {
        if let Some(entry) = self.entry(name) {
            let (message, help) = (message.to_owned(), help.to_owned());
            self.walk
                .error(DeckErrorKind::Exclusive, &entry.key_span, message, "", help);
        }
    }

    /// Reports that at least one of these keys is needed.
    pub(crate) fn at_least_one(&mut self, names: &[&'static str]) {
        if !names.iter().any(|name| self.has(name)) {
            self.miss_one_of(names);
        }
    }

    fn miss_one_of(&mut self, names: &[&'static str]) {
        if self.walk.is_describing {
            return;
        }
        let list = suggest::list(names, "or");
        let message = match names {
            [name] => format!("`{name}` is missing{}", self.inside()),
            _ => format!("one of {list} is missing{}", self.inside()),
        };
        let is_table = language_row(&self.header, names[0]).is_some_and(|row| row.takes == "table");
        let help = if is_table {
            let tables: Vec<String> = names
                .iter()
                .map(|name| format!("[{}]", join(&self.header, name)))
                .collect();
            format!("add the table {}", suggest::list(&tables, "or"))
        } else {
            format!("add {list}")
        };
        self.push_missing(names.to_vec(), message, help);
    }

    /// Reports a key that is needed beside what was chosen.
    pub(crate) fn demand(&mut self, name: &'static str) {
        if !self.has(name) && !self.walk.is_describing {
            let message = format!("`{name}` is missing{}", self.inside());
            let example = language_row(&self.header, name).map_or("", |row| &row.example);
            self.push_missing(
                vec![name],
                message,
                format!("for example `{name} = {example}`"),
            );
        }
    }

    fn miss(&mut self, key: Key) {
        if self.walk.is_describing {
            return;
        }
        let message = format!("`{}` is missing{}", key.name, self.inside());
        let help = if key.example.is_empty() {
            let header = join(&self.header, key.name);
            let is_list = language()
                .iter()
                .any(|page| page.header == header && page.is_list);
            match is_list {
                true => format!("add `[[{header}]]`: {}", key.meaning),
                false => format!("add `[{header}]`: {}", key.meaning),
            }
        } else {
            format!(
                "add it: {}, for example `{} = {}`",
                key.meaning, key.name, key.example
            )
        };
        self.push_missing(vec![key.name], message, help);
    }

    fn push_missing(&mut self, names: Vec<&'static str>, message: String, help: String) {
        let label = match self.header.as_str() {
            "" => "expected after this line".to_owned(),
            _ => format!("{} belongs into this table", suggest::list(&names, "or")),
        };
        let span = self.span.clone();
        let error =
            self.walk
                .document
                .error(DeckErrorKind::MissingKey, &span, message, label, Some(help));
        self.missing.push((names, error));
    }

    /// ` in [structure.pair]`, or nothing for the top level.
    fn inside(&self) -> String {
        match self.header.as_str() {
            "" => " in the deck".to_owned(),
            header => format!(" in `[{header}]`"),
        }
    }

    // Errors by definitions

    /// Reports something about the value of a key of this table (or the table, if it is absent).
    pub(crate) fn error_at(
        &mut self,
        name: &str,
        kind: DeckErrorKind,
        message: String,
        help: impl Into<Option<String>>,
    ) {
        let span = self.span_at(name);
        self.walk.error(kind, &span, message, "", help);
    }

    /// Reports something about this table as a whole.
    pub(crate) fn error_here(
        &mut self,
        kind: DeckErrorKind,
        message: String,
        help: impl Into<Option<String>>,
    ) {
        let span = self.span.clone();
        self.walk.error(kind, &span, message, "", help);
    }

    /// Records a warning about the value of a key.
    pub(crate) fn warn_at(&mut self, name: &str, message: String, help: &str) {
        let span = self.span_at(name);
        let error = self.walk.document.error(
            DeckErrorKind::Inconsistent,
            &span,
            message,
            String::new(),
            Some(help.to_owned()),
        );
        self.walk.warnings.push(error.into_warning());
    }

    /// Reports a complaint about the name of an entry.
    pub(crate) fn complain_about_key(&mut self, entry: &Entry, complaint: Complaint) {
        self.walk.error(
            complaint.kind,
            &entry.key_span,
            complaint.message,
            &complaint.label,
            complaint.help,
        );
    }

    fn span_at(&self, name: &str) -> Span {
        self.entry(name)
            .map_or_else(|| self.span.clone(), |entry| entry.node.span.clone())
    }

    /// Reports unknown and missing keys, once all questions have been asked.
    fn finish(mut self) {
        if self.walk.is_describing {
            return;
        }
        if !self.has_free_keys {
            for entry in self.entries.into_iter().flat_map(Entries::iter) {
                if !self.known.contains(&entry.key.as_str()) {
                    self.report_unknown(entry);
                }
            }
        }
        let missing = std::mem::take(&mut self.missing);
        self.walk
            .errors
            .extend(missing.into_iter().map(|(_, error)| error));
    }

    fn report_unknown(&mut self, entry: &Entry) {
        let candidates = self.known.iter().copied().filter(|name| !self.has(name));
        let meant = suggest::nearest(&entry.key, candidates);
        let help = if let Some(meant) = meant {
            // One slip, one error: the misspelt key is not also missing.
            self.missing.retain(|(names, _)| !names.contains(&meant));
            format!("did you mean `{meant}`?")
        } else if let Some(owner) = owner_of(&entry.key, &self.header) {
            format!("`{}` is a key of {owner}", entry.key)
        } else if self.known.is_empty() {
            "this table has no keys".to_owned()
        } else {
            format!("known here: {}", suggest::list(&self.known, "and"))
        };
        let message = format!("unknown key `{}`{}", entry.key, self.inside());
        self.walk.error(
            DeckErrorKind::UnknownKey,
            &entry.key_span,
            message,
            "not known",
            help,
        );
    }
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() {
        name.to_owned()
    } else {
        format!("{path}.{name}")
    }
}

/// The tables that know a key of this name, in words.
fn owner_of(name: &str, not_here: &str) -> Option<String> {
    let owners: Vec<String> = language()
        .iter()
        .filter(|page| page.header != not_here && page.rows.iter().any(|row| row.name == name))
        .map(|page| match (page.header.as_str(), page.is_list) {
            ("", _) => "the top level, above the first table".to_owned(),
            (header, true) => format!("`[[{header}]]`"),
            (header, false) => format!("`[{header}]`"),
        })
        .collect();
    match owners.as_slice() {
        [] => None,
        [one] => Some(one.clone()),
        [first, second] => Some(format!("{first} and {second}")),
        [first, second, ..] => Some(format!("{first}, {second} and others")),
    }
}

fn language_row(header: &str, name: &str) -> Option<&'static Row> {
    let page = language().iter().find(|page| page.header == header)?;
    page.rows.iter().find(|row| row.name == name)
}
