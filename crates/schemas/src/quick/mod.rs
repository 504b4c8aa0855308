//! A quick look at whether a document fits one of the program's own schemas.
//!
//! Compiling the official schema of a format takes longer than checking a small document with it.
//! Here the schema is walked as it stands, and only the parts that the document reaches are read.
//! The walk is exact where it answers; where it would have to know more than the official schemas
//! ask of it, it says that it is unsure, and the validator decides.

mod leaf;
mod pattern;
mod shape;
mod walk;

use std::sync::OnceLock;

use jsonschema::Draft;
use tenon_source::{FileId, Node, NodeId, SourceFile};

use leaf::Verdict;
use shape::{At, Reading, Shape};

/// What the schemas of Swagger 2.0 take from the meta-schema of draft 4.
const DRAFT_4: &str = include_str!("draft_4.json");

/// Where references to [`DRAFT_4`] start.
const DRAFT_4_URI: &str = "http://json-schema.org/draft-04/schema#";

/// A schema of the program with its parts, read as far as documents reach.
pub(crate) struct Quick {
    texts: Vec<Text>,
}

struct Text {
    /// The name of a part; of the schema itself, nothing.
    name: &'static str,
    file: SourceFile,
    draft: Draft,
    shapes: Vec<OnceLock<Box<Shape>>>,
}

impl Text {
    fn new(name: &'static str, text: &str, draft: Draft) -> Self {
        let (file, _) = SourceFile::parse(FileId(0), "schema.json", text.as_bytes().to_vec());
        // Parts are of the draft of the schema they stand in.
        let draft = file.tree.root().get_str("$schema").map_or(draft, draft_of);
        let shapes = (0..file.tree.slot_count()).map(|_| OnceLock::new()).collect();
        Self { name, file, draft, shapes }
    }
}

fn draft_of(uri: &str) -> Draft {
    match uri.trim_end_matches('#') {
        "http://json-schema.org/draft-04/schema" => Draft::Draft4,
        "http://json-schema.org/draft-07/schema" => Draft::Draft7,
        _ => Draft::Draft202012,
    }
}

impl Quick {
    /// A schema, and further ones that stand in its `$defs` or `definitions` by name.
    pub(crate) fn new(text: &str, parts: &[(&'static str, &str)]) -> Self {
        let root = Text::new("", text, Draft::Draft202012);
        let draft = root.draft;
        let mut texts = vec![root];
        texts.extend(parts.iter().map(|(name, part)| Text::new(name, part, draft)));
        if draft == Draft::Draft4 {
            texts.push(Text::new(DRAFT_4_URI, DRAFT_4, draft));
        }
        Self { texts }
    }

    /// Whether a document fits, where that can be said.
    pub(crate) fn fits(&self, document: Node<'_>) -> Option<bool> {
        match self.check(At { text: 0, node: NodeId::ROOT.index() }, document, None, 0) {
            Verdict::Fits => Some(true),
            Verdict::Fails => Some(false),
            Verdict::Unsure => None,
        }
    }

    fn shape(&self, at: At) -> Option<&Shape> {
        let text = self.texts.get(at.text)?;
        let slot = text.shapes.get(at.node as usize)?;
        Some(slot.get_or_init(|| {
            let resolve = |reference: &str| self.resolve(at.text, reference);
            let reading = Reading { text: at.text, draft: text.draft, resolve: &resolve };
            Box::new(reading.shape(text.file.tree.node(NodeId::from_index(at.node))))
        }))
    }

    fn resolve(&self, from: usize, reference: &str) -> Option<At> {
        let find = |text: usize, pointer: &str| {
            let node = self.texts.get(text)?.file.tree.root().at(pointer)?;
            Some(At { text, node: node.id().index() })
        };
        if let Some(pointer) = reference.strip_prefix(DRAFT_4_URI) {
            let index = self.texts.iter().position(|text| text.name == DRAFT_4_URI)?;
            return find(index, pointer);
        }
        let pointer = reference.strip_prefix('#')?;
        let part = pointer
            .strip_prefix("/$defs/")
            .or_else(|| pointer.strip_prefix("/definitions/"))
            .and_then(|name| self.texts.iter().position(|text| !text.name.is_empty() && text.name == name));
        if let Some(text) = part {
            return find(text, "");
        }
        // References of the meta-schema stay in it; those of parts lead to the schema.
        let own = self.texts.get(from).is_some_and(|text| text.name == DRAFT_4_URI);
        find(if own { from } else { 0 }, pointer)
    }
}
