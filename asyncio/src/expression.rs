//! Sums and products of whole numbers, as `eval_server` evaluates them.

use std::iter::Peekable;
use std::str::Chars;

/// The value of an expression such as `(7 - 10) * 2 / -3`, in 64 bits.
///
/// It calls itself for each bracket and each sign, so `deepest` bounds the
/// stack that a line from outside can take.
///
/// # Errors
///
/// In words that can be shown to whoever wrote it.
pub fn evaluate(text: &str, deepest: u32) -> Result<i64, String> {
    let rest = text.chars().peekable();
    let mut expression = Expression { rest, depth: 0, deepest };
    let value = expression.sum()?;
    match expression.next() {
        None => Ok(value),
        extra => Err(unexpected(extra)),
    }
}

struct Expression<'a> {
    rest: Peekable<Chars<'a>>,
    depth: u32,
    deepest: u32,
}

impl Expression<'_> {
    fn sum(&mut self) -> Result<i64, String> {
        let mut value = self.product()?;
        while let Some(sign) = self.next_if_one_of("+-") {
            let operand = self.product()?;
            value = match sign {
                '+' => value.checked_add(operand),
                _ => value.checked_sub(operand),
            }
            .ok_or("overflow")?;
        }
        Ok(value)
    }

    fn product(&mut self) -> Result<i64, String> {
        let mut value = self.operand()?;
        while let Some(sign) = self.next_if_one_of("*/") {
            let operand = self.operand()?;
            value = match (sign, operand) {
                ('*', _) => value.checked_mul(operand),
                (_, 0) => return Err("division by zero".into()),
                _ => value.checked_div(operand),
            }
            .ok_or("overflow")?;
        }
        Ok(value)
    }

    fn operand(&mut self) -> Result<i64, String> {
        self.depth += 1;
        if self.depth > self.deepest {
            return Err(format!("nested deeper than {}", self.deepest));
        }
        let value = match self.next() {
            Some('-') => self.operand()?.checked_neg().ok_or("overflow")?,
            Some('(') => {
                let value = self.sum()?;
                match self.next() {
                    Some(')') => value,
                    other => return Err(unexpected(other)),
                }
            }
            Some(digit @ '0'..='9') => self.number(digit)?,
            other => return Err(unexpected(other)),
        };
        self.depth -= 1;
        Ok(value)
    }

    fn number(&mut self, first: char) -> Result<i64, String> {
        let mut digits = String::from(first);
        while let Some(digit) = self.rest.next_if(char::is_ascii_digit) {
            digits.push(digit);
        }
        digits.parse().map_err(|_| "overflow".into())
    }

    fn next(&mut self) -> Option<char> {
        while self.rest.next_if_eq(&' ').is_some() {}
        self.rest.next()
    }

    fn next_if_one_of(&mut self, signs: &str) -> Option<char> {
        while self.rest.next_if_eq(&' ').is_some() {}
        self.rest.next_if(|c| signs.contains(*c))
    }
}

fn unexpected(found: Option<char>) -> String {
    match found {
        Some(found) => format!("unexpected {found:?}"),
        None => "the line ends too early".into(),
    }
}
