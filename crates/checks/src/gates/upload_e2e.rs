//! Gate `upload-e2e`: an upload says, at endpoint level, what it accepts and how much.

use tenon_source::Node;

use super::report::{Endpoint, GateReport, kind_of};
use super::{Gate, GateInput, codes};

/// Bytes of one megabyte as `maxSizeMb` counts (S4-225).
const MEGABYTE: f64 = 1_048_576.0;

/// The two fields, and what people write instead (S4-211).
const FIELDS: [(&str, &[&str]); 2] = [
    (
        "allowedMimeTypes",
        &["mimetypes", "allowedmimetype", "allowedmimes", "allowedtypes", "acceptedmimetypes"],
    ),
    (
        "maxSizeMb",
        &["maxsize", "maxfilesizemb", "maxfilesize", "maxsizemib", "maxsizebytes", "maxuploadsizemb"],
    ),
];

/// S4-192, S4-210, S4-211, S4-227, S4-228, S4-298 to S4-301, S4-29.
pub(super) fn run(input: &GateInput<'_>) -> GateReport {
    let mut report = GateReport::new(Gate::UploadE2e);
    for endpoint in input.endpoints() {
        if undeclared(input, &endpoint, &mut report) {
            limits(input, &endpoint, &mut report);
        }
    }
    if input.scope().is_none() {
        report.not_run.push("limits of the platform: no scope-manifest.json was given".to_owned());
    }
    report
}

/// Whether the endpoint is an upload; a failure where it does not say so itself.
fn undeclared(input: &GateInput<'_>, endpoint: &Endpoint<'_>, report: &mut GateReport) -> bool {
    let declared = endpoint.contract("fileUpload");
    if declared.and_then(|value| value.as_bool()) == Some(true) {
        return true;
    }
    let at = declared.map_or(endpoint.at, |value| endpoint.place(value));
    if let Some(value) = declared.filter(|value| value.as_bool().is_none()) {
        let message = format!("fileUpload is {}, not a boolean", kind_of(value));
        report.fail(input, &codes::UPLOAD_LIMITS, endpoint, at, &message);
        return value.as_str() == Some("true");
    }
    let texts = |list: Option<Node<'_>>, is_upload: fn(&str) -> bool| {
        list.into_iter()
            .flat_map(|list| list.items())
            .filter_map(|item| item.as_str().map(str::to_owned))
            .find(|text| is_upload(text))
    };
    let parser = texts(endpoint.node.get("middleware"), is_upload_parser);
    let source = texts(endpoint.contract("routeArgs"), is_uploaded_file);
    let Some(sign) = parser.or(source) else { return false };
    let message = format!("has {sign} but fileUpload is not true");
    report.fail(input, &codes::UPLOAD_LIMITS, endpoint, at, &message);
    true
}

/// A middleware that parses uploads, such as `multerUpload` or `upload.single`.
fn is_upload_parser(name: &str) -> bool {
    let name = name.to_lowercase();
    let stem = name.split(['.', '(']).next().unwrap_or_default();
    name.contains("multer") || matches!(stem, "upload" | "fileupload" | "uploadfile" | "uploadmiddleware")
}

fn is_uploaded_file(argument: &str) -> bool {
    let rest = argument.strip_prefix("req.file");
    rest.is_some_and(|rest| {
        let rest = rest.strip_prefix('s').unwrap_or(rest);
        !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_')
    })
}

