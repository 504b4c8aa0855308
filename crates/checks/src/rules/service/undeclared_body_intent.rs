//! SC06 `undeclared-body-intent`.

use tenon_source::{Code, Finding, Level};

use crate::facts::service::Endpoint;
use crate::facts::service::services;
use crate::{Context, Rule};
use crate::{Settings, fix};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "SC06",
        name: "undeclared-body-intent",
        summary: "An endpoint does not say whether it takes a body, or says what its other fields deny",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("undeclared_body_intent.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for facts in services(ctx) {
        for endpoint in &facts.endpoints {
            let at = endpoint.inner_at(facts.graph, "acceptsBody");
            let Some(problem) = problem(endpoint, ctx.settings) else { continue };
            let mut finding = facts.finding_in(&RULE.code, endpoint, at, problem.message(endpoint));
            finding = finding.with_help(problem.help());
            match problem {
                Problem::Missing => {
                    let reads = endpoint.body_argument().is_some();
                    let edit = endpoint.service.contract.and_then(|contract| {
                        fix::append_member(&facts.graph.sources, contract, "acceptsBody", &reads.to_string())
                    });
                    if let Some(edit) = edit {
                        finding = finding.with_fix(format!("add `\"acceptsBody\": {reads}`"), vec![edit]);
                    }
                }
                Problem::FileOnly => finding = finding.at_level(Level::Info),
                Problem::Denied | Problem::Unread | Problem::Unvalidated => {}
            }
            out.push(finding);
        }
    }
}

/// What is wrong with `acceptsBody`.
#[derive(Clone, Copy)]
enum Problem {
    /// Not there, or no boolean.
    Missing,
    /// `false`, and the body is read.
    Denied,
    /// `true`, and nothing reads the body.
    Unread,
    /// `true`, and nothing validates the body.
    Unvalidated,
    /// Either value is right: a file is a body, but none that is read field by field.
    FileOnly,
}

impl Problem {
    fn message(self, endpoint: &Endpoint<'_>) -> String {
        let read = endpoint.body_argument().map(|argument| argument.name.text.clone()).unwrap_or_default();
        match self {
            Self::Missing => {
                format!(
                    "a {} endpoint must say with `acceptsBody` whether it takes a body",
                    endpoint.method()
                )
            }
            Self::Denied => format!("`acceptsBody` is false, and `{read}` reads the body"),
            Self::Unread => "`acceptsBody` is true, and no route argument reads the body".to_owned(),
            Self::Unvalidated => "`acceptsBody` is true, and no middleware validates the body".to_owned(),
            Self::FileOnly => {
                "the body is the uploaded file alone, so `acceptsBody` says little here".to_owned()
            }
        }
    }

    fn help(self) -> &'static str {
        match self {
            Self::Missing => "add `acceptsBody`: true if the body is read, false for actions without one",
            Self::Denied => "remove every `req.body` from `routeArgs`, or set `acceptsBody` to true",
            Self::Unread => "set `acceptsBody` to false, or pass what is read from the body in `routeArgs`",
            Self::Unvalidated => "add `validateBody` to `middleware`",
            Self::FileOnly => "nothing to mend; pass the other form fields in `routeArgs` if there are any",
        }
    }
}

fn problem(endpoint: &Endpoint<'_>, settings: &Settings) -> Option<Problem> {
    // A contract or arguments that are missing are said to be missing elsewhere.
    endpoint.service.contract?;
    let reads = endpoint.body_argument().is_some();
    match endpoint.service.accepts_body {
        None => endpoint.may_carry_body().then_some(Problem::Missing),
        Some(false) => reads.then_some(Problem::Denied),
        Some(true) if reads => None,
        Some(true) if endpoint.service.route_args.is_none() || endpoint.service.middleware.is_none() => None,
        Some(true) if endpoint.takes_file() => {
            Some(if endpoint.validates_body(settings) { Problem::FileOnly } else { Problem::Unvalidated })
        }
        Some(true) if endpoint.may_carry_body() => Some(Problem::Unread),
        Some(true) => (!endpoint.validates_body(settings)).then_some(Problem::Unvalidated),
    }
}
