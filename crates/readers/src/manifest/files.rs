//! The files a manifest names without their folder.

use rustc_hash::FxHashMap;
use tenon_graph::{FileReference, Name, join_path};
use tenon_source::{At, FileId, NodeId, Sources};

/// Where files that a manifest names stand, seen from it, the nearest first.
const SCHEMA_FOLDERS: [&str; 4] = ["", "schemas/", "../schemas/", "../"];

/// Where lists of examples stand, seen from a manifest.
const EXAMPLE_LISTS: [&str; 4] = [
    "../examples/_manifest.v1.json",
    "../examples/api/_manifest.v1.json",
    "../examples/events/_manifest.v1.json",
    "examples/_manifest.v1.json",
];

/// Loaded files by name, for files that are named without their folder.
pub(super) struct Files<'s> {
    sources: &'s Sources,
    from: FileId,
    by_path: FxHashMap<&'s str, FileId>,
    by_name: FxHashMap<&'s str, Vec<FileId>>,
}

impl<'s> Files<'s> {
    pub(super) fn new(from: FileId, sources: &'s Sources) -> Self {
        let mut by_name: FxHashMap<&str, Vec<FileId>> = FxHashMap::default();
        let mut by_path = FxHashMap::default();
        for (file, source) in sources.iter() {
            by_path.insert(source.path.as_str(), file);
            by_name.entry(file_name(&source.path)).or_default().push(file);
        }
        Self { sources, from, by_path, by_name }
    }

    /// The file a name stands for: in the folders where it is looked for, else the one with the
    /// name that is nearest in the tree of folders.
    pub(super) fn find(&self, name: &str) -> Option<FileId> {
        let from = path(self.sources, self.from);
        let beside = SCHEMA_FOLDERS.iter().find_map(|folder| {
            self.by_path.get(join_path(from, &format!("{folder}{name}")).as_str()).copied()
        });
        beside.or_else(|| {
            let others = self.by_name.get(file_name(name))?;
            let near = |file: &FileId| shared_folders(from, path(self.sources, *file));
            // Of equally near ones the first, in the order of their paths.
            others.iter().copied().reduce(|best, other| if near(&other) > near(&best) { other } else { best })
        })
    }

    /// The root of the file a name stands for, or the name if there is none.
    pub(super) fn schema(&self, name: Name) -> Result<At, Name> {
        self.find(&name.text).map(|file| At { file, node: NodeId::ROOT }).ok_or(name)
    }
}

/// The files a manifest needs beside itself: its schemas, their examples, lists of examples. Each
/// in every folder where it may stand; those that are not there are passed over.
pub(super) fn companions(from: FileId, sources: &Sources, names: &[Name]) -> Vec<FileReference> {
    let files = Files::new(from, sources);
    let path = path(sources, from);
    let root = At { file: from, node: NodeId::ROOT };
    let mut found: Vec<FileReference> =
        EXAMPLE_LISTS.iter().map(|list| FileReference { path: join_path(path, list), at: root }).collect();
    for name in names.iter().filter(|name| files.find(&name.text).is_none()) {
        let at = name.at;
        for folder in SCHEMA_FOLDERS {
            found.push(FileReference { path: join_path(path, &format!("{folder}{}", name.text)), at });
        }
        if let Some((stem, _)) = file_name(&name.text).split_once(".schema.") {
            let example = format!("../examples/{stem}.example.json");
            found.push(FileReference { path: join_path(path, &example), at });
        }
    }
    found.sort();
    found.dedup_by(|later, first| later.path == first.path);
    found
}

pub(super) fn path(sources: &Sources, file: FileId) -> &str {
    sources.get(file).map_or("", |file| file.path.as_str())
}

fn file_name(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

fn shared_folders(a: &str, b: &str) -> usize {
    a.split('/').zip(b.split('/')).take_while(|(a, b)| a == b).count()
}

#[cfg(test)]
mod tests {
    use tenon_source::{SourceFile, Sources};

    use super::Files;

    #[test]
    fn a_name_stands_for_the_nearest_file() {
        let mut sources = Sources::default();
        let paths = [
            "x/api/manifest.v1.json",
            "other/schemas/A.schema.json",
            "x/schemas/A.schema.json",
            "other/B.schema.json",
            "x/deep/er/B.schema.json",
        ];
        for path in paths {
            let (file, _) = SourceFile::parse(sources.next_id(), path, b"{}".to_vec());
            sources.push(file);
        }
        let files = Files::new(sources.find("x/api/manifest.v1.json").unwrap(), &sources);
        let path = |name| files.find(name).map(|file| super::path(&sources, file));
        assert_eq!(path("A.schema.json"), Some("x/schemas/A.schema.json"));
        assert_eq!(path("B.schema.json"), Some("x/deep/er/B.schema.json"));
        assert_eq!(path("../schemas/A.schema.json"), Some("x/schemas/A.schema.json"));
        assert_eq!(path("C.schema.json"), None);
    }
}
