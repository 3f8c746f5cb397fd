//! Numbers as text: their grammar, their order, and ranges of them.
//!
//! Whole numbers are compared digit by digit, so none is too long.

use std::cmp::Ordering;
use std::fmt;

/// Does `text` consist of an optional sign and at least one digit?
pub(super) fn is_int(text: &str) -> bool {
    is_digits(without_sign(text))
}

/// Is `text` a whole number or a decimal, with or without an exponent? There
/// are digits on both sides of a point; `nan` and `inf` are no numbers.
pub(super) fn is_float(text: &str) -> bool {
    let unsigned = without_sign(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let mantissa_ok = match mantissa.split_once('.') {
        Some((whole, part)) => is_digits(whole) && is_digits(part),
        None => is_digits(mantissa),
    };
    mantissa_ok && exponent.is_none_or(is_int)
}

/// Is `text` the id of a process or thread: digits, not starting with 0?
pub(super) fn is_pid(text: &str) -> bool {
    is_digits(text) && !text.starts_with('0')
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

fn without_sign(text: &str) -> &str {
    match text.as_bytes() {
        [b'+' | b'-', ..] => &text[1..],
        _ => text,
    }
}

/// A range of numbers, both ends included. The ends are kept as they were
/// written.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Range {
    /// The least number, if there is one.
    pub low: Option<String>,
    /// The greatest number, if there is one.
    pub high: Option<String>,
}

impl Range {
    /// Is the whole number `text` in the range?
    pub(super) fn contains_int(&self, text: &str) -> bool {
        self.contains(|end| cmp_int(text, end))
    }

    /// Is the number `text` in the range?
    pub(super) fn contains_float(&self, text: &str) -> bool {
        self.contains(|end| cmp_float(text, end))
    }

    fn contains(&self, cmp: impl Fn(&str) -> Ordering) -> bool {
        let above = |end: &String| cmp(end) != Ordering::Less;
        let below = |end: &String| cmp(end) != Ordering::Greater;
        self.low.as_ref().is_none_or(above)
            && self.high.as_ref().is_none_or(below)
    }
}

impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let low = self.low.as_deref().unwrap_or_default();
        let high = self.high.as_deref().unwrap_or_default();
        write!(f, "{low}..{high}")
    }
}

/// The order of two whole numbers of any length.
pub(super) fn cmp_int(a: &str, b: &str) -> Ordering {
    let (a_negative, a) = magnitude(a);
    let (b_negative, b) = magnitude(b);
    let by_size = a.len().cmp(&b.len()).then_with(|| a.cmp(b));
    match (a_negative, b_negative) {
        (false, false) => by_size,
        (true, true) => by_size.reverse(),
        (true, false) => Ordering::Less,
        (false, true) => Ordering::Greater,
    }
}

/// Is it below zero, and its digits without leading zeros (none for zero).
fn magnitude(text: &str) -> (bool, &[u8]) {
    let mut digits = without_sign(text).as_bytes();
    while let [b'0', rest @ ..] = digits {
        digits = rest;
    }
    (text.as_bytes().first() == Some(&b'-') && !digits.is_empty(), digits)
}

/// The order of two decimals, digit by digit.
pub(super) fn cmp_float(a: &str, b: &str) -> Ordering {
    let (a, b) = (Decimal::of(a), Decimal::of(b));
    match (a.negative, b.negative) {
        (false, true) => Ordering::Greater,
        (true, false) => Ordering::Less,
        (false, false) => a.cmp_magnitude(&b),
        (true, true) => b.cmp_magnitude(&a),
    }
}

/// A decimal as `0.DIGITS` times a power of ten. Zero has no digits.
struct Decimal {
    negative: bool,
    digits: Vec<u8>,
    power: i128,
}

impl Decimal {
    fn of(text: &str) -> Self {
        let negative = text.starts_with('-');
        let unsigned = without_sign(text);
        let (mantissa, exponent) =
            unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
        let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let mut digits = [whole, part].concat().into_bytes();
        let zeros = digits.iter().take_while(|digit| **digit == b'0').count();
        digits.drain(..zeros);
        while digits.last() == Some(&b'0') {
            digits.pop();
        }
        // What does not fit is farther from one than any number of digits.
        let most = i128::from(i64::MAX);
        let most = if exponent.starts_with('-') { -most } else { most };
        let exponent = exponent.parse::<i64>().map_or(most, i128::from);
        let point = whole.len() as i128 - zeros as i128;
        let power =
            if digits.is_empty() { i128::MIN } else { exponent + point };
        Decimal { negative: negative && !digits.is_empty(), digits, power }
    }

    fn cmp_magnitude(&self, other: &Decimal) -> Ordering {
        let by_power = self.power.cmp(&other.power);
        by_power.then_with(|| self.digits.cmp(&other.digits))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grammar() {
        for yes in ["0", "007", "+1", "-12", "123456789012345678901234567890"] {
            assert!(is_int(yes) && is_float(yes), "{yes}");
        }
        for no in ["", "+", "-", "1.", ".5", "1 ", "0x1", "١", "1_000", "--1"]
        {
            assert!(!is_int(no) && !is_float(no), "{no}");
        }
        for yes in ["0.5", "-1.25e-7", "1E5", "1e+05"] {
            assert!(!is_int(yes) && is_float(yes), "{yes}");
        }
        for no in ["nan", "inf", "-inf", "1e", "e5", "1e5.0", "1.2.3"] {
            assert!(!is_float(no), "{no}");
        }
        assert!(is_pid("1") && is_pid("4194304"));
        assert!(!is_pid("0") && !is_pid("01") && !is_pid("-1"));
    }

    #[test]
    fn order_of_whole_numbers() {
        let sorted = ["-100", "-20", "-3", "-0", "1", "+2", "010", "99"];
        for pair in sorted.windows(2) {
            assert_eq!(cmp_int(pair[0], pair[1]), Ordering::Less, "{pair:?}");
            assert_eq!(cmp_int(pair[1], pair[0]), Ordering::Greater);
        }
        assert_eq!(cmp_int("-0", "+00"), Ordering::Equal);
        let long = "9".repeat(100);
        assert_eq!(cmp_int(&long, "1"), Ordering::Greater);
    }
    #[test]
    fn order_of_decimals() {
        let sorted = [
            "-1e999999999999999999999",
            "-2.5",
            "-2",
            "-0.5",
            "-5e-999999999999999999999",
            "0",
            "5e-2",
            "0.5",
            "0.50000000000000001",
            "0.51",
            "1",
            "1.0000000000000000000000001",
            "12e0",
            "99.9",
            "0.1e3",
            "123456789012345678901234567890",
            "1e999999999999999999999",
        ];
        for (index, a) in sorted.iter().enumerate() {
            for (other, b) in sorted.iter().enumerate() {
                assert_eq!(cmp_float(a, b), index.cmp(&other), "{a} {b}");
            }
        }
        let alike = [("0", "-0.0"), ("1", "+001.00"), ("0.5", "5e-1")];
        for (a, b) in alike {
            assert_eq!(cmp_float(a, b), Ordering::Equal, "{a} {b}");
        }
    }
}
