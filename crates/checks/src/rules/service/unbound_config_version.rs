//! SC22 `unbound-config-version`.

use tenon_source::{Code, Finding, Level};

use crate::facts::service::services;
use crate::facts::service::{Endpoint, ServiceFacts};
use crate::facts::words::{has_word, speaks_of};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "SC22",
        name: "unbound-config-version",
        summary: "The notes do not bind a configuration column to the version beside it",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("unbound_config_version.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for facts in services(ctx) {
        for endpoint in &facts.endpoints {
            if facts.changes_config(endpoint) {
                version_bump(&facts, endpoint, out);
            } else if facts.model.is_some() && facts.takes_snapshot(endpoint) {
                snapshot(&facts, endpoint, out);
            }
        }
    }
}

fn version_bump(facts: &ServiceFacts<'_>, endpoint: &Endpoint<'_>, out: &mut Vec<Finding>) {
    let notes = endpoint.notes();
    let is_said = |version: &str| {
        has_word(notes, version)
            && speaks_of(notes, &["increment", "bump", "increase"])
            && speaks_of(notes, &["transaction", "atomic"])
    };
    let pairs = facts.config_pairs(endpoint);
    let unsaid: Vec<_> = pairs.into_iter().filter(|(_, version)| !is_said(&version.name.text)).collect();
    let Some((first, _)) = unsaid.first() else { return };
    let list: Vec<String> = unsaid
        .iter()
        .map(|(config, version)| format!("`{}` with `{}`", config.name.text, version.name.text))
        .collect();
    let message = format!(
        "the notes do not say that a change of the configuration increments its version in the same transaction: {}",
        list.join(", ")
    );
    let (config, version) = unsaid.first().map_or(("", ""), |(a, b)| (&a.name.text, &b.name.text));
    let at = endpoint.inner_at(facts.graph, "notes");
    out.push(
        facts
            .finding_in(&RULE.code, endpoint, at, message)
            .with_related(facts.graph.sources.place(first.at), "a configuration with a version beside it")
            .with_help(format!(
                "add to `notes`: \"Changing {config} increments {version} in the same transaction\", for each pair"
            )),
    );
}

fn snapshot(facts: &ServiceFacts<'_>, endpoint: &Endpoint<'_>, out: &mut Vec<Finding>) {
    let notes = endpoint.notes();
    let tables = facts.model.into_iter().flat_map(|model| &model.tables);
    let pairs: Vec<_> = tables.flat_map(|table| table.behavioural_columns()).collect();
    let named: Vec<_> = pairs.iter().filter(|(config, _)| has_word(notes, &config.name.text)).collect();
    let at = endpoint.inner_at(facts.graph, "notes");
    let help = "list every configuration and version that the snapshot holds, by the names in the data model";
    if named.is_empty() {
        let message = "the notes speak of a snapshot and name none of the columns it holds";
        out.push(facts.finding_in(&RULE.code, endpoint, at, message).with_help(help));
        return;
    }
    let unversioned = named.iter().find(|(_, version)| !has_word(notes, &version.name.text));
    if let Some((config, version)) = unversioned {
        let message = format!(
            "the snapshot holds `{}`, and the notes do not name its version `{}`",
            config.name.text, version.name.text
        );
        out.push(facts.finding_in(&RULE.code, endpoint, at, message).with_help(help));
    }
}
