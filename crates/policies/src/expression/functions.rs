//! Functions of expressions.

use jiff::{SignedDuration, Timestamp};

use super::ExpressionFailure;
use super::value::{Meter, Val, as_double, whole};
use crate::duration::duration_ms;

/// A function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Function {
    Size,
    Contains,
    StartsWith,
    EndsWith,
    LowerAscii,
    UpperAscii,
    Trim,
    Int,
    Uint,
    Double,
    Text,
    Bool,
    Dyn,
    Before,
    Plus,
    Hash,
}

/// How a function is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// `f(x)`.
    Global,
    /// `x.f()`.
    Member,
    /// Both.
    Either,
}

/// Every function: name, arguments (the one before the dot too), style.
pub(super) const FUNCTIONS: &[(&str, Function, usize, Style)] = &[
    ("size", Function::Size, 1, Style::Either),
    ("contains", Function::Contains, 2, Style::Member),
    ("startsWith", Function::StartsWith, 2, Style::Member),
    ("endsWith", Function::EndsWith, 2, Style::Member),
    ("lowerAscii", Function::LowerAscii, 1, Style::Member),
    ("upperAscii", Function::UpperAscii, 1, Style::Member),
    ("trim", Function::Trim, 1, Style::Member),
    ("int", Function::Int, 1, Style::Global),
    ("uint", Function::Uint, 1, Style::Global),
    ("double", Function::Double, 1, Style::Global),
    ("string", Function::Text, 1, Style::Global),
    ("bool", Function::Bool, 1, Style::Global),
    ("dyn", Function::Dyn, 1, Style::Global),
    ("before", Function::Before, 2, Style::Global),
    ("plus", Function::Plus, 2, Style::Global),
    ("hash", Function::Hash, 1, Style::Global),
];

impl Function {
    fn name(self) -> &'static str {
        FUNCTIONS.iter().find(|(_, function, ..)| *function == self).map_or("", |(name, ..)| name)
    }

    fn mistaken(self, found: &Val<'_>) -> ExpressionFailure {
        ExpressionFailure::new(format!("`{}` cannot be asked of {}", self.name(), found.kind()))
    }

    fn text<'v>(self, value: &'v Val<'_>) -> Result<&'v str, ExpressionFailure> {
        value.as_text().ok_or_else(|| self.mistaken(value))
    }

    pub(super) fn call<'a>(
        self,
        args: Vec<Val<'a>>,
        meter: &mut Meter,
    ) -> Result<Val<'a>, ExpressionFailure> {
        let mut args = args.into_iter();
        // Their number was checked when the expression was compiled.
        let (one, two) = (args.next().unwrap_or(Val::Null), args.next().unwrap_or(Val::Null));
        match self {
            Self::Size => match (one.size(), one.as_text()) {
                (Some(size), _) => Ok(Val::Int(i64::try_from(size).unwrap_or(i64::MAX))),
                (None, Some(text)) => {
                    meter.look(text)?;
                    Ok(Val::Int(i64::try_from(text.chars().count()).unwrap_or(i64::MAX)))
                }
                (None, None) => Err(self.mistaken(&one)),
            },
            Self::Contains | Self::StartsWith | Self::EndsWith => {
                let (text, part) = (self.text(&one)?, self.text(&two)?);
                meter.look(text)?;
                Ok(Val::Bool(match self {
                    Self::Contains => text.contains(part),
                    Self::StartsWith => text.starts_with(part),
                    _ => text.ends_with(part),
                }))
            }
            Self::LowerAscii | Self::UpperAscii | Self::Trim => {
                let text = self.text(&one)?;
                meter.look(text)?;
                meter.text(text.len())?;
                Ok(match self {
                    Self::LowerAscii => Val::made(text.to_ascii_lowercase()),
                    Self::UpperAscii => Val::made(text.to_ascii_uppercase()),
                    _ => Val::made(text.trim()),
                })
            }
            Self::Int => self.int(&one),
            Self::Uint => match self.int(&one)? {
                Val::Int(number) => {
                    u64::try_from(number).map(Val::Uint).map_err(|_| out_of_range(self.name()))
                }
                other => Ok(other),
            },
            Self::Double => match &one {
                Val::Text(text) => text.as_str().parse().map(Val::Double).map_err(|_| self.mistaken(&one)),
                number => as_double(number).map(Val::Double).ok_or_else(|| self.mistaken(&one)),
            },
            Self::Text => self.string(one, meter),
            Self::Bool => match (&one, one.as_text()) {
                (Val::Bool(value), _) => Ok(Val::Bool(*value)),
                (_, Some("true")) => Ok(Val::Bool(true)),
                (_, Some("false")) => Ok(Val::Bool(false)),
                _ => Err(self.mistaken(&one)),
            },
            Self::Dyn => Ok(one),
            Self::Before => Ok(Val::Bool(self.time(&one)? < self.time(&two)?)),
            Self::Plus => {
                let sum = self.time(&one)?.checked_add(self.duration(&two)?);
                let sum = sum.map_err(|_| out_of_range(self.name()))?;
                Ok(Val::made(format!("{sum:.3}")))
            }
            Self::Hash => {
                let value = one.into_json(meter)?.unwrap_or(serde_json::Value::Null);
                meter.text(64)?;
                Ok(Val::made(tenon_graph::canonical_hash(&value)))
            }
        }
    }

    fn int<'a>(self, value: &Val<'a>) -> Result<Val<'a>, ExpressionFailure> {
        match value {
            Val::Int(number) => Ok(Val::Int(*number)),
            Val::Uint(number) if self == Self::Uint => Ok(Val::Uint(*number)),
            Val::Uint(number) => i64::try_from(*number).map(Val::Int).map_err(|_| out_of_range(self.name())),
            // 2 to the power of 63, which no `i64` reaches.
            Val::Double(number) if number.abs() < 9_223_372_036_854_775_808.0 => Ok(Val::Int(*number as i64)),
            Val::Double(_) => Err(out_of_range(self.name())),
            Val::Text(text) => text.as_str().parse().map(Val::Int).map_err(|_| self.mistaken(value)),
            _ => Err(self.mistaken(value)),
        }
    }

    fn string<'a>(self, value: Val<'a>, meter: &mut Meter) -> Result<Val<'a>, ExpressionFailure> {
        let text = match &value {
            Val::Text(_) => return Ok(value),
            Val::Bool(value) => value.to_string(),
            Val::Double(number) => number.to_string(),
            number => whole(number).ok_or_else(|| self.mistaken(&value))?.to_string(),
        };
        meter.text(text.len())?;
        Ok(Val::made(text))
    }

    fn time(self, value: &Val<'_>) -> Result<Timestamp, ExpressionFailure> {
        let text = self.text(value)?;
        text.parse().map_err(|_| {
            ExpressionFailure::new(format!("`{}` takes times as RFC 3339 has them", self.name()))
        })
    }

    fn duration(self, value: &Val<'_>) -> Result<SignedDuration, ExpressionFailure> {
        let text = self.text(value)?;
        let (sign, text) = match text.strip_prefix('-') {
            Some(rest) => (-1, rest),
            None => (1, text),
        };
        let ms = duration_ms(text).and_then(|ms| i64::try_from(ms).ok()).ok_or_else(|| {
            ExpressionFailure::new(format!("`{}` takes a time such as '15m', '24h' or '-7d'", self.name()))
        })?;
        Ok(SignedDuration::from_millis(sign * ms))
    }
}

fn out_of_range(name: &str) -> ExpressionFailure {
    ExpressionFailure::new(format!("`{name}` gives a value that is out of range"))
}
