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
    /// An import leads to no file.
    UNRESOLVED_IMPORT = "IN040" "unresolved-import" Error [] "An `import` leads to no file";
    /// Imports lead back to their own file.
    IMPORT_CYCLE = "IN041" "import-cycle" Error [] "A Protobuf file imports itself, over other files or at once";
    /// A name is declared twice.
    DUPLICATE_SYMBOL = "IN042" "duplicate-symbol" Error [] "A Protobuf name is declared twice";
    /// A name of a type is declared nowhere.
    UNDEFINED_TYPE = "IN043" "undefined-type" Error [] "A Protobuf type is declared nowhere";
    /// A name is that of another kind of element.
    OTHER_KIND_OF_TYPE = "IN044" "other-kind-of-type" Error [] "A Protobuf name stands for another kind of element than its place needs";
    /// A type stands in a file that is not imported.
    NOT_IMPORTED = "IN045" "not-imported" Error [] "A Protobuf type stands in a file that is not imported, or is not for others";
    /// A number is taken, reserved or out of range.
    NUMBER_CONFLICT = "IN046" "number-conflict" Error [] "A Protobuf number is taken, reserved or out of range";
    /// An option that is not known, or has a wrong value.
    INVALID_OPTION = "IN047" "invalid-option" Error [] "A Protobuf option is not known, or has a value it cannot have";
    /// Something that the file's syntax or edition does not have.
    NOT_IN_SYNTAX = "IN048" "not-in-this-syntax" Error [] "A Protobuf file uses what its syntax or edition does not have";
    /// An enum that cannot be.
    INVALID_ENUM = "IN049" "invalid-enum" Error [] "A Protobuf enum has no values, a wrong first value, or aliases it does not allow";
    /// Two names are the same in JSON.
    JSON_NAME_CONFLICT = "IN050" "json-name-conflict" Error [] "Two Protobuf names are the same in JSON";
    /// A field that cannot be.
    INVALID_FIELD = "IN051" "invalid-field" Error [] "A Protobuf field has a type, label or default that it cannot have";
    /// An extension that cannot be.
    INVALID_EXTENSION = "IN052" "invalid-extension" Error [] "A Protobuf extension does not fit the message it extends";
    /// A name that breaks the style its edition asks for.
    NAMING_STYLE = "IN053" "naming-style" Error [] "A Protobuf name breaks the style that its edition enforces";
    /// A document is in a dialect of its format.
    DIALECT = "IN027" "other-dialect" Warning [] "The document bears the name of a format but has another shape";
}
