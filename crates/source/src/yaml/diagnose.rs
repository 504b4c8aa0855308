//! What a YAML syntax error comes from. The scanner says where it noticed; people need to know
//! where the mistake is, which is often a line above.

use std::ops::Range;

use granit_parser::ErrorKind;

use crate::finding::{Finding, Place};
use crate::text::to_u32;
use crate::{FileId, Span, codes};

/// A syntax error, and what to leave out to read the rest.
pub(super) struct Mistake {
    pub(super) finding: Finding,
    /// The bytes of the block with the mistake; nothing else is there if it is empty.
    pub(super) region: Range<usize>,
    /// Whether tabs in the indentation are the mistake.
    pub(super) tabs: bool,
}

/// What is said about a mistake.
struct Cause {
    span: Range<usize>,
    message: String,
    help: Option<&'static str>,
}

impl Cause {
    fn new(span: Range<usize>, message: impl Into<String>) -> Self {
        Self { span, message: message.into(), help: None }
    }

    fn help(mut self, help: &'static str) -> Self {
        self.help = Some(help);
        self
    }
}

/// Names the cause of an error that the scanner noticed at byte `at`.
pub(super) fn diagnose(file: FileId, text: &str, kind: &ErrorKind, at: usize) -> Mistake {
    let at = floor_boundary(text, at);
    let tab = tab(text, kind, at);
    let tabs = tab.is_some();
    let cause = tab.unwrap_or_else(|| cause(text, kind, at));
    let start = to_u32(floor_boundary(text, cause.span.start));
    let end = to_u32(ceil_boundary(text, cause.span.end));
    let place = Place { file, span: Span::new(start, end) };
    let mut finding = Finding::new(&codes::SYNTAX, place, cause.message);
    finding.help = cause.help.map(str::to_owned);
    let region = region(text, if tabs { cause.span.start } else { cause.span.start.min(at) }, at);
    Mistake { finding, region, tabs }
}

fn cause(text: &str, kind: &ErrorKind, at: usize) -> Cause {
    let line = line_at(text, at);
    let marks = ["<<<<<<< ", "=======", ">>>>>>> "];
    if text.get(line.clone()).is_some_and(|line| marks.iter().any(|mark| line.starts_with(mark))) {
        return Cause::new(line, "a merge conflict is left in the file")
            .help("resolve it with your version control");
    }
    match kind {
        ErrorKind::UnclosedQuotedScalar
        | ErrorKind::InvalidQuotedScalarIndent
        | ErrorKind::DocumentIndicatorInQuotedScalar
        | ErrorKind::InvalidTrailingSingleQuotedScalar
        | ErrorKind::InvalidTrailingDoubleQuotedScalar => quote(text, kind, at),
        ErrorKind::MappingValueNotAllowed => value_not_allowed(text, at),
        ErrorKind::SimpleKeyExpected => missing_colon(text, at),
        ErrorKind::InvalidColonPlacement
        | ErrorKind::ExpectedFlowMappingSeparator
        | ErrorKind::ExpectedFlowSequenceSeparator => unclosed_flow(text, at),
        ErrorKind::ExpectedBlockMappingKey | ErrorKind::ExpectedBlockSequenceEntry => indentation(text, at),
        _ => other(text, kind, at),
    }
}

/// A tab in the indentation of the line, or of the one after it where the scanner stops early.
fn tab(text: &str, kind: &ErrorKind, at: usize) -> Option<Cause> {
    let named = matches!(
        kind,
        ErrorKind::TabNotAllowed
            | ErrorKind::TabInBlockIndentation
            | ErrorKind::TabInIndentation
            | ErrorKind::TabAtBlockScalarStart
            | ErrorKind::TabInPlainScalar
    );
    let line = line_at(text, at);
    let next = line_at(text, (line.end + 1).min(text.len()));
    let tab_of = |line: &Range<usize>| {
        let slice = text.get(line.clone())?;
        let blank = slice.len() - slice.trim_start_matches([' ', '\t']).len();
        let tab = slice.get(..blank)?.find('\t')?;
        let tabs = slice.get(tab..blank)?.len();
        Some(line.start + tab..line.start + tab + tabs)
    };
    let span = tab_of(&line).or_else(|| if named { tab_of(&next) } else { None });
    let span = span.or_else(|| if named { Some(at..(at + 1).min(text.len())) } else { None })?;
    Some(Cause::new(span, "a tab stands in the indentation").help("YAML is indented with spaces only"))
}

