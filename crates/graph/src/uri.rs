//! References as texts: URLs, paths, and how one is joined to another.

/// Whether a reference names a URL and not a file.
#[must_use]
pub fn is_url(base: &str) -> bool {
    base.split_once(':').is_some_and(|(scheme, _)| {
        scheme.len() > 1 && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
    })
}

/// The path of a file referred to as `reference` from the file `from`, without `.` and with `..`
/// resolved as far as there are folders to leave.
#[must_use]
pub fn join_path(from: &str, reference: &str) -> String {
    let absolute = reference.starts_with('/');
    let folder = if absolute { "" } else { from.rsplit_once('/').map_or("", |(folder, _)| folder) };
    let rooted = absolute || from.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(reference.split('/')) {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => drop(parts.pop()),
            _ => parts.push(part),
        }
    }
    let joined = parts.join("/");
    if rooted { format!("/{joined}") } else { joined }
}

/// The text with its `%XX` decoded; `None` if that is no UTF-8 text.
#[must_use]
pub fn percent_decode(text: &str) -> Option<String> {
    if !text.contains('%') {
        return Some(text.to_owned());
    }
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        if byte == b'%' {
            let high = char::from(bytes.next()?).to_digit(16)?;
            let low = char::from(bytes.next()?).to_digit(16)?;
            out.push(u8::try_from(high * 16 + low).ok()?);
        } else {
            out.push(byte);
        }
    }
    String::from_utf8(out).ok()
}

/// The URI that `reference` stands for below `base`: both may be URLs or paths of files.
#[must_use]
pub fn join_uri(base: &str, reference: &str) -> String {
    if is_url(reference) || reference.is_empty() {
        return if reference.is_empty() { base } else { reference }.to_owned();
    }
    if !is_url(base) {
        return join_path(base, reference);
    }
    match split_url(base) {
        Some((origin, path)) => {
            let joined = join_path(if path.is_empty() { "/" } else { path }, reference);
            format!("{origin}{joined}")
        }
        // Nothing can be joined to `urn:` and the like.
        None => reference.to_owned(),
    }
}

/// The file a URL may stand for: files of one server keep their places to each other on disk, so
/// that beside `schemas/a.json`, which bears the id `https://example.com/schemas/a.json`, the URL
/// `https://example.com/schemas/b.json` is `schemas/b.json`.
#[must_use]
pub fn sibling_path(path: &str, id: &str, url: &str) -> Option<String> {
    let (origin, own) = split_url(id)?;
    let (other_origin, other) = split_url(url)?;
    if origin != other_origin || other.is_empty() {
        return None;
    }
    let folder: Vec<&str> = own.split('/').collect();
    let target: Vec<&str> = other.split('/').collect();
    let folder = folder.split_last().map_or(&[][..], |(_, folder)| folder);
    let common = folder.iter().zip(&target).take_while(|(one, two)| one == two).count();
    let up = folder.len() - common;
    let down = target.get(common..)?.join("/");
    // A path that leaves more folders than there are has no place on disk.
    let depth = path.split('/').count() - 1;
    (up <= depth).then(|| join_path(path, &format!("{}{down}", "../".repeat(up))))
}

/// Scheme and server of a URL, and the path on it.
fn split_url(url: &str) -> Option<(&str, &str)> {
    let server = url.find("://")? + 3;
    let path = url.get(server..)?.find('/').map_or(url.len(), |slash| server + slash);
    url.split_at_checked(path)
}

#[cfg(test)]
mod tests {
    use super::{join_path, join_uri, sibling_path};

    #[test]
    fn paths_are_joined_to_the_folder_of_a_file() {
        assert_eq!(join_path("api/openapi.yaml", "./a/../b.yaml"), "api/b.yaml");
        assert_eq!(join_path("openapi.yaml", "../b.yaml"), "../b.yaml");
        assert_eq!(join_path("/x/openapi.yaml", "b.yaml"), "/x/b.yaml");
        assert_eq!(join_path("api/openapi.yaml", "/b.yaml"), "/b.yaml");
    }

    #[test]
    fn uris_are_joined_to_urls_and_paths() {
        assert_eq!(join_uri("https://a.org/s/root.json", "item"), "https://a.org/s/item");
        assert_eq!(join_uri("https://a.org/s/root.json", "/item"), "https://a.org/item");
        assert_eq!(join_uri("https://a.org", "item"), "https://a.org/item");
        assert_eq!(join_uri("https://a.org/s/", "item"), "https://a.org/s/item");
        assert_eq!(join_uri("https://a.org/s", "urn:x"), "urn:x");
        assert_eq!(join_uri("urn:x", "item"), "item");
        assert_eq!(join_uri("s/root.json", "item"), "s/item");
    }

    #[test]
    fn files_of_one_server_keep_their_places() {
        let id = "https://a.org/schemas/a.json";
        let sibling = |url| sibling_path("x/schemas/a.json", id, url);
        assert_eq!(sibling("https://a.org/schemas/b.json").as_deref(), Some("x/schemas/b.json"));
        assert_eq!(sibling("https://a.org/common/b.json").as_deref(), Some("x/common/b.json"));
        assert_eq!(sibling("https://b.org/schemas/b.json"), None);
        assert_eq!(sibling_path("a.json", id, "https://a.org/common/b.json"), None);
    }
}
