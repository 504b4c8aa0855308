//! Names of contracts as names of programs.

use std::collections::BTreeSet;

/// Names that stand for something else in one of the languages, or in what every client has. Types
/// are called the same in all languages, so they avoid all of them.
const TAKEN_TYPES: &[&str] = &[
    // What every client has.
    "Api",
    "ApiError",
    "Additional",
    "Call",
    "CallOptions",
    "Client",
    "ClientOptions",
    "Code",
    "Codes",
    "Cursor",
    "Decode",
    "DecodeError",
    "Encode",
    "Error",
    "Errors",
    "ErrorCode",
    "Event",
    "Events",
    "EventsOptions",
    "Failure",
    "File",
    "Int64",
    "Iter",
    "JsonValue",
    "Kind",
    "Nullable",
    "Optional",
    "Options",
    "Page",
    "Pages",
    "Param",
    "Params",
    "Part",
    "Query",
    "Raw",
    "Refusal",
    "Reply",
    "Request",
    "RequestInit",
    "Response",
    "Retry",
    "Runtime",
    "Stream",
    "Text",
    "Transport",
    "TransportError",
    "Types",
    "Uint64",
    "UNSET",
    "Unset",
    "Upload",
    // TypeScript.
    "AbortController",
    "AbortSignal",
    "Array",
    "ArrayBuffer",
    "AsyncGenerator",
    "AsyncIterable",
    "BigInt",
    "Blob",
    "Boolean",
    "Buffer",
    "Date",
    "Function",
    "Headers",
    "Infinity",
    "Intl",
    "Iterable",
    "Iterator",
    "JSON",
    "Map",
    "Math",
    "NaN",
    "Number",
    "Object",
    "Omit",
    "Partial",
    "Pick",
    "Promise",
    "Proxy",
    "Readonly",
    "ReadonlyArray",
    "Record",
    "Reflect",
    "RegExp",
    "Required",
    "Set",
    "String",
    "Symbol",
    "URL",
    "Uint8Array",
    "WeakMap",
    "WeakSet",
    // Python.
    "Any",
    "Callable",
    "ClassVar",
    "Dict",
    "Ellipsis",
    "Exception",
    "False",
    "Final",
    "Generic",
    "List",
    "Literal",
    "Mapping",
    "None",
    "NoReturn",
    "NotImplemented",
    "Sequence",
    "Tuple",
    "True",
    "Type",
    "TypeVar",
    "Union",
    // Rust.
    "As",
    "BTreeMap",
    "Box",
    "Clone",
    "Copy",
    "Debug",
    "Default",
    "Deserialize",
    "Drop",
    "Eq",
    "Err",
    "Fn",
    "From",
    "HashMap",
    "Hash",
    "Into",
    "Ok",
    "Option",
    "Ord",
    "PartialEq",
    "PartialOrd",
    "Path",
    "Result",
    "Self",
    "Send",
    "Serialize",
    "Sized",
    "Some",
    "Sync",
    "ToString",
    "Value",
    "Vec",
];

/// The words of a text, lower case: `leadId`, `lead-id`, `lead.id` are two.
#[must_use]
pub fn words(text: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut word = String::new();
    let letters: Vec<char> = text.chars().collect();
    for (index, &letter) in letters.iter().enumerate() {
        if !letter.is_ascii_alphanumeric() {
            if !word.is_empty() {
                out.push(std::mem::take(&mut word));
            }
            // Signs that are all there is to tell two names apart keep a name of their own.
            match letter {
                '+' => out.push("plus".to_owned()),
                '$' if letters.len() == 1 => out.push("dollar".to_owned()),
                '@' if letters.len() == 1 => out.push("at".to_owned()),
                '*' if letters.len() == 1 => out.push("any".to_owned()),
                _ => {}
            }
            continue;
        }
        let before = index.checked_sub(1).and_then(|before| letters.get(before)).copied();
        let after = letters.get(index + 1).copied();
        let begins = letter.is_ascii_uppercase()
            && (before.is_some_and(|before| before.is_ascii_lowercase() || before.is_ascii_digit())
                || (before.is_some_and(|before| before.is_ascii_uppercase())
                    && after.is_some_and(|after| after.is_ascii_lowercase())));
        if begins && !word.is_empty() {
            out.push(std::mem::take(&mut word));
        }
        word.push(letter.to_ascii_lowercase());
    }
    if !word.is_empty() {
        out.push(word);
    }
    out
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect()
}

