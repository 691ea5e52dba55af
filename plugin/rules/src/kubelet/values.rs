//! Texts as Go and the kubelet's libraries read them: `strconv`, `time`, `encoding/csv`, `net`, labels.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

use crate::digits;

pub(crate) use crate::text::lossy as text;

/// `strconv.ParseBool`
pub fn bool(text: &str) -> Option<bool> {
    match text {
        "1" | "t" | "T" | "TRUE" | "true" | "True" => Some(true),
        "0" | "f" | "F" | "FALSE" | "false" | "False" => Some(false),
        _ => None,
    }
}

/// `strconv.ParseInt` with base 0: decimal, `0x`, `0o`, `0b`, octal by a leading zero, `_` between digits.
pub fn int(text: &str) -> Option<i64> {
    let (negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    signed(negative, uint(digits)?)
}

fn signed(negative: bool, magnitude: u64) -> Option<i64> {
    if negative { 0i64.checked_sub_unsigned(magnitude) } else { i64::try_from(magnitude).ok() }
}

/// `strconv.ParseUint` with base 0.
pub fn uint(text: &str) -> Option<u64> {
    let lower = text.to_ascii_lowercase();
    let (base, digits) = match lower.as_bytes() {
        [b'0', b'x', ..] => (16, &lower[2..]),
        [b'0', b'o', ..] => (8, &lower[2..]),
        [b'0', b'b', ..] => (2, &lower[2..]),
        [b'0', _, ..] => (8, &lower[1..]),
        _ => (10, &lower[..]),
    };
    // An underscore may stand between digits and after a base's prefix, and nowhere else (strconv.underscoreOK).
    let prefixed = base != 10;
    if digits.ends_with('_') || cut(digits, "__").is_some() || (digits.starts_with('_') && !prefixed) {
        return None;
    }
    let plain: String = digits.chars().filter(|c| *c != '_').collect();
    // Rust takes a sign here, Go does not.
    plain.chars().all(|c| c.is_digit(base)).then(|| u64::from_str_radix(&plain, base).ok())?
}

/// `strconv.ParseUint(text, 10, 31)`, the verbosity of klog.
pub fn verbosity(text: &str) -> Option<i64> {
    text.bytes().all(|c| c.is_ascii_digit()).then(|| int32(text))?
}

/// `strconv.ParseInt(text, 10, 32)`
fn int32(text: &str) -> Option<i64> {
    text.parse().ok().filter(|value| i32::try_from(*value).is_ok())
}

/// The severities of klog (`severityValue.Set`), by name in any case or as a number of 32 bits.
pub fn severity(text: &str) -> Option<i32> {
    // To Go's `strings.ToUpper`, this is an I as well.
    let name = text.replace('\u{131}', "i");
    let mut names = ["INFO", "WARNING", "ERROR", "FATAL"].iter();
    let named = names.position(|known| known.eq_ignore_ascii_case(&name));
    named.map_or_else(|| int32(text).and_then(|number| number.try_into().ok()), |number| Some(number as i32))
}

/// klog's `traceLocation.Set`: a Go file and a line, or nothing.
pub fn is_trace_location(text: &str) -> bool {
    match text.split(':').collect::<Vec<_>>()[..] {
        [""] => true,
        [file, line] => has(file, b'.') && line.parse::<i64>().is_ok_and(|line| line > 0),
        _ => false,
    }
}

/// `time.ParseDuration`, in nanoseconds.
pub fn duration(text: &str) -> Option<i64> {
    let (negative, mut rest) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    if rest == "0" {
        return Some(0);
    }
    if rest.is_empty() {
        return None;
    }
    let mut total: u64 = 0;
    while !rest.is_empty() {
        let (whole, after) = rest.split_at(digits(rest));
        let (fraction, after) = match after.strip_prefix('.') {
            Some(after) => after.split_at(digits(after)),
            None => ("", after),
        };
        if whole.is_empty() && fraction.is_empty() {
            return None;
        }
        let unit_end = after.find(|c: char| c == '.' || c.is_ascii_digit()).unwrap_or(after.len());
        let (unit, after) = after.split_at(unit_end);
        let unit = unit_nanoseconds(unit)?;
        let whole = if whole.is_empty() { 0 } else { whole.parse::<u64>().ok().filter(|value| *value <= 1 << 63)? };
        let whole = whole.checked_mul(unit).filter(|value| *value <= 1 << 63)?;
        total = total.checked_add(whole + fraction_of(fraction, unit)).filter(|value| *value <= 1 << 63)?;
        rest = after;
    }
    signed(negative, total)
}

fn digits(text: &str) -> usize {
    text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len())
}

