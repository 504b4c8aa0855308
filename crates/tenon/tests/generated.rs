//! What is made from the program: the documentation, the completions, the manual page.

use std::path::Path;
use std::process::{Command, Output};

fn tenon(arguments: &[&str], folder: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_tenon"))
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .output()
        .expect("the program runs")
}

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

#[test]
fn the_documentation_is_what_the_program_writes() {
    let output = tenon(&["reference", "docs", "--check"], root());
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "run `cargo xtask generate`:\n{said}");
}

#[test]
fn a_page_that_differs_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let output = tenon(&["reference", ".", "--check"], folder.path());
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("differs: cli.md"));
    assert!(tenon(&["reference", "."], folder.path()).status.success());
    std::fs::write(folder.path().join("rules/OA9999.md"), "of no rule").expect("a page");
    let output = tenon(&["reference", ".", "--check"], folder.path());
    assert_eq!(String::from_utf8_lossy(&output.stderr), "differs: rules/OA9999.md (of no rule any more)\n");
}

#[test]
fn the_configuration_schema_is_valid_and_knows_every_key_of_the_page() {
    let folder = tempfile::tempdir().expect("a folder");
    assert!(tenon(&["reference", "."], folder.path()).status.success());
    let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).expect("the page is there");
    let schema: serde_json::Value =
        serde_json::from_str(&read("schemas/tenon.toml.schema.json")).expect("the schema is JSON");
    for key in schema["properties"].as_object().expect("there are keys").keys() {
        assert!(read("config.md").contains(&format!("## `{key}`")), "{key} is not on the page");
    }
}

#[test]
fn every_shell_gets_completions_with_every_command() {
    let folder = tempfile::tempdir().expect("a folder");
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let output = tenon(&["completions", shell], folder.path());
        let script = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{shell}");
        for word in ["check", "explain", "baseline"] {
            assert!(script.contains(word), "{shell} does not know {word}");
        }
    }
}

#[test]
fn every_command_has_a_manual_page() {
    let folder = tempfile::tempdir().expect("a folder");
    for arguments in [&["man"][..], &["man", "check"], &["man", "explain"]] {
        let output = tenon(arguments, folder.path());
        assert!(output.status.success());
        let page = String::from_utf8_lossy(&output.stdout);
        assert!(page.contains(".TH") && page.contains(".SH OPTIONS"), "{arguments:?}");
    }
    let output = tenon(&["man", "frobnicate"], folder.path());
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("commands are"));
}
