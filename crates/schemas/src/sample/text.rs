//! Texts and numbers that fit their bounds and formats.

use serde_json::{Number, Value};
use tenon_source::Node;

use super::LENGTH_MAX;

/// Formats with the texts that are made for them, the usual first, the short ones after it.
const FORMATS: &[(&str, &[&str])] = &[
    ("date-time", &["2026-01-01T00:00:00Z", "2026-01-01T00:00:00.000000Z"]),
    ("date", &["2026-01-01"]),
    ("time", &["00:00:00Z", "00:00:00.000000Z"]),
    ("duration", &["PT1M"]),
    ("uuid", &["00000000-0000-4000-8000-000000000000"]),
    ("email", &["user@example.com", "a@b.co"]),
    ("idn-email", &["user@example.com", "a@b.co"]),
    ("hostname", &["example.com", "a.co"]),
    ("idn-hostname", &["example.com", "a.co"]),
    ("ipv4", &["192.0.2.1", "1.1.1.1"]),
    ("ipv6", &["2001:db8::1", "::1"]),
    ("uri", &["https://example.com/", "http://a.co", "a:b"]),
    ("iri", &["https://example.com/", "http://a.co", "a:b"]),
    ("url", &["https://example.com/", "http://a.co", "a:b"]),
    ("uri-reference", &["/"]),
    ("iri-reference", &["/"]),
    ("uri-template", &["/{id}", "/"]),
    ("json-pointer", &["/a", ""]),
    ("relative-json-pointer", &["0"]),
    ("regex", &["a"]),
    ("byte", &["c3RyaW5n", "AAAA"]),
];

/// Keywords of all schemas that one value must fit.
pub(super) struct Bounds<'s> {
    pub(super) schemas: Vec<Node<'s>>,
}

impl<'s> Bounds<'s> {
    fn numbers(&self, word: &str) -> impl Iterator<Item = f64> {
        self.schemas.iter().filter_map(move |schema| schema.get(word)?.as_f64())
    }

    /// The largest of what they demand at least.
    pub(super) fn least(&self, word: &str) -> Option<usize> {
        self.numbers(word).map(|bound| bound.max(0.0) as usize).max()
    }

    /// The smallest of what they allow at most.
    pub(super) fn most(&self, word: &str) -> Option<usize> {
        self.numbers(word).map(|bound| bound.max(0.0) as usize).min()
    }

    pub(super) fn first(&self, word: &str) -> Option<Node<'s>> {
        self.schemas.iter().find_map(|schema| schema.get(word))
    }

    pub(super) fn holds(&self, word: &str) -> bool {
        self.schemas.iter().any(|schema| schema.get(word).and_then(Node::as_bool) == Some(true))
    }

    /// Texts that may fit, the likeliest first. All fit the bounds of length where the format allows.
    pub(super) fn texts(&self) -> Vec<String> {
        let least = self.least("minLength").unwrap_or_default().min(LENGTH_MAX);
        let most = self.most("maxLength").unwrap_or(usize::MAX);
        let format = self.first("format").and_then(Node::as_str).unwrap_or_default();
        let known = FORMATS.iter().find(|(name, _)| *name == format).map(|(_, texts)| *texts);
        let patterns = self.schemas.iter().filter_map(|schema| schema.get("pattern")?.as_str());
        let patterned = patterns.filter_map(|pattern| super::pattern::smallest(pattern, least));
        let usual = known.unwrap_or(&["string", "a", ""]).iter().map(|text| (*text).to_owned());
        let fitting = |text: &String| (least..=most).contains(&text.chars().count());
        let mut texts: Vec<String> =
            usual.map(|text| padded(format, text, least)).chain(patterned).filter(fitting).collect();
        if texts.is_empty() {
            let longest = padded(
                format,
                known.and_then(|texts| texts.first()).copied().unwrap_or("string").to_owned(),
                least,
            );
            texts.push(longest.chars().take(most).collect());
        }
        texts
    }

    /// A number within the bounds: the smallest step above the lower one, 1 where there is none.
    pub(super) fn number(&self, whole: bool) -> Value {
        let mut least = self.numbers("minimum").reduce(f64::max);
        let mut most = self.numbers("maximum").reduce(f64::min);
        let step = self.numbers("multipleOf").filter(|step| *step > 0.0).reduce(f64::max);
        let step = step.unwrap_or(if whole { 1.0 } else { 0.0 });
        let step = if whole && step.fract() != 0.0 { whole_step(step) } else { step };
        let over = self.numbers("exclusiveMinimum").reduce(f64::max);
        let under = self.numbers("exclusiveMaximum").reduce(f64::min);
        // Before draft 6 these were marks beside the bounds.
        let over = over.or_else(|| least.filter(|_| self.holds("exclusiveMinimum")));
        let under = under.or_else(|| most.filter(|_| self.holds("exclusiveMaximum")));
        let gap = match (over.or(least), under.or(most)) {
            _ if step > 0.0 => step,
            (Some(low), Some(high)) => ((high - low) / 2.0).min(1.0),
            _ => 1.0,
        };
        if let Some(over) = over {
            least = Some(least.unwrap_or(f64::MIN).max(over + gap));
        }
        if let Some(under) = under {
            most = Some(most.unwrap_or(f64::MAX).min(under - gap));
        }
        let mut value = least.unwrap_or(1.0);
        if let Some(most) = most {
            value = value.min(most);
        }
        if step > 0.0 {
            value = (value / step).ceil() * step;
            if over.is_some_and(|over| value <= over) {
                value += step;
            }
            if most.is_some_and(|most| value > most) {
                value -= step;
            }
        }
        plain(value)
    }
}

/// The smallest whole number that a step of fractions reaches, tried a hundred times.
fn whole_step(step: f64) -> f64 {
    (1..100).map(|times| step * f64::from(times)).find(|reached| reached.fract() == 0.0).unwrap_or(1.0)
}

/// A number as JSON has it, whole where it is.
pub(super) fn plain(value: f64) -> Value {
    if value.fract() == 0.0 && value.abs() < 9e15 {
        return Value::from(value as i64);
    }
    Number::from_f64(value).map_or(Value::Null, Value::Number)
}

/// A text made longer without leaving its format, where that is possible.
fn padded(format: &str, text: String, least: usize) -> String {
    let missing = least.saturating_sub(text.chars().count());
    if missing == 0 {
        return text;
    }
    let fill = |count: usize| "x".repeat(count);
    match format {
        "email" | "idn-email" => match text.split_once('@') {
            // The part before the sign has 64 letters at most, labels after it 63.
            Some((name, host)) => {
                let before = missing.min(64 - name.len().min(64));
                let labels = label_text(missing - before);
                format!("{name}{}@{labels}{host}", fill(before))
            }
            None => text,
        },
        "hostname" | "idn-hostname" => format!("{}{text}", label_text(missing)),
        "byte" => format!("{}{text}", "AAAA".repeat(missing.div_ceil(4))),
        "json-pointer" => format!("{text}/{}", fill(missing)),
        "date-time" | "date" | "time" | "duration" | "uuid" | "ipv4" | "ipv6" => text,
        _ => format!("{text}{}", fill(missing)),
    }
}

/// Labels of a host, with their dots: so many letters, or one more where the last were empty.
fn label_text(mut letters: usize) -> String {
    let mut out = String::new();
    while letters > 0 {
        let label = letters.saturating_sub(1).clamp(1, 60);
        out.push_str(&"x".repeat(label));
        out.push('.');
        letters = letters.saturating_sub(label + 1);
    }
    out
}
