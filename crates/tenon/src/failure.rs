//! Why a command could not do its work at all: exit status 2.

use std::fmt::Write as _;

use tenon_graph::ReferenceProblem;

use crate::terminal::Terminal;

/// What a folder is searched for.
const KNOWN_FORMATS: &str = "contracts are OpenAPI (`openapi: 3.x`), Swagger (`swagger: \"2.0\"`), AsyncAPI \
     (`asyncapi: 3.x`), Protobuf (`.proto`), JSON Schema (`$schema`), service contracts \
     (`$schema: service-contracts-v2`) with their manifests, manifests of `endpoints` or \
     `event_types`, and files of our own (`tenon: contract/v1`); hidden and git-ignored files \
     are left out";

/// What a command gives back: how it ended, or why it could not run.
pub type Outcome = Result<crate::Exit, Failure>;

/// Why a command could not do its work: what is wrong, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    message: String,
    help: Option<String>,
}

impl Failure {
    /// The arguments cannot be used.
    pub fn usage(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { message: message.into(), help: Some(help.into()) }
    }

    /// A file or folder cannot be read or written.
    pub fn file(path: &str, doing: &str, error: &std::io::Error) -> Self {
        Self { message: format!("cannot {doing} {path}: {}", Self::reason(error)), help: None }
    }

    /// A folder below one that was asked for cannot be listed.
    pub fn walk(path: &str, error: &ignore::Error) -> Self {
        let help = "leave it out with a line in .gitignore or .ignore, or make it readable";
        Self { message: format!("cannot list what is in {path}: {error}"), help: Some(help.to_owned()) }
    }

    /// An error of the system in our words, where it is a common one.
    pub fn reason(error: &std::io::Error) -> String {
        match error.kind() {
            std::io::ErrorKind::NotFound => "no such file or folder".to_owned(),
            std::io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
            std::io::ErrorKind::IsADirectory => "it is a folder".to_owned(),
            _ => error.to_string(),
        }
    }

    /// A file that is read for its settings is wrong at a place.
    pub fn at(path: &str, at: tenon_source::LineColumn, message: &str) -> Self {
        Self { message: format!("{path}:{}:{}: {message}", at.line, at.column), help: None }
    }

    /// No rule has that id or name.
    pub fn unknown_rule(word: &str, near: Option<String>) -> Self {
        let help = near.map_or_else(
            || "`tenon explain --list` lists every rule".to_owned(),
            |near| format!("did you mean {near}?"),
        );
        Self { message: format!("there is no rule {word}"), help: Some(help) }
    }

    /// No contract has that operation.
    pub fn unknown_endpoint(wanted: &str, near: Option<&str>) -> Self {
        let help = near.map_or_else(
            || "write it as findings name it: `POST /pets/{id}`".to_owned(),
            |near| format!("did you mean `{near}`?"),
        );
        Self { message: format!("no contract has the operation `{wanted}`"), help: Some(help) }
    }

    /// The system refuses something.
    pub fn system(doing: &str, error: &std::io::Error) -> Self {
        Self { message: format!("cannot {doing}: {}", Self::reason(error)), help: None }
    }

    /// An address cannot be listened on.
    pub fn listen(address: &str, error: &std::io::Error) -> Self {
        let help = match error.kind() {
            std::io::ErrorKind::AddrInUse => {
                "something listens there already; `--listen 127.0.0.1:0` takes a free port"
            }
            _ => "name another with `--listen ADDRESS:PORT`",
        };
        Self {
            message: format!("cannot listen on {address}: {}", Self::reason(error)),
            help: Some(help.to_owned()),
        }
    }

    /// A gateway cannot start.
    pub fn start(said: &str) -> Self {
        Self { message: format!("the gateway cannot start: {said}"), help: None }
    }

    /// TLS cannot be set up.
    pub fn tls(said: &str) -> Self {
        Self { message: format!("cannot set up TLS: {said}"), help: None }
    }

    /// A gateway does not answer.
    pub fn gateway_silent(url: &str, error: &tenon_gateway::ask::AskError) -> Self {
        let help = "start one with `tenon serve`, or say where it is with `--url`";
        Self { message: format!("cannot ask the gateway at {url}: {error}"), help: Some(help.to_owned()) }
    }

    /// A gateway refuses what it is asked.
    pub fn gateway_refused(status: u16, why: &str, has_token: bool) -> Self {
        let help = match (status, has_token) {
            (401, false) => Some("give a token with `--token` or the variable `TENON_TOKEN`"),
            (401 | 403, _) => Some("give a token that may: `tenon token` makes one for development"),
            _ => None,
        };
        Self { message: format!("the gateway says {status}: {why}"), help: help.map(str::to_owned) }
    }

    /// A call of a job did not do what it should.
    pub fn job(url: &str, said: &str, is_silent: bool, has_token: bool) -> Self {
        let help = match (is_silent, has_token) {
            (true, _) => Some("start one with `tenon serve contracts/dome`, or say where it is with `--url`"),
            (false, false) => Some("give a token with `--token` or the variable `TENON_TOKEN`"),
            _ => None,
        };
        Self { message: format!("{url}: {said}"), help: help.map(str::to_owned) }
    }

    /// Files cannot be watched.
    pub fn watch(reason: &str) -> Self {
        Self { message: format!("cannot watch the files: {reason}"), help: None }
    }

    /// A file that was asked for cannot be read.
    pub fn unreadable(path: &str, problem: &ReferenceProblem) -> Self {
        let message = match problem {
            ReferenceProblem::MissingFile(_) => format!("cannot read {path}: no such file or folder"),
            ReferenceProblem::Folder(_) => format!("cannot read {path}: it is a folder"),
            ReferenceProblem::OutsideRoot(_) => {
                format!("cannot read {path}: it is a link that leads out of the folder that is checked")
            }
            ReferenceProblem::Unreadable(reason) => format!("cannot read {reason}"),
            _ => format!("cannot read {path}"),
        };
        Self { message, help: None }
    }

    /// No path that was asked for has anything to check.
    pub fn nothing_to_check(paths: &str, looked_at: usize) -> Self {
        let message = match looked_at {
            0 => format!("nothing to check in {paths}: there is no .json, .yaml, .yml or .proto file"),
            1 => format!("nothing to check in {paths}: the one JSON or YAML file there is no contract"),
            count => {
                format!("nothing to check in {paths}: none of the {count} JSON and YAML files is a contract")
            }
        };
        Self { message, help: Some(KNOWN_FORMATS.to_owned()) }
    }

    /// What was printed cannot be written to where it should go.
    pub fn output(error: &std::io::Error) -> Self {
        Self { message: format!("cannot write the output: {error}"), help: None }
    }

    /// The program itself is wrong.
    pub fn bug(said: impl std::fmt::Display) -> Self {
        Self {
            message: format!("this is a bug in tenon, not in your files: {said}"),
            help: Some(format!(
                "please report it with the command you ran, the file if you can share it, and the \
                 version: tenon {}",
                env!("CARGO_PKG_VERSION")
            )),
        }
    }

    /// What is wrong, with what to do, in one line.
    #[must_use]
    pub fn said(&self) -> String {
        match &self.help {
            Some(help) => format!("{}; {help}", self.message),
            None => self.message.clone(),
        }
    }

    /// Adds what to do.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Says it on standard error.
    pub fn print(&self, terminal: &Terminal) {
        let mut text = format!("{}: {}\n", terminal.paint_error("error"), self.message);
        if let Some(help) = &self.help {
            let _ = writeln!(text, "{}: {help}", terminal.paint_help("help"));
        }
        terminal.complain(&text);
    }
}
