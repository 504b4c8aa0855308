//! What is asked of a text: its pattern or format. Plain texts are answered here; for others the
//! validator is asked about this one keyword.

use std::sync::OnceLock;

use jsonschema::{Draft, PatternOptions, Validator};
use serde_json::{Value, json};

use super::pattern::Pattern;
use crate::instance::{Instance, SpanJson};

/// Whether a value fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    Fits,
    Fails,
    /// Only the validator can say.
    Unsure,
}

impl Verdict {
    pub(super) fn of(fits: bool) -> Self {
        if fits { Self::Fits } else { Self::Fails }
    }

    /// Both.
    pub(super) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Fails, _) | (_, Self::Fails) => Self::Fails,
            (Self::Unsure, _) | (_, Self::Unsure) => Self::Unsure,
            _ => Self::Fits,
        }
    }

    pub(super) fn not(self) -> Self {
        match self {
            Self::Fits => Self::Fails,
            Self::Fails => Self::Fits,
            Self::Unsure => Self::Unsure,
        }
    }
}

/// One keyword about texts.
pub(super) struct Leaf {
    plain: Plain,
    schema: Value,
    draft: Draft,
    validator: OnceLock<Option<Validator<SpanJson>>>,
}

impl std::fmt::Debug for Leaf {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Leaf").field("plain", &self.plain).finish_non_exhaustive()
    }
}

/// What is known without the validator.
#[derive(Debug)]
enum Plain {
    Pattern(Pattern),
    /// A reference or URI: letters and signs that need no look at their order.
    Reference,
    /// An absolute URI.
    Uri,
    /// A regular expression.
    Regex,
    Nothing,
}

impl Leaf {
    pub(super) fn pattern(pattern: &str) -> Self {
        let plain = Pattern::read(pattern).map_or(Plain::Nothing, Plain::Pattern);
        Self {
            plain,
            schema: json!({ "pattern": pattern }),
            draft: Draft::Draft4,
            validator: OnceLock::new(),
        }
    }

    pub(super) fn format(format: &str, draft: Draft) -> Self {
        let plain = match format {
            "uri-reference" => Plain::Reference,
            "uri" => Plain::Uri,
            "regex" => Plain::Regex,
            _ => Plain::Nothing,
        };
        Self { plain, schema: json!({ "format": format }), draft, validator: OnceLock::new() }
    }

    pub(super) fn of(&self, text: &str) -> Verdict {
        let known = match &self.plain {
            Plain::Pattern(pattern) => pattern.matches(text),
            Plain::Reference => is_plain_reference(text).then_some(true),
            Plain::Uri => text.strip_prefix("https://").is_some_and(is_plain_location).then_some(true),
            Plain::Regex => text
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-_ ^$".contains(&byte))
                .then_some(true),
            Plain::Nothing => None,
        };
        known.map_or_else(|| self.ask(text), Verdict::of)
    }

    fn ask(&self, text: &str) -> Verdict {
        let validator = self.validator.get_or_init(|| {
            let options = jsonschema::options_for::<SpanJson>().with_draft(self.draft);
            options.with_pattern_options(PatternOptions::regex()).build(&self.schema).ok()
        });
        validator
            .as_ref()
            .map_or(Verdict::Unsure, |validator| Verdict::of(validator.is_valid(Instance::Name(text))))
    }
}

fn is_plain_reference(text: &str) -> bool {
    let rest = text.strip_prefix('#').unwrap_or(text);
    rest.bytes().all(is_plain_byte)
}

/// The part of a URI after `https://`.
fn is_plain_location(text: &str) -> bool {
    text.bytes().next().is_some_and(|byte| byte.is_ascii_alphanumeric()) && text.bytes().all(is_plain_byte)
}

fn is_plain_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte)
}
