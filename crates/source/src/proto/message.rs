//! What stands in a message.

use super::ast::{ExtensionRange, Field, Label, Message, MessageForm, Oneof, Range, ReservedName, Type};
use super::decode::parse_integer;
use super::file::new_message;
use super::lexer::Kind;
use super::parser::{Parser, Read};
use crate::text::to_u32;
use crate::{NodeId, Span};

impl Parser<'_> {
    /// The body of a message, whose `{` has been passed; returns where its `}` ends.
    pub(super) fn message_body(&mut self, message: &mut Message, brace: Span, depth: usize) -> u32 {
        loop {
            match self.token.kind {
                Kind::Symbol(b'}') => return self.bump().span.end,
                Kind::Symbol(b';') => drop(self.bump()),
                Kind::End => {
                    let what = format!("message `{}`", self.slice(message.name));
                    self.unclosed(brace, &what);
                    return self.last_end;
                }
                _ => {
                    if self.message_statement(message, depth).is_err() {
                        self.skip_statement();
                    }
                }
            }
        }
    }

    fn message_statement(&mut self, message: &mut Message, depth: usize) -> Read<()> {
        if self.token.kind == Kind::Word {
            // A name behind the word, and not `.` or `=`, tells a declaration from a field whose
            // type has the name of one.
            match self.slice(self.token.span) {
                "reserved" => return self.reserved(&mut message.reserved, &mut message.reserved_names),
                "extensions" => return self.extensions(message),
                "oneof" => return self.oneof(message, depth),
                "option" => {
                    message.options.push(self.option_statement()?);
                    return Ok(());
                }
                _ if self.scope_statement(&mut message.scope, depth + 1)? => return Ok(()),
                _ => {}
            }
        }
        let field = self.field(&mut message.scope.messages, depth)?;
        message.fields.push(field);
        Ok(())
    }

    fn label(&mut self) -> Option<(Label, Span)> {
        let label = match self.slice(self.token.span) {
            "optional" => Label::Optional,
            "required" => Label::Required,
            "repeated" => Label::Repeated,
            _ => return None,
        };
        Some((label, self.bump().span))
    }

    /// A field, map or group. Messages that groups and maps stand for are added to `messages`.
    pub(super) fn field(&mut self, messages: &mut Vec<Message>, depth: usize) -> Read<Field> {
        let before = messages.len();
        let field = self.field_or_group(messages, depth);
        if field.is_err() {
            messages.truncate(before);
        }
        field
    }

    fn field_or_group(&mut self, messages: &mut Vec<Message>, depth: usize) -> Read<Field> {
        let start = self.token.span.start;
        if self.token.kind != Kind::Word && !self.is_symbol(b'.') {
            let message = format!("expected a field or another declaration, found {}", self.found());
            let said = self.report(self.token.span, message);
            // A `{` or `}` is for whoever goes on from here.
            if !self.is_symbol(b'{') && !self.is_symbol(b'}') && !self.is_symbol(b';') {
                self.bump();
            }
            return Err(said);
        }
        let label = if self.token.kind == Kind::Word { self.label() } else { None };
        if self.is_word("group") && self.peek().kind == Kind::Word {
            return self.group(start, label, messages, depth);
        }
        let ty = self.field_type(messages)?;
        if self.is_symbol(b'=') {
            let message = format!("`{}` has no type or no name", self.slice(ty.span()));
            let said = self.report(ty.span(), message);
            self.help("a field is `TYPE NAME = NUMBER;`");
            return Err(said);
        }
        let name = self.name("a field")?;
        let (number, number_span) = self.field_number(name)?;
        let options = self.bracket_options()?;
        let end = self.end_statement(&format!("field `{}`", self.slice(name)))?;
        let span = Span::new(start, end);
        let node = self.leaf(name, span);
        if let Type::Map { entry, .. } = ty
            && let Some(message) = messages.get_mut(entry as usize)
        {
            *message = new_message(node, name, MessageForm::MapEntry);
            message.span = span;
        }
        Ok(Field { node, span, name, label, ty, number, number_span, options, oneof: None })
    }

    fn field_type(&mut self, messages: &mut Vec<Message>) -> Read<Type> {
        let start = self.token.span;
        let name = self.dotted_name("a type", true)?;
        if !self.is_symbol(b'<') || self.slice(name) != "map" {
            return Ok(Type::Named(name));
        }
        self.bump();
        let key = self.dotted_name("the key's type", true)?;
        self.expect(b',', "after the key's type of a map")?;
        let value = self.dotted_name("the value's type", true)?;
        let close = self.expect(b'>', "after the value's type of a map")?;
        let entry = to_u32(messages.len());
        // Its place is kept; the rest is known once the field is.
        messages.push(new_message(NodeId::ROOT, name, MessageForm::MapEntry));
        Ok(Type::Map { key, value, span: start.cover(close), entry })
    }

    fn group(
        &mut self,
        start: u32,
        label: Option<(Label, Span)>,
        messages: &mut Vec<Message>,
        depth: usize,
    ) -> Read<Field> {
        let word = self.bump().span;
        let name = self.name("a group")?;
        let (number, number_span) = self.field_number(name)?;
        let options = self.bracket_options()?;
        let brace = self.expect(b'{', "after the number of a group")?;
        let node = self.open(name, start);
        let mut message = new_message(node, name, MessageForm::Group);
        self.message_block(&mut message, start, brace, depth + 1);
        let span = message.span;
        let ty = Type::Group { span: word, message: to_u32(messages.len()) };
        messages.push(message);
        Ok(Field { node, span, name, label, ty, number, number_span, options, oneof: None })
    }

    /// `= 1`; 0 where what stands there is a number but none that a field can have.
    fn field_number(&mut self, name: Span) -> Read<(i64, Span)> {
        if !self.is_symbol(b'=') {
            let field = self.slice(name).to_owned();
            let between = self.text.get(self.last_end as usize..self.token.span.start as usize);
            let is_missing = self.is_symbol(b';') || between.is_some_and(|text| text.contains('\n'));
            let said = if is_missing {
                self.report(name, format!("field `{field}` has no number"))
            } else {
                let message = format!("expected `=` after the field name `{field}`, found {}", self.found());
                self.report(self.token.span, message)
            };
            self.help("a field is `TYPE NAME = NUMBER;`");
            return Err(said);
        }
        self.bump();
        self.number("the number of a field", false)
    }

    /// A whole number.
    pub(super) fn number(&mut self, of: &str, may_be_negative: bool) -> Read<(i64, Span)> {
        let start = self.token.span;
        let negative = may_be_negative && self.take(b'-');
        if self.token.kind != Kind::Integer {
            let message = format!("expected {of}, found {}", self.found());
            return Err(self.report(self.token.span, message));
        }
        let digits = self.bump().span;
        let span = start.cover(digits);
        let value = parse_integer(self.slice(digits)).and_then(|(_, number)| i64::try_from(number).ok());
        let value = value.map(|value| if negative { -value } else { value });
        match value.filter(|value| i32::try_from(*value).is_ok()) {
            Some(value) => Ok((value, span)),
            None => {
                let message = format!("`{}` is larger than {of} can be", self.slice(span));
                self.report(span, message);
                Ok((0, span))
            }
        }
    }

    fn oneof(&mut self, message: &mut Message, depth: usize) -> Read<()> {
        let start = self.bump().span.start;
        let name = self.name("a oneof")?;
        let brace = self.expect(b'{', "after the name of a oneof")?;
        let node = self.open(name, start);
        let index = to_u32(message.oneofs.len());
        let mut options = Vec::new();
        let end = loop {
            match self.token.kind {
                Kind::Symbol(b'}') => break self.bump().span.end,
                Kind::End => {
                    let what = format!("oneof `{}`", self.slice(name));
                    self.unclosed(brace, &what);
                    break self.last_end;
                }
                Kind::Word if self.is_word("option") => match self.option_statement() {
                    Ok(option) => options.push(option),
                    Err(_) => self.skip_statement(),
                },
                _ => match self.field(&mut message.scope.messages, depth) {
                    Ok(field) => message.fields.push(Field { oneof: Some(index), ..field }),
                    Err(_) => self.skip_statement(),
                },
            }
        };
        self.builder.close(end);
        message.oneofs.push(Oneof { node, span: Span::new(start, end), name, head_end: brace.end, options });
        Ok(())
    }

    /// `reserved 1, 5 to 9, "name";`
    pub(super) fn reserved(&mut self, ranges: &mut Vec<Range>, names: &mut Vec<ReservedName>) -> Read<()> {
        self.bump();
        loop {
            match self.token.kind {
                Kind::Text => {
                    let span = self.text_literal("a name")?;
                    names.push(ReservedName { span, is_string: true });
                }
                Kind::Word => {
                    let span = self.bump().span;
                    names.push(ReservedName { span, is_string: false });
                }
                _ => ranges.push(self.range("a number or a name to reserve", true)?),
            }
            if !self.take(b',') {
                break;
            }
        }
        self.end_statement("`reserved`")?;
        Ok(())
    }

    fn extensions(&mut self, message: &mut Message) -> Read<()> {
        self.bump();
        let mut ranges = Vec::new();
        loop {
            ranges.push(self.range("a number left to extensions", false)?);
            if !self.take(b',') {
                break;
            }
        }
        let options = self.bracket_options()?;
        self.end_statement("`extensions`")?;
        let with_options = ranges.into_iter().map(|range| ExtensionRange { range, options: options.clone() });
        message.extensions.extend(with_options);
        Ok(())
    }

    /// `1`, `1 to 9` or `1 to max`.
    fn range(&mut self, of: &str, may_be_negative: bool) -> Read<Range> {
        let (start, span) = self.number(of, may_be_negative)?;
        if !self.is_word("to") {
            return Ok(Range { span, start, end: Some(start) });
        }
        self.bump();
        if self.is_word("max") {
            let span = span.cover(self.bump().span);
            return Ok(Range { span, start, end: None });
        }
        let (end, end_span) = self.number("the last number of a range", may_be_negative)?;
        Ok(Range { span: span.cover(end_span), start, end: Some(end) })
    }
}
