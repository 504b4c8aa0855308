//! The kinds of changes, with what they do, and what other tools call them.

crate::change_rules! {
    TYPE_NARROWED = "DS001" "type-narrowed" Narrows ["oasdiff:request-body-list-of-types-narrowed", "oasdiff:request-parameter-list-of-types-narrowed", "oasdiff:request-parameter-property-list-of-types-narrowed", "oasdiff:request-parameter-property-type-specialized", "oasdiff:request-property-list-of-types-narrowed", "oasdiff:response-body-list-of-types-narrowed", "oasdiff:response-body-type-specialized", "oasdiff:response-header-type-specialized", "oasdiff:response-property-list-of-types-narrowed", "oasdiff:response-property-type-specialized"]
        "a schema takes fewer types than before";
    TYPE_WIDENED = "DS002" "type-widened" Widens ["oasdiff:request-body-list-of-types-widened", "oasdiff:request-body-type-generalized", "oasdiff:request-parameter-list-of-types-widened", "oasdiff:request-parameter-property-list-of-types-widened", "oasdiff:request-parameter-property-type-generalized", "oasdiff:request-parameter-type-generalized", "oasdiff:request-property-list-of-types-widened", "oasdiff:request-property-type-generalized", "oasdiff:response-body-list-of-types-widened", "oasdiff:response-body-type-generalized", "oasdiff:response-header-type-generalized", "oasdiff:response-property-list-of-types-widened", "oasdiff:response-property-type-generalized"]
        "a schema takes more types than before";
    TYPE_CHANGED = "DS003" "type-changed" Breaks ["oasdiff:request-body-type-changed", "oasdiff:request-parameter-property-type-changed", "oasdiff:request-parameter-type-changed", "oasdiff:request-property-type-changed", "oasdiff:response-body-type-changed", "oasdiff:response-header-type-changed", "oasdiff:response-property-type-changed"]
        "a schema takes other types than before";
    NULL_REFUSED = "DS004" "null-refused" Narrows ["oasdiff:request-body-became-not-nullable", "oasdiff:request-parameter-became-not-nullable", "oasdiff:request-parameter-property-became-not-nullable", "oasdiff:request-property-became-not-nullable", "oasdiff:response-body-became-not-nullable", "oasdiff:response-header-became-not-nullable", "oasdiff:response-property-became-not-nullable"]
        "a value may no longer be `null`";
    NULL_ALLOWED = "DS005" "null-allowed" Widens ["oasdiff:request-body-became-nullable", "oasdiff:request-parameter-became-nullable", "oasdiff:request-parameter-property-became-nullable", "oasdiff:request-property-became-nullable", "oasdiff:response-body-became-nullable", "oasdiff:response-header-became-nullable", "oasdiff:response-property-became-nullable"]
        "a value may be `null` now";
    VALUE_REMOVED = "DS010" "enum-value-removed" Narrows ["oasdiff:request-body-enum-value-removed", "oasdiff:request-parameter-enum-value-removed", "oasdiff:request-parameter-property-enum-value-removed", "oasdiff:request-property-enum-value-removed", "oasdiff:request-read-only-property-enum-value-removed", "oasdiff:response-mediatype-enum-value-removed", "oasdiff:response-property-enum-value-removed"]
        "one of the listed values is gone";
    VALUE_ADDED = "DS011" "enum-value-added" Widens ["oasdiff:request-parameter-enum-value-added", "oasdiff:request-parameter-property-enum-value-added", "oasdiff:request-property-enum-value-added", "oasdiff:response-property-enum-value-added", "oasdiff:response-write-only-property-enum-value-added"]
        "another value is listed";
    VALUES_LISTED = "DS012" "enum-added" Narrows ["oasdiff:request-body-became-enum", "oasdiff:request-body-const-added", "oasdiff:request-header-property-became-enum", "oasdiff:request-parameter-became-enum", "oasdiff:request-property-became-enum", "oasdiff:request-property-const-added", "oasdiff:response-body-const-added", "oasdiff:response-property-const-added"]
        "only listed values are taken where any was";
    VALUES_UNLISTED = "DS013" "enum-removed" Widens ["oasdiff:request-body-const-removed", "oasdiff:request-property-const-removed", "oasdiff:response-body-const-removed", "oasdiff:response-property-const-removed"]
        "any value is taken where only listed ones were";
    CONST_CHANGED = "DS014" "const-changed" Breaks ["oasdiff:request-body-const-changed", "oasdiff:request-property-const-changed", "oasdiff:response-body-const-changed", "oasdiff:response-property-const-changed"]
        "the only value there is became another";
    EXTENSIBLE_VALUE_REMOVED = "DS015" "extensible-enum-value-removed" Narrows ["oasdiff:request-parameter-x-extensible-enum-value-removed", "oasdiff:request-property-x-extensible-enum-value-removed"]
        "a value of `x-extensible-enum` is gone";
    DEFAULT_ADDED = "DS016" "default-added" Behaves ["oasdiff:request-body-default-value-added", "oasdiff:request-parameter-default-value-added", "oasdiff:request-property-default-value-added", "oasdiff:response-body-default-value-added", "oasdiff:response-property-default-value-added"]
        "what is left out stands for a value now";
    DEFAULT_CHANGED = "DS017" "default-changed" Behaves ["oasdiff:request-body-default-value-changed", "oasdiff:request-parameter-default-value-changed", "oasdiff:request-property-default-value-changed", "oasdiff:response-body-default-value-changed", "oasdiff:response-property-default-value-changed"]
        "what is left out stands for another value";
    DEFAULT_REMOVED = "DS018" "default-removed" Behaves ["oasdiff:request-body-default-value-removed", "oasdiff:request-parameter-default-value-removed", "oasdiff:request-property-default-value-removed", "oasdiff:response-body-default-value-removed", "oasdiff:response-property-default-value-removed"]
        "what is left out stands for no value any more";
    MINIMUM_NARROWED = "DS020" "minimum-narrowed" Narrows ["oasdiff:request-body-exclusive-min-increased", "oasdiff:request-body-exclusive-min-set", "oasdiff:request-body-min-increased", "oasdiff:request-body-min-set", "oasdiff:request-parameter-exclusive-min-increased", "oasdiff:request-parameter-exclusive-min-set", "oasdiff:request-parameter-min-increased", "oasdiff:request-parameter-min-set", "oasdiff:request-property-exclusive-min-increased", "oasdiff:request-property-exclusive-min-set", "oasdiff:request-property-min-increased", "oasdiff:request-property-min-set", "oasdiff:request-read-only-property-exclusive-min-increased", "oasdiff:request-read-only-property-min-increased"]
        "the least number is greater than before";
    MINIMUM_WIDENED = "DS021" "minimum-widened" Widens ["oasdiff:request-body-exclusive-min-decreased", "oasdiff:request-body-min-decreased", "oasdiff:request-parameter-exclusive-min-decreased", "oasdiff:request-parameter-min-decreased", "oasdiff:request-property-exclusive-min-decreased", "oasdiff:request-property-min-decreased", "oasdiff:response-body-exclusive-min-decreased", "oasdiff:response-body-min-decreased", "oasdiff:response-property-exclusive-min-decreased", "oasdiff:response-property-min-decreased"]
        "the least number is smaller than before";
    MAXIMUM_NARROWED = "DS022" "maximum-narrowed" Narrows ["oasdiff:request-body-exclusive-max-decreased", "oasdiff:request-body-exclusive-max-set", "oasdiff:request-body-max-decreased", "oasdiff:request-body-max-set", "oasdiff:request-parameter-exclusive-max-decreased", "oasdiff:request-parameter-exclusive-max-set", "oasdiff:request-parameter-max-decreased", "oasdiff:request-parameter-max-set", "oasdiff:request-property-exclusive-max-decreased", "oasdiff:request-property-exclusive-max-set", "oasdiff:request-property-max-decreased", "oasdiff:request-property-max-set", "oasdiff:request-read-only-property-exclusive-max-decreased", "oasdiff:request-read-only-property-max-decreased"]
        "the greatest number is smaller than before";
    MAXIMUM_WIDENED = "DS023" "maximum-widened" Widens ["oasdiff:request-body-exclusive-max-increased", "oasdiff:request-body-max-increased", "oasdiff:request-parameter-exclusive-max-increased", "oasdiff:request-parameter-max-increased", "oasdiff:request-property-exclusive-max-increased", "oasdiff:request-property-max-increased", "oasdiff:response-body-exclusive-max-increased", "oasdiff:response-body-max-increased", "oasdiff:response-property-exclusive-max-increased", "oasdiff:response-property-max-increased"]
        "the greatest number is greater than before";
    MULTIPLE_NARROWED = "DS024" "multiple-of-narrowed" Narrows []
        "fewer numbers are multiples of what is asked for";
    MULTIPLE_WIDENED = "DS025" "multiple-of-widened" Widens []
        "more numbers are multiples of what is asked for";
    MULTIPLE_CHANGED = "DS026" "multiple-of-changed" Breaks []
        "numbers must be multiples of another number";
    MIN_LENGTH_NARROWED = "DS030" "min-length-narrowed" Narrows ["oasdiff:request-body-min-length-increased", "oasdiff:request-parameter-min-length-increased", "oasdiff:request-property-min-length-increased"]
        "strings must be longer than before";
    MIN_LENGTH_WIDENED = "DS031" "min-length-widened" Widens ["oasdiff:request-body-min-length-decreased", "oasdiff:request-parameter-min-length-decreased", "oasdiff:request-property-min-length-decreased", "oasdiff:response-body-min-length-decreased", "oasdiff:response-property-min-length-decreased"]
        "strings may be shorter than before";
    MAX_LENGTH_NARROWED = "DS032" "max-length-narrowed" Narrows ["oasdiff:request-body-max-length-decreased", "oasdiff:request-body-max-length-set", "oasdiff:request-parameter-max-length-decreased", "oasdiff:request-parameter-max-length-set", "oasdiff:request-property-max-length-decreased", "oasdiff:request-property-max-length-set", "oasdiff:request-read-only-property-max-length-decreased"]
        "strings must be shorter than before";
    MAX_LENGTH_WIDENED = "DS033" "max-length-widened" Widens ["oasdiff:request-body-max-length-increased", "oasdiff:request-parameter-max-length-increased", "oasdiff:request-property-max-length-increased", "oasdiff:response-body-max-length-increased", "oasdiff:response-body-max-length-unset", "oasdiff:response-property-max-length-increased", "oasdiff:response-property-max-length-unset"]
        "strings may be longer than before";
    PATTERN_ADDED = "DS034" "pattern-added" Narrows ["oasdiff:request-parameter-pattern-added", "oasdiff:request-property-pattern-added", "oasdiff:response-property-pattern-added"]
        "strings must match a pattern";
    PATTERN_REMOVED = "DS035" "pattern-removed" Widens ["oasdiff:request-parameter-pattern-generalized", "oasdiff:request-parameter-pattern-removed", "oasdiff:request-property-pattern-generalized", "oasdiff:request-property-pattern-removed", "oasdiff:response-property-pattern-removed"]
        "strings need not match a pattern any more";
    PATTERN_CHANGED = "DS036" "pattern-changed" Breaks ["oasdiff:request-parameter-pattern-changed", "oasdiff:request-property-pattern-changed", "oasdiff:response-property-pattern-changed"]
        "strings must match another pattern";
    FORMAT_NARROWED = "DS037" "format-narrowed" Narrows []
        "values must have a format, or a narrower one";
    FORMAT_WIDENED = "DS038" "format-widened" Widens []
        "values need not have a format, or may have a wider one";
    FORMAT_CHANGED = "DS039" "format-changed" Breaks []
        "values have another format";
    CONTENT_CHANGED = "DS040" "content-changed" Breaks ["oasdiff:request-body-content-encoding-changed", "oasdiff:request-body-content-media-type-changed", "oasdiff:request-property-content-encoding-changed", "oasdiff:request-property-content-media-type-changed", "oasdiff:response-property-content-encoding-changed", "oasdiff:response-property-content-media-type-changed"]
        "what a string encodes changed";
    CONTENT_SCHEMA_ADDED = "DS041" "content-schema-added" Narrows ["oasdiff:request-body-content-schema-added", "oasdiff:request-property-content-schema-added", "oasdiff:response-body-content-schema-added", "oasdiff:response-property-content-schema-added"]
        "what a string encodes has a schema, or a narrower one";
    CONTENT_SCHEMA_REMOVED = "DS042" "content-schema-removed" Widens ["oasdiff:request-body-content-schema-removed", "oasdiff:request-property-content-schema-removed", "oasdiff:response-body-content-schema-removed", "oasdiff:response-property-content-schema-removed"]
        "what a string encodes has no schema any more, or a wider one";
    MIN_ITEMS_NARROWED = "DS050" "min-items-narrowed" Narrows ["oasdiff:request-body-min-items-increased", "oasdiff:request-body-min-items-set", "oasdiff:request-parameter-min-items-increased", "oasdiff:request-parameter-min-items-set", "oasdiff:request-property-min-items-increased", "oasdiff:request-property-min-items-set"]
        "arrays must have more items than before";
    MIN_ITEMS_WIDENED = "DS051" "min-items-widened" Widens ["oasdiff:request-parameter-min-items-decreased", "oasdiff:response-body-min-items-decreased", "oasdiff:response-body-min-items-unset", "oasdiff:response-property-min-items-decreased", "oasdiff:response-property-min-items-unset"]
        "arrays may have fewer items than before";
    MAX_ITEMS_NARROWED = "DS052" "max-items-narrowed" Narrows ["oasdiff:request-parameter-max-items-decreased"]
        "arrays must have fewer items than before";
    MAX_ITEMS_WIDENED = "DS053" "max-items-widened" Widens ["oasdiff:request-parameter-max-items-increased"]
        "arrays may have more items than before";
    UNIQUE_ADDED = "DS054" "unique-items-added" Narrows []
        "arrays must not have equal items";
    UNIQUE_REMOVED = "DS055" "unique-items-removed" Widens []
        "arrays may have equal items";
    CONTAINS_ADDED = "DS056" "contains-added" Narrows ["oasdiff:request-body-contains-added", "oasdiff:request-property-contains-added", "oasdiff:response-body-contains-added", "oasdiff:response-property-contains-added"]
        "arrays must hold a certain item";
    CONTAINS_REMOVED = "DS057" "contains-removed" Widens ["oasdiff:request-body-contains-removed", "oasdiff:request-property-contains-removed", "oasdiff:response-body-contains-removed", "oasdiff:response-property-contains-removed"]
        "arrays need not hold a certain item any more";
    CONTAINS_NARROWED = "DS058" "contains-count-narrowed" Narrows ["oasdiff:request-body-max-contains-decreased", "oasdiff:request-body-min-contains-increased", "oasdiff:request-property-max-contains-decreased", "oasdiff:request-property-min-contains-increased", "oasdiff:response-body-max-contains-decreased", "oasdiff:response-body-min-contains-increased", "oasdiff:response-property-max-contains-decreased", "oasdiff:response-property-min-contains-increased"]
        "the number of certain items is limited more than before";
    CONTAINS_WIDENED = "DS059" "contains-count-widened" Widens ["oasdiff:request-body-max-contains-increased", "oasdiff:request-body-min-contains-decreased", "oasdiff:request-property-max-contains-increased", "oasdiff:request-property-min-contains-decreased", "oasdiff:response-body-max-contains-increased", "oasdiff:response-body-min-contains-decreased", "oasdiff:response-property-max-contains-increased", "oasdiff:response-property-min-contains-decreased"]
        "the number of certain items is limited less than before";
    CONTAINS_CHANGED = "DS060" "contains-changed" Breaks []
        "other items are counted than before";
    PROPERTY_REQUIRED = "DS070" "property-became-required" Narrows ["oasdiff:request-header-property-became-required", "oasdiff:request-property-became-required", "oasdiff:request-property-became-required-with-default", "oasdiff:response-property-became-required", "oasdiff:response-write-only-property-became-required"]
        "a member must be there that could be left out";
    PROPERTY_OPTIONAL = "DS071" "property-became-optional" Widens ["oasdiff:request-property-became-optional", "oasdiff:response-property-became-optional", "oasdiff:response-write-only-property-became-optional"]
        "a member can be left out that was always there";
    REQUIRED_ADDED = "DS072" "required-property-added" Narrows ["oasdiff:new-required-request-header-property", "oasdiff:new-required-request-property", "oasdiff:new-required-request-property-with-default", "oasdiff:response-required-property-added", "oasdiff:response-required-write-only-property-added"]
        "a member is new and must be there";
    PROPERTY_ADDED = "DS073" "optional-property-added" Adds ["oasdiff:new-optional-request-property", "oasdiff:response-optional-property-added", "oasdiff:response-optional-write-only-property-added"]
        "a member is new and can be left out";
    PROPERTY_REMOVED = "DS074" "property-removed" Behaves ["oasdiff:request-property-removed", "oasdiff:response-optional-property-removed", "oasdiff:response-optional-write-only-property-removed"]
        "a member is gone that could be left out";
    REQUIRED_REMOVED = "DS075" "required-property-removed" Widens ["oasdiff:response-required-property-removed", "oasdiff:response-required-write-only-property-removed"]
        "a member is gone that was always there";
    PROPERTY_REFUSED = "DS076" "property-refused" Narrows []
        "a member that could be there is refused";
    PROPERTY_ALLOWED = "DS077" "property-allowed" Widens []
        "a member that was refused can be there";
    REST_REFUSED = "DS078" "additional-properties-refused" Narrows ["oasdiff:request-body-unevaluated-properties-added", "oasdiff:request-property-unevaluated-properties-added", "oasdiff:response-body-unevaluated-properties-added", "oasdiff:response-property-unevaluated-properties-added"]
        "members that are not declared are refused";
    REST_ALLOWED = "DS079" "additional-properties-allowed" Widens ["oasdiff:request-body-unevaluated-properties-removed", "oasdiff:request-property-unevaluated-properties-removed", "oasdiff:response-body-unevaluated-properties-removed", "oasdiff:response-property-unevaluated-properties-removed"]
        "members that are not declared are allowed";
    PATTERN_PROPERTY_ADDED = "DS080" "pattern-property-added" Narrows ["oasdiff:request-body-pattern-property-added", "oasdiff:request-property-pattern-property-added", "oasdiff:response-body-pattern-property-added", "oasdiff:response-property-pattern-property-added"]
        "members whose names match a pattern must fit a schema";
    PATTERN_PROPERTY_REMOVED = "DS081" "pattern-property-removed" Widens ["oasdiff:request-body-pattern-property-removed", "oasdiff:request-property-pattern-property-removed", "oasdiff:response-body-pattern-property-removed", "oasdiff:response-property-pattern-property-removed"]
        "members whose names match a pattern need not fit a schema any more";
    NAMES_ADDED = "DS082" "property-names-added" Narrows ["oasdiff:request-body-property-names-added", "oasdiff:request-property-property-names-added", "oasdiff:response-body-property-names-added", "oasdiff:response-property-property-names-added"]
        "names of members must fit a schema";
    NAMES_REMOVED = "DS083" "property-names-removed" Widens ["oasdiff:request-body-property-names-removed", "oasdiff:request-property-property-names-removed", "oasdiff:response-body-property-names-removed", "oasdiff:response-property-property-names-removed"]
        "names of members need not fit a schema any more";
    MIN_PROPERTIES_NARROWED = "DS084" "min-properties-narrowed" Narrows []
        "objects must have more members than before";
    MIN_PROPERTIES_WIDENED = "DS085" "min-properties-widened" Widens []
        "objects may have fewer members than before";
    MAX_PROPERTIES_NARROWED = "DS086" "max-properties-narrowed" Narrows []
        "objects must have fewer members than before";
    MAX_PROPERTIES_WIDENED = "DS087" "max-properties-widened" Widens []
        "objects may have more members than before";
    DEPENDENT_REQUIRED_ADDED = "DS088" "dependent-required-added" Narrows ["oasdiff:request-body-dependent-required-added", "oasdiff:request-body-dependent-required-changed", "oasdiff:request-property-dependent-required-added", "oasdiff:request-property-dependent-required-changed", "oasdiff:response-body-dependent-required-added", "oasdiff:response-body-dependent-required-changed", "oasdiff:response-property-dependent-required-added", "oasdiff:response-property-dependent-required-changed"]
        "a member asks for another beside it";
    DEPENDENT_REQUIRED_REMOVED = "DS089" "dependent-required-removed" Widens ["oasdiff:request-body-dependent-required-removed", "oasdiff:request-property-dependent-required-removed", "oasdiff:response-body-dependent-required-removed", "oasdiff:response-property-dependent-required-removed"]
        "a member no longer asks for another beside it";
    DEPENDENT_SCHEMA_ADDED = "DS090" "dependent-schema-added" Narrows ["oasdiff:request-body-dependent-schema-added", "oasdiff:request-property-dependent-schema-added", "oasdiff:response-body-dependent-schema-added", "oasdiff:response-property-dependent-schema-added"]
        "objects that have a member must fit a schema";
    DEPENDENT_SCHEMA_REMOVED = "DS091" "dependent-schema-removed" Widens ["oasdiff:request-body-dependent-schema-removed", "oasdiff:request-property-dependent-schema-removed", "oasdiff:response-body-dependent-schema-removed", "oasdiff:response-property-dependent-schema-removed"]
        "objects that have a member need not fit a schema any more";
    UNEVALUATED_CHANGED = "DS092" "unevaluated-changed" Breaks ["oasdiff:request-body-unevaluated-items-added", "oasdiff:request-body-unevaluated-items-removed", "oasdiff:request-property-unevaluated-items-added", "oasdiff:request-property-unevaluated-items-removed", "oasdiff:response-body-unevaluated-items-added", "oasdiff:response-body-unevaluated-items-removed", "oasdiff:response-property-unevaluated-items-added", "oasdiff:response-property-unevaluated-items-removed"]
        "what is not evaluated is limited, and what is evaluated changed";
    READ_ONLY_SET = "DS093" "became-read-only" Behaves ["oasdiff:request-optional-property-became-read-only", "oasdiff:request-required-property-became-read-only", "oasdiff:response-optional-property-became-read-only", "oasdiff:response-required-property-became-read-only"]
        "a member is only in responses now";
    READ_ONLY_UNSET = "DS094" "became-not-read-only" Adds ["oasdiff:request-optional-property-became-not-read-only", "oasdiff:request-required-property-became-not-read-only", "oasdiff:response-optional-property-became-not-read-only", "oasdiff:response-required-property-became-not-read-only"]
        "a member can be in requests too";
    WRITE_ONLY_SET = "DS095" "became-write-only" Behaves ["oasdiff:request-optional-property-became-write-only", "oasdiff:request-required-property-became-write-only", "oasdiff:response-optional-property-became-write-only", "oasdiff:response-required-property-became-write-only"]
        "a member is only in requests now";
    WRITE_ONLY_UNSET = "DS096" "became-not-write-only" Adds ["oasdiff:request-optional-property-became-not-write-only", "oasdiff:request-required-property-became-not-write-only", "oasdiff:response-optional-property-became-not-write-only", "oasdiff:response-required-property-became-not-write-only"]
        "a member can be in responses too";
    ALTERNATIVE_REMOVED = "DS110" "alternative-removed" Narrows ["oasdiff:request-body-any-of-removed", "oasdiff:request-body-one-of-removed", "oasdiff:request-property-any-of-removed", "oasdiff:request-property-one-of-removed", "oasdiff:response-body-any-of-removed", "oasdiff:response-body-one-of-removed", "oasdiff:response-property-any-of-removed", "oasdiff:response-property-one-of-removed"]
        "one of the alternatives is gone";
    ALTERNATIVE_ADDED = "DS111" "alternative-added" Widens ["oasdiff:request-body-any-of-added", "oasdiff:request-body-one-of-added", "oasdiff:request-property-any-of-added", "oasdiff:request-property-one-of-added", "oasdiff:response-body-any-of-added", "oasdiff:response-body-one-of-added", "oasdiff:response-property-any-of-added", "oasdiff:response-property-one-of-added"]
        "there is another alternative";
    UNION_ADDED = "DS112" "alternatives-added" Narrows ["oasdiff:request-body-wrapped-in-one-of", "oasdiff:response-body-wrapped-in-one-of"]
        "a value must fit one of some alternatives";
    UNION_REMOVED = "DS113" "alternatives-removed" Widens []
        "a value need not fit one of some alternatives any more";
    ALTERNATIVES_OVERLAP = "DS114" "alternatives-overlap" Breaks []
        "a value may fit two alternatives of `oneOf`, and they changed";
    NOT_NARROWED = "DS115" "not-narrowed" Narrows []
        "more is refused under `not`";
    NOT_WIDENED = "DS116" "not-widened" Widens []
        "less is refused under `not`";
    CONDITION_ADDED = "DS117" "condition-added" Narrows ["oasdiff:request-body-else-added", "oasdiff:request-body-if-added", "oasdiff:request-body-then-added", "oasdiff:request-property-else-added", "oasdiff:request-property-if-added", "oasdiff:request-property-then-added", "oasdiff:response-body-else-added", "oasdiff:response-body-if-added", "oasdiff:response-body-then-added", "oasdiff:response-property-else-added", "oasdiff:response-property-if-added", "oasdiff:response-property-then-added"]
        "a condition must be kept";
    CONDITION_REMOVED = "DS118" "condition-removed" Widens ["oasdiff:request-body-else-removed", "oasdiff:request-body-if-removed", "oasdiff:request-body-then-removed", "oasdiff:request-property-else-removed", "oasdiff:request-property-if-removed", "oasdiff:request-property-then-removed", "oasdiff:response-body-else-removed", "oasdiff:response-body-if-removed", "oasdiff:response-body-then-removed", "oasdiff:response-property-else-removed", "oasdiff:response-property-if-removed", "oasdiff:response-property-then-removed"]
        "a condition need not be kept any more";
    CONDITION_CHANGED = "DS119" "condition-changed" Breaks []
        "another condition must be kept";
    DISCRIMINATOR_ADDED = "DS120" "discriminator-added" Behaves ["oasdiff:request-body-discriminator-added", "oasdiff:request-property-discriminator-added", "oasdiff:response-body-discriminator-added", "oasdiff:response-property-discriminator-added"]
        "a member tells alternatives apart";
    DISCRIMINATOR_REMOVED = "DS121" "discriminator-removed" Behaves ["oasdiff:request-body-discriminator-removed", "oasdiff:request-property-discriminator-removed", "oasdiff:response-body-discriminator-removed", "oasdiff:response-property-discriminator-removed"]
        "no member tells alternatives apart any more";
    DISCRIMINATOR_CHANGED = "DS122" "discriminator-property-changed" Behaves ["oasdiff:request-body-discriminator-property-name-changed", "oasdiff:request-property-discriminator-property-name-changed", "oasdiff:response-body-discriminator-property-name-changed", "oasdiff:response-property-discriminator-property-name-changed"]
        "another member tells alternatives apart";
    MAPPING_ADDED = "DS123" "discriminator-mapping-added" Behaves ["oasdiff:request-body-discriminator-mapping-added", "oasdiff:request-property-discriminator-mapping-added", "oasdiff:response-body-discriminator-mapping-added", "oasdiff:response-property-discriminator-mapping-added"]
        "a value of the discriminator is new";
    MAPPING_REMOVED = "DS124" "discriminator-mapping-removed" Behaves ["oasdiff:request-body-discriminator-mapping-deleted", "oasdiff:request-property-discriminator-mapping-deleted", "oasdiff:response-body-discriminator-mapping-deleted", "oasdiff:response-property-discriminator-mapping-deleted"]
        "a value of the discriminator is gone";
    MAPPING_CHANGED = "DS125" "discriminator-mapping-changed" Behaves ["oasdiff:request-body-discriminator-mapping-changed", "oasdiff:request-property-discriminator-mapping-changed", "oasdiff:response-body-discriminator-mapping-changed", "oasdiff:response-property-discriminator-mapping-changed"]
        "a value of the discriminator stands for another schema";
    XML_CHANGED = "DS126" "xml-changed" Breaks []
        "a value is written another way in XML";
    DESCRIBED = "DS130" "schema-description-changed" Documents []
        "title or description of a schema changed";
    EXAMPLE_CHANGED = "DS131" "schema-example-changed" Documents []
        "an example of a schema changed";
    DEPRECATED = "DS132" "schema-deprecated" Documents ["oasdiff:request-property-deprecated", "oasdiff:request-property-deprecated-with-sunset", "oasdiff:response-property-deprecated", "oasdiff:response-property-deprecated-with-sunset"]
        "a schema is deprecated";
    REACTIVATED = "DS133" "schema-reactivated" Documents ["oasdiff:request-property-reactivated", "oasdiff:response-property-reactivated"]
        "a schema is no longer deprecated";
    STABILITY_LOWERED = "DS134" "schema-stability-lowered" Behaves ["oasdiff:request-property-stability-decreased", "oasdiff:response-property-stability-decreased"]
        "a schema promises less stability than before";
    STABILITY_RAISED = "DS135" "schema-stability-raised" Documents ["oasdiff:request-property-stability-increased", "oasdiff:response-property-stability-increased"]
        "a schema promises more stability than before";
    FILE_ADDED = "DS136" "schema-file-added" Adds []
        "there is another schema file";
    FILE_REMOVED = "DS137" "schema-file-removed" Breaks []
        "a schema file is gone";
    NOT_COMPARED = "DS140" "schema-not-compared" Breaks []
        "a schema is too deep to be compared";
}
