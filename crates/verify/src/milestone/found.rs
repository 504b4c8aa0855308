//! Looking and running: each check once, whatever is bound to it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::globs::Globs;
use super::model::{Check, How, Milestone, Name};
use super::repository::{Facts, Played, Ran, Repository, Said};
use super::verdict::CheckResult;

/// Most findings one check tells, a count; the evidence has them all.
const SAID_MAX: usize = 20;

/// Largest file that is searched for a text, in bytes: larger ones are data.
const SEARCHED_BYTES_MAX: usize = 4 * 1024 * 1024;

/// The native contract of a folder.
const CONTRACT: &str = "contract.yaml";

/// Words of the lines that say why a command failed.
const GRAVE: &[&str] = &["error", "FAIL", "fatal"];

/// What is taken for written.
#[derive(Debug, Clone, Copy)]
pub struct Seen<'s> {
    /// Documents that count as there and current although they may not be.
    pub written: &'s BTreeSet<String>,
    /// What is wrong with each document; `None` while they all count as current.
    pub drifted: Option<&'s Vec<(String, Option<String>)>>,
}

/// What ran.
#[derive(Debug, Default)]
pub struct Log {
    /// Commands: check, command, how it ended.
    pub commands: Vec<(String, Vec<String>, Result<Ran, String>)>,
    /// Scenarios: check, file, how it ended.
    pub scenarios: Vec<(String, String, Result<Played, String>)>,
}

/// Looks and runs, and remembers.
pub struct Finder<'f> {
    milestone: &'f Milestone,
    /// What is asked.
    pub repository: &'f dyn Repository,
    known: BTreeMap<String, CheckResult>,
    log: Log,
}

impl<'f> Finder<'f> {
    /// Nothing is known yet.
    pub fn new(milestone: &'f Milestone, repository: &'f dyn Repository) -> Self {
        Self { milestone, repository, known: BTreeMap::new(), log: Log::default() }
    }

    /// What ran.
    pub fn into_log(self) -> Log {
        self.log
    }

    /// The contracts of the milestone.
    pub fn own_contracts(&self) -> Vec<String> {
        self.milestone.contracts.iter().map(|name| name.text.clone()).collect()
    }

    /// What is known about them.
    ///
    /// # Errors
    /// When they cannot be checked.
    pub fn own_facts(&self) -> Result<Arc<Facts>, String> {
        self.repository.facts(&self.own_contracts())
    }

    /// The files that match a pattern and are not empty.
    ///
    /// # Errors
    /// When there is none, in words.
    pub fn matches(&self, pattern: &Name, seen: &Seen<'_>) -> Result<Vec<String>, String> {
        let globs = Globs::new([pattern.text.as_str()])?;
        let files = self.repository.files().iter().chain(seen.written);
        let found: BTreeSet<&String> = files.filter(|path| globs.is_match(path)).collect();
        if found.is_empty() {
            return Err(format!("`{}` is not there", pattern.text));
        }
        let full = |path: &&String| {
            let is_full = |bytes: Vec<u8>| !bytes.iter().all(u8::is_ascii_whitespace);
            seen.written.contains(*path) || self.repository.read(path).is_ok_and(is_full)
        };
        let full: Vec<String> = found.into_iter().filter(full).cloned().collect();
        if full.is_empty() { Err(format!("`{}` is empty", pattern.text)) } else { Ok(full) }
    }

