//! Quantities such as `10Mi` (apimachinery pkg/api/resource, quantity.go): how they are read, how they are written again, and
//! what they come to as an int64.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;
use core::cmp::Ordering;

use crate::digits;

/// A quantity.
pub struct Quantity {
    /// As the kubelet writes it: in canonical form, unless it was read from nearly that.
    pub text: String,
    /// Whether it is zero as an int64 (`Value`): what does not fit may be, too.
    pub is_zero: bool,
}

impl Quantity {
    /// Below, at or above zero.
    pub fn sign(&self) -> Ordering {
        let mut digits = self.text.bytes().take_while(|byte| !byte.is_ascii_alphabetic());
        match (digits.any(|digit| matches!(digit, b'1'..=b'9')), self.text.starts_with('-')) {
            (false, _) => Ordering::Equal,
            (true, true) => Ordering::Less,
            (true, false) => Ordering::Greater,
        }
    }

    /// What stands for it in a configuration: its text, or what was read where that text comes to something else, and then
    /// [`shown`] is for those who want to see it.
    pub fn kept(self, read_from: &str) -> String {
        let same = read(&self.text).is_some_and(|again| again.is_zero == self.is_zero);
        if same { self.text } else { read_from.to_owned() }
    }
}

/// A quantity of a configuration as the kubelet writes it.
pub fn shown(kept: &str) -> String {
    read(kept).map_or_else(|| kept.to_owned(), |quantity| quantity.text)
}

/// How a quantity was written, which is also how it is written again.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Decimal,
    Binary,
    Exponent,
}

const DECIMAL_SUFFIXES: [&str; 10] = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"];
const BINARY_SUFFIXES: [&str; 7] = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];

/// Up to this many digits, the kubelet computes with an int64 (`maxInt64Factors`).
const SHORT: usize = 18;

/// `ParseQuantity`
pub fn read(text: &str) -> Option<Quantity> {
    if text.is_empty() {
        return None;
    }
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, rest) = unsigned.split_at(digits(unsigned));
    let (fraction, suffix) = match rest.strip_prefix('.') {
        Some(rest) => rest.split_at(digits(rest)),
        None => ("", rest),
    };
    let (form, power) = suffixed(suffix)?;
    let whole_digits = whole.trim_start_matches('0');
    let shifted = [if whole_digits.is_empty() { "0" } else { whole_digits }, fraction].concat();
    let number = Number {
        negative: text.starts_with('-'),
        digits: shifted.trim_start_matches('0').bytes().map(|digit| digit - b'0').collect(),
        power: match form {
            Form::Binary => -(fraction.len() as i64),
            _ => power - fraction.len() as i64,
        },
    };
    let is_short = match form {
        Form::Binary => fraction.is_empty() && shifted.len() + power as usize * 3 / 10 < 15,
        _ => shifted.len() <= SHORT && number.power >= -9,
    };
    if is_short {
        return Some(number.short(text, &shifted, form, power));
    }
    // A suffix alone is zero above, and no number here.
    (!whole.is_empty() || !fraction.is_empty()).then(|| number.long(form, power))
}

/// How many bytes a quantity is that is written as a whole number with a usual suffix.
pub fn bytes(text: &str) -> Option<i128> {
    let (whole, suffix) = text.split_at(digits(text));
    let whole = i128::from(whole.parse::<u64>().ok()?);
    match suffixed(suffix)? {
        (Form::Binary, power) => Some(whole << power),
        (Form::Decimal, power) if power >= 0 => Some(whole * 10_i128.pow(power as u32)),
        _ => None,
    }
}

fn digits(text: &str) -> usize {
    text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len())
}

