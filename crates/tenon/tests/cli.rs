//! The command line, as it is typed: every file below `tests/cases` is a list of cases.

mod harness;

use std::path::Path;

#[test]
fn commands_print_what_the_cases_say() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .expect("the cases are there")
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .collect();
    files.sort();
    assert!(!files.is_empty(), "no cases were found");
    let failed: Vec<String> = files
        .iter()
        .filter_map(|path| std::panic::catch_unwind(|| harness::run_cases(path)).err())
        .map(|said| said.downcast_ref::<String>().cloned().unwrap_or_default())
        .collect();
    assert!(failed.is_empty(), "{}", failed.concat());
}
