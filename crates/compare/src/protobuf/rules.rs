//! The kinds of changes, with what they do.

crate::change_rules! {
    PACKAGE_REMOVED = "DP001" "proto-package-removed" Breaks ["buf:PACKAGE_NO_DELETE"]
        "A package is gone with all its elements";
    PACKAGE_RENAMED = "DP002" "proto-package-renamed" Breaks ["buf:FILE_SAME_PACKAGE"]
        "A file has moved to another package";
    FILE_REMOVED = "DP003" "proto-file-removed" Breaks ["buf:FILE_NO_DELETE"]
        "A file that others import by its path is gone";
    ELEMENT_MOVED = "DP004" "proto-element-moved" Breaks ["buf:MESSAGE_NO_DELETE", "buf:ENUM_NO_DELETE", "buf:SERVICE_NO_DELETE", "buf:EXTENSION_NO_DELETE"]
        "An element has moved to another file";
    SYNTAX_CHANGED = "DP005" "proto-syntax-changed" Breaks ["buf:FILE_SAME_SYNTAX"]
        "A file is written in another dialect";
    FILE_FEATURE_CHANGED = "DP006" "proto-file-feature-changed" Breaks []
        "A feature of a whole file has changed";
    CC_ENABLE_ARENAS_CHANGED = "DP010" "proto-cc-enable-arenas-changed" Breaks ["buf:FILE_SAME_CC_ENABLE_ARENAS"]
        "Option `cc_enable_arenas` has changed: whether C++ code uses arenas";
    CC_GENERIC_SERVICES_CHANGED = "DP011" "proto-cc-generic-services-changed" Breaks ["buf:FILE_SAME_CC_GENERIC_SERVICES"]
        "Option `cc_generic_services` has changed: whether C++ services are generated";
    CSHARP_NAMESPACE_CHANGED = "DP012" "proto-csharp-namespace-changed" Breaks ["buf:FILE_SAME_CSHARP_NAMESPACE"]
        "Option `csharp_namespace` has changed: the C# namespace";
    GO_PACKAGE_CHANGED = "DP013" "proto-go-package-changed" Breaks ["buf:FILE_SAME_GO_PACKAGE"]
        "Option `go_package` has changed: the Go package";
    JAVA_GENERIC_SERVICES_CHANGED = "DP014" "proto-java-generic-services-changed" Breaks ["buf:FILE_SAME_JAVA_GENERIC_SERVICES"]
        "Option `java_generic_services` has changed: whether Java services are generated";
    JAVA_MULTIPLE_FILES_CHANGED = "DP015" "proto-java-multiple-files-changed" Breaks ["buf:FILE_SAME_JAVA_MULTIPLE_FILES"]
        "Option `java_multiple_files` has changed: whether Java classes have files of their own";
    JAVA_OUTER_CLASSNAME_CHANGED = "DP016" "proto-java-outer-classname-changed" Breaks ["buf:FILE_SAME_JAVA_OUTER_CLASSNAME"]
        "Option `java_outer_classname` has changed: the Java class around the file";
    JAVA_PACKAGE_CHANGED = "DP017" "proto-java-package-changed" Breaks ["buf:FILE_SAME_JAVA_PACKAGE"]
        "Option `java_package` has changed: the Java package";
    OBJC_CLASS_PREFIX_CHANGED = "DP018" "proto-objc-class-prefix-changed" Breaks ["buf:FILE_SAME_OBJC_CLASS_PREFIX"]
        "Option `objc_class_prefix` has changed: the prefix of Objective-C classes";
    OPTIMIZE_FOR_CHANGED = "DP019" "proto-optimize-for-changed" Breaks ["buf:FILE_SAME_OPTIMIZE_FOR"]
        "Option `optimize_for` has changed: what generated code is optimised for";
    PHP_CLASS_PREFIX_CHANGED = "DP020" "proto-php-class-prefix-changed" Breaks ["buf:FILE_SAME_PHP_CLASS_PREFIX"]
        "Option `php_class_prefix` has changed: the prefix of PHP classes";
    PHP_METADATA_NAMESPACE_CHANGED = "DP021" "proto-php-metadata-namespace-changed" Breaks ["buf:FILE_SAME_PHP_METADATA_NAMESPACE"]
        "Option `php_metadata_namespace` has changed: the namespace of PHP metadata";
    PHP_NAMESPACE_CHANGED = "DP022" "proto-php-namespace-changed" Breaks ["buf:FILE_SAME_PHP_NAMESPACE"]
        "Option `php_namespace` has changed: the PHP namespace";
    PY_GENERIC_SERVICES_CHANGED = "DP023" "proto-py-generic-services-changed" Breaks ["buf:FILE_SAME_PY_GENERIC_SERVICES"]
        "Option `py_generic_services` has changed: whether Python services are generated";
    RUBY_PACKAGE_CHANGED = "DP024" "proto-ruby-package-changed" Breaks ["buf:FILE_SAME_RUBY_PACKAGE"]
        "Option `ruby_package` has changed: the Ruby package";
    SWIFT_PREFIX_CHANGED = "DP025" "proto-swift-prefix-changed" Breaks ["buf:FILE_SAME_SWIFT_PREFIX"]
        "Option `swift_prefix` has changed: the prefix of Swift types";
    SERVICE_REMOVED = "DP030" "proto-service-removed" Breaks ["buf:SERVICE_NO_DELETE", "buf:PACKAGE_SERVICE_NO_DELETE"]
        "A service is gone";
    SERVICE_ADDED = "DP031" "proto-service-added" Adds []
        "A service is new";
    RPC_REMOVED = "DP032" "proto-rpc-removed" Breaks ["buf:RPC_NO_DELETE"]
        "An RPC is gone";
    RPC_ADDED = "DP033" "proto-rpc-added" Adds []
        "An RPC is new";
    REQUEST_TYPE_CHANGED = "DP034" "proto-request-type-changed" Breaks ["buf:RPC_SAME_REQUEST_TYPE"]
        "An RPC takes another message";
    RESPONSE_TYPE_CHANGED = "DP035" "proto-response-type-changed" Breaks ["buf:RPC_SAME_RESPONSE_TYPE"]
        "An RPC answers with another message";
    CLIENT_STREAMING_CHANGED = "DP036" "proto-client-streaming-changed" Breaks ["buf:RPC_SAME_CLIENT_STREAMING"]
        "The client of an RPC sends a stream, or no longer does";
    SERVER_STREAMING_CHANGED = "DP037" "proto-server-streaming-changed" Breaks ["buf:RPC_SAME_SERVER_STREAMING"]
        "The server of an RPC sends a stream, or no longer does";
    IDEMPOTENCY_LEVEL_CHANGED = "DP038" "proto-idempotency-level-changed" Behaves ["buf:RPC_SAME_IDEMPOTENCY_LEVEL"]
        "What is said about repeating an RPC has changed";
    MESSAGE_REMOVED = "DP040" "proto-message-removed" Breaks ["buf:MESSAGE_NO_DELETE", "buf:PACKAGE_MESSAGE_NO_DELETE"]
        "A message is gone";
    MESSAGE_ADDED = "DP041" "proto-message-added" Adds []
        "A message is new";
    MESSAGE_RESERVED_REMOVED = "DP042" "proto-message-reserved-removed" Breaks ["buf:RESERVED_MESSAGE_NO_DELETE"]
        "A number or name of a message is no longer reserved";
    EXTENSION_RANGE_REMOVED = "DP043" "proto-extension-range-removed" Breaks ["buf:EXTENSION_MESSAGE_NO_DELETE"]
        "Numbers of a message are no longer left to extensions";
    ONEOF_REMOVED = "DP044" "proto-oneof-removed" Breaks ["buf:ONEOF_NO_DELETE"]
        "A oneof is gone";
    DESCRIPTOR_ACCESSOR_REMOVED = "DP045" "proto-descriptor-accessor-removed" Breaks ["buf:MESSAGE_NO_REMOVE_STANDARD_DESCRIPTOR_ACCESSOR"]
        "Generated code has no standard accessor for the descriptor any more";
    MESSAGE_JSON_FORMAT_CHANGED = "DP046" "proto-message-json-format-changed" Breaks ["buf:MESSAGE_SAME_JSON_FORMAT"]
        "The JSON form of a message is no longer promised";
    FIELD_REMOVED = "DP050" "proto-field-removed" Breaks ["buf:FIELD_NO_DELETE"]
        "A field is gone; its number and name are reserved";
    FIELD_REMOVED_UNRESERVED = "DP051" "proto-field-removed-without-reserved" Breaks ["buf:FIELD_NO_DELETE", "buf:FIELD_NO_DELETE_UNLESS_NUMBER_RESERVED", "buf:FIELD_NO_DELETE_UNLESS_NAME_RESERVED"]
        "A field is gone, and its number or name may be used again";
    FIELD_NUMBER_CHANGED = "DP052" "proto-field-number-changed" Breaks ["buf:FIELD_NO_DELETE", "buf:FIELD_NO_DELETE_UNLESS_NUMBER_RESERVED", "buf:FIELD_NO_DELETE_UNLESS_NAME_RESERVED"]
        "A field has another number";
    FIELD_RENAMED = "DP053" "proto-field-renamed" Breaks ["buf:FIELD_SAME_NAME", "buf:FIELD_SAME_JSON_NAME"]
        "A field has another name";
    JSON_NAME_CHANGED = "DP054" "proto-json-name-changed" Breaks ["buf:FIELD_SAME_JSON_NAME"]
        "A field has another name in JSON";
    FIELD_TYPE_CHANGED = "DP055" "proto-field-type-changed" Breaks ["buf:FIELD_SAME_TYPE", "buf:FIELD_WIRE_COMPATIBLE_TYPE", "buf:FIELD_WIRE_JSON_COMPATIBLE_TYPE"]
        "A field has another type";
    FIELD_CARDINALITY_CHANGED = "DP056" "proto-field-cardinality-changed" Breaks ["buf:FIELD_SAME_CARDINALITY", "buf:FIELD_WIRE_COMPATIBLE_CARDINALITY", "buf:FIELD_WIRE_JSON_COMPATIBLE_CARDINALITY"]
        "A field has another number of values, or tells otherwise whether it was set";
    FIELD_ONEOF_CHANGED = "DP057" "proto-field-oneof-changed" Breaks ["buf:FIELD_SAME_ONEOF"]
        "A field has moved into, out of or between oneofs";
    FIELD_DEFAULT_CHANGED = "DP058" "proto-field-default-changed" Behaves ["buf:FIELD_SAME_DEFAULT"]
        "A field that is not sent means another value";
    JSTYPE_CHANGED = "DP059" "proto-jstype-changed" Breaks ["buf:FIELD_SAME_JSTYPE"]
        "A field has another type in JavaScript";
    CPP_STRING_TYPE_CHANGED = "DP060" "proto-cpp-string-type-changed" Breaks ["buf:FIELD_SAME_CPP_STRING_TYPE"]
        "A field has another string type in C++";
    JAVA_UTF8_VALIDATION_CHANGED = "DP061" "proto-java-utf8-validation-changed" Breaks ["buf:FIELD_SAME_JAVA_UTF8_VALIDATION"]
        "Java checks otherwise whether a string is UTF-8";
    UTF8_VALIDATION_CHANGED = "DP062" "proto-utf8-validation-changed" Breaks ["buf:FIELD_SAME_UTF8_VALIDATION"]
        "It is checked otherwise whether a string is UTF-8";
    FIELD_ADDED = "DP063" "proto-field-added" Adds []
        "A field is new";
    REQUIRED_FIELD_ADDED = "DP064" "proto-required-field-added" Breaks ["buf:MESSAGE_SAME_REQUIRED_FIELDS"]
        "A field is new that must always be sent";
    EXTENSION_REMOVED = "DP065" "proto-extension-removed" Breaks ["buf:EXTENSION_NO_DELETE", "buf:PACKAGE_EXTENSION_NO_DELETE"]
        "An extension is gone";
    EXTENSION_ADDED = "DP066" "proto-extension-added" Adds []
        "An extension is new";
    ENUM_REMOVED = "DP070" "proto-enum-removed" Breaks ["buf:ENUM_NO_DELETE", "buf:PACKAGE_ENUM_NO_DELETE"]
        "An enum is gone";
    ENUM_ADDED = "DP071" "proto-enum-added" Adds []
        "An enum is new";
    ENUM_VALUE_REMOVED = "DP072" "proto-enum-value-removed" Breaks ["buf:ENUM_VALUE_NO_DELETE"]
        "A value of an enum is gone; its number and name are reserved";
    ENUM_VALUE_REMOVED_UNRESERVED = "DP073" "proto-enum-value-removed-without-reserved" Breaks ["buf:ENUM_VALUE_NO_DELETE", "buf:ENUM_VALUE_NO_DELETE_UNLESS_NUMBER_RESERVED", "buf:ENUM_VALUE_NO_DELETE_UNLESS_NAME_RESERVED"]
        "A value of an enum is gone, and its number or name may be used again";
    ENUM_VALUE_NUMBER_CHANGED = "DP074" "proto-enum-value-number-changed" Breaks ["buf:ENUM_VALUE_NO_DELETE", "buf:ENUM_VALUE_NO_DELETE_UNLESS_NUMBER_RESERVED", "buf:ENUM_VALUE_NO_DELETE_UNLESS_NAME_RESERVED"]
        "A value of an enum has another number";
    ENUM_VALUE_RENAMED = "DP075" "proto-enum-value-renamed" Breaks ["buf:ENUM_VALUE_SAME_NAME"]
        "A number of an enum has another name";
    ENUM_VALUE_ADDED = "DP076" "proto-enum-value-added" Adds []
        "A value of an enum is new";
    ENUM_TYPE_CHANGED = "DP077" "proto-enum-type-changed" Breaks ["buf:ENUM_SAME_TYPE"]
        "An enum takes numbers it does not name, or no longer does";
    ENUM_JSON_FORMAT_CHANGED = "DP078" "proto-enum-json-format-changed" Breaks ["buf:ENUM_SAME_JSON_FORMAT"]
        "The JSON form of an enum is no longer promised";
    ENUM_RESERVED_REMOVED = "DP079" "proto-enum-reserved-removed" Breaks ["buf:RESERVED_ENUM_NO_DELETE"]
        "A number or name of an enum is no longer reserved";
    DEPRECATION_CHANGED = "DP080" "proto-deprecation-changed" Behaves []
        "An element is deprecated, or no longer is";
    OPTION_CHANGED = "DP081" "proto-option-changed" Behaves []
        "An option that says how an element behaves has changed";
    COMMENT_CHANGED = "DP082" "proto-comment-changed" Documents []
        "What is said about an element has changed";
}
