//! Protocol Buffers: the rules of `buf lint`, which a `buf.yaml` chooses from.
//!
//! Each looks at the files that were asked for; [`chosen`] then leaves the findings that the
//! `buf.yaml` and the comments of a file let stand.

mod case;
pub mod chosen;
mod support;

mod client_streaming_rpc;
mod enum_first_value_not_zero;
mod enum_not_pascal_case;
mod enum_value_not_upper_snake_case;
mod enum_value_without_comment;
mod enum_value_without_prefix;
mod enum_with_aliases;
mod enum_without_comment;
mod enum_zero_value_without_suffix;
mod field_called_descriptor;
mod field_not_lower_snake_case;
mod field_without_comment;
mod file_not_lower_snake_case;
mod message_not_pascal_case;
mod message_without_comment;
mod mixed_package_directory;
mod oneof_not_lower_snake_case;
mod oneof_without_comment;
mod package_directory_mismatch;
mod package_import_cycle;
mod package_in_several_directories;
mod package_missing;
mod package_not_lower_snake_case;
mod package_with_several_csharp_namespaces;
mod package_with_several_go_packages;
mod package_with_several_java_multiple_files;
mod package_with_several_java_packages;
mod package_with_several_php_namespaces;
mod package_with_several_ruby_packages;
mod package_with_several_swift_prefixes;
mod package_without_version;
mod public_import;
mod request_not_named_for_rpc;
mod required_field;
mod response_not_named_for_rpc;
mod rpc_message_shared;
mod rpc_not_pascal_case;
mod rpc_without_comment;
mod server_streaming_rpc;
mod service_not_pascal_case;
mod service_without_comment;
mod service_without_suffix;
mod stable_imports_unstable;
mod syntax_missing;
mod unknown_buf_rule;
mod unused_import;

use crate::Rule;

/// The rules of this area, by id.
pub static RULES: &[&Rule] = &[
    &mixed_package_directory::RULE,
    &package_missing::RULE,
    &package_directory_mismatch::RULE,
    &package_import_cycle::RULE,
    &package_in_several_directories::RULE,
    &package_not_lower_snake_case::RULE,
    &package_without_version::RULE,
    &stable_imports_unstable::RULE,
    &package_with_several_csharp_namespaces::RULE,
    &package_with_several_go_packages::RULE,
    &package_with_several_java_multiple_files::RULE,
    &package_with_several_java_packages::RULE,
    &package_with_several_php_namespaces::RULE,
    &package_with_several_ruby_packages::RULE,
    &package_with_several_swift_prefixes::RULE,
    &syntax_missing::RULE,
    &file_not_lower_snake_case::RULE,
    &public_import::RULE,
    &unused_import::RULE,
    &message_not_pascal_case::RULE,
    &field_not_lower_snake_case::RULE,
    &oneof_not_lower_snake_case::RULE,
    &required_field::RULE,
    &field_called_descriptor::RULE,
    &enum_not_pascal_case::RULE,
    &enum_first_value_not_zero::RULE,
    &enum_with_aliases::RULE,
    &enum_value_not_upper_snake_case::RULE,
    &enum_value_without_prefix::RULE,
    &enum_zero_value_without_suffix::RULE,
    &service_not_pascal_case::RULE,
    &service_without_suffix::RULE,
    &rpc_not_pascal_case::RULE,
    &rpc_message_shared::RULE,
    &request_not_named_for_rpc::RULE,
    &response_not_named_for_rpc::RULE,
    &client_streaming_rpc::RULE,
    &server_streaming_rpc::RULE,
    &enum_without_comment::RULE,
    &enum_value_without_comment::RULE,
    &field_without_comment::RULE,
    &message_without_comment::RULE,
    &oneof_without_comment::RULE,
    &rpc_without_comment::RULE,
    &service_without_comment::RULE,
    &unknown_buf_rule::RULE,
];
