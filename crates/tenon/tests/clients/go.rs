//! Clients in Go: held to `gofmt` and `go vet`, run by `go run`.

use std::path::Path;
use std::process::Command;

use crate::drive::{World, driver, generate, packs, run};

/// A module that takes its clients from beside it.
const MODULE: &str = "module driver

go 1.24

require (
\tdomedclient v0.0.0
\tsalesclient v0.0.0
\tshopclient v0.0.0
\tswapclient v0.0.0
)

replace (
\tdomedclient => ./dome
\tsalesclient => ./sales
\tshopclient => ./shop
\tswapclient => ./swap
)
";

/// Nothing is fetched: the clients need the standard library alone.
pub fn go(folder: &Path) -> Command {
    let mut command = Command::new("go");
    command.current_dir(folder).env("GOPROXY", "off").env("GOFLAGS", "-mod=mod");
    command
}

/// What is written is as `gofmt` has it, and `go vet` finds nothing.
pub fn vet(folder: &Path) {
    let output = Command::new("gofmt").arg("-l").arg(folder).output().expect("gofmt runs");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "", "not as gofmt has it");
    run(go(folder).args(["vet", "./..."]));
}

/// S1-70: through clients that need nothing beside the standard library.
#[test]
fn every_operation_is_called_through_generated_clients() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    for (name, contract) in packs() {
        generate("go", &contract, &folder.join(name));
        vet(&folder.join(name));
    }
    std::fs::copy(driver("go").join("main.go"), folder.join("main.go")).expect("a copy");
    std::fs::write(folder.join("go.mod"), MODULE).expect("a file");
    vet(folder);
    World::start().drive(go(folder).args(["run", "."]));
}
