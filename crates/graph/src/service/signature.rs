//! The human-readable `signature` strings of a service contract, read with balanced brackets.
//!
//! `uploadFile({ id, kind }: Upload, meta?: Map<string, number> = {}): Promise<(string)>` has two
//! parameters. Counting commas finds six. Rule 14 and the alignment gate both ask this parser.

/// Most bytes of one signature: a line that a person wrote.
const SIGNATURE_BYTES_MAX: usize = 16 * 1024;

/// Most brackets open at once.
const SIGNATURE_NESTING_MAX: usize = 64;

/// A signature taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// The function's name, with its owner where one is written (`service.method`); empty where there is none.
    pub name: String,
    /// The parameters in order.
    pub parameters: Vec<SignatureParameter>,
}

/// One parameter of a signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignatureParameter {
    /// The parameter's name; empty for a destructured one.
    pub name: String,
    /// The names a destructured parameter takes out of its argument.
    pub fields: Vec<String>,
    /// Whether a caller may leave it out: a question mark, a default value or a rest parameter.
    pub optional: bool,
    /// Whether it takes any number of arguments (`...names`).
    pub rest: bool,
    /// Where the parameter's text begins, in bytes from the start of the signature.
    pub start: usize,
}

/// Why a text is no signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignatureProblem {
    /// There is no parameter list in parentheses.
    NoParameterList,
    /// A bracket or a quote does not close.
    Unbalanced,
    /// A parameter is empty, as between two commas.
    EmptyParameter,
    /// The text is longer or nests deeper than a signature does.
    TooLarge,
}

impl SignatureProblem {
    /// What is wrong, as a clause that follows "the signature".
    #[must_use]
    pub fn as_clause(self) -> &'static str {
        match self {
            Self::NoParameterList => "has no parameter list in parentheses",
            Self::Unbalanced => "has a bracket or quote that does not close",
            Self::EmptyParameter => "has an empty parameter",
            Self::TooLarge => "is too long or nested too deep to be one",
        }
    }
}

impl SignatureParameter {
    /// The names the parameter brings into scope: its own, or those it destructures.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let own = (!self.name.is_empty()).then_some(self.name.as_str());
        own.into_iter().chain(self.fields.iter().map(String::as_str))
    }
}

/// Takes a signature apart.
///
/// Understood: a name with an owner, type parameters, `async`, `function` and `const name = (…) =>`,
/// optional parameters, defaults, rest and destructured parameters, types. What follows the
/// parameter list is the return type and is not read.
///
/// # Errors
/// The first thing that keeps the text from being a signature.
pub fn parse_signature(text: &str) -> Result<Signature, SignatureProblem> {
    if text.len() > SIGNATURE_BYTES_MAX {
        return Err(SignatureProblem::TooLarge);
    }
    let (open, close) = parameter_list(text)?;
    let name = name_before(text.get(..open).unwrap_or_default());
    let inner = text.get(open + 1..close).unwrap_or_default();
    let mut parameters = Vec::new();
    let parts = split_top_level(inner, b',')?;
    let last = parts.len().saturating_sub(1);
    for (index, (start, part)) in parts.iter().enumerate() {
        if part.trim().is_empty() {
            // `f()` has none, and a trailing comma adds none.
            if index == last {
                break;
            }
            return Err(SignatureProblem::EmptyParameter);
        }
        let lead = part.len() - part.trim_start().len();
        parameters.push(parameter(part.trim(), open + 1 + start + lead)?);
    }
    // TypeScript's `this` pseudo-parameter takes no argument.
    if parameters.first().is_some_and(|first| first.name == "this") {
        parameters.remove(0);
    }
    Ok(Signature { name, parameters })
}

/// The parentheses of the parameter list: the first pair outside `<…>`.
fn parameter_list(text: &str) -> Result<(usize, usize), SignatureProblem> {
    let mut scan = Scan::default();
    let mut open = None;
    for (at, byte) in text.bytes().enumerate() {
        let before = scan.depth();
        scan.step(byte)?;
        match (byte, open) {
            (b'(', None) if before == 0 && !scan.in_quote() => open = Some(at),
            (b')', Some(open)) if scan.depth() == 0 && !scan.in_quote() => return Ok((open, at)),
            _ => {}
        }
    }
    Err(if open.is_some() { SignatureProblem::Unbalanced } else { SignatureProblem::NoParameterList })
}

