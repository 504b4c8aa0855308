//! What every part of the grammar needs: the token in hand, mistakes, and getting over them.

use std::sync::Arc;

use super::ast;
use super::lexer::{Flaw, Kind, Lexer, Token};
use super::unclosed;
use crate::finding::{Code, Finding, Place};
use crate::limits::SYNTAX_FINDINGS_MAX;
use crate::tree::{Scalar, Tree, TreeBuilder};
use crate::{FileId, NodeId, Span, codes};

/// Reads Protobuf text. What is not Protobuf is a finding; the rest is read.
pub(crate) fn parse(file: FileId, text: Arc<String>) -> (Tree, ast::File, Vec<Finding>) {
    let held = Arc::clone(&text);
    // Real files have a declaration, which is a key and a value, every 180 bytes: most are comments.
    let slots = text.len() / 90 + 1;
    let mut parser = Parser::new(file, &held, TreeBuilder::with_slots(text, slots));
    let syntax = parser.file();
    (parser.builder.finish(), syntax, parser.findings)
}

/// What could not be read, and has been said.
pub(super) struct Said;

/// What a part of the grammar gives.
pub(super) type Read<T> = Result<T, Said>;

/// A parser at one token of a file.
pub(super) struct Parser<'t> {
    pub(super) text: &'t str,
    lexer: Lexer<'t>,
    /// The token in hand.
    pub(super) token: Token,
    /// Where the token before it ends.
    pub(super) last_end: u32,
    pub(super) builder: TreeBuilder,
    file: FileId,
    pub(super) findings: Vec<Finding>,
    /// The `{` that never ends has been reported.
    pub(super) is_unclosed_said: bool,
}

impl<'t> Parser<'t> {
    fn new(file: FileId, text: &'t str, builder: TreeBuilder) -> Self {
        let token = Token { kind: Kind::End, span: Span::default() };
        let mut parser = Self {
            text,
            lexer: Lexer::new(text),
            token,
            last_end: 0,
            builder,
            file,
            findings: Vec::new(),
            is_unclosed_said: false,
        };
        parser.bump();
        parser.last_end = 0;
        parser
    }

    /// Goes on to the next token; returns the one that was in hand.
    pub(super) fn bump(&mut self) -> Token {
        let passed = self.token;
        self.last_end = passed.span.end;
        self.token = self.lexer.next();
        for comment in self.lexer.comments.drain(..) {
            self.builder.comment(comment);
        }
        if !self.lexer.flaws.is_empty() {
            for (flaw, span) in std::mem::take(&mut self.lexer.flaws) {
                self.flaw(flaw, span);
            }
        }
        passed
    }

    /// The token behind the one in hand.
    pub(super) fn peek(&self) -> Token {
        self.lexer.peek()
    }