fn unit_nanoseconds(unit: &str) -> Option<u64> {
    Some(match unit {
        "ns" => 1,
        "us" | "µs" | "μs" => 1_000,
        "ms" => 1_000_000,
        "s" => 1_000_000_000,
        "m" => 60_000_000_000,
        "h" => 3_600_000_000_000,
        _ => return None,
    })
}

/// `0.fraction × unit`, cut off. Digits beyond what an i64 holds do not count (time.leadingFraction).
fn fraction_of(fraction: &str, unit: u64) -> u64 {
    let kept = fraction.bytes().take(18).rev();
    kept.fold(0, |parts, digit| (u64::from(digit - b'0') * unit + parts) / 10)
}

/// `time.Duration.String`: `4h0m0s`, `1.5s`, `100ms`, `0s`.
pub fn format_duration(nanoseconds: i64) -> String {
    let sign = if nanoseconds < 0 { "-" } else { "" };
    let total = nanoseconds.unsigned_abs();
    if total == 0 {
        return "0s".into();
    }
    let (unit, name) = match total {
        0..1_000 => (1, "ns"),
        1_000..1_000_000 => (1_000, "µs"),
        1_000_000..1_000_000_000 => (1_000_000, "ms"),
        _ => (1_000_000_000, "s"),
    };
    if unit < 1_000_000_000 {
        return [sign, &decimal(total, unit), name].concat();
    }
    let minutes = total / 60_000_000_000;
    let seconds = decimal(total % 60_000_000_000, unit);
    let (hours, of_hour) = (digits::unsigned(minutes / 60), digits::unsigned(minutes % 60));
    match minutes {
        0 => [sign, &seconds, "s"].concat(),
        1..60 => [sign, &of_hour, "m", &seconds, "s"].concat(),
        _ => [sign, &hours, "h", &of_hour, "m", &seconds, "s"].concat(),
    }
}

/// `value / unit` as a decimal without trailing zeros; `unit` is a power of ten.
fn decimal(value: u64, unit: u64) -> String {
    let (whole, fraction) = (value / unit, value % unit);
    if fraction == 0 {
        return digits::unsigned(whole);
    }
    let width = unit.ilog10() as usize;
    let fraction = digits::padded(fraction, 10, width);
    [&*digits::unsigned(whole), ".", fraction.trim_end_matches('0')].concat()
}

/// One record of `encoding/csv`, as pflag reads a list; an empty text is an empty list.
pub fn csv(text: &str) -> Option<Vec<String>> {
    if text.is_empty() {
        return Some(vec![]);
    }
    let text = text.split_inclusive('\n').map(line).collect::<String>();
    let mut rest = text.trim_start_matches('\n');
    if rest.is_empty() {
        return None;
    }
    let mut fields = vec![];
    loop {
        let field;
        (field, rest) = if let Some(quoted) = rest.strip_prefix('"') { csv_quoted(quoted)? } else { csv_plain(rest)? };
        fields.push(field);
        match rest.strip_prefix(',') {
            Some(after) => rest = after,
            None => return Some(fields),
        }
    }
}

