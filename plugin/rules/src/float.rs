//! Numbers with a fraction: from decimal digits to the nearest float, and back in the shortest digits that give the same
//! float again, as Go's `strconv` reads and writes them.
//!
//! Exact, and small: no table of powers. Most numbers are read with 64 bits; where these leave a doubt, as with all that is
//! written, [`Natural`] numbers decide.

use alloc::string::String;
use alloc::vec::Vec;
use core::cmp::Ordering;

use crate::digits;
use crate::natural::Natural;

/// How many digits can matter: a number halfway between two floats has at most 767. What is beyond them counts as one more.
const MAX_DIGITS: usize = 770;

/// The float64 that is nearest to a decimal number such as `-1.5e3`, infinite where that is too large; `None` for what is no
/// number.
pub fn read(text: &str) -> Option<f64> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, read_exponent(exponent)?),
        None => (unsigned, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = || whole.bytes().chain(fraction.bytes());
    if digits().next().is_none() || !digits().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let exponent = exponent - fraction.len() as i64;
    let size = nearest(digits().skip_while(|digit| *digit == b'0').map(|digit| digit - b'0'), exponent);
    Some(if text.starts_with('-') { -size } else { size })
}

fn read_exponent(text: &str) -> Option<i64> {
    /// Beyond what any digits make good.
    const MOST: i64 = 1 << 40;
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text).as_bytes();
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let size = digits.iter().fold(0, |size: i64, digit| MOST.min(size * 10 + i64::from(digit - b'0')));
    Some(if text.starts_with('-') { -size } else { size })
}

/// The float that is nearest to `digits × 10^exponent`; the first digit is not zero.
fn nearest(digits: impl Iterator<Item = u8>, mut exponent: i64) -> f64 {
    let mut kept: Vec<u8> = vec![];
    let mut more = false;
    for digit in digits {
        if kept.len() < MAX_DIGITS {
            kept.push(digit);
        } else {
            exponent += 1;
            more |= digit > 0;
        }
    }
    if more {
        kept.push(1);
        exponent -= 1;
    }
    let size = exponent + kept.len() as i64;
    if kept.is_empty() || size < -330 {
        return 0.0;
    }
    if size > 310 {
        return f64::INFINITY;
    }
    round(&kept, exponent as i32)
}

fn round(digits: &[u8], power: i32) -> f64 {
    /// How wrong the 64 bits can be, in the last of them: by digits that are left out, and by powers that are rounded.
    const DOUBT: u64 = 128;
    let leading = &digits[..digits.len().min(19)];
    let value = leading.iter().fold(0, |value, digit| value * 10 + u64::from(*digit));
    let Scaled { bits, exponent } = Scaled::new(value).times_ten_to(power + (digits.len() - leading.len()) as i32);
    // The smallest floats have fewer bits.
    let below = (-1022 - 63 - exponent).max(0);
    let dropped = 11 + below as u32;
    let mantissa = bits.checked_shr(dropped).unwrap_or(0);
    let half = 1u64.checked_shl(dropped - 1).unwrap_or(u64::MAX);
    let rest = bits - mantissa.checked_shl(dropped).unwrap_or(0);
    let up = if rest.abs_diff(half) > DOUBT {
        rest > half
    } else {
        let middle = (2 * mantissa + 1, exponent + dropped as i32 - 1);
        compare(digits, power, middle).then(if mantissa % 2 == 1 { Ordering::Greater } else { Ordering::Less }).is_gt()
    };
    // A mantissa that is rounded up to one bit more raises the exponent by itself.
    let biased = (exponent + 63 + 1022 + below) as u64;
    f64::from_bits(((biased << 52) + mantissa + u64::from(up)).min(f64::INFINITY.to_bits()))
}

