//! Conformance: from a contract alone, requests against any running implementation.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tenon_gateway::{Condition, trust};
use tenon_verify::client::Client;
use tenon_verify::conformance::{Examination, Settings, Target, examine};
use tenon_verify::contract::ContractView;
use tenon_verify::world::Clock;

use super::against::{self, Keyring, MachineClock, run_id};
use super::own::Own;
use super::{Format, junit, scenario};
use crate::Exit;
use crate::disk;
use crate::failure::{Failure, Outcome};
use crate::terminal::Terminal;

/// The word that stands for a gateway that runs for this check alone.
pub const OWN: &str = "own";

/// How far an examination goes, as typed.
#[derive(Debug, Clone, clap::Args)]
#[group(skip)]
pub struct Arguments {
    /// Chooses among the requests that could be made: the same seed makes the same ones.
    #[arg(long, value_name = "NUMBER", default_value_t = 1, help_heading = "Conformance")]
    pub seed: u64,
    /// Requests at most.
    #[arg(long, value_name = "COUNT", default_value_t = 4_000, help_heading = "Conformance")]
    pub requests: u32,
    /// Seconds at most.
    #[arg(long, value_name = "COUNT", default_value_t = 300, help_heading = "Conformance")]
    pub seconds: u32,
    /// Changed requests tried of each operation, of those that are valid and of those that are not.
    #[arg(long, value_name = "COUNT", default_value_t = 60, help_heading = "Conformance")]
    pub mutants: usize,
    /// A value of a path parameter that is known beforehand; may be given again.
    #[arg(long = "value", value_name = "NAME=VALUE", value_parser = value, help_heading = "Conformance")]
    pub values: Vec<(String, String)>,
}

fn value(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("write it as NAME=VALUE".to_owned()),
    }
}

/// Examines what is behind a URL against each contract.
pub fn run(
    contracts: &[PathBuf],
    asked: &against::Arguments,
    bounds: &Arguments,
    format: Format,
    terminal: &Terminal,
) -> Outcome {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| Failure::system("start the threads of the check", &error))?;
    let url = asked.against.as_deref().unwrap_or(OWN);
    let mut all = Vec::new();
    for path in contracts {
        let Some(done) = runtime.block_on(one(path, url, asked, bounds, terminal))? else {
            return Ok(Exit::Unusable);
        };
        if let Some(why) = &done.silent {
            let help = "start it, or name another with `--against URL`";
            return Err(Failure::usage(format!("{url}: {why}"), help));
        }
        all.push((disk::shown(path), done));
    }
    let overall = all.iter().all(|(_, done)| done.overall());
    let jsons: Vec<_> = all.iter().map(|(contract, done)| done.to_json(contract, url)).collect();
    terminal.print(|out| match format {
        Format::Pretty => {
            all.iter().try_for_each(|(contract, done)| out.write_all(done.to_text(contract, url).as_bytes()))
        }
        Format::Json => match jsons.as_slice() {
            [alone] => writeln!(out, "{alone:#}"),
            _ => writeln!(
                out,
                "{:#}",
                serde_json::json!({ "version": 1, "overall": overall, "examinations": jsons })
            ),
        },
        Format::Junit => junit::examinations(&jsons.iter().collect::<Vec<_>>(), out),
    })?;
    Ok(if overall { Exit::Clean } else { Exit::Findings })
}

async fn one(
    path: &Path,
    url: &str,
    asked: &against::Arguments,
    bounds: &Arguments,
    terminal: &Terminal,
) -> Result<Option<Examination>, Failure> {
    let Some(graph) = scenario::graph(path, terminal)? else { return Ok(None) };
    let graph = Arc::new(graph);
    let view = ContractView::new(&graph);
    if view.endpoints.is_empty() {
        return Err(Failure::usage(
            format!("{}: no operation has a method and a path", disk::shown(path)),
            "name an OpenAPI document, or a contract whose operations have `http:`",
        ));
    }
    if url == OWN {
        let Some(own) = Own::start(Arc::clone(&graph), None, terminal).await? else { return Ok(None) };
        let examined = examined(&own.url, &view, &own.keyring, own.clock.as_ref(), "0", bounds).await;
        own.end();
        return examined.map(Some);
    }
    let keyring = Keyring::typed(asked)?;
    let clock = MachineClock::new();
    let run = run_id(&clock);
    examined(url, &view, &keyring, &clock, &run, bounds).await.map(Some)
}

async fn examined(
    url: &str,
    view: &ContractView<'_>,
    tokens: &Keyring,
    clock: &dyn Clock,
    run: &str,
    bounds: &Arguments,
) -> Result<Examination, Failure> {
    let tls = trust::client().map_err(|problem| Failure::usage(problem.message, problem.help))?;
    let client = Client::with_tls(url, tls).map_err(|error| {
        Failure::usage(error.to_string(), "write it as in `--against http://127.0.0.1:8080`, or `own`")
    })?;
    let settings = Settings {
        seed: bounds.seed,
        requests_max: bounds.requests,
        time_ms_max: u64::from(bounds.seconds) * 1_000,
        mutants_max: bounds.mutants,
        run: run.to_owned(),
        codes: Condition::ALL.iter().map(|condition| condition.name().to_owned()).collect(),
        values: bounds.values.clone(),
    };
    Ok(examine(Target { client: &client, view, tokens, clock }, &settings).await)
}
