//! The frozen wire, as this program was built with it.

use std::time::Duration;

use serde_json::Value;
use tenon_emitters::descriptors;
use tenon_gateway::grpc::Messages;
use tenon_gateway::grpc::client::{Answers, CallError, Client, Method};
use tenon_graph::ReferenceProblem;
use tenon_readers::{Files, Root};
use tokio::time::Instant;

use crate::failure::Failure;
use crate::pipeline::analyse;

/// The contract of the service, the one in `contracts/dome`.
const PROTO: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../contracts/dome/proto/domed/v1/domed.proto"));

/// How a file of the contract is named where it is read from memory.
const PROTO_NAME: &str = "domed/v1/domed.proto";

/// How this program names itself.
const PROGRAM: &str = concat!("tenon-job/", env!("CARGO_PKG_VERSION"));

/// The first pause before a call is made again, in milliseconds; it doubles.
const PAUSE_MS: u64 = 100;

/// The longest pause, in milliseconds.
const PAUSE_MS_MAX: u64 = 2_000;

macro_rules! methods {
    ($($(#[$note:meta])* $name:ident = $method:literal;)*) => {
        $($(#[$note])* pub const $name: Method<'static> = Method {
            path: concat!("domed.v1.DomedService/", $method),
            request: concat!("domed.v1.", $method, "Request"),
            response: concat!("domed.v1.", $method, "Response"),
        };)*
    };
}

methods! {
    /// Accepts a job.
    EXECUTE = "SkillExecute";
    /// Shows one.
    STATUS = "GetJobStatus";
    /// Asks for its end.
    CANCEL = "CancelJob";
    /// Sends its events.
    EVENTS = "StreamJobEvents";
    /// Refers to the gate decision about a run.
    GATE = "GetGateDecision";
    /// Refers to the promotion decision about a run.
    PROMOTION = "GetPromotionDecision";
    /// Lists skills.
    TOOLS = "ListTools";
}

/// A client of one gateway, with the patience it was given.
pub struct Wire {
    client: Client,
    patience: Duration,
}

impl Wire {
    pub fn new(url: &str, token: Option<&str>, patience_s: u64) -> Result<Self, Failure> {
        let messages = messages().map_err(|problem| Failure::start(&problem))?;
        let client = Client::new(url, token, PROGRAM, messages).map_err(|problem| {
            Failure::usage(problem, "say where the gateway is with `--url http://127.0.0.1:8080`")
        })?;
        Ok(Self { client, patience: Duration::from_secs(patience_s) })
    }

    /// Asks, and asks again as long as that may help.
    pub async fn ask(&self, method: &Method<'_>, request: &Value) -> Result<Value, CallError> {
        let mut pauses = self.pauses();
        loop {
            match self.client.unary(*method, request).await {
                Ok(said) => return Ok(said),
                Err(error) => pauses.wait(error).await?,
            }
        }
    }

    /// A stream of answers.
    pub async fn stream(&self, method: &Method<'_>, request: &Value) -> Result<Answers, CallError> {
        self.client.call(*method, request).await
    }

    /// How long to wait before what failed is tried again.
    pub fn pauses(&self) -> Pauses {
        let now = Instant::now();
        let end = now.checked_add(self.patience).unwrap_or(now);
        Pauses { end, next: Duration::from_millis(PAUSE_MS) }
    }
}

/// Pauses between tries, until patience ends.
pub struct Pauses {
    end: Instant,
    next: Duration,
}

impl Pauses {
    /// Waits, or gives the error back where waiting does not help or has lasted long enough.
    pub async fn wait(&mut self, error: CallError) -> Result<(), CallError> {
        let pause = error.retry_after_s.map_or(self.next, Duration::from_secs);
        if !error.retryable || Instant::now() + pause > self.end {
            return Err(error);
        }
        tokio::time::sleep(pause).await;
        self.next = (self.next * 2).min(Duration::from_millis(PAUSE_MS_MAX));
        Ok(())
    }
}

/// The one file, from memory.
struct Proto;

impl Files for Proto {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReferenceProblem> {
        match path {
            PROTO_NAME => Ok(PROTO.as_bytes().to_vec()),
            _ => Err(ReferenceProblem::MissingFile(path.to_owned())),
        }
    }

    fn folders(&self) -> Vec<String> {
        Vec::new()
    }
}

fn messages() -> Result<Messages, String> {
    let analysis = analyse(&[Root { path: PROTO_NAME.to_owned(), named: true }], &Proto);
    let pb = &analysis.graph.protobuf;
    let files: Vec<_> = pb.target_files().map(|(id, _)| id).collect();
    Messages::new(&descriptors::descriptor_set(pb, &descriptors::with_imports(pb, &files)))
}
