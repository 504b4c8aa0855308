//! What a milestone file says. Nothing here was found out.

use tenon_source::Place;

/// A text with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// The text.
    pub text: String,
    /// Where it stands.
    pub place: Place,
}

/// A milestone.
#[derive(Debug, Clone)]
pub struct Milestone {
    /// The root of its file.
    pub place: Place,
    /// Short name.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// The folder of its evidence.
    pub kind: String,
    /// The folder every path starts from, seen from the folder of the file.
    pub root: String,
    /// How far it is meant to go.
    pub stage: String,
    /// Whether nothing may run before its decisions are approved.
    pub prd_only: bool,
    /// What it is for.
    pub objective: String,
    /// What else its head says, in order.
    pub facts: Vec<(String, String)>,
    /// What columns are called: artifact, consumer, consumed.
    pub labels: [String; 3],
    /// The contracts it is about.
    pub contracts: Vec<Name>,
    /// Files that must be there before a package starts.
    pub inputs: Vec<Name>,
    /// Decisions, in order.
    pub decisions: Vec<Decision>,
    /// What it waits for.
    pub dependencies: Vec<Dependency>,
    /// Checks, in order.
    pub checks: Vec<Check>,
    /// Rows of the baseline.
    pub baseline: Vec<Area>,
    /// What must come to be.
    pub artifacts: Vec<Artifact>,
    /// Work packages.
    pub packages: Vec<Package>,
    /// What packages may name that stands elsewhere.
    pub external: Vec<Name>,
    /// What others take over.
    pub handoffs: Vec<Handoff>,
    /// The lists of items, by the member they stand under.
    pub lists: Vec<(&'static str, Vec<Item>)>,
    /// What is counted.
    pub metrics: Vec<Metric>,
    /// Paths and titles of what it brings.
    pub deliverables: Vec<(Name, String)>,
    /// What comes after it.
    pub follow_ups: Vec<FollowUp>,
    /// Tables only people can write.
    pub tables: Vec<(Name, Table)>,
    /// Files that are written from all this.
    pub documents: Vec<Document>,
}

/// The members that hold lists of items, in the order they are judged and shown.
pub const LISTS: &[&str] = &["objectives", "criteria", "checklist", "phases", "values", "risks", "non_goals"];

impl Milestone {
    /// The items of a list.
    #[must_use]
    pub fn list(&self, name: &str) -> &[Item] {
        self.lists.iter().find(|(list, _)| *list == name).map_or(&[], |(_, items)| items.as_slice())
    }

    /// The decisions nobody has approved.
    #[must_use]
    pub fn pending(&self) -> Vec<&Decision> {
        self.decisions.iter().filter(|decision| decision.status != Status::Approved).collect()
    }
}

/// Where a decision stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Nobody approved it yet.
    Pending,
    /// Somebody approved it.
    Approved,
    /// It was rejected.
    Rejected,
}

impl Status {
    /// As tables show it.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Pending => "Pending approval",
            Self::Approved => "Approved",
            Self::Rejected => "Rejected",
        }
    }
}

/// A decision.
#[derive(Debug, Clone)]
pub struct Decision {
    /// Its id.
    pub id: Name,
    /// What it is called.
    pub title: String,
    /// What is proposed.
    pub proposal: String,
    /// Where it stands.
    pub status: Status,
    /// Who approved it.
    pub approver: String,
    /// When.
    pub date: String,
    /// Where that is written down.
    pub reference: String,
}

/// What something is bound to; it holds when all of it does.
#[derive(Debug, Clone, Default)]
pub struct Bound {
    /// Checks that must pass.
    pub checks: Vec<Name>,
    /// Decisions that must be approved.
    pub decisions: Vec<Name>,
    /// Artifacts that must be present.
    pub artifacts: Vec<Name>,
    /// Packages that must be done.
    pub packages: Vec<Name>,
    /// Files that must be there.
    pub files: Vec<Name>,
}

