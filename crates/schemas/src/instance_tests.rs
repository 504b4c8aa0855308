use std::sync::Arc;

use jsonschema_value::conformance;
use tenon_source::{FileId, SourceFile};

use super::{Instance, SpanJson};
use crate::subject::Subject;

#[test]
fn span_trees_keep_the_validators_contract() {
    let text = conformance::document().to_string();
    let (file, findings) = SourceFile::parse(FileId(0), "document.json", text.into_bytes());
    assert!(findings.is_empty());
    conformance::assert_conformance::<SpanJson>(&Instance::plain(file.tree.root()));
}

#[test]
fn values_of_programs_keep_the_validators_contract() {
    let value = conformance::document();
    let instance = Instance::Value { subject: Subject::Value(&value), references: None, frames: None };
    conformance::assert_conformance::<SpanJson>(&instance);
}

#[test]
fn aliases_are_told_apart_from_what_they_stand_for() {
    use jsonschema::json::Node as _;
    use tenon_source::{Scalar, Span, TreeBuilder};

    let mut builder = TreeBuilder::new(Arc::new("[{}, {}]".to_owned()));
    builder.open_array(0);
    let first = builder.open_object(1);
    builder.key(Scalar::Text("a".to_owned()), Span::new(1, 2));
    builder.scalar(Scalar::Bool(true), Span::new(2, 3));
    builder.close(3);
    builder.alias(first, Span::new(4, 6));
    builder.close(8);
    let tree = builder.finish();
    let items: Vec<_> = tree.root().items().map(Instance::plain).collect();
    assert_ne!(items[0].identity(), items[1].identity());
    assert_eq!(items[0].to_value(), items[1].to_value());
}
