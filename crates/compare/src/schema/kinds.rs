//! The kinds of values as a set, and numbers that compare as they are written.

use std::cmp::Ordering;
use std::fmt;

use tenon_source::Node;

/// A set of kinds of values. `null` is apart from it: dialects say it in too many ways.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Kinds(u8);

impl Kinds {
    pub(super) const NONE: Self = Self(0);
    pub(super) const BOOLEAN: Self = Self(1);
    pub(super) const INTEGER: Self = Self(2);
    /// Numbers that are not whole.
    pub(super) const FRACTION: Self = Self(4);
    pub(super) const NUMBER: Self = Self(6);
    pub(super) const STRING: Self = Self(8);
    pub(super) const ARRAY: Self = Self(16);
    pub(super) const OBJECT: Self = Self(32);
    pub(super) const ALL: Self = Self(63);

    /// The kinds a type name stands for; none for `null` and for what is no type.
    pub(super) fn named(name: &str) -> Self {
        match name {
            "boolean" => Self::BOOLEAN,
            "integer" => Self::INTEGER,
            "number" => Self::NUMBER,
            "string" => Self::STRING,
            "array" => Self::ARRAY,
            "object" => Self::OBJECT,
            _ => Self::NONE,
        }
    }

    pub(super) fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(super) fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    pub(super) fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    pub(super) fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether any kind of `other` is there.
    pub(super) fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// How many types there are, all numbers being one, a count.
    pub(super) fn groups(self) -> u32 {
        let numbers = u32::from(self.has(Self::NUMBER));
        self.without(Self::NUMBER).0.count_ones() + numbers
    }

    /// The names of JSON Schema, the shortest way.
    pub(super) fn names(self) -> Vec<&'static str> {
        let mut names = Vec::new();
        let mut add = |kinds: Self, name| {
            if self.0 & kinds.0 == kinds.0 {
                names.push(name);
            }
        };
        add(Self::OBJECT, "object");
        add(Self::ARRAY, "array");
        add(Self::STRING, "string");
        if self.0 & Self::NUMBER.0 == Self::NUMBER.0 {
            add(Self::NUMBER, "number");
        } else {
            add(Self::INTEGER, "integer");
            add(Self::FRACTION, "fraction");
        }
        add(Self::BOOLEAN, "boolean");
        names
    }
}

impl fmt::Display for Kinds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::ALL => f.write_str("any type"),
            Self::NONE => f.write_str("no type"),
            Self::FRACTION => f.write_str("`number`"),
            _ => {
                let names: Vec<String> = self.names().iter().map(|name| format!("`{name}`")).collect();
                f.write_str(&names.join(" or "))
            }
        }
    }
}

/// A number. Whole ones compare without loss.
#[derive(Debug, Clone, Copy)]
pub(super) struct Num {
    whole: Option<i128>,
    float: f64,
}

impl Num {
    pub(super) const ONE: Self = Self { whole: Some(1), float: 1.0 };

    pub(super) fn of(node: Node<'_>) -> Option<Self> {
        Self::parse(node.number_text()?)
    }

    pub(super) fn parse(text: &str) -> Option<Self> {
        let float: f64 = text.parse().ok().filter(|float: &f64| float.is_finite())?;
        let exact = text.parse::<i128>().ok();
        // Up to here a double holds every whole number.
        let small =
            || (float.fract() == 0.0 && float.abs() < 9.0e15).then(|| format!("{float:.0}").parse().ok());
        Some(Self { whole: exact.or_else(|| small().flatten()), float })
    }

    pub(super) fn whole(value: i128) -> Self {
        Self { whole: Some(value), float: value as f64 }
    }

    pub(super) fn as_whole(self) -> Option<i128> {
        self.whole
    }

    pub(super) fn as_f64(self) -> f64 {
        self.float
    }

    /// Whether every multiple of this is one of `other`; false where it cannot be told.
    pub(super) fn is_multiple_of(self, other: Self) -> bool {
        match (self.whole, other.whole) {
            (Some(one), Some(two)) => two != 0 && one % two == 0,
            _ => {
                let ratio = self.float / other.float;
                ratio.is_finite() && (ratio - ratio.round()).abs() < 1e-9 && ratio.abs() < 1e9
            }
        }
    }
}

impl PartialEq for Num {
    fn eq(&self, other: &Self) -> bool {
        self.partial_cmp(other) == Some(Ordering::Equal)
    }
}

impl PartialOrd for Num {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        match (self.whole, other.whole) {
            (Some(one), Some(two)) => one.partial_cmp(&two),
            _ => self.float.partial_cmp(&other.float),
        }
    }
}

impl fmt::Display for Num {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.whole {
            Some(whole) => write!(f, "{whole}"),
            None => write!(f, "{}", self.float),
        }
    }
}

/// A value as text that is equal for equal values, whatever their spelling or order of members.
pub(super) fn value_key(node: Node<'_>) -> String {
    use tenon_source::Kind;
    match node.kind() {
        Kind::Null => "null".to_owned(),
        Kind::Bool => node.as_bool().unwrap_or_default().to_string(),
        Kind::Number => match Num::of(node) {
            Some(number) => number.to_string(),
            None => node.number_text().unwrap_or_default().to_owned(),
        },
        Kind::String => serde_json::Value::from(node.as_str().unwrap_or_default()).to_string(),
        Kind::Array => {
            let items: Vec<String> = node.items().map(value_key).collect();
            format!("[{}]", items.join(","))
        }
        Kind::Object => {
            let mut members: Vec<String> = node
                .members()
                .map(|(name, value)| format!("{}:{}", serde_json::Value::from(name), value_key(value)))
                .collect();
            members.sort();
            format!("{{{}}}", members.join(","))
        }
    }
}

/// The kind of a value; none for `null`.
pub(super) fn kind_of(node: Node<'_>) -> Kinds {
    use tenon_source::Kind;
    match node.kind() {
        Kind::Null => Kinds::NONE,
        Kind::Bool => Kinds::BOOLEAN,
        Kind::Number if Num::of(node).is_some_and(|number| number.whole.is_some()) => Kinds::INTEGER,
        Kind::Number if node.as_f64().is_some_and(|float| float.fract() == 0.0) => Kinds::INTEGER,
        Kind::Number => Kinds::FRACTION,
        Kind::String => Kinds::STRING,
        Kind::Array => Kinds::ARRAY,
        Kind::Object => Kinds::OBJECT,
    }
}
