//! RE009 `broken-work-package-graph`.

use tenon_source::{Code, Finding, Level};

use crate::facts::reuse::plan::{Mention, Plan};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "RE009",
        name: "broken-work-package-graph",
        summary: "Work packages wait for each other, or for packages that do not exist",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("broken_work_package_graph.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let sources = &ctx.graph.sources;
    for register in &ctx.graph.reuse_registers {
        let plan = Plan::of(register);
        let unknown = |who: &str, mention: &Mention| {
            let message = format!("{who} names `{}`, and there is no such work package", mention.id);
            let finding = sources.finding_at_value(&RULE.code, mention.at, message);
            finding.with_help("correct the id, or add the package to `work_packages`")
        };
        for package in &plan.packages {
            let mentions = package.depends_on.iter().chain(package.enables_said.iter().flatten());
            let who = format!("the work package `{}`", package.id);
            out.extend(mentions.filter(|mention| !mention.known).map(|mention| unknown(&who, mention)));
        }
        for handoff in &register.handoffs {
            let who = format!("the handoff to `{}`", handoff.issue.text);
            let mentions = Plan::read(register, &handoff.consumes);
            out.extend(
                mentions.iter().filter(|mention| !mention.known).map(|mention| unknown(&who, mention)),
            );
        }
        for cycle in &plan.cycles {
            let Some(package) = plan.packages.iter().find(|package| cycle.first() == Some(&package.id))
            else {
                continue;
            };
            let way = cycle.iter().chain(cycle.first()).map(|id| format!("`{id}`"));
            let message =
                format!("work packages wait for each other: {}", way.collect::<Vec<_>>().join(" for "));
            let finding = sources.finding(&RULE.code, package.at, message);
            out.push(finding.with_help("take out the dependency that is not one"));
        }
    }
}
