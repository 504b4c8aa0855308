//! Clients in TypeScript: compiled by `tsc` in its strict mode, run by Node.

use std::path::Path;
use std::process::Command;

use crate::drive::{World, driver, generate, packs, run};

/// The compiler the clients are held to.
const COMPILER: &str = "typescript@5.9.3";

/// Installs the compiler into a folder.
pub fn install(folder: &Path) {
    std::fs::write(folder.join("package.json"), "{\"private\": true, \"type\": \"module\"}").expect("a file");
    run(Command::new("npm").current_dir(folder).args(["install", "--no-audit", "--no-fund", COMPILER]));
}

/// Compiles a generated package.
pub fn compile(folder: &Path, package: &str) {
    run(Command::new("node").current_dir(folder).args(["node_modules/typescript/bin/tsc", "-p", package]));
}

#[test]
fn every_operation_is_called_through_generated_clients() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    install(folder);
    for (name, contract) in packs() {
        generate("typescript", &contract, &folder.join(name));
        compile(folder, name);
    }
    std::fs::copy(driver("typescript").join("main.ts"), folder.join("main.ts")).expect("a copy");
    let options = [
        "--strict",
        "--target",
        "ES2022",
        "--module",
        "NodeNext",
        "--moduleResolution",
        "NodeNext",
        "--lib",
        "ES2022,DOM,DOM.Iterable",
    ];
    run(Command::new("node")
        .current_dir(folder)
        .arg("node_modules/typescript/bin/tsc")
        .args(options)
        .arg("main.ts"));
    World::start().drive(Command::new("node").current_dir(folder).arg("main.js"));
}