/// Compares `digits × 10^power` with `other × 2^exponent`.
fn compare(digits: &[u8], power: i32, (other, exponent): (u64, i32)) -> Ordering {
    let (mut left, mut right) = (Natural::of_digits(digits.iter().copied()), Natural::new(other));
    if power < 0 { &mut right } else { &mut left }.scale(power.unsigned_abs());
    if exponent < 0 { &mut left } else { &mut right }.shift(exponent.unsigned_abs());
    left.compare(&right)
}

/// `bits × 2^exponent`, where the highest bit is set, or none.
#[derive(Clone, Copy)]
struct Scaled {
    bits: u64,
    exponent: i32,
}

impl Scaled {
    fn new(value: u64) -> Scaled {
        let zeros = value.leading_zeros();
        Scaled { bits: value << zeros, exponent: -(zeros as i32) }
    }

    /// Cut off.
    fn times(self, other: Scaled) -> Scaled {
        let product = u128::from(self.bits) * u128::from(other.bits);
        let zeros = product.leading_zeros();
        Scaled { bits: ((product << zeros) >> 64) as u64, exponent: self.exponent + other.exponent + 64 - zeros as i32 }
    }

    fn times_ten_to(self, power: i32) -> Scaled {
        /// 5^27, the greatest power of five that has no more than 64 bits, and so 10^27.
        const FIVE: u64 = 5u64.pow(27);
        let step = if power < 0 {
            // 10^-27, rounded.
            Scaled { bits: 0x9E74_D1B7_91E0_7E48, exponent: -153 }
        } else {
            let Scaled { bits, exponent } = Scaled::new(FIVE);
            Scaled { bits, exponent: exponent + 27 }
        };
        let rest = power.rem_euclid(27);
        let five = Scaled::new(5u64.pow(rest as u32));
        let start = self.times(Scaled { exponent: five.exponent + rest, ..five });
        (0..power.div_euclid(27).unsigned_abs()).fold(start, |product, _| product.times(step))
    }
}

/// As `encoding/json` writes a float64; `NaN` for what has no form in JSON.
pub fn json(float: f64) -> String {
    if !float.is_finite() {
        return "NaN".into();
    }
    let size = float.abs();
    if size == 0.0 || (1e-6..1e21).contains(&size) {
        return Decimal::of_f64(float).plain();
    }
    Decimal::of_f64(float).scientific(1)
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
        return Decimal::of_f32(float).plain();
    }
    Decimal::of_f32(float).scientific(2)
}

/// The shortest digits of a finite number: 0.`digits` × 10^`point`.
struct Decimal {
    negative: bool,
    /// Without zeros at either end; empty for zero.
    digits: String,
    point: i32,
}

impl Decimal {
    fn of_f64(float: f64) -> Decimal {
        Decimal::new(float.is_sign_negative(), float.abs().to_bits(), 52, 1075)
    }

    fn of_f32(float: f32) -> Decimal {
        Decimal::new(float.is_sign_negative(), float.abs().to_bits().into(), 23, 150)
    }

    /// From a float's bits without its sign: `width` of them are the mantissa's, whose last one stands for 2^(exponent - `bias`).
    fn new(negative: bool, bits: u64, width: u32, bias: i32) -> Decimal {
        let stored = bits & ((1 << width) - 1);
        let (mantissa, exponent) = match (bits >> width) as i32 {
            0 => (stored, 1 - bias),
            exponent => (stored | 1 << width, exponent - bias),
        };
        if mantissa == 0 {
            return Decimal { negative, digits: String::new(), point: 0 };
        }
        // Where the exponent has just been raised, the float below is only half as far away as the one above.
        let (digits, point) = shortest(mantissa, exponent, stored == 0 && exponent > 1 - bias);
        Decimal { negative, digits, point }
    }

