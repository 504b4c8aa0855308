//! Looking at processes and ending them.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, WaitOptions, kill_process, kill_process_group};

use crate::limits::KILL_MS_MAX;

/// The variable that marks every process of a runtime: its folder of artifacts, then the job.
pub(crate) const MARK: &str = "TENON_JOB_MARK";

/// Every process below one, but those that only wait to be reaped.
pub(super) fn below(root: i32) -> Vec<i32> {
    // Where the system tells the children of a process, nobody else's is looked at.
    match children_of(root) {
        Some(children) => walk(children),
        None => search(root),
    }
}

fn walk(mut next: Vec<i32>) -> Vec<i32> {
    let mut found = Vec::new();
    while let Some(pid) = next.pop() {
        next.extend(children_of(pid).unwrap_or_default());
        if parent_of(pid).is_some() {
            found.push(pid);
        }
    }
    found
}

/// The children of every thread of a process; nothing where the system does not tell.
fn children_of(pid: i32) -> Option<Vec<i32>> {
    let mut children = Vec::new();
    for thread in std::fs::read_dir(format!("/proc/{pid}/task")).ok()?.flatten() {
        let told = std::fs::read_to_string(thread.path().join("children")).ok()?;
        children.extend(told.split_ascii_whitespace().filter_map(|pid| pid.parse::<i32>().ok()));
    }
    Some(children)
}

/// The same by the parents of all processes there are.
fn search(root: i32) -> Vec<i32> {
    let mut children: BTreeMap<i32, Vec<i32>> = BTreeMap::new();
    for (pid, parent) in all().into_iter().filter_map(|pid| Some((pid, parent_of(pid)?))) {
        children.entry(parent).or_default().push(pid);
    }
    let mut found = Vec::new();
    let mut next = vec![root];
    while let Some(pid) = next.pop() {
        for child in children.remove(&pid).unwrap_or_default() {
            found.push(child);
            next.push(child);
        }
    }
    found
}

fn all() -> Vec<i32> {
    let Ok(entries) = std::fs::read_dir("/proc") else { return Vec::new() };
    entries.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect()
}

/// The parent of a process that is not yet only waiting to be reaped.
fn parent_of(pid: i32) -> Option<i32> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name may hold anything, so what follows it is counted from its last bracket.
    let mut rest = stat.get(stat.rfind(')')? + 1..)?.split_ascii_whitespace();
    let state = rest.next()?;
    (state != "Z" && state != "X").then(|| rest.next()?.parse().ok())?
}

/// Bytes of memory a process has resident.
pub(super) fn resident(pid: i32, page_bytes: u64) -> u64 {
    let statm = std::fs::read_to_string(format!("/proc/{pid}/statm")).unwrap_or_default();
    let pages: u64 = statm.split_ascii_whitespace().nth(1).and_then(|pages| pages.parse().ok()).unwrap_or(0);
    pages * page_bytes
}

/// Reaps orphans that have ended, but not the first process of the job: its status is asked for.
pub(super) fn reap_orphans(first: Pid) {
    let own = children_of(i32::try_from(std::process::id()).unwrap_or(0)).unwrap_or_default();
    for pid in own.into_iter().filter_map(Pid::from_raw).filter(|pid| *pid != first) {
        // One that still runs is not waited for.
        let _ = rustix::process::waitpid(Some(pid), WaitOptions::NOHANG);
    }
}

/// Ends a group and everything below this process, and reaps it. How many are left.
pub(super) fn end_all(group: Option<Pid>) -> usize {
    let until = Instant::now() + Duration::from_millis(KILL_MS_MAX);
    loop {
        if let Some(group) = group {
            // Gone already is as good.
            let _ = kill_process_group(group, Signal::KILL);
        }
        if reap_all() {
            return 0;
        }
        let left = below(i32::try_from(std::process::id()).unwrap_or(0));
        for pid in left.iter().filter_map(|pid| Pid::from_raw(*pid)) {
            let _ = kill_process(pid, Signal::KILL);
        }
        if reap_all() {
            return 0;
        }
        if Instant::now() > until {
            return left.len();
        }
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// Reaps whoever has ended; whether nobody is left.
fn reap_all() -> bool {
    loop {
        match rustix::process::wait(WaitOptions::NOHANG) {
            Ok(Some(_)) => {}
            Ok(None) => return false,
            Err(error) => return error == rustix::io::Errno::CHILD,
        }
    }
}

/// Ends every process whose environment has this mark, until none is left. How many there were.
///
/// For what a warden can no longer end, because it is gone itself.
pub(crate) fn kill_marked(mark: &str) -> usize {
    let wanted = format!("{MARK}={mark}");
    let until = Instant::now() + Duration::from_millis(KILL_MS_MAX);
    let mut killed = std::collections::BTreeSet::new();
    loop {
        let marked: Vec<i32> = all().into_iter().filter(|pid| has_mark(*pid, &wanted)).collect();
        for pid in &marked {
            if let Some(pid) = Pid::from_raw(*pid) {
                let _ = kill_process(pid, Signal::KILL);
            }
            killed.insert(*pid);
        }
        if marked.is_empty() || Instant::now() > until {
            return killed.len();
        }
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// Whether a living process has a variable that begins so.
fn has_mark(pid: i32, wanted: &str) -> bool {
    let Ok(environment) = std::fs::read(format!("/proc/{pid}/environ")) else { return false };
    let is_marked =
        environment.split(|byte| *byte == 0).any(|variable| variable.starts_with(wanted.as_bytes()));
    is_marked && parent_of(pid).is_some()
}