/// A line as `encoding/csv` reads it: with a line feed alone at its end.
fn line(line: &str) -> String {
    line.strip_suffix("\r\n").map_or_else(|| line.to_owned(), |line| [line, "\n"].concat())
}

fn csv_plain(text: &str) -> Option<(String, &str)> {
    let end = text.find([',', '\n']).unwrap_or(text.len());
    // A carriage return that ends the input belongs to the line's end.
    let field = if end == text.len() { text.strip_suffix('\r').unwrap_or(text) } else { &text[..end] };
    (!has(field, b'"')).then(|| (field.to_owned(), &text[end..]))
}

fn csv_quoted(mut text: &str) -> Option<(String, &str)> {
    let mut field = String::new();
    loop {
        let (before, after) = text.split_once('"')?;
        field.push_str(before);
        if let Some(after) = after.strip_prefix('"') {
            field.push('"');
            text = after;
        } else if after.is_empty() || after.starts_with([',', '\n']) {
            return Some((field, after));
        } else {
            return None;
        }
    }
}

/// `netutils.ParseIPSloppy`: an IP address, whose IPv4 parts may have leading zeros.
pub fn is_ip(text: &str) -> bool {
    if has(text, b':') { is_ipv6(text) } else { is_ipv4(text, |part| part.trim_start_matches('0')) }
}

/// Four numbers below 256, parted by dots. Zeros may only stand before them where `strip` takes them away.
fn is_ipv4(text: &str, strip: fn(&str) -> &str) -> bool {
    let is_byte = |part: &str| {
        let number = strip(part);
        let is_decimal = !part.is_empty() && part.bytes().all(|c| c.is_ascii_digit());
        is_decimal && (number.len() < 2 || !number.starts_with('0')) && (number.is_empty() || is_below_256(number))
    };
    text.split('.').count() == 4 && text.split('.').all(is_byte)
}

fn is_below_256(number: &str) -> bool {
    number.len() < 4 && int32(number).is_some_and(|number| number < 256)
}

/// Eight groups of hexadecimal digits, or less where `::` stands for some.
pub fn is_ipv6(text: &str) -> bool {
    match cut(text, "::") {
        None => ipv6_groups(text) == Some(8),
        Some((head, tail)) => match (ipv6_groups(head), ipv6_groups(tail)) {
            (Some(before), Some(behind)) => before + behind < 8 && !has(head, b'.'),
            _ => false,
        },
    }
}

/// How many groups these are; an IPv4 address at the end counts for two.
fn ipv6_groups(text: &str) -> Option<usize> {
    if text.is_empty() {
        return Some(0);
    }
    let (groups, last) = text.rsplit_once(':').map_or((None, text), |(groups, last)| (Some(groups), last));
    let before = groups.map_or(Some(0), |groups| groups.split(':').all(is_group).then(|| groups.split(':').count()))?;
    match last {
        _ if is_group(last) => Some(before + 1),
        _ if is_ipv4(last, |part| part) => Some(before + 2),
        _ => None,
    }
}

fn is_group(text: &str) -> bool {
    matches!(text.len(), 1..=4) && text.bytes().all(|c| c.is_ascii_hexdigit())
}

/// Whether a text has this letter: `contains`, which takes any, would bring an elaborate search.
pub fn has(text: &str, letter: u8) -> bool {
    text.bytes().any(|byte| byte == letter)
}

/// What stands before and behind a text, as `split_once` has it, which would bring an elaborate search.
pub fn cut<'a>(text: &'a str, at: &str) -> Option<(&'a str, &'a str)> {
    let start = text.as_bytes().windows(at.len()).position(|window| window == at.as_bytes())?;
    Some((&text[..start], &text[start + at.len()..]))
}

/// The text with each `from` replaced.
pub fn replaced(text: &str, from: &str, to: &str) -> String {
    let (mut out, mut rest) = (String::new(), text);
    while let Some((before, behind)) = cut(rest, from) {
        out = out + before + to;
        rest = behind;
    }
    out + rest
}

