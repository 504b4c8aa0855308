//! Options as they are written.

use tenon_graph::protobuf::{MessageEntry, OptionValue, Options, ProtoOption};

use super::writer::Writer;

/// `option name = value;` for each.
pub(super) fn statements(options: &Options, out: &mut Writer) {
    for option in options.iter() {
        out.line(&format!("option {};", assignment(option)));
    }
}

/// ` [name = value, …]`; nothing where there is no option.
pub(super) fn brackets(options: &Options) -> String {
    let all: Vec<String> = options.iter().map(assignment).collect();
    if all.is_empty() { String::new() } else { format!(" [{}]", all.join(", ")) }
}

fn assignment(option: &ProtoOption) -> String {
    format!("{} = {}", option.name(), value(&option.value))
}

/// A value.
pub(super) fn value(value: &OptionValue) -> String {
    match value {
        OptionValue::Word(word) => word.to_string(),
        OptionValue::Integer { negative, magnitude } => {
            format!("{}{magnitude}", if *negative { "-" } else { "" })
        }
        OptionValue::Float(number) => float(*number),
        OptionValue::Text(bytes) => quoted(bytes),
        OptionValue::Message(entries) if entries.is_empty() => "{}".to_owned(),
        OptionValue::Message(entries) => {
            let entries: Vec<String> = entries.iter().map(entry).collect();
            format!("{{ {} }}", entries.join(", "))
        }
        OptionValue::List(items) => {
            let items: Vec<String> = items.iter().map(|(_, item)| self::value(item)).collect();
            format!("[{}]", items.join(", "))
        }
    }
}

fn entry(entry: &MessageEntry) -> String {
    let name = if entry.is_bracketed { format!("[{}]", entry.name) } else { entry.name.to_string() };
    format!("{name}: {}", value(&entry.value))
}

fn float(number: f64) -> String {
    if number.is_nan() {
        return "nan".to_owned();
    }
    if number.is_infinite() {
        return if number > 0.0 { "inf" } else { "-inf" }.to_owned();
    }
    // The shortest text that reads back as the number, always with a mark that it is no integer.
    let text = format!("{number:?}");
    if text.contains(['.', 'e', 'E']) { text } else { format!("{text}.0") }
}

/// Bytes in quotes: what is no plain letter becomes an escape, UTF-8 stays.
pub(super) fn quoted(bytes: &[u8]) -> String {
    let mut out = String::from("\"");
    let plain = |letter: char, out: &mut String| match letter {
        '"' => out.push_str("\\\""),
        '\\' => out.push_str("\\\\"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        '\0'..='\u{1f}' | '\u{7f}' => out.push_str(&format!("\\{:03o}", u32::from(letter))),
        _ => out.push(letter),
    };
    match std::str::from_utf8(bytes) {
        Ok(text) => text.chars().for_each(|letter| plain(letter, &mut out)),
        Err(_) => {
            for &byte in bytes {
                match byte {
                    0x80.. => out.push_str(&format!("\\{byte:03o}")),
                    _ => plain(char::from(byte), &mut out),
                }
            }
        }
    }
    out.push('"');
    out
}
