//! The export finder against the cases of `scripts.md`.

use tenon_graph::service::{ScriptExport, ScriptFacts};
use tenon_readers::scripts::{is_script, read_script};

fn shown_export(export: &ScriptExport) -> String {
    let owner = export.owner.as_ref().map(|owner| format!("{owner}.")).unwrap_or_default();
    let arity = match export.arity {
        None => String::new(),
        Some(arity) if arity.rest => format!(" {}+", arity.required),
        Some(arity) if arity.all > arity.required => format!(" {}-{}", arity.required, arity.all),
        Some(arity) => format!(" {}", arity.all),
    };
    format!("{owner}{} {:?}{arity}\n", export.name, export.kind)
}

fn shown(facts: &ScriptFacts) -> String {
    let mut out: String = facts.exports.iter().map(shown_export).collect();
    for source in &facts.star_sources {
        out.push_str(&format!("star {source}\n"));
    }
    for route in &facts.routes {
        out.push_str(&format!("route {} {}\n", route.method, route.path));
    }
    if let Some(problem) = &facts.problem {
        out.push_str(&format!("problem at {}: {}\n", problem.start, problem.message));
    }
    out
}

/// Each fenced block with its language and the heading above it.
fn blocks(markdown: &str) -> Vec<(String, String, String)> {
    let (mut title, mut found, mut open) = (String::new(), Vec::new(), None::<(String, String)>);
    for line in markdown.lines() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(language)) => open = Some((language.to_owned(), String::new())),
            (Some((language, text)), Some(_)) => {
                found.push((title.clone(), language.clone(), std::mem::take(text)));
                open = None;
            }
            (Some((_, text)), None) => {
                text.push_str(line);
                text.push('\n');
            }
            (None, None) => {
                if let Some(heading) = line.strip_prefix("## ") {
                    title = heading.to_owned();
                }
            }
        }
    }
    found
}

/// S4-190, S4-294, A004-27.
#[test]
fn exports_are_found_as_the_cases_say() {
    let blocks = blocks(include_str!("scripts.md"));
    let mut wrong = String::new();
    let mut run = 0;
    for pair in blocks.chunks(2) {
        let [(title, extension, text), (_, _, expected)] = pair else { panic!("a case without its answer") };
        let found = shown(&read_script(&format!("service.{extension}"), text));
        if &found != expected {
            wrong.push_str(&format!("## {title}\nexpected:\n{expected}found:\n{found}\n"));
        }
        run += 1;
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(run >= 18, "only {run} cases were found");
}

#[test]
fn only_scripts_are_read() {
    assert!(
        is_script("server/a.service.ts") && is_script("a.mjs") && is_script("a.cts") && is_script("a.d.ts")
    );
    assert!(!is_script("a.py") && !is_script("Makefile") && !is_script("dir.ts/a"));
    assert!(read_script("a.py", "").problem.is_some());
}

/// A recursive parser must not take the run down, whatever the nesting.
#[test]
fn deep_nesting_is_bounded() {
    const DEEP: usize = 5_900;
    const OVER: usize = 100_000;
    let both =
        |open: &str, close: &str, times: usize| format!("{}1{}", open.repeat(times), close.repeat(times));
    for (open, close) in
        [("(", ")"), ("[", "]"), ("!", ""), ("a=>", ""), ("a=", ""), ("if(a)", ""), ("`${", "}`")]
    {
        // Ordinary depth takes no thread, great depth a large stack, and more is refused.
        for times in [25, DEEP / 2] {
            assert_eq!(read_script("a.ts", &both(open, close, times)).problem, None, "{open} {times} times");
        }
        let refused = read_script("a.ts", &both(open, close, OVER)).problem.map(|problem| problem.message);
        assert_eq!(refused.as_deref(), Some("the code is nested deeper than 6000 levels"), "{open}");
    }
    let chain = format!("if(a){{}}{}", "else if(a){}".repeat(OVER));
    assert!(read_script("a.ts", &chain).problem.is_some());
}

/// Any prefix of a file is read without a panic, and so is any file with a byte changed.
#[test]
fn damaged_files_are_read_without_a_panic() {
    let text = include_str!("scripts.md");
    for (end, _) in text.char_indices().step_by(7) {
        let _ = read_script("a.ts", &text[..end]);
    }
    for (_, extension, code) in blocks(text) {
        for at in (0..code.len()).filter(|at| code.is_char_boundary(*at)) {
            for insert in ["{", ")", "`", "'", "\\", "\0"] {
                let damaged = format!("{}{insert}{}", &code[..at], &code[at..]);
                let _ = read_script(&format!("a.{extension}"), &damaged);
            }
        }
    }
}
