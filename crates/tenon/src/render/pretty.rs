//! For people: an excerpt with the place underlined, related places, help, where to read more.

use std::io::{self, Write};

use annotate_snippets::{Annotation, AnnotationKind, Group, Level as Shown, Origin, Renderer, Snippet};
use tenon_source::{Finding, Level, Place, Sources};

use super::place::{Locator, Range};
use super::{Report, counted};

/// Lines of an excerpt: the line a place starts in and one on either side.
const EXCERPT_LINES_AROUND: u32 = 1;

/// Characters of a line that are shown on either side of where a place starts: lines of machine
/// made files may be as long as the file.
const EXCERPT_CHARACTERS_AROUND: usize = 90;

/// Related places shown with one finding, a count.
const RELATED_SHOWN_MAX: usize = 3;

/// Writes the report.
pub fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let shown = gravest(report.findings, report.shown_max);
    write_excerpts(&report.graph.sources, shown.iter().copied(), report.color, out)?;
    if shown.len() < report.findings.len() {
        write_rest(report, shown.len(), out)?;
    }
    write_summary(report, out)
}

/// Writes findings one after the other.
pub fn write_excerpts<'f>(
    sources: &Sources,
    findings: impl Iterator<Item = &'f Finding>,
    color: bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    let mut locator = Locator::new(sources);
    for finding in findings {
        let groups = [group(finding, &mut locator)];
        for line in renderer.render(&groups).lines().filter(|line| !is_bare_mark(line)) {
            writeln!(out, "{line}")?;
        }
        writeln!(out)?;
    }
    Ok(())
}

/// Whether a line is nothing but the mark that leads to another file: the renderer writes one
/// before an excerpt whose place was said apart.
fn is_bare_mark(line: &str) -> bool {
    line.contains(":::") && !line.chars().any(|character| matches!(character, '.' | '/' | '|'))
}

/// The findings that are shown when not all can be: the gravest, in the order they had.
fn gravest(findings: &[Finding], most: usize) -> Vec<&Finding> {
    if findings.len() <= most {
        return findings.iter().collect();
    }
    let mut order: Vec<(usize, &Finding)> = findings.iter().enumerate().collect();
    order.sort_by_key(|(index, finding)| (std::cmp::Reverse(finding.level), *index));
    order.truncate(most);
    order.sort_by_key(|(index, _)| *index);
    order.into_iter().map(|(_, finding)| finding).collect()
}

fn group<'f>(finding: &'f Finding, locator: &mut Locator<'_>) -> Group<'f> {
    let level = match finding.level {
        Level::Error => Shown::ERROR,
        Level::Warning => Shown::WARNING,
        Level::Info | Level::Off => Shown::INFO,
    };
    let mut group = level.primary_title(finding.message.as_str()).id(finding.code.id).elements(excerpt(
        finding.place,
        AnnotationKind::Primary,
        None,
        locator,
    ));
    for related in finding.related.iter().take(RELATED_SHOWN_MAX) {
        let kind = AnnotationKind::Context;
        group = group.elements(excerpt(related.place, kind, Some(related.message.as_str()), locator));
    }
    if finding.related.len() > RELATED_SHOWN_MAX {
        let more = format!("and {} more places", finding.related.len() - RELATED_SHOWN_MAX);
        group = group.element(Shown::NOTE.message(more));
    }
    if let Some(operation) = &finding.operation {
        group = group.element(Shown::NOTE.message(format!("in {operation}")));
    }
    for note in &finding.notes {
        group = group.element(Shown::NOTE.message(note.as_str()));
    }
    if let Some(help) = &finding.help {
        group = group.element(Shown::HELP.message(help.as_str()));
    }
    group.element(Shown::NOTE.message(format!("tenon explain {}", finding.code.id)))
}

/// A few lines around a place. Where long lines are cut, the place is said apart, because the
/// column in what is left would be another one.
fn excerpt<'f>(
    place: Place,
    kind: AnnotationKind,
    label: Option<&'f str>,
    locator: &mut Locator<'_>,
) -> Vec<annotate_snippets::Element<'f>> {
    let Some((file, range)) = locator.locate(place) else { return Vec::new() };
    let origin = Origin::path(file.path.clone())
        .line(range.start.line as usize)
        .char_column(range.start.column as usize);
    if file.text().is_empty() {
        return vec![origin.into()];
    }
    let window = Window::around(file, place, range);
    let annotation: Annotation<'f> = kind.span(window.start..window.end).label(label);
    let snippet = Snippet::source(window.text)
        .line_start(window.first_line as usize)
        .fold(false)
        .annotation(annotation);
    if window.is_cut {
        vec![origin.into(), snippet.into()]
    } else {
        vec![snippet.path(file.path.clone()).into()]
    }
}

/// The text that is shown around a place, and the place in it.
struct Window {
    text: String,
    first_line: u32,
    start: usize,
    end: usize,
    /// Whether the front of lines was left out.
    is_cut: bool,
}

impl Window {
    fn around(file: &tenon_source::SourceFile, place: Place, range: Range) -> Self {
        let whole = file.text();
        let line = range.start.line;
        let own = file.lines().line_span(whole, line);
        let offset = place.span.start.clamp(own.start, own.end);
        // Cut every line at the same columns, so that they stay below each other.
        let cut_front = whole
            .get(own.start as usize..offset as usize)
            .map_or(0, |before| before.chars().count().saturating_sub(EXCERPT_CHARACTERS_AROUND));
        let mut window =
            Self { text: String::new(), first_line: line, start: 0, end: 0, is_cut: cut_front > 0 };
        let first = line.saturating_sub(EXCERPT_LINES_AROUND).max(1);
        let last = (line + EXCERPT_LINES_AROUND).min(file.lines().count());
        for number in first..=last {
            let span = file.lines().line_span(whole, number);
            let text = whole.get(span.range()).unwrap_or_default().trim_start_matches('\u{FEFF}');
            if number != line && text.trim().is_empty() {
                continue;
            }
            if window.text.is_empty() {
                window.first_line = number;
            } else {
                window.text.push('\n');
            }
            let from = window.text.len();
            window.push_line(text, cut_front);
            if number == line {
                let skipped = text.chars().take(cut_front).map(char::len_utf8).sum::<usize>();
                let within = |at: u32| (at.clamp(own.start, own.end) - own.start) as usize;
                let mark = if cut_front > 0 { '…'.len_utf8() } else { 0 };
                let shift = |at: u32| from + mark + within(at).saturating_sub(skipped);
                window.start = shift(offset).min(window.text.len());
                window.end = shift(place.span.end.min(own.end)).clamp(window.start, window.text.len());
            }
        }
        window
    }

    fn push_line(&mut self, line: &str, cut_front: usize) {
        if cut_front > 0 {
            self.text.push('…');
        }
        let kept = line.chars().skip(cut_front).take(2 * EXCERPT_CHARACTERS_AROUND);
        self.text.extend(kept);
    }
}

/// Says what was not shown and how to see it.
fn write_rest(report: &Report<'_>, shown: usize, out: &mut dyn Write) -> io::Result<()> {
    let rest = report.findings.len() - shown;
    writeln!(out, "{} not shown; all {} by rule:", counted(rest, "finding"), report.findings.len())?;
    for (level, code, count) in report.by_rule() {
        writeln!(out, "  {count:>7}  {:<7}  {} {}", level.as_str(), code.id, code.name)?;
    }
    writeln!(out, "`{} 0` shows all, `--only RULE` those of one rule\n", report.shown_option)
}

fn write_summary(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}", report.closing())
}