/// The major and the minor of a version such as `v1.34.4-gke.1`, as `ParseSemantic` reads it (apimachinery
/// pkg/util/version/version.go).
pub fn semantic_version(text: &str) -> Option<(u64, u64, u64)> {
    let text = text.trim().strip_prefix('v')?;
    let end = text.find(['-', '+']).unwrap_or(text.len());
    let (numbers, rest) = text.split_at(end);
    let (before, build) = rest.split_once('+').map_or((rest, None), |(before, build)| (before, Some(build)));
    let is_name = |name: &str| {
        name.split('.').all(|part| !part.is_empty() && part.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'-'))
    };
    let is_number = |name: &str| name == "0" || !name.starts_with('0') && name.bytes().all(|c| c.is_ascii_digit());
    let fine = match before.strip_prefix('-') {
        Some(name) => {
            is_name(name) && name.split('.').all(|part| part.bytes().any(|c| !c.is_ascii_digit()) || is_number(part))
        }
        None => true,
    };
    let mut numbers = numbers.split('.').map(|number| number.parse::<u64>().ok().filter(|_| is_number(number)));
    let version = (numbers.next()??, numbers.next()??, numbers.next()??);
    (fine && build.is_none_or(is_name) && numbers.next().is_none()).then_some(version)
}

/// `validation.IsQualifiedName`: an optional DNS prefix and `/`, then a name.
pub fn is_qualified_name(text: &str) -> bool {
    let (prefix, name) = text.split_once('/').map_or((None, text), |(prefix, name)| (Some(prefix), name));
    prefix.is_none_or(is_dns_subdomain) && !name.is_empty() && is_label_value(name)
}

/// `validation.IsValidLabelValue`: at most 63 letters, digits, `-`, `_` and `.`, with a letter or digit at both ends; or nothing.
pub fn is_label_value(text: &str) -> bool {
    let inner = |c: u8| c.is_ascii_alphanumeric() || b"-_.".contains(&c);
    let ends = |c: Option<&u8>| c.is_none_or(u8::is_ascii_alphanumeric);
    let bytes = text.as_bytes();
    bytes.len() <= 63 && bytes.iter().copied().all(inner) && ends(bytes.first()) && ends(bytes.last())
}

fn is_dns_subdomain(text: &str) -> bool {
    let label = |label: &str| {
        let inner = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-';
        !label.is_empty() && label.bytes().all(inner) && !label.starts_with('-') && !label.ends_with('-')
    };
    text.len() <= 253 && text.split('.').all(label)
}

