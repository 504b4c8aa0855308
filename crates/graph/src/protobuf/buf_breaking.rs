//! The rules of `buf breaking`, with their categories: what `use` and `except` of a `buf.yaml` name.

use super::BufVersion;

/// A rule of `buf breaking`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BufRule {
    /// Its name.
    pub id: &'static str,
    /// Its categories in versions 1 and 2, but for `CSR`.
    pub categories: &'static [&'static str],
    /// Whether it is in the category `CSR` of version 2.
    pub is_csr: bool,
    /// Its categories in version 1 beta 1; none where it does not know the rule.
    pub categories_v1beta1: &'static [&'static str],
}

const fn rule(
    id: &'static str,
    categories: &'static [&'static str],
    is_csr: bool,
    categories_v1beta1: &'static [&'static str],
) -> BufRule {
    BufRule { id, categories, is_csr, categories_v1beta1 }
}

/// Rules that have been replaced, with those in their place.
static REPLACED: &[(&str, &str)] = &[
    ("FIELD_SAME_CTYPE", "FIELD_SAME_CPP_STRING_TYPE"),
    ("FIELD_SAME_LABEL", "FIELD_SAME_CARDINALITY"),
    ("FIELD_SAME_LABEL", "FIELD_WIRE_COMPATIBLE_CARDINALITY"),
    ("FIELD_SAME_LABEL", "FIELD_WIRE_JSON_COMPATIBLE_CARDINALITY"),
    ("FILE_SAME_JAVA_STRING_CHECK_UTF8", "FIELD_SAME_JAVA_UTF8_VALIDATION"),
];

impl BufRule {
    /// The words that select the rule: its name, its categories, older names.
    #[must_use]
    pub fn words(&self, version: BufVersion) -> Vec<&'static str> {
        let categories = match version {
            BufVersion::V1Beta1 => self.categories_v1beta1,
            BufVersion::V1 | BufVersion::V2 => self.categories,
        };
        let older = REPLACED.iter().filter(|(_, id)| *id == self.id).map(|(old, _)| *old);
        let csr = (self.is_csr && version == BufVersion::V2).then_some("CSR");
        categories.iter().copied().chain([self.id]).chain(csr).chain(older).collect()
    }
}

/// The rule with a name.
#[must_use]
pub fn find(id: &str) -> Option<&'static BufRule> {
    let index = RULES.binary_search_by(|rule| rule.id.cmp(id)).ok()?;
    RULES.get(index)
}

