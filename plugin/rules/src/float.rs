//! Numbers with a fraction, in the shortest digits that give the same number again, as Go's `strconv` writes them.

use alloc::borrow::ToOwned;
use alloc::string::String;

use ryu::{Buffer, Float};

/// As `encoding/json` writes a float64; `NaN` for what has no form in JSON.
pub fn json(float: f64) -> String {
    if !float.is_finite() {
        return "NaN".into();
    }
    let size = float.abs();
    if size == 0.0 || (1e-6..1e21).contains(&size) {
        return Decimal::new(float).plain();
    }
    Decimal::new(float).scientific(1)
}

/// As `sigs.k8s.io/yaml` writes a float that is a key: with `strconv.FormatFloat(key, 'g', -1, 32)`.
pub fn key(float: f64) -> String {
    let float = float as f32;
    if float.is_nan() {
        return ".nan".into();
    }
    if float.is_infinite() {
        return if float > 0.0 { ".inf".into() } else { "-.inf".into() };
    }
    let size = float.abs();
    if size == 0.0 || (1e-4..1e6).contains(&size) {
        return Decimal::new(float).plain();
    }
    Decimal::new(float).scientific(2)
}

/// The shortest digits of a finite number: 0.`digits` × 10^`point`.
struct Decimal {
    negative: bool,
    /// Without zeros at either end; empty for zero.
    digits: String,
    point: i32,
}

impl Decimal {
    fn new(float: impl Float) -> Decimal {
        let mut buffer = Buffer::new();
        let text = buffer.format(float);
        let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
        let (negative, mantissa) = mantissa.strip_prefix('-').map_or((false, mantissa), |rest| (true, rest));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all = format!("{whole}{fraction}");
        let digits = all.trim_start_matches('0');
        let zeros = (all.len() - digits.len()) as i32;
        let point = exponent.parse::<i32>().unwrap_or(0) + whole.len() as i32 - zeros;
        Decimal { negative, digits: digits.trim_end_matches('0').to_owned(), point }
    }

    fn sign(&self) -> &'static str {
        if self.negative { "-" } else { "" }
    }

    /// Without an exponent.
    fn plain(&self) -> String {
        let (sign, digits) = (self.sign(), &self.digits);
        match usize::try_from(self.point) {
            _ if digits.is_empty() => format!("{sign}0"),
            Ok(0) | Err(_) => format!("{sign}0.{}{digits}", "0".repeat(self.point.unsigned_abs() as usize)),
            Ok(point) if point >= digits.len() => format!("{sign}{digits}{}", "0".repeat(point - digits.len())),
            Ok(point) => format!("{sign}{}.{}", &digits[..point], &digits[point..]),
        }
    }

    /// One digit, the fraction, and the exponent with at least so many digits.
    fn scientific(&self, width: usize) -> String {
        let (first, rest) = self.digits.split_at(self.digits.len().min(1));
        let point = if rest.is_empty() { "" } else { "." };
        let exponent = self.point - 1;
        let sign = if exponent < 0 { '-' } else { '+' };
        format!("{}{first}{point}{rest}e{sign}{:0width$}", self.sign(), exponent.unsigned_abs())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_go_writes_json() {
        let written =
            [0.0, -0.0, 1.0, -1.5, 0.8, 1234.5, 1e20, 123456789012345680000.0, 1e21, 1.5e300, 1e-6, 1.25e-7, 5e-324];
        let texts = written.map(json);
        assert_eq!(
            texts,
            [
                "0",
                "-0",
                "1",
                "-1.5",
                "0.8",
                "1234.5",
                "100000000000000000000",
                "123456789012345680000",
                "1e+21",
                "1.5e+300",
                "0.000001",
                "1.25e-7",
                "5e-324"
            ]
        );
    }

    #[test]
    fn as_go_writes_keys() {
        let written = [0.0, 0.1, 1.5, 100000.0, 1e6, 1.25e6, 1e-4, 1e-5, 123456.78, f64::NAN, f64::INFINITY, -1e300];
        let texts = written.map(key);
        assert_eq!(
            texts,
            ["0", "0.1", "1.5", "100000", "1e+06", "1.25e+06", "0.0001", "1e-05", "123456.78", ".nan", ".inf", "-.inf"]
        );
    }

    #[test]
    fn digits_give_the_number_again() {
        for bits in (0..2_000u64).map(|n| n.wrapping_mul(0x9E37_79B9_7F4A_7C15)) {
            let float = f64::from_bits(bits);
            if float.is_finite() {
                assert_eq!(json(float).parse::<f64>().unwrap().to_bits(), bits);
            }
        }
    }
}
