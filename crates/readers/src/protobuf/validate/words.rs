//! Words that a syntax or edition does not have: labels, groups, kinds of imports, and so on.

use rustc_hash::FxHashMap;
use tenon_graph::protobuf::Syntax;
use tenon_source::Span;
use tenon_source::proto::{ast, decode_text};

use super::Judge;
use crate::codes;
use crate::protobuf::lower::slice;

impl Judge<'_> {
    pub(super) fn words(&mut self, tree: &ast::File) {
        self.syntax(tree);
        if let [first, second, ..] = &*tree.packages {
            let message = "the file names its package a second time".to_owned();
            self.clash(&codes::DUPLICATE_SYMBOL, second.span, message, first.span, "the first time");
        }
        self.imports(tree);
        self.scope_words(&tree.scope);
    }

    fn slice(&self, span: Span) -> &str {
        slice(self.source, span)
    }

    fn syntax(&mut self, tree: &ast::File) {
        let Some(written) = &tree.syntax else { return };
        let value = String::from_utf8_lossy(&decode_text(self.slice(written.value))).into_owned();
        let known: &[&str] = if written.is_edition { &["2023", "2024"] } else { &["proto2", "proto3"] };
        if !known.contains(&value.as_str()) {
            let word = if written.is_edition { "edition" } else { "syntax" };
            let message = format!("`{value}` is no {word} that is known here");
            let help =
                format!("known are `{}` and `{}`", known.first().unwrap_or(&""), known.last().unwrap_or(&""));
            self.report_help(&codes::UNKNOWN_VERSION, written.value, message, help);
        }
    }

    fn imports(&mut self, tree: &ast::File) {
        let imports = &self.file.imports;
        let mut option_seen = false;
        let mut places: FxHashMap<&str, Span> = FxHashMap::default();
        for (import, written) in imports.iter().zip(&tree.imports) {
            let first = *places.entry(&import.path).or_insert(import.path_span);
            if first != import.path_span {
                let message = format!("`{}` is imported twice", import.path);
                self.clash(&codes::DUPLICATE_SYMBOL, import.path_span, message, first, "the first time");
            }
            match written.word {
                Some((ast::ImportWord::Option, span)) => {
                    option_seen = true;
                    if self.file.syntax < Syntax::Edition2024 {
                        self.not_in_syntax(span, "`import option`", "it came with edition 2024");
                    }
                }
                Some((ast::ImportWord::Weak, span)) if self.file.syntax >= Syntax::Edition2024 => {
                    self.not_in_syntax(span, "`import weak`", "import the file without `weak`");
                }
                _ if option_seen => {
                    let message = "this import stands behind an `import option`";
                    self.report_help(
                        &codes::NOT_IN_SYNTAX,
                        import.span,
                        message,
                        "options are imported last",
                    );
                }
                _ => {}
            }
        }
    }

    pub(super) fn not_in_syntax(&mut self, span: Span, what: &str, help: &str) {
        let word = if self.file.syntax.is_edition() { "edition " } else { "" };
        let message = format!("{word}{} has no {what}", self.file.syntax.as_str());
        self.report_help(&codes::NOT_IN_SYNTAX, span, message, help);
    }

    fn scope_words(&mut self, scope: &ast::Scope) {
        for message in &scope.messages {
            self.visibility_word(message.visibility);
            if message.form == ast::MessageForm::MapEntry {
                continue;
            }
            for field in &message.fields {
                self.field_words(field, false);
            }
            self.reserved_words(&message.reserved_names);
            self.scope_words(&message.scope);
        }
        for one in &scope.enums {
            self.visibility_word(one.visibility);
            self.reserved_words(&one.reserved_names);
        }
        for field in scope.extends.iter().flat_map(|extend| &extend.fields) {
            self.field_words(field, true);
        }
    }

    fn visibility_word(&mut self, written: Option<(ast::VisibilityWord, Span)>) {
        if let Some((word, span)) = written
            && self.file.syntax < Syntax::Edition2024
        {
            let word = if word == ast::VisibilityWord::Export { "`export`" } else { "`local`" };
            self.not_in_syntax(span, word, "it came with edition 2024");
        }
    }

    fn reserved_words(&mut self, names: &[ast::ReservedName]) {
        let syntax = self.file.syntax;
        if let Some(name) = names.iter().find(|name| name.is_string == syntax.is_edition()) {
            let message = if name.is_string {
                "in editions, reserved names stand without quotes"
            } else {
                "in proto2 and proto3, reserved names stand in quotes"
            };
            self.report(&codes::NOT_IN_SYNTAX, name.span, message);
        }
    }

    fn field_words(&mut self, field: &ast::Field, is_extension: bool) {
        let is_map = matches!(field.ty, ast::Type::Map { .. });
        let name = self.slice(field.name).to_owned();
        if is_map && is_extension {
            self.report(&codes::INVALID_FIELD, field.ty.span(), "an extension cannot be a map");
        }
        if is_map && field.oneof.is_some() {
            self.report(&codes::INVALID_FIELD, field.ty.span(), "a map cannot stand in a oneof");
        }
        match field.label {
            Some((_, span)) if field.oneof.is_some() => {
                self.report(&codes::INVALID_FIELD, span, "a field of a oneof has no label");
            }
            Some((_, span)) if is_map => {
                self.report(
                    &codes::INVALID_FIELD,
                    span,
                    "a map has no label: it holds any number of entries",
                );
            }
            Some((label, span)) => self.label(label, span),
            None if self.file.syntax == Syntax::Proto2 && !is_map && field.oneof.is_none() => {
                let message = format!("field `{name}` has no label");
                let help = "proto2 wants `optional`, `required` or `repeated` in front of the type; \
                            proto3 does not: did you forget `syntax = \"proto3\";`?";
                self.report_help(&codes::NOT_IN_SYNTAX, field.name, message, help);
            }
            None => {}
        }
        if let ast::Type::Group { span, .. } = field.ty {
            if self.file.syntax != Syntax::Proto2 {
                let help = if self.file.syntax.is_edition() {
                    "use a message with `[features.message_encoding = DELIMITED]`"
                } else {
                    "use a message"
                };
                self.not_in_syntax(span, "groups", help);
            } else if !name.starts_with(|letter: char| letter.is_ascii_uppercase()) {
                let message = format!("group `{name}` does not start with a capital letter");
                self.report(&codes::INVALID_FIELD, field.name, message);
            }
        }
    }

    fn label(&mut self, label: ast::Label, span: Span) {
        let syntax = self.file.syntax;
        match label {
            ast::Label::Required if syntax == Syntax::Proto3 => {
                self.not_in_syntax(span, "`required`", "every field of proto3 may be left out");
            }
            ast::Label::Required if syntax.is_edition() => {
                let help = "use `[features.field_presence = LEGACY_REQUIRED]`";
                self.not_in_syntax(span, "`required`", help);
            }
            ast::Label::Optional if syntax.is_edition() => {
                self.not_in_syntax(span, "`optional`", "fields know whether they were set without it");
            }
            _ => {}
        }
    }
}
