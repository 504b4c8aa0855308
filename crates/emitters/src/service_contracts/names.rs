//! One name in the spellings that paths, functions and parameters ask for.

/// The words of a name in camel, snake or kebab case, in lower case.
fn words(name: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut upper_before = true;
    for character in name.chars() {
        let splits = matches!(character, '_' | '-' | ' ');
        if splits || (character.is_uppercase() && !upper_before) || out.is_empty() {
            out.push(String::new());
        }
        upper_before = character.is_uppercase() || splits;
        if let (false, Some(word)) = (splits, out.last_mut()) {
            word.extend(character.to_lowercase());
        }
    }
    out.retain(|word| !word.is_empty());
    out
}

/// `processingJobs` as `processing-jobs`.
pub(super) fn kebab(name: &str) -> String {
    words(name).join("-")
}

/// `processing_jobs` as `processingJobs`.
pub(super) fn camel(name: &str) -> String {
    let pascal = pascal(name);
    let mut characters = pascal.chars();
    let first = characters.next().map(|first| first.to_lowercase().collect::<String>());
    first.unwrap_or_default() + characters.as_str()
}

/// `processing-jobs` as `ProcessingJobs`.
pub(super) fn pascal(name: &str) -> String {
    let capital = |word: &String| {
        let mut characters = word.chars();
        let first = characters.next().map(|first| first.to_uppercase().collect::<String>());
        first.unwrap_or_default() + characters.as_str()
    };
    words(name).iter().map(capital).collect()
}

/// The singular of an English plural, as far as its ending tells: `categories` as `category`.
pub(super) fn singular(name: &str) -> String {
    if let Some(stem) = name.strip_suffix("ies") {
        return format!("{stem}y");
    }
    for ending in ["sses", "shes", "ches", "xes", "uses"] {
        if let (true, Some(stem)) = (name.ends_with(ending), name.strip_suffix("es")) {
            return stem.to_owned();
        }
    }
    match name.strip_suffix('s') {
        Some(stem) if !name.ends_with("ss") && !name.ends_with("us") && !name.ends_with("is") => {
            stem.to_owned()
        }
        _ => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{camel, kebab, pascal, singular};

    #[test]
    fn one_name_in_each_spelling() {
        assert_eq!(kebab("processingJobs"), "processing-jobs");
        assert_eq!(kebab("billing_accounts"), "billing-accounts");
        assert_eq!(camel("billing_accounts"), "billingAccounts");
        assert_eq!(pascal("cloud-storage"), "CloudStorage");
        assert_eq!(singular("categories"), "category");
        assert_eq!(singular("addresses"), "address");
        assert_eq!(singular("processingJobs"), "processingJob");
        assert_eq!(singular("status"), "status");
    }
}
