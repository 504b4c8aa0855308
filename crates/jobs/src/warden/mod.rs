//! The warden: a small process between the gateway and the processes of a job.
//!
//! A warden runs one job at a time and outlives many. It is the reaper of everything below it
//! (`PR_SET_CHILD_SUBREAPER`), so that a process that leaves its group, its session or its parent
//! still belongs to the job and goes with it. Its standard input is the gateway: when that ends,
//! however it ends, everything below the warden is killed, and the warden goes too.
//!
//! What holds: every descendant is found, in whatever session; the job's group dies in one step.
//! What does not: a process that was given to another reaper by the system itself, one that hangs
//! in the kernel, and a skill with the gateway's own user that kills its warden (then the gateway
//! looks for the job's mark in every environment, and a process that has removed it is not found).

mod frame;
mod guard;
mod job;
mod limits;
mod processes;
mod spawn;

pub(crate) use frame::{Done, Frame, Start, read_header, write_frame};
pub(crate) use processes::{MARK, kill_marked};

use std::process::ExitCode;

/// Runs a warden on standard input and output until the other side closes.
#[must_use]
pub fn main() -> ExitCode {
    match guard::run() {
        Ok(()) => ExitCode::SUCCESS,
        // Nobody reads what a warden would say: the gateway sees that it is gone.
        Err(_) => ExitCode::FAILURE,
    }
}
