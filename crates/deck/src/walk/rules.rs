//! Rules about several keys of a table, and the words in which they are broken.

use super::form::Complaint;
use super::language;
use super::schema::Row;
use super::table::{Key, Table, join};
use crate::document::{Entries, Entry, Span};
use crate::error::DeckErrorKind;
use crate::suggest;

impl<'d> Table<'_, 'd> {
    /// Accepts these keys without looking at their values.
    pub(crate) fn ignore(&mut self, names: &[&'static str]) {
        self.known.extend(names);
    }

    /// Accepts all keys that were not asked for.
    pub(crate) fn ignore_others(&mut self) {
        self.has_free_keys = true;
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

    /// Makes keys known that were refused instead of read.
    pub(crate) fn skip(&mut self, names: &[&'static str]) {
        self.known.extend(names);
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
            let help = match language_row(&self.header, name) {
                Some(row) if row.takes == "table" => {
                    format!("add the table `[{}]`", join(&self.header, name))
                }
                Some(row) => format!("add for example `{name} = {}`", row.example),
                None => format!("add `{name}`"),
            };
            self.push_missing(vec![name], message, help);
        }
    }

    pub(super) fn miss(&mut self, key: Key) {
        if self.walk.is_describing {
            return;
        }
        let message = format!("`{}` is missing{}", key.name, self.inside());
        let meaning = lower_first(key.meaning);
        let help = if key.example.is_empty() {
            let header = join(&self.header, key.name);
            let is_list = language()
                .iter()
                .any(|page| page.header == header && page.is_list);
            match is_list {
                true => format!("add `[[{header}]]`: {meaning}"),
                false => format!("add `[{header}]`: {meaning}"),
            }
        } else {
            format!(
                "add for example `{} = {}`: {meaning}",
                key.name, key.example
            )
        };
        self.push_missing(vec![key.name], message, help);
    }

    fn push_missing(&mut self, names: Vec<&'static str>, message: String, help: String) {
        let label = match self.header.as_str() {
            "" => "expected after this line".to_owned(),
            _ => format!("{} belongs in this table", suggest::list(&names, "or")),
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
            header if self.walk.pages[self.page].is_list => format!(" in `[[{header}]]`"),
            header => format!(" in `[{header}]`"),
        }
    }

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
    pub(super) fn finish(mut self) {
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
        } else if let Some(given) = suggest::nearest(&entry.key, self.known.iter().copied()) {
            format!("did you mean `{given}`, which is given as well?")
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

/// A sentence's beginning in the middle of one; `ASCII` and `4ε` stay as they are.
fn lower_first(sentence: &str) -> String {
    let mut characters = sentence.chars();
    match (characters.next(), characters.next()) {
        (Some(first), Some(second)) if second.is_lowercase() || second == ' ' => first
            .to_lowercase()
            .chain(sentence.chars().skip(1))
            .collect(),
        _ => sentence.to_owned(),
    }
}
