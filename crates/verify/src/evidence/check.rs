//! An evidence folder held together again: every file against the manifest, the manifest against
//! the statement, the statement against its signature. Offline, and with no trust in the folder.

use std::collections::BTreeMap;

use serde_json::Value;

use super::envelope;
use super::folder::{ENVELOPE, MANIFEST, RESULT, STATEMENT};
use super::key::PublicKey;
use super::manifest::{Entry, Manifest, entry};
use super::statement::{PREDICATE, TYPE};

/// What is wrong with one file, or with all of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The file.
    pub file: String,
    /// `tampered`, `missing`, `extra` or `unusable`.
    pub kind: &'static str,
    /// What is wrong with it.
    pub said: String,
}

/// What was found out about a folder.
#[derive(Debug, Clone, Default)]
pub struct Checked {
    /// What is wrong, by file.
    pub problems: Vec<Problem>,
    /// How many files the manifest names.
    pub files: usize,
    /// Whether the signature was verified with a key that was given.
    pub signed: bool,
    /// The key that signed it, as the envelope names it.
    pub key_id: Option<String>,
    /// What the evidence says of the run.
    pub overall: Option<bool>,
}

/// Holds the files of a folder together. `files` are all there are, by path from it.
#[must_use]
pub fn check(files: &BTreeMap<String, Vec<u8>>, key: Option<&PublicKey>) -> Checked {
    let mut out = Checked::default();
    let Some(manifest) = files.get(MANIFEST) else {
        out.say(MANIFEST, "missing", "there is no manifest: nothing says which files belong here");
        return out;
    };
    let manifest = match read_manifest(manifest) {
        Ok(manifest) => manifest,
        Err(said) => {
            out.say(MANIFEST, "unusable", &said);
            return out;
        }
    };
    out.files = manifest.len();
    for (path, wanted) in &manifest {
        match files.get(path).map(|bytes| entry(bytes)) {
            None => out.say(path, "missing", "the manifest names it and it is not there"),
            Some(found) if found == *wanted => {}
            Some(found) => {
                let said = format!(
                    "its SHA-256 is {} ({} bytes), the manifest says {} ({} bytes)",
                    found.sha256, found.bytes, wanted.sha256, wanted.bytes
                );
                out.say(path, "tampered", &said);
            }
        }
    }
    for path in files.keys() {
        if !manifest.contains_key(path) && ![MANIFEST, STATEMENT, ENVELOPE].contains(&path.as_str()) {
            out.say(path, "extra", "the manifest does not name it");
        }
    }
    statement(files, &manifest, &mut out);
    signature(files, key, &mut out);
    out.overall = files
        .get(RESULT)
        .and_then(|bytes| serde_json::from_slice::<Value>(bytes).ok())
        .and_then(|result| result.get("overall")?.as_bool());
    out.problems.sort();
    out
}

impl Checked {
    fn say(&mut self, file: &str, kind: &'static str, said: &str) {
        self.problems.push(Problem { file: file.to_owned(), kind, said: said.to_owned() });
    }
}

fn read_manifest(bytes: &[u8]) -> Result<Manifest, String> {
    let value: Value = serde_json::from_slice(bytes).map_err(|error| format!("it is no JSON: {error}"))?;
    let files = value.get("files").and_then(Value::as_object).ok_or("it has no `files`")?;
    let one = |(path, value): (&String, &Value)| {
        let sha256 = value.get("sha256").and_then(Value::as_str);
        let bytes = value.get("bytes").and_then(Value::as_u64);
        match sha256.zip(bytes) {
            Some((sha256, bytes)) => Ok((path.clone(), Entry { sha256: sha256.to_owned(), bytes })),
            None => Err(format!("it says nothing of `{path}` that could be compared")),
        }
    };
    files.iter().map(one).collect()
}

/// The statement must be about these files and no others, the manifest among them.
fn statement(files: &BTreeMap<String, Vec<u8>>, manifest: &Manifest, out: &mut Checked) {
    let Some(bytes) = files.get(STATEMENT) else {
        out.say(STATEMENT, "missing", "there is no statement about the files");
        return;
    };
    let Ok(value) = serde_json::from_slice::<Value>(bytes) else {
        out.say(STATEMENT, "unusable", "it is no JSON");
        return;
    };
    for (member, wanted) in [("_type", TYPE), ("predicateType", PREDICATE)] {
        if value.get(member).and_then(Value::as_str) != Some(wanted) {
            out.say(STATEMENT, "unusable", &format!("its `{member}` is not `{wanted}`"));
        }
    }
    let subjects: BTreeMap<String, String> = value
        .get("subject")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|subject| {
            let hash = subject.get("digest")?.get("sha256")?.as_str()?;
            Some((subject.get("name")?.as_str()?.to_owned(), hash.to_owned()))
        })
        .collect();
    let mut wanted: BTreeMap<String, String> =
        manifest.iter().map(|(path, entry)| (path.clone(), entry.sha256.clone())).collect();
    if let Some(bytes) = files.get(MANIFEST) {
        wanted.insert(MANIFEST.to_owned(), entry(bytes).sha256);
    }
    for (path, hash) in &wanted {
        match subjects.get(path) {
            Some(found) if found == hash => {}
            Some(_) => out.say(path, "tampered", "the statement is about other bytes"),
            None => out.say(path, "extra", "the statement is not about it"),
        }
    }
    for path in subjects.keys().filter(|path| !wanted.contains_key(*path)) {
        out.say(path, "missing", "the statement is about it and it is not there");
    }
}

fn signature(files: &BTreeMap<String, Vec<u8>>, key: Option<&PublicKey>, out: &mut Checked) {
    let Some(bytes) = files.get(ENVELOPE) else {
        if key.is_some() {
            out.say(ENVELOPE, "missing", "nobody signed the statement");
        }
        return;
    };
    let Ok(value) = serde_json::from_slice::<Value>(bytes) else {
        out.say(ENVELOPE, "unusable", "it is no JSON");
        return;
    };
    let id = value.pointer("/signatures/0/keyid").and_then(Value::as_str);
    out.key_id = id.map(str::to_owned);
    match envelope::open(&value, key) {
        Err(said) => out.say(ENVELOPE, "tampered", &said),
        Ok(payload) => {
            if files.get(STATEMENT).is_some_and(|statement| *statement != payload) {
                out.say(STATEMENT, "tampered", "it is not the statement that was signed");
            }
            out.signed = key.is_some();
        }
    }
}
