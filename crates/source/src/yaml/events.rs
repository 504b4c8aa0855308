//! The events of the YAML scanner to a [`Tree`].

use std::sync::Arc;

use granit_parser::{ErrorKind, Event, Parser, ScalarStyle, Span as Marks, StructureStyle, Tag, options};

use super::aliases::{Anchored, Merge, Target};
use super::diagnose::{Mistake, diagnose};
use super::expansion::Expansion;
use super::schema;
use crate::finding::{Finding, Place};
use crate::limits::{DEPTH_MAX, SYNTAX_FINDINGS_MAX};
use crate::text::to_u32;
use crate::tree::{Scalar, Tree, TreeBuilder};
use crate::{Code, FileId, Span, codes};

/// What was read, and the syntax error that ended it.
pub(super) struct Loaded {
    pub(super) tree: Tree,
    pub(super) findings: Vec<Finding>,
    pub(super) error: Option<Mistake>,
}

/// Reads the first document. `scanned` is the text, or the text with some of it blanked.
pub(super) fn load(file: FileId, text: &Arc<String>, scanned: &str) -> Loaded {
    let options = options! {
        emit_unresolved_aliases: true,
        emit_comments: memchr::memchr(b'#', scanned.as_bytes()).is_some(),
        // License headers run to hundreds of lines; the text is in memory anyway.
        max_buffered_comment_events: usize::MAX,
        block_nesting_limit: DEPTH_MAX,
        flow_nesting_limit: DEPTH_MAX,
    };
    let mut parser = Parser::new_from_str_with_options(scanned, options);
    let mut loader = Loader::new(file, text);
    let mut error = None;
    while let Some(next) = parser.next_event() {
        match next {
            Ok((event, marks)) => {
                if !loader.event(event, marks) {
                    break;
                }
            }
            Err(scan_error) => {
                let at = scan_error.marker().byte_offset().unwrap_or(scanned.len());
                if matches!(scan_error.kind(), ErrorKind::RecursionLimitExceeded) {
                    loader.too_deep(Span::new(to_u32(at), to_u32(at + 1)));
                } else {
                    error = Some(diagnose(file, scanned, scan_error.kind(), at));
                }
                break;
            }
        }
    }
    let (tree, findings) = loader.finish(error.is_none());
    Loaded { tree, findings, error }
}

/// Where the next node of the document stands.
pub(super) enum Position {
    Root,
    Key,
    Value,
    Item,
    /// After `<<`, or in the list after it; the span is the `<<`.
    Merge(Span),
}

#[derive(Clone, Copy)]
pub(super) enum Expect {
    Key,
    Value,
    /// What `<<` merges; the span is the `<<`.
    Merge(Span),
}

pub(super) enum Open {
    Object(Expect),
    Array,
    /// A map after `<<`: its members go straight into the object around it.
    MergedObject(Expect),
    /// A list after `<<`.
    MergedList(Span),
}

pub(super) struct Frame {
    pub(super) open: Open,
    /// The anchor on the container, 0 for none.
    pub(super) anchor: usize,
    pub(super) block: bool,
    /// Values that stood before it, aliases followed.
    pub(super) values_before: u64,
    /// Levels below it, aliases followed.
    pub(super) inner_height: usize,
    /// What `<<` adds when the object ends.
    pub(super) merges: Vec<Merge>,
}

pub(super) struct Loader<'t> {
    pub(super) file: FileId,
    pub(super) text: &'t str,
    pub(super) builder: TreeBuilder,
    pub(super) findings: Vec<Finding>,
    pub(super) frames: Vec<Frame>,
    /// By anchor id, which the scanner counts from 1.
    pub(super) anchors: Vec<Option<Anchored>>,
    pub(super) expansion: Expansion,
    /// Containers open in a part that is not read: a key that is no scalar, or too deep.
    skipping: usize,
    skipped_key: Option<Span>,
    comments: Vec<Span>,
    /// Where the last thing ended, in bytes: block containers end there too.
    pub(super) end: u32,
    documents: usize,
    rooted: bool,
}

impl<'t> Loader<'t> {
    fn new(file: FileId, text: &'t Arc<String>) -> Self {
        Self {
            file,
            text,
            builder: TreeBuilder::new(Arc::clone(text)),
            findings: Vec::new(),
            frames: Vec::new(),
            anchors: Vec::new(),
            expansion: Expansion::default(),
            skipping: 0,
            skipped_key: None,
            comments: Vec::new(),
            end: 0,
            documents: 0,
            rooted: false,
        }
    }

