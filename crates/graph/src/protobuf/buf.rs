//! What a `buf.yaml` says of one module: which rules its files are held to.

use tenon_source::At;

/// The format of a `buf.yaml`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum BufVersion {
    /// `version: v1beta1`.
    V1Beta1,
    /// `version: v1`.
    V1,
    /// `version: v2`.
    #[default]
    V2,
}

/// A module of a `buf.yaml`: a folder of `.proto` files and what they are held to.
#[derive(Debug, Clone, Default)]
pub struct BufModule {
    /// The value it was read from.
    pub at: At,
    /// The folder, as paths of files start; empty for the current one.
    pub root: Box<str>,
    /// The format of the file.
    pub version: BufVersion,
    /// What `lint` says.
    pub lint: BufLint,
    /// What `breaking` says.
    pub breaking: BufBreaking,
}

impl BufModule {
    /// Whether a file lies in the module's folder.
    #[must_use]
    pub fn holds(&self, path: &str) -> bool {
        is_in(path, &self.root)
    }
}

/// Which rules of a kind apply, and where.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BufSelection {
    /// Rules and categories that apply; if empty, those that apply by default.
    pub uses: Vec<Box<str>>,
    /// Rules and categories that do not apply after all.
    pub except: Vec<Box<str>>,
    /// Files and folders that no rule looks at, as paths of files start.
    pub ignore: Vec<Box<str>>,
    /// Files and folders that a rule or category does not look at.
    pub ignore_only: Vec<(Box<str>, Vec<Box<str>>)>,
}

impl BufSelection {
    /// Whether a rule applies. `words` are its own name, its categories and older names for it.
    #[must_use]
    pub fn selects(&self, words: &[&str], is_default: bool) -> bool {
        let has = |list: &[Box<str>]| list.iter().any(|word| words.contains(&&**word));
        let is_used = if self.uses.is_empty() { is_default } else { has(&self.uses) };
        is_used && !has(&self.except)
    }

    /// Whether a rule does not look at a file.
    #[must_use]
    pub fn ignores(&self, words: &[&str], path: &str) -> bool {
        let covers = |paths: &[Box<str>]| paths.iter().any(|folder| is_in(path, folder));
        let of_rule = self.ignore_only.iter().filter(|(word, _)| words.contains(&&**word));
        covers(&self.ignore) || of_rule.into_iter().any(|(_, paths)| covers(paths))
    }
}

/// What `lint` says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BufLint {
    /// Which rules apply.
    pub selection: BufSelection,
    /// Whether a comment `buf:lint:ignore RULE` sets findings aside.
    pub allows_comment_ignores: bool,
    /// How the name of an enum's zero value ends.
    pub enum_zero_value_suffix: Box<str>,
    /// Whether an RPC may send and return the same message.
    pub allows_same_request_response: bool,
    /// Whether `google.protobuf.Empty` may be sent.
    pub allows_empty_requests: bool,
    /// Whether `google.protobuf.Empty` may come back.
    pub allows_empty_responses: bool,
    /// How the name of a service ends.
    pub service_suffix: Box<str>,
}

impl Default for BufLint {
    fn default() -> Self {
        Self {
            selection: BufSelection::default(),
            allows_comment_ignores: true,
            enum_zero_value_suffix: "_UNSPECIFIED".into(),
            allows_same_request_response: false,
            allows_empty_requests: false,
            allows_empty_responses: false,
            service_suffix: "Service".into(),
        }
    }
}

/// What `breaking` says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BufBreaking {
    /// Which rules apply.
    pub selection: BufSelection,
    /// Whether packages whose version is unstable, such as `v1beta1`, may change freely.
    pub ignores_unstable_packages: bool,
}

/// The module a file lies in: of nested ones, the innermost.
#[must_use]
pub fn module_of<'m>(modules: &'m [BufModule], path: &str) -> Option<&'m BufModule> {
    modules.iter().filter(|module| module.holds(path)).max_by_key(|module| module.root.len())
}