    /// What comes of a check.
    pub fn check(&mut self, check: &Check, seen: &Seen<'_>) -> CheckResult {
        // What depends on files that are yet to be written is looked at each time.
        let lasts = matches!(check.how, How::Rules { .. } | How::Run { .. } | How::Scenario(_));
        if let Some(known) = self.known.get(&check.id.text) {
            return known.clone();
        }
        let (passed, mut said, evidence) = match &check.how {
            How::Rules { contracts, rules } => self.rules(contracts, rules.as_deref()),
            How::Files(files) => self.files(files, seen),
            How::Absent(files) => self.absent(files, seen),
            How::Text { files, forbid, require, except } => {
                self.text(files, [forbid.as_ref(), require.as_ref()], except)
            }
            How::Run { command, exit } => self.run(&check.id.text, command, *exit),
            How::Scenario(file) => self.scenario(&check.id.text, file),
            How::Changes { since, allow, forbid } => self.changes(since, allow, forbid, seen),
            How::Documents => self.drifted(seen),
            How::Nothing => (false, vec!["it says nothing that could be checked".to_owned()], Vec::new()),
        };
        let count = said.len();
        if count > SAID_MAX {
            said.truncate(SAID_MAX);
            said.push(format!("and {} more", count - SAID_MAX));
        }
        let what = check.how.words();
        let result = CheckResult { id: check.id.text.clone(), what, passed, said, evidence };
        if lasts {
            self.known.insert(check.id.text.clone(), result.clone());
        }
        result
    }

    fn rules(&self, contracts: &[Name], rules: Option<&[Name]>) -> Found {
        let paths: Vec<String> = contracts.iter().map(|name| name.text.clone()).collect();
        let facts = match self.repository.facts(&paths) {
            Ok(facts) => facts,
            Err(said) => return (false, vec![said], Vec::new()),
        };
        let mut said = Vec::new();
        if !facts.usable {
            said.push("the contracts cannot be read whole".to_owned());
        }
        let wanted: Option<BTreeSet<&str>> =
            rules.map(|rules| rules.iter().map(|rule| rule.text.as_str()).collect());
        for rule in wanted.iter().flatten() {
            if !self.repository.knows_rule(rule) {
                said.push(format!("there is no rule {rule}"));
            } else if !facts.rules.contains(*rule) {
                said.push(format!("the rule {rule} is switched off and did not run"));
            }
        }
        let ours = |finding: &&Said| {
            finding.level != "info"
                && wanted.as_ref().is_none_or(|wanted| wanted.contains(finding.rule.as_str()))
        };
        said.extend(facts.findings.iter().filter(ours).map(|finding| {
            format!("{} {} {}: {}", finding.place, finding.level, finding.rule, finding.message)
        }));
        let passed = said.is_empty();
        let set_aside = facts.suppressed.iter().filter(|(finding, _)| {
            wanted.as_ref().is_none_or(|wanted| wanted.contains(finding.rule.as_str()))
        });
        said.extend(
            set_aside.map(|(finding, reason)| {
                format!("{} {} is set aside: {reason}", finding.place, finding.rule)
            }),
        );
        (passed, said, self.contract_files(&paths))
    }

    /// The files people know contracts by: those named, and of a folder its `contract.yaml`.
    fn contract_files(&self, paths: &[String]) -> Vec<String> {
        let own = |path: &String| {
            let inside = if path == "." { CONTRACT.to_owned() } else { format!("{path}/{CONTRACT}") };
            if self.repository.files().contains(&inside) { inside } else { path.clone() }
        };
        paths.iter().map(own).collect()
    }

    fn files(&self, patterns: &[Name], seen: &Seen<'_>) -> Found {
        let mut said = Vec::new();
        let mut evidence = BTreeSet::new();
        for pattern in patterns {
            match self.matches(pattern, seen) {
                Ok(files) => evidence.extend(files),
                Err(problem) => said.push(problem),
            }
        }
        (said.is_empty(), said, evidence.into_iter().collect())
    }

    fn absent(&self, patterns: &[Name], seen: &Seen<'_>) -> Found {
        let globs = match Globs::new(patterns.iter().map(|name| name.text.as_str())) {
            Ok(globs) => globs,
            Err(said) => return (false, vec![said], Vec::new()),
        };
        let files = self.repository.files().iter().chain(seen.written);
        let found: BTreeSet<&String> = files.filter(|path| globs.is_match(path)).collect();
        let said: Vec<String> = found.into_iter().map(|path| format!("{path} is there")).collect();
        (said.is_empty(), said, Vec::new())
    }