    /// Takes one event. Whether to read on.
    fn event(&mut self, event: Event<'_>, marks: Marks) -> bool {
        let range = marks.byte_range().unwrap_or_default();
        let span = Span::new(to_u32(range.start), to_u32(range.end));
        match event {
            Event::Comment(..) => self.comments.push(span),
            Event::DocumentStart(marked, _) => {
                self.documents += 1;
                if marked {
                    self.end = self.end.max(span.end);
                }
            }
            _ if self.documents > 1 => return self.later_document(&event, span),
            _ if self.skipping > 0 => self.skip(&event, span),
            Event::Scalar(text, style, anchor, tag) => {
                self.scalar(&text, style, anchor, tag.as_deref(), span)
            }
            Event::SequenceStart(style, anchor, _) => self.open(false, style, anchor, span),
            Event::MappingStart(style, anchor, _) => self.open(true, style, anchor, span),
            Event::SequenceEnd | Event::MappingEnd => self.close(span),
            Event::Alias(id) => self.alias(id, span),
            Event::UnresolvedAlias(name) => {
                let message = format!("the alias `*{name}` names no anchor that stands before it");
                let help = format!("write `&{name}` in front of the value it shall stand for");
                self.report_with_help(&codes::UNKNOWN_ALIAS, span, message, help);
                self.leaf(Scalar::Null, span, 0);
            }
            _ => {}
        }
        true
    }

    /// Contracts are one document: a later one with a value ends the reading, with a finding.
    fn later_document(&mut self, event: &Event<'_>, span: Span) -> bool {
        let blank = match event {
            Event::Scalar(_, _, _, tag) => span.is_empty() && tag.is_none(),
            _ => !event.is_node(),
        };
        if !blank {
            let message = "the file has a second YAML document; only the first one is read";
            let help = "put each document into a file of its own";
            self.report_with_help(&codes::MORE_DOCUMENTS, span, message, help);
        }
        blank
    }

    pub(super) fn position(&self) -> Position {
        match self.frames.last().map(|frame| &frame.open) {
            None => Position::Root,
            Some(Open::Object(expect) | Open::MergedObject(expect)) => match expect {
                Expect::Key => Position::Key,
                Expect::Value => Position::Value,
                Expect::Merge(span) => Position::Merge(*span),
            },
            Some(Open::Array) => Position::Item,
            Some(Open::MergedList(span)) => Position::Merge(*span),
        }
    }

    pub(super) fn expect(&mut self, next: Expect) {
        if let Some(Frame { open: Open::Object(expect) | Open::MergedObject(expect), .. }) =
            self.frames.last_mut()
        {
            *expect = next;
        }
    }

    fn scalar(&mut self, text: &str, style: ScalarStyle, anchor: usize, tag: Option<&Tag>, span: Span) {
        let position = self.position();
        let in_key = matches!(position, Position::Key);
        let empty = span.is_empty() && style == ScalarStyle::Plain;
        let span = self.scalar_span(style, span);
        let scalar = self.typed(text, style, tag, span, in_key, empty);
        match position {
            Position::Key if text == "<<" && style == ScalarStyle::Plain && tag.is_none() => {
                self.end = self.end.max(span.end);
                self.expect(Expect::Merge(span));
            }
            Position::Key => {
                if anchor != 0 {
                    self.bind(anchor, Anchored::Name(text.to_owned()));
                }
                self.key(scalar, span);
            }
            Position::Merge(_) => {
                let message = "`<<` merges a map or a list of maps; this is neither";
                self.report(&codes::SYNTAX, span, message);
                self.expect(Expect::Key);
            }
            Position::Root | Position::Value | Position::Item => {
                self.rooted |= !empty;
                self.leaf(scalar, span, anchor);
            }
        }
    }

    /// The bytes of a scalar: with its quotes, or from the `|` or `>` of a block scalar on.
    fn scalar_span(&self, style: ScalarStyle, span: Span) -> Span {
        match style {
            ScalarStyle::Literal | ScalarStyle::Folded => {
                let start = node_start(self.text, self.end, true).min(span.start);
                let content = self.text.get(start as usize..span.end as usize).unwrap_or("");
                Span::new(start, start + to_u32(content.trim_end().len()))
            }
            // An empty value stands behind its colon or dash, where it can be filled in.
            ScalarStyle::Plain if span.is_empty() && self.byte(span.start) == Some(b':') => {
                Span::point(span.start + 1)
            }
            ScalarStyle::Plain if span.is_empty() && matches!(self.position(), Position::Item) => {
                let dash = node_start(self.text, self.end, false);
                if self.byte(dash) == Some(b'-') { Span::point(dash + 1) } else { span }
            }
            _ => span,
        }
    }

