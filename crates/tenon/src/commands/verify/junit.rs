//! Reports as JUnit XML, for the programs that show test results.

use std::io::{self, Write};

use serde_json::Value;

/// Scenarios: a suite each, a case for each step and for each thing that must be covered.
pub fn scenarios(reports: &[&Value], out: &mut dyn Write) -> io::Result<()> {
    suites(reports, "scenario", &cases, out)
}

/// Examinations: a suite each, a case for each finding and each thing that could not be tried; one
/// that passed where there is none.
pub fn examinations(reports: &[&Value], out: &mut dyn Write) -> io::Result<()> {
    suites(reports, "contract", &found, out)
}

fn suites(
    reports: &[&Value],
    name: &str,
    cases: &dyn Fn(&Value) -> Vec<Case>,
    out: &mut dyn Write,
) -> io::Result<()> {
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(out, "<testsuites>")?;
    for report in reports {
        let cases = cases(report);
        let failures = cases.iter().filter(|case| case.problem.is_some()).count();
        let name = text(report.get(name));
        writeln!(
            out,
            "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{failures}\">",
            escaped(&name),
            cases.len()
        )?;
        for case in &cases {
            write!(out, "    <testcase classname=\"{}\" name=\"{}\"", escaped(&name), escaped(&case.name))?;
            match &case.problem {
                Some(problem) => writeln!(out, "><failure message=\"{}\"/></testcase>", escaped(problem))?,
                None => writeln!(out, "/>")?,
            }
        }
        writeln!(out, "  </testsuite>")?;
    }
    writeln!(out, "</testsuites>")
}

/// One case of a suite.
struct Case {
    name: String,
    problem: Option<String>,
}

fn found(report: &Value) -> Vec<Case> {
    let list = |name: &str| report.get(name).and_then(Value::as_array).into_iter().flatten();
    let findings = list("findings").map(|one| Case {
        name: format!("{} {} {}", text(one.get("rule")), text(one.get("name")), text(one.get("operation"))),
        problem: Some(format!("{}; {}", text(one.get("message")), text(one.get("curl")))),
    });
    let left_out = list("left_out").map(|one| Case {
        name: format!("left out: {} {}", text(one.get("operation")), text(one.get("what"))),
        problem: Some(text(one.get("why"))),
    });
    let mut cases: Vec<Case> = findings.chain(left_out).collect();
    if cases.is_empty() {
        cases.push(Case { name: "conformance".to_owned(), problem: None });
    }
    cases
}

fn cases(report: &Value) -> Vec<Case> {
    let list = |pointer: &str| report.pointer(pointer).and_then(Value::as_array).into_iter().flatten();
    let steps = list("/steps").map(|step| {
        let problems = step.get("problems").and_then(Value::as_array).into_iter().flatten();
        let told: Vec<String> = problems
            .map(|one| {
                format!("{} {} {}", text(one.get("what")), text(one.get("place")), text(one.get("message")))
            })
            .collect();
        Case { name: text(step.get("name")), problem: (!told.is_empty()).then(|| told.join("; ")) }
    });
    let covered = list("/coverage/requirements").map(|one| {
        let is_met = one.get("covered").and_then(Value::as_bool) == Some(true)
            || one.get("except").is_some_and(Value::is_string);
        let name = format!("coverage: {} {}", text(one.get("requirement")), text(one.get("of")));
        Case { name, problem: (!is_met).then(|| "no step covers it".to_owned()) }
    });
    steps.chain(covered).collect()
}

fn text(value: Option<&Value>) -> String {
    value.and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push_str("&#10;"),
            letter if letter.is_control() => out.push('\u{fffd}'),
            letter => out.push(letter),
        }
    }
    out
}
