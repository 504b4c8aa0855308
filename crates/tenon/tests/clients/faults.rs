//! A server in between that does what networks do: it refuses, is slow, and cuts.
//!
//! A request says what shall become of it in `X-Fault`: one word for each time its correlation id
//! arrives, then it is passed on. `503`, `400` and the like are answers, `429-3600` is one with
//! `Retry-After`, `slow` waits, `cut` passes the request on and cuts the answer, `cut-events` cuts
//! a stream after some events. `GET /_faults/ID` tells the keys that came with a correlation id.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Events that pass before a stream is cut.
const EVENTS_BEFORE_CUT: usize = 2;

pub struct Faults {
    pub address: SocketAddr,
}

#[derive(Default)]
struct Seen {
    /// The keys by correlation id.
    keys: BTreeMap<String, Vec<String>>,
}

struct Request {
    head: Vec<String>,
    body: Vec<u8>,
}

impl Request {
    fn read(stream: &TcpStream) -> Option<Self> {
        let mut reader = BufReader::new(stream);
        let mut head = Vec::new();
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line).ok()? == 0 {
                return None;
            }
            if line.trim_end().is_empty() {
                break;
            }
            head.push(line.trim_end().to_owned());
        }
        let mut request = Self { head, body: Vec::new() };
        if request.field("transfer-encoding").eq_ignore_ascii_case("chunked") {
            loop {
                let mut line = String::new();
                reader.read_line(&mut line).ok()?;
                let size = usize::from_str_radix(line.trim(), 16).ok()?;
                let mut chunk = vec![0; size + 2];
                reader.read_exact(&mut chunk).ok()?;
                if size == 0 {
                    break;
                }
                request.body.extend_from_slice(&chunk[..size]);
            }
        } else {
            request.body = vec![0; request.field("content-length").parse().unwrap_or(0)];
            reader.read_exact(&mut request.body).ok()?;
        }
        Some(request)
    }

    fn field(&self, wanted: &str) -> &str {
        let mut fields = self.head.iter().skip(1).filter_map(|line| line.split_once(':'));
        fields.find(|(name, _)| name.eq_ignore_ascii_case(wanted)).map_or("", |(_, value)| value.trim())
    }
}

impl Faults {
    /// In front of a gateway, until the test ends.
    pub fn before(gateway: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let seen = Arc::new(Mutex::new(Seen::default()));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let seen = Arc::clone(&seen);
                std::thread::spawn(move || serve(&stream, gateway, &seen));
            }
        });
        Self { address }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

fn serve(mut stream: &TcpStream, gateway: SocketAddr, seen: &Mutex<Seen>) {
    let Some(request) = Request::read(stream) else { return };
    let target = request.head[0].split(' ').nth(1).unwrap_or_default().to_owned();
    if let Some(id) = target.strip_prefix("/_faults/") {
        let keys = seen.lock().expect("a lock").keys.get(id).cloned().unwrap_or_default();
        let body = serde_json::to_string(&keys).expect("JSON");
        let _ = write!(
            stream,
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
            body.len()
        );
        return;
    }
    let mut key = request.field("idempotency-key").to_owned();
    if key.is_empty() {
        let body: serde_json::Value = serde_json::from_slice(&request.body).unwrap_or_default();
        key = body["idempotencyKey"].as_str().unwrap_or_default().to_owned();
    }
    let arrived = {
        let mut seen = seen.lock().expect("a lock");
        let keys = seen.keys.entry(request.field("x-correlation-id").to_owned()).or_default();
        keys.push(key);
        keys.len()
    };
    let fault = request.field("x-fault").split(' ').nth(arrived - 1).unwrap_or_default();
    match fault {
        "" => pass(stream, gateway, &request, None),
        "cut" => pass(stream, gateway, &request, Some(0)),
        "cut-events" => pass(stream, gateway, &request, Some(EVENTS_BEFORE_CUT)),
        "slow" => std::thread::sleep(Duration::from_secs(2)),
        status => {
            let (status, after) = status.split_once('-').unwrap_or((status, "0"));
            let body = r#"{"code":"made_up","detail":"A fault on purpose."}"#;
            let _ = write!(
                stream,
                "HTTP/1.1 {status} Fault\r\ncontent-type: application/problem+json\r\nretry-after: {after}\r\n\
                 content-length: {}\r\nconnection: close\r\n\r\n{body}",
                body.len()
            );
        }
    }
}

/// Passes a request on, and its answer back; cut after some events.
fn pass(mut stream: &TcpStream, gateway: SocketAddr, request: &Request, cut: Option<usize>) {
    let mut behind = TcpStream::connect(gateway).expect("the gateway listens");
    let mut head =
        format!("{}\r\nconnection: close\r\ncontent-length: {}\r\n", request.head[0], request.body.len());
    for line in &request.head[1..] {
        let name = line.split(':').next().unwrap_or_default().to_ascii_lowercase();
        if !["connection", "content-length", "transfer-encoding", "expect", "x-fault"]
            .contains(&name.as_str())
        {
            head.push_str(line);
            head.push_str("\r\n");
        }
    }
    head.push_str("\r\n");
    behind.write_all(head.as_bytes()).expect("the gateway takes it");
    behind.write_all(&request.body).expect("the gateway takes it");
    let mut buffer = [0; 16 * 1024];
    let mut passed = Vec::new();
    loop {
        let Ok(count @ 1..) = behind.read(&mut buffer) else { return };
        passed.extend_from_slice(&buffer[..count]);
        match cut {
            // The gateway has done it; nobody hears of it.
            Some(0) => return,
            Some(most) if String::from_utf8_lossy(&passed).matches("\ndata: ").count() >= most => {
                let _ = stream.write_all(&buffer[..count]);
                return;
            }
            _ => {}
        }
        if stream.write_all(&buffer[..count]).is_err() {
            return;
        }
    }
}
