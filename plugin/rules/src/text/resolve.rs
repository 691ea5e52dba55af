//! What a YAML scalar means, as go-yaml v2's `resolve.go` decides it, and what `sigs.k8s.io/yaml` makes of it in JSON.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::Value;
use crate::digits;
use crate::float;
use crate::message::Words;

/// A resolved scalar. Timestamps are strings, since that is what go-yaml hands out where no type is asked for.
#[derive(Debug, PartialEq)]
pub(super) enum Resolved {
    Null,
    Bool(bool),
    Int(i64),
    /// Beyond `i64`.
    Uint(u64),
    Float(f64),
    Text(String),
}

/// Resolves a scalar by its tag in long form; one without a tag is resolved by its text if it is plain.
pub(super) fn resolve(text: &str, tag: Option<&str>, implicit: bool) -> Result<Resolved, Words> {
    let Some(tag) = tag else {
        return Ok(if implicit { resolve_plain(text) } else { Resolved::Text(text.into()) });
    };
    match (tag.strip_prefix("tag:yaml.org,2002:"), resolve_plain(text)) {
        (Some("binary"), _) => decode_base64(text).map(|bytes| Resolved::Text(super::lossy(&bytes))),
        (Some("null"), Resolved::Null) => Ok(Resolved::Null),
        (Some("bool"), bool @ Resolved::Bool(_)) => Ok(bool),
        (Some("int"), int @ (Resolved::Int(_) | Resolved::Uint(_))) => Ok(int),
        (Some("float"), float @ Resolved::Float(_)) => Ok(float),
        (Some("float"), Resolved::Int(int)) => Ok(Resolved::Float(int as f64)),
        (Some("timestamp"), _) if is_timestamp(text) => Ok(Resolved::Text(text.into())),
        (Some("null" | "bool" | "int" | "float" | "timestamp"), _) => {
            Err(words!("this value does not fit its tag", "値がタグに合っていません"))
        }
        _ => Ok(Resolved::Text(text.into())),
    }
}

fn resolve_plain(text: &str) -> Resolved {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Resolved::Null,
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => {
            return Resolved::Bool(true);
        }
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            return Resolved::Bool(false);
        }
        ".nan" | ".NaN" | ".NAN" => return Resolved::Float(f64::NAN),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => return Resolved::Float(f64::INFINITY),
        "-.inf" | "-.Inf" | "-.INF" => return Resolved::Float(f64::NEG_INFINITY),
        _ => {}
    }
    let number = match text.as_bytes().first() {
        // Only here go-yaml leaves the underscores to Go, which wants digits on both sides of them.
        Some(b'.')
            if text.split('_').skip(1).all(begins_with_digit) && text.rsplit('_').skip(1).all(ends_with_digit) =>
        {
            parse_float(&text.replace('_', ""))
        }
        Some(b'+' | b'-' | b'0'..=b'9') => {
            let digits = text.replace('_', "");
            parse_int(&digits).or_else(|| parse_float(&digits)).or_else(|| parse_signed_binary(&digits))
        }
        _ => None,
    };
    number.unwrap_or_else(|| Resolved::Text(text.into()))
}

fn begins_with_digit(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_digit())
}

fn ends_with_digit(text: &str) -> bool {
    text.ends_with(|last: char| last.is_ascii_digit())
}

/// An integer with Go's prefixes, `0156` included; no sign can stand before one that only fits `u64`.
fn parse_int(text: &str) -> Option<Resolved> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (base, digits) = match unsigned.as_bytes() {
        [b'0', b'x' | b'X', _, ..] => (16, &unsigned[2..]),
        [b'0', b'o' | b'O', _, ..] => (8, &unsigned[2..]),
        [b'0', b'b' | b'B', _, ..] => (2, &unsigned[2..]),
        [b'0', _, ..] => (8, &unsigned[1..]),
        _ => (10, unsigned),
    };
    if digits.starts_with(['+', '-']) {
        return None;
    }
    let magnitude = u64::from_str_radix(digits, base).ok()?;
    if text.starts_with('-') {
        return 0i64.checked_sub_unsigned(magnitude).map(Resolved::Int);
    }
    match i64::try_from(magnitude) {
        Ok(int) => Some(Resolved::Int(int)),
        Err(_) if text.starts_with('+') => None,
        Err(_) => Some(Resolved::Uint(magnitude)),
    }
}

/// `0b-1`: an oddity of go-yaml.
fn parse_signed_binary(text: &str) -> Option<Resolved> {
    i64::from_str_radix(text.strip_prefix("0b")?, 2).ok().map(Resolved::Int)
}