/// Whether this is a time of RFC 3339, such as `2026-01-02T03:04:05Z`.
pub fn is_time(text: &str) -> bool {
    let shape: String = text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    let Some(rest) = shape.strip_prefix("0000-00-00T00:00:00") else { return false };
    let zone = match rest.strip_prefix('.') {
        Some(fraction) if fraction.starts_with('0') => fraction.trim_start_matches('0'),
        Some(_) => return false,
        None => rest,
    };
    matches!(zone, "Z" | "+00:00" | "-00:00")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn builds_have_semantic_versions() {
        for text in ["v1.34.4", "v1.34.4-gke.1", "v1.34.4+k3s1", "v1.34.4-rc.1+b-2"] {
            assert_eq!(semantic_version(text), Some((1, 34, 4)), "{text}");
        }
        for text in
            ["v", "1.34.4", "v1.34", "v1.34.04", "v1.34.4-", "v1.34.4-01", "v1.34.4-a..b", "v1.34.4.5", "v1.34.x"]
        {
            assert_eq!(semantic_version(text), None, "{text}");
        }
    }

    #[test]
    fn severities_are_known_in_any_case() {
        let known = ["info", "\u{131}NFO", "Warning", "fatal", "-3", "+3"].map(severity);
        assert_eq!(known, [Some(0), Some(0), Some(1), Some(3), Some(-3), Some(3)]);
        assert!(["", "inf", "warn\u{130}ng", "99999999999"].into_iter().all(|text| severity(text).is_none()));
    }

    #[test]
    fn integers_as_go_reads_them() {
        for (text, value) in [
            ("0156", 110),
            ("0o156", 110),
            ("0x6e", 110),
            ("1_10", 110),
            ("-0b11", -3),
            ("+7", 7),
            ("0", 0),
            ("0_7", 7),
        ] {
            assert_eq!(int(text), Some(value), "{text}");
        }
        for text in ["", "-", "abc", "1__0", "_1", "1_", "0x", "09", "1e2", "9223372036854775808", "--1", "0x-1"] {
            assert_eq!(int(text), None, "{text}");
        }
    }

    #[test]
    fn durations_as_go_reads_and_writes_them() {
        for (text, written) in [
            ("4h", "4h0m0s"),
            ("1h2m", "1h2m0s"),
            ("300ms", "300ms"),
            ("-1s", "-1s"),
            ("0", "0s"),
            ("1.5s", "1.5s"),
            (".5m", "30s"),
            ("1µs", "1µs"),
            ("90s", "1m30s"),
        ] {
            assert_eq!(duration(text).map(format_duration).as_deref(), Some(written), "{text}");
        }
        for text in ["", "300", "5 m", "m", "1d", "1h ", ".", "9223372036854775808ns", "1e3s"] {
            assert_eq!(duration(text), None, "{text}");
        }
    }

    #[test]
    fn lists_are_one_record_of_csv() {
        let list = |text| csv(text).map(|fields| fields.join("|"));
        assert_eq!(list("a, b").as_deref(), Some("a| b"));
        assert_eq!(list("\"A,B\",C").as_deref(), Some("A,B|C"));
        assert_eq!(list("a,").as_deref(), Some("a|"));
        assert_eq!(list("\"a\"\"b\"").as_deref(), Some("a\"b"));
        assert_eq!(list("a\nb").as_deref(), Some("a"));
        assert_eq!(csv(""), Some(vec![]));
        for text in ["a\"b", "\"a", "\"a\"b", "\n"] {
            assert_eq!(csv(text), None, "{text:?}");
        }
    }

    #[test]
    fn addresses_are_those_of_the_library() {
        let parts =
            ["", "0", "1", "ab", "fFfF", "12345", "g", "1.2.3.4", "1.2.3", "01.2.3.4", "256.1.1.1", "0.0.0.0", "::"];
        let mut texts: Vec<String> = parts.map(str::to_owned).to_vec();
        for _ in 0..2 {
            let longer = texts.iter().flat_map(|text| parts.iter().map(move |part| format!("{text}:{part}")));
            texts = longer.chain(texts.clone()).collect();
        }
        let counts = (0..10).flat_map(|before| (0..10).map(move |behind| "1:".repeat(before) + &":1".repeat(behind)));
        for text in texts.into_iter().chain(counts).filter(|text| text.contains(':')) {
            assert_eq!(is_ip(&text), text.parse::<core::net::Ipv6Addr>().is_ok(), "{text}");
        }
    }

    #[test]
    fn texts_are_replaced() {
        for (text, from) in [("a$b$bc", "$b"), ("aaa", "aa"), ("", "a"), ("abc", "d"), ("$x", "$x"), ("ä$xö", "$x")] {
            assert_eq!(replaced(text, from, "yö"), text.replace(from, "yö"), "{text}");
        }
    }

    #[test]
    fn addresses_may_have_leading_zeros() {
        assert!(is_ip("010.0.0.1") && is_ip("::") && is_ip("0.0.0.0"));
        assert!(!is_ip("1.2.3") && !is_ip("256.0.0.1") && !is_ip("host") && !is_ip("1..2.3"));
    }
}
