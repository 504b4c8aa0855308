//! What must hold of every Protobuf file, for the property test and the fuzz target.

use tenon_graph::protobuf::comments_of;
use tenon_graph::{ReferenceProblem, Resolver, link};
use tenon_readers::{Files, Root, load, read_all};
use tenon_source::{Node, Span};

/// One file, whatever its name.
struct One<'b>(&'b [u8]);

impl Files for One<'_> {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReferenceProblem> {
        let missing = || ReferenceProblem::MissingFile(path.to_owned());
        (path == "a.proto").then(|| self.0.to_vec()).ok_or_else(missing)
    }
}

/// Reads bytes as a Protobuf file and asserts that every place lies in the text, that declarations
/// lie in each other, and that names are where their places say.
pub fn assert_sound(bytes: &[u8]) {
    let roots = [Root { path: "a.proto".to_owned(), named: true }];
    let mut loaded = load(&roots, &One(bytes));
    let missing = std::mem::take(&mut loaded.missing);
    let parts = read_all(&loaded, &Resolver::new(&loaded.sources, missing));
    let findings = std::mem::take(&mut loaded.findings);
    let (graph, said) = link(loaded.sources, parts);
    for finding in findings.iter().chain(&said) {
        let related = finding.related.iter().map(|related| related.place);
        for place in related.chain([finding.place]) {
            let file = graph.sources.get(place.file).expect("the file is known");
            assert!(file.text().get(place.span.range()).is_some(), "{finding:?}");
        }
        assert!(!finding.message.is_empty());
    }
    for (_, file) in graph.sources.iter() {
        assert_node(file.tree.root(), file.text());
        for comment in file.tree.comments() {
            assert!(file.text().get(comment.range()).is_some_and(|text| text.starts_with('/')));
        }
    }
    let pb = &graph.protobuf;
    for field in &pb.fields {
        let file = graph.sources.get(field.at.file).expect("the file is known");
        for span in [field.type_span, field.number_span, field.label_span.unwrap_or_default()] {
            assert!(file.text().get(span.range()).is_some(), "{field:?}");
        }
        let whole = graph.node(field.at).span();
        let comments = comments_of(file, whole.start, whole.end);
        let all = comments.leading.iter().chain(&comments.trailing).chain(comments.detached.iter().flatten());
        all.for_each(|span| assert!(file.text().get(span.range()).is_some()));
        let _ = (field.has_presence(), field.is_packed(), field.json_name(), pb.field_full_name(field));
    }
    for message in &pb.messages {
        assert!(
            graph.sources.slice(message.at.file, Span::new(0, message.head_end)).len()
                == message.head_end as usize
        );
    }
}

fn assert_node(node: Node<'_>, text: &str) {
    let outer = node.span();
    assert!(text.get(outer.range()).is_some());
    for (name, child) in node.members() {
        let inner = child.span();
        assert!(outer.start <= inner.start && inner.end <= outer.end, "{name}: {inner:?} in {outer:?}");
        let key = child.key_span().expect("a member has a name");
        assert_eq!(text.get(key.range()), Some(name));
        assert!(inner.start <= key.start && key.end <= inner.end, "{name}: {key:?} in {inner:?}");
        assert_node(child, text);
    }
}
