//! The templates. They are part of the binary; in those of HTML every value is escaped.

use std::sync::LazyLock;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior, Value};

use crate::Refusal;
use crate::text::{cell, code};

/// Every template by its name: what it ends in decides what is escaped.
const TEMPLATES: &[(&str, &str)] = &[
    ("reference.md", include_str!("templates/reference.md")),
    ("frame.html", include_str!("templates/frame.html")),
    ("parts.html", include_str!("templates/parts.html")),
    ("index.html", include_str!("templates/index.html")),
    ("operation.html", include_str!("templates/operation.html")),
    ("schema.html", include_str!("templates/schema.html")),
    ("schemas.html", include_str!("templates/schemas.html")),
    ("events.html", include_str!("templates/events.html")),
    ("errors.html", include_str!("templates/errors.html")),
    ("entities.html", include_str!("templates/entities.html")),
];

static ENVIRONMENT: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
    environment.set_syntax(syntax.unwrap_or_default());
    environment.add_filter("cell", |text: String| cell(&text));
    environment.add_filter("code", |text: String| code(&text));
    for (name, text) in TEMPLATES {
        // One that does not parse is missed by whoever renders it, and a test renders all.
        let _ = environment.add_template(name, text);
    }
    environment
});

/// Values as templates take them: cheap to hand to any number of pages.
pub(super) fn values(of: &serde_json::Value) -> Value {
    Value::from(Serde(of))
}

/// A page.
pub(super) fn render(name: &str, values: Value) -> Result<String, Refusal> {
    let template = ENVIRONMENT.get_template(name);
    template.and_then(|template| template.render(values)).map_err(|error| Refusal::Impossible {
        what: format!("the template {name} of this program is wrong: {error:#}"),
        help: "please report it".to_owned(),
    })
}

/// Markdown without empty lines in a row and blanks at ends of lines.
pub(super) fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut empty = 0;
    for line in text.lines().map(str::trim_end) {
        empty = if line.is_empty() { empty + 1 } else { 0 };
        if empty <= 1 && !(out.is_empty() && line.is_empty()) {
            out.push_str(line);
            out.push('\n');
        }
    }
    while out.ends_with("\n\n") {
        out.pop();
    }
    out
}
