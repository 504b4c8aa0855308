//! Rule levels of other tools: `.spectral.yaml` and `redocly.yaml`.

use std::collections::BTreeMap;

use tenon_checks::Profile;
use tenon_checks::rule_sets::peers::PEERS;
use tenon_source::{FileId, Level, Node, SourceFile};

use crate::catalogue::{self, Entry};
use crate::failure::Failure;

/// What another tool's configuration says, in our words.
#[derive(Debug, Default)]
pub struct ForeignLevels {
    /// The profile that comes nearest to what it extends.
    pub profile: Option<Profile>,
    /// Levels by rule id.
    pub levels: Vec<(&'static str, Level)>,
    /// Its rules that have no counterpart here, in order, with the reason where it is known.
    pub unknown: Vec<String>,
}

/// Reads the rule levels of a Spectral or Redocly configuration.
///
/// # Errors
/// When the text is no configuration of either.
pub fn read_foreign(path: &str, bytes: Vec<u8>) -> Result<ForeignLevels, Failure> {
    let (file, findings) = SourceFile::parse(FileId(0), path, bytes);
    if let Some(finding) = findings.iter().find(|finding| finding.level == Level::Error) {
        let at = file.locate(finding.place.span.start);
        return Err(Failure::at(path, at, &finding.message));
    }
    let root = file.tree.root();
    let is_redocly = ["apis", "theme", "rules", "extends"].iter().any(|key| root.get(key).is_some())
        && path.contains("redocly");
    let prefix = if is_redocly { "redocly" } else { "spectral" };
    if root.get("rules").is_none() && root.get("extends").is_none() {
        return Err(Failure::usage(
            format!(
                "{path} has neither `rules` nor `extends`, so it is no configuration of Spectral or Redocly"
            ),
            "give `--config-from` a `.spectral.yaml` or `redocly.yaml`",
        ));
    }
    let mut out = ForeignLevels { profile: extended(root.get("extends")), ..ForeignLevels::default() };
    // Several of their rules may be one of ours: the gravest level counts.
    let mut levels: BTreeMap<&'static str, Level> = BTreeMap::new();
    for (name, value) in root.get("rules").into_iter().flat_map(Node::members) {
        let level = level(value);
        let ours = counterparts(prefix, name);
        if ours.is_empty() {
            out.unknown.push(left_out(prefix, name));
        }
        for entry in ours {
            let level = level.unwrap_or_else(|| switched_on(entry));
            levels.entry(entry.code.id).and_modify(|set| *set = level.max(*set)).or_insert(level);
        }
    }
    out.levels = levels.into_iter().collect();
    Ok(out)
}

/// The level of a rule that is merely switched on: the one it has here, or, if it is off unless
/// asked for, the one it has for those who ask for everything.
fn switched_on(entry: &Entry) -> Level {
    match entry.code.level {
        Level::Off => entry.level(Profile::Strict),
        level => level,
    }
}

/// Our rules that do what a rule of another tool does.
fn counterparts(prefix: &str, name: &str) -> Vec<&'static Entry> {
    let alias = format!("{prefix}:{name}");
    let peer = PEERS.iter().find(|peer| peer.id == alias);
    let listed = peer.map(|peer| peer.here).unwrap_or_default();
    let is_one =
        |entry: &&Entry| listed.contains(&entry.code.id) || entry.code.aliases.contains(&alias.as_str());
    catalogue::ALL.values().filter(is_one).collect()
}

/// A rule that has no counterpart, with the reason where there is one.
fn left_out(prefix: &str, name: &str) -> String {
    let alias = format!("{prefix}:{name}");
    match PEERS.iter().find(|peer| peer.id == alias && !peer.note.is_empty()) {
        Some(peer) => format!("{name} ({})", peer.note),
        None => name.to_owned(),
    }
}

/// The level a rule is set to; `None` where it is merely switched on.
fn level(value: Node<'_>) -> Option<Level> {
    if let Some(on) = value.as_bool() {
        return (!on).then_some(Level::Off);
    }
    if let Some(number) = value.as_i64() {
        return Some(match number {
            0 => Level::Error,
            1 => Level::Warning,
            2 | 3 => Level::Info,
            _ => Level::Off,
        });
    }
    if let Some(name) = value.as_str() {
        return Level::parse(name);
    }
    level(value.get("severity")?)
}

fn extended(value: Option<Node<'_>>) -> Option<Profile> {
    let value = value?;
    let mut names: Vec<&str> = value.as_str().into_iter().collect();
    names.extend(value.items().filter_map(|item| item.as_str().or_else(|| item.items().next()?.as_str())));
    let all = value.items().any(|item| item.items().nth(1).and_then(Node::as_str) == Some("all"));
    let named = |wanted: &[&str]| names.iter().any(|name| wanted.contains(name));
    if all || named(&["recommended-strict", "all"]) {
        Some(Profile::Strict)
    } else if named(&["minimal"]) {
        Some(Profile::Minimal)
    } else if named(&["recommended", "spectral:oas"]) {
        Some(Profile::Recommended)
    } else {
        None
    }
}