    fn typed(
        &mut self,
        text: &str,
        style: ScalarStyle,
        tag: Option<&Tag>,
        span: Span,
        in_key: bool,
        empty: bool,
    ) -> Scalar {
        let slice = self.text.get(span.range()).unwrap_or("");
        let quoted = matches!(style, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted);
        let tag = tag.map(|tag| tag.core_suffix().unwrap_or(if tag.suffix() == "!" { "str" } else { "" }));
        if quoted && matches!(tag, None | Some("" | "str")) {
            let inner = slice.get(1..slice.len().saturating_sub(1));
            return if inner == Some(text) { Scalar::Quoted } else { Scalar::Text(text.to_owned()) };
        }
        let text = if empty { "" } else { text };
        let raw = slice == text;
        match tag {
            None | Some("") if style == ScalarStyle::Plain && !in_key => schema::plain(text, raw),
            Some(suffix @ ("null" | "bool" | "int" | "float")) => schema::tagged(suffix, text, raw)
                .unwrap_or_else(|| {
                    let message = format!("the tag says `!!{suffix}`, but the value is none");
                    self.report(&codes::SYNTAX, span, message);
                    schema::string(text, raw)
                }),
            _ => schema::string(text, raw),
        }
    }

    pub(super) fn key(&mut self, scalar: Scalar, span: Span) {
        // The type of a key is lost in JSON: what stays is its text.
        let scalar = match scalar {
            Scalar::Null | Scalar::Bool(_) | Scalar::Number | Scalar::NumberText(_) => Scalar::Raw,
            text => text,
        };
        self.builder.key(scalar, span);
        self.end = self.end.max(span.end);
        self.expect(Expect::Value);
    }

    /// A value without children, at any position but a key's.
    pub(super) fn leaf(&mut self, scalar: Scalar, span: Span, anchor: usize) {
        match self.position() {
            Position::Key => return self.key(scalar, span),
            Position::Merge(_) => return self.expect(Expect::Key),
            Position::Root | Position::Value | Position::Item => {}
        }
        let node = self.builder.scalar(scalar, span);
        self.expansion.written();
        self.end = self.end.max(span.end);
        self.expect(Expect::Key);
        if anchor != 0 {
            self.bind(anchor, Anchored::Value(Target { node, values: 1, height: 0 }));
        }
    }

    fn open(&mut self, object: bool, style: StructureStyle, anchor: usize, span: Span) {
        self.rooted = true;
        let position = self.position();
        if matches!(position, Position::Key) {
            self.skipping = 1;
            self.skipped_key = Some(span);
            return;
        }
        if self.frames.len() >= DEPTH_MAX {
            self.too_deep(span);
            self.leaf(Scalar::Null, span, 0);
            self.skipping = 1;
            return;
        }
        let block = style == StructureStyle::Block;
        let values_before = self.expansion.total();
        let mut start = span.start;
        let open = match position {
            Position::Merge(_) if object => Open::MergedObject(Expect::Key),
            Position::Merge(key) => Open::MergedList(key),
            _ if object => {
                self.builder.open_object(span.start);
                Open::Object(Expect::Key)
            }
            _ => {
                // The scanner places a list that is not indented behind its first dash.
                let after_key = block && matches!(position, Position::Value);
                if after_key {
                    start = start.min(node_start(self.text, self.end, false));
                }
                self.builder.open_array(start);
                Open::Array
            }
        };
        if matches!(open, Open::Object(_) | Open::Array) {
            self.expansion.written();
            self.expect(Expect::Key);
        }
        if anchor != 0 {
            self.bind(anchor, Anchored::Unfinished);
        }
        self.end = self.end.max(if block { start } else { span.end });
        self.frames.push(Frame { open, anchor, block, values_before, inner_height: 0, merges: Vec::new() });
    }

