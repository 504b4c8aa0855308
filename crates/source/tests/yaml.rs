//! YAML is read into the same tree as JSON.

use tenon_source::{FileId, SourceFile};

#[test]
fn yaml_and_json_give_the_same_values() {
    let yaml = b"a: 1\nb: [x, true, ~]\nc:\n  - d: |\n      text\n".to_vec();
    let (file, findings) = SourceFile::parse(FileId(0), "a.yaml", yaml);
    assert_eq!(findings, []);
    let root = file.tree.root();
    assert_eq!(root.at("/a").and_then(|node| node.as_i64()), Some(1));
    assert_eq!(root.at("/b/0").and_then(|node| node.as_str()), Some("x"));
    assert_eq!(root.at("/b/1").and_then(|node| node.as_bool()), Some(true));
    assert!(root.at("/b/2").is_some_and(|node| node.is_null()));
    assert_eq!(root.at("/c/0/d").and_then(|node| node.as_str()), Some("text\n"));
}
