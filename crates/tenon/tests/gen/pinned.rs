//! Outputs of `tenon.toml`, their pins in `tenon.lock`, and `--check`.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::{PACKS, copy, everything, files, stderr, stdout, tenon_in};

const OUTPUTS: &str = "
[[gen]]
target = \"openapi\"
output = \"gen/openapi.json\"

[[gen]]
target = \"html\"
output = \"gen/reference\"

[[gen]]
target = \"proto\"
output = \"gen/proto\"
";

/// `swap` with outputs that are pinned.
fn pinned() -> tempfile::TempDir {
    let folder = copy("swap");
    let path = folder.path().join("tenon.toml");
    let text = fs::read_to_string(&path).expect("it is read");
    fs::write(&path, format!("{text}{OUTPUTS}")).expect("it is written");
    folder
}

fn run(folder: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let output = tenon_in(folder, arguments);
    (output.status.code(), format!("{}{}", stdout(&output), stderr(&output)))
}

fn write(folder: &Path, name: &str, change: impl Fn(String) -> String) {
    let path = folder.join(name);
    let text = fs::read_to_string(&path).expect("it is read");
    fs::write(&path, change(text)).expect("it is written");
}

/// S1-64: the same bytes in another folder, and again.
#[test]
fn everything_is_the_same_in_any_folder() {
    for pack in PACKS {
        let (_one, first) = everything(pack);
        let (_two, second) = everything(pack);
        let (first, second) = (files(&first), files(&second));
        assert!(first.len() > 3, "{pack}: {:?}", first.keys());
        assert_eq!(first.keys().collect::<Vec<_>>(), second.keys().collect::<Vec<_>>(), "{pack}");
        for (name, bytes) in &first {
            assert!(bytes == &second[name], "{pack}: {name} differs");
            let text = String::from_utf8_lossy(bytes);
            assert!(
                !text.contains("/tmp/") && !text.contains(env!("CARGO_MANIFEST_DIR")),
                "{pack}: {name} names a place"
            );
        }
    }
}

/// S1-64, S1-67: outputs are pinned by their hashes, and each way to drift is told with the file.
#[test]
fn drift_is_told_by_file() {
    let folder = pinned();
    let folder = folder.path();
    let (code, said) = run(folder, &["gen", "--check"]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("gen/openapi.json: openapi is not there"), "{said}");
    let (code, said) = run(folder, &["gen"]);
    assert_eq!(code, Some(0), "{said}");
    let lock = fs::read_to_string(folder.join("tenon.lock")).expect("it is read");
    assert!(lock.contains("[[output]]\ntarget = \"openapi\"\npath = \"gen/openapi.json\""), "{lock}");
    assert!(lock.contains("[[contract]]"), "what is frozen stays frozen");
    assert_eq!(
        run(folder, &["gen", "--check"]),
        (Some(0), said_up_to_date(&run(folder, &["gen", "--check"]).1))
    );

    // Somebody edits a file.
    write(folder, "gen/reference/index.html", |text| text.replacen("swap", "swapped", 1));
    let (code, said) = run(folder, &["gen", "--check"]);
    assert_eq!(code, Some(1));
    assert!(
        said.contains("gen/reference/index.html:") && said.contains("html was changed by hand"),
        "{said}"
    );
    assert_eq!(run(folder, &["gen"]).0, Some(0));
    assert_eq!(run(folder, &["gen", "--check"]).0, Some(0));

    // The contract goes on.
    write(folder, "contract.yaml", |text| {
        text.replace("list connected platforms + status metadata", "list platforms")
    });
    let (code, said) = run(folder, &["gen", "--check", "--format", "json"]);
    assert_eq!(code, Some(1));
    let report: Value = serde_json::from_str(&said).unwrap_or_else(|_| panic!("{said}"));
    let drifts = report["drifts"].as_array().expect("drifts");
    let named: Vec<&str> = drifts.iter().filter_map(|drift| drift["file"].as_str()).collect();
    assert!(
        named.contains(&"gen/openapi.json") && named.contains(&"gen/proto/swap/v1/swap.proto"),
        "{named:?}"
    );
    assert!(drifts.iter().all(|drift| drift["how"] == "behind" && drift["line"].is_u64()), "{said}");
    assert_eq!(run(folder, &["gen"]).0, Some(0));

    // A page that nothing writes any more.
    write(folder, "tenon.toml", |text| text.replace("target = \"html\"", "target = \"schemas\""));
    let (code, said) = run(folder, &["gen", "--check"]);
    assert_eq!(code, Some(1));
    assert!(said.contains("gen/reference/index.html: html is not written any more"), "{said}");
    assert_eq!(run(folder, &["gen"]).0, Some(0));
    assert!(!folder.join("gen/reference/index.html").exists());
    assert_eq!(run(folder, &["gen", "--check"]).0, Some(0));
}

