//! The job runtime behind `domed`: skills become jobs, jobs become processes, and what happens to
//! them is kept.
//!
//! Holds: the manifests of skills, the state machine of jobs, the queue, the wardens that run
//! processes and end them whole, events with gapless numbers, and what a run leaves: its manifest
//! and the decisions about it. It must never hold: a wire format, an operation of a contract, a
//! policy of its own ([`Judge`] is given to it).
//!
//! Start reading at [`Runtime`], then `state`, then `runtime::run`.
#![forbid(unsafe_code)]

mod error;
mod event;
mod job;
mod judge;
pub mod limits;
mod origin;
mod problem;
mod runtime;
mod settings;
mod skill;
mod state;
pub mod warden;

pub use error::{Code, JobError};
pub use event::{EventType, JobEvent};
pub use job::{ArtifactRef, Constraints, Job, Kind, Provenance, Reason, Submit};
pub use judge::{ByOutcome, Gate, Judge, Judged, Promotion, Verdict};
pub use origin::Origin;
pub use problem::Problem;
pub use runtime::{Counts, EventReader, Runtime};
pub use settings::Settings;
pub use skill::{Limits, Retry, RetryClass, Skill};
pub use state::{Change, State};
