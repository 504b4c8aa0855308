//! How `tenon gate` reports.

use std::io::{self, Write};

use serde::Serialize;
use tenon_checks::gates::{Gate, GateReport, SeedRun};
use tenon_graph::Graph;
use tenon_source::Finding;

use super::{Arguments, GateName};
use crate::disk;
use crate::failure::Failure;
use crate::render::{Findings, Format, Report};

/// What stands for the two gates whose script the specification names and does not print.
const NO_SCRIPT: &str =
    "the specification names this gate and prints no script for it: run it without --compat-seed";

#[derive(Serialize)]
struct Output<'r> {
    version: u32,
    contract: String,
    compat_seed: bool,
    summary: Summary,
    gates: Vec<Item<'r>>,
}

#[derive(Serialize)]
struct Summary {
    passed: usize,
    failed: usize,
    not_applicable: usize,
}

#[derive(Serialize)]
struct Item<'r> {
    gate: &'static str,
    result: &'static str,
    issues: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    exit: Option<u8>,
    lines: Vec<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    not_run: Option<&'r [String]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    findings: Option<Findings<'r>>,
}

/// Writes what the strict gates found.
pub(super) fn strict(
    reports: &[GateReport],
    arguments: &Arguments,
    graph: &Graph,
    color: bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    let findings_of = |report: &GateReport| -> Vec<Finding> {
        report.issues.iter().map(|issue| issue.finding.clone()).collect()
    };
    let passed = reports.iter().filter(|report| report.passed()).count();
    if arguments.format == Format::Pretty {
        for report in reports {
            write!(out, "{}", report.output())?;
        }
        if arguments.name == GateName::All {
            let failed = reports.iter().filter(|report| !report.passed()).map(|report| report.gate.name());
            summary(passed, reports.len(), &failed.collect::<Vec<_>>(), out)?;
        }
        return Ok(());
    }
    if arguments.format == Format::Json {
        let findings: Vec<Vec<Finding>> = reports.iter().map(findings_of).collect();
        let items = reports.iter().zip(&findings).map(|(report, findings)| Item {
            gate: report.gate.name(),
            result: if report.passed() { "pass" } else { "fail" },
            issues: report.issues.len(),
            exit: None,
            lines: report.issues.iter().map(|issue| &*issue.line).collect(),
            not_run: Some(&report.not_run),
            findings: Some(Findings::new(findings, &graph.sources)),
        });
        let summary = Summary { passed, failed: reports.len() - passed, not_applicable: 0 };
        return write_json(arguments, summary, items.collect(), out);
    }
    let findings: Vec<Finding> = reports.iter().flat_map(findings_of).collect();
    arguments.format.write(&Report::plain(graph, &findings, color), out)
}

/// A script's answer is lines and a status; it has no findings with places.
pub(super) fn check_format(format: Format) -> Result<(), Failure> {
    if matches!(format, Format::Pretty | Format::Json) {
        return Ok(());
    }
    let message = "--compat-seed reports as pretty or json only: the scripts tell no places in the file";
    Err(Failure::usage(message, "leave --compat-seed out, or use --format json"))
}

/// Writes what the seed's scripts answer.
pub(super) fn as_the_seed(
    runs: &[(Gate, Option<SeedRun>)],
    arguments: &Arguments,
    out: &mut dyn Write,
) -> io::Result<()> {
    let did = |wanted: bool| {
        runs.iter().filter(move |(_, run)| run.as_ref().is_some_and(|run| (run.exit == 0) == wanted))
    };
    let (passed, failed) = (did(true).count(), did(false).count());
    if arguments.format == Format::Pretty {
        for (gate, run) in runs {
            match run {
                Some(run) => write!(out, "{}", run.output)?,
                None => writeln!(out, "=== {} ===\n[-] N/A: {NO_SCRIPT}", gate.header())?,
            }
        }
        if arguments.name == GateName::All {
            let names: Vec<_> = did(false).map(|(gate, _)| gate.name()).collect();
            summary(passed, passed + failed, &names, out)?;
        }
        return Ok(());
    }
    let items = runs.iter().map(|(gate, run)| {
        let lines: Vec<&str> = run.iter().flat_map(|run| run.output.lines()).collect();
        let failures = lines.iter().filter(|line| line.starts_with("[X] FAIL: ")).count();
        Item {
            gate: gate.name(),
            result: match run {
                None => "not-applicable",
                Some(run) if run.exit == 0 => "pass",
                Some(_) => "fail",
            },
            issues: failures,
            exit: run.as_ref().map(|run| run.exit),
            lines,
            not_run: None,
            findings: None,
        }
    });
    let summary = Summary { passed, failed, not_applicable: runs.len() - passed - failed };
    write_json(arguments, summary, items.collect(), out)
}

fn summary(passed: usize, all: usize, failed: &[&str], out: &mut dyn Write) -> io::Result<()> {
    if failed.is_empty() {
        writeln!(out, "[OK] {passed} of {all} gates passed")
    } else {
        writeln!(out, "[X] GATES FAILED: {} of {all} ({})", failed.len(), failed.join(", "))
    }
}

fn write_json(
    arguments: &Arguments,
    summary: Summary,
    gates: Vec<Item<'_>>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let contract = disk::shown(&arguments.contract);
    let output = Output { version: 1, contract, compat_seed: arguments.compat_seed, summary, gates };
    serde_json::to_writer_pretty(&mut *out, &output)?;
    writeln!(out)
}
