//! PB021 `file-not-lower-snake-case`.

use tenon_source::{Code, Finding, Level};

use super::case::lower_snake;
use super::support::{at_span, files};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "PB021",
        name: "file-not-lower-snake-case",
        summary: "The name of a file is not lower_snake_case",
        level: Level::Warning,
        aliases: &["buf:FILE_LOWER_SNAKE_CASE"],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("file_not_lower_snake_case.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for file in files(ctx) {
        let name = file.name.rsplit_once('/').map_or(&*file.name, |(_, name)| name);
        let (stem, ending) = name.rsplit_once('.').unwrap_or((name, "proto"));
        let wanted = lower_snake(stem);
        if stem != wanted {
            let message = format!("file `{name}` is not in lower_snake_case, such as `{wanted}.{ending}`");
            out.push(at_span(&RULE.code, file, None, message));
        }
    }
}
