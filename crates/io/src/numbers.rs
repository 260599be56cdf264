//! Numbers as text: the shortest form that reads back to the same bits.

use std::fmt::Write as _;

/// Adds a number to a line: always with a point or an exponent, so that it stays a real number.
pub(crate) fn push_real(line: &mut String, value: f64) {
    line.push_str(zmij::Buffer::new().format(value));
}

/// Adds a whole number to a line.
pub(crate) fn push_integer(line: &mut String, value: impl std::fmt::Display) {
    // Writing to a String cannot fail.
    let _ = write!(line, "{value}");
}

/// A real number, also with the exponent letter `D` of Fortran.
pub(crate) fn parse_real(text: &str) -> Option<f64> {
    if let Ok(value) = text.parse() {
        return Some(value);
    }
    let marked = text.bytes().any(|byte| matches!(byte, b'd' | b'D'));
    let digits = text
        .bytes()
        .all(|byte| byte.is_ascii_digit() || b"+-.dD".contains(&byte));
    if marked && digits {
        return text.replace(['d', 'D'], "e").parse().ok();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reals_keep_their_bits_and_their_kind() {
        let values = [
            0.0,
            -0.0,
            1.0,
            0.1,
            1e300,
            5e-324,
            f64::MIN_POSITIVE,
            f64::MAX,
            1.0 / 3.0,
        ];
        for value in values {
            let mut text = String::new();
            push_real(&mut text, value);
            assert_eq!(parse_real(&text).unwrap().to_bits(), value.to_bits());
            assert!(text.contains(['.', 'e']), "{text}");
        }
    }

    #[test]
    fn fortran_exponents_are_read_and_words_are_not() {
        assert_eq!(parse_real("1.5D-3"), Some(1.5e-3));
        assert_eq!(parse_real("1d2"), Some(100.0));
        assert_eq!(parse_real("d"), None);
        assert_eq!(parse_real("Pd"), None);
    }
}