    pub(super) fn slice(&self, span: Span) -> &'t str {
        self.text.get(span.range()).unwrap_or("")
    }

    pub(super) fn is_symbol(&self, symbol: u8) -> bool {
        self.token.kind == Kind::Symbol(symbol)
    }

    pub(super) fn is_word(&self, word: &str) -> bool {
        self.token.kind == Kind::Word && self.slice(self.token.span) == word
    }

    pub(super) fn is_end(&self) -> bool {
        self.token.kind == Kind::End
    }

    /// Passes a symbol, if it is in hand.
    pub(super) fn take(&mut self, symbol: u8) -> bool {
        let is_there = self.is_symbol(symbol);
        if is_there {
            self.bump();
        }
        is_there
    }

    /// Passes a symbol that must be in hand.
    pub(super) fn expect(&mut self, symbol: u8, after: &str) -> Read<Span> {
        if self.is_symbol(symbol) {
            return Ok(self.bump().span);
        }
        let message = format!("expected `{}` {after}, found {}", symbol as char, self.found());
        Err(self.report(self.token.span, message))
    }

    /// A name that must be in hand.
    pub(super) fn name(&mut self, of: &str) -> Read<Span> {
        if self.token.kind == Kind::Word {
            return Ok(self.bump().span);
        }
        let message = format!("expected the name of {of}, found {}", self.found());
        Err(self.report(self.token.span, message))
    }

    /// `a.b.C` or `.a.b.C`.
    pub(super) fn dotted_name(&mut self, of: &str, may_start_with_dot: bool) -> Read<Span> {
        let start = self.token.span;
        if may_start_with_dot {
            self.take(b'.');
        }
        let mut span = start.cover(self.name(of)?);
        while self.take(b'.') {
            span = span.cover(self.name(of)?);
        }
        Ok(span)
    }

    /// A string, or several in a row, that must be in hand.
    pub(super) fn text_literal(&mut self, of: &str) -> Read<Span> {
        if self.token.kind != Kind::Text {
            let message = format!("expected {of} in quotes, found {}", self.found());
            return Err(self.report(self.token.span, message));
        }
        let mut span = self.token.span;
        while self.token.kind == Kind::Text {
            span = span.cover(self.bump().span);
        }
        Ok(span)
    }

    /// The `;` that ends a statement. One that is missing at the end of a line is reported there,
    /// and taken for granted.
    pub(super) fn end_statement(&mut self, of: &str) -> Read<u32> {
        if self.is_symbol(b';') {
            return Ok(self.bump().span.end);
        }
        let between = self.text.get(self.last_end as usize..self.token.span.start as usize);
        if self.is_end() || self.is_symbol(b'}') || between.unwrap_or_default().contains('\n') {
            let place = Span::new(self.last_end.saturating_sub(1), self.last_end);
            let message = format!("{of} does not end: a `;` is missing");
            self.report(place, message);
            return Ok(self.last_end);
        }
        let message = format!("expected `;` after {of}, found {}", self.found());
        Err(self.report(self.token.span, message))
    }

    /// Passes the rest of a statement that could not be read: to its `;`, or its block.
    pub(super) fn skip_statement(&mut self) {
        loop {
            match self.token.kind {
                Kind::Symbol(b';') => {
                    self.bump();
                    return;
                }
                Kind::Symbol(b'{') => return self.skip_block(),
                Kind::Symbol(b'}') | Kind::End => return,
                _ => drop(self.bump()),
            }
        }
    }

    /// Passes a block whose `{` is in hand, however deep it nests.
    pub(super) fn skip_block(&mut self) {
        let mut depth = 0_usize;
        loop {
            match self.token.kind {
                Kind::Symbol(b'{') => depth += 1,
                Kind::Symbol(b'}') => depth = depth.saturating_sub(1),
                Kind::End => return,
                _ => {}
            }
            self.bump();
            if depth == 0 {
                return;
            }
        }
    }

    /// The token in hand, as messages name it.
    pub(super) fn found(&self) -> String {
        let text = self.slice(self.token.span);
        match self.token.kind {
            Kind::End => "the end of the file".to_owned(),
            Kind::Text => "a string".to_owned(),
            _ if text.len() > 40 => "a long word".to_owned(),
            _ => format!("`{text}`"),
        }
    }

    /// Says what is wrong. The first thing said at a place counts.
    pub(super) fn report(&mut self, span: Span, message: impl Into<String>) -> Said {
        self.report_code(&codes::SYNTAX, span, message)
    }

    pub(super) fn report_code(
        &mut self,
        code: &'static Code,
        span: Span,
        message: impl Into<String>,
    ) -> Said {
        let place = Place { file: self.file, span };
        let is_new = self.findings.iter().all(|finding| finding.place != place);
        if is_new && self.findings.len() < SYNTAX_FINDINGS_MAX {
            self.findings.push(Finding::new(code, place, message));
        }
        if self.findings.len() >= SYNTAX_FINDINGS_MAX {
            self.give_up();
        }
        Said
    }

    /// Adds what to do to what was said last.
    pub(super) fn help(&mut self, help: impl Into<String>) {
        if let Some(last) = self.findings.last_mut()
            && last.help.is_none()
        {
            last.help = Some(help.into());
        }
    }

    /// Passes the rest of the file.
    fn give_up(&mut self) {
        self.lexer.at = self.text.len();
        let end = Span::point(crate::text::to_u32(self.text.len()));
        self.token = Token { kind: Kind::End, span: end };
        self.is_unclosed_said = true;
    }

    /// The end of the file inside a block.
    pub(super) fn unclosed(&mut self, open: Span, what: &str) {
        if self.is_unclosed_said {
            return;
        }
        self.is_unclosed_said = true;
        let open = unclosed::culprit(self.text).unwrap_or(open);
        let message = format!("this `{{` is never closed: the file ends inside {what}");
        self.report(open, message);
        self.help("add the `}` that is missing, or the rest of the file if it was cut off");
    }

    fn flaw(&mut self, flaw: Flaw, span: Span) {
        let text = self.slice(span).to_owned();
        let message = match flaw {
            Flaw::OpenComment => "this comment is never closed: its `*/` is missing".to_owned(),
            Flaw::NestedComment => "`/*` inside a comment: comments do not nest".to_owned(),
            Flaw::OpenText => "this string does not end in its line: a quote is missing".to_owned(),
            Flaw::Escape => "this backslash starts no escape that strings have".to_owned(),
            Flaw::Character => {
                format!("`{text}` stands outside strings and comments and means nothing there")
            }
            Flaw::LetterAfterNumber => format!("a letter follows right behind the number `{text}`"),
            Flaw::Number => format!("`{text}` is no number"),
        };
        self.report(span, message);
        if flaw == Flaw::Escape {
            self.help("write `\\\\` for a backslash");
        }
    }

    /// Adds a declaration without members of its own to the tree.
    pub(super) fn leaf(&mut self, name: Span, span: Span) -> NodeId {
        self.builder.key(Scalar::Raw, name);
        self.builder.scalar(Scalar::Raw, span)
    }

    /// Opens a declaration with members in the tree.
    pub(super) fn open(&mut self, name: Span, start: u32) -> NodeId {
        self.builder.key(Scalar::Raw, name);
        self.builder.open_object(start)
    }
}
