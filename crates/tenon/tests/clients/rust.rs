//! Clients in Rust: compiled and run by `cargo`.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::drive::{World, driver, generate, packs, run};

/// A crate that takes its clients from beside it. Without TLS: the gateways are on this machine.
const MANIFEST: &str = r#"[package]
name = "driver"
version = "0.0.0"
edition = "2021"

[[bin]]
name = "driver"
path = "main.rs"

[dependencies]
domed-client = { path = "dome", default-features = false }
sales-client = { path = "sales", default-features = false }
shop-client = { path = "shop", default-features = false }
swap-client = { path = "swap", default-features = false }
serde_json = "1"
ureq = { version = "3", default-features = false }

[profile.dev]
debug = false

[workspace]
exclude = ["dome", "sales", "shop", "swap"]
"#;

/// Compiled crates are kept between runs, in a folder of their own beside those of the project.
pub fn target() -> PathBuf {
    let binary = Path::new(env!("CARGO_BIN_EXE_tenon"));
    binary.parent().map_or_else(|| PathBuf::from("target"), |folder| folder.join("clients-rust"))
}

pub fn cargo(folder: &Path) -> Command {
    let mut command = Command::new("cargo");
    command.current_dir(folder).env("CARGO_TARGET_DIR", target());
    command
}

/// S1-70: through clients of two dependencies.
#[test]
fn every_operation_is_called_through_generated_clients() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    for (name, contract) in packs() {
        generate("rust", &contract, &folder.join(name));
    }
    std::fs::copy(driver("rust").join("main.rs"), folder.join("main.rs")).expect("a copy");
    std::fs::write(folder.join("Cargo.toml"), MANIFEST).expect("a file");
    run(cargo(folder).args(["build", "--quiet"]));
    World::start().drive(cargo(folder).args(["run", "--quiet"]));
}
