//! A real browser, over the protocol of its developer tools.
//!
//! `TENON_CHROMIUM` names a Chromium; with `TENON_SCREENSHOTS` naming a folder, pictures of what was
//! seen are left there.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// The browser that `TENON_CHROMIUM` names.
pub fn program() -> Option<String> {
    let program = std::env::var("TENON_CHROMIUM").ok().filter(|program| !program.is_empty());
    if program.is_none() {
        println!("not run: TENON_CHROMIUM names no browser");
    }
    program
}

/// A browser, ended when it is dropped.
pub struct Browser {
    child: Child,
    address: String,
    _profile: tempfile::TempDir,
}

impl Browser {
    pub fn start(program: &str) -> Self {
        let profile = tempfile::tempdir().expect("a folder for the profile");
        let mut child = Command::new(program)
            .args([
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--no-first-run",
                "--window-size=1280,1400",
            ])
            .arg("--remote-debugging-port=0")
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the browser starts");
        let mut lines = BufReader::new(child.stderr.take().expect("it was asked for")).lines();
        let address = lines.find_map(|line| {
            let line = line.ok()?;
            let address = line.strip_prefix("DevTools listening on ws://")?;
            Some(address.split('/').next()?.to_owned())
        });
        // What it says later must not fill the pipe.
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, address: address.expect("the browser listens"), _profile: profile }
    }

    pub fn open(&self, url: &str) -> Page {
        let mut stream = TcpStream::connect(&self.address).expect("it listens");
        let request =
            format!("PUT /json/new?{url} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n\r\n", self.address);
        stream.write_all(request.as_bytes()).expect("it is sent");
        let mut reader = BufReader::new(stream);
        let mut length = 0;
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).expect("a line");
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().expect("a number");
            }
            if line == "\r\n" {
                break;
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).expect("all of it");
        let told: Value = serde_json::from_slice(&body).expect("JSON");
        let mut page = Page::connect(told["webSocketDebuggerUrl"].as_str().expect("an address"));
        page.wait("location.href !== 'about:blank' && document.readyState === 'complete'");
        page
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A page, over a WebSocket.
pub struct Page {
    stream: BufReader<TcpStream>,
    last: u64,
}

impl Page {
    fn connect(url: &str) -> Self {
        let rest = url.strip_prefix("ws://").expect("a WebSocket");
        let (address, path) = rest.split_once('/').expect("a path");
        let mut stream = TcpStream::connect(address).expect("it listens");
        stream.set_read_timeout(Some(Duration::from_secs(60))).expect("a limit");
        let head = format!(
            "GET /{path} HTTP/1.1\r\nhost: {address}\r\nupgrade: websocket\r\nconnection: Upgrade\r\n\
             sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).expect("it is sent");
        let mut stream = BufReader::new(stream);
        let mut line = String::new();
        stream.read_line(&mut line).expect("a status");
        assert!(line.contains(" 101 "), "{line}");
        while line != "\r\n" {
            line.clear();
            stream.read_line(&mut line).expect("a line");
        }
        Self { stream, last: 0 }
    }

    /// Calls a method of the protocol.
    pub fn call(&mut self, method: &str, parameters: &Value) -> Value {
        let told = self.ask(method, parameters);
        assert!(told["error"].is_null(), "{method}: {told}");
        told["result"].clone()
    }

    fn ask(&mut self, method: &str, parameters: &Value) -> Value {
        self.last += 1;
        let text = json!({ "id": self.last, "method": method, "params": parameters }).to_string();
        // A client must mask; a mask of zeros is one.
        let mut frame = vec![0x81, 0x80 | 127];
        frame.extend((text.len() as u64).to_be_bytes());
        frame.extend([0; 4]);
        frame.extend(text.as_bytes());
        self.stream.get_mut().write_all(&frame).expect("it is sent");
        loop {
            let told: Value = serde_json::from_slice(&self.message()).expect("JSON");
            if told["id"] == self.last {
                return told;
            }
        }
    }

    /// A whole message, of one frame or several.
    fn message(&mut self) -> Vec<u8> {
        let mut whole = Vec::new();
        loop {
            let mut head = [0; 2];
            self.stream.read_exact(&mut head).expect("a frame");
            let length = match head[1] & 127 {
                126 => u64::from(u16::from_be_bytes(self.bytes(2).try_into().expect("two"))),
                127 => u64::from_be_bytes(self.bytes(8).try_into().expect("eight")),
                short => u64::from(short),
            };
            let part = self.bytes(usize::try_from(length).expect("it fits"));
            whole.extend(part);
            if head[0] & 0x80 != 0 {
                return whole;
            }
        }
    }

    fn bytes(&mut self, count: usize) -> Vec<u8> {
        let mut bytes = vec![0; count];
        self.stream.read_exact(&mut bytes).expect("all of it");
        bytes
    }

    /// What an expression of JavaScript is.
    pub fn value(&mut self, expression: &str) -> Value {
        let told = self.evaluate(expression);
        assert!(told["error"].is_null(), "{expression}: {told}");
        told["result"]["result"]["value"].clone()
    }

    fn evaluate(&mut self, expression: &str) -> Value {
        let asked = json!({ "expression": expression, "awaitPromise": true, "returnByValue": true });
        let told = self.ask("Runtime.evaluate", &asked);
        assert!(told["result"]["exceptionDetails"].is_null(), "{expression}: {told}");
        told
    }

    pub fn wait(&mut self, expression: &str) {
        let until = Instant::now() + Duration::from_secs(30);
        // A page that is being loaded has nothing yet in which an expression could be worked out.
        while self.evaluate(expression)["result"]["result"]["value"] != true {
            assert!(Instant::now() < until, "it never became so: {expression}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Looks at the page in a colour scheme; gives back its background.
    pub fn in_scheme(&mut self, scheme: &str) -> Value {
        let feature = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        self.call("Emulation.setEmulatedMedia", &feature);
        self.value("getComputedStyle(document.body).backgroundColor")
    }

    /// Leaves a picture where `TENON_SCREENSHOTS` says.
    pub fn picture(&mut self, name: &str) {
        let Some(folder) = std::env::var_os("TENON_SCREENSHOTS") else { return };
        let told =
            self.call("Page.captureScreenshot", &json!({ "format": "png", "captureBeyondViewport": true }));
        let text = told["data"].as_str().expect("a picture");
        let path = std::path::Path::new(&folder).join(format!("{name}.png"));
        std::fs::write(path, base64(text)).expect("a file");
    }
}

/// The bytes of a text in base64.
fn base64(text: &str) -> Vec<u8> {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let value = |byte: u8| LETTERS.iter().position(|letter| *letter == byte).map(|at| at as u32);
    let (mut out, mut bits, mut count) = (Vec::new(), 0_u32, 0);
    for six in text.bytes().filter_map(value) {
        bits = bits << 6 | six;
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push((bits >> count) as u8);
        }
    }
    out
}
