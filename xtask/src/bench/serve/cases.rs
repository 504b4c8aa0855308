//! What is measured: each part gives a table for the documents and rows for the README.

use std::path::PathBuf;

use serde_json::Value;

use super::process::{Server, load, on_load_core, on_server_core};
use super::subject::{ITEM, Tenon, exchange, made, request, tenon};
use super::{Setting, peers};
use crate::bench::table::{Table, megabytes, times};

/// A part: a table with its heading, and rows of the README's table.
type Part = fn(&Setting) -> Result<(String, String), String>;

/// All parts, in the order they run.
pub const ALL: [(&str, Part); 5] =
    [("proxy", proxy), ("reads", reads), ("writes", writes), ("events", events), ("steady", steady)];

/// Connections that load a server that reads or passes on, a count.
const CONNECTIONS: u64 = 32;

/// Connections that write, a count: what waits for one sync of the disk shares it.
const WRITERS: u64 = 64;

/// Requests between which memory is compared, counts.
const MEMORY_REQUESTS: (u64, u64) = (100_000, 1_000_000);

/// The medians of one case.
#[derive(Debug, Clone, Copy)]
struct Figures {
    per_second: f64,
    cpu_us: f64,
    p50_us: f64,
    p99_us: f64,
}

/// One thing to load.
struct Case {
    name: String,
    server: usize,
    request: PathBuf,
    connections: u64,
}

/// Measures the cases in turns.
fn measure(setting: &Setting, servers: &[&Server], cases: &[Case]) -> Result<Vec<Figures>, String> {
    let mut all: Vec<Vec<Figures>> = cases.iter().map(|_| Vec::new()).collect();
    for _ in 0..setting.options.runs {
        for (case, figures) in cases.iter().zip(&mut all) {
            let Some(server) = servers.get(case.server) else { continue };
            eprintln!("{}…", case.name);
            let words = words(setting, server, case);
            figures.push(figures_of(&load(setting, &words)?));
        }
    }
    Ok(all.iter().map(|figures| medians(figures)).collect())
}

fn words(setting: &Setting, server: &Server, case: &Case) -> Vec<String> {
    vec![
        "generate".to_owned(),
        format!("to={}", server.address),
        format!("request={}", case.request.display()),
        format!("connections={}", case.connections),
        format!("seconds={}", setting.options.seconds),
        format!("pid={}", server.pid()),
    ]
}

fn number(value: &Value, name: &str) -> f64 {
    value.get(name).and_then(Value::as_f64).unwrap_or(0.0)
}

fn figures_of(value: &Value) -> Figures {
    Figures {
        per_second: number(value, "per_second"),
        cpu_us: number(value, "cpu_us"),
        p50_us: number(value, "p50_us"),
        p99_us: number(value, "p99_us"),
    }
}