impl Bound {
    /// Whether there is nothing that could show it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.checks.is_empty()
            && self.decisions.is_empty()
            && self.artifacts.is_empty()
            && self.packages.is_empty()
            && self.files.is_empty()
    }
}

/// Something a milestone waits for.
#[derive(Debug, Clone)]
pub struct Dependency {
    /// Its name, such as `#61`.
    pub id: Name,
    /// What it is called.
    pub title: String,
    /// `decision-only`, `artifacts`, `work-item` or `external`.
    pub kind: String,
    /// What shows that it is there.
    pub bound: Bound,
    /// A remark.
    pub note: String,
}

/// A check.
#[derive(Debug, Clone)]
pub struct Check {
    /// Its id.
    pub id: Name,
    /// What it is called.
    pub title: String,
    /// The rule it enforces in continuous integration.
    pub gate: String,
    /// Who answers for it.
    pub owner: String,
    /// How it is found out.
    pub how: How,
}

/// How something is found out.
#[derive(Debug, Clone)]
pub enum How {
    /// Rules that must find nothing in some contracts; no rule named is all of them.
    Rules {
        /// The contracts.
        contracts: Vec<Name>,
        /// The rules; `None` for all.
        rules: Option<Vec<Name>>,
    },
    /// Each glob must match a file that is not empty.
    Files(Vec<Name>),
    /// No glob may match.
    Absent(Vec<Name>),
    /// A text that must stand in no file but the excepted, and one that must stand in one of them.
    Text {
        /// Where it is looked for.
        files: Vec<Name>,
        /// What must not be found in any line.
        forbid: Option<Name>,
        /// What must be found in a file.
        require: Option<Name>,
        /// Where it may stand.
        except: Vec<Name>,
    },
    /// A command that must end with a status.
    Run {
        /// Program and arguments.
        command: Vec<String>,
        /// The status.
        exit: i64,
    },
    /// A scenario that must pass.
    Scenario(Name),
    /// Which files may have changed.
    Changes {
        /// Since when; empty for all files.
        since: String,
        /// Classes with their globs.
        allow: Vec<(String, Vec<Name>)>,
        /// Classes with their globs.
        forbid: Vec<(String, Vec<Name>)>,
    },
    /// Every document is what would be written.
    Documents,
    /// Nothing, because the file is wrong; a finding says so.
    Nothing,
}

impl How {
    /// As it could be typed or said.
    #[must_use]
    pub fn words(&self) -> String {
        let join = |names: &[Name]| names.iter().map(|name| name.text.as_str()).collect::<Vec<_>>().join(" ");
        match self {
            Self::Rules { contracts, rules: None } => {
                format!("tenon check {} --profile strict", join(contracts))
            }
            Self::Rules { contracts, rules: Some(rules) } => {
                let only: Vec<String> = rules.iter().map(|rule| format!("--only {}", rule.text)).collect();
                format!("tenon check {} --profile strict {}", join(contracts), only.join(" "))
            }
            Self::Files(files) => format!("is there: {}", join(files)),
            Self::Absent(files) => format!("is not there: {}", join(files)),
            Self::Text { files, forbid, require, except } => {
                let no = forbid.as_ref().map(|text| format!("no `{}`", text.text));
                let some = require.as_ref().map(|text| format!("`{}`", text.text));
                let what: Vec<String> = no.into_iter().chain(some).collect();
                let outside =
                    if except.is_empty() { String::new() } else { format!(" outside {}", join(except)) };
                format!("{} in {}{outside}", what.join(" and "), join(files))
            }
            Self::Run { command, .. } => command.join(" "),
            Self::Scenario(file) => format!("scenario {}", file.text),
            Self::Changes { since, .. } if since.is_empty() => "class of every file".to_owned(),
            Self::Changes { since, .. } => format!("class of every file changed since {since}"),
            Self::Documents => "documents are what would be written".to_owned(),
            Self::Nothing => String::new(),
        }
    }
}

