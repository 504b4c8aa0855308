//! The templates of the pages. They are part of the binary, and every value in them is escaped.

use std::sync::LazyLock;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior};
use tenon_policies::{Condition, Refusal};

/// Every template by its name. Names end in `.html`: that is what makes values be escaped.
const TEMPLATES: &[(&str, &str)] = &[
    ("frame.html", include_str!("templates/frame.html")),
    ("parts.html", include_str!("templates/parts.html")),
    ("overview.html", include_str!("templates/overview.html")),
    ("operations.html", include_str!("templates/operations.html")),
    ("operation.html", include_str!("templates/operation.html")),
    ("schemas.html", include_str!("templates/schemas.html")),
    ("schema.html", include_str!("templates/schema.html")),
    ("codes.html", include_str!("templates/codes.html")),
    ("events.html", include_str!("templates/events.html")),
    ("event.html", include_str!("templates/event.html")),
    ("deliveries.html", include_str!("templates/deliveries.html")),
    ("subscriptions.html", include_str!("templates/subscriptions.html")),
    ("usage.html", include_str!("templates/usage.html")),
    ("audit.html", include_str!("templates/audit.html")),
    ("sign_in.html", include_str!("templates/sign_in.html")),
    ("refused.html", include_str!("templates/refused.html")),
];

static ENVIRONMENT: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut environment = Environment::new();
    // A name that leads nowhere is a mistake of ours, which a test finds.
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
    environment.set_syntax(syntax.unwrap_or_default());
    for (name, text) in TEMPLATES {
        let added = environment.add_template(name, text);
        crate::never::check(added.is_ok(), "a template of the console does not parse");
    }
    environment
});

/// A page.
///
/// # Errors
/// `internal` where a template is wrong.
pub(super) fn render(name: &str, values: serde_json::Value) -> Result<String, Refusal> {
    let template = ENVIRONMENT.get_template(name);
    template.and_then(|template| template.render(Serde(values))).map_err(|error| {
        tracing::error!(template = name, %error, "a page of the console cannot be made");
        Refusal::new(Condition::Internal)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_template_parses() {
        for (name, text) in TEMPLATES {
            let added = Environment::new().add_template(name, text).map_err(|error| format!("{error:#}"));
            assert_eq!(added, Ok(()), "{name}");
        }
    }
}