fn medians(all: &[Figures]) -> Figures {
    let of = |figure: fn(&Figures) -> f64| median(all.iter().map(figure).collect());
    Figures {
        per_second: of(|one| one.per_second),
        cpu_us: of(|one| one.cpu_us),
        p50_us: of(|one| one.p50_us),
        p99_us: of(|one| one.p99_us),
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(0.0)
}

fn micros(us: f64) -> String {
    if us < 1_000.0 { format!("{us:.0} µs") } else { format!("{:.1} ms", us / 1_000.0) }
}

fn table(heading: &str, servers: &[&Server], cases: &[Case], figures: &[Figures]) -> String {
    let mut table = Table::new(&[heading, "CPU a request", "Requests/s", "p50", "p99", "Memory"]);
    for (case, one) in cases.iter().zip(figures) {
        let memory = servers.get(case.server).map_or(0, |server| server.memory());
        table.row(&[
            case.name.clone(),
            format!("{:.1} µs", one.cpu_us),
            format!("{:.0}", one.per_second),
            micros(one.p50_us),
            micros(one.p99_us),
            megabytes(memory),
        ]);
    }
    table.into_text()
}

/// A row of the README: the first case beside the others.
fn row(title: &str, cases: &[Case], figures: &[Figures], ours: usize) -> String {
    let Some(own) = figures.get(ours) else { return String::new() };
    let tenon = |case: &Case| case.name.starts_with("tenon");
    let others: Vec<String> = cases
        .iter()
        .zip(figures)
        .filter(|(case, _)| !tenon(case))
        .map(|(case, one)| {
            format!("{} {:.1} µs, **{}**", case.name, one.cpu_us, times(one.cpu_us, own.cpu_us))
        })
        .collect();
    format!("| {title} | {:.1} µs | {} |\n", own.cpu_us, others.join("; "))
}

/// (a) Behind a proxy: everything on, beside proxies that check nothing.
fn proxy(setting: &Setting) -> Result<(String, String), String> {
    let mut command = on_load_core(&setting.programs.load);
    command.args(["echo", "listen=127.0.0.1:0"]);
    let upstream = Server::start(command)?;
    let tenon = tenon(setting, &upstream.address)?;
    let bare = setting.bare(&["proxy", "listen=127.0.0.1:0", &format!("to={}", upstream.address)])?;
    let (nginx, envoy) = (peers::nginx(setting, &upstream.address), peers::envoy(setting, &upstream.address));
    let token = &tenon.token;
    let get = request(setting, "fetch", "GET /fetch/one-item?limit=20", token, "")?;
    let pass = request(setting, "pass", "GET /pass/one-item?limit=20", token, "")?;
    let post = request(setting, "send", "POST /send", token, ITEM)?;
    let mut servers = vec![&tenon.server, &bare];
    let case = |name: &str, server: usize, request: &PathBuf| Case {
        name: name.to_owned(),
        server,
        request: request.clone(),
        connections: CONNECTIONS,
    };
    let mut cases = vec![
        case("tenon, GET, answer checked", 0, &get),
        case("tenon, GET, answer passed on", 0, &pass),
        case("tenon, POST, body and answer checked, audit durable", 0, &post),
        case("bare hyper proxy, GET", 1, &get),
        case("bare hyper proxy, POST", 1, &post),
    ];
    for (name, server) in [("nginx, GET", &nginx), ("Envoy, GET", &envoy)] {
        if let Some(server) = server {
            servers.push(server);
            cases.push(case(name, servers.len() - 1, &get));
        }
    }
    let figures = measure(setting, &servers, &cases)?;
    let text = table("A proxy, every check on", &servers, &cases, &figures);
    Ok((format!("\n{text}"), row("CPU of a proxied request, every check on", &cases, &figures, 0)))
}

/// (b) Answered here: a record and a mock, beside a server that says hello.
fn reads(setting: &Setting) -> Result<(String, String), String> {
    let tenon = tenon(setting, "127.0.0.1:9")?;
    let echo = setting.bare(&["echo", "listen=127.0.0.1:0"])?;
    let prism = peers::prism(setting);
    let id = made(&tenon)?;
    let get = request(setting, "get", &format!("GET /items/{id}"), &tenon.token, "")?;
    let mock = request(setting, "mock", "GET /mock/one-item", &tenon.token, "")?;
    let mut servers = vec![&tenon.server, &echo];
    let case = |name: &str, server: usize, request: &PathBuf| Case {
        name: name.to_owned(),
        server,
        request: request.clone(),
        connections: CONNECTIONS,
    };
    let mut cases =
        vec![case("tenon, record", 0, &get), case("tenon, mock", 0, &mock), case("bare hyper echo", 1, &get)];
    if let Some(prism) = &prism {
        servers.push(prism);
        cases.push(case("Prism, mock", 2, &mock));
    }
    let figures = measure(setting, &servers, &cases)?;
    let text = table("A read, every check on", &servers, &cases, &figures);
    let rows = row("CPU of a read record, every check on", &cases, &figures, 0);
    Ok((format!("\n{text}"), rows))
}

/// (c) Durable writes, beside SQLite used by hand.
fn writes(setting: &Setting) -> Result<(String, String), String> {
    let tenon = tenon(setting, "127.0.0.1:9")?;
    let create = request(setting, "create", "POST /items", &tenon.token, ITEM)?;
    let case = |name: &str, connections| Case {
        name: name.to_owned(),
        server: 0,
        request: create.clone(),
        connections,
    };
    let cases = [
        case("tenon, 64 connections", WRITERS),
        case("tenon, 256 connections", WRITERS * 4),
        case("tenon, 1 connection", 1),
    ];
    let servers = [&tenon.server];
    let figures = measure(setting, &servers, &cases)?;
    let by_hand = by_hand(setting)?;
    let mut text = table("A durable write: record, key, usage, audit, event", &servers, &cases, &figures);
    text.push_str(&by_hand);
    let rate = |row: &str| row.split('|').nth(2).and_then(|cell| cell.trim().parse::<f64>().ok());
    let raw = by_hand.lines().find(|row| row.contains("64 producers")).and_then(rate).unwrap_or(0.0);
    let own = figures.first().map_or(0.0, |one| one.per_second);
    let beside = match by_hand.is_empty() {
        true => String::new(),
        false => format!("SQLite by hand in groups {raw:.0}, {}", times(own, raw)),
    };
    let rows = format!("| Durable writes a second, 64 at once | {own:.0} | {beside} |\n");
    Ok((format!("\n{text}"), rows))
}

/// The rows of the bench of the store that are SQLite used by hand: name, per second, CPU, p50, p99.
fn by_hand(setting: &Setting) -> Result<String, String> {
    if !setting.programs.store.exists() {
        eprintln!("the bench of the store is not here, and SQLite by hand left out");
        return Ok(String::new());
    }
    let mut out = String::from(
        "\n| Beside it, in one process | a second | CPU each | p50 | p99 |\n| --- | ---: | ---: | ---: | ---: |\n",
    );
    for wanted in ["fdatasync", "64 producers", "256 producers"] {
        let output = on_server_core(&setting.programs.store)
            .arg(wanted)
            .output()
            .map_err(|error| format!("the bench of the store: {error}"))?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let rows = text.lines().skip(2).filter(|row| !row.contains("| store"));
        rows.for_each(|row| out.push_str(&format!("{row}\n")));
    }
    Ok(out)
}

/// (d) Events: to streams, and to a webhook.
fn events(setting: &Setting) -> Result<(String, String), String> {
    let tenon = tenon(setting, "127.0.0.1:9")?;
    let create = request(setting, "create", "POST /items", &tenon.token, ITEM)?;
    let stream = setting.scratch.join("stream");
    let head = format!(
        "GET /_tenon/events HTTP/1.1\r\nHost: bench\r\nAccept: text/event-stream\r\nAuthorization: Bearer {}\r\n\r\n",
        tenon.token
    );
    std::fs::write(&stream, head).map_err(|error| error.to_string())?;
    let (mut fan_out, mut cpu) = (Vec::new(), Vec::new());
    for _ in 0..setting.options.runs {
        let words = vec![
            "follow".to_owned(),
            format!("to={}", tenon.server.address),
            format!("stream={}", stream.display()),
            "streams=100".to_owned(),
            format!("request={}", create.display()),
            "count=5000".to_owned(),
            format!("pid={}", tenon.server.pid()),
        ];
        let value = load(setting, &words)?;
        if number(&value, "missing") > 0.0 {
            return Err(format!("events are missing: {value}"));
        }
        fan_out.push(number(&value, "per_second"));
        cpu.push(number(&value, "cpu_us"));
    }
    let (hooks, hooks_cpu) = hooks(setting, &tenon, &create)?;
    let (fan_out, cpu) = (median(fan_out), median(cpu));
    let mut table = Table::new(&["Events, each made durable first", "a second", "CPU each"]);
    table.row(&["to 100 streams".to_owned(), format!("{fan_out:.0}"), format!("{cpu:.1} µs")]);
    table.row(&[
        "signed webhooks to one receiver".to_owned(),
        format!("{hooks:.0}"),
        format!("{hooks_cpu:.1} µs"),
    ]);
    let rows = format!(
        "| Events a second to 100 streams, webhooks a second to one receiver | {fan_out:.0}, {hooks:.0} | |\n"
    );
    Ok((format!("\n{}", table.into_text()), rows))
}

/// Deliveries a second to one receiver, and the processor time of the write and its delivery.
fn hooks(setting: &Setting, tenon: &Tenon, create: &std::path::Path) -> Result<(f64, f64), String> {
    const DELIVERIES: u64 = 5_000;
    let mut command = on_load_core(&setting.programs.load);
    command.args(["echo", "listen=127.0.0.1:0"]);
    let receiver = Server::start(command)?;
    let body = format!(
        r#"{{"url":"http://{}/hook","secret":"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}}"#,
        receiver.address
    );
    let subscribe = request(setting, "subscribe", "POST /hooks", &tenon.token, &body)?;
    let one = |file: &std::path::Path, count: u64| {
        vec![
            "generate".to_owned(),
            format!("to={}", tenon.server.address),
            format!("request={}", file.display()),
            format!("count={count}"),
            "seconds=60".to_owned(),
            "warm=0".to_owned(),
            format!("pid={}", tenon.server.pid()),
        ]
    };
    let mut single = one(&subscribe, 1);
    single.push("connections=1".to_owned());
    load(setting, &single)?;
    let cpu_before = tenon.server.cpu_us();
    load(setting, &one(create, DELIVERIES))?;
    for _ in 0..600 {
        let count =
            exchange(&receiver.address, "GET /count HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n")?;
        let (_, body) = count.split_once("\r\n\r\n").ok_or("the receiver does not answer")?;
        let value: Value = serde_json::from_str(body).map_err(|error| error.to_string())?;
        if number(&value, "posts") >= DELIVERIES as f64 {
            let cpu = (tenon.server.cpu_us() - cpu_before) / DELIVERIES as f64;
            return Ok((number(&value, "posts") / number(&value, "seconds"), cpu));
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    Err("deliveries are missing after a minute".to_owned())
}

/// A server at 70 % of the most it answers.
fn below_capacity(setting: &Setting, servers: &[&Server], case: &Case) -> Result<Figures, String> {
    let most = measure(setting, servers, std::slice::from_ref(case))?;
    let rate = most.first().map_or(0.0, |one| one.per_second) * 0.7;
    let server = servers.get(case.server).ok_or("no such server")?;
    let mut paced = words(setting, server, case);
    paced.push(format!("per_second={rate:.0}"));
    let mut runs = Vec::new();
    for _ in 0..setting.options.runs {
        runs.push(figures_of(&load(setting, &paced)?));
    }
    Ok(medians(&runs))
}

/// At 70 % of what it can do, and over a million requests.
fn steady(setting: &Setting) -> Result<(String, String), String> {
    let tenon = tenon(setting, "127.0.0.1:9")?;
    let id = made(&tenon)?;
    let get = request(setting, "get", &format!("GET /items/{id}"), &tenon.token, "")?;
    let case = |name: &str, server: usize| Case {
        name: name.to_owned(),
        server,
        request: get.clone(),
        connections: CONNECTIONS,
    };
    let echo = setting.bare(&["echo", "listen=127.0.0.1:0"])?;
    let servers = [&tenon.server, &echo];
    let (case, bare) = (case("reads", 0), case("bare hyper echo", 1));
    // What the machine itself does to the slowest shows beside it.
    let at_70 = below_capacity(setting, &servers, &case)?;
    let bare_at_70 = below_capacity(setting, &servers, &bare)?;
    drop(echo);
    let mut counted = words(setting, &tenon.server, &case);
    counted.retain(|word| !word.starts_with("seconds="));
    counted.extend(["seconds=600".to_owned(), "warm=0".to_owned()]);
    let with = |count: u64| [counted.clone(), vec![format!("count={count}")]].concat();
    load(setting, &with(MEMORY_REQUESTS.0))?;
    let early = tenon.server.memory();
    load(setting, &with(MEMORY_REQUESTS.1 - MEMORY_REQUESTS.0))?;
    let late = tenon.server.memory();
    let mut table = Table::new(&["Reads of a record", ""]);
    let mut add = |name: &str, value: String| table.row(&[name.to_owned(), value]);
    add("requests a second at 70 % of the most", format!("{:.0}", at_70.per_second));
    add("p50", micros(at_70.p50_us));
    let slowest = |one: &Figures| format!("{}, {} of p50", micros(one.p99_us), times(one.p99_us, one.p50_us));
    add("p99", slowest(&at_70));
    add("p99 of the bare hyper echo at 70 % of its most", slowest(&bare_at_70));
    add("memory after 100,000 requests", megabytes(early));
    add("memory after 1,000,000 requests", megabytes(late));
    let rows = format!(
        "| Memory after 100,000 and 1,000,000 requests | {}, {} | |\n",
        megabytes(early),
        megabytes(late)
    );
    Ok((format!("\n{}", table.into_text()), rows))
}
