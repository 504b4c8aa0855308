//! Properties of the readers of text over generated input.

use crate::common::{assert_pointers_lead_back, assert_readers_agree, assert_same, assert_sound, read};
use proptest::prelude::*;
use serde_json::{Map, Number, Value};
use tenon_source::{Kind, Node};

/// Any JSON value, up to some depth, with strings of characters that JSON and YAML allow.
fn any_value() -> impl Strategy<Value = Value> {
    let text =
        "[ -~\u{A0}-\u{D7FF}\u{10000}-\u{1FFFF}\n\t\u{8}\u{1}]{0,12}|[a-z0-9:#,&*!|>'\"%@`{}\\[\\] -]{0,6}";
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(|number| Value::Number(number.into())),
        any::<f64>().prop_map(|number| Number::from_f64(number).map_or(Value::Null, Value::Number)),
        text.prop_map(Value::String),
    ];
    leaf.prop_recursive(5, 60, 20, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..14).prop_map(Value::Array),
            prop::collection::btree_map(text, inner, 0..20)
                .prop_map(|members| Value::Object(members.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

/// What YAML is made of, its traps first among it.
const YAML_PIECES: &[&str] = &[
    "a: ",
    "b: ",
    "- ",
    "- - ",
    "\n",
    "\n",
    "\n",
    "\n  ",
    "\n  ",
    "\n    ",
    "\n- ",
    "\nk: ",
    "\n  k: ",
    "key",
    "x y",
    "'s'",
    "\"d\"",
    "''",
    "\"\"",
    "'it''s'",
    "\"\\n\\u00e9\"",
    "|",
    ">",
    "|-",
    ">+",
    "|2",
    "\n\n",
    " # c",
    "#c",
    "[",
    "]",
    "{",
    "}",
    ", ",
    ",",
    ": ",
    ":",
    "?",
    "? ",
    "-",
    "--- ",
    "...",
    "1",
    "0x1F",
    "1.5",
    "true",
    "null",
    "~",
    "é",
    "\\",
    "\"",
    "'",
    "\t",
    " ",
    "  ",
    "&a ",
    "*a",
    "!!str ",
    "!x ",
    "<<: ",
    "%",
    "@",
    "http://x",
    "a:b",
    "\n ",
    "\n   x",
    "'a': ",
    "\"b\": ",
    "\"c\":1",
    "[]",
    "{}",
    "[a, b]",
    "{a: b}",
    "\n# c",
    "\\\n",
    "\r\n",
    ".inf",
];

/// Text that looks like YAML: pieces of syntax in any order.
fn any_yaml() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(YAML_PIECES), 1..24).prop_map(|pieces| pieces.concat())
}

fn as_value(node: Node<'_>) -> Value {
    match node.kind() {
        Kind::Null => Value::Null,
        Kind::Bool => Value::Bool(node.as_bool() == Some(true)),
        Kind::Number => match node.as_i64() {
            Some(whole) => Value::Number(whole.into()),
            None => node.as_f64().and_then(Number::from_f64).map_or(Value::Null, Value::Number),
        },
        Kind::String => Value::String(node.as_str().unwrap_or_default().to_owned()),
        Kind::Array => node.items().map(as_value).collect(),
        Kind::Object => node.members().map(|(name, value)| (name.to_owned(), as_value(value))).collect(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_json_value_is_read_as_it_was_printed(value in any_value(), pretty: bool) {
        let text = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) };
        let text = text.unwrap_or_default();
        let (file, findings) = read("a.json", text.as_bytes());
        prop_assert_eq!(&findings, &[]);
        prop_assert_eq!(as_value(file.tree.root()), value);
        assert_sound(&file, &findings);
        assert_pointers_lead_back(file.tree.root());
        // JSON is YAML: the same values at the same places.
        let (yaml, findings) = read("a.yaml", text.as_bytes());
        prop_assert_eq!(findings, [], "{}", text);
        assert_same(file.tree.root(), yaml.tree.root(), 0);
        assert_readers_agree(&text);
    }

    #[test]
    fn any_bytes_are_read_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        for path in ["a.json", "a.yaml", "a"] {
            let (file, findings) = read(path, &bytes);
            assert_sound(&file, &findings);
        }
    }

    #[test]
    fn any_text_like_json_is_read_without_a_panic(text in r#"[\[\]{}":,a1\\ \n/*'u-]{0,60}"#) {
        for path in ["a.json", "a.yaml"] {
            let (file, findings) = read(path, text.as_bytes());
            assert_sound(&file, &findings);
            assert_pointers_lead_back(file.tree.root());
        }
    }

    #[test]
    fn any_text_like_yaml_is_read_the_same_by_both_readers(text in any_yaml()) {
        let (file, findings) = read("a.yaml", text.as_bytes());
        assert_sound(&file, &findings);
        assert_pointers_lead_back(file.tree.root());
        assert_readers_agree(&text);
    }
}
