//! A milestone file to a [`Milestone`], with everything that is wrong with it.

use tenon_schemas::{FailureKind, Official};
use tenon_source::{FileId, Finding, Node, Place, SourceFile};

use super::model::{
    Area, Artifact, Bound, Check, Decision, Dependency, Document, FollowUp, Handoff, How, Item, LISTS,
    Measure, Metric, Milestone, Name, Package, Section, Status, Table,
};
use super::{order, references};
use crate::codes;

/// The published schema of the format.
pub const SCHEMA: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/schemas/milestone.v1.schema.json"));

/// What the member `tenon` of a milestone starts with.
const MARK: &str = "milestone/";

/// Members with which people say that something is done.
const TICKS: &[&str] =
    &["done", "ticked", "tick", "checked", "complete", "completed", "passed", "met", "status", "state"];

/// What a milestone file was found to be.
#[derive(Debug)]
pub struct Reading {
    /// The file.
    pub source: SourceFile,
    /// The milestone, if it can be used.
    pub milestone: Option<Milestone>,
    /// What is wrong.
    pub findings: Vec<Finding>,
}

/// Whether a file says of itself that it is a milestone.
#[must_use]
pub fn is_milestone(source: &SourceFile) -> bool {
    source.tree.root().get_str("tenon").is_some_and(|mark| mark.starts_with(MARK))
}

/// Reads a milestone file. One with an error cannot be used: what is judged by half of it would
/// say nothing.
#[must_use]
pub fn read(path: &str, bytes: Vec<u8>) -> Reading {
    let (source, mut findings) = SourceFile::parse(FileId(0), path, bytes);
    let is_broken =
        |findings: &[Finding]| findings.iter().any(|finding| finding.level == tenon_source::Level::Error);
    if is_broken(&findings) {
        return Reading { source, milestone: None, findings };
    }
    findings.extend(against_schema(&source));
    let milestone = if is_broken(&findings) {
        None
    } else {
        let milestone = Reader { file: FileId(0) }.milestone(source.tree.root());
        findings.extend(references::check(&milestone));
        findings.extend(order::check(&milestone));
        (!is_broken(&findings)).then_some(milestone)
    };
    findings.sort_by_key(|finding| finding.place);
    Reading { source, milestone, findings }
}

fn against_schema(source: &SourceFile) -> Vec<Finding> {
    let root = source.tree.root();
    let at = |node: Node<'_>| Place { file: FileId(0), span: node.head_span() };
    if !root.is_object() || root.get("tenon").is_none() {
        let said = if source.tree.is_blank() { "the file is empty" } else { "this is no milestone" };
        return vec![
            Finding::new(&codes::INVALID, at(root), said)
                .with_help("a milestone starts with `tenon: milestone/v1`, see docs/milestones.md"),
        ];
    }
    let official = Official::new(SCHEMA, &[]);
    match official.failures(root) {
        Ok(failures) => failures
            .iter()
            .map(|failure| {
                let place = Place { file: FileId(0), span: failure.span() };
                let pointer = failure.node.pointer();
                let is_tick = matches!(failure.kind, FailureKind::Unexpected)
                    && pointer.rsplit('/').next().is_some_and(|member| TICKS.contains(&member));
                if is_tick {
                    let member = pointer.rsplit('/').next().unwrap_or_default();
                    let message =
                        format!("`{member}` says that something is done; only a check can show that");
                    return Finding::new(&codes::IMPORTED_TICK, place, message)
                        .with_pointer(pointer)
                        .with_help("take it out and bind what it says to `checks`, `files` or `decisions`");
                }
                let finding = Finding::new(&codes::INVALID, place, failure.message()).with_pointer(pointer);
                match failure.kind {
                    FailureKind::Unexpected => finding
                        .with_help("correct its name or take it out; names of your own start with `x-`"),
                    FailureKind::Missing => finding.with_help("add it: the format requires it here"),
                    _ => finding,
                }
            })
            .collect(),
        // A mistake of the program: it must be seen, not taken for a good file.
        Err(problem) => {
            let message = format!("the milestone was not checked, its schema is broken: {problem}");
            vec![Finding::new(&codes::INVALID, at(root), message)]
        }
    }
}

/// Reads values whose shape the schema has vouched for.
struct Reader {
    file: FileId,
}

impl Reader {
    fn place(&self, node: Node<'_>) -> Place {
        Place { file: self.file, span: node.span() }
    }

    fn key(&self, node: Node<'_>, key: &str) -> Name {
        let span = node.key_span().unwrap_or_else(|| node.span());
        Name { text: key.to_owned(), place: Place { file: self.file, span } }
    }

    fn name(&self, node: Node<'_>) -> Name {
        Name { text: scalar(node), place: self.place(node) }
    }

    fn names(&self, owner: Node<'_>, member: &str) -> Vec<Name> {
        owner.get(member).into_iter().flat_map(Node::items).map(|node| self.name(node)).collect()
    }

