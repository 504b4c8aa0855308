//! Every key of `tenon.toml`: the one list behind reading, the JSON Schema and the reference page.

/// What a key holds.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// One of these words.
    Choice(&'static [&'static str]),
    /// A text.
    Text,
    /// A number above 0 and up to 1.
    Ratio,
    /// A list of texts.
    Texts,
    /// A list of these words.
    Choices(&'static [&'static str]),
    /// True or false.
    Switch,
    /// A table of these keys.
    Table(&'static [Key]),
    /// A list of tables of these keys.
    Tables(&'static [Key]),
    /// Levels by the id or name of a rule.
    Levels,
    /// A whole number, 0 or more.
    Count,
    /// A date.
    Date,
}

/// One key.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    /// The name, as written.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// Whether its table must have it.
    pub required: bool,
    /// What it means.
    pub doc: &'static str,
    /// A value, as written.
    pub example: &'static str,
}

const fn key(name: &'static str, kind: Kind, doc: &'static str, example: &'static str) -> Key {
    Key { name, kind, required: false, doc, example }
}

const fn required(name: &'static str, kind: Kind, doc: &'static str, example: &'static str) -> Key {
    Key { name, kind, required: true, doc, example }
}

/// Names of the levels.
pub static LEVELS: &[&str] = &["off", "info", "warning", "error"];

/// The keys of the file itself.
pub static KEYS: &[Key] = &[
    key(
        "profile",
        Kind::Choice(&["minimal", "recommended", "strict"]),
        "Which rules run, and how strictly, before `levels`.",
        "\"recommended\"",
    ),
    key(
        "fail-on",
        Kind::Choice(&["error", "warning", "info"]),
        "The least grave level that makes `tenon check` end with exit status 1.",
        "\"error\"",
    ),
    key(
        "include",
        Kind::Texts,
        "Patterns of the files to check when a folder is given; all JSON and YAML files if absent. \
         Paths are relative to the configuration file; `*` stays within a folder, `**` does not.",
        "[\"contracts/**\"]",
    ),
    key(
        "exclude",
        Kind::Texts,
        "Patterns of files never to check, even when they match `include`.",
        "[\"vendor/**\"]",
    ),
    key(
        "baseline",
        Kind::Text,
        "File with the findings that are already known; only others are reported.",
        "\"tenon-baseline.json\"",
    ),
    key(
        "levels",
        Kind::Levels,
        "Level of single rules, by id or name: `off`, `info`, `warning` or `error`.",
        "{ OA001 = \"warning\" }",
    ),
    key("words", Kind::Table(WORDS), "The project's own words for what rules look for.", ""),
    key("reuse", Kind::Table(REUSE), "What counts as the same schema written twice.", ""),
    key("suppress", Kind::Tables(SUPPRESS), "Findings that may stay, each with a reason.", ""),
    key("diff", Kind::Table(DIFF), "What `tenon diff` makes of changes.", ""),
    key("serve", Kind::Table(SERVE), "What `tenon serve` accepts, and how.", ""),
    key("gen", Kind::Tables(GENERATE), "What `tenon gen` writes and pins in `tenon.lock`.", ""),
];

static GENERATE: &[Key] = &[
    required("target", Kind::Text, "The target, as `tenon gen` takes it, or `all`.", "\"openapi\""),
    required(
        "output",
        Kind::Text,
        "Its file, or its folder where it writes several; below the folder of this file. What is there \
         is generated, and never read as a contract.",
        "\"gen/openapi.json\"",
    ),
    key(
        "paths",
        Kind::Texts,
        "The contracts it is written from, files and folders; all of them if absent.",
        "[\"contract.yaml\"]",
    ),
];

static SERVE: &[Key] = &[
    key(
        "api-keys",
        Kind::Text,
        "File with the hashes of API keys, as `tenon token --api-key` writes it; read again when it \
         changes.",
        "\"api-keys.json\"",
    ),
    key(
        "cors-origins",
        Kind::Texts,
        "Origins of the pages that may call from a browser, over HTTP and gRPC-Web: scheme, host and \
         port as browsers send them, or `*` for any. For developers, pages of this machine may in any \
         case.",
        "[\"https://app.example.com\"]",
    ),
    key(
        "development-tokens",
        Kind::Switch,
        "Whether tokens of `tenon token` are accepted without `--dev`, too.",
        "false",
    ),
    key("issuers", Kind::Tables(ISSUERS), "Who may sign tokens.", ""),
    key(
        "milestones",
        Kind::Texts,
        "Milestones of the contracts: while one that is PRD-only has a pending decision, nothing is \
         served.",
        "[\"../milestones/M1.yaml\"]",
    ),
    key("tls", Kind::Table(TLS), "Certificate and key of the door; without them, it has no TLS.", ""),
];

