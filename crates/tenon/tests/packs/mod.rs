//! A pack in memory: read as it stands, changed in one place, and asked what that breaks.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use tenon_compare::Change;
use tenon_graph::{Event, Graph, Operation, Surface};
use tenon_testkit::{MemoryFiles, changes_of, graph_of, run_files};

/// Where a pack stands.
pub fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../contracts").join(name)
}

/// The files of a pack.
pub struct Pack(MemoryFiles);

impl Pack {
    /// The pack as it stands.
    pub fn new(name: &str) -> Self {
        let mut files = MemoryFiles::default();
        add(&mut files, &folder(name), &folder(name));
        Self(files)
    }

    /// The paths in a folder of the pack.
    pub fn names(&self, folder: &str) -> BTreeSet<String> {
        let names = self.0.0.keys().filter_map(|path| path.strip_prefix(&format!("{folder}/")));
        names.map(str::to_owned).collect()
    }

    /// The text of a file.
    pub fn text(&self, path: &str) -> String {
        let bytes = self.0.0.get(path).unwrap_or_else(|| panic!("the pack has no {path}"));
        String::from_utf8(bytes.clone()).expect("text")
    }

    /// A file of JSON.
    pub fn json(&self, path: &str) -> serde_json::Value {
        serde_json::from_str(&self.text(path)).expect("JSON")
    }

    /// Writes a file.
    pub fn put(&mut self, path: &str, text: impl Into<String>) {
        self.0.0.insert(path.to_owned(), text.into().into_bytes());
    }

    /// Writes a file of JSON.
    pub fn put_json(&mut self, path: &str, value: &serde_json::Value) {
        self.put(path, value.to_string());
    }

    /// Changes a file of JSON.
    pub fn edit(&mut self, path: &str, change: impl FnOnce(&mut serde_json::Value)) {
        let mut value = self.json(path);
        change(&mut value);
        self.put_json(path, &value);
    }

    /// Takes a file out.
    pub fn remove(&mut self, path: &str) -> String {
        let text = self.text(path);
        self.0.0.remove(path);
        text
    }

    /// Replaces the first `from` of a file.
    pub fn replace(&mut self, path: &str, from: &str, to: &str) {
        let text = self.text(path);
        assert!(text.contains(from), "{path} has no {from:?}");
        self.put(path, text.replacen(from, to, 1));
    }

    /// Replaces text in the contract.
    pub fn contract(&mut self, from: &str, to: &str) {
        self.replace("contract.yaml", from, to);
    }

    /// The block of an entry below a section of the contract, such as an operation.
    fn block(&self, section: &str, id: &str) -> (String, String, String) {
        let text = self.text("contract.yaml");
        let start = text.find(&format!("\n{section}:\n")).expect("the section is there") + 1;
        let at = text[start..].find(&format!("\n  {id}:")).expect("the entry is there") + start + 1;
        let own = |line: &str| line.starts_with("   ") || line.trim().is_empty();
        let mut end = at + text[at..].find('\n').expect("a line") + 1;
        for line in text[end..].split_inclusive('\n').take_while(|line| own(line)) {
            end += line.len();
        }
        (text[..at].to_owned(), text[at..end].to_owned(), text[end..].to_owned())
    }

    /// Takes an entry of a section of the contract out.
    pub fn without(&mut self, section: &str, id: &str) {
        let (before, _, after) = self.block(section, id);
        self.put("contract.yaml", before + &after);
    }

    /// Replaces text in one entry of a section.
    pub fn in_entry(&mut self, section: &str, id: &str, from: &str, to: &str) {
        let (before, block, after) = self.block(section, id);
        assert!(block.contains(from), "{id} has no {from:?}");
        self.put("contract.yaml", before + &block.replacen(from, to, 1) + &after);
    }

    /// Replaces text in one operation.
    pub fn operation(&mut self, id: &str, from: &str, to: &str) {
        self.in_entry("operations", id, from, to);
    }

    /// Adds entries to a section.
    pub fn with(&mut self, section: &str, entries: &str) {
        self.contract(&format!("\n{section}:\n"), &format!("\n{section}:\n{entries}\n"));
    }

    /// What the rules whose ids begin so say of it, and the readers: `id message`, and the file.
    pub fn told(&self, rules: &str) -> BTreeSet<String> {
        let outcome = run_files(&self.0, None, &|id| id.starts_with(rules));
        let file = |finding: &tenon_source::Finding| {
            outcome.graph.sources.get(finding.place.file).map(|file| file.path.clone()).unwrap_or_default()
        };
        let line = |finding| {
            let finding: &tenon_source::Finding = finding;
            format!("{} {} in {}", finding.code.id, finding.message, file(finding))
        };
        outcome.findings.iter().map(line).collect()
    }

    /// Its graph.
    pub fn graph(&self) -> Graph {
        graph_of(&self.0).0
    }
}