    fn each<T>(&self, owner: Node<'_>, member: &str, read: impl Fn(Name, Node<'_>) -> T) -> Vec<T> {
        let members = owner.get(member).into_iter().flat_map(Node::members);
        members.map(|(key, node)| read(self.key(node, key), node)).collect()
    }

    fn milestone(&self, root: Node<'_>) -> Milestone {
        let contracts = match self.names(root, "contracts") {
            list if list.is_empty() => vec![Name { text: ".".to_owned(), place: self.place(root) }],
            list => list,
        };
        let facts = root.get("facts").into_iter().flat_map(Node::members);
        Milestone {
            place: Place { file: self.file, span: root.head_span() },
            id: text(root, "id"),
            title: text(root, "title"),
            kind: text_or(root, "kind", "milestones"),
            root: text_or(root, "root", ".."),
            stage: text(root, "stage"),
            prd_only: root.get("prd_only").and_then(Node::as_bool).unwrap_or(false),
            objective: text(root, "objective"),
            facts: facts.map(|(key, node)| (key.to_owned(), scalar(node))).collect(),
            labels: labels(root),
            inputs: self.names(root, "inputs"),
            decisions: self.each(root, "decisions", decision),
            dependencies: self.dependencies(root),
            checks: self.checks(root, &contracts),
            baseline: self.baseline(root),
            artifacts: self.artifacts(root),
            packages: self.packages(root),
            handoffs: self.handoffs(root),
            external: self.names(root, "external"),
            lists: LISTS
                .iter()
                .map(|list| (*list, self.each(root, list, |id, node| self.item(id, node))))
                .collect(),
            metrics: self.each(root, "metrics", |title, node| self.metric(title, node)),
            deliverables: root
                .get("deliverables")
                .into_iter()
                .flat_map(Node::items)
                .filter_map(|node| Some((self.name(node.get("path")?), text(node, "title"))))
                .collect(),
            follow_ups: self.each(root, "follow_ups", |id, node| FollowUp {
                id: id.text,
                title: text(node, "title"),
                group: text(node, "group"),
            }),
            tables: self.each(root, "tables", |name, node| (name, table(node))),
            documents: root
                .get("documents")
                .into_iter()
                .flat_map(Node::items)
                .filter_map(|node| self.document(node))
                .collect(),
            contracts,
        }
    }

    fn dependencies(&self, root: Node<'_>) -> Vec<Dependency> {
        self.each(root, "dependencies", |id, node| Dependency {
            id,
            title: text(node, "title"),
            kind: text_or(node, "kind", "artifacts"),
            bound: self.bound(node),
            note: text(node, "note"),
        })
    }

    fn checks(&self, root: Node<'_>, contracts: &[Name]) -> Vec<Check> {
        self.each(root, "checks", |id, node| Check {
            id,
            title: text(node, "title"),
            gate: text(node, "gate"),
            owner: text(node, "owner"),
            how: self.how(node, contracts),
        })
    }

    fn baseline(&self, root: Node<'_>) -> Vec<Area> {
        self.each(root, "baseline", |title, node| Area {
            title: title.text,
            files: self.names(node, "files"),
            present: text_or(node, "present", "present"),
            absent: text_or(node, "absent", "not present"),
            was: text(node, "was"),
        })
    }

    fn artifacts(&self, root: Node<'_>) -> Vec<Artifact> {
        self.each(root, "artifacts", |name, node| Artifact {
            name,
            was: text(node, "was"),
            gap: text_or(node, "gap", "missing"),
            bound: self.bound(node),
        })
    }

    fn packages(&self, root: Node<'_>) -> Vec<Package> {
        self.each(root, "work_packages", |id, node| Package {
            id,
            title: text(node, "title"),
            depends_on: self.names(node, "depends_on"),
            enables: self.names(node, "enables"),
            bound: Bound { artifacts: self.names(node, "outputs"), ..self.bound(node) },
        })
    }

    fn handoffs(&self, root: Node<'_>) -> Vec<Handoff> {
        self.each(root, "handoffs", |id, node| Handoff {
            id,
            title: text(node, "title"),
            why: text(node, "why"),
            consumes: self.names(node, "consumes"),
            requires: self.each(node, "requires", |id, node| self.item(id, node)),
        })
    }

    fn bound(&self, node: Node<'_>) -> Bound {
        Bound {
            checks: self.names(node, "checks"),
            decisions: self.names(node, "decisions"),
            artifacts: self.names(node, "artifacts"),
            packages: self.names(node, "packages"),
            files: self.names(node, "files"),
        }
    }

    fn how(&self, node: Node<'_>, contracts: &[Name]) -> How {
        if let Some(rules) = node.get("rules") {
            let own = self.names(node, "contracts");
            let contracts = if own.is_empty() { contracts.to_vec() } else { own };
            let rules = rules.is_array().then(|| self.names(node, "rules"));
            return How::Rules { contracts, rules };
        }
        if node.get("files").is_some() {
            return How::Files(self.names(node, "files"));
        }
        if node.get("absent").is_some() {
            return How::Absent(self.names(node, "absent"));
        }
        if let Some(inner) = node.get("text") {
            return How::Text {
                files: self.names(inner, "files"),
                forbid: inner.get("forbid").map(|text| self.name(text)),
                require: inner.get("require").map(|text| self.name(text)),
                except: self.names(inner, "except"),
            };
        }
        if node.get("run").is_some() {
            let exit = node.get("exit").and_then(Node::as_i64).unwrap_or(0);
            let command = self.names(node, "run").into_iter().map(|word| word.text).collect();
            return How::Run { command, exit };
        }
        if let Some(file) = node.get("scenario") {
            return How::Scenario(self.name(file));
        }
        if let Some(inner) = node.get("changes") {
            let classes = |member: &str| {
                let classes = inner.get(member).into_iter().flat_map(Node::members);
                classes
                    .map(|(class, list)| {
                        (class.to_owned(), list.items().map(|node| self.name(node)).collect())
                    })
                    .collect()
            };
            return How::Changes {
                since: text(inner, "since"),
                allow: classes("allow"),
                forbid: classes("forbid"),
            };
        }
        if node.get("documents").is_some() { How::Documents } else { How::Nothing }
    }

    fn item(&self, id: Name, node: Node<'_>) -> Item {
        let covers = node.get("covers").map(|covers| covers.items().map(|node| self.name(node)).collect());
        Item {
            id,
            title: text(node, "title"),
            text: text(node, "text"),
            group: text(node, "group"),
            bound: self.bound(node),
            covers,
            impact: text(node, "impact"),
            mitigation: text(node, "mitigation"),
            why: text(node, "why"),
            note: text(node, "note"),
        }
    }

    fn metric(&self, title: Name, node: Node<'_>) -> Metric {
        let of = if node.get("covered").is_some() {
            Measure::Covered
        } else if node.get("operations").is_some() {
            Measure::Operations { kind: text(node, "operations"), rules: self.names(node, "rules") }
        } else if node.get("items").is_some() {
            Measure::Items { list: text(node, "items"), group: text(node, "of_group") }
        } else if node.get("decisions").is_some() {
            Measure::Decisions(self.names(node, "decisions"))
        } else if node.get("dependencies").is_some() {
            Measure::Dependencies
        } else if node.get("deliverables").is_some() {
            Measure::Deliverables
        } else {
            Measure::Documents
        };
        let target = node.get("target").and_then(Node::as_f64).unwrap_or(100.0);
        Metric { title, target, group: text(node, "group"), text: text(node, "text"), of }
    }

    fn document(&self, node: Node<'_>) -> Option<Document> {
        let rows =
            node.get("rows").and_then(|rows| Some((self.name(rows.get("table")?), text(rows, "title"))));
        let sections = node.get("sections").into_iter().flat_map(Node::items);
        Some(Document {
            path: self.name(node.get("path")?),
            title: text(node, "title"),
            about: text(node, "about"),
            rows,
            sections: sections
                .map(|section| Section {
                    title: text(section, "title"),
                    text: text(section, "text"),
                    table: section.get("table").map(|name| self.name(name)),
                })
                .collect(),
        })
    }
}

