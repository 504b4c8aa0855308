//! `mutants.md`: one change of the pack `foundry` a heading, and exactly what it makes the rules find.

use super::harness::Pack;

struct Mutant {
    title: String,
    pack: Pack,
    expected: Vec<String>,
}

/// The parts of a line in backticks.
fn quoted(line: &str) -> Vec<&str> {
    line.split('`').skip(1).step_by(2).collect()
}

fn read(text: &str) -> Vec<Mutant> {
    let base = Pack::foundry();
    let mut mutants: Vec<Mutant> = Vec::new();
    for line in text.lines() {
        if let Some(title) = line.strip_prefix("## ") {
            mutants.push(Mutant { title: title.to_owned(), pack: base.clone(), expected: Vec::new() });
            continue;
        }
        let (Some(mutant), Some(rest)) = (mutants.last_mut(), line.strip_prefix("- ")) else { continue };
        let mut words = rest.split_whitespace();
        let verb = words.next().expect("a verb");
        let parts = quoted(rest);
        if verb == "finds" {
            mutant.expected.extend(parts.iter().map(|part| (*part).to_owned()));
            continue;
        }
        let file = words.next().unwrap_or_default();
        let value = parts.get(1).map(|text| {
            serde_json::from_str(text).unwrap_or_else(|error| panic!("{}: {text}: {error}", mutant.title))
        });
        mutant.pack.change(verb, file, parts.first().copied().unwrap_or_default(), value);
    }
    mutants
}

#[test]
fn each_change_is_found_and_nothing_else() {
    let mutants = read(include_str!("mutants.md"));
    assert!(mutants.len() > 100, "the mutants were not read");
    let mut failures = Vec::new();
    for mut mutant in mutants {
        mutant.expected.sort();
        let found = mutant.pack.findings();
        if found != mutant.expected {
            failures
                .push(format!("{}\n  expected {:?}\n  found    {found:?}", mutant.title, mutant.expected));
        }
    }
    assert!(failures.is_empty(), "{} differ:\n{}", failures.len(), failures.join("\n"));
}
