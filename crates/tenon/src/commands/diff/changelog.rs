//! Markdown: a changelog, the gravest first.

use std::io::{self, Write};

use tenon_compare::Class;
use tenon_source::{Finding, Sources};

use super::judge::{Judged, JudgedChange};
use super::report::{reach, step, summary};

/// Writes the changelog.
pub fn write(judged: &Judged, out: &mut dyn Write) -> io::Result<()> {
    let [old, new] = &judged.names;
    writeln!(out, "## Changes from `{old}` to `{new}`\n")?;
    if judged.changes.is_empty() {
        writeln!(out, "None: {}.", step(judged))?;
    } else {
        let summary = summary(judged);
        let counts = summary.split(" from ").next().unwrap_or_default();
        writeln!(out, "{counts}: {}.", step(judged))?;
    }
    for class in Class::ALL {
        let heading = match class {
            Class::Breaking => "Breaking",
            Class::Behaviour => "Behaviour",
            Class::Additive => "Added",
            Class::Docs => "Documentation",
        };
        let all = judged.changes.iter().zip(&judged.stated);
        let mut of_class = all.filter(|(judged, _)| judged.change.class == class).peekable();
        if of_class.peek().is_some() {
            writeln!(out, "\n### {heading}\n")?;
        }
        for (change, stated) in of_class {
            write_change(change, stated, &judged.graph.sources, out)?;
        }
    }
    if !judged.findings.is_empty() {
        writeln!(out, "\n### Approvals and suppressions\n")?;
        for finding in &judged.findings {
            let place = place(finding, &judged.graph.sources);
            writeln!(out, "- {} (`{}`, {place})", sentence(&finding.message), finding.code.id)?;
        }
    }
    Ok(())
}

fn write_change(
    judged: &JudgedChange,
    stated: &Finding,
    sources: &Sources,
    out: &mut dyn Write,
) -> io::Result<()> {
    let change = &judged.change;
    let operation = change.operation.as_ref().filter(|name| !change.message.contains(name.as_str()));
    let operation = operation.map(|name| format!("`{name}`: ")).unwrap_or_default();
    write!(out, "- {operation}{}.", sentence(&change.message))?;
    if let Some(why) = &change.undecided {
        write!(out, " It cannot be told whether this breaks: {}.", escape(why))?;
    }
    if let Some(example) = &change.counter_example {
        write!(out, " Such as `{}`.", example.replace('`', "'"))?;
    }
    if let Some(reach) = reach(change) {
        write!(out, " It {}.", escape(&reach))?;
    }
    if let Some(help) = &change.help {
        write!(out, " Instead: {}.", escape(help))?;
    }
    if let Some(accepted) = &judged.accepted {
        let owner = accepted.owner.as_ref().map(|owner| format!(", {}", escape(owner))).unwrap_or_default();
        write!(out, " *Accepted ({}{owner}): {}.*", accepted.by, escape(&accepted.reason))?;
    }
    writeln!(out, " (`{}`, {})", change.rule.code.id, place(stated, sources))
}

fn place(finding: &Finding, sources: &Sources) -> String {
    let Some(file) = sources.get(finding.place.file) else { return String::new() };
    format!("`{}:{}`", file.path, file.locate(finding.place.span.start).line)
}

/// A message as a sentence of Markdown.
fn sentence(message: &str) -> String {
    let mut characters = message.chars();
    let first = characters.next().map(|first| first.to_uppercase().collect::<String>()).unwrap_or_default();
    escape(&format!("{first}{}", characters.as_str()))
}

/// Text whose markup is not taken for Markdown's; code spans stay.
fn escape(text: &str) -> String {
    let mut in_code = false;
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '`' => {
                in_code = !in_code;
                out.push(character);
            }
            '<' if !in_code => out.push_str("&lt;"),
            '*' | '_' if !in_code => {
                out.push('\\');
                out.push(character);
            }
            '\r' | '\n' => out.push(' '),
            _ => out.push(character),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{escape, sentence};

    #[test]
    fn messages_become_sentences() {
        assert_eq!(sentence("`a_b` is gone, x_y < z"), "`a_b` is gone, x\\_y &lt; z");
        assert_eq!(sentence("the body"), "The body");
        assert_eq!(escape("a\nb"), "a b");
    }
}