/// A quote that is not closed, or text behind a closed one.
fn quote(text: &str, kind: &ErrorKind, at: usize) -> Cause {
    // The scanner has run on to the next quote of the kind: the opening one is on a line before
    // and alone there, or else the line itself has too many.
    let mut line = line_at(text, at);
    for _ in 0..50 {
        if let Some(open) = lone_quote(text, &line)
            && open <= at
        {
            let name = if text.as_bytes().get(open) == Some(&b'"') { "double" } else { "single" };
            let message = format!("the {name} quote that opens here is not closed on its line");
            return Cause::new(open..open + 1, message).help("close the quote, or escape it if it is text");
        }
        if line.start == 0 {
            break;
        }
        line = line_at(text, line.start - 1);
    }
    let rest = rest_of_line(text, at);
    let message = match kind {
        ErrorKind::InvalidTrailingSingleQuotedScalar | ErrorKind::InvalidTrailingDoubleQuotedScalar => {
            "text stands behind the closing quote"
        }
        ErrorKind::UnclosedQuotedScalar => "a quote is never closed",
        _ => "a quoted value goes on in a line that is not indented enough",
    };
    Cause::new(rest, message).help("put the whole value in quotes and escape the quotes in it")
}

/// The quote that opens a value on a line and is not closed on it.
fn lone_quote(text: &str, line: &Range<usize>) -> Option<usize> {
    let slice = text.get(line.clone())?.as_bytes();
    let mut open: Option<(usize, u8)> = None;
    let mut before = b' ';
    let mut index = 0;
    while let Some(&byte) = slice.get(index) {
        match open {
            None if matches!(byte, b'"' | b'\'') && b" [{,:\t".contains(&before) => {
                open = Some((index, byte))
            }
            None if byte == b'#' && before == b' ' => break,
            Some((_, b'"')) if byte == b'\\' => index += 1,
            Some((_, b'\'')) if byte == b'\'' && slice.get(index + 1) == Some(&b'\'') => index += 1,
            Some((_, quote)) if byte == quote => open = None,
            _ => {}
        }
        before = byte;
        index += 1;
    }
    open.map(|(index, _)| line.start + index)
}

/// A `: ` where no value may start.
fn value_not_allowed(text: &str, at: usize) -> Cause {
    let line = line_at(text, at);
    let before = text.get(line.start..at).unwrap_or("");
    let body = before.trim_start().trim_start_matches("- ");
    if let Some(colon) = body.find(": ") {
        let start = at - body.len() + colon + 2;
        let span = start..line_at(text, at).end;
        let message = "`: ` stands inside a value without quotes, where it would start a second value";
        return Cause::new(span, message).help("put the value in quotes");
    }
    if let Some(previous) = previous_line(text, &line)
        && let Some(slice) = text.get(previous.clone())
        && !slice.trim_start().starts_with('#')
    {
        let content = previous.start + slice.len() - slice.trim_start().len()..previous.end;
        let (indent, above) = (indent_of(text, &line), indent_of(text, &previous));
        if !slice.contains(": ") {
            let name = slice.trim();
            let message =
                format!("a `: ` is missing in this line: `{}` is no key with a value", shorten(name));
            return Cause::new(content, message).help("write `key: value`, with a space behind the colon");
        }
        if indent > above {
            let message = "this line is indented deeper than the one above, which already has a value";
            return Cause::new(line.start..at, message)
                .help("give both lines the same indentation, or put the value above in quotes");
        }
    }
    Cause::new(at..at + 1, "a `:` stands where no value may start")
        .help("put the text in quotes if it is one value")
}

/// A line that would be a key but has no colon.
fn missing_colon(text: &str, at: usize) -> Cause {
    let rest = rest_of_line(text, at);
    let line = text.get(rest.clone()).unwrap_or("").trim_end();
    if line.starts_with('-') && !line.starts_with("- ") {
        return Cause::new(rest, "a space is missing behind the `-` of a list item").help("write `- item`");
    }
    let message = format!("expected `key: value`, but `{}` has no `: `", shorten(line));
    Cause::new(rest.start..rest.start + line.len(), message).help(
        "write `key: value`, with a space behind the colon; a key is one line of at most 1024 characters",
    )
}

