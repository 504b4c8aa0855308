//! `tenon job`: a thin client of a gateway that runs jobs. It knows the wire and nothing else: what
//! a job may and what becomes of it is decided by the gateway.

mod audit;
mod follow;
mod shown;
mod wire;

use std::io::Read as _;
use std::path::PathBuf;

use clap::{Subcommand, ValueEnum};
use serde_json::{Value, json};
use tenon_gateway::grpc::client::CallError;

use crate::Exit;
use crate::failure::{Failure, Outcome};
use crate::terminal::Terminal;
use wire::Wire;

use super::webhooks::TOKEN_VARIABLE;

/// The status where a job was canceled.
const CANCELED: u8 = 3;

/// The status where a job has not ended yet.
const UNDER_WAY: u8 = 4;

/// `tenon job`, as typed.
#[derive(Debug, clap::Args)]
#[command(
    after_long_help = "Exit status: 0 the job succeeded, 1 it failed, 3 it was canceled, 4 it has not ended \
    (`status`, `run --detach`, `watch --no-follow`); 2 the gateway refused, or does not answer."
)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub what: What,
    /// The gateway that runs.
    #[arg(long, global = true, default_value = "http://127.0.0.1:8080", value_name = "URL")]
    pub url: String,
    /// What shows who asks [default: the variable `TENON_TOKEN`].
    #[arg(long, global = true, value_name = "TOKEN")]
    pub token: Option<String>,
    /// How to print.
    #[arg(long, global = true, value_enum, default_value_t = Format::Pretty)]
    pub format: Format,
    /// How long a gateway that does not answer is asked again, in seconds.
    #[arg(long, global = true, default_value_t = 30, value_name = "SECONDS")]
    pub patience: u64,
}

/// Output formats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Pretty,
    /// A JSON object a line, as the wire has it.
    Json,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum What {
    /// Submit a skill and watch it to its end.
    Run {
        /// The skill, such as `text.count`.
        skill: String,
        /// Its input, JSON; `@FILE` reads a file, `-` standard input.
        #[arg(long, default_value = "{}", value_name = "JSON")]
        task: String,
        /// One key stands for one job, however often it is submitted [default: a new one].
        #[arg(long, value_name = "KEY")]
        key: Option<String>,
        /// The profile it runs under.
        #[arg(long, default_value = "", value_name = "NAME")]
        profile: String,
        /// Limits beyond those of the skill, JSON: `{"priority": 9, "wall_ms_max": 5000}`.
        #[arg(long, default_value = "", value_name = "JSON", hide_default_value = true)]
        constraints: String,
        /// Say which job it is, and do not watch it.
        #[arg(long)]
        detach: bool,
    },
    /// Show the state of a job, what it left and what exactly ran.
    Status {
        /// The job.
        job: String,
    },
    /// Print the events of a job until it ends; after a lost connection, go on where it broke off.
    Watch {
        /// The job.
        job: String,
        /// Only events after this number.
        #[arg(long, default_value_t = 0, value_name = "SEQ")]
        since: u64,
        /// Print what is there, and do not wait for more.
        #[arg(long)]
        no_follow: bool,
    },
    /// Ask for the end of a job.
    Cancel {
        /// The job.
        job: String,
    },
    /// Say where a decision about a run is kept.
    Decision {
        /// The run.
        run: String,
        /// Which decision.
        #[arg(long, value_enum, default_value_t = Kind::Gate)]
        kind: Kind,
    },
    /// List the skills that can be run.
    Skills,
    /// Hold sources to the clients a contract approves: none beside them speaks the wire itself.
    Audit {
        /// The contract.
        contract: PathBuf,
        /// Folders of sources [default: the current one].
        #[arg(value_name = "SOURCES")]
        sources: Vec<PathBuf>,
    },
}

/// Which decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Kind {
    /// Whether the run may go on.
    Gate,
    /// Whether what it produced may take the place of what is there.
    Promotion,
}

/// Asks the gateway.
pub fn run(arguments: &Arguments, terminal: &Terminal) -> Outcome {
    if let What::Audit { contract, sources } = &arguments.what {
        let here = [PathBuf::from(".")];
        return audit::run(contract, if sources.is_empty() { &here } else { sources }, terminal);
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::system("start a thread", &error))?;
    let token = arguments.token.clone().or_else(|| std::env::var(TOKEN_VARIABLE).ok());
    runtime.block_on(async {
        let wire = Wire::new(&arguments.url, token.as_deref(), arguments.patience)?;
        match asked(arguments, &wire, terminal).await? {
            Ok(exit) => Ok(exit),
            Err(error) => Err(failed(&arguments.url, &error, token.is_some())),
        }
    })
}