    fn text(&self, files: &[Name], [forbid, require]: [Option<&Name>; 2], except: &[Name]) -> Found {
        let texts = |names: &[Name]| Globs::new(names.iter().map(|name| name.text.as_str()));
        let expression = |text: Option<&Name>| text.map(|text| regex::Regex::new(&text.text)).transpose();
        let patterns = (texts(files), texts(except), expression(forbid), expression(require));
        let (Ok(globs), Ok(except), Ok(forbid), Ok(wanted)) = patterns else {
            return (false, vec!["its patterns cannot be read".to_owned()], Vec::new());
        };
        let mut said = Vec::new();
        let mut looked_at = 0_usize;
        let mut found_in = Vec::new();
        for path in self.repository.files().iter().filter(|path| globs.is_match(path)) {
            if except.is_match(path) {
                continue;
            }
            looked_at += 1;
            let bytes = match self.repository.read(path) {
                Ok(bytes) => bytes,
                Err(problem) => {
                    said.push(problem);
                    continue;
                }
            };
            if bytes.len() > SEARCHED_BYTES_MAX {
                said.push(format!("{path} has more than {SEARCHED_BYTES_MAX} bytes and was not searched"));
                continue;
            }
            let text = String::from_utf8_lossy(&bytes);
            if wanted.as_ref().is_some_and(|wanted| wanted.is_match(&text)) {
                found_in.push(path.clone());
            }
            for (line, content) in text.lines().enumerate().filter(|_| forbid.is_some()) {
                if let Some(found) = forbid.as_ref().and_then(|forbid| forbid.find(content)) {
                    said.push(format!("{path}:{}: `{}`", line + 1, found.as_str()));
                }
            }
        }
        if looked_at == 0 {
            said.push("there is no file to search".to_owned());
        } else if let (Some(require), true) = (require, found_in.is_empty()) {
            said.push(format!("no file has `{}`", require.text));
        }
        (said.is_empty(), said, found_in)
    }

    fn run(&mut self, id: &str, command: &[String], exit: i64) -> Found {
        let ran = self.repository.run(command);
        let (passed, said) = match &ran {
            Err(said) => (false, vec![said.clone()]),
            Ok(ran) if ran.status.map(i64::from) == Some(exit) => (true, Vec::new()),
            Ok(ran) => {
                let how =
                    ran.status.map_or_else(|| "a signal".to_owned(), |status| format!("status {status}"));
                let mut said = vec![format!("it ended with {how} where {exit} is wanted")];
                let lines =
                    || ran.stderr.lines().chain(ran.stdout.lines()).filter(|line| !line.trim().is_empty());
                let grave = |line: &&str| GRAVE.iter().any(|word| line.contains(word));
                let some = lines().any(|line| grave(&line));
                said.extend(lines().filter(|line| !some || grave(line)).take(SAID_MAX).map(str::to_owned));
                (false, said)
            }
        };
        self.log.commands.push((id.to_owned(), command.to_vec(), ran));
        (passed, said, vec![format!("commands/{id}.txt")])
    }

    fn scenario(&mut self, id: &str, file: &Name) -> Found {
        let played = self.repository.play(&file.text, &self.own_contracts());
        let (passed, said) = match &played {
            Err(said) => (false, vec![said.clone()]),
            Ok(played) if played.passed => (true, Vec::new()),
            Ok(played) => (false, played.said.clone()),
        };
        self.log.scenarios.push((id.to_owned(), file.text.clone(), played));
        (passed, said, vec![file.text.clone(), format!("scenarios/{id}.json")])
    }

    fn changes(
        &self,
        since: &str,
        allow: &[(String, Vec<Name>)],
        forbid: &[(String, Vec<Name>)],
        seen: &Seen<'_>,
    ) -> Found {
        let rows = match self.classes(since, allow, forbid, seen) {
            Ok(rows) => rows,
            Err(said) => return (false, vec![said], Vec::new()),
        };
        let said: Vec<String> = rows
            .iter()
            .filter_map(|(path, class)| match class {
                Class::Allowed(_) => None,
                Class::Forbidden(class) => Some(format!("{path} is {class}")),
                Class::None => Some(format!("{path} is of no class")),
            })
            .collect();
        (said.is_empty(), said, Vec::new())
    }

