//! A milestone held to what is there.

use std::path::{Path, PathBuf};

use tenon_verify::milestone::{self, Judged, Milestone, Reading};

use super::repository::Local;
use super::{Arguments, Format, evidence, show};
use crate::Exit;
use crate::disk;
use crate::failure::{Failure, Outcome};
use crate::terminal::{Progress, Terminal};

/// Largest milestone file that is read, in bytes: the longest one written so far has 30 thousand.
const FILE_BYTES_MAX: u64 = 8 * 1024 * 1024;

/// Judges a milestone, writes its evidence and says what came of it.
pub fn run(file: &Path, arguments: &Arguments, format: Format, terminal: &Terminal) -> Outcome {
    // A key that cannot be used is worth knowing before anything runs.
    let key = arguments.milestones.key.as_deref().map(evidence::read_key).transpose()?;
    let bytes = read(file)?;
    let started = jiff::Timestamp::now();
    let progress = Progress::start(terminal, "verifying");
    let (source, milestone) = match usable(file, bytes.clone(), terminal)? {
        Some(found) => found,
        None => return Ok(Exit::Unusable),
    };
    let root = root_of(file, &milestone);
    let local = Local::open(&root, &arguments.milestones.artifacts, terminal)?;
    if arguments.milestones.write_documents {
        let judged = milestone::judge(&milestone, &local);
        write_documents(&root, &milestone, &judged, terminal)?;
    }
    let local = if arguments.milestones.write_documents {
        Local::open(&root, &arguments.milestones.artifacts, terminal)?
    } else {
        local
    };
    let judged = milestone::judge(&milestone, &local);
    drop(progress);
    if let Some(name) = &arguments.milestones.show {
        return show::table(&milestone, &local, &judged, name, format, terminal);
    }
    let folder = if arguments.milestones.no_evidence {
        None
    } else {
        let run = evidence::about(&source, &bytes, &milestone, &judged, &local, started);
        Some(evidence::write(&arguments.milestones.artifacts, &milestone, &judged, &run, key.as_ref())?)
    };
    show::verdict(&milestone, &judged, folder.as_deref(), format, terminal)?;
    Ok(if judged.verdict.overall { Exit::Clean } else { Exit::Findings })
}

/// The bytes of a file that may be a milestone.
///
/// # Errors
/// When it cannot be read or is too large.
pub fn read(file: &Path) -> Result<Vec<u8>, Failure> {
    let shown = disk::shown(file);
    let failed = |error: std::io::Error| Failure::file(&shown, "read", &error);
    let metadata = file.metadata().map_err(failed)?;
    if metadata.is_dir() {
        let help = "name a milestone or a scenario; with `--against URL` an implementation is held to a contract; \
                    `--check DIR` checks an evidence folder";
        return Err(Failure::usage(format!("{shown} is a folder"), help));
    }
    if metadata.len() > FILE_BYTES_MAX {
        return Err(Failure::usage(
            format!("{shown} has {} bytes; a milestone has at most {FILE_BYTES_MAX}", metadata.len()),
            "split it, or look whether it is the file you mean",
        ));
    }
    std::fs::read(file).map_err(failed)
}

/// The milestone of a file; `None` where it cannot be used, which was said with its places.
fn usable(file: &Path, bytes: Vec<u8>, terminal: &Terminal) -> Result<Option<(String, Milestone)>, Failure> {
    let shown = disk::shown(file);
    let Reading { source, milestone, findings } = milestone::read(&shown, bytes);
    let mut sources = tenon_source::Sources::default();
    sources.push(source);
    if !findings.is_empty() {
        terminal.complain(&crate::render::excerpts(&sources, &findings, terminal.color_errors));
    }
    Ok(milestone.map(|milestone| (shown, milestone)))
}

/// The milestone of a file, for those who only ask what it says.
///
/// # Errors
/// When the file cannot be read.
pub fn milestone_of(file: &Path, terminal: &Terminal) -> Result<Option<Milestone>, Failure> {
    Ok(usable(file, read(file)?, terminal)?.map(|(_, milestone)| milestone))
}

/// The folder every path of a milestone starts from.
pub fn root_of(file: &Path, milestone: &Milestone) -> PathBuf {
    let folder = file.parent().unwrap_or_else(|| Path::new(""));
    PathBuf::from(disk::shown(&folder.join(&milestone.root)))
}

fn write_documents(
    root: &Path,
    milestone: &Milestone,
    judged: &Judged,
    terminal: &Terminal,
) -> Result<(), Failure> {
    for (path, text) in &judged.documents {
        let path = root.join(path);
        if std::fs::read(&path).is_ok_and(|found| found == text.as_bytes()) {
            continue;
        }
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)
                .map_err(|error| Failure::file(&disk::shown(folder), "make", &error))?;
        }
        disk::write(&path, text.as_bytes())?;
        terminal.complain(&format!("wrote {}\n", disk::shown(&path)));
    }
    let lacking =
        milestone.documents.iter().filter(|document| !judged.documents.contains_key(&document.path.text));
    for document in lacking {
        terminal.complain(&format!(
            "{}: {} cannot be written\n",
            terminal.paint_error("error"),
            document.path.text
        ));
    }
    Ok(())
}
