//! Values that the specification recommends for uploads: types, sizes, rates.

/// A list of MIME types for one use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MimePreset {
    /// Its name.
    pub name: &'static str,
    /// The types, in the specification's order.
    pub types: &'static [&'static str],
}

/// A size or rate for one use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Guidance {
    /// What it is for.
    pub usage: &'static str,
    /// Megabytes for sizes; calls in [`RATE_WINDOW_MINUTES`] for rates.
    pub value: u32,
}

/// The window of the recommended rates, in minutes.
pub const RATE_WINDOW_MINUTES: u32 = 60;

/// MIME types by use.
pub static MIME_TYPES: &[MimePreset] = &[
    MimePreset { name: "images", types: &["image/jpeg", "image/png", "image/gif", "image/webp"] },
    MimePreset {
        name: "documents",
        types: &[
            "application/pdf",
            "application/msword",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ],
    },
    MimePreset { name: "data files", types: &["text/csv", "application/json", "application/xml"] },
    MimePreset { name: "mixed", types: &["image/jpeg", "image/png", "application/pdf", "text/csv"] },
];

/// Sizes in megabytes by use.
pub static SIZES_MB: &[Guidance] = &[
    Guidance { usage: "profile images, icons", value: 5 },
    Guidance { usage: "standard documents", value: 10 },
    Guidance { usage: "high-resolution images, reports", value: 50 },
    Guidance { usage: "video, large datasets", value: 100 },
];

/// Calls in 60 minutes by use.
pub static RATES: &[Guidance] = &[
    Guidance { usage: "restrictive (public endpoints)", value: 5 },
    Guidance { usage: "standard (authenticated users)", value: 10 },
    Guidance { usage: "generous (internal tools, bulk)", value: 100 },
];

/// The recommendations as the page of rule SC41 has them.
#[must_use]
pub fn table() -> String {
    let mut out = String::from("| For | Values |\n|---|---|\n");
    for preset in MIME_TYPES {
        out.push_str(&format!("| {}: `allowedMimeTypes` | {} |\n", preset.name, preset.types.join(", ")));
    }
    for size in SIZES_MB {
        out.push_str(&format!("| {}: `maxSizeMb` | {} |\n", size.usage, size.value));
    }
    for rate in RATES {
        out.push_str(&format!(
            "| {} | {} calls in {RATE_WINDOW_MINUTES} minutes |\n",
            rate.usage, rate.value
        ));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// S4-212, S4-213, S4-214, S4-215, S4-216, S4-217, S4-218, S4-219, S4-220, S4-221, S4-222:
    /// `tenon explain SC41` lists every recommendation, from this table.
    #[test]
    fn the_page_of_uploads_has_the_recommendations() {
        let rules = crate::rules::service::RULES;
        let page = rules.iter().find(|rule| rule.code.id == "SC41").map(|rule| rule.doc).unwrap_or_default();
        assert!(page.contains(&table()), "the page of SC41 must have this table:\n{}", table());
    }

    /// S4-212, S4-213, S4-214, S4-215: exactly the specification's lists.
    #[test]
    fn presets_are_the_specifications() {
        let types =
            |name: &str| MIME_TYPES.iter().find(|one| one.name == name).map(|one| one.types.join(" "));
        assert_eq!(types("images").as_deref(), Some("image/jpeg image/png image/gif image/webp"));
        assert_eq!(types("data files").as_deref(), Some("text/csv application/json application/xml"));
        assert_eq!(types("mixed").as_deref(), Some("image/jpeg image/png application/pdf text/csv"));
        let word = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
        assert_eq!(types("documents"), Some(format!("application/pdf application/msword {word}")));
        // S4-216, S4-217, S4-218, S4-219, S4-220, S4-221, S4-222.
        let values = |list: &[Guidance]| list.iter().map(|one| one.value).collect::<Vec<_>>();
        assert_eq!(values(SIZES_MB), [5, 10, 50, 100]);
        assert_eq!(values(RATES), [5, 10, 100]);
    }
}
