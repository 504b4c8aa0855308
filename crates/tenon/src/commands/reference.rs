//! `tenon reference` (hidden): the pages of the documentation that are made from the program.
//!
//! `cargo xtask generate` writes them; a test fails when they differ from what stands in `docs/`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

use clap::{Arg, Command, CommandFactory};
use tenon_checks::Profile;
use tenon_compare::{Class, Effect, FailOn, judge};
use tenon_graph::Tier;

use crate::Exit;
use crate::catalogue::{ALL, Entry};
use crate::cli;
use crate::config;
use crate::disk;
use crate::failure::{Failure, Outcome};
use crate::terminal::Terminal;

/// `tenon reference`, as typed.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Folder of the documentation.
    #[arg(default_value = "docs")]
    pub folder: PathBuf,
    /// Only say which pages differ.
    #[arg(long)]
    pub check: bool,
}

/// Writes or compares.
pub fn run(arguments: &Arguments, terminal: &Terminal) -> Outcome {
    let mut different = Vec::new();
    let pages = pages()?;
    for (name, text) in &pages {
        let path = arguments.folder.join(name);
        if std::fs::read_to_string(&path).is_ok_and(|found| found == *text) {
            continue;
        }
        different.push(disk::shown(&path));
        if !arguments.check {
            if let Some(folder) = path.parent() {
                std::fs::create_dir_all(folder)
                    .map_err(|error| Failure::file(&disk::shown(folder), "make", &error))?;
            }
            disk::write(&path, text.as_bytes())?;
        }
    }
    for path in stale(arguments, &pages) {
        different.push(format!("{} (of no rule any more)", disk::shown(&path)));
        if !arguments.check {
            std::fs::remove_file(&path)
                .map_err(|error| Failure::file(&disk::shown(&path), "remove", &error))?;
        }
    }
    let did = if arguments.check { "differs" } else { "wrote" };
    for path in &different {
        terminal.complain(&format!("{did}: {path}\n"));
    }
    Ok(if arguments.check && !different.is_empty() { Exit::Findings } else { Exit::Clean })
}

/// Pages of rules that are no more.
fn stale(arguments: &Arguments, pages: &BTreeMap<String, String>) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(arguments.folder.join("rules")) else { return Vec::new() };
    let mut stale: Vec<PathBuf> = entries
        .flatten()
        .filter(|entry| {
            let name = entry.file_name().to_string_lossy().into_owned();
            // Other pages may stand beside those of the rules.
            let id = name.strip_suffix(".md").unwrap_or_default();
            let is_rule = id.ends_with(|last: char| last.is_ascii_digit());
            is_rule && !pages.contains_key(&format!("rules/{name}"))
        })
        .map(|entry| entry.path())
        .collect();
    stale.sort();
    stale
}

/// Every page by its path below the documentation's folder.
fn pages() -> Result<BTreeMap<String, String>, Failure> {
    let mut pages = BTreeMap::new();
    for entry in ALL.values() {
        pages.insert(format!("rules/{}.md", entry.code.id), rule_page(entry));
    }
    pages.insert("rules/README.md".to_owned(), rule_index());
    pages.insert("rules/other-tools.md".to_owned(), other_tools());
    pages.insert("rules/other-tools-diff.md".to_owned(), changes_of_other_tools());
    pages.insert("compatibility.md".to_owned(), compatibility());
    pages.insert("cli.md".to_owned(), cli_page());
    pages.insert("config.md".to_owned(), config::page());
    pages.insert("policies.md".to_owned(), tenon_gateway::policies_page());
    let mut schema =
        serde_json::to_string_pretty(&config::schema()).map_err(|error| Failure::bug(error.to_string()))?;
    schema.push('\n');
    pages.insert("schemas/tenon.toml.schema.json".to_owned(), schema);
    Ok(pages)
}

/// A rule's page: what its author wrote, with its levels and aliases below the title.
fn rule_page(entry: &Entry) -> String {
    let (title, rest) = entry.page().split_once('\n').unwrap_or((entry.page(), ""));
    let level = |profile| entry.level(profile).as_str();
    if let Some(what) = entry.effect {
        let mut out = format!("{title}\n\nA kind of change, found by `tenon diff`: {}.\n", effect(what));
        if !entry.code.aliases.is_empty() {
            let names: Vec<String> = entry.code.aliases.iter().map(|alias| format!("`{alias}`")).collect();
            let _ = write!(out, "\nAlso known as {}.\n", names.join(", "));
        }
        out.push_str(rest);
        return out;
    }
    let mut out = format!(
        "{title}\n\n| minimal | recommended | strict |\n|---|---|---|\n| {} | {} | {} |\n",
        level(Profile::Minimal),
        level(Profile::Recommended),
        level(Profile::Strict)
    );
    if !entry.code.aliases.is_empty() {
        let names: Vec<String> = entry.code.aliases.iter().map(|alias| format!("`{alias}`")).collect();
        let _ = write!(out, "\nAlso known as {}.\n", names.join(", "));
    }
    out.push_str(rest);
    out
}

