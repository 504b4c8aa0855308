//! The folder a run leaves behind: written, and checked.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::json;
use tenon_verify::evidence::check::{Checked, check as hold};
use tenon_verify::evidence::folder;
use tenon_verify::evidence::key::{PublicKey, SigningKey};
use tenon_verify::evidence::manifest::sha256;
use tenon_verify::evidence::statement::Run;
use tenon_verify::milestone::{Judged, Milestone};

use super::Format;
use super::repository::Local;
use crate::Exit;
use crate::disk::{self, shown};
use crate::failure::{Failure, Outcome};
use crate::render::counted;
use crate::terminal::Terminal;

/// Most files of an evidence folder, a count: a run leaves some dozens.
const FILES_MAX: usize = 20_000;

/// Most bytes of an evidence folder that are read to check it.
const BYTES_MAX: u64 = 1024 * 1024 * 1024;

/// Largest key file, in bytes: one has some hundred.
const KEY_BYTES_MAX: u64 = 64 * 1024;

/// The newest run stands here too.
const LATEST: &str = "latest";

fn read_small(path: &Path, what: &str) -> Result<String, Failure> {
    let failed = |error: std::io::Error| Failure::file(&shown(path), "read", &error);
    let length = path.metadata().map_err(failed)?.len();
    if length > KEY_BYTES_MAX {
        let help = "name a key in PEM, as `tenon verify --keygen FILE` or openssl writes it";
        return Err(Failure::usage(format!("{} is no {what}: it has {length} bytes", shown(path)), help));
    }
    std::fs::read(path).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).map_err(failed)
}

/// The private key in a file.
///
/// # Errors
/// When there is none.
pub fn read_key(path: &Path) -> Result<SigningKey, Failure> {
    let text = read_small(path, "private key")?;
    SigningKey::from_pem(&text).map_err(|said| {
        let help =
            "make one with `tenon verify --keygen FILE` or `openssl genpkey -algorithm ed25519 -out FILE`";
        Failure::usage(format!("{} cannot sign: {said}", shown(path)), help)
    })
}

/// Makes a key in two files, neither of which may be there.
pub fn make_key(path: &Path, terminal: &Terminal) -> Outcome {
    let mut public = path.as_os_str().to_owned();
    public.push(".pub");
    let public = PathBuf::from(public);
    for file in [path, &public] {
        if file.exists() {
            let help = "name another file: a key that is lost cannot be made again";
            return Err(Failure::usage(format!("{} is there already", shown(file)), help));
        }
    }
    let bug = |said: String| Failure::usage(format!("cannot make a key: {said}"), "try again");
    let key = SigningKey::generate().map_err(bug)?;
    private_file(path, key.to_pem().map_err(bug)?.as_bytes())?;
    disk::write(&public, key.public().to_pem().as_bytes())?;
    terminal.complain(&format!(
        "wrote {} (keep it) and {} (give it away); key {}\n",
        shown(path),
        shown(&public),
        key.public().id()
    ));
    Ok(Exit::Clean)
}

/// A file that only its owner reads.
fn private_file(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    let made = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    let written = made.and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()));
    written.map_err(|error| Failure::file(&shown(path), "write", &error))
}

/// What the statement says of a run.
pub fn about(
    file: &str,
    bytes: &[u8],
    milestone: &Milestone,
    judged: &Judged,
    local: &Local<'_>,
    started: jiff::Timestamp,
) -> Run {
    Run {
        file: (file.to_owned(), sha256(bytes)),
        id: milestone.id.clone(),
        overall: judged.verdict.overall,
        tool: env!("CARGO_PKG_VERSION").to_owned(),
        read: local.inputs(),
        commit: local.commit(),
        started: started.to_string(),
        finished: jiff::Timestamp::now().to_string(),
    }
}

/// Writes the evidence into a folder named by the time, and the same into `latest`. The folder
/// `latest` is what it was until the new one is whole.
///
/// # Errors
/// When it cannot be written.
pub fn write(
    artifacts: &Path,
    milestone: &Milestone,
    judged: &Judged,
    run: &Run,
    key: Option<&SigningKey>,
) -> Result<PathBuf, Failure> {
    let files = folder::seal(folder::files(milestone, judged), run, key);
    let base = artifacts.join(&milestone.kind).join(&milestone.id);
    make(&base)?;
    let ignore = artifacts.join(".gitignore");
    if !ignore.exists() {
        // Evidence is no source: it would be read as a contract by the next run.
        disk::write(
            &ignore,
            b"# Written by `tenon verify`; take this file out to keep evidence in git.\n*\n",
        )?;
    }
    let name: String = run.started.chars().filter(|letter| !matches!(letter, ':' | '-')).collect();
    let target = base.join(name);
    put(&target, &files)?;
    let (next, latest) = (base.join(format!(".latest.{}", std::process::id())), base.join(LATEST));
    put(&next, &files)?;
    let moved = |error: std::io::Error| Failure::file(&shown(&latest), "replace", &error);
    if latest.exists() {
        let old = base.join(format!(".old.{}", std::process::id()));
        std::fs::rename(&latest, &old).map_err(moved)?;
        std::fs::rename(&next, &latest).map_err(moved)?;
        std::fs::remove_dir_all(&old).map_err(moved)?;
    } else {
        std::fs::rename(&next, &latest).map_err(moved)?;
    }
    Ok(latest)
}

