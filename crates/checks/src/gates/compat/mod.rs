//! `--compat-seed`: the verdicts of the four scripts that seed 004 prints, mistakes included.
//!
//! Teams that ran those scripts compare before they switch. So this module answers as bash, jq 1.6
//! and grep would: false and null count as missing, names match as parts of other names, a missing
//! array ends a script without a word. Nothing here decides anything in strict mode.
//!
//! Holds: one function a script, output and exit status. It must never hold: a rule of its own.

mod grep;
mod jq;
mod scripts;

use std::collections::BTreeSet;

use self::jq::Documents;
use super::{Gate, RepositoryFiles};

/// What a script prints and how it ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeedRun {
    /// Standard output.
    pub output: String,
    /// Exit status: 0 passed, 1 failed, 4 or 5 where jq's failure ended the script.
    pub exit: u8,
}

/// Runs the seed's script for a gate; `None` for the two gates whose script the seed does not print.
///
/// `contract` is the text of the contract, `None` where there is no such file.
#[must_use]
pub fn run_seed(gate: Gate, contract: Option<&str>, files: &RepositoryFiles) -> Option<SeedRun> {
    let documents = contract.map(Documents::parse);
    let documents = documents.as_ref();
    let mut script = Script::default();
    let outcome = match gate {
        Gate::EndpointStatus => scripts::endpoint_status(&mut script, documents),
        Gate::RouteServiceAlignment => scripts::route_service_alignment(&mut script, documents, files),
        Gate::UploadE2e => scripts::upload_e2e(&mut script, documents),
        Gate::ContractDiscipline => scripts::contract_discipline(&mut script, documents),
        Gate::PaginationMax | Gate::StatusEnums => return None,
    };
    let exit = match outcome {
        Ok(()) => 0,
        Err(Exit(status)) => status,
    };
    Some(SeedRun { output: script.output, exit })
}

/// The files that the alignment script asks about.
#[must_use]
pub fn seed_files(contract: &str) -> BTreeSet<String> {
    scripts::alignment_files(&Documents::parse(contract))
}

/// A script ended early, with this status.
#[derive(Debug)]
struct Exit(u8);

impl From<jq::Refused> for Exit {
    fn from(_: jq::Refused) -> Self {
        Self(jq::EXIT_FILTER)
    }
}

/// A running script.
#[derive(Default)]
struct Script {
    output: String,
    failures: usize,
}

impl Script {
    fn print(&mut self, line: &str) {
        self.output.push_str(line);
        self.output.push('\n');
    }

    fn fail(&mut self, message: &str) {
        self.print(&format!("[X] FAIL: {message}"));
        self.failures += 1;
    }

    /// The contract, or the end of a script that looks for the file first.
    fn need<'d>(&mut self, documents: Option<&'d Documents>) -> Result<&'d Documents, Exit> {
        documents.ok_or_else(|| {
            self.print("[X] FAIL: service-contracts.json missing");
            Exit(1)
        })
    }

    fn finish(&mut self, title: &str, passed: &str) -> Result<(), Exit> {
        if self.failures > 0 {
            self.print(&format!("[X] {title} FAILED: {} issues", self.failures));
            return Err(Exit(1));
        }
        self.print(&format!("[OK] {passed}"));
        Ok(())
    }
}
