//! Cases of the command line in Markdown: files, commands typed, what must come out.
//!
//! A case is a heading. Fences with `file=PATH` are its files; with the word `escaped`, `\xHH` and
//! `\n` in them stand for bytes. In a fence `console` every `$ ` line is a command, with what it
//! prints below it: standard output, then `[stderr]` and standard error if there is any, then
//! `[exit N]` unless that is 0. A `[..]` in an expected line stands for anything. Beside `tenon`
//! there are `cat FILE`, `cp FROM TO`, `rm FILE`, `mkdir DIR`, `edit FILE OLD NEW`, which replaces a
//! text, and `git …`, which says nothing unless it fails; a command may end with `< FILE`, and
//! start with `in DIR`. `[folder]` stands for the folder of the case, in commands and output.
//!
//! `TENON_UPDATE_CASES=1 cargo test -p tenon` writes what comes out into the cases.

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

/// One command with what must come out.
struct Step {
    command: String,
    /// The lines of the Markdown that hold the expectation: first and one past the last.
    lines: (usize, usize),
}

/// One case.
#[derive(Default)]
struct Case {
    title: String,
    files: Vec<(String, Vec<u8>)>,
    steps: Vec<Step>,
}

/// Runs every case of a Markdown file and panics with what differs.
pub fn run_cases(path: &Path) {
    let text = std::fs::read_to_string(path).expect("the cases are there");
    let lines: Vec<&str> = text.lines().collect();
    let cases = parse(&lines);
    assert!(cases.iter().any(|case| !case.steps.is_empty()), "{} has no case", path.display());
    let update = std::env::var_os("TENON_UPDATE_CASES").is_some();
    let mut report = String::new();
    let mut replaced: Vec<(usize, usize, String)> = Vec::new();
    for case in &cases {
        let folder = tempfile::tempdir().expect("a folder for the case");
        for (name, bytes) in &case.files {
            let file = folder.path().join(name);
            std::fs::create_dir_all(file.parent().expect("a file has a folder")).expect("a folder");
            std::fs::write(file, bytes).expect("a file of the case");
        }
        for step in &case.steps {
            let found = run(&step.command, folder.path());
            let expected = lines[step.lines.0..step.lines.1].join("\n");
            if update {
                replaced.push((step.lines.0, step.lines.1, found));
            } else if !meets(&found, &expected) {
                let _ = write!(
                    report,
                    "\n# {} ({})\n$ {}\n--- expected\n{expected}\n--- found\n{found}\n",
                    case.title,
                    path.display(),
                    step.command
                );
            }
        }
    }
    if update {
        write_back(path, &lines, &replaced);
    }
    assert!(report.is_empty(), "{report}");
}

fn write_back(path: &Path, lines: &[&str], replaced: &[(usize, usize, String)]) {
    let mut out: Vec<String> = Vec::new();
    let mut at = 0;
    for (start, end, found) in replaced {
        out.extend(lines[at..*start].iter().map(|line| (*line).to_owned()));
        let expected = lines[*start..*end].join("\n");
        if meets(found, &expected) {
            out.extend(lines[*start..*end].iter().map(|line| (*line).to_owned()));
        } else if !found.is_empty() {
            out.push(found.clone());
        }
        at = *end;
    }
    out.extend(lines[at..].iter().map(|line| (*line).to_owned()));
    std::fs::write(path, out.join("\n") + "\n").expect("the cases can be written");
}

fn parse(lines: &[&str]) -> Vec<Case> {
    let mut cases: Vec<Case> = vec![Case::default()];
    let mut index = 0;
    while index < lines.len() {
        let line = lines[index];
        let case = cases.last_mut().expect("there is always a case");
        if let Some(info) = line.strip_prefix("```") {
            let fence = line.len() - line.trim_start_matches('`').len();
            let close = "`".repeat(fence);
            let end = (index + 1..lines.len()).find(|&at| lines[at] == close).expect("a fence ends");
            let info = info.trim_start_matches('`');
            let body = &lines[index + 1..end];
            if let Some(name) = info.split_whitespace().find_map(|word| word.strip_prefix("file=")) {
                let escaped = info.split_whitespace().any(|word| word == "escaped");
                case.files.push((name.to_owned(), bytes(body, escaped)));
            } else if info == "console" {
                steps(body, index + 1, case);
            }
            index = end;
        } else if let Some(title) = line.strip_prefix("# ").or_else(|| line.strip_prefix("## ")) {
            cases.push(Case { title: title.to_owned(), ..Case::default() });
        }
        index += 1;
    }
    cases
}

fn steps(body: &[&str], first: usize, case: &mut Case) {
    for (offset, line) in body.iter().enumerate() {
        if let Some(command) = line.strip_prefix("$ ") {
            let start = first + offset + 1;
            let count = body[offset + 1..].iter().take_while(|line| !line.starts_with("$ ")).count();
            case.steps.push(Step { command: command.to_owned(), lines: (start, start + count) });
        }
    }
}

