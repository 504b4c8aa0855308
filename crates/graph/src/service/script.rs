//! What a TypeScript or JavaScript file exports, as plain data.
//!
//! The reader fills it, the gates judge it; neither knows the other.

/// What one script file exports.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ScriptFacts {
    /// Every exported name, in the order of the file, each once.
    pub exports: Vec<ScriptExport>,
    /// Modules whose every export is exported again (`export * from './x'`).
    pub star_sources: Vec<String>,
    /// Routes it registers with a router, in the order of the file.
    pub routes: Vec<ScriptRoute>,
    /// Why the file could not be read as a whole; the exports found before it stand.
    pub problem: Option<ScriptProblem>,
}

/// One route that a script registers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScriptRoute {
    /// The method in upper case; `ALL` for every one.
    pub method: String,
    /// The path as the router is told it, which may be the end of the whole path only.
    pub path: String,
    /// Where, as a byte offset.
    pub start: usize,
}

/// One name that other files can reach.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScriptExport {
    /// The class, object or namespace that the name is a member of.
    pub owner: Option<String>,
    /// The name as an importer writes it.
    pub name: String,
    /// What stands behind the name.
    pub kind: ScriptExportKind,
    /// How many arguments it takes; `None` where the file alone does not tell.
    pub arity: Option<Arity>,
    /// Where the name is exported, as a byte offset.
    pub start: usize,
}

/// What stands behind an exported name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScriptExportKind {
    /// A function, whether declared or assigned.
    Function,
    /// A class.
    Class,
    /// A value of a kind that the file alone does not tell, or no function.
    Value,
    /// A name that another module defines.
    Reexport,
}

/// How many arguments a function takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arity {
    /// Parameters without a default and without a question mark.
    pub required: usize,
    /// All parameters but a rest parameter.
    pub all: usize,
    /// Whether a rest parameter takes any number more.
    pub rest: bool,
}

impl Arity {
    /// Whether a call with this many arguments fits.
    #[must_use]
    pub fn accepts(self, count: usize) -> bool {
        count >= self.required && (self.rest || count <= self.all)
    }

    /// The arity that accepts whatever either of two overloads accepts.
    #[must_use]
    pub fn widened(self, other: Self) -> Self {
        Self {
            required: self.required.min(other.required),
            all: self.all.max(other.all),
            rest: self.rest || other.rest,
        }
    }
}

/// Why a script could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScriptProblem {
    /// What the parser met.
    pub message: String,
    /// Where, as a byte offset.
    pub start: usize,
}

impl ScriptFacts {
    /// The export that a contract's `methodName` means: `name`, or `owner.name`.
    #[must_use]
    pub fn find(&self, method_name: &str) -> Option<&ScriptExport> {
        let (owner, name) = match method_name.rsplit_once('.') {
            Some((owner, name)) => (Some(owner), name),
            None => (None, method_name),
        };
        let named = || self.exports.iter().filter(|export| export.name == name);
        match owner {
            Some(_) => named().find(|export| export.owner.as_deref() == owner),
            None => named().min_by_key(|export| export.owner.is_some()),
        }
    }
}