/// The last word before the parameter list that is a name: `async function f<T>` is `f`.
fn name_before(head: &str) -> String {
    let head = head.split('<').next().unwrap_or_default();
    // `const f = async (…) => …` names `f`, before the equals sign.
    let head = head.split('=').next().unwrap_or_default();
    let head = head.split(':').next().unwrap_or_default();
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '.' | '#');
    let name = head.trim_end_matches(|c| !is_name(c)).rsplit(|c| !is_name(c)).next().unwrap_or_default();
    match name {
        "async" | "function" => String::new(),
        name => name.to_owned(),
    }
}

fn parameter(text: &str, start: usize) -> Result<SignatureParameter, SignatureProblem> {
    let rest = text.starts_with("...");
    let text = text.strip_prefix("...").unwrap_or(text).trim_start();
    let with_default = split_top_level(text, b'=')?;
    // `=>` in a type is one arrow, not a default.
    let has_default = with_default.iter().skip(1).any(|(_, part)| !part.starts_with('>'));
    let pattern = split_top_level(text, b':')?.first().map_or(text, |(_, part)| *part);
    let pattern = split_top_level(pattern, b'=')?.first().map_or(pattern, |(_, part)| *part).trim();
    let question = pattern.ends_with('?');
    let pattern = pattern.trim_end_matches('?').trim_end();
    let optional = question || has_default || rest;
    let (name, fields) = if pattern.starts_with(['{', '[']) {
        (String::new(), destructured(pattern)?)
    } else {
        (last_word(pattern).to_owned(), Vec::new())
    };
    if name.is_empty() && fields.is_empty() && !pattern.starts_with(['{', '[']) {
        return Err(SignatureProblem::EmptyParameter);
    }
    Ok(SignatureParameter { name, fields, optional, rest, start })
}

/// The names that `{ a, b: c, ...d }` or `[a, b]` binds at its first level.
fn destructured(pattern: &str) -> Result<Vec<String>, SignatureProblem> {
    let inner = pattern.get(1..pattern.len().saturating_sub(1)).unwrap_or_default();
    let mut names = Vec::new();
    for (_, part) in split_top_level(inner, b',')? {
        let part = part.trim().trim_start_matches("...");
        let part = split_top_level(part, b'=')?.first().map_or(part, |(_, part)| *part);
        // In `{ key: name }` the argument's field is the key.
        let key = part.split(':').next().unwrap_or_default().trim();
        if !key.is_empty() && !key.starts_with(['{', '[']) {
            names.push(key.trim_end_matches('?').to_owned());
        }
    }
    Ok(names)
}

/// `private readonly name` is `name`; so is `name` itself.
fn last_word(text: &str) -> &str {
    text.split_whitespace().next_back().unwrap_or_default()
}

/// Splits at a byte that stands outside every bracket and quote; parts carry where they begin.
fn split_top_level(text: &str, separator: u8) -> Result<Vec<(usize, &str)>, SignatureProblem> {
    let mut scan = Scan::default();
    let (mut parts, mut start) = (Vec::new(), 0);
    for (at, byte) in text.bytes().enumerate() {
        scan.step(byte)?;
        if byte == separator && scan.depth() == 0 && !scan.in_quote() {
            parts.push((start, text.get(start..at).unwrap_or_default()));
            start = at + 1;
        }
    }
    if scan.depth() > 0 || scan.in_quote() {
        return Err(SignatureProblem::Unbalanced);
    }
    parts.push((start, text.get(start..).unwrap_or_default()));
    Ok(parts)
}

/// Follows brackets and quotes over a text, byte by byte.
#[derive(Default)]
struct Scan {
    open: Vec<u8>,
    quote: Option<u8>,
    escaped: bool,
    previous: u8,
}

impl Scan {
    fn depth(&self) -> usize {
        self.open.len()
    }

    fn in_quote(&self) -> bool {
        self.quote.is_some()
    }

