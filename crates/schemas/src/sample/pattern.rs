//! The smallest text of a regular expression.

use regex_syntax::hir::{Class, ClassUnicode, Hir, HirKind, Look};

/// Longest text that is made, in bytes: past this a schema asks for nothing a mock should send.
const TEXT_BYTES_MAX: usize = 4_096;

/// Letters that are taken first where a class allows them: what people would write.
const LIKED: &str = "a0A1-_x. /";

/// A text that fits a pattern and has at least so many letters, as far as the pattern allows;
/// `None` where it is no pattern that is understood here.
pub(super) fn smallest(pattern: &str, letters: usize) -> Option<String> {
    let plain = without_lookaround(pattern);
    let hir = regex_syntax::ParserBuilder::new().nest_limit(100).build().parse(&plain).ok()?;
    let mut made = write(&hir, 0)?;
    let mut more = 1;
    while made.chars().count() < letters && more <= letters {
        made = write(&hir, more)?;
        more = more.saturating_mul(2);
    }
    let missing = letters.saturating_sub(made.chars().count());
    if missing > 0 && !ends(&hir) {
        made.extend(std::iter::repeat_n('x', missing));
    }
    Some(made)
}

/// Lookarounds are no part of what is understood here: what they demand is left to the check that
/// follows.
fn without_lookaround(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len());
    let mut rest = pattern;
    while let Some(at) = ["(?=", "(?!", "(?<=", "(?<!"].iter().filter_map(|mark| rest.find(mark)).min() {
        let (before, group) = rest.split_at(at);
        out.push_str(before);
        rest = group.get(closing(group)..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

/// Where the group that begins a text ends, in bytes.
fn closing(group: &str) -> usize {
    let (mut depth, mut escaped, mut class) = (0_usize, false, false);
    for (at, letter) in group.char_indices() {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '[' => class = true,
            ']' => class = false,
            '(' if !class => depth += 1,
            ')' if !class => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return at + 1;
                }
            }
            _ => {}
        }
    }
    group.len()
}

/// The text of a part of a pattern, each of its repetitions as often as it must be and `more` times
/// where it may be.
fn write(hir: &Hir, more: usize) -> Option<String> {
    let mut out = String::new();
    write_into(hir, more, &mut out).then_some(out)
}

fn write_into(hir: &Hir, more: usize, out: &mut String) -> bool {
    if out.len() > TEXT_BYTES_MAX {
        return false;
    }
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => true,
        HirKind::Literal(literal) => match std::str::from_utf8(&literal.0) {
            Ok(text) => {
                out.push_str(text);
                true
            }
            Err(_) => false,
        },
        HirKind::Class(class) => match letter(class) {
            Some(letter) => {
                out.push(letter);
                true
            }
            None => false,
        },
        HirKind::Repetition(repetition) => {
            let least = usize::try_from(repetition.min).unwrap_or(usize::MAX);
            let most = repetition.max.and_then(|most| usize::try_from(most).ok()).unwrap_or(usize::MAX);
            let times = least.saturating_add(more).min(most);
            (0..times).all(|_| write_into(&repetition.sub, more, out))
        }
        HirKind::Capture(capture) => write_into(&capture.sub, more, out),
        HirKind::Concat(parts) => parts.iter().all(|part| write_into(part, more, out)),
        HirKind::Alternation(parts) => {
            let shortest = parts.iter().filter_map(|part| write(part, more)).min_by_key(String::len);
            shortest.is_some_and(|text| {
                out.push_str(&text);
                true
            })
        }
    }
}

/// A letter of a class: one that people would write, else the first that can be seen.
fn letter(class: &Class) -> Option<char> {
    let class = match class {
        Class::Unicode(class) => class.clone(),
        Class::Bytes(class) => class.to_unicode_class()?,
    };
    let has = |letter: char, class: &ClassUnicode| {
        class.iter().any(|range| range.start() <= letter && letter <= range.end())
    };
    let liked = LIKED.chars().find(|liked| has(*liked, &class));
    let seen = || ('!'..='~').find(|letter| has(*letter, &class));
    liked.or_else(seen).or_else(|| class.iter().next().map(|range| range.start()))
}

/// Whether a pattern says where the text ends.
fn ends(hir: &Hir) -> bool {
    hir.properties().look_set().contains(Look::End)
}

#[cfg(test)]
mod tests {
    use super::smallest;

    #[test]
    fn the_smallest_text_of_a_pattern() {
        for (pattern, letters, text) in [
            ("^[a-z]{3}$", 0, "aaa"),
            ("^[A-Z]{2}-[0-9]{4}$", 0, "AA-0000"),
            ("^(foo|ba)$", 0, "ba"),
            (r"^\d{4}-\d{2}$", 0, "0000-00"),
            ("^a+$", 4, "aaaaa"),
            ("^a{1,3}$", 3, "aaa"),
            ("abc", 5, "abcxx"),
            (r"^(?!xn--)[a-z0-9]+\.com$", 0, "a.com"),
            (r"\S", 0, "a"),
            ("^[^a0A1]$", 0, "-"),
            ("^[éè]$", 0, "è"),
        ] {
            assert_eq!(smallest(pattern, letters).as_deref(), Some(text), "{pattern}");
        }
    }

    #[test]
    fn what_is_not_understood_or_too_long_is_nothing() {
        assert_eq!(smallest("(", 0), None);
        assert_eq!(smallest(r"^(a)\1$", 0), None);
        assert_eq!(smallest("^((a{100}){100}){100}$", 0), None);
    }
}
