//! Watches a job: its events in order, none twice and none left out, over lost connections.

use serde_json::{Value, json};
use tenon_gateway::grpc::Code;
use tenon_gateway::grpc::client::CallError;

use super::wire::{self, Wire};
use super::{Format, exit_of, shown};
use crate::Exit;
use crate::failure::Failure;
use crate::terminal::Terminal;

/// Prints events until the job has ended, and says how.
pub async fn watch(
    wire: &Wire,
    job: &str,
    since: u64,
    follow: bool,
    format: Format,
    terminal: &Terminal,
) -> Result<Result<Exit, CallError>, Failure> {
    let mut watching = Watching { wire, job, last: since, follow, format, terminal };
    let mut pauses = wire.pauses();
    loop {
        let before = watching.last;
        match watching.once().await? {
            Ok(()) if !follow => break,
            Ok(()) => {}
            Err(error) => {
                if watching.last > before {
                    // It got on: patience begins anew.
                    pauses = wire.pauses();
                }
                match pauses.wait(error).await {
                    Ok(()) => continue,
                    Err(error) => return Ok(Err(error)),
                }
            }
        }
        break;
    }
    // The state itself says how it ended, not what was printed about it.
    match wire.ask(&wire::STATUS, &json!({ "job_id": job })).await {
        Ok(said) => {
            if format == Format::Pretty {
                let text = shown::ended(&said);
                terminal.print(|out| out.write_all(text.as_bytes()))?;
            }
            Ok(Ok(exit_of(&said)))
        }
        Err(error) => Ok(Err(error)),
    }
}

struct Watching<'a> {
    wire: &'a Wire,
    job: &'a str,
    /// The number of the last event that was printed.
    last: u64,
    follow: bool,
    format: Format,
    terminal: &'a Terminal,
}

impl Watching<'_> {
    /// Prints what one connection brings.
    async fn once(&mut self) -> Result<Result<(), CallError>, Failure> {
        let request =
            json!({ "job_id": self.job, "follow": self.follow, "since_seq": self.last.to_string() });
        let mut events = match self.wire.stream(&wire::EVENTS, &request).await {
            Ok(events) => events,
            Err(error) => return Ok(Err(error)),
        };
        loop {
            let event = match events.next().await {
                Ok(Some(event)) => event,
                Ok(None) => return Ok(Ok(())),
                Err(error) => return Ok(Err(error)),
            };
            let seq = event.get("seq").and_then(Value::as_str).and_then(|seq| seq.parse().ok()).unwrap_or(0);
            if seq != self.last + 1 {
                let message = format!("after event {} came event {seq}", self.last);
                let reason = String::new();
                let (code, retryable, retry_after_s) = (Code::DataLoss, false, None);
                return Ok(Err(CallError { code, reason, message, retryable, retry_after_s }));
            }
            let text = match self.format {
                Format::Json => format!("{event}\n"),
                Format::Pretty => shown::event(&event),
            };
            self.terminal.print(|out| {
                out.write_all(text.as_bytes())?;
                out.flush()
            })?;
            self.last = seq;
        }
    }
}