/// A row of the baseline.
#[derive(Debug, Clone)]
pub struct Area {
    /// What is looked at.
    pub title: String,
    /// What shows it.
    pub files: Vec<Name>,
    /// What is said where it is there.
    pub present: String,
    /// What is said where it is not.
    pub absent: String,
    /// What was said when the milestone was planned.
    pub was: String,
}

/// Something that must come to be.
#[derive(Debug, Clone)]
pub struct Artifact {
    /// Its name.
    pub name: Name,
    /// What there was.
    pub was: String,
    /// What lacked.
    pub gap: String,
    /// Its files and checks, and the packages that bring it.
    pub bound: Bound,
}

/// A work package.
#[derive(Debug, Clone)]
pub struct Package {
    /// Its id.
    pub id: Name,
    /// What it is called.
    pub title: String,
    /// What it waits for, as written.
    pub depends_on: Vec<Name>,
    /// What it enables, as written.
    pub enables: Vec<Name>,
    /// What shows that it is done; artifacts are its outputs.
    pub bound: Bound,
}

/// What another issue takes over.
#[derive(Debug, Clone)]
pub struct Handoff {
    /// The consumer, such as `#59`.
    pub id: Name,
    /// What it is called.
    pub title: String,
    /// Why it needs that.
    pub why: String,
    /// Packages and artifacts.
    pub consumes: Vec<Name>,
    /// What it needs, with what shows each.
    pub requires: Vec<Item>,
}

/// A sentence that holds or does not.
#[derive(Debug, Clone)]
pub struct Item {
    /// Its id.
    pub id: Name,
    /// What it is called.
    pub title: String,
    /// The sentence.
    pub text: String,
    /// What it is listed under.
    pub group: String,
    /// What shows that it holds.
    pub bound: Bound,
    /// The operations it is a requirement of; `None` for none, an empty list for all.
    pub covers: Option<Vec<Name>>,
    /// Of a risk: what it would do.
    pub impact: String,
    /// Of a risk: what is done about it.
    pub mitigation: String,
    /// Why.
    pub why: String,
    /// A remark.
    pub note: String,
}

/// Something that is counted.
#[derive(Debug, Clone)]
pub struct Metric {
    /// What it is called.
    pub title: Name,
    /// The percentage that is wanted.
    pub target: f64,
    /// What it is listed under.
    pub group: String,
    /// The sentence.
    pub text: String,
    /// What is counted.
    pub of: Measure,
}

/// What a metric counts.
#[derive(Debug, Clone)]
pub enum Measure {
    /// Operations in which no rule found anything.
    Operations {
        /// Which operations.
        kind: String,
        /// The rules.
        rules: Vec<Name>,
    },
    /// Operations that a criterion covers.
    Covered,
    /// Items of a list that hold.
    Items {
        /// The list.
        list: String,
        /// Only of this group, unless empty.
        group: String,
    },
    /// Decisions that are approved.
    Decisions(Vec<Name>),
    /// Dependencies that are there.
    Dependencies,
    /// Deliverables that are there.
    Deliverables,
    /// Documents that are what would be written.
    Documents,
}

/// What comes after a milestone.
#[derive(Debug, Clone)]
pub struct FollowUp {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// What it is listed under.
    pub group: String,
}

/// Rows of cells.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Table {
    /// What it is called.
    pub title: String,
    /// Names of its columns.
    pub columns: Vec<String>,
    /// Its rows.
    pub rows: Vec<Vec<String>>,
}

/// A file that is written.
#[derive(Debug, Clone)]
pub struct Document {
    /// Where.
    pub path: Name,
    /// Its heading.
    pub title: String,
    /// A paragraph below the heading.
    pub about: String,
    /// The table of which only our rows are ours, with the heading it has where there is none yet.
    pub rows: Option<(Name, String)>,
    /// Its sections.
    pub sections: Vec<Section>,
}

/// A section of a document.
#[derive(Debug, Clone)]
pub struct Section {
    /// Its heading.
    pub title: String,
    /// A paragraph.
    pub text: String,
    /// A table, by name.
    pub table: Option<Name>,
}
