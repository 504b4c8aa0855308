//! Processes that serve, and the one that loads them.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use super::Setting;

/// A process that serves until this is dropped.
pub struct Server {
    child: Child,
    /// Where it listens: host and port.
    pub address: String,
}

impl Server {
    /// Starts a program that says `listening on http://ADDRESS` when it does.
    pub fn start(mut command: Command) -> Result<Self, String> {
        let program = command.get_program().to_string_lossy().into_owned();
        let failed = |what: &str| format!("{program}: {what}");
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .map_err(|error| failed(&error.to_string()))?;
        let stdout = child.stdout.take().ok_or_else(|| failed("it has no output"))?;
        let mut lines = BufReader::new(stdout).lines().map_while(Result::ok);
        let address = lines.find_map(|line| Some(line.strip_prefix("listening on http://")?.to_owned()));
        // What it says later is read, so that it never waits for us.
        std::thread::spawn(move || lines.for_each(drop));
        let mut server = Self { child, address: String::new() };
        server.address = address.ok_or_else(|| failed("it does not listen"))?;
        Ok(server)
    }

    /// Starts a program that listens at a known address, and waits for it.
    pub fn start_at(mut command: Command, address: &str) -> Result<Self, String> {
        let program = command.get_program().to_string_lossy().into_owned();
        let child = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("{program}: {error}"))?;
        let server = Self { child, address: address.to_owned() };
        for _ in 0..200 {
            if std::net::TcpStream::connect(address).is_ok() {
                return Ok(server);
            }
            std::thread::sleep(std::time::Duration::from_millis(100));
        }
        Err(format!("{program} does not listen on {address}"))
    }

    /// Its process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Processor time it has had so far, in microseconds.
    pub fn cpu_us(&self) -> f64 {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.pid())).unwrap_or_default();
        let ticks = stat.rsplit(") ").next().unwrap_or_default().split(' ').skip(11).take(2);
        // A tick is a hundredth of a second on every Linux we know.
        ticks.filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() * 10_000.0
    }

    /// Memory it holds now, in bytes.
    pub fn memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.pid())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kilobytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok());
        kilobytes.unwrap_or(0) * 1024
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // One that has ended already is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// One core serves, another loads, where there are two: otherwise the one would wait for the other.
fn pinned(program: &Path, core: &str) -> Command {
    let several = std::thread::available_parallelism().map_or(1, std::num::NonZero::get) > 1;
    if several && Path::new("/usr/bin/taskset").exists() {
        let mut command = Command::new("/usr/bin/taskset");
        command.args(["-c", core]).arg(program);
        return command;
    }
    Command::new(program)
}

/// A command for what is measured.
pub fn on_server_core(program: &Path) -> Command {
    pinned(program, "1")
}

/// A command for what loads it, and for servers behind proxies.
pub fn on_load_core(program: &Path) -> Command {
    pinned(program, "0")
}

/// Runs the load generator; gives what it printed.
pub fn load(setting: &Setting, words: &[String]) -> Result<Value, String> {
    let output = on_load_core(&setting.programs.load)
        .args(words)
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| format!("the load generator cannot be started: {error}"))?;
    let text = String::from_utf8_lossy(&output.stdout);
    let line = text.lines().next_back().unwrap_or_default();
    let value: Value = serde_json::from_str(line)
        .map_err(|_| format!("the load generator failed: load {}", words.join(" ")))?;
    match (value.get("failures").and_then(Value::as_u64), value.get("first_failure")) {
        (Some(1..), first) => Err(format!("requests failed, the first with: {first:?}")),
        _ => Ok(value),
    }
}
