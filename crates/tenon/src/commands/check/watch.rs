//! `--watch`: checks again whenever a file changes.

use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use notify::{EventKind, RecursiveMode, Watcher};

use super::plan::{Plan, Planned};
use super::{Arguments, pass};
use crate::failure::{Failure, Outcome};
use crate::terminal::Terminal;

/// How long files must be quiet before they are read, in milliseconds: editors write a file in
/// several steps.
const QUIET_MS: u64 = 60;

/// Checks, then waits, until interrupted.
pub fn run(arguments: &Arguments, plan: &Plan, terminal: &Terminal) -> Outcome {
    let (send, changes) = channel();
    let handler = move |event: notify::Result<notify::Event>| {
        let concerns = match &event {
            Ok(event) => {
                !matches!(event.kind, EventKind::Access(_)) && event.paths.iter().any(|path| is_input(path))
            }
            // A watch that lost events must look again.
            Err(_) => true,
        };
        if concerns {
            let _ = send.send(());
        }
    };
    let mut watcher =
        notify::recommended_watcher(handler).map_err(|error| Failure::watch(&error.to_string()))?;
    for path in &plan.paths {
        // The folder of a file is watched: editors replace files.
        let folder = if path.is_dir() { path } else { path.parent().unwrap_or(path) };
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        watcher
            .watch(folder, RecursiveMode::Recursive)
            .map_err(|error| Failure::watch(&error.to_string()))?;
    }
    loop {
        let started = Instant::now();
        terminal.clear();
        // What is wrong now may be mended by the next change, the configuration too.
        if let Err(failure) = check(arguments, started, terminal) {
            failure.print(terminal);
        }
        terminal.complain("watching for changes; Ctrl-C ends\n");
        if !changed(&changes) {
            return Err(Failure::watch("the watch ended"));
        }
    }
}

fn check(arguments: &Arguments, started: Instant, terminal: &Terminal) -> Outcome {
    match Plan::of(arguments, terminal)? {
        Planned::Plan(plan) => {
            let checked = pass::check(&plan, terminal)?;
            super::report(&plan, &checked, started, terminal)
        }
        Planned::Unusable(unusable) => super::report_unusable(*unusable, terminal),
    }
}

/// Waits for a change and then until nothing more changes. False once nothing can come any more.
fn changed(changes: &Receiver<()>) -> bool {
    if changes.recv().is_err() {
        return false;
    }
    loop {
        match changes.recv_timeout(Duration::from_millis(QUIET_MS)) {
            Ok(()) => {}
            Err(RecvTimeoutError::Timeout) => return true,
            Err(RecvTimeoutError::Disconnected) => return false,
        }
    }
}

fn is_input(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str());
    matches!(extension, Some("json" | "yaml" | "yml" | "toml" | "ts" | "js"))
}
