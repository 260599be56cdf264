//! "Did you mean", and lists in sentences.

/// The candidate that the writer of `word` most likely meant.
pub(crate) fn nearest<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let plain = plain(word);
    let allowed = (plain.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .filter_map(|candidate| {
            let other = self::plain(candidate);
            let distance = strsim::damerau_levenshtein(&plain, &other);
            // Abbreviations: `temp` for `temperature`. One letter abbreviates nothing.
            let is_beginning = plain.chars().count() >= 3 && other.starts_with(&plain);
            let is_near = distance <= allowed && distance < other.chars().count();
            (is_near || is_beginning).then_some((distance.min(allowed), candidate))
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Case, `_` and `-` are not what makes two words different.
fn plain(word: &str) -> String {
    word.to_lowercase().replace(['_', ' '], "-")
}

/// `` `a`, `b` or `c` ``.
pub(crate) fn list<T: AsRef<str>>(words: &[T], conjunction: &str) -> String {
    let quoted: Vec<String> = words
        .iter()
        .map(|word| format!("`{}`", word.as_ref()))
        .collect();
    match quoted.split_last() {
        None => String::new(),
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} {conjunction} {last}", others.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_case_and_abbreviations() {
        let keys = ["gap", "gap-set", "axis", "temperature", "temperature-end"];
        assert_eq!(nearest("gapp", keys), Some("gap"));
        assert_eq!(nearest("gap_set", keys), Some("gap-set"));
        assert_eq!(nearest("Axis", keys), Some("axis"));
        assert_eq!(nearest("temp", keys), Some("temperature"));
        assert_eq!(nearest("tempearture", keys), Some("temperature"));
        assert_eq!(nearest("colour", keys), None);
    }

    #[test]
    fn lists_read_as_sentences() {
        assert_eq!(list(&["a"], "or"), "`a`");
        assert_eq!(list(&["a", "b", "c"], "and"), "`a`, `b` and `c`");
    }
}
