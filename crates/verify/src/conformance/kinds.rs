//! What can be found of an implementation that is not as its contract says.

use tenon_source::{Code, Level};

/// One kind of finding.
pub type Kind = Code;

macro_rules! kinds {
    ($($variant:ident = $id:literal $name:literal $summary:literal;)*) => {
        $(#[doc = $summary] pub static $variant: Kind =
            Code { id: $id, name: $name, summary: $summary, level: Level::Error, aliases: &[] };)*

        /// Every kind, by id.
        pub static ALL: &[&Kind] = &[$(&$variant,)*];
    };
}

kinds! {
    SCHEMA = "CN001" "answer-breaks-schema" "An answer does not fit the schema the contract has for it";
    STATUS = "CN002" "undeclared-status" "A success has a status that the contract does not declare";
    CODE_STATUS = "CN003" "status-of-another-code" "A reason code comes with another status than its own";
    VALID = "CN004" "valid-request-refused" "A request that fits its schemas is refused as invalid";
    INVALID = "CN005" "invalid-request-accepted" "A request that breaks its schema is answered with a success";
    FIELD = "CN006" "undeclared-field" "An answer has a member that the contract does not describe";
    CODE = "CN007" "undeclared-code" "A refusal has no reason code, or one that the contract does not declare";
    REPLAY = "CN008" "replay-not-stored" "The same request under the same key does not get the stored answer";
    CONFLICT = "CN009" "conflict-not-told" "Another request under the same key is not refused";
    KEY = "CN010" "key-not-required" "A change without the idempotency key it must have is carried out";
    TENANT = "CN011" "tenant-leak" "One tenant reaches what belongs to another";
    ACTOR = "CN012" "actor-not-held" "A caller of a type that may not call is answered";
    SCOPE = "CN013" "scope-not-held" "A caller without a scope that is needed is answered";
    CALLER = "CN014" "unknown-caller-answered" "A caller without good credentials is answered";
    RATE = "CN015" "rate-headers-missing" "An answer does not tell how much of the rate class is left";
    ROUTE = "CN016" "undeclared-route-answers" "A path that the contract does not have is answered with a success";
    SERVER = "CN017" "server-error" "A request is answered with a failure of the server";
    METHOD = "CN018" "undeclared-method-answers" "A method that the path does not have is answered with a success";
    DENIAL = "CN019" "denial-of-another-status" "A denial has another status than denials have";
}
