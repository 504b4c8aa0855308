//! Markdown cases for the readers of text: what goes in, the values that come out, and every
//! finding with its place, message and help.
//!
//! A case is a heading with a fence `yaml`, `json` or `text` (no name to tell the format by), and
//! after it `values` (the values as JSON, aliases followed) and `findings`. `escaped` behind the
//! language reads `\t`, `\r`, `\n`, `\\` and `\xNN` as bytes and drops the last line break.
//! `TENON_BLESS=1` writes what came out into the files, to be read before it is committed.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::fmt::Write as _;
use std::path::Path;

use tenon_source::{FileId, Kind, Node, SourceFile, escape_token};

#[test]
fn json() {
    check("json.md");
}

#[test]
fn yaml() {
    check("yaml.md");
}

#[test]
fn yaml_mistakes() {
    check("yaml_mistakes.md");
}

#[test]
fn bad_input() {
    check("bad_input.md");
}

fn check(name: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases").join(name);
    let markdown = std::fs::read_to_string(&path).unwrap();
    let answered = answer(&markdown);
    if std::env::var_os("TENON_BLESS").is_some() {
        std::fs::write(&path, &answered).unwrap();
    }
    let mut title = "";
    for (expected, actual) in markdown.lines().zip(answered.lines()) {
        if expected.starts_with('#') {
            title = expected;
        }
        assert_eq!(actual, expected, "in {name}, {title}");
    }
    assert_eq!(answered.lines().count(), markdown.lines().count(), "in {name}, {title}");
    assert!(answered.contains("```values") || answered.contains("```findings"), "{name} has no cases");
}

/// The Markdown with every answer as it is.
fn answer(markdown: &str) -> String {
    let mut out = String::new();
    let mut lines = markdown.lines();
    while let Some(line) = lines.next() {
        let Some(info) = line.strip_prefix("```") else {
            let _ = writeln!(out, "{line}");
            continue;
        };
        let body: Vec<&str> = lines.by_ref().take_while(|line| !line.starts_with("```")).collect();
        if matches!(info, "values" | "findings") {
            // Answers are written behind the input.
            if out.ends_with("\n\n") {
                out.pop();
            }
            continue;
        }
        let _ = writeln!(out, "{line}\n{}\n```", body.join("\n"));
        let mut words = info.split(' ');
        let path = match words.next() {
            Some("yaml") => "case.yaml",
            Some("json") => "case.json",
            _ => "case",
        };
        let mut text = body.join("\n") + "\n";
        let bytes = if words.next() == Some("escaped") {
            text.pop();
            unescape(&text)
        } else {
            text.into_bytes()
        };
        let (values, findings) = read(path, bytes);
        let _ = write!(out, "\n```values\n{values}\n```\n");
        if !findings.is_empty() {
            let _ = write!(out, "\n```findings\n{findings}```\n");
        }
    }
    out
}

fn read(path: &str, bytes: Vec<u8>) -> (String, String) {
    let (file, findings) = SourceFile::parse(FileId(0), path, bytes);
    let mut values = String::new();
    print(file.tree.root(), &mut values);
    let mut said = String::new();
    for finding in findings {
        let at = |offset| {
            let place = file.locate(offset);
            format!("{}:{}", place.line, place.column)
        };
        let span = finding.place.span;
        let _ = writeln!(said, "{}-{} {} {}", at(span.start), at(span.end), finding.code.id, finding.message);
        for related in finding.related {
            let _ = writeln!(said, "  {} {}", at(related.place.span.start), related.message);
        }
        if let Some(help) = finding.help {
            let _ = writeln!(said, "  help: {help}");
        }
    }
    (values, said)
}

/// A value as JSON, with numbers as they are spelled.
fn print(node: Node<'_>, out: &mut String) {
    let quoted = |text: &str| format!("{text:?}").replace("\\'", "'");
    match node.kind() {
        Kind::Null => out.push_str("null"),
        Kind::Bool => out.push_str(if node.as_bool() == Some(true) { "true" } else { "false" }),
        Kind::Number => out.push_str(node.number_text().unwrap()),
        Kind::String => out.push_str(&quoted(node.as_str().unwrap())),
        Kind::Array => {
            out.push('[');
            for (index, item) in node.items().enumerate() {
                out.push_str(if index == 0 { "" } else { ", " });
                print(item, out);
            }
            out.push(']');
        }
        Kind::Object => {
            out.push('{');
            for (index, (key, value)) in node.members().enumerate() {
                out.push_str(if index == 0 { "" } else { ", " });
                out.push_str(&quoted(key));
                out.push_str(": ");
                print(value, out);
                assert!(value.pointer().ends_with(&*escape_token(key)));
            }
            out.push('}');
        }
    }
}

fn unescape(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        if byte != b'\\' {
            out.push(byte);
            continue;
        }
        out.push(match bytes.next().unwrap() {
            b't' => b'\t',
            b'r' => b'\r',
            b'n' => b'\n',
            b'\\' => b'\\',
            b'x' => {
                let digits = [bytes.next().unwrap(), bytes.next().unwrap()];
                u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap()
            }
            other => panic!("no escape: \\{}", char::from(other)),
        });
    }
    out
}
