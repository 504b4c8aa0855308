//! What is loaded: `tenon serve` with the contract of the fixtures, and requests for it.

use std::path::PathBuf;

use serde_json::Value;

use super::Setting;
use super::process::{Server, on_server_core};

/// `tenon serve` with the contract of the fixtures.
pub struct Tenon {
    /// The process.
    pub server: Server,
    /// A token of a caller who may do everything.
    pub token: String,
}

/// Serves the contract, with this server behind its proxies.
pub fn tenon(setting: &Setting, upstream: &str) -> Result<Tenon, String> {
    let folder = setting.scratch.join("contract");
    let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
    for below in ["schemas", "examples"] {
        std::fs::create_dir_all(folder.join(below)).map_err(failed)?;
        for file in std::fs::read_dir(setting.fixtures.join(below)).map_err(failed)?.flatten() {
            std::fs::copy(file.path(), folder.join(below).join(file.file_name())).map_err(failed)?;
        }
    }
    let contract = std::fs::read_to_string(setting.fixtures.join("contract.yaml")).map_err(failed)?;
    let contract = contract.replace("{UPSTREAM}", upstream);
    std::fs::write(folder.join("contract.yaml"), contract).map_err(failed)?;
    let database = setting.scratch.join("tenon.db");
    let _ = std::fs::remove_file(&database);
    let store = format!("sqlite:{}", database.display());
    let mut command = on_server_core(&setting.programs.tenon);
    command.arg("serve").arg(&folder).args(["--listen", "127.0.0.1:0", "--store", &store]);
    let server = Server::start(command)?;
    let scopes = "items:read items:write";
    let token = std::process::Command::new(&setting.programs.tenon)
        .args(["token", "--actor", "service:load", "--tenant", "t-1", "--scope", scopes, "--expires", "1d"])
        .args(["--store", &store])
        .output()
        .map_err(|error| format!("tenon token: {error}"))?;
    let token = String::from_utf8_lossy(&token.stdout).trim().to_owned();
    Ok(Tenon { server, token })
}

/// A file with a request as it goes over the wire.
pub fn request(
    setting: &Setting,
    name: &str,
    line: &str,
    token: &str,
    body: &str,
) -> Result<PathBuf, String> {
    let mut text = format!("{line} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {token}\r\n");
    if !body.is_empty() {
        // A placeholder is filled with 36 letters.
        let length = body.replace("{unique}", &"x".repeat(36)).len();
        text.push_str(&format!("Content-Type: application/json\r\nContent-Length: {length}\r\n"));
        text.push_str("Idempotency-Key: \"{unique}\"\r\n");
    }
    text.push_str(&format!("\r\n{body}"));
    let path = setting.scratch.join(name);
    std::fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(path)
}

/// What an item is made of.
pub const ITEM: &str = r#"{"name":"a lamp for the table {unique}","kind":"shop","amount":3,"note":"brass, with a green shade and a chain"}"#;

/// Makes one item; gives its id.
pub fn made(tenon: &Tenon) -> Result<String, String> {
    let body = ITEM.replace("{unique}", "1");
    let head = format!(
        "POST /items HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {}\r\nIdempotency-Key: \"first\"\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        tenon.token,
        body.len()
    );
    let answer = exchange(&tenon.server.address, &head)?;
    let (_, body) = answer.split_once("\r\n\r\n").ok_or("no answer")?;
    let value: Value = serde_json::from_str(body).map_err(|_| format!("no item was made: {answer}"))?;
    let id = value.get("itemId").and_then(Value::as_str);
    id.map(str::to_owned).ok_or_else(|| format!("no item was made: {answer}"))
}

/// Sends a request, and reads until the connection ends.
pub fn exchange(address: &str, text: &str) -> Result<String, String> {
    use std::io::{Read as _, Write as _};
    let failed = |error: std::io::Error| format!("{address}: {error}");
    let mut stream = std::net::TcpStream::connect(address).map_err(failed)?;
    stream.write_all(text.as_bytes()).map_err(failed)?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).map_err(failed)?;
    Ok(answer)
}
