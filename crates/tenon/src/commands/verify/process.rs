//! Commands that a milestone runs: with a limit of time and of output, without input.

use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use tenon_verify::milestone::Ran;

/// Longest time a command may take, in seconds: what takes longer belongs in a run of its own.
const COMMAND_SECONDS_MAX: u64 = 900;

/// Most bytes of output that are kept of each stream: more is read and thrown away.
const OUTPUT_BYTES_MAX: u64 = 4 * 1024 * 1024;

/// How often it is looked whether a command has ended, in milliseconds.
const POLL_MS: u64 = 5;

/// Runs a command in a folder. `tenon` is this program.
///
/// # Errors
/// In words, when it cannot be started or takes too long.
pub fn run(command: &[String], folder: &Path) -> Result<Ran, String> {
    let (program, arguments) = command.split_first().ok_or("there is no command")?;
    let own = std::env::current_exe();
    let path = match (program.as_str(), own) {
        ("tenon", Ok(own)) => own,
        _ => program.into(),
    };
    let mut child = Command::new(path)
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| {
            format!("`{program}` cannot be started: {}", crate::failure::Failure::reason(&error))
        })?;
    let (stdout, stderr) = (gather(child.stdout.take()), gather(child.stderr.take()));
    let started = Instant::now();
    let status = loop {
        match child.try_wait() {
            Ok(Some(status)) => break status,
            Ok(None) if started.elapsed() > Duration::from_secs(COMMAND_SECONDS_MAX) => {
                let _ = child.kill();
                let _ = child.wait();
                return Err(format!("`{program}` did not end within {COMMAND_SECONDS_MAX} s and was ended"));
            }
            Ok(None) => std::thread::sleep(Duration::from_millis(POLL_MS)),
            Err(error) => return Err(format!("`{program}` cannot be waited for: {error}")),
        }
    };
    let text = |thread: JoinHandle<Vec<u8>>| {
        String::from_utf8_lossy(&thread.join().unwrap_or_default()).into_owned()
    };
    Ok(Ran { status: status.code(), stdout: text(stdout), stderr: text(stderr) })
}

/// Reads a stream to its end, so that the command never waits, and keeps its start.
fn gather(stream: Option<impl Read + Send + 'static>) -> JoinHandle<Vec<u8>> {
    std::thread::spawn(move || {
        let mut kept = Vec::new();
        if let Some(mut stream) = stream {
            let _ = stream.by_ref().take(OUTPUT_BYTES_MAX).read_to_end(&mut kept);
            let _ = std::io::copy(&mut stream, &mut std::io::sink());
        }
        kept
    })
}