/// `LeadId`; `X` stands before a digit and for what has no letters.
#[must_use]
pub fn pascal(words: &[String]) -> String {
    let name: String = words.iter().map(|word| capital(word)).collect();
    if name.starts_with(|first: char| first.is_ascii_alphabetic()) { name } else { format!("X{name}") }
}

/// `leadId`.
#[must_use]
pub fn camel(words: &[String]) -> String {
    let mut words = words.iter();
    let first = words.next().cloned().unwrap_or_default();
    let name: String = std::iter::once(first).chain(words.map(|word| capital(word))).collect();
    if name.starts_with(|first: char| first.is_ascii_alphabetic()) { name } else { format!("x{name}") }
}

/// `lead_id`.
#[must_use]
pub fn snake(words: &[String]) -> String {
    let name = words.join("_");
    if name.starts_with(|first: char| first.is_ascii_alphabetic()) { name } else { format!("x{name}") }
}

/// Names given out, each once.
#[derive(Debug, Default)]
pub struct Names {
    taken: BTreeSet<String>,
    /// Whether names that differ only in capitals are the same.
    fold: bool,
}

impl Names {
    /// Names of which some are taken.
    #[must_use]
    pub fn without(taken: &[&str]) -> Self {
        Self { taken: taken.iter().map(|name| (*name).to_owned()).collect(), fold: false }
    }

    /// Names of types.
    #[must_use]
    pub fn of_types() -> Self {
        let taken = TAKEN_TYPES.iter().map(|name| name.to_ascii_lowercase()).collect();
        Self { taken, fold: true }
    }

    /// The name, with something behind it where it is taken.
    pub fn give(&mut self, name: &str, behind: &str) -> String {
        self.give_all(name, behind, &[])
    }

    /// A name that is free with each of some endings, too; all of them are taken then.
    pub fn give_all(&mut self, name: &str, behind: &str, endings: &[&str]) -> String {
        let mut given = name.to_owned();
        let mut number = 1;
        while self.is_taken(&given) || endings.iter().any(|end| self.is_taken(&format!("{given}{end}"))) {
            given = match number {
                1 => format!("{name}{behind}"),
                _ => format!("{name}{behind}{number}"),
            };
            number += 1;
        }
        for end in std::iter::once(&"").chain(endings) {
            let taken = self.folded(&format!("{given}{end}"));
            self.taken.insert(taken);
        }
        given
    }

    fn is_taken(&self, name: &str) -> bool {
        self.taken.contains(&self.folded(name))
    }

    fn folded(&self, name: &str) -> String {
        if self.fold { name.to_ascii_lowercase() } else { name.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> String {
        words(text).join(" ")
    }

    #[test]
    fn words_are_found_in_any_writing() {
        assert_eq!(of("leads.imports.create"), "leads imports create");
        assert_eq!(of("X-Tenant-Id"), "x tenant id");
        assert_eq!(of("HTTPServer2Go"), "http server2 go");
        assert_eq!(of("getURL"), "get url");
        assert_eq!(of("+1"), "plus 1");
        assert_eq!(of("日本"), "");
    }

    #[test]
    fn names_begin_with_a_letter_and_are_given_once() {
        assert_eq!(pascal(&words("2fa-code")), "X2faCode");
        assert_eq!(camel(&words("日本")), "x");
        assert_eq!(snake(&words("leadId")), "lead_id");
        let mut names = Names::without(&["type"]);
        assert_eq!(names.give("type", "_"), "type_");
        assert_eq!(names.give("type", "_"), "type_2");
        let mut types = Names::of_types();
        assert_eq!(types.give("Record", "Model"), "RecordModel");
        assert_eq!(types.give("recordmodel", "Model"), "recordmodelModel");
    }
}
