//! Findings of the readers: what could not be read as the format it is.

use tenon_source::{Code, Level};

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $id:literal $slug:literal $level:ident [$($alias:literal),*] $summary:literal;)*) => {
        $($(#[$doc])* pub static $name: Code = Code {
            id: $id, name: $slug, summary: $summary, level: Level::$level, aliases: &[$($alias),*],
        };)*
        /// Every code of this module, by id.
        pub static ALL: &[&Code] = &[$(&$name),*];
    };
}

codes! {
    /// A `$ref` leads nowhere.
    UNRESOLVED_REFERENCE = "IN020" "unresolved-reference" Error ["spectral:invalid-ref", "redocly:no-unresolved-refs"] "A `$ref` leads to nothing";
    /// A `$ref` leads back to itself without a value in between.
    REFERENCE_CYCLE = "IN021" "reference-to-itself" Error [] "A `$ref` leads back to itself without a value in between";
    /// A `$ref` names a URL.
    REMOTE_REFERENCE = "IN022" "remote-reference" Error [] "A `$ref` names a URL, which is not fetched";
    /// A `$ref` leaves the root folder.
    REFERENCE_OUTSIDE_ROOT = "IN023" "reference-outside-root" Error [] "A `$ref` leads out of the folder that is checked";
    /// The file is of no known format.
    UNKNOWN_FORMAT = "IN024" "unknown-contract-format" Error [] "The file is valid JSON or YAML but no contract of a known format";
    /// The version of the format is not known.
    UNKNOWN_VERSION = "IN025" "unknown-version" Error [] "The document names a version of its format that is not known";
    /// A value has a type its place does not allow.
    WRONG_TYPE = "IN026" "wrong-type" Error [] "A value has another type than its place allows";
    /// A `$ref` leads to an element of another kind.
    OTHER_KIND = "IN028" "reference-to-other-kind" Error [] "A `$ref` leads to another kind of element than its place needs";
    /// References stand for far more elements than the files have.
    REFERENCE_GROWTH = "IN029" "reference-growth" Error [] "References stand for far more elements than the files have";
    /// A document is in a dialect of its format.
    DIALECT = "IN027" "other-dialect" Warning [] "The document bears the name of a format but has another shape";
}