    fn sign(&self) -> &'static str {
        if self.negative { "-" } else { "" }
    }

    /// Without an exponent.
    fn plain(&self) -> String {
        let (sign, digits) = (self.sign(), &self.digits);
        match usize::try_from(self.point) {
            _ if digits.is_empty() => [sign, "0"].concat(),
            Ok(0) | Err(_) => [sign, "0.", &"0".repeat(self.point.unsigned_abs() as usize), digits].concat(),
            Ok(point) if point >= digits.len() => [sign, digits, &"0".repeat(point - digits.len())].concat(),
            Ok(point) => [sign, &digits[..point], ".", &digits[point..]].concat(),
        }
    }

    /// One digit, the fraction, and the exponent with at least so many digits.
    fn scientific(&self, width: usize) -> String {
        let (first, rest) = self.digits.split_at(self.digits.len().min(1));
        let point = if rest.is_empty() { "" } else { "." };
        let exponent = self.point - 1;
        let sign = if exponent < 0 { "-" } else { "+" };
        let exponent = digits::padded(u64::from(exponent.unsigned_abs()), 10, width);
        [self.sign(), first, point, rest, "e", sign, &exponent].concat()
    }
}

/// The fewest digits that are nearer to `mantissa × 2^exponent` than to any other float, and the place of their point: of several
/// such numbers the nearest, and of two of those the even one (Steele and White's free-format algorithm).
fn shortest(mantissa: u64, exponent: i32, is_near_below: bool) -> (String, i32) {
    let is_even = mantissa.is_multiple_of(2);
    // What is left of the number, half the ways to the floats below and above, and one, all of them four times as large.
    let mut rest = Natural::new(mantissa << 2);
    let mut below = Natural::new(if is_near_below { 1 } else { 2 });
    let mut above = Natural::new(2);
    let mut one = Natural::new(4);
    if exponent < 0 {
        one.shift(exponent.unsigned_abs());
    } else {
        [&mut rest, &mut below, &mut above].into_iter().for_each(|number| number.shift(exponent.unsigned_abs()));
    }
    let reaches_one = |rest: &Natural, above: &Natural, one: &Natural| {
        let top = rest.plus(above).compare(one);
        top.is_gt() || is_even && top.is_eq()
    };
    // No more than log10 of the number, and less than one below it.
    let log = ((63 - mantissa.leading_zeros() as i32 + exponent) * 30_103).div_euclid(100_000);
    let mut point = log + 1;
    if point < 0 {
        [&mut rest, &mut below, &mut above].into_iter().for_each(|number| number.scale(point.unsigned_abs()));
    } else {
        one.scale(point.unsigned_abs());
    }
    if reaches_one(&rest, &above, &one) {
        one.scale(1);
        point += 1;
    }
    let mut digits = String::new();
    loop {
        for number in [&mut rest, &mut below, &mut above] {
            number.scale(1);
        }
        let mut digit = b'0';
        while rest.compare(&one).is_ge() {
            rest.subtract(&one);
            digit += 1;
        }
        let to_below = rest.compare(&below);
        let down = to_below.is_lt() || is_even && to_below.is_eq();
        let up = reaches_one(&rest, &above, &one);
        let nearer_up = || rest.plus(&rest).compare(&one).then(digit.cmp(&(digit & !1))).is_gt();
        digits.push(char::from(if up && (!down || nearer_up()) { digit + 1 } else { digit }));
        if down || up {
            return (digits, point);
        }
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

    /// Numbers without a pattern.
    fn noise(count: u64) -> impl Iterator<Item = u64> {
        (1..=count).map(|n| {
            let mixed = n.wrapping_mul(0x9E37_79B9_7F4A_7C15);
            (mixed ^ (mixed >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9)
        })
    }

    /// Floats of every kind: any, the smallest, powers of two and their neighbours, halves and quarters.
    fn floats() -> impl Iterator<Item = f64> {
        let powers =
            (0..2047u64).flat_map(|exponent| [(exponent << 52).wrapping_sub(1), exponent << 52, (exponent << 52) + 1]);
        let quarters = noise(1000).map(|bits| ((bits >> 13) as f64 / 4.0).to_bits());
        let bits = noise(4000).chain(noise(1000).map(|bits| bits >> 12)).chain(powers).chain(quarters).chain(1..100);
        bits.map(f64::from_bits).filter(|float| float.is_finite())
    }

    fn digits_of(text: &str) -> (String, i32) {
        let (mantissa, exponent) = text.trim_start_matches('-').split_once('e').unwrap_or((text, "0"));
        let (whole, fraction) = mantissa.trim_start_matches('-').split_once('.').unwrap_or((mantissa, ""));
        let all = [whole, fraction].concat();
        let digits = all.trim_start_matches('0');
        let point = exponent.parse::<i32>().unwrap() + whole.len() as i32 - (all.len() - digits.len()) as i32;
        (digits.trim_end_matches('0').to_owned(), point)
    }

    #[test]
    fn digits_are_the_shortest() {
        let mut buffer = ryu::Buffer::new();
        for float in floats().filter(|float| *float > 0.0) {
            let Decimal { digits, point, .. } = Decimal::of_f64(float);
            assert_eq!((digits, point), digits_of(buffer.format(float)), "{float:e}");
            assert_eq!(json(float).parse::<f64>().unwrap().to_bits(), float.to_bits());
        }
        let small = noise(4000).map(|bits| f32::from_bits(bits as u32 >> 1)).filter(|float| float.is_finite());
        for float in small.chain((1..255).map(|exponent| f32::from_bits(exponent << 23))) {
            let Decimal { digits, point, .. } = Decimal::of_f32(float);
            assert_eq!((digits, point), digits_of(buffer.format(float)), "{float:e}");
        }
    }

    #[test]
    fn digits_are_read_exactly() {
        let check = |text: &str| {
            assert_eq!(read(text).map(f64::to_bits), text.parse::<f64>().ok().map(f64::to_bits), "{text}");
        };
        for float in floats() {
            for text in [format!("{float:e}"), format!("{float:.17e}"), format!("{float:.20e}")] {
                check(&text);
            }
        }
        for float in floats().step_by(11) {
            // Just between two floats, and as little as can be beside that.
            let middle = halfway(float);
            for end in ["", "1", "000000000000000000000000000000000000001"] {
                check(&middle.replace('e', &format!("{end}e")));
            }
            check(&middle.replacen("5e", "4e", 1));
        }
        for bits in noise(4000) {
            check(&format!("{}e{}", bits >> (bits % 60), (bits % 700) as i32 - 350));
        }
        for text in [
            "",
            "-",
            ".",
            "e5",
            "1e",
            "1e+",
            "+.5",
            "-5.",
            "00.0e9",
            "1e400",
            "1e-400",
            "1e99999999999999999999",
            "0e99999999999999999999",
            "1.5.2",
            "1_0",
            "inf",
            "NaN",
            "0x1",
            "1e1.5",
            "--1",
            "+-1",
            "2.4703282292062327e-324",
            "2.4703282292062328e-324",
        ] {
            if text != "inf" && text != "NaN" {
                check(text);
            }
        }
        check(&format!("1{}e-2000", "0".repeat(2000)));
        check(&format!("0.{}1e2000", "0".repeat(1999)));
        assert_eq!((read("inf"), read("NaN")), (None, None));
    }

    /// The number halfway between a float and the next one, exactly, as a decimal with an exponent.
    fn halfway(float: f64) -> String {
        let bits = float.abs().to_bits();
        let (mantissa, exponent) = match bits >> 52 {
            0 => (bits, -1074),
            exponent => (bits & ((1 << 52) - 1) | 1 << 52, exponent as i32 - 1075),
        };
        let mut number = Natural::new(2 * mantissa + 1);
        let exponent = exponent - 1;
        // 2^-n is 5^n × 10^-n.
        match exponent {
            ..0 => (0..-exponent).for_each(|_| number.multiply_add(5, 0)),
            _ => number.shift(exponent as u32),
        }
        format!("{}e{}", number.digits(), exponent.min(0))
    }
}
