//! What other programs read: SARIF with every state a finding can have, JUnit, colours, pipes.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

const CONTRACT: &str = "\
openapi: 3.1.0
info: {title: Pets, version: \"1\"}
servers:
  - url: https://ü.test/ # the column counts code points
  - url: https://old.test/ # tenon:ignore OA151 the proxy strips it
paths:
  /pets: {get: {operationId: list, responses: {\"200\": {description: Pets}}}}
  /owners: {get: {operationId: list, responses: {\"200\": {description: Owners}}}}
";

fn tenon(arguments: &[&str], folder: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_tenon"))
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .output()
        .expect("the program runs")
}

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("my api.yaml"), CONTRACT).expect("the contract");
    folder
}

fn sarif(arguments: &[&str], folder: &Path) -> Value {
    let mut all = vec!["check", "my api.yaml", "--format", "sarif", "--only", "OA001", "--only", "OA151"];
    all.extend(arguments);
    serde_json::from_slice(&tenon(&all, folder).stdout).expect("the output is JSON")
}

fn results(log: &Value) -> &[Value] {
    log["runs"][0]["results"].as_array().expect("there are results")
}

#[test]
fn sarif_has_every_place_rule_fix_and_suppression() {
    let folder = folder();
    let log = sarif(&[], folder.path());
    assert_eq!(log["version"], "2.1.0");
    assert_eq!(log["runs"][0]["columnKind"], "unicodeCodePoints");
    let rules = log["runs"][0]["tool"]["driver"]["rules"].as_array().expect("there are rules");
    assert_eq!(results(&log).len(), 3);
    for result in results(&log) {
        let index = usize::try_from(result["ruleIndex"].as_u64().expect("an index")).expect("it is small");
        assert_eq!(rules[index]["id"], result["ruleId"]);
        assert!(rules[index]["help"]["markdown"].as_str().is_some_and(|page| page.contains("## Why")));
        let physical = &result["locations"][0]["physicalLocation"];
        assert_eq!(physical["artifactLocation"]["uri"], "my%20api.yaml");
        assert!(physical["region"]["startLine"].as_u64() >= Some(1));
        assert_eq!(result["partialFingerprints"]["tenon/v1"].as_str().map(str::len), Some(32));
    }
    let [first, suppressed, duplicate] = results(&log) else { panic!("three results") };
    // `https://ü.test/` ends 15 code points and 16 bytes after where it starts.
    let region = &first["locations"][0]["physicalLocation"]["region"];
    assert_eq!((region["startColumn"].as_u64(), region["endColumn"].as_u64()), (Some(10), Some(25)));
    let replacement = &first["fixes"][0]["artifactChanges"][0]["replacements"][0];
    assert_eq!(replacement["deletedRegion"]["startLine"], 4);
    assert!(first.get("suppressions").is_none());
    assert_eq!(suppressed["suppressions"][0]["kind"], "inSource");
    assert_eq!(suppressed["suppressions"][0]["justification"], "the proxy strips it");
    assert_eq!(duplicate["relatedLocations"][0]["message"]["text"], "first used here");
    assert_eq!(duplicate["locations"][0]["logicalLocations"][1]["fullyQualifiedName"], "GET /owners");
}

#[test]
fn sarif_tells_new_findings_from_known_ones_when_lines_move() {
    let folder = folder();
    let before = sarif(&[], folder.path());
    let only = ["check", "my api.yaml", "--only", "OA001", "--write-baseline", "known.json"];
    assert!(tenon(&only, folder.path()).status.success());
    std::fs::write(folder.path().join("my api.yaml"), format!("# one\n# two\n{CONTRACT}"))
        .expect("the contract");
    let after = sarif(&["--baseline", "known.json"], folder.path());
    let prints = |log: &Value| -> Vec<Value> {
        results(log).iter().map(|result| result["partialFingerprints"].clone()).collect()
    };
    assert_eq!(prints(&before), prints(&after));
    let states: Vec<&str> =
        results(&after).iter().map(|result| result["baselineState"].as_str().unwrap_or("none")).collect();
    assert_eq!(states, ["new", "none", "unchanged"]);
}

#[test]
fn json_keeps_to_its_published_schema() {
    let schema = include_str!("../../../docs/schemas/check.v1.schema.json");
    let schema: Value = serde_json::from_str(schema).expect("the schema is JSON");
    let validator =
        jsonschema::options().should_validate_formats(true).build(&schema).expect("the schema is one");
    let folder = folder();
    std::fs::write(folder.path().join("cut.json"), "{\"openapi\": \"3.1.0\",").expect("a file");
    let output = tenon(&["check", ".", "--format", "json", "--profile", "strict"], folder.path());
    let report: Value = serde_json::from_slice(&output.stdout).expect("the output is JSON");
    assert!(report["findings"].as_array().is_some_and(|findings| findings.len() > 5));
    let errors: Vec<String> = validator.iter_errors(&report).map(|error| error.to_string()).collect();
    assert_eq!(errors, Vec::<String>::new());
    let mut keys: Vec<&String> = report["findings"][0].as_object().expect("a finding").keys().collect();
    let order = ["rule", "name", "level", "message", "file", "line", "column", "end_line", "end_column"];
    assert_eq!(keys.drain(..order.len()).collect::<Vec<_>>(), order);
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let folder = folder();
    for format in ["pretty", "sarif", "junit", "github", "gitlab", "markdown"] {
        let run = || tenon(&["check", ".", "--format", format], folder.path()).stdout;
        assert!(run() == run(), "{format} differs from run to run");
    }
}

#[test]
fn colours_are_for_terminals_unless_asked_for() {
    let folder = folder();
    let has_colours = |arguments: &[&str], variable: Option<(&str, &str)>| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tenon"));
        command.args(["check", "my api.yaml"]).args(arguments).current_dir(folder.path()).env_clear();
        command.envs(variable);
        command.output().expect("the program runs").stdout.contains(&0x1b)
    };
    assert!(!has_colours(&[], None), "a pipe is no terminal");
    assert!(has_colours(&["--color", "always"], None));
    assert!(has_colours(&[], Some(("CLICOLOR_FORCE", "1"))));
    assert!(!has_colours(&["--color", "never"], Some(("CLICOLOR_FORCE", "1"))));
    assert!(!has_colours(&[], Some(("NO_COLOR", "1"))));
    assert!(!has_colours(&["--format", "json", "--color", "always"], None), "programs read no colours");
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let folder = folder();
    // More than a pipe holds, so that the program does write into a closed one.
    let mut paths = String::new();
    for index in 0..3000 {
        paths.push_str(&format!("  /p{index}: {{get: {{operationId: list, responses: {{}}}}}}\n"));
    }
    let contract = format!("openapi: 3.1.0\ninfo: {{title: Pets, version: \"1\"}}\npaths:\n{paths}");
    std::fs::write(folder.path().join("my api.yaml"), contract).expect("the contract");
    let mut child = Command::new(env!("CARGO_BIN_EXE_tenon"))
        .args(["check", "my api.yaml", "--format", "json", "--only", "OA001"])
        .current_dir(folder.path())
        .env_clear()
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program runs");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("the program ends");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert_eq!(output.status.code(), Some(1), "the findings still fail the run");
}

/// Objects nested ten thousand deep, in both formats: said at once, whatever the stack.
#[test]
fn nesting_beyond_measure_is_a_finding() {
    let folder = tempfile::tempdir().expect("a folder");
    let deep = 10_000;
    let json = format!("{{\"openapi\": {}1{}}}", "[".repeat(deep), "]".repeat(deep));
    std::fs::write(folder.path().join("api.json"), json).expect("a file");
    let yaml = format!("openapi: {}1{}\n", "[".repeat(deep), "]".repeat(deep));
    std::fs::write(folder.path().join("api.yaml"), yaml).expect("a file");
    for file in ["api.json", "api.yaml"] {
        let output = tenon(&["check", file, "--format", "json"], folder.path());
        let report: Value = serde_json::from_slice(&output.stdout).expect("the output is JSON");
        let found: Vec<&str> = report["findings"]
            .as_array()
            .expect("there are findings")
            .iter()
            .filter_map(|finding| finding["rule"].as_str())
            .collect();
        assert!(found.contains(&"IN005"), "{file}: {found:?}");
        assert_eq!(output.status.code(), Some(2), "{file}");
    }
}

/// A link that leads out of what is checked, and a pipe that would never end.
#[cfg(unix)]
#[test]
fn links_that_lead_out_are_not_followed_by_references() {
    let outside = tempfile::tempdir().expect("a folder");
    std::fs::write(outside.path().join("secret.yaml"), "type: object\n").expect("a file");
    let folder = tempfile::tempdir().expect("a folder");
    std::os::unix::fs::symlink(outside.path().join("secret.yaml"), folder.path().join("pet.yaml"))
        .expect("a link");
    let contract = "openapi: 3.1.0\ninfo: {title: Pets, version: \"1\"}\npaths: {}\n\
                    components: {schemas: {Pet: {$ref: pet.yaml}}}\n";
    std::fs::write(folder.path().join("api.yaml"), contract).expect("a file");
    let output = tenon(&["check", "api.yaml", "--only", "IN023", "--format", "github"], folder.path());
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stdout).contains("title=IN023"), "{output:?}");
    let output = tenon(&["check", "/dev/null"], folder.path());
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(
        String::from_utf8_lossy(&output.stderr),
        "error: cannot read /dev/null: it is no regular file\n"
    );
}

#[test]
fn a_full_disk_is_said() {
    let full = Path::new("/dev/full");
    if !full.exists() {
        println!("not run: this machine has no /dev/full");
        return;
    }
    let folder = folder();
    let output = Command::new(env!("CARGO_BIN_EXE_tenon"))
        .args(["check", "my api.yaml", "--only", "OA001"])
        .current_dir(folder.path())
        .env_clear()
        .stdout(std::fs::File::options().write(true).open(full).expect("it opens"))
        .output()
        .expect("the program runs");
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).starts_with("error: cannot write the output: "));
}