fn bytes(body: &[&str], escaped: bool) -> Vec<u8> {
    if !escaped {
        return body.iter().flat_map(|line| line.bytes().chain([b'\n'])).collect();
    }
    let mut out = Vec::new();
    let text = body.join("");
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'\\' {
            out.push(byte);
            continue;
        }
        match rest.next() {
            Some(b'x') => {
                let digits = [rest.next().expect("two digits"), rest.next().expect("two digits")];
                let digits = std::str::from_utf8(&digits).expect("digits are text");
                out.push(u8::from_str_radix(digits, 16).expect("hexadecimal digits"));
            }
            Some(b'n') => out.push(b'\n'),
            Some(b't') => out.push(b'\t'),
            other => panic!("no such escape: {other:?}"),
        }
    }
    out
}

/// What a command prints and how it ends, as a case writes it.
fn run(command: &str, folder: &Path) -> String {
    let root = folder;
    let (command, input) = match command.split_once(" < ") {
        Some((command, file)) => (command, Some(folder.join(file))),
        None => (command, None),
    };
    let (command, folder) = match command.strip_prefix("in ").and_then(|rest| rest.split_once(' ')) {
        Some((inner, command)) => (command, folder.join(inner)),
        None => (command, folder.to_path_buf()),
    };
    let folder = folder.as_path();
    let words: Vec<String> = split(command)
        .into_iter()
        .map(|word| word.replace("[folder]", &root.display().to_string()))
        .collect();
    let arguments = &words[1..];
    match words[0].as_str() {
        "tenon" => {
            let stdin =
                input.map_or_else(Stdio::null, |path| std::fs::File::open(path).expect("input").into());
            let output = Command::new(env!("CARGO_BIN_EXE_tenon"))
                .args(arguments)
                .current_dir(folder)
                .env_clear()
                .stdin(stdin)
                .output()
                .expect("the program runs");
            shown(&output, folder)
        }
        "cat" => {
            let text = std::fs::read(folder.join(&arguments[0])).expect("a file to show");
            String::from_utf8_lossy(&text).trim_end_matches('\n').to_owned()
        }
        "cp" => {
            std::fs::copy(folder.join(&arguments[0]), folder.join(&arguments[1])).expect("a file to copy");
            String::new()
        }
        "rm" => {
            std::fs::remove_file(folder.join(&arguments[0])).expect("a file to remove");
            String::new()
        }
        "edit" => {
            let path = folder.join(&arguments[0]);
            let text = std::fs::read_to_string(&path).expect("a file to edit");
            assert!(text.contains(&arguments[1]), "{command}: the text is not there");
            std::fs::write(path, text.replace(&arguments[1], &arguments[2])).expect("a file to edit");
            String::new()
        }
        "git" => git(arguments, folder),
        "mkdir" => {
            std::fs::create_dir_all(folder.join(&arguments[0])).expect("a folder to make");
            String::new()
        }
        other => panic!("no such command in cases: {other}"),
    }
}

/// Runs git with a fixed author and date, so that commits have the same names on every machine.
fn git(arguments: &[String], folder: &Path) -> String {
    let mut command = Command::new("git");
    command.args(["-c", "init.defaultBranch=main", "-c", "protocol.file.allow=always"]).args(arguments);
    command.current_dir(folder).env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_SYSTEM", "/dev/null");
    for role in ["AUTHOR", "COMMITTER"] {
        command
            .env(format!("GIT_{role}_NAME"), "someone")
            .env(format!("GIT_{role}_EMAIL"), "someone@example.com");
        command.env(format!("GIT_{role}_DATE"), "2026-01-01T00:00:00Z");
    }
    let output = command.output().expect("git runs");
    if output.status.success() { String::new() } else { shown(&output, folder) }
}

fn shown(output: &std::process::Output, folder: &Path) -> String {
    let text = |bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes).replace(&folder.display().to_string(), "[folder]");
        let lines: Vec<String> = text.lines().map(|line| line.trim_end().to_owned()).collect();
        lines.join("\n").trim_end().to_owned()
    };
    let mut parts = vec![text(&output.stdout)];
    let errors = text(&output.stderr);
    if !errors.is_empty() {
        parts.push(format!("[stderr]\n{errors}"));
    }
    match output.status.code() {
        Some(0) => {}
        code => {
            parts.push(format!("[exit {}]", code.map_or("by a signal".to_owned(), |code| code.to_string())))
        }
    }
    parts.retain(|part| !part.is_empty());
    parts.join("\n")
}

/// The words of a command; single quotes hold a word together, or make an empty one.
fn split(command: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut word: Option<String> = None;
    let mut quoted = false;
    for character in command.chars() {
        match character {
            '\'' => {
                quoted = !quoted;
                word.get_or_insert_default();
            }
            ' ' if !quoted => words.extend(word.take()),
            _ => word.get_or_insert_default().push(character),
        }
    }
    words.extend(word);
    words
}

/// Whether what was found is what is expected, line by line.
fn meets(found: &str, expected: &str) -> bool {
    let expected = expected.trim_end();
    let (mut found_lines, mut expected_lines) = (found.lines(), expected.lines());
    loop {
        match (found_lines.next(), expected_lines.next()) {
            (None, None) => return true,
            (Some(found), Some(expected)) if line_meets(found, expected) => {}
            _ => return false,
        }
    }
}

fn line_meets(found: &str, expected: &str) -> bool {
    match expected.split_once("[..]") {
        None => found == expected,
        Some((before, after)) => {
            found.len() >= before.len() + after.len() && found.starts_with(before) && found.ends_with(after)
        }
    }
}
