//! A text with a name, of which errors quote no more than a person wants to see.

use std::ops::Range;

use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

use crate::error::Location;

/// The text of a deck or of an override.
///
/// Lines are found without reading the text again, and what is quoted around a mistake is cut to a
/// window: neither many mistakes nor long lines make errors slow or long.
#[derive(Debug)]
pub(crate) struct Source {
    name: String,
    text: String,
    /// Where lines begin; at least the first.
    line_starts: Vec<usize>,
}

/// Most bytes that are marked: the caret stands at the beginning of longer values.
const MOST_MARKED: usize = 120;
/// Most bytes that are quoted on each side of what is marked.
const MOST_AROUND: usize = 120;

impl Source {
    pub(crate) fn new(name: String, text: String) -> Self {
        let line_starts = std::iter::once(0)
            .chain(text.match_indices('\n').map(|(newline, _)| newline + 1))
            .collect();
        Self {
            name,
            text,
            line_starts,
        }
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Line of an offset, from 1.
    pub(crate) fn line(&self, offset: usize) -> usize {
        self.line_starts.partition_point(|&start| start <= offset)
    }

    pub(crate) fn location(&self, offset: usize) -> Location {
        let offset = self.floor_boundary(offset);
        let line = self.line(offset);
        Location {
            file: self.name.clone(),
            line,
            column: self.column(offset) + 1,
        }
    }

    /// What is marked of a range: at most the rest of its first line, and not much of that.
    pub(crate) fn marked(&self, range: &Range<usize>) -> Range<usize> {
        let start = self.floor_boundary(range.start);
        let most = (start + MOST_MARKED).min(self.line_range(self.line(start)).end);
        start..self.floor_boundary(range.end.min(most)).max(start)
    }

    /// Characters between the beginning of the line and an offset on a boundary.
    fn column(&self, offset: usize) -> usize {
        let start = self.line_starts[self.line(offset) - 1];
        self.text[start..offset].chars().count()
    }

    /// A line, counted from 1, without its newline.
    fn line_range(&self, line: usize) -> Range<usize> {
        let start = self.line_starts[line - 1];
        let end = self
            .line_starts
            .get(line)
            .map_or(self.text.len(), |next| next - 1);
        start..end
    }

    /// The largest character boundary that is not behind `offset`.
    fn floor_boundary(&self, offset: usize) -> usize {
        let mut offset = offset.min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        offset
    }

    /// What is quoted around a range: whole lines if they are short.
    fn window(&self, range: &Range<usize>, before: usize, after: usize) -> Range<usize> {
        let is_short =
            |line: &usize| self.line_range(*line).len() <= MOST_AROUND + MOST_MARKED + MOST_AROUND;
        let (first, last) = (self.line(range.start), self.line(range.end));
        let earlier = (first.saturating_sub(before).max(1)..first)
            .rev()
            .take_while(is_short)
            .last();
        let start = match earlier {
            Some(line) if is_short(&first) => self.line_range(line).start,
            _ => {
                let line = self.line_range(first).start;
                match is_short(&first) {
                    true => line,
                    false => line.max(self.floor_boundary(range.start.saturating_sub(MOST_AROUND))),
                }
            }
        };
        let later = (last + 1..=(last + after).min(self.line_starts.len()))
            .take_while(is_short)
            .last();
        let end = match later {
            Some(line) if is_short(&last) => self.line_range(line).end,
            _ => {
                let line = self.line_range(last).end;
                match is_short(&last) {
                    true => line,
                    false => line.min(self.floor_boundary(range.end + MOST_AROUND)),
                }
            }
        };
        start..end.max(start)
    }
}

impl SourceCode for Source {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let start = span.offset();
        let end = start + span.len();
        if end > self.text.len()
            || !self.text.is_char_boundary(start)
            || !self.text.is_char_boundary(end)
        {
            return Err(MietteError::OutOfBounds);
        }
        // Without context, the contents are asked for the place of the span alone.
        let window = match (before, after) {
            (0, 0) => start..end,
            _ => self.window(&(start..end), before, after),
        };
        let line = self.line(window.start);
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.clone(),
            &self.text.as_bytes()[window.clone()],
            (window.start, window.len()).into(),
            line - 1,
            self.column(window.start),
            self.line(window.end) - line,
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(text: &str) -> Source {
        Source::new("deck.toml".to_owned(), text.to_owned())
    }

    fn quoted(source: &Source, range: Range<usize>) -> (String, usize) {
        let contents = source
            .read_span(&(range.start, range.len()).into(), 1, 1)
            .unwrap();
        (
            String::from_utf8(contents.data().to_vec()).unwrap(),
            contents.line(),
        )
    }

    #[test]
    fn short_lines_are_quoted_with_their_neighbours() {
        let source = source("a = 1\nb = Å2\nc = 3\nd = 4\n");
        assert_eq!(
            quoted(&source, 6..7),
            ("a = 1\nb = Å2\nc = 3".to_owned(), 0)
        );
        assert_eq!(source.location(12).to_string(), "deck.toml:2:6");
        assert_eq!(source.location(99).to_string(), "deck.toml:5:1");
    }

    #[test]
    fn long_lines_are_cut_around_the_mark() {
        let long = "Å".repeat(100_000);
        let source = source(&format!("{long}\nb = {long}!{long}\nc = 3\n"));
        let at = 200_001 + 4 + 200_000;
        let marked = source.marked(&(at..at + 100_000));
        assert_eq!(marked.len(), MOST_MARKED - 1);
        let (text, line) = quoted(&source, marked);
        assert_eq!(line, 1);
        assert!(text.len() <= 3 * 120 && text.contains('!'), "{text}");
        assert!(!text.contains('\n'));
    }

    #[test]
    fn a_value_of_many_lines_is_marked_on_its_first() {
        let source = source("a = [\n1,\n2,\n]\n");
        assert_eq!(source.marked(&(4..13)), 4..5);
        assert_eq!(source.marked(&(5..13)), 5..5);
    }
}
