//! Inputs that are made to be large: depth, aliases, merge keys, many mistakes. What they may cost
//! is bounded, and what is refused is said.

use tenon_source::Finding;

use crate::common::{assert_sound, read};

fn said(findings: &[Finding]) -> Vec<String> {
    findings.iter().map(|finding| format!("{} {}", finding.code.id, finding.message)).collect()
}

#[test]
fn ten_thousand_levels_are_refused_in_json_and_yaml() {
    let flow = "[".repeat(10_000);
    let objects = "{\"a\":".repeat(10_000);
    let dashes = "- ".repeat(10_000);
    let keys: String = (0..2_000).map(|level| format!("{}a:\n", " ".repeat(level))).collect();
    for (path, text) in [
        ("a.json", &flow),
        ("a.json", &objects),
        ("a.yaml", &flow),
        ("a.yaml", &objects),
        ("a.yaml", &dashes),
        ("a.yaml", &keys),
    ] {
        let (file, findings) = read(path, text.as_bytes());
        assert_sound(&file, &findings);
        assert_eq!(said(&findings), ["IN005 values nest deeper than 255 levels here"], "{path} {:.20}", text);
    }
}

#[test]
fn two_hundred_and_fifty_five_levels_are_read() {
    let json = format!("{}{}", "[".repeat(255), "]".repeat(255));
    for path in ["a.json", "a.yaml"] {
        let (file, findings) = read(path, json.as_bytes());
        assert_eq!(said(&findings), Vec::<String>::new());
        assert!(file.tree.root().at(&"/0".repeat(254)).unwrap().is_empty());
    }
}

#[test]
fn a_billion_laughs_stay_bounded() {
    let mut text = "l0: &l0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..10 {
        let aliases = vec![format!("*l{}", level - 1); 10].join(", ");
        text.push_str(&format!("l{level}: &l{level} [{aliases}]\n"));
    }
    let (file, findings) = read("a.yaml", text.as_bytes());
    assert_sound(&file, &findings);
    assert_eq!(
        said(&findings),
        ["IN007 the alias `*l4` makes the file stand for far more values than are written in it; \
             it is read as null, and so is every alias that follows and does not fit"]
    );
    assert!(file.tree.slot_count() < 200);
    assert_eq!(file.tree.root().at("/l2/9/9/9").unwrap().as_str(), Some("x"));
    // Whatever follows the aliases meets a bounded number of values.
    fn count(node: tenon_source::Node<'_>) -> usize {
        1 + node.items().map(count).sum::<usize>()
            + node.members().map(|(_, value)| count(value)).sum::<usize>()
    }
    assert!(count(file.tree.root()) < 4_000_000);
}

#[test]
fn a_chain_of_aliases_nests_no_deeper_than_brackets() {
    let mut text = "a0: &a0 [x]\n".to_owned();
    for level in 1..2_000 {
        text.push_str(&format!("a{level}: &a{level} [*a{}]\n", level - 1));
    }
    let (file, findings) = read("a.yaml", text.as_bytes());
    assert_sound(&file, &findings);
    let refused = "IN005 values nest deeper than 255 levels here".to_owned();
    assert_eq!(said(&findings), vec![refused; 2_000 / 254]);
    // Where an alias is refused, the chain starts anew.
    assert!(file.tree.root().at("/a254/0").unwrap().is_null());
    assert_eq!(file.tree.root().at(&format!("/a253{}", "/0".repeat(254))).unwrap().as_str(), Some("x"));
}

#[test]
fn merge_keys_stay_bounded() {
    let members: String = (0..1_000).map(|index| format!("  k{index}: 1\n")).collect();
    let merges: String = (0..1_000).map(|index| format!("m{index}:\n  <<: *base\n")).collect();
    let (file, findings) = read("a.yaml", format!("base: &base\n{members}{merges}").as_bytes());
    assert_eq!(findings.len(), 1);
    assert!(said(&findings).iter().all(|said| said.starts_with("IN007 the alias `*base` makes the file")));
    assert!(file.tree.slot_count() < 400_000, "{}", file.tree.slot_count());
    assert_eq!(file.tree.root().at("/m0/k999").unwrap().as_i64(), Some(1));
}

#[test]
fn a_file_of_mistakes_is_read_a_bounded_number_of_times_and_says_twenty() {
    let yaml = "a: b: c\n".repeat(5_000);
    let (_, findings) = read("a.yaml", yaml.as_bytes());
    assert_eq!(findings.len(), 20);
    let (_, findings) = read("a.json", "[1 ".repeat(200).as_bytes());
    assert_eq!(findings.len(), 20);
}

#[test]
fn an_object_of_many_keys_finds_each_and_says_which_occur_twice() {
    let keys: Vec<String> = (0..20_000).map(|index| format!("\"k{}\": {index}", index % 19_990)).collect();
    let (file, findings) = read("a.json", format!("{{{}}}", keys.join(",\n")).as_bytes());
    assert_eq!(findings.len(), 10);
    assert!(findings.iter().all(|finding| finding.code.id == "IN002" && finding.related.len() == 1));
    assert_eq!(file.locate(findings[0].place.span.start).line, 19_991);
    assert_eq!(file.tree.root().get("k19989").unwrap().as_i64(), Some(19_989));
    assert_eq!(file.tree.root().get("k5").unwrap().as_i64(), Some(5));
    assert_eq!(file.tree.root().len(), 20_000);
}
