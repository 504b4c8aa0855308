//! RE013 `reason-code-as-error`.

use std::collections::BTreeMap;

use tenon_graph::{ErrorMapping, Graph};
use tenon_source::{At, Code, Finding, Level};

use super::codes_of;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "RE013",
        name: "reason-code-as-error",
        summary: "A policy reason code is used as an error without a row that maps it",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("reason_code_as_error.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let mappings = ctx.graph.reuse_registers.iter().filter_map(|register| register.error_mapping.as_ref());
    for mapping in mappings {
        hold(ctx.graph, mapping, out);
    }
}

fn hold(graph: &Graph, mapping: &ErrorMapping, out: &mut Vec<Finding>) {
    let sources = &graph.sources;
    let listed = |places: &[tenon_graph::RegisterPlace]| -> BTreeMap<String, At> {
        places.iter().filter_map(|place| place.target).flat_map(|at| codes_of(graph, at)).collect()
    };
    let reasons = listed(&mapping.reasons);
    let errors = if mapping.errors.is_empty() { catalogue(graph) } else { listed(&mapping.errors) };
    let is_mapped = |code: &str| mapping.rows.iter().any(|(reason, _)| reason.text == code);
    for (code, at) in errors.iter().filter(|(code, _)| reasons.contains_key(*code) && !is_mapped(code)) {
        let message =
            format!("`{code}` is a policy reason code and an error; no row maps the one to the other");
        let mut finding = sources.finding(&RULE.code, *at, message);
        if let Some(reason) = reasons.get(code) {
            finding = finding.with_related(sources.place(*reason), "the reason code");
        }
        out.push(
            finding.with_help(
                "give the error a name of its own, and map the reason to it in `error_mapping.rows`",
            ),
        );
    }
    for (reason, error) in &mapping.rows {
        if !reasons.contains_key(&reason.text) {
            let message = format!("`{}` is mapped, and no catalogue of reason codes has it", reason.text);
            out.push(
                sources
                    .finding(&RULE.code, reason.at, message)
                    .with_help("correct the code, or take the row out"),
            );
        }
        if !errors.contains_key(&error.text) {
            let message =
                format!("`{}` is mapped to `{}`, which is no error that is known", reason.text, error.text);
            out.push(
                sources
                    .finding_at_value(&RULE.code, error.at, message)
                    .with_help("correct the error, or add it to the catalogue"),
            );
        }
    }
}

/// The error catalogues of the contracts, and the values of their protobuf error enums.
fn catalogue(graph: &Graph) -> BTreeMap<String, At> {
    let mut out: BTreeMap<String, At> =
        graph.errors.iter().map(|error| (error.code.text.clone(), error.at)).collect();
    let proto = &graph.protobuf;
    let enums = graph.contracts.iter().filter_map(|contract| contract.rpc.as_ref()?.errors.as_ref());
    for id in enums.filter_map(|name| proto.find_enum(&name.text)) {
        let values = proto.values_of(proto.enumeration(id).values);
        out.extend(values.iter().map(|value| (value.name.to_string(), value.at)));
    }
    out
}
