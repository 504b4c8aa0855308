//! Findings of the gates that no rule has.

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
    /// A field of an endpoint is missing or wrong.
    ENDPOINT_FIELD = "GT001" "endpoint-field" "A field of an endpoint is missing or of the wrong type";
    /// Nothing is required.
    NO_REQUIRED_ENDPOINT = "GT002" "no-required-endpoint" "The contract has no required endpoint";
    /// The status disagrees with the scope manifest.
    STATUS_OUT_OF_SCOPE = "GT003" "status-out-of-scope" "An endpoint's status disagrees with the scope manifest";
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
    /// An upload's limits are missing or wrong.
    UPLOAD_LIMITS = "GT020" "upload-limits" "An upload does not say what it accepts or how much";
    /// Page sizes are missing or wrong.
    PAGE_SIZES = "GT030" "page-sizes" "A pagination block is incomplete or its sizes contradict each other";
    /// A status enum is incomplete or wrong.
    STATUS_ENUM = "GT040" "status-enum" "A status enum is incomplete, contradicts itself or differs from the data model";
}