/// Every rule of `buf breaking` 1.75, by name.
#[rustfmt::skip]
pub static RULES: &[BufRule] = &[
    rule("ENUM_NO_DELETE", &["FILE"], true, &["FILE"]),
    rule("ENUM_SAME_JSON_FORMAT", &["FILE", "PACKAGE", "WIRE_JSON"], true, &["FILE", "PACKAGE", "WIRE_JSON"]),
    rule("ENUM_SAME_TYPE", &["FILE", "PACKAGE"], false, &["FILE", "PACKAGE"]),
    rule("ENUM_VALUE_NO_DELETE", &["FILE", "PACKAGE"], true, &["FILE", "PACKAGE"]),
    rule("ENUM_VALUE_NO_DELETE_UNLESS_NAME_RESERVED", &["WIRE_JSON"], true, &["WIRE_JSON"]),
    rule("ENUM_VALUE_NO_DELETE_UNLESS_NUMBER_RESERVED", &["WIRE_JSON", "WIRE"], true, &["WIRE_JSON", "WIRE"]),
    rule("ENUM_VALUE_SAME_NAME", &["FILE", "PACKAGE", "WIRE_JSON"], true, &["FILE", "PACKAGE", "WIRE_JSON"]),
    rule("EXTENSION_MESSAGE_NO_DELETE", &["FILE", "PACKAGE"], true, &["FILE", "PACKAGE"]),
    rule("EXTENSION_NO_DELETE", &["FILE"], false, &[]),
    rule("FIELD_NO_DELETE", &["FILE", "PACKAGE"], true, &["FILE", "PACKAGE"]),
    rule("FIELD_NO_DELETE_UNLESS_NAME_RESERVED", &["WIRE_JSON"], true, &["WIRE_JSON"]),
    rule("FIELD_NO_DELETE_UNLESS_NUMBER_RESERVED", &["WIRE_JSON", "WIRE"], true, &["WIRE_JSON", "WIRE"]),
    rule("FIELD_SAME_CARDINALITY", &["FILE", "PACKAGE"], false, &["FILE", "PACKAGE", "WIRE_JSON", "WIRE"]),
    rule("FIELD_SAME_CPP_STRING_TYPE", &["FILE", "PACKAGE"], false, &["FILE", "PACKAGE"]),
    rule("FIELD_SAME_DEFAULT", &["FILE", "PACKAGE", "WIRE_JSON", "WIRE"], true, &[]),
    rule("FIELD_SAME_JAVA_UTF8_VALIDATION", &["FILE", "PACKAGE"], false, &["FILE", "PACKAGE"]),
    rule("FIELD_SAME_JSON_NAME", &["FILE", "PACKAGE", "WIRE_JSON"], true, &["FILE", "PACKAGE", "WIRE_JSON"]),
    rule("FIELD_SAME_JSTYPE", &["FILE", "PACKAGE"], false, &["FILE", "PACKAGE"]),
    rule("FIELD_SAME_NAME", &["FILE", "PACKAGE", "WIRE_JSON"], true, &["FILE", "PACKAGE", "WIRE_JSON"]),
    rule("FIELD_SAME_ONEOF", &["FILE", "PACKAGE", "WIRE_JSON", "WIRE"], true, &["FILE", "PACKAGE", "WIRE_JSON", "WIRE"]),
    rule("FIELD_SAME_TYPE", &["FILE", "PACKAGE"], true, &["FILE", "PACKAGE", "WIRE_JSON", "WIRE"]),
    rule("FIELD_SAME_UTF8_VALIDATION", &["FILE", "PACKAGE"], false, &["FILE", "PACKAGE"]),
    rule("FIELD_WIRE_COMPATIBLE_CARDINALITY", &["WIRE"], false, &["WIRE"]),
    rule("FIELD_WIRE_COMPATIBLE_TYPE", &["WIRE"], false, &[]),
    rule("FIELD_WIRE_JSON_COMPATIBLE_CARDINALITY", &["WIRE_JSON"], true, &["WIRE_JSON"]),
    rule("FIELD_WIRE_JSON_COMPATIBLE_TYPE", &["WIRE_JSON"], true, &[]),
    rule("FILE_NO_DELETE", &["FILE"], true, &["FILE"]),
    rule("FILE_SAME_CC_ENABLE_ARENAS", &["FILE", "PACKAGE"], false, &["FILE", "PACKAGE"]),
    rule("FILE_SAME_CC_GENERIC_SERVICES", &["FILE", "PACKAGE"], false, &["FILE", "PACKAGE"]),
    rule("FILE_SAME_CSHARP_NAMESPACE", &["FILE", "PACKAGE"], false, &["FILE", "PACKAGE"]),
    rule("FILE_SAME_GO_PACKAGE", &["FILE", "PACKAGE"], false, &["FILE", "PACKAGE"]),
    rule("FILE_SAME_JAVA_GENERIC_SERVICES", &["FILE", "PACKAGE"], false, &["FILE", "PACKAGE"]),
    rule("FILE_SAME_JAVA_MULTIPLE_FILES", &["FILE", "PACKAGE"], false, &["FILE", "PACKAGE"]),
    rule("FILE_SAME_JAVA_OUTER_CLASSNAME", &["FILE", "PACKAGE"], false, &["FILE", "PACKAGE"]),
    rule("FILE_SAME_JAVA_PACKAGE", &["FILE", "PACKAGE"], false, &["FILE", "PACKAGE"]),
    rule("FILE_SAME_OBJC_CLASS_PREFIX", &["FILE", "PACKAGE"], false, &["FILE", "PACKAGE"]),
    rule("FILE_SAME_OPTIMIZE_FOR", &["FILE", "PACKAGE"], false, &["FILE", "PACKAGE"]),
    rule("FILE_SAME_PACKAGE", &["FILE", "PACKAGE", "WIRE_JSON", "WIRE"], true, &["FILE"]),
    rule("FILE_SAME_PHP_CLASS_PREFIX", &["FILE", "PACKAGE"], false, &["FILE", "PACKAGE"]),
    rule("FILE_SAME_PHP_METADATA_NAMESPACE", &["FILE", "PACKAGE"], false, &["FILE", "PACKAGE"]),
    rule("FILE_SAME_PHP_NAMESPACE", &["FILE", "PACKAGE"], false, &["FILE", "PACKAGE"]),
    rule("FILE_SAME_PY_GENERIC_SERVICES", &["FILE", "PACKAGE"], false, &["FILE", "PACKAGE"]),
    rule("FILE_SAME_RUBY_PACKAGE", &["FILE", "PACKAGE"], false, &["FILE", "PACKAGE"]),
    rule("FILE_SAME_SWIFT_PREFIX", &["FILE", "PACKAGE"], false, &["FILE", "PACKAGE"]),
    rule("FILE_SAME_SYNTAX", &["FILE", "PACKAGE"], true, &["FILE", "PACKAGE"]),
    rule("MESSAGE_NO_DELETE", &["FILE"], true, &["FILE"]),
    rule("MESSAGE_NO_REMOVE_STANDARD_DESCRIPTOR_ACCESSOR", &["FILE", "PACKAGE"], true, &["FILE", "PACKAGE"]),
    rule("MESSAGE_SAME_JSON_FORMAT", &["FILE", "PACKAGE", "WIRE_JSON"], true, &["FILE", "PACKAGE", "WIRE_JSON"]),
    rule("MESSAGE_SAME_REQUIRED_FIELDS", &["FILE", "PACKAGE", "WIRE_JSON", "WIRE"], true, &["FILE", "PACKAGE", "WIRE_JSON", "WIRE"]),
    rule("ONEOF_NO_DELETE", &["FILE", "PACKAGE"], true, &["FILE", "PACKAGE"]),
    rule("PACKAGE_ENUM_NO_DELETE", &["PACKAGE"], false, &["PACKAGE"]),
    rule("PACKAGE_EXTENSION_NO_DELETE", &["PACKAGE"], false, &[]),
    rule("PACKAGE_MESSAGE_NO_DELETE", &["PACKAGE"], false, &["PACKAGE"]),
    rule("PACKAGE_NO_DELETE", &["PACKAGE"], false, &["PACKAGE"]),
    rule("PACKAGE_SERVICE_NO_DELETE", &["PACKAGE"], false, &["PACKAGE"]),
    rule("RESERVED_ENUM_NO_DELETE", &["FILE", "PACKAGE", "WIRE_JSON", "WIRE"], true, &["FILE", "PACKAGE", "WIRE_JSON", "WIRE"]),
    rule("RESERVED_MESSAGE_NO_DELETE", &["FILE", "PACKAGE", "WIRE_JSON", "WIRE"], true, &["FILE", "PACKAGE", "WIRE_JSON", "WIRE"]),
    rule("RPC_NO_DELETE", &["FILE", "PACKAGE"], false, &["FILE", "PACKAGE"]),
    rule("RPC_SAME_CLIENT_STREAMING", &["FILE", "PACKAGE", "WIRE_JSON", "WIRE"], true, &["FILE", "PACKAGE", "WIRE_JSON", "WIRE"]),
    rule("RPC_SAME_IDEMPOTENCY_LEVEL", &["FILE", "PACKAGE", "WIRE_JSON", "WIRE"], true, &["FILE", "PACKAGE", "WIRE_JSON", "WIRE"]),
    rule("RPC_SAME_REQUEST_TYPE", &["FILE", "PACKAGE", "WIRE_JSON", "WIRE"], true, &["FILE", "PACKAGE", "WIRE_JSON", "WIRE"]),
    rule("RPC_SAME_RESPONSE_TYPE", &["FILE", "PACKAGE", "WIRE_JSON", "WIRE"], true, &["FILE", "PACKAGE", "WIRE_JSON", "WIRE"]),
    rule("RPC_SAME_SERVER_STREAMING", &["FILE", "PACKAGE", "WIRE_JSON", "WIRE"], true, &["FILE", "PACKAGE", "WIRE_JSON", "WIRE"]),
    rule("SERVICE_NO_DELETE", &["FILE"], false, &["FILE"]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_stand_by_name() {
        assert!(RULES.is_sorted_by_key(|rule| rule.id));
        assert_eq!(RULES.len(), 64);
    }

    #[test]
    fn older_names_and_categories_select() {
        let words = |id: &str, version| find(id).map(|rule| rule.words(version)).unwrap_or_default();
        assert!(words("FIELD_SAME_CARDINALITY", BufVersion::V2).contains(&"FIELD_SAME_LABEL"));
        assert!(words("FIELD_SAME_NAME", BufVersion::V2).contains(&"WIRE_JSON"));
        assert!(words("FIELD_SAME_NAME", BufVersion::V2).contains(&"CSR"));
        assert!(!words("FIELD_SAME_NAME", BufVersion::V1).contains(&"CSR"));
    }
}
