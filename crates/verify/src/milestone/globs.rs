//! Patterns for paths: `*` within a part, `**` over parts, `{a,b}`; a folder means all below it.

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

/// Some patterns.
#[derive(Debug)]
pub struct Globs(GlobSet);

impl Globs {
    /// The patterns.
    ///
    /// # Errors
    /// When one is none, in words.
    pub fn new<'p>(patterns: impl IntoIterator<Item = &'p str>) -> Result<Self, String> {
        let mut set = GlobSetBuilder::new();
        for pattern in patterns {
            let pattern = pattern.trim_start_matches("./").trim_end_matches('/');
            let all = if pattern == "." || pattern.is_empty() { "**".to_owned() } else { pattern.to_owned() };
            for text in [all.clone(), format!("{all}/**")] {
                let glob = GlobBuilder::new(&text).literal_separator(true).build();
                set.add(glob.map_err(|error| error.kind().to_string())?);
            }
        }
        set.build().map(Self).map_err(|error| error.kind().to_string())
    }

    /// Whether a path matches one of them.
    #[must_use]
    pub fn is_match(&self, path: &str) -> bool {
        self.0.is_match(path)
    }
}

#[cfg(test)]
mod tests {
    use super::Globs;

    #[test]
    fn a_star_stays_in_its_folder_and_a_folder_means_what_is_below_it() {
        let globs = |pattern: &str, path: &str| Globs::new([pattern]).unwrap().is_match(path);
        assert!(globs("ssot/schemas/*", "ssot/schemas/a.json"));
        assert!(!globs("ssot/*.json", "ssot/schemas/a.json"));
        assert!(globs("ssot/**/*.json", "ssot/schemas/a.json"));
        assert!(globs("proto", "proto/domed/v1/domed.proto"));
        assert!(globs("proto/", "proto/domed.proto") && !globs("proto", "protocol.md"));
        assert!(globs(".", "anything/at/all") && Globs::new(["a{b"]).is_err());
    }
}
