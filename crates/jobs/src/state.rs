//! The states of a job and every way from one to another: here, and nowhere else.

use serde::{Deserialize, Serialize};

use crate::JobError;

/// Where a job stands. The last three are final.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Accepted, not yet started.
    Queued,
    /// Started; also while it waits to be tried again.
    Running,
    /// Ended, with an output that fits its schema.
    Succeeded,
    /// Ended without one.
    Failed,
    /// Ended because somebody asked for it.
    Canceled,
}

/// What happens to a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Change {
    /// A process is started.
    Start,
    /// The output fits.
    Succeed,
    /// It ends without an output.
    Fail,
    /// Somebody wants it to end.
    Cancel,
}

impl State {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Queued, Self::Running, Self::Succeeded, Self::Failed, Self::Canceled];

    /// The name in events and records.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Canceled => "canceled",
        }
    }

    /// Whether nothing follows.
    #[must_use]
    pub fn is_final(self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed | Self::Canceled)
    }

    /// The state after a change.
    ///
    /// # Errors
    /// When the frozen machine has no such way: a code of its own, and nothing has changed.
    pub fn after(self, change: Change) -> Result<Self, JobError> {
        match (self, change) {
            (Self::Queued, Change::Start) => Ok(Self::Running),
            (Self::Queued | Self::Running, Change::Fail) => Ok(Self::Failed),
            (Self::Queued | Self::Running, Change::Cancel) => Ok(Self::Canceled),
            (Self::Running, Change::Succeed) => Ok(Self::Succeeded),
            (from, change) => {
                let verb = match change {
                    Change::Start => "start",
                    Change::Succeed => "succeed",
                    Change::Fail => "fail",
                    Change::Cancel => "be canceled",
                };
                Err(JobError::transition(format!("a job that is {} cannot {verb}", from.as_str()))
                    .with("state", from.as_str()))
            }
        }
    }
}