/// What columns are called: artifact, consumer, consumed.
fn labels(root: Node<'_>) -> [String; 3] {
    let label = |member: &str, usual: &str| {
        root.get("labels").map_or_else(|| usual.to_owned(), |labels| text_or(labels, member, usual))
    };
    let artifact = format!("Required {} artifact", text(root, "id"));
    [
        label("artifact", &artifact),
        label("consumer", "Consumer issue"),
        label("consumed", &format!("Requires from {}", text(root, "id"))),
    ]
}

fn decision(id: Name, node: Node<'_>) -> Decision {
    let status = match node.get_str("status") {
        Some("approved") => Status::Approved,
        Some("rejected") => Status::Rejected,
        _ => Status::Pending,
    };
    Decision {
        id,
        title: text(node, "title"),
        proposal: text(node, "proposal"),
        status,
        approver: text(node, "approver"),
        date: text(node, "date"),
        reference: text(node, "reference"),
    }
}

fn table(node: Node<'_>) -> Table {
    let cells = |list: Node<'_>| list.items().map(scalar).collect::<Vec<String>>();
    Table {
        title: text(node, "title"),
        columns: node.get("columns").map(cells).unwrap_or_default(),
        rows: node.get("rows").into_iter().flat_map(Node::items).map(cells).collect(),
    }
}

/// A scalar as it is written.
fn scalar(node: Node<'_>) -> String {
    if let Some(text) = node.as_str() {
        return text.trim().to_owned();
    }
    if let Some(number) = node.number_text() {
        return number.to_owned();
    }
    node.as_bool().map(|flag| flag.to_string()).unwrap_or_default()
}

fn text(node: Node<'_>, member: &str) -> String {
    node.get(member).map(scalar).unwrap_or_default()
}

fn text_or(node: Node<'_>, member: &str, usual: &str) -> String {
    let said = text(node, member);
    if said.is_empty() { usual.to_owned() } else { said }
}
