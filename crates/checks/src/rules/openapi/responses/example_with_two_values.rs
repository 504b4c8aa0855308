//! OA133 `example-with-two-values`.

use tenon_source::{Code, Finding, Level};

use crate::rules::openapi::bodies::examples;
use crate::rules::openapi::support::at;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OA133",
        name: "example-with-two-values",
        summary: "An example says its value in two ways",
        level: Level::Error,
        aliases: &[
            "spectral:oas3-examples-value-or-externalValue",
            "redocly:no-example-value-and-externalValue",
            "redocly:spec-example-values",
        ],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("example_with_two_values.md"),
    check,
};

/// Pairs of which an example may have one. The later three are of OpenAPI 3.2.
const PAIRS: &[(&str, &str)] = &[
    ("value", "externalValue"),
    ("value", "dataValue"),
    ("value", "serializedValue"),
    ("serializedValue", "externalValue"),
];

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for place in ctx.graph.apis.iter().flat_map(|api| examples(ctx, api)) {
        let example = ctx.graph.node(place);
        let both = PAIRS.iter().find_map(|(one, two)| Some((one, two, example.get(one)?, example.get(two)?)));
        let Some((one, two, _, value)) = both else { continue };
        let message = format!("the example has both `{one}` and `{two}`");
        let finding = ctx.graph.sources.finding(&RULE.code, at(place, value), message);
        out.push(finding.with_help("keep one of the two"));
    }
}
