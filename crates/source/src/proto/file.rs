//! What stands outermost in a file.

use super::ast::{
    Extend, File, Import, ImportWord, Message, MessageForm, Package, Scope, SyntaxDecl, VisibilityWord,
};
use super::lexer::Kind;
use super::parser::{Parser, Read};
use crate::limits::PROTO_MESSAGE_DEPTH_MAX;
use crate::text::to_u32;
use crate::{NodeId, Span, codes, nearest};

/// What a statement outside messages may start with.
const STATEMENTS: [&str; 10] =
    ["syntax", "edition", "package", "import", "option", "message", "enum", "service", "extend", "reserved"];

impl Parser<'_> {
    /// The whole file.
    pub(super) fn file(&mut self) -> File {
        let mut file = File::default();
        self.builder.open_object(0);
        if self.is_end()
            && self.findings.is_empty()
            && self.text.trim_start_matches('\u{FEFF}').trim().is_empty()
        {
            self.report_code(&codes::EMPTY, Span::default(), "the file is empty: it declares nothing");
        }
        let mut is_first = true;
        while !self.is_end() {
            if self.top_statement(&mut file, is_first).is_err() {
                self.skip_statement();
            }
            if self.is_symbol(b'}') {
                self.report(self.token.span, "this `}` closes nothing");
                self.help("take it out, or look for a `{` that is missing above");
                self.bump();
            }
            is_first = false;
        }
        self.builder.close(to_u32(self.text.len()));
        file
    }

    fn top_statement(&mut self, file: &mut File, is_first: bool) -> Read<()> {
        if self.take(b';') || self.is_symbol(b'}') {
            return Ok(());
        }
        if self.token.kind != Kind::Word {
            let message = format!("expected a declaration, found {}", self.found());
            let said = self.report(self.token.span, message);
            self.bump();
            return Err(said);
        }
        match self.slice(self.token.span) {
            "syntax" | "edition" => self.syntax(file, is_first)?,
            "package" => self.package(file)?,
            "import" => self.import(file)?,
            "option" => file.options.push(self.option_statement()?),
            "service" => file.services.push(self.service()?),
            _ if self.scope_statement(&mut file.scope, 0)? => {}
            _ => return Err(self.unknown_statement()),
        }
        Ok(())
    }

    fn unknown_statement(&mut self) -> super::parser::Said {
        let word = self.slice(self.token.span).to_owned();
        let said = self
            .report(self.token.span, format!("`{word}` starts no declaration that stands outside messages"));
        match nearest(&word, STATEMENTS) {
            Some(near) if near != word => self.help(format!("did you mean `{near}`?")),
            _ if self.peek().kind == Kind::Word => self.help("fields stand in a `message`"),
            _ => {}
        }
        said
    }

    /// A declaration that files and messages both hold, if one is in hand.
    pub(super) fn scope_statement(&mut self, scope: &mut Scope, depth: usize) -> Read<bool> {
        let visibility = self.visibility();
        let start = visibility.map_or(self.token.span.start, |(_, span)| span.start);
        match self.slice(self.token.span) {
            "message" => scope.messages.push(self.message(start, visibility, depth)?),
            "enum" => scope.enums.push(self.enumeration(start, visibility)?),
            "extend" => self.extend(scope, depth)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// `export` or `local`, if a message or enum follows.
    fn visibility(&mut self) -> Option<(VisibilityWord, Span)> {
        let word = match self.slice(self.token.span) {
            "export" => VisibilityWord::Export,
            "local" => VisibilityWord::Local,
            _ => return None,
        };
        let next = self.peek();
        let follows = next.kind == Kind::Word && matches!(self.slice(next.span), "message" | "enum");
        follows.then(|| (word, self.bump().span))
    }

    fn syntax(&mut self, file: &mut File, is_first: bool) -> Read<()> {
        let word = self.bump().span;
        let is_edition = self.slice(word) == "edition";
        let name = if is_edition { "edition" } else { "syntax" };
        self.expect(b'=', &format!("after `{name}`"))?;
        let value = self.text_literal(&format!("the {name}"))?;
        let span = Span::new(word.start, self.end_statement(&format!("`{name}`"))?);
        if file.syntax.is_some() {
            self.report(span, "the file names its syntax a second time");
        } else if !is_first {
            self.report(span, format!("`{name}` stands behind other declarations"));
            self.help("it must be the first statement of the file");
        }
        file.syntax.get_or_insert(SyntaxDecl { span, value, is_edition });
        Ok(())
    }

    fn package(&mut self, file: &mut File) -> Read<()> {
        let start = self.bump().span.start;
        let name = self.dotted_name("the package", false)?;
        let span = Span::new(start, self.end_statement("`package`")?);
        file.packages.push(Package { span, name });
        Ok(())
    }

    fn import(&mut self, file: &mut File) -> Read<()> {
        let start = self.bump().span.start;
        let word = match self.slice(self.token.span) {
            _ if self.token.kind != Kind::Word => None,
            "public" => Some(ImportWord::Public),
            "weak" => Some(ImportWord::Weak),
            "option" => Some(ImportWord::Option),
            _ => None,
        };
        let word = word.map(|word| (word, self.bump().span));
        let path = self.text_literal("the path of a file")?;
        let span = Span::new(start, self.end_statement("`import`")?);
        file.imports.push(Import { span, word, path });
        Ok(())
    }

    /// A message whose word `message` is in hand.
    fn message(
        &mut self,
        start: u32,
        visibility: Option<(VisibilityWord, Span)>,
        depth: usize,
    ) -> Read<Message> {
        self.bump();
        let name = self.name("a message")?;
        let brace = self.expect(b'{', "after the name of a message")?;
        let node = self.open(name, start);
        let mut message = new_message(node, name, MessageForm::Plain);
        message.visibility = visibility;
        self.message_block(&mut message, start, brace, depth);
        Ok(message)
    }

    /// The rest of a message or group, whose `{` has been passed and whose value is open.
    pub(super) fn message_block(&mut self, message: &mut Message, start: u32, brace: Span, depth: usize) {
        message.head_end = brace.end;
        let end = if depth >= PROTO_MESSAGE_DEPTH_MAX {
            let text = format!("messages nest deeper than {PROTO_MESSAGE_DEPTH_MAX} levels here");
            self.report_code(&codes::TOO_DEEP, message.name, text);
            self.skip_to_end_of_block();
            self.last_end
        } else {
            self.message_body(message, brace, depth)
        };
        message.span = Span::new(start, end);
        self.builder.close(end);
    }

    /// Passes the rest of a block whose `{` has been passed.
    fn skip_to_end_of_block(&mut self) {
        while !self.is_end() && !self.is_symbol(b'}') {
            if self.is_symbol(b'{') {
                self.skip_block();
            } else {
                self.bump();
            }
        }
        self.take(b'}');
    }

    fn extend(&mut self, scope: &mut Scope, depth: usize) -> Read<()> {
        let start = self.bump().span.start;
        let extendee = self.dotted_name("the message to extend", true)?;
        let brace = self.expect(b'{', "after the message to extend")?;
        self.open(extendee, start);
        let mut fields = Vec::new();
        let end = loop {
            if self.is_end() {
                self.unclosed(brace, "an `extend`");
                break self.last_end;
            }
            if self.is_symbol(b'}') {
                if fields.is_empty() && self.findings.is_empty() {
                    self.report(extendee, "this `extend` declares no extension");
                    self.help("give it a field, or take it out");
                }
                break self.bump().span.end;
            }
            match self.field(&mut scope.messages, depth) {
                Ok(field) => fields.push(field),
                Err(_) => self.skip_statement(),
            }
        };
        self.builder.close(end);
        scope.extends.push(Extend { span: Span::new(start, end), extendee, fields });
        Ok(())
    }
}

/// A message of which only the name is known.
pub(super) fn new_message(node: NodeId, name: Span, form: MessageForm) -> Message {
    Message {
        node,
        span: name,
        name,
        head_end: name.end,
        form,
        visibility: None,
        fields: Vec::new(),
        oneofs: Vec::new(),
        scope: Scope::default(),
        reserved: Vec::new(),
        reserved_names: Vec::new(),
        extensions: Vec::new(),
        options: Vec::new(),
    }
}
