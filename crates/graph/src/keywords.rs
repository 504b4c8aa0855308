//! Which keywords a schema has, found once for all rules.
//!
//! A large document has a hundred thousand schemas and each rule cares for a few of them. A set
//! of bits a schema lets a rule pass over the rest without looking at the tree.

use std::ops::BitOr;

use tenon_source::Node;

/// The keywords of a schema, as a set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Keywords(u64);

macro_rules! keywords {
    ($($name:ident = $key:literal, $bit:literal;)*) => {
        impl Keywords {
            $(
                #[doc = concat!("`", $key, "`")]
                pub const $name: Self = Self(1 << $bit);
            )*

            /// The set with one keyword; the empty set for a word that no rule looks for.
            fn named(key: &str) -> Self {
                match key {
                    $($key => Self::$name,)*
                    _ => Self(0),
                }
            }
        }
    };
}

keywords! {
    REF = "$ref", 0;
    TYPE = "type", 1;
    ENUM = "enum", 2;
    CONST = "const", 3;
    ITEMS = "items", 4;
    PREFIX_ITEMS = "prefixItems", 5;
    PROPERTIES = "properties", 6;
    REQUIRED = "required", 7;
    ALL_OF = "allOf", 8;
    ANY_OF = "anyOf", 9;
    ONE_OF = "oneOf", 10;
    NOT = "not", 11;
    NULLABLE = "nullable", 12;
    X_NULLABLE = "x-nullable", 13;
    DISCRIMINATOR = "discriminator", 14;
    FORMAT = "format", 15;
    PATTERN = "pattern", 16;
    DEFAULT = "default", 17;
    EXAMPLE = "example", 18;
    EXAMPLES = "examples", 19;
    MINIMUM = "minimum", 20;
    MAXIMUM = "maximum", 21;
    EXCLUSIVE_MINIMUM = "exclusiveMinimum", 22;
    EXCLUSIVE_MAXIMUM = "exclusiveMaximum", 23;
    MIN_LENGTH = "minLength", 24;
    MAX_LENGTH = "maxLength", 25;
    MIN_ITEMS = "minItems", 26;
    MAX_ITEMS = "maxItems", 27;
    MIN_PROPERTIES = "minProperties", 28;
    MAX_PROPERTIES = "maxProperties", 29;
    READ_ONLY = "readOnly", 30;
    WRITE_ONLY = "writeOnly", 31;
    XML = "xml", 32;
    ADDITIONAL_PROPERTIES = "additionalProperties", 33;
    DESCRIPTION = "description", 34;
    DYNAMIC_REF = "$dynamicRef", 35;
}

impl Keywords {
    /// The keywords of a schema object.
    #[must_use]
    pub fn of(schema: Node<'_>) -> Self {
        schema.members().fold(Self(0), |all, (key, _)| all | Self::named(key))
    }

    /// Whether every keyword of `other` is there.
    #[must_use]
    pub fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether any keyword of `other` is there.
    #[must_use]
    pub fn has_any(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

impl BitOr for Keywords {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

#[cfg(test)]
mod tests {
    use tenon_source::{FileId, SourceFile};

    use super::Keywords;

    #[test]
    fn sets_know_their_keywords() {
        let text = br#"{"type": "array", "items": {}, "x": 1}"#.to_vec();
        let (file, _) = SourceFile::parse(FileId(0), "a.json", text);
        let set = Keywords::of(file.tree.root());
        assert!(set.has(Keywords::TYPE | Keywords::ITEMS));
        assert!(!set.has(Keywords::TYPE | Keywords::ENUM));
        assert!(set.has_any(Keywords::TYPE | Keywords::ENUM));
        assert!(!set.has_any(Keywords::REF));
    }
}
