//! Starting the first process of a job.
//!
//! The library starts a program whose file is named without a copy of the warden's memory, which
//! is dear; one it has to look for in the job's own `PATH` it starts with one. So it is looked for here.

use std::fs::File;
use std::io;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use rustix::fs::{Access, access};

use super::frame::Start;

/// Starts a job's program with this as its standard input.
pub(super) fn spawn(start: &Start, input: &File) -> io::Result<Child> {
    let (name, arguments) =
        start.argv.split_first().ok_or_else(|| io::Error::other("there is no program"))?;
    let begin = |program: &Path| {
        Command::new(program)
            .arg0(name)
            .args(arguments)
            .current_dir(&start.dir)
            .env_clear()
            .envs(start.env.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::from(input.try_clone()?))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0)
            .spawn()
    };
    let Some(found) = find(start, name) else { return begin(Path::new(name)) };
    begin(&found).or_else(|error| match error.raw_os_error() {
        // A script that does not say by what it is read: looked for by name, it is the shell's.
        Some(code) if code == rustix::io::Errno::NOEXEC.raw_os_error() => begin(Path::new(name)),
        _ => Err(error),
    })
}

/// The file of a program that is no path, by the job's own `PATH`.
fn find(start: &Start, name: &str) -> Option<PathBuf> {
    if name.contains('/') {
        return None;
    }
    let (_, path) = start.env.iter().find(|(variable, _)| variable == "PATH")?;
    let folders = path.split(':').map(|folder| Path::new(&start.dir).join(folder));
    folders
        .map(|folder| folder.join(name))
        .find(|file| access(file, Access::EXEC_OK).is_ok() && file.is_file())
}
