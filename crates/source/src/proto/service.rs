//! Services.

use super::ast::{Rpc, Service};
use super::lexer::Kind;
use super::parser::{Parser, Read};
use crate::Span;

impl Parser<'_> {
    /// A service whose word `service` is in hand.
    pub(super) fn service(&mut self) -> Read<Service> {
        let start = self.bump().span.start;
        let name = self.name("a service")?;
        let brace = self.expect(b'{', "after the name of a service")?;
        let node = self.open(name, start);
        let head_end = brace.end;
        let mut out = Service { node, span: name, name, head_end, rpcs: Vec::new(), options: Vec::new() };
        let end = loop {
            match self.token.kind {
                Kind::Symbol(b'}') => break self.bump().span.end,
                Kind::Symbol(b';') => drop(self.bump()),
                Kind::End => {
                    let what = format!("service `{}`", self.slice(name));
                    self.unclosed(brace, &what);
                    break self.last_end;
                }
                _ => {
                    if self.service_statement(&mut out).is_err() {
                        self.skip_statement();
                    }
                }
            }
        };
        out.span = Span::new(start, end);
        self.builder.close(end);
        Ok(out)
    }

    fn service_statement(&mut self, out: &mut Service) -> Read<()> {
        match self.slice(self.token.span) {
            "option" => out.options.push(self.option_statement()?),
            "rpc" => out.rpcs.push(self.rpc()?),
            _ => {
                let message = format!("expected `rpc` or `option` in a service, found {}", self.found());
                let said = self.report(self.token.span, message);
                if !self.is_symbol(b'{') {
                    self.bump();
                }
                return Err(said);
            }
        }
        Ok(())
    }

    fn rpc(&mut self) -> Read<Rpc> {
        let start = self.bump().span.start;
        let name = self.name("an RPC")?;
        let (client_streaming, request) = self.rpc_type("request")?;
        if !self.is_word("returns") {
            let message = format!("expected `returns` after the request of an RPC, found {}", self.found());
            return Err(self.report(self.token.span, message));
        }
        self.bump();
        let (server_streaming, response) = self.rpc_type("response")?;
        let mut options = Vec::new();
        let (head_end, end) = if self.is_symbol(b'{') {
            let brace = self.bump().span;
            (brace.end, self.rpc_body(name, brace, &mut options))
        } else {
            let end = self.end_statement(&format!("RPC `{}`", self.slice(name)))?;
            (end, end)
        };
        let span = Span::new(start, end);
        let node = self.leaf(name, span);
        Ok(Rpc { node, span, name, head_end, request, response, client_streaming, server_streaming, options })
    }

    /// `(stream Type)`.
    fn rpc_type(&mut self, of: &str) -> Read<(bool, Span)> {
        self.expect(b'(', &format!("before the {of} of an RPC"))?;
        let is_stream = self.is_word("stream") && {
            let next = self.peek();
            matches!(next.kind, Kind::Word | Kind::Symbol(b'.')) && !self.continues_name(next.span)
        };
        if is_stream {
            self.bump();
        }
        let name = self.dotted_name(&format!("the {of}'s message"), true)?;
        self.expect(b')', &format!("after the {of} of an RPC"))?;
        Ok((is_stream, name))
    }

    /// Whether a `.` right behind the word in hand goes on with its name, as in `stream.Item`.
    fn continues_name(&self, next: Span) -> bool {
        self.slice(next) == "." && next.start == self.token.span.end
    }

    fn rpc_body(&mut self, name: Span, brace: Span, options: &mut Vec<super::ast::OptionDecl>) -> u32 {
        loop {
            match self.token.kind {
                Kind::Symbol(b'}') => return self.bump().span.end,
                Kind::Symbol(b';') => drop(self.bump()),
                Kind::End => {
                    let what = format!("RPC `{}`", self.slice(name));
                    self.unclosed(brace, &what);
                    return self.last_end;
                }
                Kind::Word if self.is_word("option") => match self.option_statement() {
                    Ok(option) => options.push(option),
                    Err(_) => self.skip_statement(),
                },
                _ => {
                    let message = format!("expected `option` in an RPC, found {}", self.found());
                    self.report(self.token.span, message);
                    if !self.is_symbol(b'{') {
                        self.bump();
                    }
                    self.skip_statement();
                }
            }
        }
    }
}
