//! The statement: in-toto Statement v1 whose subjects are the files of the evidence, with a
//! predicate in the form of SLSA provenance v1.

use serde_json::{Map, Value, json};

use super::manifest::Manifest;

/// What a statement of in-toto says it is.
pub const TYPE: &str = "https://in-toto.io/Statement/v1";

/// What the predicate says it is.
pub const PREDICATE: &str = "https://slsa.dev/provenance/v1";

/// Kind of the run, for those who compare.
const BUILD_TYPE: &str = "urn:tenon:verify:v1";

/// What is said about a run beside the files it left.
#[derive(Debug, Clone, Default)]
pub struct Run {
    /// The file that was verified, and its hash.
    pub file: (String, String),
    /// Short name of the milestone.
    pub id: String,
    /// Whether everything held.
    pub overall: bool,
    /// The version of the program.
    pub tool: String,
    /// What was read, by path, with its SHA-256.
    pub read: Vec<(String, String)>,
    /// Version of the repository and whether it was changed since, where there is one.
    pub commit: Option<(String, bool)>,
    /// When it started, RFC 3339.
    pub started: String,
    /// When it ended, RFC 3339.
    pub finished: String,
}

/// The statement.
#[must_use]
pub fn statement(manifest: &Manifest, run: &Run) -> Value {
    let subject: Vec<Value> = manifest
        .iter()
        .map(|(path, entry)| json!({ "name": path, "digest": { "sha256": entry.sha256 } }))
        .collect();
    let (file, hash) = &run.file;
    let material = |uri: &str, hash: &str| json!({ "uri": uri, "digest": { "sha256": hash } });
    let mut resolved = vec![material(file, hash)];
    resolved.extend(run.read.iter().map(|(path, hash)| material(path, hash)));
    let mut internal = Map::new();
    if let Some((commit, dirty)) = &run.commit {
        internal.insert("commit".to_owned(), json!(commit));
        internal.insert("dirty".to_owned(), json!(dirty));
    }
    json!({
        "_type": TYPE,
        "subject": subject,
        "predicateType": PREDICATE,
        "predicate": {
            "buildDefinition": {
                "buildType": BUILD_TYPE,
                "externalParameters": { "milestone": run.id, "file": file },
                "internalParameters": internal,
                "resolvedDependencies": resolved,
            },
            "runDetails": {
                "builder": { "id": format!("urn:tenon:{}", run.tool) },
                "metadata": { "startedOn": run.started, "finishedOn": run.finished },
                "byproducts": [{ "name": "overall", "content": run.overall.to_string() }],
            },
        },
    })
}