    /// Each changed file with its class.
    ///
    /// # Errors
    /// When it cannot be told what changed.
    pub fn classes(
        &self,
        since: &str,
        allow: &[(String, Vec<Name>)],
        forbid: &[(String, Vec<Name>)],
        seen: &Seen<'_>,
    ) -> Result<Vec<(String, Class)>, String> {
        let changed: BTreeSet<String> = if since.is_empty() {
            self.repository.files().iter().cloned().collect()
        } else {
            self.repository.changed(since)?.into_iter().collect()
        };
        let compile = |classes: &[(String, Vec<Name>)]| -> Result<Vec<(String, Globs)>, String> {
            let one = |(class, names): &(String, Vec<Name>)| {
                Ok((class.clone(), Globs::new(names.iter().map(|name| name.text.as_str()))?))
            };
            classes.iter().map(one).collect()
        };
        let (allow, forbid) = (compile(allow)?, compile(forbid)?);
        let class = |path: &str| {
            let hit = |classes: &[(String, Globs)]| {
                classes.iter().find(|(_, globs)| globs.is_match(path)).map(|(class, _)| class.clone())
            };
            match (hit(&forbid), hit(&allow)) {
                (Some(class), _) => Class::Forbidden(class),
                (None, Some(class)) => Class::Allowed(class),
                (None, None) => Class::None,
            }
        };
        let all: BTreeSet<String> = changed.into_iter().chain(seen.written.iter().cloned()).collect();
        Ok(all.into_iter().map(|path| (path.clone(), class(&path))).collect())
    }

    fn drifted(&self, seen: &Seen<'_>) -> Found {
        let wrong =
            seen.drifted.into_iter().flatten().filter_map(|(path, said)| Some((path, said.as_ref()?)));
        let said: Vec<String> = wrong.map(|(path, said)| format!("{path} {said}")).collect();
        let paths = self.milestone.documents.iter().map(|document| document.path.text.clone());
        (said.is_empty(), said, paths.collect())
    }

    /// Each document, and whether it is current.
    pub fn documents(&self, seen: &Seen<'_>) -> Vec<(String, bool)> {
        let wrong = |path: &str| {
            seen.drifted.into_iter().flatten().any(|(other, said)| other == path && said.is_some())
        };
        let paths = self.milestone.documents.iter().map(|document| document.path.text.clone());
        paths.map(|path| (path.clone(), !wrong(&path))).collect()
    }

    /// Each operation of a kind, and whether some rules found nothing in it.
    ///
    /// # Errors
    /// When the contracts cannot be checked, or a rule did not run.
    pub fn clean_operations(&self, kind: &str, rules: &[Name]) -> Result<Vec<(String, bool)>, String> {
        let facts = self.own_facts()?;
        if let Some(rule) = rules.iter().find(|rule| !facts.rules.contains(&rule.text)) {
            return Err(format!("the rule {} did not run", rule.text));
        }
        let ours =
            |finding: &&Said| finding.level != "info" && rules.iter().any(|rule| rule.text == finding.rule);
        let findings: Vec<&Said> = facts.findings.iter().filter(ours).collect();
        let wanted = facts.operations.iter().filter(|operation| match kind {
            "mutating" => operation.mutating,
            "reading" => !operation.mutating,
            "billable" => operation.billable,
            "consented" => operation.consented,
            _ => true,
        });
        let mut members: Vec<(String, bool)> = wanted
            .map(|operation| {
                let about = |finding: &&&Said| {
                    let named = finding.operation.as_deref();
                    named.is_some_and(|name| name == operation.id || name == operation.label)
                };
                (operation.id.clone(), !findings.iter().any(|finding| about(&finding)))
            })
            .collect();
        // What a rule finds outside every operation is about all of them; it must not be lost.
        members.extend(
            findings
                .iter()
                .filter(|finding| finding.operation.is_none())
                .map(|finding| (finding.place.clone(), false)),
        );
        Ok(members)
    }
}

/// Whether it passed, what was found, and what shows it.
type Found = (bool, Vec<String>, Vec<String>);

/// What a changed file is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Class {
    /// It may change.
    Allowed(String),
    /// It must not.
    Forbidden(String),
    /// Nothing says what it is.
    None,
}
