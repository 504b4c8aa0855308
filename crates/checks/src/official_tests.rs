//! Holds the quick look at a document and the validator to each other, change by change.

use tenon_schemas::Official;
use tenon_source::{FileId, NodeId, SourceFile};

/// What values of a document are replaced by: every type, and texts of every kind that the
/// official schemas tell apart.
const OTHERS: &[&str] = &[
    "null",
    "true",
    "-1.5",
    "7",
    "2.0",
    "[]",
    "{}",
    r#""""#,
    r#""x y""#,
    r##""#/a%20b""##,
    r#"["a", "a"]"#,
    r#"[{}, {"a": 1}]"#,
    r##"{"$ref": "#/components/x"}"##,
    r#"{"x-a": 1, "b": "https://é.example"}"#,
];

/// How many of [`OTHERS`] each value is replaced by, a count: all of them for all take a minute.
const TRIED: usize = 1;

/// Asks both about a document that fits, and about that document with one value or name changed.
pub(crate) fn agree(official: &Official, text: &str) {
    let (mut asked, mut unsure, mut fitting) = (0, 0, 0);
    let mut hold = |text: String| {
        let file = SourceFile::parse(FileId(0), "a.json", text.into_bytes()).0;
        let (quick, whole) = official.answers(file.tree.root()).expect("the official schema compiles");
        assert!(quick.is_none_or(|quick| quick == whole), "{quick:?} of {}", file.text());
        asked += 1;
        unsure += usize::from(quick.is_none());
        fitting += usize::from(whole);
        whole
    };
    assert!(hold(text.to_owned()), "the document fits");
    let file = SourceFile::parse(FileId(0), "a.json", text.as_bytes().to_vec()).0;
    for index in 1..file.tree.slot_count() {
        let node = file.tree.node(NodeId::from_index(u32::try_from(index).unwrap()));
        let span = node.span();
        let (before, after) = (&text[..span.start as usize], &text[span.end as usize..]);
        if node.key().is_none() && node.parent().is_none_or(|parent| !parent.is_array()) {
            // The name of a member.
            hold(format!("{before}\"other\"{after}"));
            continue;
        }
        for other in OTHERS.iter().cycle().skip(index).take(TRIED) {
            hold(format!("{before}{other}{after}"));
        }
    }
    assert!(asked > 150 && fitting > 20 && asked - fitting > 20, "{asked} asked, {fitting} fit");
    assert!(unsure * 20 < asked, "unsure of {unsure} of {asked}");
}