fn parse_float(text: &str) -> Option<Resolved> {
    float::read(text).filter(|float| float.is_finite()).map(Resolved::Float)
}

impl Resolved {
    /// As a JSON value. NaN and the infinities have no JSON form: [`is_json_number`] tells them from numbers.
    pub(super) fn into_value(self) -> Value {
        match self {
            Resolved::Null => Value::Null,
            Resolved::Bool(bool) => Value::Bool(bool),
            Resolved::Int(int) => Value::Number(digits::number(int)),
            Resolved::Uint(uint) => Value::Number(digits::unsigned(uint)),
            Resolved::Float(float) => Value::Number(float::json(float)),
            Resolved::Text(text) => Value::String(text),
        }
    }

    /// As a key; `None` for what `sigs.k8s.io/yaml` does not take as one.
    pub(super) fn key(self) -> Option<String> {
        match self {
            Resolved::Null | Resolved::Uint(_) => None,
            Resolved::Bool(bool) => Some(bool.to_string()),
            Resolved::Int(int) => Some(digits::number(int)),
            Resolved::Float(float) => Some(float::key(float)),
            Resolved::Text(text) => Some(text),
        }
    }
}

/// Whether a number can stand in JSON.
pub(super) fn is_json_number(number: &str) -> bool {
    ends_with_digit(number)
}

/// The bytes that base64 stands for.
///
/// # Errors
/// It is not base64.
pub fn decode_base64(text: &str) -> Result<Vec<u8>, Words> {
    const INVALID: Words = words!("this is not base64", "base64 ではありません");
    let symbols: Vec<u8> = text.bytes().filter(|byte| !matches!(byte, b'\r' | b'\n')).collect();
    let padding = symbols.iter().rev().take(2).take_while(|&&byte| byte == b'=').count();
    if !symbols.len().is_multiple_of(4) {
        return Err(INVALID);
    }
    let mut bytes = Vec::with_capacity(symbols.len() / 4 * 3);
    let (mut bits, mut count) = (0u32, 0);
    for &symbol in &symbols[..symbols.len() - padding] {
        let six = match symbol {
            b'A'..=b'Z' => symbol - b'A',
            b'a'..=b'z' => symbol - b'a' + 26,
            b'0'..=b'9' => symbol - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return Err(INVALID),
        };
        bits = bits << 6 | u32::from(six);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
        }
    }
    Ok(bytes)
}

/// Whether go-yaml takes this as a timestamp; it matters only for the tag `!!timestamp`.
fn is_timestamp(text: &str) -> bool {
    parse_timestamp(text).is_some()
}

fn parse_timestamp(text: &str) -> Option<()> {
    let rest = &mut &*text;
    let year = digits(rest, 4, 4)?;
    expect(rest, &['-'])?;
    let month = digits(rest, 1, 2).filter(|month| (1..=12).contains(month))?;
    expect(rest, &['-'])?;
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    digits(rest, 1, 2).filter(|day| (1..=days).contains(day))?;
    if rest.is_empty() {
        return Some(());
    }
    let separator = expect(rest, &['T', 't', ' '])?;
    digits(rest, 1, 2).filter(|&hour| hour < 24)?;
    for _ in 0..2 {
        expect(rest, &[':'])?;
        digits(rest, 1, 2).filter(|&part| part < 60)?;
    }
    if let Some(fraction) = rest.strip_prefix(['.', ','])
        && begins_with_digit(fraction)
    {
        *rest = fraction.trim_start_matches(|digit: char| digit.is_ascii_digit());
    }
    if separator != ' ' && expect(rest, &['Z', '+', '-'])? != 'Z' {
        digits(rest, 2, 2).filter(|&hour| hour <= 24)?;
        expect(rest, &[':'])?;
        digits(rest, 2, 2).filter(|&minute| minute < 60)?;
    }
    rest.is_empty().then_some(())
}

/// Takes that many digits.
fn digits(rest: &mut &str, least: usize, most: usize) -> Option<u32> {
    let count = rest.bytes().take(most).take_while(u8::is_ascii_digit).count();
    let (number, behind) = rest.split_at(count);
    *rest = behind;
    number.parse::<u64>().ok().filter(|_| count >= least).map(|number| number as u32)
}

fn expect(rest: &mut &str, allowed: &[char]) -> Option<char> {
    let first = rest.chars().next().filter(|first| allowed.contains(first))?;
    *rest = &rest[first.len_utf8()..];
    Some(first)
}