/// A list or map in brackets that the next lines fall into.
fn unclosed_flow(text: &str, at: usize) -> Cause {
    let mut closing = 0_usize;
    for (index, byte) in text.as_bytes().get(..at).unwrap_or_default().iter().enumerate().rev() {
        match byte {
            b']' | b'}' => closing += 1,
            b'[' | b'{' if closing > 0 => closing -= 1,
            b'[' | b'{' => {
                let bracket = char::from(*byte);
                return Cause::new(
                    index..index + 1,
                    format!("the `{bracket}` that opens here is not closed"),
                )
                .help("close the bracket, or put the value in quotes if the bracket is text");
            }
            _ => {}
        }
    }
    Cause::new(at..at + 1, "a `:` stands where no value may start")
}

/// A line whose indentation fits no open block, or a list among members.
fn indentation(text: &str, at: usize) -> Cause {
    let line = line_at(text, at);
    let slice = text.get(line.clone()).unwrap_or("");
    let content = line.start + slice.len() - slice.trim_start().len();
    if content < at {
        // The line began well, or is a list item among members.
        if slice.trim_start().starts_with("- ") {
            return Cause::new(content..line.end, "a list item stands where a key must stand")
                .help("indent the list below its key, or remove the `-`");
        }
        let message = "text stands behind a value that has ended";
        return Cause::new(at..line.end, message).help("put the whole value in quotes");
    }
    let indent = content - line.start;
    if indent == 0 {
        return Cause::new(content..line.end, "a key stands where a list item (`- `) must stand")
            .help("a value is either a list or a map; indent the lines that belong to the item above");
    }
    let after_comment = previous_line(text, &line)
        .and_then(|previous| text.get(previous))
        .is_some_and(|previous| previous.trim_start().starts_with('#'));
    if after_comment {
        let message = "this line belongs to no key: a value of several lines cannot go on after a comment";
        return Cause::new(content..line.end, message)
            .help("move the comment above the value, or give the line the indentation of its neighbours");
    }
    let message = format!("the indentation of {indent} fits no line above");
    Cause::new(line.start..content, message).help("give it the indentation of the lines it belongs to")
}

fn other(text: &str, kind: &ErrorKind, at: usize) -> Cause {
    let one =
        at..text.get(at..).and_then(|rest| rest.chars().next()).map_or(at, |first| at + first.len_utf8());
    match kind {
        ErrorKind::BomInsideDocument => Cause::new(one, "a byte order mark stands inside the file")
            .help("remove it: U+FEFF, which cannot be seen"),
        ErrorKind::UnexpectedCharacter { character } if character.is_control() => {
            let start = text.get(at..).and_then(|rest| rest.find(*character)).map_or(at, |found| at + found);
            let message =
                format!("the control character U+{:04X} cannot stand in YAML", u32::from(*character));
            Cause::new(start..start + character.len_utf8(), message)
                .help("write it as an escape in double quotes, such as \"\\x01\"")
        }
        ErrorKind::UnexpectedCharacter { character } => {
            let message =
                format!("a value without quotes cannot start with `{}`", character.escape_default());
            Cause::new(one, message).help("put the value in quotes")
        }
        ErrorKind::UnclosedFlowCollection { open } => {
            Cause::new(one, format!("the `{open}` that opens here is never closed"))
                .help("close the bracket, or put the value in quotes if the bracket is text")
        }
        ErrorKind::MismatchedFlowCollectionEnd { open, close } => {
            Cause::new(one, format!("the `{open}` that opens here is closed by `{close}`"))
                .help("close it by the bracket of its own kind")
        }
        ErrorKind::MisplacedFlowCollectionEnd => {
            Cause::new(one, "this bracket closes nothing").help("remove it, or put the value in quotes")
        }
        ErrorKind::MissingAnchorOrAliasName => {
            Cause::new(one, "`*` and `&` start a YAML alias or anchor, and its name is missing")
                .help("put the value in quotes if it is text")
        }
        ErrorKind::UnknownQuotedScalarEscape => {
            Cause::new(escape_span(text, at), "YAML knows no such escape in double quotes")
                .help("write `\\\\` for a backslash, or use single quotes")
        }
        ErrorKind::InvalidBlockScalarHeader => {
            Cause::new(rest_of_line(text, at), "text stands behind the `|` or `>` of a block of text")
                .help("start the text on the next line, or put the value in quotes")
        }
        ErrorKind::BlockSequenceEntryNotAllowed => {
            Cause::new(rest_of_line(text, at), "a list cannot start on the line of its key")
                .help("start the list on the next line, or put the value in quotes if the `-` is text")
        }
        ErrorKind::CommentInterceptedScalar => {
            Cause::new(rest_of_line(text, at), "a comment interrupts a value of several lines")
                .help("move the comment above the value, or put the value in quotes")
        }
        _ => Cause::new(one, format!("the text is no valid YAML: {kind}")),
    }
}

