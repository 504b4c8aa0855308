//! Which texts of a contract may stand in a program: a name, a path, an expression. What may not is left
//! out with a note, so that no contract writes code of its own.

use tenon_graph::service::parse_signature;

/// Words that TypeScript keeps for itself in modules.
const RESERVED: &[&str] = &[
    "arguments",
    "await",
    "break",
    "case",
    "catch",
    "class",
    "const",
    "continue",
    "debugger",
    "default",
    "delete",
    "do",
    "else",
    "enum",
    "eval",
    "export",
    "extends",
    "false",
    "finally",
    "for",
    "function",
    "if",
    "implements",
    "import",
    "in",
    "instanceof",
    "interface",
    "let",
    "new",
    "null",
    "package",
    "private",
    "protected",
    "public",
    "return",
    "static",
    "super",
    "switch",
    "this",
    "throw",
    "true",
    "try",
    "typeof",
    "var",
    "void",
    "while",
    "with",
    "yield",
];

/// Whether a text is the name of a variable.
pub(super) fn is_identifier(text: &str) -> bool {
    let is_start = |letter: char| letter.is_ascii_alphabetic() || matches!(letter, '_' | '$');
    let is_part = |letter: char| is_start(letter) || letter.is_ascii_digit();
    text.starts_with(is_start) && text.chars().all(is_part) && !RESERVED.contains(&text)
}

/// Whether a text is one expression of a line, as `routeArgs` have them.
pub(super) fn is_expression(text: &str) -> bool {
    let has_comment = text.contains("//") || text.contains("/*");
    let is_odd =
        |letter: char| letter.is_control() || !letter.is_ascii() || matches!(letter, ';' | '`' | '\\');
    let is_one =
        || parse_signature(&format!("f({text})")).is_ok_and(|signature| signature.parameters.len() == 1);
    !text.trim().is_empty() && !has_comment && !text.chars().any(is_odd) && is_one()
}

/// Whether a text is the place of a TypeScript file below the output.
pub(super) fn is_source_file(path: &str) -> bool {
    let is_part = |part: &str| {
        let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "._-@+[]()$".contains(letter);
        !part.is_empty() && part != "." && part != ".." && part.chars().all(is_plain)
    };
    path.ends_with(".ts") && !path.ends_with(".d.ts") && path.split('/').all(is_part)
}

/// A path as Express has it: parameters with a colon. `None` where it is none.
pub(super) fn express_path(path: &str) -> Option<String> {
    let parameter = |part: &str| {
        let inner = part.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
        inner.map_or_else(|| part.to_owned(), |name| format!(":{name}"))
    };
    let parts: Vec<String> = path.split('/').map(parameter).collect();
    let is_plain = |part: &String| {
        let name = part.strip_prefix(':');
        let is_letter = |letter: char| letter.is_ascii_alphanumeric() || "._~-%@".contains(letter);
        name.map_or_else(|| part.chars().all(is_letter), is_identifier)
    };
    (path.starts_with('/') && parts.iter().all(is_plain)).then(|| parts.join("/"))
}

/// The folder of a file; empty at the top.
pub(super) fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// A file below a folder.
pub(super) fn below(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

/// How one file imports another.
pub(super) fn import(from: &str, to: &str) -> String {
    let here: Vec<&str> = folder(from).split('/').filter(|part| !part.is_empty()).collect();
    let there: Vec<&str> = to.strip_suffix(".ts").unwrap_or(to).split('/').collect();
    let last = there.len().saturating_sub(1);
    let shared = here.iter().zip(there.iter().take(last)).take_while(|(one, other)| one == other).count();
    let up = "../".repeat(here.len() - shared);
    let down: Vec<&str> = there.into_iter().skip(shared).collect();
    let start = if up.is_empty() { "./" } else { "" };
    format!("{start}{up}{}.js", down.join("/"))
}

/// A text between single quotes.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::from("'");
    for letter in text.chars() {
        match letter {
            '\'' | '\\' => out.extend(['\\', letter]),
            ' '..='~' => out.push(letter),
            _ => out.push_str(&format!("\\u{{{:x}}}", u32::from(letter))),
        }
    }
    out.push('\'');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_but_an_expression_is_one() {
        for good in ["req.body", "req.user.organisationId", "Number(req.query.page ?? 1)", "req.params['id']"]
        {
            assert!(is_expression(good), "{good}");
        }
        for bad in ["", "a, b", "req.body); process.exit(1", "a // b", "a\nb", "`${a}`", "(a", "x; y"] {
            assert!(!is_expression(bad), "{bad}");
        }
    }

    #[test]
    fn files_stay_below_the_output() {
        assert!(is_source_file("server/routes/a.routes.ts") && is_source_file("a.ts"));
        for bad in ["../a.ts", "/a.ts", "a/../b.ts", "a.py", "a b.ts", "a\\b.ts", "x.d.ts", "a//b.ts"] {
            assert!(!is_source_file(bad), "{bad}");
        }
    }

    #[test]
    fn imports_lead_from_file_to_file() {
        assert_eq!(import("server/routes/a.ts", "server/services/b.service.ts"), "../services/b.service.js");
        assert_eq!(import("server/app.ts", "server/routes/a.ts"), "./routes/a.js");
        assert_eq!(import("a.ts", "b.ts"), "./b.js");
        assert_eq!(import("a/b.ts", "c.ts"), "../c.js");
    }

    #[test]
    fn paths_are_those_of_express() {
        assert_eq!(express_path("/a/{id}/b").as_deref(), Some("/a/:id/b"));
        assert_eq!(express_path("/a/:id/").as_deref(), Some("/a/:id/"));
        for bad in ["a", "/a/*", "/a'b", "/{a-b}", "/:"] {
            assert_eq!(express_path(bad), None, "{bad}");
        }
    }
}
