//! Options, as they are written and as they are meant.

use tenon_source::Span;

use super::FieldId;

/// The options of one element, in the order they are written.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Options(pub Box<[ProtoOption]>);

impl Options {
    /// The option with a name as it is written, such as `deprecated`, `(acme.audited)` or
    /// `(acme.rule).min`; the last one, if there are several.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&ProtoOption> {
        self.0.iter().rev().find(|option| option.is(name))
    }

    /// Every option whose first part is a name: `(acme.rule)` gives `(acme.rule).min` too.
    pub fn starting<'o>(&'o self, first: &'o str) -> impl Iterator<Item = &'o ProtoOption> {
        self.0.iter().filter(move |option| option.parts.first().is_some_and(|part| part.is(first)))
    }

    /// Whether the option with a name is `true`.
    #[must_use]
    pub fn flag(&self, name: &str) -> bool {
        self.get(name).and_then(|option| option.value.as_bool()) == Some(true)
    }

    /// The string an option is set to.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.get(name)?.value.as_str()
    }

    /// The word an option is set to, such as `SPEED`.
    #[must_use]
    pub fn word(&self, name: &str) -> Option<&str> {
        self.get(name)?.value.as_word()
    }

    /// The options in order.
    pub fn iter(&self) -> std::slice::Iter<'_, ProtoOption> {
        self.0.iter()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// One option.
#[derive(Debug, Clone, PartialEq)]
pub struct ProtoOption {
    /// The name, part by part: `(acme.rule).min` has two.
    pub parts: Box<[OptionPart]>,
    /// The value.
    pub value: OptionValue,
    /// Name and value, without `option` and `;`.
    pub span: Span,
    /// The value alone.
    pub value_span: Span,
}

impl ProtoOption {
    /// The name as it is written, without blanks.
    #[must_use]
    pub fn name(&self) -> String {
        let mut out = String::new();
        for part in &self.parts {
            if !out.is_empty() {
                out.push('.');
            }
            if part.is_extension {
                out.extend(["(", &part.text, ")"]);
            } else {
                out.push_str(&part.text);
            }
        }
        out
    }

    /// Whether the option has a name as [`ProtoOption::name`] writes it.
    #[must_use]
    pub fn is(&self, name: &str) -> bool {
        match &*self.parts {
            [only] => only.is(name),
            _ => self.name() == name,
        }
    }

    /// The bytes of the name.
    #[must_use]
    pub fn name_span(&self) -> Span {
        let first = self.parts.first().map_or(self.span, |part| part.span);
        self.parts.last().map_or(first, |last| first.cover(last.span))
    }
}

/// One part of an option's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OptionPart {
    /// The name, without parentheses.
    pub text: Box<str>,
    /// The bytes, with parentheses.
    pub span: Span,
    /// Whether it stands in parentheses: the name of an extension.
    pub is_extension: bool,
    /// The field it names, where that is known.
    pub field: Option<FieldId>,
}

impl OptionPart {
    /// Whether the part is written as `name`, parentheses counted.
    #[must_use]
    pub fn is(&self, name: &str) -> bool {
        if !self.is_extension {
            return &*self.text == name;
        }
        let inner = name.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
        let bare = |text: &str| text.strip_prefix('.').unwrap_or(text).to_owned();
        inner.is_some_and(|inner| inner == &*self.text || bare(inner) == bare(&self.text))
    }
}

/// The value of an option.
#[derive(Debug, Clone, PartialEq)]
pub enum OptionValue {
    /// A word: `true`, `inf`, or the name of an enum value.
    Word(Box<str>),
    /// A whole number; the sign apart, so that each of 64 bits fits.
    Integer {
        /// Whether a `-` stands in front.
        negative: bool,
        /// The digits.
        magnitude: u64,
    },
    /// Any other number.
    Float(f64),
    /// A string, or bytes: escapes are decoded.
    Text(Box<[u8]>),
    /// A message in braces.
    Message(Box<[MessageEntry]>),
    /// A list in brackets; only inside messages.
    List(Box<[(Span, OptionValue)]>),
}

impl OptionValue {
    /// The boolean, if it is one.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Word(word) if &**word == "true" => Some(true),
            Self::Word(word) if &**word == "false" => Some(false),
            _ => None,
        }
    }

    /// The string, if it is one and is UTF-8.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Text(bytes) => std::str::from_utf8(bytes).ok(),
            _ => None,
        }
    }

    /// The word, if it is one.
    #[must_use]
    pub fn as_word(&self) -> Option<&str> {
        match self {
            Self::Word(word) => Some(word),
            _ => None,
        }
    }

    /// The whole number, if it is one and fits.
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        match *self {
            Self::Integer { negative: false, magnitude } => i64::try_from(magnitude).ok(),
            Self::Integer { negative: true, magnitude } => 0_i64.checked_sub_unsigned(magnitude),
            _ => None,
        }
    }

    /// The entries of a message.
    #[must_use]
    pub fn entries(&self) -> &[MessageEntry] {
        match self {
            Self::Message(entries) => entries,
            _ => &[],
        }
    }

    /// The value of a field of a message, by the field's name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&OptionValue> {
        self.entries().iter().find(|entry| entry.is_plain() && &*entry.name == name).map(|entry| &entry.value)
    }
}

/// One `name: value` of a message that is an option's value.
#[derive(Debug, Clone, PartialEq)]
pub struct MessageEntry {
    /// Field name; of an extension, its full name; of an `Any`, the URL of its type.
    pub name: Box<str>,
    /// Whether the name stands in brackets.
    pub is_bracketed: bool,
    /// The bytes of the name, with brackets.
    pub name_span: Span,
    /// The value.
    pub value: OptionValue,
    /// The bytes of the value.
    pub value_span: Span,
    /// The field it names, where that is known.
    pub field: Option<FieldId>,
}

impl MessageEntry {
    /// Whether the name is a field's own, and no extension's or type's.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        !self.is_bracketed
    }
}
