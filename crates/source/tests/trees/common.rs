//! What must hold of every tree, for the property tests and the fuzz targets.

use tenon_source::{FileId, Finding, Kind, Node, SourceFile, Span};

/// Reads a text.
pub fn read(path: &str, bytes: &[u8]) -> (SourceFile, Vec<Finding>) {
    SourceFile::parse(FileId(0), path, bytes.to_vec())
}

/// Asserts that spans lie in the text and in each other, on whole characters, in order; that
/// pointers lead back to their values; and that findings lie in the text.
pub fn assert_sound(file: &SourceFile, findings: &[Finding]) {
    let text = file.text();
    assert!(text.get(file.tree.root().span().range()).is_some());
    assert_node_sound(file.tree.root(), text);
    for finding in findings {
        let related = finding.related.iter().map(|related| related.place.span);
        for span in related.chain([finding.place.span]) {
            assert!(text.get(span.range()).is_some(), "{finding:?} in {text:?}");
        }
        assert!(!finding.message.is_empty());
    }
    for comment in file.tree.comments() {
        assert!(text.get(comment.range()).is_some_and(|comment| comment.starts_with('#')), "{text:?}");
    }
}

fn assert_node_sound(node: Node<'_>, text: &str) {
    let span = node.span();
    for (index, child) in node.items().enumerate() {
        assert_eq!(node.items().nth(index), Some(child));
        assert_child_sound(node, child, text);
    }
    let mut seen = std::collections::BTreeSet::new();
    for (name, child) in node.members() {
        assert_child_sound(node, child, text);
        if seen.insert(name) {
            assert_eq!(node.get(name), Some(child), "{name:?} of {span:?} in {text:?}");
        }
    }
    let count = node.members().count() + node.items().count();
    assert_eq!((node.len(), node.is_empty()), (count, count == 0));
}

fn assert_child_sound(node: Node<'_>, child: Node<'_>, text: &str) {
    let (outer, inner) = (node.span(), child.member_span());
    assert!(text.get(child.span().range()).is_some(), "{child:?} in {text:?}");
    // What an alias stands for lies elsewhere.
    if !node.is_alias() {
        assert!(outer.start <= inner.start && inner.end <= outer.end, "{inner:?} in {outer:?} of {text:?}");
        assert_eq!(child.parent(), Some(node));
    }
    if !child.is_alias() {
        assert_node_sound(child, text);
    }
}

/// Asserts that every value is found at its pointer. Slow for large lists.
pub fn assert_pointers_lead_back(node: Node<'_>) {
    let root = node.tree().root();
    let twice =
        node.parent().is_some_and(|parent| node.key().is_some_and(|key| parent.get(key) != Some(node)));
    if twice {
        return;
    }
    assert_eq!(root.at(&node.pointer()), Some(node), "{}", node.pointer());
    for child in node.items().chain(node.members().map(|(_, child)| child)).filter(|_| !node.is_alias()) {
        assert_pointers_lead_back(child);
    }
}

/// Asserts that two values are equal, and their places too if `second` is moved back by `shift`.
pub fn assert_same(first: Node<'_>, second: Node<'_>, shift: u32) {
    let back = |span: Span| Span::new(span.start - shift, span.end - shift);
    let place = format!("{} of {:?}", first.pointer(), first.tree().text());
    assert_eq!(first.kind(), second.kind(), "{place}");
    assert_eq!(first.span(), back(second.span()), "{place}");
    assert_eq!(first.key_span(), second.key_span().map(back), "{place}");
    assert_eq!(first.key(), second.key(), "{place}");
    assert_eq!(first.is_alias(), second.is_alias(), "{place}");
    assert_eq!(first.len(), second.len(), "{place}");
    match first.kind() {
        Kind::Null => {}
        Kind::Bool => assert_eq!(first.as_bool(), second.as_bool(), "{place}"),
        Kind::Number => assert_eq!(first.number_text(), second.number_text(), "{place}"),
        Kind::String => assert_eq!(first.as_str(), second.as_str(), "{place}"),
        Kind::Array => first.items().zip(second.items()).for_each(|(a, b)| assert_same(a, b, shift)),
        Kind::Object => {
            first.members().zip(second.members()).for_each(|((_, a), (_, b))| assert_same(a, b, shift));
        }
    }
}

/// Asserts that the quick YAML reader agrees with the scanner. A directive in front of the text
/// makes the quick reader give up, so that the scanner reads it.
pub fn assert_readers_agree(text: &str) {
    let first = text.lines().find(|line| !line.trim().is_empty() && !line.trim().starts_with('#'));
    // A directive must be followed by a document, and a byte order mark stands at the start.
    let Some(first) = first else { return };
    if first.starts_with('%') || first.starts_with("...") || text.starts_with('\u{FEFF}') {
        return;
    }
    let marked =
        first.strip_prefix("---").is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t']));
    let front = if marked { "%YAML 1.2\n" } else { "%YAML 1.2\n---\n" };
    let (quick, quick_findings) = read("a.yaml", text.as_bytes());
    let (scanned, scanned_findings) = read("a.yaml", format!("{front}{text}").as_bytes());
    let shift = u32::try_from(front.len()).unwrap_or(0);
    if scanned_findings.iter().chain(&quick_findings).any(|finding| finding.code.id != "IN002") {
        // Both were read by the scanner, and recovery may take the directive for a mistake; but
        // the quick reader must not accept what the scanner refuses.
        let said = |findings: &[Finding]| findings.iter().any(|finding| finding.code.id != "IN002");
        assert!(
            said(&scanned_findings) && said(&quick_findings),
            "{text:?} {scanned_findings:?} {quick_findings:?}"
        );
        return;
    }
    assert_same(quick.tree.root(), scanned.tree.root(), shift);
    let comments = scanned.tree.comments().iter();
    let comments: Vec<Span> = comments.map(|span| Span::new(span.start - shift, span.end - shift)).collect();
    assert_eq!(quick.tree.comments(), comments, "{text:?}");
    let messages =
        |findings: &[Finding]| findings.iter().map(|finding| finding.message.clone()).collect::<Vec<_>>();
    assert_eq!(messages(&quick_findings), messages(&scanned_findings), "{text:?}");
}
