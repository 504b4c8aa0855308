//! Markdown to cases.

use std::fmt;

use tenon_compare::{Class, Day};
use tenon_source::Level;

use crate::MemoryFiles;

/// A finding a case expects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected {
    /// File.
    pub file: String,
    /// Line, from 1.
    pub line: u32,
    /// Level.
    pub level: Level,
    /// Rule id.
    pub rule: String,
    /// Words the message must have.
    pub words: String,
}

impl Expected {
    /// Whether this finding, with its message, is what `expected` asks for. The level counts only
    /// where it was said with another word than `error`: a rule's level is the profile's matter,
    /// `error:` marks any finding.
    #[must_use]
    pub fn meets(&self, expected: &Self, message: &str) -> bool {
        self.file == expected.file
            && self.line == expected.line
            && self.rule == expected.rule
            && (expected.level == Level::Error || self.level == expected.level)
            && message.contains(&expected.words)
    }
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{} {}: {} {}", self.file, self.line, self.level.as_str(), self.rule, self.words)
    }
}

/// A change a case expects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpectedChange {
    /// File.
    pub file: String,
    /// Line, from 1.
    pub line: u32,
    /// Whether it is marked in the version before the change.
    pub previous: bool,
    /// How grave it is.
    pub class: Class,
    /// Rule id.
    pub rule: String,
    /// Words the message must have.
    pub words: String,
}

impl fmt::Display for ExpectedChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let version = if self.previous { " (previous)" } else { "" };
        let Self { file, line, class, rule, words, .. } = self;
        write!(f, "{file}:{line}{version} {}: {rule} {words}", class.as_str())
    }
}

/// One case.
#[derive(Debug, Default)]
pub struct Case {
    /// The headings above it, joined.
    pub title: String,
    /// Its files.
    pub files: MemoryFiles,
    /// Its files before the change (fences with `previous`).
    pub previous: MemoryFiles,
    /// What it expects.
    pub expected: Vec<Expected>,
    /// The changes it expects.
    pub changes: Vec<ExpectedChange>,
    /// Whether all rules run (a fence with `rules=all`).
    pub all_rules: bool,
    /// The day versions are compared for (a fence with `today=2026-11-21`).
    pub today: Option<Day>,
}

/// The cases of a Markdown text: one for each heading that has code blocks of contracts.
#[must_use]
pub fn parse_cases(markdown: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    let mut title = String::new();
    let mut case = Case::default();
    let mut block: Option<Block> = None;
    for line in markdown.lines() {
        match (&mut block, line.strip_prefix("```")) {
            (Some(open), Some(_)) => {
                open.finish(&mut case);
                block = None;
            }
            (Some(open), None) => open.line(line),
            (None, Some(info)) => block = Block::open(info),
            (None, None) if line.starts_with('#') => {
                push(&mut cases, std::mem::take(&mut case), &title);
                title = line.trim_start_matches('#').trim().to_owned();
            }
            (None, None) => {}
        }
    }
    push(&mut cases, case, &title);
    cases
}

fn push(cases: &mut Vec<Case>, mut case: Case, title: &str) {
    if !case.files.0.is_empty() || !case.previous.0.is_empty() {
        title.clone_into(&mut case.title);
        cases.push(case);
    }
}

struct Block {
    path: String,
    text: String,
    previous: bool,
    all_rules: bool,
    today: Option<Day>,
    skip: bool,
    expected: Vec<Expected>,
    changes: Vec<ExpectedChange>,
    lines: u32,
}

impl Block {
    /// A block by what follows its opening fence.
    fn open(info: &str) -> Option<Self> {
        let mut words = info.split_whitespace();
        let language = words.next().unwrap_or("");
        let path = match language {
            "yaml" => "openapi.yaml",
            "json" => "openapi.json",
            _ => "",
        };
        let mut block = Self {
            path: path.to_owned(),
            text: String::new(),
            previous: false,
            all_rules: false,
            today: None,
            skip: path.is_empty(),
            expected: Vec::new(),
            changes: Vec::new(),
            lines: 0,
        };
        for word in words {
            match word.split_once('=') {
                Some(("file", path)) => {
                    path.clone_into(&mut block.path);
                    block.skip = false;
                }
                Some(("rules", "all")) => block.all_rules = true,
                Some(("today", day)) => block.today = Day::parse(day),
                _ if word == "previous" => block.previous = true,
                _ if word == "ignore" => block.skip = true,
                _ => {}
            }
        }
        Some(block)
    }

    fn line(&mut self, line: &str) {
        self.lines += 1;
        let json = self.path.ends_with(".json");
        let slashes = json || self.path.ends_with(".proto");
        let mark = if slashes { " // " } else { " # " };
        let mut kept = line;
        // Several marks may stand behind each other.
        while let Some((before, words)) = kept.rsplit_once(mark) {
            if let Some(expected) = self.mark(words) {
                self.expected.push(expected);
            } else if let Some(expected) = self.change_mark(words) {
                self.changes.push(expected);
            } else {
                break;
            }
            kept = before;
        }
        // A comment does not shift a span, so YAML keeps its marks. In Protobuf a comment says
        // something of the element it stands behind.
        self.text.push_str(if slashes { kept.trim_end() } else { line });
        self.text.push('\n');
    }

    fn mark(&self, words: &str) -> Option<Expected> {
        let (level, rest) = words.split_once(": ")?;
        let level = Level::parse(level)?;
        let (rule, words) = rest.split_once(' ').unwrap_or((rest, ""));
        Some(Expected {
            file: self.path.clone(),
            line: self.lines,
            level,
            rule: rule.to_owned(),
            words: words.trim().to_owned(),
        })
    }

    fn change_mark(&self, words: &str) -> Option<ExpectedChange> {
        let (class, rest) = words.split_once(": ")?;
        let class = Class::parse(class)?;
        let (rule, words) = rest.split_once(' ').unwrap_or((rest, ""));
        Some(ExpectedChange {
            file: self.path.clone(),
            line: self.lines,
            previous: self.previous,
            class,
            rule: rule.to_owned(),
            words: words.trim().to_owned(),
        })
    }

    fn finish(&mut self, case: &mut Case) {
        if self.skip {
            return;
        }
        case.all_rules |= self.all_rules;
        case.today = case.today.or(self.today);
        let files = if self.previous { &mut case.previous } else { &mut case.files };
        files.0.insert(std::mem::take(&mut self.path), std::mem::take(&mut self.text).into_bytes());
        case.expected.append(&mut self.expected);
        case.changes.append(&mut self.changes);
    }
}
