//! The files of one run.

use std::sync::{Arc, OnceLock};

use crate::finding::{Code, Finding, Place};
use crate::text::{LineColumn, LineIndex, to_u32};
use crate::tree::{Node, NodeId, Tree};
use crate::{Format, Span, json, proto, text, yaml};

/// The index of a file in [`Sources`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct FileId(pub u32);

/// A value in one of the files of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct At {
    /// The file.
    pub file: FileId,
    /// The value.
    pub node: NodeId,
}

/// One file: its name, its text and its values.
#[derive(Debug)]
pub struct SourceFile {
    /// The path as the user would write it, with `/` between its parts.
    pub path: String,
    /// The syntax it was read as.
    pub format: Format,
    /// The values; of a Protobuf file, a member for each declaration.
    pub tree: Tree,
    /// What a Protobuf file declares.
    pub proto: Option<Box<proto::ast::File>>,
    lines: OnceLock<LineIndex>,
}

impl SourceFile {
    /// Reads the bytes of a file. Never fails: what cannot be read is a finding, and the tree
    /// holds what could be.
    #[must_use]
    pub fn parse(file: FileId, path: &str, bytes: Vec<u8>) -> (Self, Vec<Finding>) {
        let text = match text::decode(bytes) {
            Ok(text) => text,
            Err((code, message, span)) => {
                let finding = Finding::new(code, Place { file, span }, message);
                return (Self::with_tree(path, Format::Yaml, Tree::empty(Arc::default())), vec![finding]);
            }
        };
        let format = Format::detect(path, &text);
        let (tree, mut findings) = match format {
            Format::Json => json::parse(file, text),
            Format::Yaml => yaml::parse(file, text),
            Format::Proto => {
                let (tree, declared, mut findings) = proto::parse(file, text);
                findings.sort_by_key(|finding| finding.place);
                let proto = Some(Box::new(declared));
                return (Self { proto, ..Self::with_tree(path, format, tree) }, findings);
            }
        };
        findings.sort_by_key(|finding| finding.place);
        (Self::with_tree(path, format, tree), findings)
    }

    /// A file that has places but no values, such as a configuration that is read elsewhere.
    #[must_use]
    pub fn text_only(path: &str, text: String) -> Self {
        Self::with_tree(path, Format::Yaml, Tree::empty(text.into()))
    }

    fn with_tree(path: &str, format: Format, tree: Tree) -> Self {
        Self { path: path.to_owned(), format, tree, proto: None, lines: OnceLock::new() }
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> &str {
        self.tree.text()
    }

    /// The line index, made at the first call.
    #[must_use]
    pub fn lines(&self) -> &LineIndex {
        self.lines.get_or_init(|| LineIndex::new(self.text()))
    }

    /// Line and column of a byte offset.
    #[must_use]
    pub fn locate(&self, offset: u32) -> LineColumn {
        self.lines().locate(self.text(), offset)
    }
}

/// The files of one run, by [`FileId`].
#[derive(Debug, Default)]
pub struct Sources {
    files: Vec<SourceFile>,
}

impl Sources {
    /// Adds a file; it gets the id [`Sources::next_id`] told.
    pub fn push(&mut self, file: SourceFile) -> FileId {
        self.files.push(file);
        FileId(to_u32(self.files.len() - 1))
    }

    /// The files, in the order of their ids.
    #[must_use]
    pub fn into_files(self) -> Vec<SourceFile> {
        self.files
    }

    /// The id the next file will get.
    #[must_use]
    pub fn next_id(&self) -> FileId {
        FileId(to_u32(self.files.len()))
    }

    /// The file with an id from these sources.
    #[must_use]
    pub fn get(&self, id: FileId) -> Option<&SourceFile> {
        self.files.get(id.0 as usize)
    }

    /// The file with a path.
    #[must_use]
    pub fn find(&self, path: &str) -> Option<FileId> {
        let index = self.files.iter().position(|file| file.path == path)?;
        Some(FileId(to_u32(index)))
    }

    /// Every file with its id, in the order they were added.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &SourceFile)> {
        self.files.iter().enumerate().map(|(index, file)| (FileId(to_u32(index)), file))
    }

    /// Forgets what Protobuf files declare, once it stands in the graph: the values stay.
    pub fn drop_proto_syntax(&mut self) {
        for file in &mut self.files {
            file.proto = None;
        }
    }

    /// The number of files.
    #[must_use]
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether there is no file.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// The value at a place that came from these sources.
    ///
    /// A file id of other sources yields an empty value; that is a bug of the caller which must
    /// not take the run down.
    #[must_use]
    pub fn node(&self, at: At) -> Node<'_> {
        static NOWHERE: OnceLock<Tree> = OnceLock::new();
        match self.get(at.file) {
            Some(file) => file.tree.node(at.node),
            None => NOWHERE.get_or_init(|| Tree::empty(Arc::default())).root(),
        }
    }

    /// A finding at a value's head (see [`Node::head_span`]), with its pointer.
    #[must_use]
    pub fn finding(&self, code: &'static Code, at: At, message: impl Into<String>) -> Finding {
        let node = self.node(at);
        let place = Place { file: at.file, span: node.head_span() };
        Finding::new(code, place, message).with_pointer(node.pointer())
    }

    /// A finding at the whole value itself, with its pointer: for scalars, where the value and not
    /// its name is wrong.
    #[must_use]
    pub fn finding_at_value(&self, code: &'static Code, at: At, message: impl Into<String>) -> Finding {
        let node = self.node(at);
        let span = if node.is_object() || node.is_array() { node.head_span() } else { node.span() };
        Finding::new(code, Place { file: at.file, span }, message).with_pointer(node.pointer())
    }

    /// The place of a value's head, for related places.
    #[must_use]
    pub fn place(&self, at: At) -> Place {
        Place { file: at.file, span: self.node(at).head_span() }
    }

    /// The text of a place.
    #[must_use]
    pub fn slice(&self, file: FileId, span: Span) -> &str {
        self.get(file).and_then(|file| file.text().get(span.range())).unwrap_or("")
    }
}
