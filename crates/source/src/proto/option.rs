//! Options and their values.

use super::ast::{Entry, NamePart, OptionDecl, Value};
use super::lexer::Kind;
use super::parser::{Parser, Read};
use crate::limits::DEPTH_MAX;
use crate::{Span, codes};

impl Parser<'_> {
    /// `option name = value;`
    pub(super) fn option_statement(&mut self) -> Read<OptionDecl> {
        self.bump();
        let option = self.option()?;
        self.end_statement("`option`")?;
        Ok(option)
    }

    /// `[name = value, …]`, if there is one.
    pub(super) fn bracket_options(&mut self) -> Read<Box<[OptionDecl]>> {
        if !self.take(b'[') {
            return Ok(Box::default());
        }
        let mut options = Vec::with_capacity(1);
        loop {
            options.push(self.option()?);
            if !self.take(b',') {
                break;
            }
        }
        self.expect(b']', "after the options")?;
        Ok(options.into())
    }

    fn option(&mut self) -> Read<OptionDecl> {
        let mut parts = vec![self.name_part()?];
        while self.take(b'.') {
            parts.push(self.name_part()?);
        }
        let start = parts.first().map_or(self.token.span, |part| part.span);
        self.expect(b'=', "after the name of an option")?;
        let (value, value_span) =
            if self.is_symbol(b'{') { self.message_value(b'}', 0)? } else { self.scalar_value()? };
        Ok(OptionDecl { span: start.cover(value_span), parts: parts.into(), value, value_span })
    }

    fn name_part(&mut self) -> Read<NamePart> {
        let start = self.token.span;
        if self.take(b'(') {
            let name = self.dotted_name("an extension", true)?;
            let close = self.expect(b')', "after the name of an extension")?;
            return Ok(NamePart { span: start.cover(close), name, is_extension: true });
        }
        let name = self.name("an option")?;
        Ok(NamePart { span: name, name, is_extension: false })
    }

    /// A value that is no message and no list.
    fn scalar_value(&mut self) -> Read<(Value, Span)> {
        let start = self.token.span;
        let negative = self.take(b'-');
        let value = match self.token.kind {
            Kind::Word if negative => Value::NegativeWord,
            Kind::Word => Value::Word,
            Kind::Integer => Value::Integer,
            Kind::Float => Value::Float,
            Kind::Text if !negative => {
                let span = self.text_literal("a string")?;
                return Ok((Value::Text, span));
            }
            _ => {
                let message = format!("expected a value, found {}", self.found());
                return Err(self.report(self.token.span, message));
            }
        };
        let span = start.cover(self.bump().span);
        if matches!(value, Value::NegativeWord)
            && !self.slice(span).ends_with("inf")
            && !self.slice(span).ends_with("nan")
        {
            return Err(self.report(span, "a `-` stands before a word that is no number"));
        }
        Ok((value, span))
    }

    /// A message whose `{` or `<` is in hand.
    fn message_value(&mut self, close: u8, depth: usize) -> Read<(Value, Span)> {
        let start = self.token.span;
        if depth >= DEPTH_MAX {
            let message = format!("values nest deeper than {DEPTH_MAX} levels here");
            return Err(self.report_code(&codes::TOO_DEEP, start, message));
        }
        self.bump();
        let mut entries = Vec::new();
        loop {
            if self.is_symbol(close) {
                let span = start.cover(self.bump().span);
                return Ok((Value::Message(entries.into()), span));
            }
            if self.is_end() {
                self.unclosed(start, "the value of an option");
                return Err(super::parser::Said);
            }
            entries.push(self.entry(depth)?);
            if !self.take(b',') {
                self.take(b';');
            }
        }
    }

    fn entry(&mut self, depth: usize) -> Read<Entry> {
        let start = self.token.span;
        let is_bracketed = self.take(b'[');
        let name = if is_bracketed {
            self.dotted_name("an extension or type", false)?;
            while self.take(b'/') {
                self.dotted_name("a type", false)?;
            }
            start.cover(self.expect(b']', "after the name of an extension or type")?)
        } else {
            self.name("a field")?
        };
        let colon = self.take(b':');
        let (value, value_span) = match self.token.kind {
            Kind::Symbol(b'{') => self.message_value(b'}', depth + 1)?,
            Kind::Symbol(b'<') => self.message_value(b'>', depth + 1)?,
            Kind::Symbol(b'[') => self.list_value(colon, depth + 1)?,
            _ if colon => self.scalar_value()?,
            _ => {
                let field = self.slice(name).to_owned();
                let message = format!("expected `:` after `{field}`, found {}", self.found());
                return Err(self.report(self.token.span, message));
            }
        };
        Ok(Entry { name, is_bracketed, value, value_span })
    }

    /// A list whose `[` is in hand; without a colon before it, of messages only.
    fn list_value(&mut self, colon: bool, depth: usize) -> Read<(Value, Span)> {
        let start = self.bump().span;
        let mut items = Vec::new();
        if self.is_symbol(b']') {
            return Ok((Value::List(Box::default()), start.cover(self.bump().span)));
        }
        loop {
            let (value, span) = match self.token.kind {
                Kind::Symbol(b'{') => self.message_value(b'}', depth)?,
                Kind::Symbol(b'<') => self.message_value(b'>', depth)?,
                _ if colon => self.scalar_value()?,
                _ => {
                    let message = format!("expected a message in `{{` and `}}`, found {}", self.found());
                    return Err(self.report(self.token.span, message));
                }
            };
            items.push((span, value));
            if !self.take(b',') {
                break;
            }
        }
        let span = start.cover(self.expect(b']', "after the last value of a list")?);
        Ok((Value::List(items.into()), span))
    }
}