fn rule_index() -> String {
    let mut out = String::from(
        "# Rules\n\nWritten by `cargo xtask generate`; do not edit. Levels are those of the profiles \
         `minimal`, `recommended` and `strict`. What other tools call them stands in \
         [other-tools.md](other-tools.md).\n\n| rule | name | finds | minimal | recommended | strict |\n\
         |---|---|---|---|---|---|\n",
    );
    for entry in ALL.values() {
        let code = entry.code;
        if let Some(what) = entry.effect {
            let finds = code.summary.replace('|', "\\|");
            let class = effect(what);
            let _ = writeln!(out, "| [{id}]({id}.md) | {} | {finds} | {class} |||", code.name, id = code.id);
            continue;
        }
        let level = |profile| entry.level(profile).as_str();
        let _ = writeln!(
            out,
            "| [{id}]({id}.md) | {} | {} | {} | {} | {} |",
            code.name,
            code.summary.replace('|', "\\|"),
            level(Profile::Minimal),
            level(Profile::Recommended),
            level(Profile::Strict),
            id = code.id,
        );
    }
    out
}

/// What the rules of Spectral and Redocly are called here.
fn other_tools() -> String {
    let head = "# Rules of other tools\n\nWritten by `cargo xtask generate`; do not edit.\n\nEvery rule of \
                Spectral's `oas` and `asyncapi` rule sets and every rule of Redocly's for OpenAPI, what does \
                the same here, and how it differs; where nothing does, why. `tenon check --config-from FILE` takes the levels of \
                a `.spectral.yaml` or `redocly.yaml` over.\n\n";
    format!("{head}{}", tenon_checks::rule_sets::peers_table().trim_end()) + "\n"
}

/// What the checks of oasdiff and buf are called here.
fn changes_of_other_tools() -> String {
    let mut out = String::from(
        "# Changes that other tools find\n\nWritten by `cargo xtask generate`; do not edit.\n\nEvery check of \
         oasdiff and every rule of `buf breaking`, what finds the same in `tenon diff`, and how it differs; \
         where nothing does, why. A test holds the tables to the frozen lists of both tools. `tenon explain \
         oasdiff:NAME` and `--only buf:NAME` understand these names.\n\n| tool | checks | done |\n|---|--:|--:|\n",
    );
    let tables = tenon_compare::peers::TABLES;
    for table in tables {
        let done = table.peers.iter().filter(|peer| !peer.here.is_empty()).count();
        let _ = writeln!(out, "| {} | {} | {done} |", table.title, table.peers.len());
    }
    for table in tables {
        let _ = write!(out, "\n## {}\n\n| there | here | note |\n|---|---|---|\n", table.title);
        for peer in table.peers {
            let here: Vec<String> = peer.here.iter().map(|id| format!("[{id}]({id}.md)")).collect();
            let note = peer.note.replace('|', "\\|");
            let _ = writeln!(out, "| `{}` | {} | {note} |", peer.id, here.join(", "));
        }
    }
    out
}

/// The compatibility policy: what each class of change means under each tier, and what is required.
fn compatibility() -> String {
    let mut out = String::from(COMPATIBILITY);
    for class in Class::ALL {
        let level = |tier| judge(class, Some(tier), FailOn::Breaking).level.as_str();
        let required = match class {
            Class::Breaking => {
                "`tenon diff` passes, or the change is approved or recorded (`removals`, `deltas`) with reason and \
                 owner; a major version; of a removal, deprecation and sunset first; `tenon freeze`"
            }
            Class::Behaviour => "a note in the changelog; a minor version; `tenon freeze`",
            Class::Additive => "a minor version; `tenon freeze`",
            Class::Docs => "a patch version",
        };
        let _ = writeln!(
            out,
            "| `{}` | {} | {} | {} | {required} |",
            class.as_str(),
            level(Tier::Stable),
            level(Tier::Experimental),
            level(Tier::Internal)
        );
    }
    out.push_str(COMPATIBILITY_REST);
    for area in tenon_compare::AREAS {
        let _ = write!(out, "\n## {}\n\n| rule | name | what it does |\n|---|---|---|\n", area.name);
        for rule in area.rules {
            let id = rule.code.id;
            let _ = writeln!(out, "| [{id}](rules/{id}.md) | {} | {} |", rule.code.name, effect(rule.effect));
        }
    }
    out
}