fn add(files: &mut MemoryFiles, root: &Path, folder: &Path) {
    for entry in std::fs::read_dir(folder).expect("the pack is there") {
        let path = entry.expect("an entry").path();
        let wanted = path.extension().is_some_and(|extension| extension == "json" || extension == "yaml");
        if path.is_dir() {
            add(files, root, &path);
        } else if wanted {
            let name = path.strip_prefix(root).expect("below").to_string_lossy().replace('\\', "/");
            files.0.insert(name, std::fs::read(&path).expect("a file"));
        }
    }
}

/// Holds a change of a pack to what it must break: the rule, with these words. The pack as it
/// stands breaks nothing of the kind.
#[track_caller]
pub fn breaks(name: &str, change: impl FnOnce(&mut Pack), rule: &str, words: &str) {
    let mut pack = Pack::new(name);
    change(&mut pack);
    let found = |told: &&String| told.starts_with(rule) && told.contains(words);
    let told = pack.told(rule);
    assert!(told.iter().any(|told| found(&told)), "no {rule} {words:?} in {told:#?}");
    let before = told_of(name, rule);
    assert!(!before.iter().any(|told| found(&told)), "{rule} {words:?} is told of the pack itself");
}

/// What is said of the pack as it stands, worked out once.
fn told_of(name: &str, rule: &str) -> BTreeSet<String> {
    static TOLD: Mutex<BTreeMap<(String, String), BTreeSet<String>>> = Mutex::new(BTreeMap::new());
    let key = (name.to_owned(), rule.to_owned());
    if let Some(told) = TOLD.lock().expect("no test panics here").get(&key) {
        return told.clone();
    }
    let told = Pack::new(name).told(rule);
    TOLD.lock().expect("no test panics here").insert(key, told.clone());
    told
}

/// Whether changes only add something; that the version says nothing of it yet is told as `docs`.
pub fn only_adds(found: &[String]) -> bool {
    let additive = |found: &String| found.starts_with("additive");
    found.iter().any(additive) && found.iter().all(|one| additive(one) || one.starts_with("docs"))
}

/// The changes between the pack and a changed one, as `class rule message`.
pub fn changes(name: &str, change: impl FnOnce(&mut Pack)) -> Vec<String> {
    let before = Pack::new(name);
    let mut after = Pack::new(name);
    change(&mut after);
    let (_, _, changes) = changes_of(&before.0, &after.0);
    let line =
        |change: &Change| format!("{} {} {}", change.class.as_str(), change.rule.code.name, change.message);
    changes.iter().map(line).collect()
}

/// Holds a change to one of the pack's differences.
#[track_caller]
pub fn changes_as(name: &str, change: impl FnOnce(&mut Pack), class: &str, rule: &str) {
    let found = changes(name, change);
    let wanted = format!("{class} {rule}");
    assert!(found.iter().any(|found| found.starts_with(&wanted)), "no {wanted:?} in {found:#?}");
}

/// The operation with an id.
pub fn operation<'g>(graph: &'g Graph, id: &str) -> &'g Operation {
    let same = |operation: &&Operation| operation.id.as_ref().is_some_and(|own| own.text == id);
    graph.operations.iter().find(same).unwrap_or_else(|| panic!("there is no {id}"))
}

/// The event of a type.
pub fn event<'g>(graph: &'g Graph, name: &str) -> &'g Event {
    graph.events.iter().find(|event| event.name.text == name).unwrap_or_else(|| panic!("there is no {name}"))
}

/// The surface of the pack's contract.
pub fn surface(graph: &Graph) -> &Surface {
    graph.contracts.iter().find_map(|contract| contract.surface.as_deref()).expect("a surface")
}

/// The texts of names.
pub fn texts(names: &[tenon_graph::Name]) -> Vec<&str> {
    names.iter().map(tenon_graph::Name::as_str).collect()
}

/// Holds a pack to being served as it is written: every expression compiles, every name is known.
#[track_caller]
pub fn is_served(name: &str) {
    let problems = tenon_gateway::Plan::new(std::sync::Arc::new(Pack::new(name).graph())).err();
    let said: Vec<String> = problems
        .into_iter()
        .flatten()
        .map(|problem| format!("{} {}", problem.code.id, problem.message))
        .collect();
    assert!(said.is_empty(), "{said:#?}");
}

/// The program, with arguments, from the root of the repository: what it printed, and its status.
pub fn tenon(arguments: &[&str]) -> (String, Option<i32>) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let ran =
        std::process::Command::new(env!("CARGO_BIN_EXE_tenon")).args(arguments).current_dir(root).output();
    let ran = ran.expect("the program runs");
    let said = String::from_utf8_lossy(&ran.stdout).into_owned() + &String::from_utf8_lossy(&ran.stderr);
    (said, ran.status.code())
}