    fn step(&mut self, byte: u8) -> Result<(), SignatureProblem> {
        let previous = std::mem::replace(&mut self.previous, byte);
        if let Some(quote) = self.quote {
            if self.escaped {
                self.escaped = false;
            } else if byte == b'\\' {
                self.escaped = true;
            } else if byte == quote {
                self.quote = None;
            }
            return Ok(());
        }
        match byte {
            b'"' | b'\'' | b'`' => self.quote = Some(byte),
            b'(' | b'[' | b'{' | b'<' => {
                if self.open.len() >= SIGNATURE_NESTING_MAX {
                    return Err(SignatureProblem::TooLarge);
                }
                self.open.push(byte);
            }
            // The arrow of a function type closes nothing.
            b'>' if previous == b'=' => {}
            b')' | b']' | b'}' | b'>' => {
                let opener = self.open.pop();
                if !matches!(
                    (opener, byte),
                    (Some(b'('), b')') | (Some(b'['), b']') | (Some(b'{'), b'}') | (Some(b'<'), b'>')
                ) {
                    return Err(SignatureProblem::Unbalanced);
                }
            }
            _ => {}
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        match parse_signature(text) {
            Err(problem) => format!("{problem:?}"),
            Ok(signature) => {
                let parameters: Vec<String> = signature
                    .parameters
                    .iter()
                    .map(|parameter| {
                        let rest = if parameter.rest { "..." } else { "" };
                        let name = if parameter.name.is_empty() {
                            format!("{{{}}}", parameter.fields.join(" "))
                        } else {
                            parameter.name.clone()
                        };
                        let optional = if parameter.optional { "?" } else { "" };
                        format!("{rest}{name}{optional}")
                    })
                    .collect();
                format!("{}({})", signature.name, parameters.join(", "))
            }
        }
    }

    /// S4-292, A004-26: every shape that a count of commas gets wrong.
    #[test]
    fn signatures_are_read_with_balanced_brackets() {
        let cases = [
            ("login(email, password)", "login(email, password)"),
            ("health()", "health()"),
            ("f( )", "f()"),
            ("f(a,)", "f(a)"),
            ("f(a: Map<string, number>, b)", "f(a, b)"),
            ("f({ a, b: c, ...d }: Ids)", "f({a b d})"),
            ("f({ a = 1, b }: { a: number, b: string } = {})", "f({a b}?)"),
            ("f(ids: [string, string])", "f(ids)"),
            ("f([a, b])", "f({a b})"),
            ("f(a, b): Promise<(void)>", "f(a, b)"),
            ("f(a?: string, b = 'x, y', ...c: any[])", "f(a?, b?, ...c?)"),
            ("f(done: (error: Error, n: number) => void, b)", "f(done, b)"),
            ("f(done: (a) => b = (x) => x)", "f(done?)"),
            ("async function f<T extends Map<K, V>>(a: T): Promise<T>", "f(a)"),
            ("const f = async (a, b) => result", "f(a, b)"),
            ("export const f: Handler = (a) => b", "f(a)"),
            ("Service.method(a)", "Service.method(a)"),
            ("(a, b) => c", "(a, b)"),
            ("f(this: Service, a)", "f(a)"),
            ("constructor(private readonly a: A, public b)", "constructor(a, b)"),
            ("f(a: { b: string; c: number }, d: 'x' | \"y)\")", "f(a, d)"),
            ("f(größe, $x, _y)", "f(größe, $x, _y)"),
            ("f a, b", "NoParameterList"),
            ("", "NoParameterList"),
            ("f(a", "Unbalanced"),
            ("f(a]", "Unbalanced"),
            ("f(a: 'x)", "Unbalanced"),
            ("f(a,, b)", "EmptyParameter"),
            ("f(: string)", "EmptyParameter"),
        ];
        for (text, expected) in cases {
            assert_eq!(shown(text), expected, "{text}");
        }
    }

    #[test]
    fn a_signature_has_limits() {
        assert_eq!(parse_signature(&format!("f({})", "[".repeat(100))), Err(SignatureProblem::TooLarge));
        assert_eq!(parse_signature(&"x".repeat(SIGNATURE_BYTES_MAX + 1)), Err(SignatureProblem::TooLarge));
    }

    #[test]
    fn a_parameter_knows_where_it_stands_and_what_it_names() {
        let signature = parse_signature("f(  a, { b, c })").unwrap();
        let starts: Vec<usize> = signature.parameters.iter().map(|one| one.start).collect();
        assert_eq!(starts, [4, 7]);
        let names: Vec<&str> = signature.parameters.iter().flat_map(SignatureParameter::names).collect();
        assert_eq!(names, ["a", "b", "c"]);
    }
}
