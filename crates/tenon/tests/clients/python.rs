//! Clients in Python: held to `mypy --strict`, run by `python3`.

use std::path::Path;
use std::process::Command;

use crate::drive::{World, driver, generate, packs, run};

/// The checker of types the clients are held to.
const CHECKER: &str = "mypy==1.18.2";

/// Installs the checker beside a folder's packages.
pub fn install(folder: &Path) {
    run(Command::new("python3").current_dir(folder).args(["-m", "venv", "tools"]));
    run(Command::new(folder.join("tools/bin/pip")).args(["install", "--quiet", CHECKER]));
}

/// S1-70: through clients that need nothing beside the standard library.
#[test]
fn every_operation_is_called_through_generated_clients() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    install(folder);
    for (name, contract) in packs() {
        generate("python", &contract, folder);
        let package = if name == "dome" { "domed" } else { name };
        assert!(folder.join(format!("{package}_client/py.typed")).is_file());
    }
    std::fs::copy(driver("python").join("main.py"), folder.join("main.py")).expect("a copy");
    run(Command::new(folder.join("tools/bin/mypy")).current_dir(folder).args([
        "--strict",
        "--python-version",
        "3.9",
        "swap_client",
        "sales_client",
        "shop_client",
        "domed_client",
        "main.py",
    ]));
    World::start().drive(Command::new("python3").current_dir(folder).arg("main.py"));
}