/// The backslash and the character behind it, in the quoted text that starts at `at`.
fn escape_span(text: &str, at: usize) -> Range<usize> {
    let bytes = text.as_bytes();
    let known = b"0abt\tnvfre \"/\\N_LPxuU\n\r";
    let mut index = at + usize::from(bytes.get(at) == Some(&b'"'));
    while let Some(offset) = bytes.get(index..).and_then(|rest| memchr::memchr(b'\\', rest)) {
        index += offset;
        match bytes.get(index + 1) {
            Some(byte) if known.contains(byte) => index += 2,
            _ => {
                let character = text.get(index + 1..).and_then(|rest| rest.chars().next());
                return index..index + 1 + character.map_or(0, char::len_utf8);
            }
        }
    }
    at..at + 1
}

/// The indentation of every line that has a tab in it.
pub(super) fn tab_indentations(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let indent = line.len() - line.trim_start_matches([' ', '\t']).len();
        if line.get(..indent).is_some_and(|blank| blank.contains('\t')) {
            found.push(start..start + indent);
        }
        start += line.len();
    }
    found
}

/// Whether the line around a byte has a tab in its indentation.
pub(super) fn has_tab_indentation(text: &str, at: usize) -> bool {
    let line = line_at(text, at);
    let slice = text.get(line.clone()).unwrap_or("");
    slice.get(..indent_of(text, &line)).is_some_and(|blank| blank.contains('\t'))
}

/// The lines from the one with the mistake on that are indented deeper, and at least to the line
/// where the scanner stopped if that is the next one.
fn region(text: &str, cause: usize, at: usize) -> Range<usize> {
    let first = line_at(text, cause);
    let stopped = line_at(text, at);
    let anchor =
        if text.get(first.clone()).is_some_and(|line| line.trim().is_empty()) { stopped } else { first };
    let indent = indent_of(text, &anchor);
    let mut end = anchor.end;
    while end < text.len() {
        let next = line_at(text, end + 1);
        let blank = text.get(next.clone()).is_none_or(|line| line.trim().is_empty());
        if !blank && indent_of(text, &next) <= indent {
            break;
        }
        end = next.end.max(end + 1);
    }
    anchor.start..end.min(text.len())
}

/// The line around a byte, without its line break.
fn line_at(text: &str, at: usize) -> Range<usize> {
    let bytes = text.as_bytes();
    let at = at.min(bytes.len());
    let start =
        bytes.get(..at).and_then(|before| memchr::memrchr(b'\n', before)).map_or(0, |found| found + 1);
    let end =
        bytes.get(at..).and_then(|rest| memchr::memchr(b'\n', rest)).map_or(bytes.len(), |found| at + found);
    start..end
}

/// The last line before this one that has text.
fn previous_line(text: &str, line: &Range<usize>) -> Option<Range<usize>> {
    let mut line = line.clone();
    while line.start > 0 {
        line = line_at(text, line.start - 1);
        if text.get(line.clone()).is_some_and(|slice| !slice.trim().is_empty()) {
            return Some(line);
        }
    }
    None
}

fn rest_of_line(text: &str, at: usize) -> Range<usize> {
    at..line_at(text, at).end.max(at)
}

fn indent_of(text: &str, line: &Range<usize>) -> usize {
    let slice = text.get(line.clone()).unwrap_or("");
    slice.len() - slice.trim_start_matches([' ', '\t']).len()
}

/// The start of a text, for messages.
fn shorten(text: &str) -> String {
    let mut start: String = text.chars().take(40).collect();
    if start.len() < text.len() {
        start.push('…');
    }
    start
}

/// The start of the character at a byte.
fn floor_boundary(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// The end of the character that a byte lies in.
fn ceil_boundary(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at += 1;
    }
    at
}
