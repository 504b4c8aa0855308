//! Writes OpenAPI documents of any size, always the same bytes for the same size, to show how time
//! and memory grow. The text is made from two templates, one for a path and one for its schemas.

use std::fmt::Write as _;

/// The text forms a document can be generated in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Indented JSON.
    Json,
    /// Block YAML.
    Yaml,
}

impl Form {
    /// The file name extension of the form.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Yaml => "yaml",
        }
    }
}

/// A document of at least `bytes_min` bytes, and at most one resource more.
pub fn document(form: Form, bytes_min: usize) -> String {
    let templates = match form {
        Form::Json => &JSON,
        Form::Yaml => &YAML,
    };
    let frame = templates.head.len() + templates.middle.len() + templates.tail.len();
    let sample = resource(templates.path, 1_000_000, false).len()
        + resource(templates.schemas, 1_000_000, false).len();
    let mut count = bytes_min.saturating_sub(frame) / sample;
    loop {
        let text = assemble(templates, count);
        if text.len() >= bytes_min {
            return text;
        }
        // The sample counted wider numbers than small documents have, so a few more are needed.
        count += 1 + (bytes_min - text.len()) / sample;
    }
}

struct Templates {
    head: &'static str,
    path: &'static str,
    middle: &'static str,
    schemas: &'static str,
    tail: &'static str,
    separator: &'static str,
}

fn assemble(templates: &Templates, count: usize) -> String {
    let mut text = templates.head.to_owned();
    for number in 0..count {
        text.push_str(&resource(templates.path, number, false));
        text.push_str(if number + 1 < count { templates.separator } else { "" });
    }
    text.push_str(templates.middle);
    for number in 0..count {
        text.push_str(&resource(templates.schemas, number, number == 0));
        text.push_str(if number + 1 < count { templates.separator } else { "" });
    }
    text.push_str(templates.tail);
    text
}

/// Fills a template: `@N` is the resource's number, `@P` the number of the resource before it,
/// which its schema refers to; the first refers to itself.
fn resource(template: &str, number: usize, is_first: bool) -> String {
    let mut text = String::with_capacity(template.len() + 64);
    let before = if is_first { number } else { number.saturating_sub(1) };
    let mut rest = template;
    while let Some((head, tail)) = rest.split_once('@') {
        text.push_str(head);
        let value = if tail.starts_with('P') { before } else { number };
        // Writing to a string cannot fail.
        let _ = write!(text, "{value}");
        rest = tail.get(1..).unwrap_or_default();
    }
    text.push_str(rest);
    text
}

static JSON: Templates = Templates {
    head: include_str!("templates/head.json.txt"),
    path: include_str!("templates/path.json.txt"),
    middle: include_str!("templates/middle.json.txt"),
    schemas: include_str!("templates/schemas.json.txt"),
    tail: include_str!("templates/tail.json.txt"),
    separator: ",\n",
};

static YAML: Templates = Templates {
    head: include_str!("templates/head.yaml.txt"),
    path: include_str!("templates/path.yaml.txt"),
    middle: include_str!("templates/middle.yaml.txt"),
    schemas: include_str!("templates/schemas.yaml.txt"),
    tail: "",
    separator: "",
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_as_large_as_asked_and_always_the_same() {
        for form in [Form::Json, Form::Yaml] {
            let text = document(form, 100_000);
            assert!(text.len() >= 100_000 && text.len() < 110_000, "{} bytes", text.len());
            assert!(!text.contains("@N") && !text.contains("@P"), "a placeholder is left");
            assert_eq!(text, document(form, 100_000));
        }
    }

    #[test]
    fn the_json_form_is_json_with_every_reference_defined() {
        let text = document(Form::Json, 50_000);
        let value: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        let schemas = value["components"]["schemas"].as_object().expect("schemas");
        for (at, _) in text.match_indices("#/components/schemas/") {
            let name =
                text[at..].trim_start_matches("#/components/schemas/").split('"').next().expect("a name");
            assert!(schemas.contains_key(name), "{name} is not defined");
        }
    }
}