    fn close(&mut self, span: Span) {
        let Some(frame) = self.frames.pop() else { return };
        if !frame.block {
            self.end = self.end.max(span.end);
        }
        match frame.open {
            Open::Object(_) => self.merge(frame.merges),
            Open::Array => {}
            Open::MergedObject(_) | Open::MergedList(_) => {
                if let Some(outer) = self.frames.last_mut() {
                    outer.merges.extend(frame.merges);
                    outer.inner_height = outer.inner_height.max(frame.inner_height);
                }
                return self.expect(Expect::Key);
            }
        }
        let node = self.builder.innermost();
        for (first, second) in self.builder.close(self.end) {
            self.push_finding(super::duplicate_key(self.file, self.text, first, second));
        }
        let height = frame.inner_height + 1;
        self.contains(height);
        if frame.anchor != 0 {
            let values = self.expansion.total() - frame.values_before;
            self.bind(frame.anchor, Anchored::Value(Target { node, values, height }));
        }
    }

    /// Steps over what is not read.
    fn skip(&mut self, event: &Event<'_>, span: Span) {
        match event {
            Event::SequenceStart(..) | Event::MappingStart(..) => self.skipping += 1,
            Event::SequenceEnd | Event::MappingEnd => self.skipping -= 1,
            _ => {}
        }
        self.end = self.end.max(span.end);
        if self.skipping > 0 {
            return;
        }
        if let Some(start) = self.skipped_key.take() {
            let whole = self.text.get(start.start as usize..self.end as usize).unwrap_or("").trim_end();
            let key = Span::new(start.start, start.start + to_u32(whole.len()));
            let message = "a list or a map stands where a key must be; JSON has only strings as keys";
            self.report_with_help(
                &codes::SYNTAX,
                key,
                message,
                "put the key in quotes, or the whole value if its brackets are text",
            );
            self.key(Scalar::Raw, key);
        }
    }

    fn byte(&self, offset: u32) -> Option<u8> {
        self.text.as_bytes().get(offset as usize).copied()
    }

    pub(super) fn too_deep(&mut self, span: Span) {
        let message = format!("values nest deeper than {DEPTH_MAX} levels here");
        let first = self.text.get(span.start as usize..).and_then(|rest| rest.chars().next());
        let span = Span::new(span.start, span.start + to_u32(first.map_or(0, char::len_utf8)));
        self.report(&codes::TOO_DEEP, span, message);
    }

    pub(super) fn report(&mut self, code: &'static Code, span: Span, message: impl Into<String>) {
        let finding = Finding::new(code, Place { file: self.file, span }, message);
        self.push_finding(finding);
    }

    pub(super) fn report_with_help(
        &mut self,
        code: &'static Code,
        span: Span,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        let finding = Finding::new(code, Place { file: self.file, span }, message).with_help(help);
        self.push_finding(finding);
    }

    fn push_finding(&mut self, finding: Finding) {
        if self.findings.len() < SYNTAX_FINDINGS_MAX {
            self.findings.push(finding);
        }
    }

    /// The tree of what was read. `whole` tells that the text was read to its end.
    fn finish(mut self, whole: bool) -> (Tree, Vec<Finding>) {
        if self.builder.slot_count() == 0 {
            self.builder.scalar(Scalar::Null, Span::point(self.end));
        }
        if whole && !self.rooted && self.findings.is_empty() {
            self.report(&codes::EMPTY, Span::default(), "the file is empty: it has no YAML value");
        }
        while let Some(frame) = self.frames.pop() {
            if matches!(frame.open, Open::Object(Expect::Value) | Open::MergedObject(Expect::Value)) {
                self.builder.scalar(Scalar::Null, Span::point(self.end));
            }
            if matches!(frame.open, Open::Object(_) | Open::Array) {
                self.builder.close(self.end);
            }
        }
        self.comments.sort_unstable();
        for span in self.comments {
            self.builder.comment(span);
        }
        (self.builder.finish(), self.findings)
    }
}

/// Where the next node starts, from the end of what stands before it: over colons, spaces,
/// comments, tags and anchors, and over dashes too if `dashes`.
fn node_start(text: &str, from: u32, dashes: bool) -> u32 {
    let bytes = text.as_bytes();
    let mut at = from as usize;
    while let Some(&byte) = bytes.get(at) {
        let rest = bytes.get(at..).unwrap_or_default();
        at += match byte {
            b' ' | b'\t' | b'\r' | b'\n' | b':' => 1,
            b'-' if dashes => 1,
            b'#' => memchr::memchr(b'\n', rest).unwrap_or(rest.len()),
            b'&' | b'!' => rest.iter().take_while(|byte| !byte.is_ascii_whitespace()).count(),
            _ => break,
        };
    }
    to_u32(at)
}
