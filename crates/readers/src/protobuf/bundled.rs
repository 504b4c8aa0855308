//! The well-known files: names and numbers of what every Protobuf program may import.

/// The folder they seem to lie in: no folder of a disk has such a name.
pub(super) const FOLDER: &str = "<well-known>";

/// What others import each by, and its text.
const FILES: [(&str, &str); 15] = [
    ("google/protobuf/any.proto", include_str!("bundled/any.proto")),
    ("google/protobuf/api.proto", include_str!("bundled/api.proto")),
    ("google/protobuf/compiler/plugin.proto", include_str!("bundled/plugin.proto")),
    ("google/protobuf/cpp_features.proto", include_str!("bundled/cpp_features.proto")),
    ("google/protobuf/descriptor.proto", include_str!("bundled/descriptor.proto")),
    ("google/protobuf/duration.proto", include_str!("bundled/duration.proto")),
    ("google/protobuf/empty.proto", include_str!("bundled/empty.proto")),
    ("google/protobuf/field_mask.proto", include_str!("bundled/field_mask.proto")),
    ("google/protobuf/go_features.proto", include_str!("bundled/go_features.proto")),
    ("google/protobuf/java_features.proto", include_str!("bundled/java_features.proto")),
    ("google/protobuf/source_context.proto", include_str!("bundled/source_context.proto")),
    ("google/protobuf/struct.proto", include_str!("bundled/struct.proto")),
    ("google/protobuf/timestamp.proto", include_str!("bundled/timestamp.proto")),
    ("google/protobuf/type.proto", include_str!("bundled/type.proto")),
    ("google/protobuf/wrappers.proto", include_str!("bundled/wrappers.proto")),
];

/// The text of a well-known file, by what others import it by.
pub(super) fn text_of(name: &str) -> Option<&'static str> {
    FILES.iter().find(|(known, _)| *known == name).map(|&(_, text)| text)
}

/// The path a well-known file is held under.
pub(super) fn path_of(name: &str) -> String {
    [FOLDER, "/", name].concat()
}

/// Whether a path is that of a well-known file.
pub(super) fn is_bundled(path: &str) -> bool {
    path.strip_prefix(FOLDER).is_some_and(|rest| rest.starts_with('/'))
}

/// The bytes of a well-known file, by its path.
pub(crate) fn read(path: &str) -> Option<Vec<u8>> {
    let name = path.strip_prefix(FOLDER)?.strip_prefix('/')?;
    text_of(name).map(|text| text.as_bytes().to_vec())
}

/// What every well-known file is imported by.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    FILES.iter().map(|(name, _)| *name)
}
