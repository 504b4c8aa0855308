//! What can be written, as one list: a target is a line in [`TARGETS`] and a folder with its `write`.

use tenon_graph::Graph;
use tenon_graph::freeze::Numbers;

use crate::{
    asyncapi, catalogue, clients, jsonschema, manifests, openapi, proto, qa, reference, routes,
    service_contracts,
};

/// A file that was written, in memory.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct GeneratedFile {
    /// Its path from the output folder, with `/` between parts and no `..`.
    pub path: String,
    /// Its bytes.
    pub text: String,
    /// Whether it is a program to be run.
    pub is_executable: bool,
}

impl GeneratedFile {
    /// A file that people or programs read.
    #[must_use]
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Self {
        Self { path: path.into(), text: text.into(), is_executable: false }
    }

    /// A program.
    #[must_use]
    pub fn program(path: impl Into<String>, text: impl Into<String>) -> Self {
        Self { is_executable: true, ..Self::new(path, text) }
    }
}

/// What a target is written from. It names no clock, no machine and no tool: the same input gives the
/// same bytes.
#[derive(Debug, Clone, Copy)]
pub struct Input<'g> {
    /// The contracts.
    pub graph: &'g Graph,
    /// Numbers that fields and enum values had before, as the lock has them.
    pub numbers: &'g Numbers,
}

/// What was written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Emission {
    /// The files. Paths differ.
    pub files: Vec<GeneratedFile>,
    /// Numbers given to fields that the contracts do not number; the lock keeps them.
    pub numbers: Numbers,
    /// What could not be said in this format, one line each.
    pub notes: Vec<String>,
}

impl Emission {
    /// Files alone.
    #[must_use]
    pub fn of(files: Vec<GeneratedFile>) -> Self {
        Self { files, ..Self::default() }
    }

    /// One file alone.
    #[must_use]
    pub fn file(path: &str, text: String) -> Self {
        Self::of(vec![GeneratedFile::new(path, text)])
    }
}

/// Why a target cannot be written.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refusal {
    /// The contracts have nothing that this format could hold.
    Nothing {
        /// What would have to be there, such as "operation with an HTTP binding".
        lacks: &'static str,
    },
    /// The contracts say something that this format cannot hold without loss of meaning.
    Impossible {
        /// What, and where.
        what: String,
        /// What to do.
        help: String,
    },
}

/// Something that can be written.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// What people type.
    pub name: &'static str,
    /// What it is, in one line.
    pub about: &'static str,
    /// The name of its file; `None` where it writes a folder.
    pub file: Option<&'static str>,
    /// Writes it.
    pub write: fn(&Input<'_>) -> Result<Emission, Refusal>,
}

/// Every target, in the order help shows them.
pub static TARGETS: &[Target] = &[
    Target {
        name: "openapi",
        about: "OpenAPI 3.1, with what the contract says beyond it in `x-tenon`",
        file: Some("openapi.json"),
        write: openapi::target,
    },
    Target {
        name: "asyncapi",
        about: "AsyncAPI 3.0: channels and events, with their delivery in `x-tenon`",
        file: Some("asyncapi.json"),
        write: asyncapi::target,
    },
    Target {
        name: "proto",
        about: "Protobuf: files, messages and services, with numbers that never move",
        file: None,
        write: proto::target,
    },
    Target {
        name: "jsonschema",
        about: "JSON Schema 2020-12: every schema in one bundle",
        file: Some("schemas.json"),
        write: jsonschema::target,
    },
    Target {
        name: "schemas",
        about: "JSON Schema: a file for each schema",
        file: None,
        write: jsonschema::files,
    },
    Target {
        name: "service-contracts",
        about: "Service contracts v2",
        file: Some("service-contracts.json"),
        write: service_contracts::target,
    },
    Target {
        name: "operations",
        about: "A manifest of the operations",
        file: Some("operations.json"),
        write: manifests::operations,
    },
    Target {
        name: "events",
        about: "A manifest of the event types",
        file: Some("events.json"),
        write: manifests::events,
    },
    Target {
        name: "markdown",
        about: "A reference as one Markdown page",
        file: Some("reference.md"),
        write: reference::markdown,
    },
    Target {
        name: "html",
        about: "A reference as HTML pages in a folder, with search, that need no network",
        file: None,
        write: reference::html,
    },
    Target {
        name: "errors",
        about: "The error catalogue, as Markdown and as JSON",
        file: None,
        write: catalogue::errors,
    },
    Target {
        name: "reason-codes",
        about: "The matrix of reason codes and operations, as Markdown and as JSON",
        file: None,
        write: catalogue::matrix,
    },
    Target {
        name: "gates",
        about: "The gates of service contracts as shell scripts",
        file: None,
        write: qa::gates,
    },
    Target {
        name: "qa",
        about: "Shell scripts of quality assurance: sign in, access without a token, life cycles",
        file: None,
        write: qa::target,
    },
    Target {
        name: "routes",
        about: "routes, stubs of services and middleware for Express, in TypeScript",
        file: None,
        write: routes::target,
    },
    Target {
        name: "typescript",
        about: "a thin client in TypeScript, for Node 20 and browsers",
        file: None,
        write: clients::typescript,
    },
    Target {
        name: "python",
        about: "a thin client in Python 3.9, typed, with the standard library alone",
        file: None,
        write: clients::python,
    },
    Target {
        name: "go",
        about: "a thin client in Go, with the standard library alone",
        file: None,
        write: clients::go,
    },
    Target {
        name: "rust",
        about: "a thin client in Rust, blocking, over ureq",
        file: None,
        write: clients::rust,
    },
];

/// The target of a name.
#[must_use]
pub fn target(name: &str) -> Option<&'static Target> {
    TARGETS.iter().find(|target| target.name == name)
}
