//! Bad input: said with its place, exit status 2, nothing written.

use std::fs;

use super::{copy, stderr, tenon, tenon_in};

#[test]
fn a_broken_contract_is_told_with_its_place() {
    let folder = copy("swap");
    let path = folder.path().join("contract.yaml");
    let text = fs::read_to_string(&path).expect("it is read");
    fs::write(&path, text.replace("DisputeCreateRequest.schema.json", "Gone.schema.json"))
        .expect("it is written");
    for target in ["openapi", "asyncapi", "proto", "html", "all"] {
        let output = tenon_in(folder.path(), &["gen", target, "--output", "out"]);
        assert_eq!(output.status.code(), Some(2), "{target}: {}", stderr(&output));
        assert!(stderr(&output).contains("contract.yaml:"), "{target}: {}", stderr(&output));
        assert!(stderr(&output).contains("nothing was written"), "{target}");
        assert!(!folder.path().join("out").exists(), "{target}");
    }
}

#[test]
fn a_target_with_nothing_to_write_says_what_is_missing() {
    let cases = [
        ("openapi", "contracts/dome", "no operation with an HTTP binding"),
        ("asyncapi", "contracts/foundry", "no event and no channel"),
        ("jsonschema", "contracts/foundry", "no schema"),
        ("events", "contracts/foundry", "no event"),
        ("gates", "contracts/swap", "no service contracts"),
        ("errors", "contracts/foundry", "no error and no reason code"),
    ];
    for (target, path, said) in cases {
        let output = tenon(&["gen", target, path]);
        assert_eq!(output.status.code(), Some(2), "{target}");
        assert!(stderr(&output).contains(said), "{target}: {}", stderr(&output));
    }
}

#[test]
fn places_that_cannot_be_written_are_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("file");
    fs::write(&file, "").expect("it is written");
    let below = file.join("openapi.json");
    let output = tenon(&["gen", "openapi", "contracts/swap", "-o", below.to_str().expect("a path")]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("cannot"), "{}", stderr(&output));
    assert_eq!(fs::read(&file).expect("it is read"), b"");
}

#[test]
fn what_was_typed_wrong_is_told() {
    let cases: [(&[&str], &str); 5] = [
        (&["gen", "opnapi", "contracts/swap"], "possible values"),
        (&["gen", "html", "contracts/swap"], "writes several files"),
        (&["gen", "openapi", "contracts/swap", "--check"], "no file is named"),
        (&["gen", "openapi", "contracts/none"], "no such file or folder"),
        (&["gen"], "names no outputs"),
    ];
    let folder = copy("swap");
    for (arguments, said) in cases {
        let output = match arguments.len() {
            1 => tenon_in(folder.path(), arguments),
            _ => tenon(arguments),
        };
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(stderr(&output).contains(said), "{arguments:?}: {}", stderr(&output));
    }
}

#[test]
fn entries_of_the_configuration_are_checked() {
    let folder = copy("swap");
    let path = folder.path().join("tenon.toml");
    let cases = [
        ("[[gen]]\ntarget = \"opnapi\"\noutput = \"a\"\n", "did you mean `openapi`?"),
        ("[[gen]]\ntarget = \"openapi\"\noutput = \"../a\"\n", "no place below the folder"),
        ("[[gen]]\ntarget = \"openapi\"\n", "lacks `output`"),
        (
            "[[gen]]\ntarget = \"html\"\noutput = \"a\"\n[[gen]]\ntarget = \"proto\"\noutput = \"a/b\"\n",
            "written by `html` already",
        ),
    ];
    for (text, said) in cases {
        fs::write(&path, text).expect("it is written");
        let output = tenon_in(folder.path(), &["gen"]);
        assert_eq!(output.status.code(), Some(2), "{text}");
        assert!(stderr(&output).contains(said), "{text}: {}", stderr(&output));
        assert!(stderr(&output).contains("tenon.toml:"), "{}", stderr(&output));
    }
}
