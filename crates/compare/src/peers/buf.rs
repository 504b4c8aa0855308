//! What `buf breaking` checks, and what it is called here.

use super::{Peer, peer};

/// Every check of `buf breaking` 1.75, by name.
#[rustfmt::skip]
pub static PEERS: &[Peer] = &[
    peer("ENUM_NO_DELETE", &["DP004", "DP070"], "as MESSAGE_NO_DELETE"),
    peer("ENUM_SAME_JSON_FORMAT", &["DP005", "DP006", "DP078"], "what follows from the file is told once, at the file"),
    peer("ENUM_SAME_TYPE", &["DP005", "DP006", "DP077"], "what follows from the file is told once, at the file"),
    peer("ENUM_VALUE_NO_DELETE", &["DP072", "DP073", "DP074"], "a value with the name and another number is one finding"),
    peer("ENUM_VALUE_NO_DELETE_UNLESS_NAME_RESERVED", &["DP073", "DP074"], ""),
    peer("ENUM_VALUE_NO_DELETE_UNLESS_NUMBER_RESERVED", &["DP073", "DP074"], ""),
    peer("ENUM_VALUE_SAME_NAME", &["DP075"], ""),
    peer("EXTENSION_MESSAGE_NO_DELETE", &["DP043"], ""),
    peer("EXTENSION_NO_DELETE", &["DP004", "DP065"], "an extension with the same message and number under another name is renamed (DP053)"),
    peer("FIELD_NO_DELETE", &["DP050", "DP051", "DP052"], "a field with the name and another number is one finding"),
    peer("FIELD_NO_DELETE_UNLESS_NAME_RESERVED", &["DP051", "DP052"], ""),
    peer("FIELD_NO_DELETE_UNLESS_NUMBER_RESERVED", &["DP051", "DP052"], ""),
    peer("FIELD_SAME_CARDINALITY", &["DP005", "DP006", "DP055", "DP056"], "what follows from the file is told once, at the file"),
    peer("FIELD_SAME_CPP_STRING_TYPE", &["DP005", "DP006", "DP060"], "what follows from the file is told once, at the file"),
    peer("FIELD_SAME_DEFAULT", &["DP058"], "behaviour, unless a `buf.yaml` asks for it"),
    peer("FIELD_SAME_JAVA_UTF8_VALIDATION", &["DP005", "DP006", "DP061"], "what follows from the file is told once, at the file"),
    peer("FIELD_SAME_JSON_NAME", &["DP053", "DP054"], "with FIELD_SAME_NAME one finding"),
    peer("FIELD_SAME_JSTYPE", &["DP059"], ""),
    peer("FIELD_SAME_NAME", &["DP053"], "with FIELD_SAME_JSON_NAME one finding"),
    peer("FIELD_SAME_ONEOF", &["DP057"], ""),
    peer("FIELD_SAME_TYPE", &["DP055"], ""),
    peer("FIELD_SAME_UTF8_VALIDATION", &["DP005", "DP006", "DP062"], "what follows from the file is told once, at the file"),
    peer("FIELD_WIRE_COMPATIBLE_CARDINALITY", &["DP055", "DP056"], ""),
    peer("FIELD_WIRE_COMPATIBLE_TYPE", &["DP055"], ""),
    peer("FIELD_WIRE_JSON_COMPATIBLE_CARDINALITY", &["DP055", "DP056"], ""),
    peer("FIELD_WIRE_JSON_COMPATIBLE_TYPE", &["DP055"], ""),
    peer("FILE_NO_DELETE", &["DP003"], ""),
    peer("FILE_SAME_CC_ENABLE_ARENAS", &["DP010"], "files of a package with the same change are one finding"),
    peer("FILE_SAME_CC_GENERIC_SERVICES", &["DP011"], "files of a package with the same change are one finding"),
    peer("FILE_SAME_CSHARP_NAMESPACE", &["DP012"], "files of a package with the same change are one finding"),
    peer("FILE_SAME_GO_PACKAGE", &["DP013"], "files of a package with the same change are one finding"),
    peer("FILE_SAME_JAVA_GENERIC_SERVICES", &["DP014"], "files of a package with the same change are one finding"),
    peer("FILE_SAME_JAVA_MULTIPLE_FILES", &["DP015"], "files of a package with the same change are one finding"),
    peer("FILE_SAME_JAVA_OUTER_CLASSNAME", &["DP016"], "files of a package with the same change are one finding"),
    peer("FILE_SAME_JAVA_PACKAGE", &["DP017"], "files of a package with the same change are one finding"),
    peer("FILE_SAME_OBJC_CLASS_PREFIX", &["DP018"], "files of a package with the same change are one finding"),
    peer("FILE_SAME_OPTIMIZE_FOR", &["DP019"], "files of a package with the same change are one finding"),
    peer("FILE_SAME_PACKAGE", &["DP002"], "one finding for all files that moved from one package to the other; types in it are the same types to those who use them"),
    peer("FILE_SAME_PHP_CLASS_PREFIX", &["DP020"], "files of a package with the same change are one finding"),
    peer("FILE_SAME_PHP_METADATA_NAMESPACE", &["DP021"], "files of a package with the same change are one finding"),
    peer("FILE_SAME_PHP_NAMESPACE", &["DP022"], "files of a package with the same change are one finding"),
    peer("FILE_SAME_PY_GENERIC_SERVICES", &["DP023"], "files of a package with the same change are one finding"),
    peer("FILE_SAME_RUBY_PACKAGE", &["DP024"], "files of a package with the same change are one finding"),
    peer("FILE_SAME_SWIFT_PREFIX", &["DP025"], "files of a package with the same change are one finding"),
    peer("FILE_SAME_SYNTAX", &["DP005"], ""),
    peer("MESSAGE_NO_DELETE", &["DP004", "DP040"], "a message that is gone is one finding, and what was nested in it is not told again; one that has moved is told only where `FILE` is promised"),
    peer("MESSAGE_NO_REMOVE_STANDARD_DESCRIPTOR_ACCESSOR", &["DP045"], ""),
    peer("MESSAGE_SAME_JSON_FORMAT", &["DP005", "DP006", "DP046"], "what follows from the file is told once, at the file"),
    peer("MESSAGE_SAME_REQUIRED_FIELDS", &["DP050", "DP051", "DP056", "DP064"], "a field that is gone or became required is one finding with its other checks; features of editions count"),
    peer("ONEOF_NO_DELETE", &["DP044"], ""),
    peer("PACKAGE_ENUM_NO_DELETE", &["DP070"], "as PACKAGE_MESSAGE_NO_DELETE"),
    peer("PACKAGE_EXTENSION_NO_DELETE", &["DP065"], "as EXTENSION_NO_DELETE"),
    peer("PACKAGE_MESSAGE_NO_DELETE", &["DP040"], "what was nested in a message that is gone is not told again"),
    peer("PACKAGE_NO_DELETE", &["DP001", "DP002"], "one finding; what was in the package is not told again"),
    peer("PACKAGE_SERVICE_NO_DELETE", &["DP030"], ""),
    peer("RESERVED_ENUM_NO_DELETE", &["DP079"], ""),
    peer("RESERVED_MESSAGE_NO_DELETE", &["DP042"], ""),
    peer("RPC_NO_DELETE", &["DP032"], ""),
    peer("RPC_SAME_CLIENT_STREAMING", &["DP036"], ""),
    peer("RPC_SAME_IDEMPOTENCY_LEVEL", &["DP038"], "behaviour, unless a `buf.yaml` asks for it"),
    peer("RPC_SAME_REQUEST_TYPE", &["DP034"], ""),
    peer("RPC_SAME_RESPONSE_TYPE", &["DP035"], ""),
    peer("RPC_SAME_SERVER_STREAMING", &["DP037"], ""),
    peer("SERVICE_NO_DELETE", &["DP004", "DP030"], "one that has moved is told only where `FILE` is promised"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::find_rule;
    use tenon_graph::protobuf::buf_breaking;

    #[test]
    fn every_check_of_buf_has_a_row_and_every_row_names_rules() {
        let ids: Vec<&str> = PEERS.iter().map(|peer| peer.id).collect();
        let known: Vec<&str> = buf_breaking::RULES.iter().map(|rule| rule.id).collect();
        assert_eq!(ids, known);
        for peer in PEERS {
            assert!(
                !peer.here.is_empty() || !peer.note.is_empty(),
                "{}: nothing here, and no reason",
                peer.id
            );
            assert!(peer.here.iter().all(|id| find_rule(id).is_some()), "{}: {:?}", peer.id, peer.here);
        }
    }

    #[test]
    fn aliases_of_rules_stand_in_the_table() {
        for rule in crate::protobuf::AREA.rules {
            for alias in rule.code.aliases.iter().filter_map(|alias| alias.strip_prefix("buf:")) {
                let row = PEERS.iter().find(|peer| peer.id == alias);
                assert!(
                    row.is_some_and(|row| row.here.contains(&rule.code.id)),
                    "{alias} of {}",
                    rule.code.id
                );
            }
        }
    }
}
