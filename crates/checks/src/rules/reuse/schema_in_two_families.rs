//! RE004 `schema-in-two-families`.

use std::collections::BTreeMap;

use tenon_source::{At, Code, Finding, Level};

use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "RE004",
        name: "schema-in-two-families",
        summary: "A schema is in more than one family",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("schema_in_two_families.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let sources = &ctx.graph.sources;
    for register in &ctx.graph.reuse_registers {
        let mut first: BTreeMap<At, (&str, At)> = BTreeMap::new();
        for row in &register.families {
            for place in &row.schemas {
                let Some(target) = place.target else { continue };
                let (family, at) = *first.entry(target).or_insert((row.family.as_str(), place.name.at));
                if at != place.name.at {
                    let message = format!(
                        "`{}` is in the family `{}` and in `{family}`; a schema is in exactly one",
                        place.name.text, row.family.text
                    );
                    let finding = sources.finding_at_value(&RULE.code, place.name.at, message);
                    out.push(
                        finding
                            .with_related(sources.place(at), "first listed here")
                            .with_help("leave it in the family it belongs to"),
                    );
                }
            }
        }
    }
}