/// What a suffix means: a power of ten, or of two.
fn suffixed(suffix: &str) -> Option<(Form, i64)> {
    let position = |known: &[&str]| known.iter().position(|known| *known == suffix).map(|at| at as i64);
    if let Some(at) = position(&DECIMAL_SUFFIXES) {
        return Some((Form::Decimal, at * 3 - 9));
    }
    if let Some(at) = position(&BINARY_SUFFIXES) {
        return Some((Form::Binary, at * 10));
    }
    // `strconv.ParseInt`, cut to 32 bits.
    let power = suffix.strip_prefix(['e', 'E'])?.parse::<i64>().ok()?;
    Some((Form::Exponent, i64::from(power as i32)))
}

/// `digits × 10^power`, the highest digit first and not zero.
struct Number {
    negative: bool,
    digits: Vec<u8>,
    power: i64,
}

impl Number {
    /// What the kubelet computes with an int64.
    fn short(mut self, text: &str, shifted: &str, form: Form, power: i64) -> Quantity {
        let value = self.digits.iter().fold(0, |value: i64, digit| value * 10 + i64::from(*digit));
        // Zero is in canonical form below.
        let kept = match form {
            Form::Binary => value % 8 != 0,
            _ => self.power % 3 == 0 && !shifted.ends_with("000") && !shifted.starts_with('0'),
        };
        let scale = u32::try_from(self.power).ok().map(|power| 10_i64.checked_pow(power));
        let is_zero = match (form, scale) {
            (Form::Binary, _) | (_, None) => value == 0,
            (_, Some(scale)) => scale.and_then(|scale| value.checked_mul(scale)).is_none_or(|value| value == 0),
        };
        if form == Form::Binary {
            self.times_two(power);
        }
        let text = if kept { text.to_owned() } else { self.canonical(form) };
        Quantity { text, is_zero }
    }

    /// What it computes with numbers of any size: at most nine places, and powers of two end at the largest int64.
    fn long(mut self, mut form: Form, power: i64) -> Quantity {
        if form == Form::Binary {
            self.times_two(power);
        }
        self.round_up(-9);
        if form == Form::Binary {
            let whole = self.to_i64();
            if whole.is_none() || whole == Some(i64::MAX) && self.power < 0 {
                self.digits = digits::number(i64::MAX).bytes().map(|digit| digit - b'0').collect();
                self.power = 0;
            } else if whole == Some(0) {
                form = Form::Decimal;
            }
        }
        Quantity { is_zero: self.low_bits_are_zero(), text: self.canonical(form) }
    }

    fn times_two(&mut self, power: i64) {
        let mut carry = 0_u64;
        for digit in self.digits.iter_mut().rev() {
            carry += u64::from(*digit) << power;
            *digit = (carry % 10) as u8;
            carry /= 10;
        }
        self.lead_by(carry);
    }

    fn lead_by(&mut self, mut more: u64) {
        while more > 0 {
            self.digits.insert(0, (more % 10) as u8);
            more /= 10;
        }
    }

    /// Rounds away from zero to a power of ten.
    fn round_up(&mut self, power: i64) {
        if self.power >= power {
            return;
        }
        let kept = self.digits.len().saturating_sub((power - self.power) as usize);
        let rest = self.digits.split_off(kept);
        self.power = power;
        if rest.iter().all(|digit| *digit == 0) {
            return;
        }
        for digit in self.digits.iter_mut().rev() {
            *digit = (*digit + 1) % 10;
            if *digit > 0 {
                return;
            }
        }
        self.digits.insert(0, 1);
    }

    /// The number without its places, where an int64 holds it.
    fn to_i64(&self) -> Option<i64> {
        let places = usize::try_from(-self.power).unwrap_or(0);
        let whole = &self.digits[..self.digits.len().saturating_sub(places)];
        let value = whole.iter().try_fold(0_i64, |value, digit| value.checked_mul(10)?.checked_add((*digit).into()))?;
        value.checked_mul(10_i64.checked_pow(u32::try_from(self.power.max(0)).ok()?)?)
    }

