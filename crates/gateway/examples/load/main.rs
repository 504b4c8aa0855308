//! The other ends of `cargo xtask bench serve`: a load generator, servers to compare with, followers
//! of events. Each prints one line of JSON, or where it listens.

mod follow;
mod generate;
mod servers;

use std::collections::BTreeMap;

type Failure = Box<dyn std::error::Error + Send + Sync>;

const USAGE: &str = "\
usage: load COMMAND [NAME=VALUE…]

commands:
  generate  send requests: to, request (a file), connections, seconds or count, warm, per_second, pid
  follow    follow events while some are made: to, stream (a file), streams, request (a file), count, pid
  echo      answer every request with a little JSON: listen
  proxy     pass every request on: listen, to
";

/// What was typed: names and values.
struct Words(BTreeMap<String, String>);

impl Words {
    fn text(&self, name: &str) -> Result<&str, Failure> {
        Ok(self.0.get(name).ok_or_else(|| format!("`{name}=…` is missing"))?)
    }

    fn number(&self, name: &str, usual: u64) -> Result<u64, Failure> {
        self.0.get(name).map_or(Ok(usual), |text| Ok(text.parse()?))
    }
}

fn main() -> Result<(), Failure> {
    let mut arguments = std::env::args().skip(1);
    let command = arguments.next().unwrap_or_default();
    let pairs = arguments.filter_map(|word| {
        let (name, value) = word.split_once('=')?;
        Some((name.to_owned(), value.to_owned()))
    });
    let words = Words(pairs.collect());
    match command.as_str() {
        "generate" => alone()?.block_on(generate::run(&words)),
        "follow" => alone()?.block_on(follow::run(&words)),
        // As many threads as `tenon serve` has on the same cores.
        "echo" => many()?.block_on(servers::echo(&words)),
        "proxy" => many()?.block_on(servers::proxy(&words)),
        _ => Err(USAGE.into()),
    }
}

fn alone() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()
}

fn many() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()
}
