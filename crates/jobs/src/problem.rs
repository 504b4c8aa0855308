//! What stops the start.

use tenon_source::SourceFile;

/// Something wrong with a registry or with where the runtime is to work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The file or folder.
    pub file: String,
    /// The line, from 1, where it is known.
    pub line: Option<u32>,
    /// What is wrong and why.
    pub message: String,
    /// What to do about it.
    pub help: String,
}

impl Problem {
    pub(crate) fn of_file(file: &str, message: impl Into<String>, help: &str) -> Self {
        Self { file: file.to_owned(), line: None, message: message.into(), help: help.to_owned() }
    }

    pub(crate) fn at(source: &SourceFile, offset: u32, message: impl Into<String>, help: &str) -> Self {
        let line = Some(source.locate(offset).line);
        Self { line, ..Self::of_file(&source.path, message, help) }
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.file)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        write!(f, ": {}", self.message)?;
        if !self.help.is_empty() {
            write!(f, "; {}", self.help)?;
        }
        Ok(())
    }
}