    /// Whether nothing is left of it in an int64, rounded up (`scaledValue`, scale_int.go). All has nine places there.
    fn low_bits_are_zero(&self) -> bool {
        const PLACES: i64 = 1_000_000_000;
        let low = |digits: &[u8]| {
            digits.iter().fold(0_i64, |low, digit| low.wrapping_mul(10).wrapping_add(i64::from(*digit)))
        };
        // 2^64 divides 10^64.
        let shifted = |low: i64, power: i64| (0..power.min(64)).fold(low, |low, _| low.wrapping_mul(10));
        if self.negative {
            // What is negative is always taken for small.
            let nano = shifted(low(&self.digits), self.power + 9).wrapping_neg();
            return nano / PLACES + i64::from(nano % PLACES != 0) == 0;
        }
        let places = usize::try_from(-self.power).unwrap_or(0);
        let (whole, fraction) = self.digits.split_at(self.digits.len().saturating_sub(places));
        let more = i64::from(fraction.iter().any(|digit| *digit > 0));
        shifted(low(whole), self.power).wrapping_add(more) == 0
    }

    /// `CanonicalizeBytes`
    fn canonical(mut self, form: Form) -> String {
        let sign = if self.negative { "-" } else { "" };
        while self.digits.last() == Some(&0) {
            self.digits.pop();
            self.power += 1;
        }
        if self.digits.is_empty() {
            return "0".into();
        }
        if form == Form::Binary
            && self.power >= 0
            && let Some(value) = self.to_i64().filter(|value| *value >= 1024)
        {
            let times = (value.trailing_zeros() / 10) as usize;
            return [sign, &digits::number(value >> (10 * times)), BINARY_SUFFIXES[times]].concat();
        }
        while self.power % 3 != 0 {
            self.digits.push(0);
            self.power -= 1;
        }
        let digits: String = self.digits.iter().map(|digit| char::from(b'0' + digit)).collect();
        match form {
            Form::Exponent if self.power != 0 => [sign, &digits, "e", &digits::number(self.power)].concat(),
            Form::Exponent => [sign, &digits].concat(),
            // Beyond the largest suffix there is none.
            _ => {
                let suffix = usize::try_from(self.power / 3 + 3).ok().and_then(|at| DECIMAL_SUFFIXES.get(at));
                [sign, &digits, suffix.unwrap_or(&"")].concat()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_are_written_as_the_kubelet_does() {
        for (text, written) in [
            ("1Gi", "1Gi"),
            ("1024Ki", "1Mi"),
            ("0.5Gi", "512Mi"),
            ("1000", "1k"),
            ("1024", "1024"),
            ("100m", "100m"),
            ("1500m", "1500m"),
            ("2000m", "2"),
            ("0", "0"),
            ("1e3", "1e3"),
            ("+1.500", "+1.500"),
            ("09E3", "09E3"),
            ("T", "0"),
            ("-", "0"),
            ("5000E", "5"),
            ("12e13", "120e12"),
            ("1e30", "1e30"),
            ("16Ei", "9223372036854775807"),
            (".0009Ei", "1037629354146162278400u"),
            ("18446744073709551616", "18446744073709551616"),
            ("1.00000000000000000001", "1000000001n"),
        ] {
            assert_eq!(read(text).map(|quantity| quantity.text).as_deref(), Some(written), "{text}");
        }
        for text in ["", "1Q", "1 Gi", "1.2.3", "--1", "e", "e-20", "1e", "1K", "1e99999999999999999999"] {
            assert!(read(text).is_none(), "{text}");
        }
    }

    #[test]
    fn what_an_int64_does_not_hold_may_be_zero() {
        let is_zero = |text: &str| read(text).unwrap().is_zero;
        assert!(["0", "10E", "-10E", "18446744073709551616", "1e21"].into_iter().all(is_zero));
        assert!(!["1", "1m", "9E", "8Ei", "18446744073709551617", "512Mi"].into_iter().any(is_zero));
        assert!(!is_zero("10000000000000000000"));
    }
}
