//! SC20 `undocumented-enum-field`.

use tenon_source::{Code, Finding, Level};

use crate::facts::service::EnumProblem;
use crate::facts::service::services;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "SC20",
        name: "undocumented-enum-field",
        summary: "A request field that is an enum column does not document exactly the column's values",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("undocumented_enum_field.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for facts in services(ctx) {
        for endpoint in &facts.endpoints {
            for field in facts.enum_fields(endpoint) {
                let Some(problem) = facts.enum_problem(endpoint, &field) else { continue };
                let values: Vec<String> =
                    field.values.iter().map(|value| format!("'{}'", value.text)).collect();
                let what = match problem {
                    EnumProblem::Undocumented => "its values are not documented".to_owned(),
                    EnumProblem::AnyText => {
                        "it is documented as `z.string()`, which takes any text".to_owned()
                    }
                    EnumProblem::Differs { missing, extra } => differs(&missing, &extra),
                };
                let column = format!("{}.{}", field.table, field.field);
                let message = format!("`{}` is the enum `{column}`, and {what}", field.field);
                out.push(
                    facts
                        .finding_in(&RULE.code, endpoint, Some(field.at), message)
                        .with_related(facts.graph.sources.place(field.column.at), "declared as an enum here")
                        .with_help(format!(
                            "document `z.enum([{}])` in `bodySchema`, `validation` or `notes`",
                            values.join(", ")
                        )),
                );
            }
        }
    }
}

fn differs(missing: &[String], extra: &[String]) -> String {
    let list = |values: &[String]| values.iter().map(|one| format!("`{one}`")).collect::<Vec<_>>().join(", ");
    match (missing.is_empty(), extra.is_empty()) {
        (false, true) => format!("the documented values lack {}", list(missing)),
        (true, false) => format!("the documented values have {}, which the column has not", list(extra)),
        _ => format!("the documented values lack {} and have {} instead", list(missing), list(extra)),
    }
}
