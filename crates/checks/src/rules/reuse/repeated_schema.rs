//! RE016 `repeated-schema`.

use tenon_source::{Code, Finding, Level};

use crate::facts::reuse::{Families, Form, THRESHOLD};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "RE016",
        name: "repeated-schema",
        summary: "The same schema is written more than once",
        level: Level::Off,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Info,
    doc: include_str!("repeated_schema.md"),
    check,
};

/// Places one finding names, a count: more say nothing new.
const PLACES_MAX: usize = 8;

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    // A register holds its families with a rule of their own.
    if !ctx.graph.reuse_registers.is_empty() {
        return;
    }
    let sources = &ctx.graph.sources;
    let families = Families::of(ctx.graph, ctx.settings.similarity.unwrap_or(THRESHOLD));
    for family in &families.list {
        let mut units = family.members.iter().filter_map(|member| families.units.get(member.unit));
        let Some(first) = units.next().filter(|unit| unit.form != Form::Inline && !unit.is_enum) else {
            continue;
        };
        let how = if family.same { "the same structure" } else { "nearly the same structure" };
        let message = format!("`{}` is written {} times with {how}", first.name, family.members.len());
        let mut finding = sources.finding(&RULE.code, first.at, message);
        for unit in units.take(PLACES_MAX) {
            let what = families.difference(ctx.graph, first, unit).words();
            let what =
                if what.is_empty() { "the same again".to_owned() } else { format!("again, and {what}") };
            finding = finding.with_related(sources.place(unit.at), what);
        }
        out.push(finding.with_help("keep one and refer to it; `tenon reuse` shows all of them"));
    }
}
