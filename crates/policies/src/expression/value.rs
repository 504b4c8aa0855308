//! Values while they are worked out: borrowed from the scope wherever they can be.

use std::cmp::Ordering;
use std::rc::Rc;

use serde_json::{Map, Number, Value};

use super::ExpressionFailure;
use super::limits::{RESULT_BYTES_MAX, RESULT_VALUES_MAX, STEPS_MAX, TEXT_BYTES_MAX};

/// A value.
#[derive(Debug, Clone)]
pub(super) enum Val<'a> {
    Absent,
    Null,
    Bool(bool),
    Int(i64),
    Uint(u64),
    Double(f64),
    Text(Text<'a>),
    List(Rc<Vec<Val<'a>>>),
    Map(Rc<Vec<(Text<'a>, Val<'a>)>>),
    /// An array or an object of the scope.
    Json(&'a Value),
}

/// A text, of the scope or made.
#[derive(Debug, Clone)]
pub(super) enum Text<'a> {
    Borrowed(&'a str),
    Made(Rc<str>),
}

impl Text<'_> {
    pub(super) fn as_str(&self) -> &str {
        match self {
            Self::Borrowed(text) => text,
            Self::Made(text) => text,
        }
    }
}

/// What one evaluation may still do.
#[derive(Debug)]
pub(super) struct Meter {
    steps: u32,
    text_bytes: usize,
    result_values: usize,
    result_bytes: usize,
}

impl Meter {
    pub(super) fn new() -> Self {
        Self {
            steps: STEPS_MAX,
            text_bytes: TEXT_BYTES_MAX,
            result_values: RESULT_VALUES_MAX,
            result_bytes: RESULT_BYTES_MAX,
        }
    }

    /// Takes steps.
    pub(super) fn steps(&mut self, count: usize) -> Result<(), ExpressionFailure> {
        let left = u32::try_from(count).ok().and_then(|count| self.steps.checked_sub(count));
        self.steps = left.ok_or_else(|| {
            self.steps = 0;
            ExpressionFailure::limit(format!("the expression takes more than {STEPS_MAX} steps"))
        })?;
        Ok(())
    }

    /// Takes the steps of a look at a text: a step is some sixty-four bytes.
    pub(super) fn look(&mut self, text: &str) -> Result<(), ExpressionFailure> {
        self.steps(text.len() / 64)
    }

    /// Takes text that is made.
    pub(super) fn text(&mut self, bytes: usize) -> Result<(), ExpressionFailure> {
        self.text_bytes = self.text_bytes.checked_sub(bytes).ok_or_else(|| {
            ExpressionFailure::limit(format!("the expression makes more than {TEXT_BYTES_MAX} bytes of text"))
        })?;
        Ok(())
    }

    fn result(&mut self, values: usize, bytes: usize) -> Result<(), ExpressionFailure> {
        let left = self.result_values.checked_sub(values).zip(self.result_bytes.checked_sub(bytes));
        let (values, bytes) = left.ok_or_else(|| {
            ExpressionFailure::limit(format!(
                "the expression gives more than {RESULT_VALUES_MAX} values or {RESULT_BYTES_MAX} bytes"
            ))
        })?;
        (self.result_values, self.result_bytes) = (values, bytes);
        Ok(())
    }
}

impl<'a> Val<'a> {
    /// A value of the scope.
    pub(super) fn of(value: &'a Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(value) => Self::Bool(*value),
            Value::String(text) => Self::Text(Text::Borrowed(text)),
            Value::Number(number) => match (number.as_i64(), number.as_u64()) {
                (Some(number), _) => Self::Int(number),
                (None, Some(number)) => Self::Uint(number),
                (None, None) => Self::Double(number.as_f64().unwrap_or(f64::NAN)),
            },
            Value::Array(_) | Value::Object(_) => Self::Json(value),
        }
    }

    pub(super) fn made(text: impl Into<Rc<str>>) -> Self {
        Self::Text(Text::Made(text.into()))
    }

    /// What messages call it.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Absent => "nothing",
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Int(_) | Self::Uint(_) => "a whole number",
            Self::Double(_) => "a number",
            Self::Text(_) => "a text",
            Self::List(_) | Self::Json(Value::Array(_)) => "a list",
            Self::Map(_) | Self::Json(_) => "an object",
        }
    }

    pub(super) fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text.as_str()),
            _ => None,
        }
    }

    /// The value of a member; nothing where there is none, whatever it is looked for in.
    pub(super) fn member(&self, name: &str) -> Option<Val<'a>> {
        match self {
            Self::Json(value) => value.as_object()?.get(name).map(Val::of),
            Self::Map(members) => {
                members.iter().find(|(known, _)| known.as_str() == name).map(|(_, value)| value.clone())
            }
            _ => None,
        }
    }

    /// The items of a list, or the names of an object's members: what comprehensions walk.
    pub(super) fn items(&self) -> Option<Vec<Val<'a>>> {
        Some(match self {
            Self::List(items) => items.as_ref().clone(),
            Self::Map(members) => members.iter().map(|(name, _)| Val::Text(name.clone())).collect(),
            Self::Json(Value::Array(items)) => items.iter().map(Val::of).collect(),
            Self::Json(Value::Object(members)) => {
                members.keys().map(|name| Val::Text(Text::Borrowed(name))).collect()
            }
            _ => return None,
        })
    }

    /// Items or members, a count.
    pub(super) fn size(&self) -> Option<usize> {
        match self {
            Self::List(items) => Some(items.len()),
            Self::Map(members) => Some(members.len()),
            Self::Json(Value::Array(items)) => Some(items.len()),
            Self::Json(Value::Object(members)) => Some(members.len()),
            _ => None,
        }
    }

    pub(super) fn is_list(&self) -> bool {
        matches!(self, Self::List(_) | Self::Json(Value::Array(_)))
    }

    /// An item of a list.
    pub(super) fn item(&self, index: usize) -> Option<Val<'a>> {
        match self {
            Self::List(items) => items.get(index).cloned(),
            Self::Json(Value::Array(items)) => items.get(index).map(Val::of),
            _ => None,
        }
    }

    /// Equal as JSON is: numbers by their value, lists by their items, objects by their members in
    /// any order; values of different types are not equal, and that is no error.
    pub(super) fn equals(&self, other: &Val<'a>, meter: &mut Meter) -> Result<bool, ExpressionFailure> {
        meter.steps(1)?;
        Ok(match (self, other) {
            (Self::Null | Self::Absent, Self::Null | Self::Absent) => true,
            (Self::Bool(one), Self::Bool(two)) => one == two,
            (Self::Text(one), Self::Text(two)) => {
                meter.look(one.as_str())?;
                one.as_str() == two.as_str()
            }
            _ if self.size().is_some() && other.size().is_some() => return self.equals_deep(other, meter),
            _ => compare_numbers(self, other) == Some(Ordering::Equal),
        })
    }

    fn equals_deep(&self, other: &Val<'a>, meter: &mut Meter) -> Result<bool, ExpressionFailure> {
        if self.is_list() != other.is_list() || self.size() != other.size() {
            return Ok(false);
        }
        for (index, item) in self.items().unwrap_or_default().iter().enumerate() {
            let (one, two) = match (self.is_list(), item) {
                (false, Val::Text(name)) => (self.member(name.as_str()), other.member(name.as_str())),
                _ => (Some(item.clone()), other.item(index)),
            };
            match (one, two) {
                (Some(one), Some(two)) if one.equals(&two, meter)? => {}
                _ => return Ok(false),
            }
        }
        Ok(true)
    }

    /// Which comes first; `None` for values that have no order.
    pub(super) fn order(&self, other: &Val<'a>) -> Option<Ordering> {
        match (self, other) {
            (Self::Bool(one), Self::Bool(two)) => Some(one.cmp(two)),
            (Self::Text(one), Self::Text(two)) => Some(one.as_str().cmp(two.as_str())),
            _ => compare_numbers(self, other),
        }
    }

    /// The value as JSON; `None` for `absent`.
    pub(super) fn into_json(self, meter: &mut Meter) -> Result<Option<Value>, ExpressionFailure> {
        let text_bytes = self.as_text().map_or(0, str::len);
        meter.result(1, text_bytes)?;
        Ok(Some(match self {
            Self::Absent => return Ok(None),
            Self::Null => Value::Null,
            Self::Bool(value) => Value::Bool(value),
            Self::Int(number) => Value::from(number),
            Self::Uint(number) => Value::from(number),
            Self::Double(number) => match Number::from_f64(number) {
                Some(number) => Value::Number(number),
                None => return Err(ExpressionFailure::new("the number is infinite, or none at all")),
            },
            Self::Text(text) => Value::String(text.as_str().to_owned()),
            Self::Json(value) => {
                count(value, meter)?;
                value.clone()
            }
            Self::List(items) => {
                let items =
                    items.iter().map(|item| Ok(item.clone().into_json(meter)?.unwrap_or(Value::Null)));
                Value::Array(items.collect::<Result<_, ExpressionFailure>>()?)
            }
            Self::Map(members) => {
                let mut out = Map::with_capacity(members.len());
                for (name, value) in members.iter() {
                    meter.result(0, name.as_str().len())?;
                    if let Some(value) = value.clone().into_json(meter)? {
                        out.insert(name.as_str().to_owned(), value);
                    }
                }
                Value::Object(out)
            }
        }))
    }
}

