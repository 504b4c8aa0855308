//! Names compared as people mean them: `processingJobs`, `processing-jobs` and `processing_job` are one.

/// A name in lower-case words, the last one singular.
pub(super) fn normal(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut previous_lower = false;
    for c in name.chars() {
        if !c.is_alphanumeric() {
            previous_lower = false;
            words.push(String::new());
            continue;
        }
        if (c.is_uppercase() && previous_lower) || words.is_empty() {
            words.push(String::new());
        }
        previous_lower = c.is_lowercase() || c.is_numeric();
        if let Some(word) = words.last_mut() {
            word.extend(c.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    if let Some(last) = words.last_mut() {
        *last = singular(last);
    }
    words
}

/// Whether an entity and a path segment name the same thing.
pub(super) fn same_entity(entity: &str, segment: &str) -> bool {
    normal(entity) == normal(segment)
}

/// The segments of a path that are no parameters.
pub(super) fn segments(path: &str) -> Vec<&str> {
    path.split('/').filter(|part| !part.is_empty() && !part.starts_with([':', '{'])).collect()
}

fn singular(word: &str) -> String {
    if let Some(stem) = word.strip_suffix("ies") {
        return format!("{stem}y");
    }
    for ending in ["sses", "xes", "ches", "shes"] {
        if word.ends_with(ending) {
            return word.strip_suffix("es").unwrap_or(word).to_owned();
        }
    }
    match word.strip_suffix('s') {
        Some(stem) if !stem.ends_with('s') && !stem.ends_with('u') => stem.to_owned(),
        _ => word.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A004-28, S4-157.
    #[test]
    fn names_of_one_entity_are_the_same() {
        for (one, other) in [
            ("processingJobs", "processing-jobs"),
            ("processing_job", "ProcessingJobs"),
            ("organisations", "organisation"),
            ("categories", "category"),
            ("boxes", "box"),
            ("status", "status"),
        ] {
            assert!(same_entity(one, other), "{one} {other}: {:?} {:?}", normal(one), normal(other));
        }
        assert!(!same_entity("sources", "resources") && !same_entity("datasets", "dataset-items"));
    }
}
