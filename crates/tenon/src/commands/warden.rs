//! `tenon warden`: the small process that stands between a gateway and the processes of a job. It
//! is started by `tenon serve`, and by nobody else.

use std::process::ExitCode;

use crate::Exit;
use crate::failure::Outcome;

/// Runs until the gateway is gone.
pub fn run() -> Outcome {
    let ended = tenon_jobs::warden::main();
    Ok(if ended == ExitCode::SUCCESS { Exit::Clean } else { Exit::Unusable })
}
