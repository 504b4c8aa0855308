//! Which example file follows which schema file, by their names alone.
//!
//! `Pet.schema.json` has its examples in the same folder, as `Pet.example.json` or
//! `Pet.<case>.example.json`, or in a folder `examples` beside it or beside its folder, as
//! `Pet.json`, `Pet.<case>.json` or `Pet.example.json`. A case with `invalid` in its name is a
//! counterexample and follows no schema.

use rustc_hash::FxHashMap;

/// Folders of schemas that a folder of examples may stand beside.
const SCHEMA_FOLDERS: [&str; 4] = ["schemas", "schema", "", "jsonschema"];

/// Folders of examples.
const EXAMPLE_FOLDERS: [&str; 3] = ["examples", "example", "samples"];

/// Words in the name of an example that stands beside its schema.
const EXAMPLE_WORDS: [&str; 3] = ["example", "examples", "sample"];

/// Words in the name of a counterexample.
const COUNTER_WORDS: [&str; 1] = ["invalid"];

/// The name of a schema file without folder and extensions; `None` if it is not named as a schema.
pub(super) fn schema_stem(path: &str) -> Option<&str> {
    let (_, name) = split(path);
    let bare = without_extension(name)?;
    bare.strip_suffix(".schema").filter(|stem| !stem.is_empty())
}

/// The pairs of example and schema among some paths, as their indices, in order of the examples.
/// `is_schema` tells which files are schemas; each example follows one schema, the one with the
/// longest name it can be an example of.
pub(crate) fn pair_examples(paths: &[&str], is_schema: &dyn Fn(usize) -> bool) -> Vec<(usize, usize)> {
    let mut schemas: FxHashMap<(&str, &str), usize> = FxHashMap::default();
    for (index, path) in paths.iter().enumerate().filter(|&(index, _)| is_schema(index)) {
        if let Some(stem) = schema_stem(path) {
            schemas.insert((split(path).0, stem), index);
        }
    }
    if schemas.is_empty() {
        return Vec::new();
    }
    let files = paths.iter().enumerate().filter(|&(index, _)| !is_schema(index));
    files.filter_map(|(index, path)| Some((index, schema_of(path, &schemas)?))).collect()
}

fn schema_of(path: &str, schemas: &FxHashMap<(&str, &str), usize>) -> Option<usize> {
    let (folder, name) = split(path);
    let bare = without_extension(name)?;
    let homes = homes(folder);
    let mut stem = bare;
    loop {
        let case = bare.get(stem.len()..)?.trim_start_matches('.');
        let is = |words: &[&str]| case.split('.').any(|word| words.contains(&word));
        if !is(&COUNTER_WORDS) {
            let beside = || schemas.get(&(folder, stem)).filter(|_| is(&EXAMPLE_WORDS));
            let apart = || homes.iter().find_map(|home| schemas.get(&(home.as_str(), stem)));
            if let Some(&schema) = beside().or_else(apart) {
                return Some(schema);
            }
        }
        (stem, _) = stem.rsplit_once('.')?;
    }
}

/// The folders whose schemas a folder may hold examples of.
fn homes(folder: &str) -> Vec<String> {
    let mut parts: Vec<&str> = folder.split('/').collect();
    let Some(at) = parts.iter().rposition(|part| EXAMPLE_FOLDERS.contains(part)) else { return Vec::new() };
    let below = parts.split_off(at).split_off(1).join("/");
    let above = parts.join("/");
    let join = |first: &str, second: &str| match (first.is_empty(), second.is_empty()) {
        (true, _) => second.to_owned(),
        (_, true) => first.to_owned(),
        _ => format!("{first}/{second}"),
    };
    let mut homes = Vec::new();
    for schemas in SCHEMA_FOLDERS {
        let home = join(&above, schemas);
        homes.push(join(&home, &below));
        homes.push(home);
    }
    homes.push(folder.to_owned());
    homes
}

fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}

fn without_extension(name: &str) -> Option<&str> {
    [".json", ".yaml", ".yml"].into_iter().find_map(|extension| name.strip_suffix(extension))
}

#[cfg(test)]
mod tests {
    use super::{pair_examples, schema_stem};

    fn pairs(paths: &[&str]) -> Vec<String> {
        let found = pair_examples(paths, &|index| schema_stem(paths[index]).is_some());
        found
            .into_iter()
            .map(|(example, schema)| format!("{} -> {}", paths[example], paths[schema]))
            .collect()
    }

    #[test]
    fn examples_follow_the_schema_of_their_name() {
        let paths = [
            "schemas/control.event.schema.json",
            "schemas/control.schema.json",
            "schemas/api/Error.schema.yaml",
            "examples/control.event.json",
            "examples/control.json",
            "examples/control.failed.json",
            "examples/control.invalid.json",
            "examples/api/Error.example.json",
            "examples/other.json",
            "control.event.json",
        ];
        assert_eq!(
            pairs(&paths),
            [
                "examples/control.event.json -> schemas/control.event.schema.json",
                "examples/control.json -> schemas/control.schema.json",
                "examples/control.failed.json -> schemas/control.schema.json",
                "examples/api/Error.example.json -> schemas/api/Error.schema.yaml",
            ]
        );
    }

    #[test]
    fn beside_a_schema_only_what_is_called_an_example_is_one() {
        let paths = ["a/Pet.schema.json", "a/Pet.example.json", "a/Pet.cat.example.yaml", "a/Pet.json"];
        assert_eq!(
            pairs(&paths),
            ["a/Pet.example.json -> a/Pet.schema.json", "a/Pet.cat.example.yaml -> a/Pet.schema.json"]
        );
    }

    #[test]
    fn folders_of_examples_stand_beside_schemas_or_above_them() {
        let paths =
            ["Pet.schema.json", "examples/Pet.json", "x/schema/Dog.schema.json", "x/samples/Dog.big.json"];
        assert_eq!(
            pairs(&paths),
            ["examples/Pet.json -> Pet.schema.json", "x/samples/Dog.big.json -> x/schema/Dog.schema.json"]
        );
    }
}