fn make(folder: &Path) -> Result<(), Failure> {
    std::fs::create_dir_all(folder).map_err(|error| Failure::file(&shown(folder), "make", &error))
}

fn put(folder: &Path, files: &BTreeMap<String, Vec<u8>>) -> Result<(), Failure> {
    for (path, bytes) in files {
        let path = folder.join(path);
        if let Some(parent) = path.parent() {
            make(parent)?;
        }
        std::fs::write(&path, bytes).map_err(|error| Failure::file(&shown(&path), "write", &error))?;
    }
    Ok(())
}

/// Checks an evidence folder and says what is wrong with it, file by file.
pub fn check(folder: &Path, public: Option<&Path>, format: Format, terminal: &Terminal) -> Outcome {
    let key = public
        .map(|path| {
            PublicKey::from_pem(&read_small(path, "public key")?).map_err(|said| {
                let help = "name the public half: `openssl pkey -in KEY -pubout` writes it";
                Failure::usage(format!("{}: {said}", shown(path)), help)
            })
        })
        .transpose()?;
    let files = gather(folder)?;
    if !files.contains_key(folder::MANIFEST) && !files.contains_key(folder::STATEMENT) {
        let help = "name the folder of one run, such as `artifacts/milestones/M1/latest`";
        return Err(Failure::usage(format!("{} is no evidence folder", shown(folder)), help));
    }
    let checked = hold(&files, key.as_ref());
    match format {
        Format::Json => {
            let problems = checked.problems.iter().map(
                |problem| json!({ "file": problem.file, "kind": problem.kind, "message": problem.said }),
            );
            let value = json!({ "version": 1, "sound": checked.problems.is_empty(), "files": checked.files,
                "signature_verified": checked.signed, "key": checked.key_id, "overall": checked.overall,
                "problems": problems.collect::<Vec<_>>() });
            terminal.print(|out| writeln!(out, "{value:#}"))?;
        }
        Format::Pretty | Format::Junit => pretty(folder, &checked, terminal)?,
    }
    Ok(if checked.problems.is_empty() { Exit::Clean } else { Exit::Findings })
}

fn pretty(folder: &Path, checked: &Checked, terminal: &Terminal) -> Result<(), Failure> {
    terminal.print(|out| {
        for problem in &checked.problems {
            writeln!(out, "{:<9} {}: {}", problem.kind, problem.file, problem.said)?;
        }
        let count = counted(checked.files, "file");
        if !checked.problems.is_empty() {
            return writeln!(
                out,
                "{} is not what was written: {}",
                shown(folder),
                counted(checked.problems.len(), "problem")
            );
        }
        let overall = checked.overall.map_or_else(|| "not said".to_owned(), |overall| overall.to_string());
        writeln!(out, "{} is sound: {count}, overall={overall}", shown(folder))?;
        match (&checked.key_id, checked.signed) {
            (Some(id), true) => writeln!(out, "signed with {id}"),
            (Some(id), false) => {
                writeln!(out, "it says it is signed with {id}; `--public-key FILE` would show that")
            }
            (None, _) => writeln!(out, "nobody signed it"),
        }
    })
}

fn gather(folder: &Path) -> Result<BTreeMap<String, Vec<u8>>, Failure> {
    let mut files = BTreeMap::new();
    let mut open = vec![folder.to_path_buf()];
    let mut bytes_read = 0;
    while let Some(next) = open.pop() {
        let failed = |error: std::io::Error| Failure::file(&shown(&next), "list", &error);
        for entry in std::fs::read_dir(&next).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let path = entry.path();
            let kind = entry.file_type().map_err(failed)?;
            if kind.is_dir() {
                open.push(path);
                continue;
            }
            let name = disk::display(path.strip_prefix(folder).unwrap_or(&path));
            // A link may lead anywhere: it is a file that does not belong here.
            let bytes = if kind.is_file() {
                bytes_read += entry.metadata().map_err(failed)?.len();
                if bytes_read > BYTES_MAX || files.len() >= FILES_MAX {
                    return Err(Failure::usage(
                        format!("{} has more than {FILES_MAX} files or {BYTES_MAX} bytes", shown(folder)),
                        "name the folder of one run",
                    ));
                }
                std::fs::read(&path).map_err(|error| Failure::file(&shown(&path), "read", &error))?
            } else {
                Vec::new()
            };
            files.insert(name, bytes);
        }
    }
    Ok(files)
}