fn limits(input: &GateInput<'_>, endpoint: &Endpoint<'_>, report: &mut GateReport) {
    for (name, misspellings) in FIELDS {
        let nested = nested_in(endpoint.node, name);
        let Some(value) = endpoint.node.get(name) else {
            let (at, hint) = match (nested, misspelt(endpoint.node, name, misspellings)) {
                (Some((object, value)), _) => (
                    endpoint.place(value),
                    format!(": it is nested in {object} and belongs at endpoint level"),
                ),
                (None, Some(value)) => (
                    endpoint.place(value),
                    format!(": {} is no field, did you mean {name}?", value.key().unwrap_or_default()),
                ),
                (None, None) => (endpoint.at, String::new()),
            };
            let message = format!("(fileUpload=true) missing {name}{hint}");
            report.fail(input, &codes::UPLOAD_LIMITS, endpoint, at, &message);
            continue;
        };
        let problem = if name == "maxSizeMb" { size_problem(value) } else { types_problem(value) };
        if let Some(problem) = problem {
            let message = format!("(fileUpload=true) {problem}");
            report.fail(input, &codes::UPLOAD_LIMITS, endpoint, endpoint.place(value), &message);
        } else if let Some((object, value)) = nested {
            let message = format!(
                "(fileUpload=true) {name} is nested in {object} too: it belongs at endpoint level only"
            );
            report.fail(input, &codes::UPLOAD_LIMITS, endpoint, endpoint.place(value), &message);
        } else {
            platform_limits(input, endpoint, value, report);
        }
    }
}

/// The same field in an object below the endpoint.
fn nested_in<'t>(endpoint: Node<'t>, name: &str) -> Option<(&'t str, Node<'t>)> {
    endpoint.members().find_map(|(key, value)| Some((key, value.get(name)?)))
}

fn misspelt<'t>(endpoint: Node<'t>, name: &str, misspellings: &[&str]) -> Option<Node<'t>> {
    let simple =
        |key: &str| key.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    endpoint.members().find_map(|(key, value)| {
        let key = simple(key);
        (key == simple(name) || misspellings.contains(&&*key)).then_some(value)
    })
}

fn types_problem(value: Node<'_>) -> Option<String> {
    if !value.is_array() {
        return Some(format!("allowedMimeTypes is {}, not an array", kind_of(value)));
    }
    if value.is_empty() {
        return Some("allowedMimeTypes is empty, so nothing can be uploaded".to_owned());
    }
    let is_type = |text: &str| {
        text.split_once('/').is_some_and(|(kind, subtype)| !kind.is_empty() && !subtype.is_empty())
    };
    value.items().enumerate().find(|(_, item)| !item.as_str().is_some_and(is_type)).map(|(index, item)| {
        let shown = item.as_str().map_or_else(|| kind_of(item).to_owned(), |text| format!("`{text}`"));
        format!("allowedMimeTypes[{index}] is {shown}, not a MIME type")
    })
}

fn size_problem(value: Node<'_>) -> Option<String> {
    let Some(size) = value.as_f64() else {
        return Some(format!("maxSizeMb is {}, not a number", kind_of(value)));
    };
    (size <= 0.0)
        .then(|| format!("maxSizeMb is {}, not more than 0", value.number_text().unwrap_or_default()))
}

/// Within what the scope manifest says the platform supports (S4-29).
fn platform_limits(input: &GateInput<'_>, endpoint: &Endpoint<'_>, value: Node<'_>, report: &mut GateReport) {
    let Some(scope) = input.scope() else { return };
    let at = endpoint.place(value);
    if let Some(supported) = scope.mime_types.as_ref().filter(|_| value.is_array()) {
        for item in value.items() {
            let Some(mime) = item.as_str() else { continue };
            if !supported.iter().any(|one| one.text == mime) {
                let message = format!(
                    "(fileUpload=true) allowedMimeTypes has {mime}, which platformConstraints of the scope manifest do not support"
                );
                report.fail(input, &codes::UPLOAD_LIMITS, endpoint, endpoint.place(item), &message);
            }
        }
    }
    if let (Some((bytes_max, _)), Some(size)) = (scope.upload_bytes_max, value.as_f64()) {
        // Sizes are far below 2^53, so the comparison in floats is exact.
        #[expect(clippy::cast_precision_loss, reason = "upload sizes are far below 2^53 bytes")]
        let max = bytes_max as f64;
        if size * MEGABYTE > max {
            let message = format!(
                "(fileUpload=true) maxSizeMb is {size}, more than the {bytes_max} bytes of platformConstraints"
            );
            report.fail(input, &codes::UPLOAD_LIMITS, endpoint, at, &message);
        }
    }
}