fn said_up_to_date(said: &str) -> String {
    assert!(said.contains("up to date"), "{said}");
    said.to_owned()
}

/// What is generated is no contract: `check`, `diff` and `freeze` do not read it, and freezing keeps
/// the pins.
#[test]
fn what_is_generated_is_not_read_as_a_contract() {
    let folder = pinned();
    let folder = folder.path();
    let before = run(folder, &["check"]);
    assert_eq!(run(folder, &["gen"]).0, Some(0));
    assert_eq!(run(folder, &["check"]), before);
    assert_eq!(run(folder, &["freeze", "--check"]).0, Some(0));
    let lock = fs::read_to_string(folder.join("tenon.lock")).expect("it is read");
    assert_eq!(run(folder, &["freeze"]).0, Some(0));
    assert_eq!(fs::read_to_string(folder.join("tenon.lock")).expect("it is read"), lock);
}

/// A folder that was never frozen: the lock pins what is generated, and freezes nothing by itself.
#[test]
fn pins_alone_freeze_nothing() {
    let folder = pinned();
    let folder = folder.path();
    fs::remove_file(folder.join("tenon.lock")).expect("it goes");
    assert_eq!(run(folder, &["gen"]).0, Some(0));
    let (code, said) = run(folder, &["freeze", "--check"]);
    assert_eq!(code, Some(2));
    assert!(said.contains("nothing is frozen in"), "{said}");
    let (_, said) = run(folder, &["check"]);
    assert!(!said.contains("LK0"), "{said}");
}

/// Numbers that were given to fields never move: new members get new ones, those that go stay reserved.
#[test]
fn field_numbers_never_move() {
    let folder = pinned();
    let folder = folder.path();
    assert_eq!(run(folder, &["gen"]).0, Some(0));
    let path = folder.join("gen/proto/swap/v1/swap.proto");
    let read = || fs::read_to_string(&path).expect("it is read");
    let of = |text: &str| {
        let message = text.split("message CycleFailedPayload {").nth(1).expect("the message");
        message.split("\n}").next().unwrap_or_default().to_owned()
    };
    assert!(of(&read()).contains("string from_state = 2"));
    // `from_state` goes; a new member comes in front of all others.
    write(folder, "schemas/CycleFailedPayload.schema.json", |text| {
        let text = text.replace("\"from_state\",", "\"attempt\",");
        let (head, rest) = text.split_once("\"from_state\": {").expect("the member");
        let (_, tail) = rest.split_once("},").expect("its end");
        let head =
            head.replace("\"properties\": {", "\"properties\": { \"attempt\": {\"type\": \"integer\"},");
        format!("{head}{tail}")
    });
    let contract = folder.join("contract.yaml");
    let text = fs::read_to_string(&contract).expect("it is read");
    fs::write(&contract, text.replace("[cycle_id, from_state,", "[cycle_id,")).expect("it is written");
    let (code, said) = run(folder, &["gen"]);
    assert_eq!(code, Some(0), "{said}");
    let after = of(&read());
    for line in [
        "int64 attempt = 5",
        "string cycle_id = 1",
        "reserved 2;",
        "reserved \"from_state\";",
        "failed_at = 4",
    ] {
        assert!(after.contains(line), "{line}: {after}");
    }
    // Without the lock the numbers would have moved: it is the lock that keeps them.
    let lock = fs::read_to_string(folder.join("tenon.lock")).expect("it is read");
    assert!(lock.contains("[numbers.of.\"swap.v1.CycleFailedPayload\"]"), "{lock}");
    let changed = lock.replacen("\"attempt\" = 5", "\"attempt\" = 6", 1);
    fs::write(folder.join("tenon.lock"), changed).expect("it is written");
    let (code, said) = run(folder, &["gen"]);
    assert_eq!(code, Some(2));
    assert!(said.contains("the numbers were changed by hand"), "{said}");
}
