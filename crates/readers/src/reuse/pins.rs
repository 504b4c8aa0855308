//! Manifests of files that are pinned to another project's by their hashes.

use tenon_graph::{
    Document, DocumentKind, FileReference, Part, PinManifest, PinnedFile, Resolver, join_path,
};
use tenon_source::{FileId, SourceFile, Sources};

use super::text;
use crate::Reader;
use crate::value::Value;

/// Folders above the manifest's own that a path may start from, a count: deeper trees of pins are
/// not known, and each level is one more file that is looked for.
const LEVELS_MAX: usize = 8;

/// A pin manifest: `schema_version: pin_manifest/v1` with `artifacts` of `path` and `sha256`.
pub struct PinManifestReader;

impl Reader for PinManifestReader {
    fn name(&self) -> &'static str {
        "pin manifest"
    }

    fn recognise(&self, file: &SourceFile) -> Option<DocumentKind> {
        let root = file.tree.root();
        let version = root.get_str("schema_version").or_else(|| root.get_str("tenon"))?;
        version.starts_with("pin_manifest/").then_some(DocumentKind::PinManifest)
    }

    fn read(&self, file: FileId, kind: DocumentKind, resolver: &Resolver<'_>) -> Part {
        let sources = resolver.sources();
        let Some(source) = sources.get(file) else { return Part::default() };
        let root = Value { file, node: source.tree.root() };
        let artifacts = root.list("artifacts").filter_map(|entry| {
            let path = text(entry, "path")?;
            let target = candidates(&source.path, &path.text).iter().find_map(|path| sources.find(path));
            Some(PinnedFile { at: entry.at(), sha256: text(entry, "sha256"), path, target })
        });
        let manifest = PinManifest {
            file,
            at: root.at(),
            source: text(root, "source_repo"),
            artifacts: artifacts.collect(),
        };
        Part { document: Some(Document { file, kind }), pin_manifests: vec![manifest], ..Part::default() }
    }

    fn companions(&self, file: FileId, sources: &Sources) -> Vec<FileReference> {
        let Some(source) = sources.get(file) else { return Vec::new() };
        let root = Value { file, node: source.tree.root() };
        let paths = root.list("artifacts").filter_map(|entry| text(entry, "path"));
        let found = paths.flat_map(|path| {
            let at = path.at;
            candidates(&source.path, &path.text).into_iter().map(move |path| FileReference { path, at })
        });
        let mut found: Vec<FileReference> = found.collect();
        found.sort();
        found.dedup_by(|later, first| later.path == first.path);
        found
    }
}

/// Where a pinned file may stand, the likeliest first: from the manifest's folder, from the
/// folders above it, and beside the manifest where the pins were moved as a whole.
fn candidates(manifest: &str, path: &str) -> Vec<String> {
    let mut out: Vec<String> =
        (0..LEVELS_MAX).map(|level| join_path(manifest, &format!("{}{path}", "../".repeat(level)))).collect();
    if let Some((_, name)) = path.rsplit_once('/') {
        out.push(join_path(manifest, name));
    }
    // Above the current folder there is nothing that is checked.
    out.retain(|path| !path.starts_with("../") || manifest.starts_with("../"));
    out.dedup();
    out
}
