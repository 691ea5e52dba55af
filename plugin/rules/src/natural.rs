//! Natural numbers of any size, as far as floats need them.

use alloc::vec::Vec;
use core::cmp::Ordering;

/// A number in digits of 32 bits, the lowest first; the highest one is not zero.
#[derive(Clone)]
pub struct Natural(Vec<u32>);

impl Natural {
    /// A number.
    pub fn new(value: u64) -> Natural {
        let mut new = Natural(vec![value as u32, (value >> 32) as u32]);
        new.trim();
        new
    }

    /// The number of these decimal digits.
    pub fn of_digits(digits: impl Iterator<Item = u8>) -> Natural {
        let mut number = Natural(vec![]);
        digits.for_each(|digit| number.multiply_add(10, digit.into()));
        number
    }

    fn trim(&mut self) {
        while self.0.last() == Some(&0) {
            self.0.pop();
        }
    }

    /// `self × factor + more`
    pub fn multiply_add(&mut self, factor: u32, more: u32) {
        let mut carry = u64::from(more);
        for digit in &mut self.0 {
            carry += u64::from(*digit) * u64::from(factor);
            *digit = carry as u32;
            carry >>= 32;
        }
        if carry > 0 {
            self.0.push(carry as u32);
        }
    }

    /// `self × 10^power`
    pub fn scale(&mut self, power: u32) {
        for _ in 0..power / 9 {
            self.multiply_add(1_000_000_000, 0);
        }
        self.multiply_add(10u32.pow(power % 9), 0);
    }

    /// `self × 2^power`
    pub fn shift(&mut self, power: u32) {
        self.multiply_add(1 << (power % 32), 0);
        let zeros = if self.0.is_empty() { 0 } else { power as usize / 32 };
        let length = self.0.len();
        self.0.resize(length + zeros, 0);
        self.0.rotate_right(zeros);
    }

    /// `self + other`
    pub fn plus(&self, other: &Natural) -> Natural {
        let mut carry = 0;
        let length = self.0.len().max(other.0.len()) + 1;
        let digit = |number: &Natural, at| u64::from(number.0.get(at).copied().unwrap_or(0));
        let sum = (0..length).map(|at| {
            carry = digit(self, at) + digit(other, at) + (carry >> 32);
            carry as u32
        });
        let mut sum = Natural(sum.collect());
        sum.trim();
        sum
    }

    /// `self - other`, which is not greater.
    pub fn subtract(&mut self, other: &Natural) {
        let mut borrow = false;
        for (at, digit) in self.0.iter_mut().enumerate() {
            let (less, first) = digit.overflowing_sub(other.0.get(at).copied().unwrap_or(0));
            let (less, second) = less.overflowing_sub(borrow.into());
            (*digit, borrow) = (less, first || second);
        }
        self.trim();
    }

    /// In the order of numbers.
    pub fn compare(&self, other: &Natural) -> Ordering {
        self.0.len().cmp(&other.0.len()).then_with(|| self.0.iter().rev().cmp(other.0.iter().rev()))
    }
}

#[cfg(test)]
impl Natural {
    /// In decimal.
    pub fn digits(&self) -> String {
        let mut rest = self.clone();
        let mut digits = vec![];
        while digits.is_empty() || !rest.0.is_empty() {
            let mut left = 0;
            for digit in rest.0.iter_mut().rev() {
                let value = left << 32 | u64::from(*digit);
                (*digit, left) = ((value / 10) as u32, value % 10);
            }
            rest.trim();
            digits.push(b'0' + left as u8);
        }
        digits.into_iter().rev().map(char::from).collect()
    }
}
