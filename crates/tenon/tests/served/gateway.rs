//! A gateway that runs, and calls to it that are what they are written.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

pub const TENANT: &str = "00000000-0000-4000-8000-000000000001";

/// A gateway, ended when it is dropped.
pub struct Served {
    child: Child,
    pub address: SocketAddr,
    pub folder: tempfile::TempDir,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub fields: BTreeMap<String, String>,
    pub body: String,
}

impl Answer {
    pub fn field(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }
}

pub fn contracts(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../contracts").join(name)
}

pub fn tenon() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tenon"));
    command.env_clear();
    command
}

impl Served {
    pub fn start(path: &Path) -> Self {
        Self::start_in(tempfile::tempdir().expect("a folder for the store"), path)
    }

    /// Over the store that is in a folder as `t.db`, where there is one.
    pub fn start_in(folder: tempfile::TempDir, path: &Path) -> Self {
        let mut command = tenon();
        command.arg("serve").arg(path).args(["--dev", "--listen", "127.0.0.1:0", "--store", "sqlite:t.db"]);
        let mut child = command
            .current_dir(folder.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let out = child.stdout.take().expect("it was asked for");
        let mut line = String::new();
        BufReader::new(out).read_line(&mut line).expect("a line");
        let Some(address) = line.trim().strip_prefix("listening on http://") else {
            let mut said = String::new();
            let _ = child.stderr.take().expect("it was asked for").read_to_string(&mut said);
            panic!("it does not listen: {line}{said}");
        };
        let address = address.parse().expect("an address");
        Self { child, address, folder }
    }

    /// A development token.
    pub fn token(&self, arguments: &[&str]) -> String {
        let mut command = tenon();
        command.arg("token").args(arguments).args(["--store", "sqlite:t.db"]);
        let output = command.current_dir(self.folder.path()).output().expect("the program runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("text").trim().to_owned()
    }

    pub fn get(&self, path: &str) -> Answer {
        self.call("GET", path, &[], "")
    }

    /// Sends a form as a browser would.
    pub fn post(&self, path: &str, fields: &[(&str, &str)], form: &str) -> Answer {
        let kind = ("Content-Type", "application/x-www-form-urlencoded");
        self.call("POST", path, &[&[kind], fields].concat(), form)
    }

    pub fn call(&self, method: &str, path: &str, fields: &[(&str, &str)], body: &str) -> Answer {
        let mut stream = TcpStream::connect(self.address).expect("it listens");
        stream.set_read_timeout(Some(Duration::from_secs(30))).expect("a limit");
        let mut head = format!("{method} {path} HTTP/1.1\r\nconnection: close\r\n");
        if !fields.iter().any(|(name, _)| name.eq_ignore_ascii_case("host")) {
            head.push_str(&format!("host: {}\r\n", self.address));
        }
        for (name, value) in fields {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        let sent = format!("{head}content-length: {}\r\n\r\n{body}", body.len());
        stream.write_all(sent.as_bytes()).expect("it is sent");
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).expect("an answer");
        answer(&String::from_utf8(bytes).expect("text"))
    }
}

/// Bodies of the gateway that are there as a whole have a length, so none is in chunks here.
fn answer(text: &str) -> Answer {
    let (head, body) = text.split_once("\r\n\r\n").expect("a head");
    let mut lines = head.lines();
    let status = lines.next().and_then(|line| line.split(' ').nth(1)).expect("a status");
    let fields = lines.filter_map(|line| line.split_once(": "));
    Answer {
        status: status.parse().expect("a number"),
        fields: fields.map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned())).collect(),
        body: body.to_owned(),
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
