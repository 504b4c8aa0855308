//! Registries, good and bad: `Runtime::start` says everything that is wrong, with its line.

use std::path::Path;
use std::sync::Arc;

use tenon_jobs::{Problem, RetryClass, Runtime, Settings};
use tenon_storage::{Store, engines::Memory};

const GOOD: &str = "tool_id: text.count
version: 1.2.0
title: Count words
kind: skill
description: Counts the words of a text.
input_schema_ref: in.json
output_schema_ref: in.json
executor_backend: process
permissions: [read]
side_effects: []
run:
  command: [./count.sh, --fast]
  working_dir: .
  env: [PATH]
  limits: {wall_ms_max: 1000, memory_bytes_max: 1048576, processes_max: 4, output_bytes_max: 100}
  retry: {class: failed, attempts_max: 4, backoff_ms: 10}
  concurrency_max: 2
";

fn start(folder: &Path) -> Result<Arc<Runtime>, Vec<Problem>> {
    let clock = Arc::new(|| 1_000);
    let settings = Settings::new(folder.join("registry"), folder.join("artifacts"), Vec::new(), "r", clock);
    let store = Arc::new(Store::new(Arc::new(Memory::new())).expect("it opens"));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("it starts");
    runtime.block_on(Runtime::start(settings, store))
}

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("there is room");
    let skill = folder.path().join("registry/count");
    std::fs::create_dir_all(&skill).expect("there is room");
    std::fs::write(skill.join("in.json"), "{\"type\":\"object\"}").expect("it is written");
    std::fs::write(skill.join("count.sh"), "").expect("it is written");
    std::fs::write(folder.path().join("registry/out.sh"), "").expect("it is written");
    folder
}

/// What is wrong with the good manifest once something in it is replaced.
fn problems(from: &str, to: &str) -> Vec<Problem> {
    let folder = folder();
    assert!(GOOD.contains(from), "{from}");
    let path = folder.path().join("registry/count/count.skill.yaml");
    std::fs::write(path, GOOD.replacen(from, to, 1)).expect("it is written");
    start(folder.path()).expect_err("it is refused")
}

fn told(from: &str, to: &str, line: u32, words: &str) {
    let problems = problems(from, to);
    let found = problems.iter().any(|one| one.line == Some(line) && one.message.contains(words));
    assert!(found, "wanted {words:?} in line {line}: {problems:#?}");
    assert!(problems.iter().all(|one| one.file.ends_with("count.skill.yaml")));
}

#[test]
fn a_good_one_is_read_whole() {
    let folder = folder();
    std::fs::write(folder.path().join("registry/count/count.skill.yaml"), GOOD).expect("it is written");
    let runtime = start(folder.path()).expect("it starts");
    let skill = runtime.skill("text.count").expect("it is there");
    assert_eq!((skill.version.as_str(), skill.concurrency_max), ("1.2.0", Some(2)));
    assert!(skill.command[0].ends_with("registry/count/count.sh") && skill.command[0].starts_with('/'));
    assert_eq!(skill.command[1], "--fast");
    assert_eq!((skill.retry.class, skill.retry.attempts_max), (RetryClass::Failed, 4));
    assert_eq!((skill.limits.wall_ms_max, skill.limits.processes_max), (1_000, 4));
    assert_eq!(skill.limits.open_files_max, 256);
    assert_eq!(
        (skill.permissions.as_slice(), skill.executor_backend()),
        (&["read".to_owned()][..], "process")
    );
    assert_eq!(runtime.skills().len(), 1);
}

/// A manifest with a path outside its folder is refused, whichever way it leads out.
#[test]
fn paths_that_lead_out_are_refused() {
    told("./count.sh", "../out.sh", 12, "leads out");
    told("in.json", "../../x.json", 6, "leads out");
    told("in.json", "/etc/passwd", 6, "leads out");
    told("working_dir: .", "working_dir: ../count", 13, "leads out");
    let folder = folder();
    std::os::unix::fs::symlink("/etc", folder.path().join("registry/count/link")).expect("it is made");
    let manifest = GOOD.replacen("in.json", "link/passwd", 1);
    std::fs::write(folder.path().join("registry/count/count.skill.yaml"), manifest).expect("it is written");
    let problems = start(folder.path()).expect_err("it is refused");
    assert!(problems.iter().any(|one| one.message.contains("is a link that leads out")), "{problems:?}");
}

#[test]
fn everything_else_is_told_with_its_line() {
    told("command: [./count.sh, --fast]", "command: sh -c 'rm *'", 12, "as for a shell");
    told("command: [./count.sh, --fast]", "command: []", 12, "is empty");
    told("./count.sh", "./gone.sh", 12, "gone.sh");
    told("tool_id: text.count", "tool_id: Text Count", 1, "is no id");
    told("wall_ms_max: 1000", "wall_ms: 1000", 15, "means nothing");
    told("wall_ms_max: 1000", "wall_ms_max: -1", 15, "whole number");
    told("class: failed", "class: never", 16, "one attempt");
    told("class: failed", "class: sometimes", 16, "`never`, `lost` or `failed`");
    told("executor_backend: process", "executor_backend: inmemory", 8, "as a process");
    told("kind: skill", "kind: thing", 4, "`kind`");
    told("version: 1.2.0", "version: ''", 2, "not empty");
    assert!(problems("version: 1.2.0\n", "").iter().any(|one| one.message.contains("`version` is missing")));
    let folder = folder();
    std::fs::write(folder.path().join("registry/count/in.json"), "{\"type\": 7}").expect("it is written");
    std::fs::write(folder.path().join("registry/count/count.skill.yaml"), GOOD).expect("it is written");
    let problems = start(folder.path()).expect_err("it is refused");
    assert!(problems.iter().any(|one| one.message.contains("is no schema")), "{problems:?}");
}

#[test]
fn two_of_one_name_and_no_folder_at_all() {
    let folder = folder();
    for name in ["a.skill.yaml", "b.skill.yaml"] {
        std::fs::write(folder.path().join("registry/count").join(name), GOOD).expect("it is written");
    }
    let problems = start(folder.path()).expect_err("it is refused");
    assert!(problems[0].message.contains("is there already"), "{problems:?}");
    assert!(start(Path::new("/nowhere")).is_err());
}
