//! Options as they are written to options of the graph.

use tenon_graph::protobuf::{MessageEntry, OptionPart, OptionValue, Options, ProtoOption};
use tenon_source::proto::{ast, decode_text, dotted, parse_float, parse_integer};
use tenon_source::{SourceFile, Span};

use super::lower::slice;

/// Options, none of whose names is followed yet.
pub(super) fn lower_options(source: &SourceFile, written: &[ast::OptionDecl]) -> Options {
    if written.is_empty() {
        return Options::default();
    }
    let option = |option: &ast::OptionDecl| ProtoOption {
        parts: option.parts.iter().map(|part| lower_part(source, part)).collect(),
        value: lower_value(source, &option.value, option.value_span),
        span: option.span,
        value_span: option.value_span,
    };
    Options(written.iter().map(option).collect())
}

fn lower_part(source: &SourceFile, part: &ast::NamePart) -> OptionPart {
    OptionPart {
        text: dotted(slice(source, part.name)).into(),
        span: part.span,
        is_extension: part.is_extension,
        field: None,
    }
}

fn lower_value(source: &SourceFile, value: &ast::Value, span: Span) -> OptionValue {
    let text = slice(source, span);
    match value {
        ast::Value::Word | ast::Value::NegativeWord => OptionValue::Word(word(text)),
        ast::Value::Integer => match parse_integer(text) {
            Some((negative, magnitude)) => OptionValue::Integer { negative, magnitude },
            None => OptionValue::Float(parse_float(text).unwrap_or(f64::INFINITY)),
        },
        ast::Value::Float => OptionValue::Float(parse_float(text).unwrap_or_default()),
        ast::Value::Text => OptionValue::Text(decode_text(text).into()),
        ast::Value::Message(entries) => {
            OptionValue::Message(entries.iter().map(|entry| lower_entry(source, entry)).collect())
        }
        ast::Value::List(items) => OptionValue::List(
            items.iter().map(|(span, value)| (*span, lower_value(source, value, *span))).collect(),
        ),
    }
}

/// A word, its `-` right in front of it.
fn word(text: &str) -> Box<str> {
    match text.strip_prefix('-') {
        Some(rest) => ["-", rest.trim_start()].concat().into(),
        None => text.into(),
    }
}

fn lower_entry(source: &SourceFile, entry: &ast::Entry) -> MessageEntry {
    let text = slice(source, entry.name);
    let name = if entry.is_bracketed {
        let inner = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
        let parts: Vec<_> = inner.split('/').map(|part| dotted(part.trim())).collect();
        parts.join("/").into()
    } else {
        text.into()
    };
    MessageEntry {
        name,
        is_bracketed: entry.is_bracketed,
        name_span: entry.name,
        value: lower_value(source, &entry.value, entry.value_span),
        value_span: entry.value_span,
        field: None,
    }
}
