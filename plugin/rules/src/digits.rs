//! Numbers as texts. What the standard library has for this comes with all that `format!` can do besides, which is a good part
//! of a small component.

use alloc::string::String;
use alloc::vec::Vec;

/// An integer.
pub fn number(value: i64) -> String {
    let digits = unsigned(value.unsigned_abs());
    if value < 0 { ["-", &digits].concat() } else { digits }
}

/// An integer that is not negative.
pub fn unsigned(value: u64) -> String {
    padded(value, 10, 1)
}

/// An integer in a base up to ten, with zeros before it to so many digits.
pub fn padded(value: u64, base: u64, width: usize) -> String {
    let mut rest = value;
    let mut digits = Vec::new();
    while rest > 0 || digits.len() < width {
        digits.push((rest % base) as u8);
        rest /= base;
    }
    digits.iter().rev().map(|digit| char::from(b'0' + digit)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_those_of_the_library() {
        for value in [0, 1, 9, 10, -1, 1234567890123, i64::MAX, i64::MIN] {
            assert_eq!(number(value), value.to_string());
        }
        assert_eq!(unsigned(u64::MAX), u64::MAX.to_string());
        assert_eq!((padded(0o644, 8, 4), padded(7, 10, 3), padded(0, 8, 1)), ("0644".into(), "007".into(), "0".into()));
    }
}
