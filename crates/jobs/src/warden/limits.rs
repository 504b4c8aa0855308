//! Limits the system itself holds.
//!
//! A process gets the limits of who starts it, so the warden takes them on for the moment of the
//! start: there is no instant without them. Only the soft ones, which the warden needs back; the
//! hard ones, which nobody can raise, are set right after, and again on every process found later.

use std::sync::OnceLock;

use rustix::process::{Pid, Resource, Rlimit, getrlimit, prlimit, setrlimit};

use super::frame::Start;

/// Data a warden may need itself while it starts a process, in bytes. Below what it has and this,
/// the limit of memory comes right after the start.
const OWN_DATA_BYTES: u64 = 4 * 1024 * 1024;

/// Files a warden has open itself while it starts a process, a count.
const OWN_FILES: u64 = 24;

/// Gives a process its limits, none of which it can raise.
pub(super) fn limit_process(pid: Pid, start: &Start) {
    for (resource, max) in limits(start) {
        let limit = Rlimit { current: Some(max), maximum: Some(max) };
        // One that has ended needs none.
        let _ = prlimit(Some(pid), resource, limit);
    }
}

fn limits(start: &Start) -> [(Resource, u64); 3] {
    [
        (Resource::Data, start.memory_bytes_max),
        (Resource::Fsize, start.file_bytes_max),
        (Resource::Nofile, start.open_files_max),
    ]
}

/// The warden's own limits, while it has those of a job.
pub(super) struct Lent {
    own: Vec<(Resource, Rlimit)>,
}

impl Lent {
    /// `held` is what the warden itself holds for the job, in bytes.
    pub(super) fn take(start: &Start, held: usize) -> Self {
        static OWN: OnceLock<u64> = OnceLock::new();
        let held = u64::try_from(held).unwrap_or(u64::MAX);
        let own_data = OWN.get_or_init(own_data_bytes).saturating_add(held.saturating_mul(2));
        let mut own = Vec::new();
        for (resource, max) in limits(start) {
            let needed = match resource {
                Resource::Data => own_data.saturating_add(OWN_DATA_BYTES),
                Resource::Nofile => OWN_FILES,
                _ => 0,
            };
            let before = getrlimit(resource);
            if max >= needed && before.maximum.is_none_or(|hard| max <= hard) {
                let lent = Rlimit { current: Some(max), maximum: before.maximum };
                if setrlimit(resource, lent).is_ok() {
                    own.push((resource, before));
                }
            }
        }
        Self { own }
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        for (resource, before) in self.own.drain(..) {
            // The hard limit was not touched, so this is allowed.
            let _ = setrlimit(resource, before);
        }
    }
}

/// Data this process has, as the system counts it.
fn own_data_bytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmData:"));
    let kib = line.and_then(|line| line.split_ascii_whitespace().next()?.parse::<u64>().ok());
    kib.map_or(u64::MAX, |kib| kib.saturating_mul(1_024))
}