static ISSUERS: &[Key] = &[
    required(
        "issuer",
        Kind::Text,
        "The claim `iss` of its tokens, to the letter.",
        "\"https://id.example.com/\"",
    ),
    required(
        "audiences",
        Kind::Texts,
        "Names of this gateway in the claim `aud`; a token has one of them.",
        "[\"sales\"]",
    ),
    required(
        "algorithms",
        Kind::Choices(&["HS256", "RS256", "ES256", "EdDSA"]),
        "The ways it signs; tokens signed in others are refused.",
        "[\"RS256\"]",
    ),
    key(
        "jwks-url",
        Kind::Text,
        "Address of its keys, `https`; fetched at the start, every five minutes, and when a token names \
         a key that is not known. An issuer has this or one of the four below.",
        "\"https://id.example.com/.well-known/jwks.json\"",
    ),
    key("jwks-file", Kind::Text, "File with a set of its keys; read again when it changes.", "\"keys.json\""),
    key("pem-file", Kind::Text, "File with its public keys as PEM.", "\"issuer.pem\""),
    key(
        "secret-file",
        Kind::Text,
        "File with the secret of HS256, 32 bytes or more. HS256 goes with no other algorithm.",
        "\"issuer.secret\"",
    ),
    key(
        "secret-env",
        Kind::Text,
        "Name of the environment variable with the secret of HS256.",
        "\"SALES_TOKEN_SECRET\"",
    ),
];

static TLS: &[Key] = &[
    required(
        "certificate",
        Kind::Text,
        "File with the certificate and those above it, as PEM; read again when it changes.",
        "\"cert.pem\"",
    ),
    required("key", Kind::Text, "File with its private key.", "\"key.pem\""),
    key(
        "client-ca",
        Kind::Text,
        "File with the authorities of clients' certificates: clients without one are turned away.",
        "\"clients.pem\"",
    ),
];

static DIFF: &[Key] = &[
    key(
        "fail-on",
        Kind::Choice(&["breaking", "behaviour", "additive", "never"]),
        "The least grave class of change that a `stable` contract does not take; an `experimental` one \
         warns of it, an `internal` one tells it.",
        "\"breaking\"",
    ),
    key(
        "tier",
        Kind::Choice(&["stable", "experimental", "internal"]),
        "The tier of contracts that name none.",
        "\"stable\"",
    ),
    key(
        "content-model",
        Kind::Choice(&["open", "closed"]),
        "Whether receivers ignore members of an object that nobody declared (`open`) or refuse them \
         (`closed`), where a schema does not say so.",
        "\"open\"",
    ),
    key(
        "announced-days",
        Kind::Count,
        "Days that something is announced as deprecated before it counts as such.",
        "90",
    ),
    key(
        "sunset-days",
        Kind::Count,
        "Days from the announcement of a deprecation to its sunset, after which it may be removed.",
        "180",
    ),
    key(
        "approve",
        Kind::Tables(APPROVE),
        "Changes that may be made, each with a reason, an owner and a last day.",
        "",
    ),
];

static APPROVE: &[Key] = &[
    required("fingerprint", Kind::Text, "The fingerprint that `tenon diff` shows.", "\"4f1d0c2a9b7e6d53\""),
    required("reason", Kind::Text, "Why the change may be made.", "\"no client sends it, ticket 12\""),
    required("owner", Kind::Text, "Who answers for it.", "\"payments team\""),
    required("expires", Kind::Date, "The last day on which it holds.", "2027-01-31"),
];

static WORDS: &[Key] = &[
    key(
        "validation-middleware",
        Kind::Texts,
        "Further names of middleware that validates bodies, beside `validateBody`, `validateInput` \
         and `validate`.",
        "[\"validateRequest\"]",
    ),
    key(
        "tenant-parameters",
        Kind::Texts,
        "Further names of path and token parameters that hold a tenant's id.",
        "[\"accountId\"]",
    ),
];

static REUSE: &[Key] = &[key(
    "similarity",
    Kind::Ratio,
    "Least part of their members' names and types that two schemas share to be near-duplicates.",
    "0.8",
)];

static SUPPRESS: &[Key] = &[
    required("rule", Kind::Text, "Id or name of the rule.", "\"OA001\""),
    required("reason", Kind::Text, "Why the findings may stay.", "\"the vendor's file, ticket 12\""),
    key("file", Kind::Text, "Pattern of the files; all files if absent.", "\"legacy/**\""),
    key(
        "pointer",
        Kind::Text,
        "JSON pointer of a value: findings there and below are covered. `*` stands for any one token.",
        "\"/paths/~1pets\"",
    ),
    key("operation", Kind::Text, "The operation, as findings name it.", "\"GET /pets\""),
];
