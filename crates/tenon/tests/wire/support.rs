//! A gateway over a pack, and what the tests of the wire share.

use std::io::{BufRead as _, BufReader, Read as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Arc, Mutex, PoisonError};

/// Scopes of a client of the pack `dome`.
pub const SCOPES: &str = "domed.capabilities:read domed.jobs:read domed.jobs:write";

/// A gateway, ended when it is dropped.
pub struct Serving {
    child: Child,
    pub address: SocketAddr,
    pub folder: PathBuf,
    /// What it has said on its error output.
    said: Arc<Mutex<String>>,
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Where a pack stands.
pub fn pack(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../contracts").join(name)
}

pub fn tenon() -> Command {
    Command::new(env!("CARGO_BIN_EXE_tenon"))
}

impl Serving {
    /// Over a pack, with its store in a folder.
    pub fn start(contract: &Path, folder: &Path) -> Self {
        Self::on(contract, folder, "127.0.0.1:0")
    }

    pub fn on(contract: &Path, folder: &Path, listen: &str) -> Self {
        Self::try_on(contract, folder, listen).unwrap_or_else(|said| panic!("it does not start: {said}"))
    }

    /// What it said where it does not start.
    pub fn try_on(contract: &Path, folder: &Path, listen: &str) -> Result<Self, String> {
        Self::try_with(contract, folder, &["--listen", listen])
    }

    /// With arguments of its own.
    pub fn with(contract: &Path, folder: &Path, arguments: &[&str]) -> Self {
        Self::try_with(contract, folder, &[&["--listen", "127.0.0.1:0"], arguments].concat())
            .unwrap_or_else(|said| panic!("it does not start: {said}"))
    }

    fn try_with(contract: &Path, folder: &Path, arguments: &[&str]) -> Result<Self, String> {
        Self::run(&mut tenon(), contract, folder, arguments)
    }

    /// By a command that was prepared; what it said where it does not start.
    pub fn run(
        command: &mut Command,
        contract: &Path,
        folder: &Path,
        arguments: &[&str],
    ) -> Result<Self, String> {
        let mut child = command
            .arg("serve")
            .arg(contract)
            .args(["--store", "sqlite:tenon.db"])
            .args(arguments)
            .current_dir(folder)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut lines = BufReader::new(child.stdout.take().expect("an output"));
        let mut line = String::new();
        lines.read_line(&mut line).expect("a line");
        let mut err = child.stderr.take().expect("an error output");
        let Some((_, address)) =
            line.trim().strip_prefix("listening on http").and_then(|rest| rest.split_once("://"))
        else {
            let mut said = String::new();
            let _ = err.read_to_string(&mut said);
            let _ = child.wait();
            return Err(said);
        };
        let address = address.parse().expect("an address");
        // What it says later must not block it.
        std::thread::spawn(move || std::io::copy(&mut lines, &mut std::io::sink()));
        let said = Arc::<Mutex<String>>::default();
        let kept = Arc::clone(&said);
        std::thread::spawn(move || {
            for line in BufReader::new(err).lines().map_while(Result::ok) {
                eprintln!("{line}");
                let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
                kept.push_str(&line);
                kept.push('\n');
            }
        });
        Ok(Self { child, address, folder: folder.to_path_buf(), said })
    }

    /// Whether it has said something on its error output, within a second.
    pub fn complains(&self, text: &str) -> bool {
        (0..50).any(|_| {
            let there = self.said.lock().unwrap_or_else(PoisonError::into_inner).contains(text);
            if !there {
                std::thread::sleep(std::time::Duration::from_millis(20));
            }
            there
        })
    }

    /// `SIGKILL`: nothing of it runs any more.
    pub fn kill(mut self) -> SocketAddr {
        self.child.kill().expect("it can be killed");
        self.child.wait().expect("it has ended");
        self.address
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// A development token of a client.
    pub fn token(&self, tenant: &str) -> String {
        self.token_of("client:ci", tenant, SCOPES)
    }

    pub fn token_of(&self, actor: &str, tenant: &str, scopes: &str) -> String {
        let made = tenon()
            .args(["token", "--actor", actor, "--tenant", tenant, "--scope", scopes])
            .current_dir(&self.folder)
            .output()
            .expect("the program runs");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        String::from_utf8(made.stdout).expect("text").trim().to_owned()
    }

    /// `tenon job` against it, as a tenant.
    pub fn job(&self, tenant: &str, arguments: &[&str]) -> Output {
        self.job_with(&self.token(tenant), arguments)
    }

    pub fn job_with(&self, token: &str, arguments: &[&str]) -> Output {
        tenon()
            .arg("job")
            .args(arguments)
            .args(["--url", &self.url(), "--patience", "20"])
            .env("TENON_TOKEN", token)
            .output()
            .expect("the program runs")
    }
}

pub fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

pub fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Runs a program that must succeed: tools of other languages are part of these tests, and a
/// machine without them fails them aloud.
pub fn must(what: &str, command: &mut Command) -> Output {
    let output = command.output().unwrap_or_else(|error| {
        panic!("{what}: cannot run {:?}: {error}; these tests need it", command.get_program())
    });
    assert!(
        output.status.success(),
        "{what} failed ({}):\n{}\n{}",
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    output
}

/// A folder for tools that stay from run to run.
pub fn tools(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(&folder).expect("a folder for tools");
    folder
}

/// Where the scripts of other languages stand.
pub fn clients() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/wire/clients")
}

/// The interpreter of a Python with grpcio, and what it generated from the wire contract.
pub fn python() -> (PathBuf, PathBuf) {
    let folder = tools("python");
    let python = folder.join("venv/bin/python");
    let generated = folder.join("generated");
    static ONCE: std::sync::Mutex<()> = std::sync::Mutex::new(());
    let _one_at_a_time = ONCE.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if !folder.join("ready").is_file() {
        eprintln!("installing grpcio into {}", folder.display());
        must("python3 -m venv", Command::new("python3").args(["-m", "venv"]).arg(folder.join("venv")));
        let packages = ["grpcio==1.76.0", "grpcio-tools==1.76.0", "grpcio-status==1.76.0"];
        must("pip install grpcio", Command::new(&python).args(["-m", "pip", "install", "-q"]).args(packages));
        std::fs::write(folder.join("ready"), "").expect("a mark");
    }
    std::fs::create_dir_all(&generated).expect("a folder");
    must(
        "protoc for Python",
        Command::new(&python)
            .args(["-m", "grpc_tools.protoc", "-I"])
            .arg(pack("dome").join("proto"))
            .arg(format!("--python_out={}", generated.display()))
            .arg(format!("--grpc_python_out={}", generated.display()))
            .arg("domed/v1/domed.proto"),
    );
    (python, generated)
}

/// A program of Go, installed once.
pub fn go_program(name: &str, module: &str) -> PathBuf {
    let folder = tools("go");
    let program = folder.join("bin").join(name);
    static ONCE: std::sync::Mutex<()> = std::sync::Mutex::new(());
    let _one_at_a_time = ONCE.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if !program.is_file() {
        eprintln!("installing {module} into {}", folder.display());
        must("go install", Command::new("go").args(["install", module]).env("GOBIN", folder.join("bin")));
    }
    program
}
