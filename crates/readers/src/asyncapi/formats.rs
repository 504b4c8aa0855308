//! The languages of schemas, by the media types that `schemaFormat` names.

use tenon_graph::{Dialect, SchemaFormat};

/// The language that a `schemaFormat` names.
pub(super) fn parse(text: &str) -> SchemaFormat {
    let (name, rest) = text.split_once(';').unwrap_or((text, ""));
    let version = rest.split(';').find_map(|part| part.trim().strip_prefix("version=")).unwrap_or("").trim();
    let bare = name.trim().to_ascii_lowercase();
    let bare = bare.strip_suffix("+json").or_else(|| bare.strip_suffix("+yaml")).unwrap_or(&bare);
    match bare {
        "application/vnd.aai.asyncapi" => SchemaFormat::AsyncApi,
        "application/schema" => SchemaFormat::Json(json_schema(version)),
        "application/vnd.oai.openapi" => SchemaFormat::Json(openapi(version)),
        "application/vnd.apache.avro" => SchemaFormat::Avro,
        "application/raml" => SchemaFormat::Raml,
        "application/vnd.google.protobuf" | "application/x-protobuf" => SchemaFormat::Protobuf,
        _ => SchemaFormat::Other,
    }
}

fn json_schema(version: &str) -> Dialect {
    match version {
        "draft-04" => Dialect::Draft4,
        "draft-06" => Dialect::Draft6,
        "2019-09" | "draft-2019-09" | "draft/2019-09" => Dialect::Draft201909,
        "2020-12" | "draft-2020-12" | "draft/2020-12" => Dialect::Draft202012,
        _ => Dialect::Draft7,
    }
}

fn openapi(version: &str) -> Dialect {
    match version.split_once('.') {
        Some(("2", _)) => Dialect::Swagger2,
        Some(("3", minor)) if !minor.starts_with('0') => Dialect::Draft202012,
        _ => Dialect::OpenApi30,
    }
}

/// Whether bodies of a content type are JSON; where none is named they are.
pub(super) fn is_json(content_type: Option<&str>) -> bool {
    let Some(content_type) = content_type else { return true };
    let bare = content_type.split(';').next().unwrap_or(content_type).trim();
    bare.ends_with("/json") || bare.ends_with("+json")
}

#[cfg(test)]
mod tests {
    use tenon_graph::{Dialect, SchemaFormat};

    use super::parse;

    #[test]
    fn media_types_name_languages() {
        for (text, wanted) in [
            ("application/vnd.aai.asyncapi;version=2.6.0", SchemaFormat::AsyncApi),
            ("application/vnd.aai.asyncapi+yaml;version=3.0.0", SchemaFormat::AsyncApi),
            ("application/schema+json;version=draft-07", SchemaFormat::Json(Dialect::Draft7)),
            ("application/schema+yaml; version=draft-04", SchemaFormat::Json(Dialect::Draft4)),
            ("application/schema+json;version=2020-12", SchemaFormat::Json(Dialect::Draft202012)),
            ("application/vnd.oai.openapi;version=3.0.0", SchemaFormat::Json(Dialect::OpenApi30)),
            ("application/vnd.oai.openapi+json;version=3.1.0", SchemaFormat::Json(Dialect::Draft202012)),
            ("application/vnd.apache.avro;version=1.9.0", SchemaFormat::Avro),
            ("application/vnd.apache.avro+json;version=1.9.0", SchemaFormat::Avro),
            ("application/raml+yaml;version=1.0", SchemaFormat::Raml),
            ("application/vnd.google.protobuf;version=3", SchemaFormat::Protobuf),
            ("application/x-mine", SchemaFormat::Other),
        ] {
            assert_eq!(parse(text), wanted, "{text}");
        }
    }
}
