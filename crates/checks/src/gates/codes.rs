//! What gates find and no rule can: it takes the files of the repository, or another shape of contract.

use tenon_source::{Code, Level};

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $id:literal $slug:literal $summary:literal;)*) => {
        $($(#[$doc])* pub static $name: Code = Code {
            id: $id, name: $slug, summary: $summary, level: Level::Error, aliases: &[],
        };)*
        /// Every code of this module, by id.
        pub static ALL: &[&Code] = &[$(&$name),*];
    };
}

codes! {
    /// The contract has another shape.
    OTHER_SHAPE = "GT004" "other-shape" "The contract bears the name service-contracts-v2 but has other fields";
    /// Signature and arguments disagree.
    SIGNATURE_ARGUMENTS = "GT010" "signature-arguments" "A signature disagrees with the route arguments or the method name";
    /// A file is not there.
    SOURCE_FILE_MISSING = "GT011" "source-file-missing" "A file that a required endpoint names does not exist";
    /// A file does not export the method.
    METHOD_NOT_EXPORTED = "GT012" "method-not-exported" "A service file does not export the method that the contract names";
    /// A function takes another number of arguments.
    METHOD_ARGUMENTS = "GT013" "method-arguments" "A service method takes another number of arguments than the contract passes";
    /// Code of a deferred endpoint is there.
    DEFERRED_CODE_EXISTS = "GT014" "deferred-code-exists" "Code of a deferred endpoint exists";
}
