//! `buf.yaml`, versions 1 beta 1, 1 and 2: which rules the `.proto` files of a folder are held to.
//!
//! What it says about dependencies and builds is of no concern here.

use tenon_graph::protobuf::{BufBreaking, BufLint, BufModule, BufSelection, BufVersion};
use tenon_graph::{Document, DocumentKind, Part, Resolver, join_path};
use tenon_source::{FileId, SourceFile};

use crate::Reader;
use crate::value::Value;

/// Names that `buf` itself looks for.
const FILE_NAMES: [&str; 2] = ["buf.yaml", "buf.yml"];

/// A `buf.yaml`.
pub struct BufReader;

impl Reader for BufReader {
    fn name(&self) -> &'static str {
        "buf configuration"
    }

    fn recognise(&self, file: &SourceFile) -> Option<DocumentKind> {
        let name = file.path.rsplit_once('/').map_or(file.path.as_str(), |(_, name)| name);
        (FILE_NAMES.contains(&name) && version(file).is_some()).then_some(DocumentKind::BufConfiguration)
    }

    fn read(&self, file: FileId, kind: DocumentKind, resolver: &Resolver<'_>) -> Part {
        let mut part = Part { document: Some(Document { file, kind }), ..Part::default() };
        if let Some(source) = resolver.sources().get(file) {
            part.buf_modules = modules_of(file, source);
        }
        part
    }
}

fn version(file: &SourceFile) -> Option<BufVersion> {
    match file.tree.root().get_str("version")? {
        "v1beta1" => Some(BufVersion::V1Beta1),
        "v1" => Some(BufVersion::V1),
        "v2" => Some(BufVersion::V2),
        _ => None,
    }
}

/// The modules that a `buf.yaml` declares, in order; none where its version is not known.
#[must_use]
pub fn modules_of(id: FileId, file: &SourceFile) -> Vec<BufModule> {
    let Some(version) = version(file) else { return Vec::new() };
    let root = Value { file: id, node: file.tree.root() };
    let reading = Reading { path: &file.path, version };
    match version {
        BufVersion::V2 => reading.v2(root),
        BufVersion::V1 => vec![reading.module(root, ".", &[root], ".")],
        BufVersion::V1Beta1 => {
            let build = root.get("build");
            let mut roots: Vec<&str> =
                build.into_iter().flat_map(|build| build.list("roots")).filter_map(Value::as_str).collect();
            if roots.is_empty() {
                roots.push(".");
            }
            roots.into_iter().map(|folder| reading.module(root, folder, &[root], folder)).collect()
        }
    }
}

/// One file that is being read.
#[derive(Clone, Copy)]
struct Reading<'s> {
    path: &'s str,
    version: BufVersion,
}

