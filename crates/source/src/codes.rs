//! Findings about the text itself, before any contract is seen in it.

use crate::finding::{Code, Level};

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $id:literal $slug:literal $level:ident $summary:literal;)*) => {
        $($(#[$doc])* pub static $name: Code = Code {
            id: $id, name: $slug, summary: $summary, level: Level::$level, aliases: &[],
        };)*
        /// Every code of this module, by id.
        pub static ALL: &[&Code] = &[$(&$name),*];
    };
}

codes! {
    /// The text breaks the grammar of its format.
    SYNTAX = "IN001" "syntax-error" Error "The text is not valid JSON, YAML or Protobuf";
    /// A member name occurs twice in one object.
    DUPLICATE_KEY = "IN002" "duplicate-key" Error "A member name occurs twice in one object, so one of the values is lost";
    /// The bytes are no UTF-8 text.
    NOT_UTF8 = "IN003" "not-utf8" Error "The file is binary or in another encoding than UTF-8";
    /// The file is over the size limit.
    FILE_TOO_LARGE = "IN004" "file-too-large" Error "The file is larger than any file that is read";
    /// Objects and arrays nest too deep.
    TOO_DEEP = "IN005" "nested-too-deep" Error "Objects and arrays nest deeper than is read";
    /// The file has no value.
    EMPTY = "IN006" "empty-file" Error "The file is empty";
    /// YAML aliases expand beyond their limit.
    ALIAS_GROWTH = "IN007" "alias-growth" Error "YAML aliases expand to far more values than the file has";
    /// A YAML alias names no anchor.
    UNKNOWN_ALIAS = "IN008" "unknown-alias" Error "A YAML alias names no anchor";
    /// A YAML file has more than one document.
    MORE_DOCUMENTS = "IN009" "further-document" Warning "Only the first YAML document of a file is read";
    /// A YAML alias stands inside the value it names.
    ALIAS_CYCLE = "IN010" "alias-cycle" Error "A YAML alias stands inside the value it names";
}
