//! Enums.

use super::ast::{Enum, EnumValue, VisibilityWord};
use super::lexer::Kind;
use super::parser::{Parser, Read};
use crate::Span;

impl Parser<'_> {
    /// An enum whose word `enum` is in hand.
    pub(super) fn enumeration(
        &mut self,
        start: u32,
        visibility: Option<(VisibilityWord, Span)>,
    ) -> Read<Enum> {
        self.bump();
        let name = self.name("an enum")?;
        let brace = self.expect(b'{', "after the name of an enum")?;
        let node = self.open(name, start);
        let mut out = Enum {
            node,
            span: name,
            name,
            head_end: brace.end,
            visibility,
            values: Vec::new(),
            reserved: Vec::new(),
            reserved_names: Vec::new(),
            options: Vec::new(),
        };
        let end = loop {
            match self.token.kind {
                Kind::Symbol(b'}') => break self.bump().span.end,
                Kind::Symbol(b';') => drop(self.bump()),
                Kind::End => {
                    let what = format!("enum `{}`", self.slice(name));
                    self.unclosed(brace, &what);
                    break self.last_end;
                }
                _ => {
                    if self.enum_statement(&mut out).is_err() {
                        self.skip_statement();
                    }
                }
            }
        };
        out.span = Span::new(start, end);
        self.builder.close(end);
        Ok(out)
    }

    fn enum_statement(&mut self, out: &mut Enum) -> Read<()> {
        // A value may have any name: `reserved = 1;` is one.
        let is_value = self.peek().kind == Kind::Symbol(b'=');
        match self.slice(self.token.span) {
            "option" if !is_value => out.options.push(self.option_statement()?),
            "reserved" if !is_value => return self.reserved(&mut out.reserved, &mut out.reserved_names),
            _ => {
                let value = self.enum_value()?;
                out.values.push(value);
            }
        }
        Ok(())
    }

    fn enum_value(&mut self) -> Read<EnumValue> {
        if self.token.kind != Kind::Word {
            let message = format!("expected the name of an enum value, found {}", self.found());
            let said = self.report(self.token.span, message);
            if !self.is_symbol(b'{') {
                self.bump();
            }
            return Err(said);
        }
        let name = self.bump().span;
        if !self.is_symbol(b'=') {
            let message = format!("enum value `{}` has no number", self.slice(name));
            let said = self.report(name, message);
            self.help("a value is `NAME = NUMBER;`");
            return Err(said);
        }
        self.bump();
        let (number, number_span) = self.number("the number of an enum value", true)?;
        let options = self.bracket_options()?;
        let end = self.end_statement(&format!("enum value `{}`", self.slice(name)))?;
        let span = Span::new(name.start, end);
        let node = self.leaf(name, span);
        Ok(EnumValue { node, span, name, number, number_span, options })
    }
}