impl Reading<'_> {
    fn v2(self, root: Value<'_>) -> Vec<BufModule> {
        let modules: Vec<BufModule> = root
            .list("modules")
            .map(|module| {
                let folder = module.get("path").and_then(Value::as_str).unwrap_or(".");
                self.module(module, folder, &[module, root], ".")
            })
            .collect();
        if modules.is_empty() { vec![self.module(root, ".", &[root], ".")] } else { modules }
    }

    /// The module in a folder. The first of `said` that has a section says all of it. Paths in the
    /// sections start from another folder.
    fn module(self, at: Value<'_>, folder: &str, said: &[Value<'_>], paths_from: &str) -> BufModule {
        let section = |name: &str| said.iter().find_map(|value| value.object(name));
        BufModule {
            at: at.at(),
            root: self.place(folder, "").into(),
            version: self.version,
            lint: section("lint")
                .map_or_else(|| self.lint(None, paths_from), |lint| self.lint(Some(lint), paths_from)),
            breaking: section("breaking")
                .map(|breaking| self.breaking(breaking, paths_from))
                .unwrap_or_default(),
        }
    }

    fn lint(self, lint: Option<Value<'_>>, paths_from: &str) -> BufLint {
        let is_v2 = self.version == BufVersion::V2;
        let mut out = BufLint { allows_comment_ignores: is_v2, ..BufLint::default() };
        let Some(lint) = lint else { return out };
        let flag = |name: &str| lint.get(name).and_then(|value| value.node.as_bool()) == Some(true);
        out.selection = self.selection(lint, paths_from);
        out.allows_comment_ignores =
            if is_v2 { !flag("disallow_comment_ignores") } else { flag("allow_comment_ignores") };
        out.allows_same_request_response = flag("rpc_allow_same_request_response");
        out.allows_empty_requests = flag("rpc_allow_google_protobuf_empty_requests");
        out.allows_empty_responses = flag("rpc_allow_google_protobuf_empty_responses");
        let text = |name: &str| lint.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
        if let Some(suffix) = text("enum_zero_value_suffix") {
            out.enum_zero_value_suffix = suffix.into();
        }
        if let Some(suffix) = text("service_suffix") {
            out.service_suffix = suffix.into();
        }
        out
    }

    fn breaking(self, breaking: Value<'_>, paths_from: &str) -> BufBreaking {
        let unstable = breaking.get("ignore_unstable_packages").and_then(|value| value.node.as_bool());
        BufBreaking {
            selection: self.selection(breaking, paths_from),
            ignores_unstable_packages: unstable == Some(true),
        }
    }

    fn selection(self, section: Value<'_>, paths_from: &str) -> BufSelection {
        let words = |name: &str| section.list(name).filter_map(Value::as_str).map(Box::from).collect();
        let paths = |values: &mut dyn Iterator<Item = Value<'_>>| {
            values.filter_map(Value::as_str).map(|path| self.place(paths_from, path).into()).collect()
        };
        BufSelection {
            uses: words("use"),
            except: words("except"),
            ignore: paths(&mut section.list("ignore")),
            ignore_only: section
                .map("ignore_only")
                .map(|(word, list)| (Box::from(word), paths(&mut list.items())))
                .collect(),
        }
    }

    /// A path in a folder beside the file, as paths of files start.
    fn place(self, folder: &str, path: &str) -> String {
        join_path(self.path, &format!("{folder}/{path}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(path: &str, text: &str) -> Vec<BufModule> {
        let (file, findings) = SourceFile::parse(FileId(0), path, text.as_bytes().to_vec());
        assert!(findings.is_empty(), "{findings:?}");
        modules_of(FileId(0), &file)
    }

    #[test]
    fn modules_of_version_2_have_their_own_sections_or_those_of_the_file() {
        let text = "version: v2\nmodules:\n  - path: proto\n  - path: vendor\n    lint:\n      use: [MINIMAL]\n\
                    lint:\n  use: [STANDARD]\n  ignore: [proto/old]\n  disallow_comment_ignores: true\n\
                    breaking:\n  use: [WIRE]\n  ignore_unstable_packages: true\n";
        let modules = read("api/buf.yaml", text);
        let [proto, vendor] = &modules[..] else { panic!("{modules:?}") };
        assert_eq!((&*proto.root, &*vendor.root), ("api/proto", "api/vendor"));
        assert_eq!(proto.lint.selection.uses, ["STANDARD".into()]);
        assert_eq!(proto.lint.selection.ignore, ["api/proto/old".into()]);
        assert!(!proto.lint.allows_comment_ignores);
        assert_eq!(vendor.lint.selection.uses, ["MINIMAL".into()]);
        assert!(vendor.lint.allows_comment_ignores);
        assert!(vendor.breaking.ignores_unstable_packages);
    }

    #[test]
    fn version_1_is_one_module_and_version_1_beta_1_one_a_root() {
        let modules =
            read("buf.yaml", "version: v1\nlint:\n  ignore_only:\n    ENUM_PASCAL_CASE: [a/b.proto]\n");
        let [module] = &modules[..] else { panic!("{modules:?}") };
        assert_eq!(&*module.root, "");
        assert!(!module.lint.allows_comment_ignores, "in version 1 they have to be allowed");
        assert_eq!(
            module.lint.selection.ignore_only,
            [("ENUM_PASCAL_CASE".into(), vec!["a/b.proto".into()])]
        );
        let roots = read("x/buf.yaml", "version: v1beta1\nbuild:\n  roots: [proto, third]\n");
        let roots: Vec<&str> = roots.iter().map(|module| &*module.root).collect();
        assert_eq!(roots, ["x/proto", "x/third"]);
    }
}
