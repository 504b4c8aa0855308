//! The little of grep that the seed's scripts lean on.

use regex::Regex;

/// `grep -oP '\(([^)]*)\)' | tr ',' '\n' | grep -c '[a-zA-Z]'`: what the script takes for parameters.
pub(super) fn comma_count(signature: &str) -> usize {
    let mut count = 0;
    for line in signature.split('\n') {
        let mut rest = line;
        while let Some(open) = rest.find('(') {
            let from = rest.get(open..).unwrap_or_default();
            let Some(close) = from.find(')') else { break };
            let found = from.get(..=close).unwrap_or_default();
            count +=
                found.split(',').filter(|part| part.bytes().any(|byte| byte.is_ascii_alphabetic())).count();
            rest = from.get(close + 1..).unwrap_or_default();
        }
    }
    count
}

/// `grep -q "req.body"`, whose dot is any character.
pub(super) fn has_req_any_body(text: &str) -> bool {
    text.match_indices("req").any(|(at, found)| {
        let mut rest = text.get(at + found.len()..).unwrap_or_default().chars();
        rest.next().is_some_and(|any| any != '\n') && rest.as_str().starts_with("body")
    })
}

/// `test("validate.*(Organisation|Tenant|Company)Access"; "i")`.
pub(super) fn validates_tenant(text: &str) -> bool {
    text.to_lowercase().split('\n').any(|line| {
        let Some((_, rest)) = line.split_once("validate") else { return false };
        ["organisationaccess", "tenantaccess", "companyaccess"].iter().any(|end| rest.contains(end))
    })
}

/// `grep -q "export.*function.*$NAME\|$NAME.*="`, the name being read as a pattern.
pub(super) fn mentions_method(text: &str, name: &str) -> bool {
    let is_plain = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if is_plain {
        return text.split('\n').any(|line| {
            let after = |text: &str, word: &str| text.split_once(word).map(|(_, rest)| rest.to_owned());
            let exported = after(line, "export").and_then(|rest| after(&rest, "function"));
            exported.is_some_and(|rest| rest.contains(name))
                || after(line, name).is_some_and(|rest| rest.contains('='))
        });
    }
    // A newline in a pattern separates two patterns.
    let whole = format!("export.*function.*{name}\\|{name}.*=");
    let patterns: Option<Vec<Regex>> =
        whole.split('\n').map(|one| Regex::new(&basic_to_regex(one)?).ok()).collect();
    let Some(patterns) = patterns else { return false };
    let text = text.strip_suffix('\n').unwrap_or(text);
    text.split('\n').any(|line| patterns.iter().any(|pattern| pattern.is_match(line)))
}

/// A GNU basic regular expression in the syntax of `regex`; `None` where it is none.
fn basic_to_regex(pattern: &str) -> Option<String> {
    let mut out = String::new();
    let mut rest = pattern.chars().peekable();
    // Whether a star here has something to repeat.
    let mut repeats = false;
    while let Some(c) = rest.next() {
        let ends = |rest: &std::iter::Peekable<std::str::Chars<'_>>| {
            let ahead: String = rest.clone().take(2).collect();
            ahead.is_empty() || ahead == "\\|" || ahead == "\\)"
        };
        match c {
            '\\' => {
                let escaped = rest.next()?;
                match escaped {
                    '|' | '(' => out.push(escaped),
                    ')' | '+' | '?' | '{' | '}' => out.push(escaped),
                    '<' => out.push_str(r"\b{start}"),
                    '>' => out.push_str(r"\b{end}"),
                    'w' | 'W' | 's' | 'S' | 'b' | 'B' => out.extend(['\\', escaped]),
                    // Back references have no counterpart; the name of no function has one.
                    '1'..='9' => return None,
                    other => out.push_str(&regex::escape(&other.to_string())),
                }
                repeats = !matches!(escaped, '|' | '(');
                continue;
            }
            '.' => out.push('.'),
            '*' if repeats => out.push('*'),
            '^' if !repeats => {
                out.push('^');
                continue;
            }
            '$' if ends(&rest) => out.push('$'),
            '[' => out.push_str(&bracket(&mut rest)?),
            other => out.push_str(&regex::escape(&other.to_string())),
        }
        repeats = true;
    }
    Some(out)
}

/// The rest of a bracket expression; a backslash is nothing special in one.
fn bracket(rest: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Option<String> {
    let mut out = String::from("[");
    if rest.next_if_eq(&'^').is_some() {
        out.push('^');
    }
    if rest.next_if_eq(&']').is_some() {
        out.push_str("\\]");
    }
    loop {
        match rest.next()? {
            ']' => break,
            '[' if rest.peek() == Some(&':') => {
                out.push('[');
                loop {
                    let c = rest.next()?;
                    out.push(c);
                    if c == ']' {
                        break;
                    }
                }
            }
            c @ ('\\' | '[' | '&' | '~') => out.extend(['\\', c]),
            c => out.push(c),
        }
    }
    out.push(']');
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commas_are_counted_as_the_script_counts_them() {
        let cases = [
            ("f(a, b)", 2),
            ("f()", 0),
            ("f(a: Map<b, c>)", 2),
            ("f(a): Promise<(B)>", 2),
            ("f(done: (error) => void, b)", 1),
            ("f(1, 2)", 0),
            ("f(a", 0),
            ("f(a,\nb)", 0),
            ("null", 0),
        ];
        for (signature, expected) in cases {
            assert_eq!(comma_count(signature), expected, "{signature}");
        }
    }

    /// The right sides were found by GNU grep 3.8.
    #[test]
    fn names_are_patterns() {
        let cases = [
            ("removeOne", "export async function removeOneLater() {}", true),
            ("removeOne", "// removeOne = later", true),
            ("removeOne", "removeOne();", false),
            ("a.b", "const aXb = 1", true),
            ("a.b", "const ab = 1", false),
            ("a*", "x = 1", true),
            ("a$", "export function a", true),
            ("a$", "export function a()", false),
            ("[ab]c", "bc =", true),
            ("[ab", "[ab =", false),
            ("", "export function", true),
            ("", "x", false),
            ("a\\|b", "export b", true),
            ("a\\|b", "a", true),
            ("x\\(y\\)*", "x =", true),
            ("*a", "*a =", true),
            ("größe", "export function größe", true),
        ];
        for (name, line, expected) in cases {
            assert_eq!(mentions_method(line, name), expected, "{name} in {line}");
        }
    }

    #[test]
    fn any_character_stands_between_req_and_body() {
        assert!(
            has_req_any_body("req.body.name")
                && has_req_any_body("req_body")
                && has_req_any_body("xreq body")
        );
        assert!(
            !has_req_any_body("reqbody") && !has_req_any_body("req\nbody") && !has_req_any_body("req.params")
        );
    }
}
