//! Texts that remember where they were written.

use tenon_source::{At, FileId, Node};

/// A text and the value it was read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// The text.
    pub text: String,
    /// The value it was read from.
    pub at: At,
}

impl Name {
    /// A text read from a value.
    #[must_use]
    pub fn new(text: impl Into<String>, at: At) -> Self {
        Self { text: text.into(), at }
    }

    /// The value, if it is a string.
    #[must_use]
    pub fn read(file: FileId, node: Node<'_>) -> Option<Self> {
        Some(Self::new(node.as_str()?, At { file, node: node.id() }))
    }

    /// The strings of an array; what is not a string is left out.
    #[must_use]
    pub fn read_all(file: FileId, node: Node<'_>) -> Vec<Self> {
        node.items().filter_map(|item| Self::read(file, item)).collect()
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

/// The words of a name in lower case: `MAX_FILE_SIZE_BYTES`, `maxFileSize` and `max-file-size`.
#[must_use]
pub fn words(name: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut fresh = true;
    let mut before_is_lower = false;
    for c in name.chars() {
        if !c.is_alphanumeric() {
            fresh = true;
            continue;
        }
        if fresh || (before_is_lower && c.is_uppercase()) {
            out.push(String::new());
        }
        if let Some(word) = out.last_mut() {
            word.extend(c.to_lowercase());
        }
        fresh = false;
        before_is_lower = c.is_lowercase() || c.is_ascii_digit();
    }
    out
}
