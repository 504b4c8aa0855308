//! Ids that answers told, for the parameters that ask for one.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::contract::Endpoint;

/// Values kept for one name, a count: enough to find one that is in the right state.
const VALUES_MAX: usize = 48;

/// Values by the name of the member they stood in.
#[derive(Debug, Default)]
pub struct Pool {
    values: BTreeMap<String, Vec<String>>,
}

impl Pool {
    /// Keeps a value, the newest first.
    pub fn add(&mut self, name: &str, value: String) {
        let list = self.values.entry(plain(name)).or_default();
        list.retain(|known| *known != value);
        list.insert(0, value);
        list.truncate(VALUES_MAX);
    }

    /// Keeps every id of an answer.
    pub fn learn(&mut self, endpoint: &Endpoint, body: &Value) {
        self.walk(&plain_path(&endpoint.path), body);
    }

    fn walk(&mut self, path: &str, value: &Value) {
        match value {
            Value::Array(items) => items.iter().for_each(|item| self.walk(path, item)),
            Value::Object(members) => {
                for (name, member) in members {
                    let text = match member {
                        Value::String(text) if !text.is_empty() => Some(text.clone()),
                        Value::Number(number) => Some(number.to_string()),
                        _ => None,
                    };
                    let lower = name.to_ascii_lowercase();
                    if let Some(text) = text.filter(|_| lower.ends_with("id")) {
                        if lower == "id" {
                            self.add(&format!("id@{path}"), text);
                        } else {
                            self.add(name, text);
                        }
                    }
                    self.walk(path, member);
                }
            }
            _ => {}
        }
    }

    /// Values for a parameter of a path, the newest first: those of members with its name, and the
    /// `id` of what was made at the path before it.
    pub fn of(&self, endpoint: &Endpoint, name: &str) -> Vec<&str> {
        let mut found: Vec<&str> =
            self.values.get(&plain(name)).into_iter().flatten().map(String::as_str).collect();
        let before = endpoint.path.split(&format!("/{{{name}}}")).next().unwrap_or_default();
        let made = self.values.get(&plain(&format!("id@{}", plain_path(before))));
        found.extend(made.into_iter().flatten().map(String::as_str));
        found
    }

    /// Every id.
    pub fn all(&self) -> impl Iterator<Item = &str> {
        self.values.values().flatten().map(String::as_str)
    }
}

fn plain(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect()
}

/// A path without the names of its parameters.
fn plain_path(path: &str) -> String {
    path.split('/').filter(|segment| !segment.starts_with('{')).collect::<Vec<_>>().join("/")
}
