//! SC19 `unclassified-crud-endpoint`.

use tenon_source::{Code, Finding, Level};

use crate::facts::service::services;
use crate::fix;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "SC19",
        name: "unclassified-crud-endpoint",
        summary: "A standard operation on an entity has no `crudOperation`, or one that its method denies",
        level: Level::Warning,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("unclassified_crud_endpoint.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for facts in services(ctx) {
        for endpoint in &facts.endpoints {
            let present = endpoint.inner(facts.graph, "crudOperation");
            let standard = facts.standard_crud(endpoint);
            let at = endpoint.inner_at(facts.graph, "crudOperation");
            match (&endpoint.service.crud_operation, standard) {
                (Some(said), _) => {
                    let Some(message) = problem(&said.text, endpoint.method()) else { continue };
                    let finding = facts.finding_in(&RULE.code, endpoint, Some(said.at), message);
                    out.push(finding.at_level(Level::Error).with_help(
                        "POST makes (create), GET reads (read), PATCH and PUT change (update), DELETE deletes (delete); \
                         all else is null",
                    ));
                }
                // Other dialects have no such field.
                (None, Some(standard)) if present.is_none() && facts.is_v2() => {
                    let message =
                        format!("this is a standard `{standard}`, and `crudOperation` does not say so");
                    let edit = endpoint.service.contract.and_then(|contract| {
                        fix::append_member(
                            &facts.graph.sources,
                            contract,
                            "crudOperation",
                            &format!("\"{standard}\""),
                        )
                    });
                    let mut finding = facts.finding_in(&RULE.code, endpoint, at, message);
                    finding = finding
                        .with_help(format!("add `\"crudOperation\": \"{standard}\"`, or null if it is not"));
                    if let Some(edit) = edit {
                        finding =
                            finding.with_fix(format!("add `\"crudOperation\": \"{standard}\"`"), vec![edit]);
                    }
                    out.push(finding);
                }
                _ => {}
            }
        }
    }
}

fn problem(said: &str, method: &str) -> Option<String> {
    let methods: &[&str] = match said {
        "create" => &["POST", "PUT"],
        "read" => &["GET", "HEAD"],
        "update" => &["PATCH", "PUT", "POST"],
        "delete" => &["DELETE", "POST"],
        _ => return Some(format!("`{said}` is none of `create`, `read`, `update`, `delete` and null")),
    };
    (!method.is_empty() && !methods.contains(&method))
        .then(|| format!("`{said}` is no operation of {method}"))
}