/// What went wrong between us and the gateway is inside.
async fn asked(
    arguments: &Arguments,
    wire: &Wire,
    terminal: &Terminal,
) -> Result<Result<Exit, CallError>, Failure> {
    let format = arguments.format;
    let said = match &arguments.what {
        What::Run { .. } => return submit(arguments, wire, terminal).await,
        What::Watch { job, since, no_follow } => {
            return follow::watch(wire, job, *since, !no_follow, format, terminal).await;
        }
        What::Status { job } => wire.ask(&wire::STATUS, &json!({ "job_id": job })).await,
        What::Cancel { job } => {
            let key = key();
            wire.ask(&wire::CANCEL, &json!({ "job_id": job, "idempotency_key": key })).await
        }
        What::Decision { run, kind } => {
            let method = match kind {
                Kind::Gate => &wire::GATE,
                Kind::Promotion => &wire::PROMOTION,
            };
            wire.ask(method, &json!({ "run_id": run })).await
        }
        What::Skills | What::Audit { .. } => wire.ask(&wire::TOOLS, &json!({})).await,
    };
    let said = match said {
        Ok(said) => said,
        Err(error) => return Ok(Err(error)),
    };
    let text = match (format, &arguments.what) {
        (Format::Json, _) => format!("{said}\n"),
        (Format::Pretty, What::Status { .. }) => shown::status(&said),
        (Format::Pretty, What::Decision { .. }) => shown::decision(&said),
        (Format::Pretty, What::Skills) => shown::skills(&said),
        (Format::Pretty, _) => shown::accepted(&said),
    };
    terminal.print(|out| out.write_all(text.as_bytes()))?;
    let tells_state = matches!(arguments.what, What::Status { .. });
    Ok(Ok(if tells_state { exit_of(&said) } else { Exit::Clean }))
}

async fn submit(
    arguments: &Arguments,
    wire: &Wire,
    terminal: &Terminal,
) -> Result<Result<Exit, CallError>, Failure> {
    let What::Run { skill, task, key: given, profile, constraints, detach } = &arguments.what else {
        return Ok(Ok(Exit::Clean));
    };
    let task = input(task)?;
    is_json("--task", &task)?;
    if !constraints.is_empty() {
        is_json("--constraints", constraints)?;
    }
    // The key makes it safe to ask again where nobody knows whether the first call arrived.
    let request = json!({
        "skill_id": skill,
        "profile": profile,
        "idempotency_key": given.clone().unwrap_or_else(key),
        "task_json": task,
        "constraints_json": constraints,
    });
    let said = match wire.ask(&wire::EXECUTE, &request).await {
        Ok(said) => said,
        Err(error) => return Ok(Err(error)),
    };
    if arguments.format == Format::Pretty || *detach {
        let text = match arguments.format {
            Format::Json => format!("{said}\n"),
            Format::Pretty => shown::accepted(&said),
        };
        terminal.print(|out| out.write_all(text.as_bytes()))?;
    }
    if *detach {
        return Ok(Ok(exit_of(&said)));
    }
    let job = said.get("job_id").and_then(Value::as_str).unwrap_or_default();
    follow::watch(wire, job, 0, true, arguments.format, terminal).await
}

/// The status of a state.
fn exit_of(said: &Value) -> Exit {
    match said.get("state").and_then(Value::as_str) {
        Some("JOB_STATE_SUCCEEDED") => Exit::Clean,
        Some("JOB_STATE_FAILED") => Exit::Findings,
        Some("JOB_STATE_CANCELED") => Exit::Script(CANCELED),
        _ => Exit::Script(UNDER_WAY),
    }
}

fn key() -> String {
    tenon_gateway::World::system().uuid()
}

/// What was typed, what is in a file, or what comes in.
fn input(text: &str) -> Result<String, Failure> {
    if let Some(path) = text.strip_prefix('@') {
        return std::fs::read_to_string(path).map_err(|error| Failure::file(path, "read", &error));
    }
    if text != "-" {
        return Ok(text.to_owned());
    }
    let mut all = String::new();
    let read = std::io::stdin().read_to_string(&mut all);
    read.map_err(|error| Failure::file("standard input", "read", &error))?;
    Ok(all)
}

/// What is no JSON need not be sent: here its place can be told.
fn is_json(option: &str, text: &str) -> Result<(), Failure> {
    let read: Result<serde::de::IgnoredAny, _> = serde_json::from_str(text);
    read.map(|_| ()).map_err(|error| {
        Failure::usage(
            format!("`{option}` is no JSON: {error}"),
            "write an object as in '{\"text\": \"words\"}', or `@FILE` for what a file holds",
        )
    })
}

fn failed(url: &str, error: &CallError, has_token: bool) -> Failure {
    Failure::job(url, &error.to_string(), error.reason.is_empty() && error.retryable, has_token)
}
