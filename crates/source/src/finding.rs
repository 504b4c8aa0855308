//! What the program has to say about a place in a file.

use crate::{Edit, FileId, Span};

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Not reported.
    Off,
    /// Worth knowing; never fails a run.
    Info,
    /// Should be mended; fails a run only where the user asks for it.
    Warning,
    /// Must be mended.
    Error,
}

impl Level {
    /// The level's name in configuration and output.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }

    /// The level with that name (`warn` and `hint` are understood too).
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "off" => Self::Off,
            "info" | "hint" => Self::Info,
            "warning" | "warn" => Self::Warning,
            "error" => Self::Error,
            _ => return None,
        })
    }
}

/// The stable identity of one kind of finding. Ids never change their meaning.
#[derive(Debug, PartialEq, Eq)]
pub struct Code {
    /// Stable id, such as `OA012`.
    pub id: &'static str,
    /// Name of the pattern found, in kebab case, readable as "allow <name>".
    pub name: &'static str,
    /// One line: what it finds.
    pub summary: &'static str,
    /// Level in the `recommended` profile.
    pub level: Level,
    /// The same check in other tools, such as `spectral:operation-operationId-unique`.
    pub aliases: &'static [&'static str],
}

/// A range of bytes in one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The file.
    pub file: FileId,
    /// The bytes.
    pub span: Span,
}

/// Another place that helps to understand a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Related {
    /// Where.
    pub place: Place,
    /// What is there, such as "first declared here".
    pub message: String,
}

/// A mechanical change that mends a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// What the change does, in the imperative.
    pub title: String,
    /// Edits of the finding's own file; they do not overlap.
    pub edits: Vec<Edit>,
}

/// One thing that is wrong at one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What kind of finding.
    pub code: &'static Code,
    /// The level it is reported at; starts as the code's own.
    pub level: Level,
    /// What is wrong and why, one sentence without a full stop.
    pub message: String,
    /// Where.
    pub place: Place,
    /// JSON pointer of the value, where there is one.
    pub pointer: Option<String>,
    /// The operation concerned, such as `GET /pets/{id}`.
    pub operation: Option<String>,
    /// What to do about it.
    pub help: Option<String>,
    /// Other places.
    pub related: Vec<Related>,
    /// What else is worth knowing, a sentence each without a full stop; for people.
    pub notes: Vec<String>,
    /// A mechanical fix.
    pub fix: Option<Fix>,
}

impl Finding {
    /// A finding at a place, at the code's own level.
    #[must_use]
    pub fn new(code: &'static Code, place: Place, message: impl Into<String>) -> Self {
        Self {
            code,
            level: code.level,
            message: message.into(),
            place,
            pointer: None,
            operation: None,
            help: None,
            related: Vec::new(),
            notes: Vec::new(),
            fix: None,
        }
    }

    /// Adds the JSON pointer of the value.
    #[must_use]
    pub fn with_pointer(mut self, pointer: impl Into<String>) -> Self {
        self.pointer = Some(pointer.into());
        self
    }

    /// Adds the operation concerned.
    #[must_use]
    pub fn with_operation(mut self, operation: impl Into<String>) -> Self {
        self.operation = Some(operation.into());
        self
    }

    /// Adds what to do.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds another place.
    #[must_use]
    pub fn with_related(mut self, place: Place, message: impl Into<String>) -> Self {
        self.related.push(Related { place, message: message.into() });
        self
    }

    /// Adds something else that is worth knowing.
    #[must_use]
    pub fn with_note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// Adds a mechanical fix.
    #[must_use]
    pub fn with_fix(mut self, title: impl Into<String>, edits: Vec<Edit>) -> Self {
        self.fix = Some(Fix { title: title.into(), edits });
        self
    }

    /// Sets another level than the code's own.
    #[must_use]
    pub fn at_level(mut self, level: Level) -> Self {
        self.level = level;
        self
    }
}
