//! Reads the contracts again when they change, without dropping a request.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use notify::{RecommendedWatcher, RecursiveMode, Watcher};
use tenon_gateway::Gateway;

use super::{Arguments, start};
use crate::failure::Failure;
use crate::terminal::Terminal;

/// How long the files must be still before they are read, in milliseconds: editors write in steps.
const STILL_MS: u64 = 150;

/// Watches the contracts until what is given back is dropped.
pub fn watch(
    arguments: &Arguments,
    gateway: &Arc<Gateway>,
    terminal: &Terminal,
) -> Result<RecommendedWatcher, Failure> {
    let (send, changes) = channel();
    let failed = |error: notify::Error| Failure::watch(&error.to_string());
    let mut watcher = notify::recommended_watcher(send).map_err(failed)?;
    for path in &arguments.paths {
        watcher.watch(path, RecursiveMode::Recursive).map_err(failed)?;
    }
    let (paths, gateway, terminal) = (arguments.paths.clone(), Arc::clone(gateway), *terminal);
    std::thread::spawn(move || {
        while let Ok(change) = changes.recv() {
            if !concerns(&change) {
                continue;
            }
            while !matches!(
                changes.recv_timeout(Duration::from_millis(STILL_MS)),
                Err(RecvTimeoutError::Timeout)
            ) {
                if Arc::strong_count(&gateway) == 1 {
                    return;
                }
            }
            reload(&paths, &gateway, &terminal);
        }
    });
    Ok(watcher)
}

/// Whether a change is one of a file that may be a contract.
fn concerns(change: &notify::Result<notify::Event>) -> bool {
    let Ok(event) = change else { return false };
    let written = !matches!(event.kind, notify::EventKind::Access(_));
    written && event.paths.iter().any(|path| crate::disk::is_input(path))
}

/// A contract that cannot be served leaves the one before in place.
fn reload(paths: &[PathBuf], gateway: &Gateway, terminal: &Terminal) {
    match start::plan(paths, true, terminal) {
        Ok(Some(plan)) => {
            let openapi = tenon_emitters::openapi::write(&plan.graph);
            gateway.replace_plan(plan, openapi);
            terminal.complain("the contracts were read again\n");
        }
        Ok(None) => terminal.complain("the contracts cannot be served as they are; those before still are\n"),
        Err(failure) => failure.print(terminal),
    }
}