/// What a kind of change does, and so how grave it is.
#[must_use]
pub fn effect(effect: Effect) -> &'static str {
    match effect {
        Effect::Narrows => "fewer messages are right: breaking in requests, additive in responses",
        Effect::Widens => "more messages are right: breaking in responses, additive in requests",
        Effect::Breaks => "breaking",
        Effect::Behaves => "behaviour",
        Effect::Adds => "additive",
        Effect::Documents => "docs",
    }
}

const COMPATIBILITY: &str = "\
# Compatibility policy

Written by `cargo xtask generate`; do not edit. This is the policy that `tenon diff` holds contracts
to (S1-68): the classes of change, what each means under each tier, and what is required of it. Every
kind of change has a class by the table of its rules, so that none is unclassified.

| class | stable | experimental | internal | required |
|---|---|---|---|---|
";

const COMPATIBILITY_REST: &str = "
An error fails the comparison (exit status 1), a warning and an info do not. `fail-on` in the table
`diff` of `tenon.toml` moves the line: with `behaviour`, changes of that class are errors in stable
contracts too. A contract that names no tier is stable, unless `tier` says otherwise.

What is removed is announced first: deprecated for 90 days, with a sunset at least 180 days after the
announcement (`announced-days`, `sunset-days`); what was removed after its sunset is no break. A
protobuf field that goes leaves its number and name `reserved`; no approval of the removal stands for
that.
";

/// The command line, from the list that parses it.
fn cli_page() -> String {
    let mut out = String::from(
        "# Command line\n\nWritten by `cargo xtask generate`; do not edit.\n\nThe exit status of every \
         command is 0 when there is nothing to report, 1 when there are findings at or above the \
         failing level, and 2 when the input or the arguments cannot be used.\n",
    );
    let whole = cli::Arguments::command();
    for command in whole.get_subcommands().filter(|command| !command.is_hide_set()) {
        write_command(&mut out, command);
    }
    out.push_str("\n## Every command\n");
    write_options(&mut out, &whole);
    out
}

fn write_command(out: &mut String, command: &Command) {
    let positionals: Vec<String> = command
        .get_positionals()
        .map(|argument| {
            let name =
                argument.get_value_names().and_then(|names| names.first()).map_or("", |name| name.as_str());
            let many =
                if argument.get_num_args().is_some_and(|range| range.max_values() > 1) { "…" } else { "" };
            if argument.is_required_set() { format!(" {name}{many}") } else { format!(" [{name}{many}]") }
        })
        .collect();
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    let _ = write!(out, "\n## `tenon {}{}`\n\n{about}\n", command.get_name(), positionals.concat());
    write_options(out, command);
    for nested in command.get_subcommands() {
        let about = nested.get_about().map(ToString::to_string).unwrap_or_default();
        let _ = write!(out, "\n### `tenon {} {}`\n\n{about}\n", command.get_name(), nested.get_name());
        write_options(out, nested);
    }
}

fn write_options(out: &mut String, command: &Command) {
    let shown: Vec<&Arg> = command
        .get_arguments()
        .filter(|argument| {
            !argument.is_hide_set() && !matches!(argument.get_id().as_str(), "help" | "version")
        })
        .collect();
    if shown.is_empty() {
        return;
    }
    out.push_str("\n| argument | meaning |\n|---|---|\n");
    for argument in shown {
        let _ = writeln!(out, "| `{}` | {} |", spelled(argument), meaning(argument));
    }
}

/// An argument as it is typed.
fn spelled(argument: &Arg) -> String {
    let value = argument.get_value_names().and_then(|names| names.first()).map_or("", |name| name.as_str());
    match argument.get_long() {
        None => value.to_owned(),
        Some(long) if argument.get_action().takes_values() => format!("--{long} {value}"),
        Some(long) => format!("--{long}"),
    }
}

fn meaning(argument: &Arg) -> String {
    let mut out = argument.get_help().map(ToString::to_string).unwrap_or_default();
    if !out.ends_with(['.', ']']) {
        out.push('.');
    }
    let values: Vec<String> = argument
        .get_possible_values()
        .iter()
        .filter(|value| !value.is_hide_set())
        .map(|value| format!("`{}`", value.get_name()))
        .collect();
    if argument.get_action().takes_values() && !values.is_empty() {
        let _ = write!(out, " One of {}.", values.join(", "));
    }
    let defaults: Vec<String> =
        argument.get_default_values().iter().map(|value| format!("`{}`", value.to_string_lossy())).collect();
    if argument.get_action().takes_values() && !defaults.is_empty() {
        let _ = write!(out, " Default: {}.", defaults.join(", "));
    }
    out.replace('|', "\\|")
}
