//! The HTML pages: an overview, one page an operation and one a schema, the rest in lists.

use minijinja::context;
use serde_json::{Value, json};

use super::template::{render, values};
use crate::{GeneratedFile, Refusal};

const STYLE: &str = include_str!("templates/style.css");
const SEARCH: &str = include_str!("templates/search.js");

/// Every file of the folder.
pub(super) fn write(model: &Value) -> Result<Vec<GeneratedFile>, Refusal> {
    let mut files = vec![
        GeneratedFile::new("style.css", STYLE),
        GeneratedFile::new("search.js", SEARCH),
        GeneratedFile::new("search-data.js", search_data(model)),
    ];
    let site = values(model);
    let mut page = |path: String, template: &str, own: [&Value; 3]| {
        let ([group, operation, schema], site) = (own.map(values), site.clone());
        let root = if path.contains('/') { "../" } else { "" };
        let here = path.as_str();
        let text = render(template, context! { site, root, here, group, operation, schema })?;
        files.push(GeneratedFile::new(path, text));
        Ok::<(), Refusal>(())
    };
    let none = Value::Null;
    page("index.html".to_owned(), "index.html", [&none; 3])?;
    for group in list(model, "groups") {
        for operation in list(group, "operations") {
            let path = format!("operations/{}.html", text(operation, "slug"));
            page(path, "operation.html", [group, operation, &none])?;
        }
    }
    if !list(model, "schemas").is_empty() {
        page("schemas.html".to_owned(), "schemas.html", [&none; 3])?;
    }
    for schema in list(model, "schemas") {
        let path = format!("schemas/{}.html", text(schema, "slug"));
        page(path, "schema.html", [&none, &none, schema])?;
    }
    for (key, name) in [("events", "events.html"), ("errors", "errors.html"), ("entities", "entities.html")] {
        if !list(model, key).is_empty() {
            page(name.to_owned(), name, [&none; 3])?;
        }
    }
    Ok(files)
}

fn list<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    value.get(key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// What can be searched: title, kind, page, and further words. A script and no JSON file: pages that
/// are opened from the disk may load scripts only.
fn search_data(model: &Value) -> String {
    let mut entries = Vec::new();
    for operation in list(model, "groups").iter().flat_map(|group| list(group, "operations")) {
        let words = [
            text(operation, "method"),
            text(operation, "path"),
            text(operation, "rpc"),
            text(operation, "about"),
        ];
        let page = format!("operations/{}.html", text(operation, "slug"));
        entries.push(json!([text(operation, "id"), "operation", page, words.join(" ")]));
    }
    for event in list(model, "events") {
        let page = format!("events.html#{}", text(event, "slug"));
        entries.push(json!([text(event, "name"), "event", page, text(event, "about")]));
    }
    for schema in list(model, "schemas") {
        let members: Vec<&str> = list(schema, "members").iter().map(|member| text(member, "path")).collect();
        let page = format!("schemas/{}.html", text(schema, "slug"));
        let words = format!("{} {}", text(schema, "about"), members.join(" "));
        entries.push(json!([text(schema, "name"), "schema", page, words]));
    }
    for error in list(model, "errors") {
        let page = format!("errors.html#{}", text(error, "code"));
        entries.push(json!([text(error, "code"), "error", page, text(error, "message")]));
    }
    for entity in list(model, "entities") {
        let page = format!("entities.html#{}", text(entity, "name"));
        entries.push(json!([text(entity, "name"), "entity", page, ""]));
    }
    let lines: Vec<String> = entries.iter().map(Value::to_string).collect();
    // `</script>` inside a script that stands in a page would end it; here it cannot, and does no harm.
    format!("window.referenceIndex = [\n{}\n];\n", lines.join(",\n"))
}
