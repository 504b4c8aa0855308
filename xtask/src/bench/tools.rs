//! The programs that are compared: how each is found, started and asked how much it reported.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use super::measure::Job;

/// One program to compare.
pub struct Tool {
    /// The name and version printed in the table.
    pub title: String,
    words: Vec<String>,
    environment: Vec<(String, String)>,
    statuses_expected: Vec<i32>,
    count: fn(&str) -> Option<usize>,
}

impl Tool {
    /// The job that checks `file`.
    pub fn job(&self, file: &Path, directory: &Path) -> Job {
        let mut words = self.words.clone();
        words.push(file.display().to_string());
        Job {
            words,
            environment: self.environment.clone(),
            directory: directory.to_owned(),
            statuses_expected: self.statuses_expected.clone(),
        }
    }

    /// How many findings the report in `text` holds, if the tool prints them in a form that counts.
    pub fn findings(&self, text: &str) -> Option<usize> {
        (self.count)(text)
    }
}

/// `tenon check` with the JSON report, as built in release mode.
pub fn tenon(program: &Path) -> Tool {
    Tool {
        title: "tenon".to_owned(),
        words: [&program.display().to_string(), "check", "--format", "json"].map(ToOwned::to_owned).to_vec(),
        environment: Vec::new(),
        statuses_expected: vec![0, 1],
        count: count_tenon,
    }
}

/// The peers that are installed under `directory`, and a sentence for each that is not.
pub fn peers(directory: &Path) -> (Vec<Tool>, Vec<String>) {
    let mut found = Vec::new();
    let mut missing = Vec::new();
    for look in [redocly, spectral, vacuum] {
        match look(directory) {
            Ok(tool) => found.push(tool),
            Err(sentence) => missing.push(sentence),
        }
    }
    (found, missing)
}

fn redocly(directory: &Path) -> Result<Tool, String> {
    let home = directory.join("redocly/node_modules");
    let program = existing(home.join(".bin/redocly"), "Redocly CLI")?;
    Ok(Tool {
        title: format!("Redocly {}", npm_version(&home.join("@redocly/cli"))),
        words: words(&program, &["lint", "--extends=recommended", "--format=json"]),
        // Without these it asks the network for updates and reports usage, which is not checking.
        environment: [("REDOCLY_TELEMETRY", "off"), ("REDOCLY_SUPPRESS_UPDATE_NOTICE", "true")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .to_vec(),
        statuses_expected: vec![0, 1],
        count: count_redocly,
    })
}

fn spectral(directory: &Path) -> Result<Tool, String> {
    spectral_with(directory, "ruleset.yaml")
}

/// Spectral with its rule set for AsyncAPI, or why it is not there.
///
/// # Errors
/// What is not installed.
pub fn spectral_asyncapi(directory: &Path) -> Result<Tool, String> {
    spectral_with(directory, "ruleset-asyncapi.yaml")
}

fn spectral_with(directory: &Path, ruleset: &str) -> Result<Tool, String> {
    let home = directory.join("spectral");
    let program = existing(home.join("node_modules/.bin/spectral"), "Spectral CLI")?;
    let ruleset = existing(home.join(ruleset), "Spectral's ruleset file")?;
    let ruleset = ruleset.display().to_string();
    Ok(Tool {
        title: format!("Spectral {}", npm_version(&home.join("node_modules/@stoplight/spectral-cli"))),
        words: words(&program, &["lint", "--ruleset", &ruleset, "--format", "json", "--quiet"]),
        environment: Vec::new(),
        statuses_expected: vec![0, 1],
        count: |text| serde_json::from_str::<Value>(text).ok()?.as_array().map(Vec::len),
    })
}

fn vacuum(directory: &Path) -> Result<Tool, String> {
    let program = existing(directory.join("vacuum/vacuum"), "vacuum")?;
    let version = Command::new(&program).arg("version").output().ok();
    let version =
        version.map(|answer| String::from_utf8_lossy(&answer.stdout).trim().to_owned()).unwrap_or_default();
    Ok(Tool {
        title: format!("vacuum {} turbo", version.trim_start_matches('v')),
        // Its fastest form: turbo, and nothing printed. Its JSON report takes half as long again.
        words: words(&program, &["lint", "--turbo", "--no-banner", "--no-style", "--silent"]),
        environment: Vec::new(),
        statuses_expected: vec![0, 1],
        count: |_| None,
    })
}

fn existing(path: PathBuf, name: &str) -> Result<PathBuf, String> {
    if path.exists() {
        Ok(path)
    } else {
        Err(format!("{name} is not installed: {} does not exist", path.display()))
    }
}

fn words(program: &Path, arguments: &[&str]) -> Vec<String> {
    let mut words = vec![program.display().to_string()];
    words.extend(arguments.iter().map(|&argument| argument.to_owned()));
    words
}

fn npm_version(package: &Path) -> String {
    let manifest = std::fs::read_to_string(package.join("package.json")).unwrap_or_default();
    let manifest: Value = serde_json::from_str(&manifest).unwrap_or_default();
    manifest.get("version").and_then(Value::as_str).unwrap_or("of unknown version").to_owned()
}

fn count_tenon(text: &str) -> Option<usize> {
    let report: Value = serde_json::from_str(text).ok()?;
    report.as_array().or_else(|| report.get("findings")?.as_array()).map(Vec::len)
}

/// Redocly prints at most 100 problems but counts them all.
fn count_redocly(text: &str) -> Option<usize> {
    let report: Value = serde_json::from_str(text).ok()?;
    let totals = report.get("totals")?;
    let sum = totals.get("errors")?.as_u64()? + totals.get("warnings")?.as_u64()?;
    usize::try_from(sum).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_directory_names_every_peer_as_missing() {
        let (found, missing) = peers(Path::new("/nowhere"));
        assert!(found.is_empty());
        assert_eq!(missing.len(), 3);
        assert!(missing.iter().all(|sentence| sentence.contains("/nowhere")));
    }

    #[test]
    fn redocly_counts_from_its_totals() {
        assert_eq!(count_redocly(r#"{"totals":{"errors":2,"warnings":3,"ignored":4}}"#), Some(5));
        assert_eq!(count_redocly("no JSON"), None);
    }
}