/// Whether a path is a folder's or lies in it; every path lies in the empty folder.
fn is_in(path: &str, folder: &str) -> bool {
    let rest = path.strip_prefix(folder);
    rest.is_some_and(|rest| folder.is_empty() || rest.is_empty() || rest.starts_with('/'))
}

/// How sure the makers of a package are of it, told by its last part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stability {
    /// `v1`.
    Stable,
    /// `v1alpha1`, `v1beta2`, `v1p1beta1`, `v1test…`.
    Unstable,
}

/// What the version at the end of a package says; `None` where there is none.
#[must_use]
pub fn stability_of(package: &str) -> Option<Stability> {
    let (_, last) = package.rsplit_once('.')?;
    let version = last.strip_prefix('v')?;
    if let Some((major, _)) = version.split_once("test") {
        return is_count(major).then_some(Stability::Unstable);
    }
    let word = match (version.contains("alpha"), version.contains("beta")) {
        (false, false) => return is_count(version).then_some(Stability::Stable),
        (true, false) => "alpha",
        (false, true) => "beta",
        (true, true) => return None,
    };
    let (before, minor) = version.split_once(word)?;
    let major_is_sound = match before.split_once('p') {
        Some((major, patch)) => is_count(major) && is_count(patch),
        None => is_count(before),
    };
    (major_is_sound && (minor.is_empty() || is_count(minor))).then_some(Stability::Unstable)
}

/// Whether a text is a whole number from 1 on.
fn is_count(text: &str) -> bool {
    text.parse::<i32>().is_ok_and(|number| number >= 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_of_packages_are_told() {
        for package in ["acme.v1", "acme.pets.v12"] {
            assert_eq!(stability_of(package), Some(Stability::Stable), "{package}");
        }
        for package in ["acme.v1alpha", "acme.v1beta2", "acme.v1p1alpha1", "acme.v2testfoo"] {
            assert_eq!(stability_of(package), Some(Stability::Unstable), "{package}");
        }
        for package in
            ["v1", "acme", "acme.v0", "acme.V1", "acme.v1alpha0", "acme.v1alpha1beta1", "acme.vp1beta1"]
        {
            assert_eq!(stability_of(package), None, "{package}");
        }
    }

    #[test]
    fn rules_are_selected_by_name_and_category() {
        let selection = BufSelection {
            uses: vec!["STANDARD".into()],
            except: vec!["SERVICE_SUFFIX".into()],
            ignore: vec!["proto/vendor".into()],
            ignore_only: vec![("ENUM_PASCAL_CASE".into(), vec!["proto/old.proto".into()])],
        };
        assert!(selection.selects(&["ENUM_PASCAL_CASE", "BASIC", "STANDARD"], false));
        assert!(!selection.selects(&["SERVICE_SUFFIX", "STANDARD"], true));
        assert!(!selection.selects(&["COMMENT_ENUM", "COMMENTS"], true));
        assert!(selection.ignores(&["ANY"], "proto/vendor/a.proto"));
        assert!(!selection.ignores(&["ANY"], "proto/vendored/a.proto"));
        assert!(selection.ignores(&["ENUM_PASCAL_CASE"], "proto/old.proto"));
        assert!(!selection.ignores(&["ANY"], "proto/old.proto"));
    }

    #[test]
    fn a_file_lies_in_the_innermost_module() {
        let module = |root: &str| BufModule { root: root.into(), ..BufModule::default() };
        let modules = [module(""), module("proto"), module("proto/inner")];
        let root = |path| module_of(&modules, path).map(|module| &*module.root);
        assert_eq!(root("proto/inner/a.proto"), Some("proto/inner"));
        assert_eq!(root("proto/inner2/a.proto"), Some("proto"));
        assert_eq!(root("a.proto"), Some(""));
    }
}
