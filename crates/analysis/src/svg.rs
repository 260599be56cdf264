//! The few elements of SVG that plots and pictures are made of.

use std::fmt::Write;

/// Fonts asked for, the first that is there is taken.
const FONTS: &str = "Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif";

/// Where a text stands relative to its point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Anchor {
    Start,
    Middle,
    End,
}

/// How a text looks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct TextStyle {
    pub(crate) anchor: Anchor,
    pub(crate) size: f64,
    pub(crate) colour: &'static str,
    pub(crate) weight: &'static str,
}

/// How a line looks; an empty `dash` is solid.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Stroke {
    pub(crate) colour: &'static str,
    pub(crate) width: f64,
    pub(crate) dash: &'static str,
}

/// An SVG document in the making, in pixels from the upper left corner.
pub(crate) struct Svg {
    body: String,
    size: [f64; 2],
}

impl Svg {
    pub(crate) fn new(size: [f64; 2]) -> Self {
        let mut svg = Self {
            body: String::new(),
            size,
        };
        svg.rectangle([0.0, 0.0], size, "#ffffff");
        svg
    }

    /// Adds ready elements.
    pub(crate) fn push(&mut self, elements: &str) {
        self.body.push_str(elements);
        self.body.push('\n');
    }

    pub(crate) fn rectangle(&mut self, corner: [f64; 2], size: [f64; 2], fill: &str) {
        let [x, y, width, height] = [corner[0], corner[1], size[0], size[1]].map(number);
        self.push(&format!(
            r#"<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="{fill}"/>"#
        ));
    }

    pub(crate) fn line(&mut self, from: [f64; 2], to: [f64; 2], stroke: Stroke) {
        let [x1, y1, x2, y2] = [from[0], from[1], to[0], to[1]].map(number);
        self.push(&format!(
            r#"<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" {}/>"#,
            attributes(stroke)
        ));
    }

    /// A filled circle.
    pub(crate) fn dot(&mut self, centre: [f64; 2], radius: f64, fill: &str) {
        let [x, y, r] = [centre[0], centre[1], radius].map(number);
        self.push(&format!(
            r#"<circle cx="{x}" cy="{y}" r="{r}" fill="{fill}"/>"#
        ));
    }

    /// An open circle.
    pub(crate) fn ring(&mut self, centre: [f64; 2], radius: f64, colour: &str) {
        let [x, y, r] = [centre[0], centre[1], radius].map(number);
        self.push(&format!(
            r#"<circle cx="{x}" cy="{y}" r="{r}" fill="none" stroke="{colour}" stroke-width="1.3"/>"#
        ));
    }

    /// Straight lines through points; each part is drawn by itself, a part of one point as a dot.
    pub(crate) fn path(&mut self, parts: &[Vec<[f64; 2]>], stroke: Stroke) {
        let mut path = String::new();
        for part in parts {
            for (k, point) in part.iter().enumerate() {
                let letter = if k == 0 { 'M' } else { 'L' };
                path.push(letter);
                path.push_str(&point.map(number).join(" "));
            }
            if let [only] = part.as_slice() {
                // A line of no length with round ends is a dot.
                path.push('L');
                path.push_str(&only.map(number).join(" "));
            }
        }
        if !path.is_empty() {
            self.push(&format!(
                r#"<path d="{path}" fill="none" stroke-linejoin="round" stroke-linecap="round" {}/>"#,
                attributes(stroke)
            ));
        }
    }

    pub(crate) fn text(&mut self, at: [f64; 2], style: TextStyle, content: &str) {
        let [x, y] = at.map(number);
        let anchor = match style.anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        };
        self.push(&format!(
            r#"<text x="{x}" y="{y}" text-anchor="{anchor}" font-size="{}" font-weight="{}" fill="{}">{}</text>"#,
            number(style.size),
            style.weight,
            style.colour,
            escape(content)
        ));
    }

    /// The document; `title` is read out by screen readers and shown by browsers.
    pub(crate) fn finish(self, title: &str) -> String {
        let [width, height] = self.size.map(number);
        let title = escape(title);
        let mut document = String::new();
        // Writing to a String cannot fail.
        let _ = write!(
            document,
            r#"<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" font-family="{FONTS}" role="img">
<title>{title}</title>
{}</svg>
"#,
            self.body
        );
        document
    }
}

fn attributes(stroke: Stroke) -> String {
    let dash = if stroke.dash.is_empty() {
        String::new()
    } else {
        format!(r#" stroke-dasharray="{}""#, stroke.dash)
    };
    let width = number(stroke.width);
    format!(r#"stroke="{}" stroke-width="{width}"{dash}"#, stroke.colour)
}

/// Width [pixels] that a text takes at most, in the fonts asked for; for keeping texts apart.
pub(crate) fn text_width(content: &str, size: f64) -> f64 {
    // The widest of the fonts, DejaVu Sans, needs 0.58 of the size for a letter on average.
    0.58 * size * content.chars().count() as f64
}

/// A coordinate to a hundredth of a pixel, without trailing zeros.
pub(crate) fn number(value: f64) -> String {
    let text = format!("{value:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" {
        "0".to_owned()
    } else {
        text.to_owned()
    }
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            // XML 1.0 cannot hold other control characters in any form.
            control if control.is_control() => escaped.push(' '),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short_and_texts_safe() {
        assert_eq!(number(1.5), "1.5");
        assert_eq!(number(-0.001), "0");
        assert_eq!(number(120.0), "120");
        assert_eq!(
            escape("a < b & \"c\"\u{7}"),
            "a &lt; b &amp; &quot;c&quot; "
        );
    }
}