fn count(value: &Value, meter: &mut Meter) -> Result<(), ExpressionFailure> {
    match value {
        Value::String(text) => meter.result(1, text.len()),
        Value::Array(items) => {
            meter.result(1, 0)?;
            items.iter().try_for_each(|item| count(item, meter))
        }
        Value::Object(members) => {
            meter.result(1, 0)?;
            members.iter().try_for_each(|(name, member)| {
                meter.result(0, name.len())?;
                count(member, meter)
            })
        }
        _ => meter.result(1, 0),
    }
}

/// The order of two numbers by their exact values; `None` where one is no number.
fn compare_numbers(one: &Val<'_>, two: &Val<'_>) -> Option<Ordering> {
    match (whole(one), whole(two)) {
        (Some(one), Some(two)) => return Some(one.cmp(&two)),
        (Some(one), None) => return compare_mixed(one, double(two)?),
        (None, Some(two)) => return compare_mixed(two, double(one)?).map(Ordering::reverse),
        (None, None) => {}
    }
    double(one)?.partial_cmp(&double(two)?)
}

fn compare_mixed(whole: i128, double: f64) -> Option<Ordering> {
    if double.is_nan() {
        return None;
    }
    // The conversion saturates far beyond what a whole number here can be.
    let floor = double.floor();
    Some(whole.cmp(&(floor as i128)).then(if double > floor { Ordering::Less } else { Ordering::Equal }))
}

/// A whole number.
pub(super) fn whole(value: &Val<'_>) -> Option<i128> {
    match value {
        Val::Int(number) => Some(i128::from(*number)),
        Val::Uint(number) => Some(i128::from(*number)),
        _ => None,
    }
}

fn double(value: &Val<'_>) -> Option<f64> {
    match value {
        Val::Double(number) => Some(*number),
        _ => None,
    }
}

/// Any number as a double.
pub(super) fn as_double(value: &Val<'_>) -> Option<f64> {
    match value {
        Val::Int(number) => Some(*number as f64),
        Val::Uint(number) => Some(*number as f64),
        Val::Double(number) => Some(*number),
        _ => None,
    }
}
