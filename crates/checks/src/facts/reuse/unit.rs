//! What may be written twice: schema files, components, definitions, messages, tables, and
//! objects written in place.

use tenon_graph::{DocumentKind, Graph, Schema};
use tenon_source::{At, FileId, Node, NodeId};

use super::json::stands_for;
use super::mixer::fold_case;
use super::protobuf::well_known;
use super::shape::{ShapeId, Shapes};

/// What a unit was written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    /// A JSON Schema file.
    File,
    /// A component of an API document.
    Component,
    /// A definition inside a schema.
    Definition,
    /// A protobuf message.
    Message,
    /// A protobuf enum.
    Enum,
    /// A table of a data model.
    Table,
    /// A schema written where it is used.
    Inline,
}

impl Form {
    /// What people call it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::File => "JSON Schema",
            Self::Component => "component",
            Self::Definition => "definition",
            Self::Message => "protobuf message",
            Self::Enum => "protobuf enum",
            Self::Table => "table",
            Self::Inline => "written in place",
        }
    }
}

/// Something that may be written twice.
#[derive(Debug, Clone)]
pub struct Unit {
    /// Where.
    pub at: At,
    /// Its name: of a file the title or the name of the file, of a message its full name.
    pub name: String,
    /// What it was written as.
    pub form: Form,
    /// How many named members it has; of an enum, how many values.
    pub size: usize,
    /// Whether it is an enum: values, and no members.
    pub is_enum: bool,
    pub(super) shape: ShapeId,
}

impl Unit {
    /// The name in one case convention, without the package of a message.
    #[must_use]
    pub fn folded_name(&self) -> String {
        let own = match self.form {
            Form::Message | Form::Enum => {
                self.name.rsplit_once('.').map_or(self.name.as_str(), |(_, own)| own)
            }
            _ => self.name.as_str(),
        };
        fold_case(own)
    }
}

/// Everything that may be written twice, in the order of files.
pub(super) fn collect(graph: &Graph, shapes: &Shapes) -> Vec<Unit> {
    let mut out: Vec<Unit> = Vec::new();
    let mut add = |at: At, name: String, form: Form| {
        let Some(&shape) = shapes.by_place.get(&at) else { return };
        let Some(found) = shapes.get(shape) else { return };
        let members = found.members().count();
        let size = if members == 0 { found.values.len() } else { members };
        out.push(Unit { at, name, form, size, is_enum: members == 0, shape });
    };
    for schema in &graph.schemas {
        if stands_for(graph, schema.at) == schema.at {
            let form = form_of(graph, schema);
            add(schema.at, name_of(graph, schema.at, form), form);
        }
    }
    let proto = &graph.protobuf;
    for (_, file) in proto.target_files().filter(|(_, file)| !file.is_bundled) {
        for message in proto.messages_of(file.all_messages) {
            if !message.is_map_entry() && well_known(&message.full_name).is_none() {
                add(message.at, message.full_name.to_string(), Form::Message);
            }
        }
        for one in proto.enums_of(file.all_enums) {
            add(one.at, one.full_name.to_string(), Form::Enum);
        }
    }
    for table in graph.data_models.iter().flat_map(|model| &model.tables) {
        add(table.at, table.name.text.clone(), Form::Table);
    }
    out
}

fn form_of(graph: &Graph, schema: &Schema) -> Form {
    let node = graph.node(schema.at);
    let Some(parent) = node.parent() else { return Form::File };
    if node.key().is_none() {
        return Form::Inline;
    }
    let above = parent.parent();
    match parent.key() {
        Some("schemas") if above.is_some_and(|above| above.key() == Some("components")) => Form::Component,
        Some("schemas") if above.is_some_and(|above| above.id() == NodeId::ROOT) => Form::Component,
        Some("definitions") if is_api(graph, schema.at.file) => Form::Component,
        Some("$defs" | "definitions") => Form::Definition,
        // Files of loose schemas: `common.yaml#/Money`.
        None if is_fragment(graph, schema.at.file) => Form::Definition,
        _ => Form::Inline,
    }
}

fn is_api(graph: &Graph, file: FileId) -> bool {
    graph.document(file).is_some_and(|document| matches!(document.kind, DocumentKind::OpenApi(_)))
}

fn is_fragment(graph: &Graph, file: FileId) -> bool {
    graph.document(file).is_some_and(|document| document.kind == DocumentKind::Fragment)
}

fn name_of(graph: &Graph, at: At, form: Form) -> String {
    let node = graph.node(at);
    match form {
        Form::File => match node.get_str("title").filter(|title| !title.trim().is_empty()) {
            Some(title) => title.to_owned(),
            None => file_stem(graph, at.file).to_owned(),
        },
        Form::Inline => member_around(node).to_owned(),
        _ => node.key().unwrap_or_default().to_owned(),
    }
}

/// The nearest member or definition around a schema: `items` is no name.
fn member_around(node: Node<'_>) -> &str {
    let mut at = Some(node);
    while let Some(here) = at {
        at = here.parent();
        let holder = at.and_then(Node::key);
        let is_map = matches!(holder, Some("properties" | "$defs" | "definitions" | "schemas" | "paths"));
        if let Some(key) = here.key().filter(|_| is_map) {
            return key;
        }
    }
    node.key().unwrap_or_default()
}

/// `schemas/task.result.schema.json` is `task.result`.
#[must_use]
pub fn file_stem(graph: &Graph, file: FileId) -> &str {
    let path = graph.sources.get(file).map_or("", |source| source.path.as_str());
    let name = path.rsplit_once('/').map_or(path, |(_, name)| name);
    let name = name.split_once(".schema.").map_or(name, |(stem, _)| stem);
    name.rsplit_once('.').map_or(
        name,
        |(stem, ending)| {
            if matches!(ending, "json" | "yaml" | "yml") { stem } else { name }
        },
    )
}
