//! What the tests of all languages share: gateways, generated clients, a driver that is run.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::faults::Faults;
use crate::gateway::{Served, TENANT, contracts, tenon};

/// The cases of every driver. S1-70: all RPCs of `domed`. S2-179: replays and conflicts. S2-144, S2-145:
/// refusals as the contract tells them, waits that are asked for. S0-67: events once each, over cuts.
pub const CASES: [&str; 10] = [
    "swapAll",
    "swapReplay",
    "swapRefusal",
    "salesAll",
    "faults",
    "never",
    "paging",
    "events",
    "domeAll",
    "domeResume",
];

/// The contracts a driver has clients of, by the folders of these.
pub fn packs() -> [(&'static str, PathBuf); 4] {
    [
        ("swap", contracts("swap")),
        ("sales", contracts("sales")),
        ("shop", shop()),
        ("dome", contracts("dome")),
    ]
}

/// The gateways a driver calls.
pub struct World {
    variables: Vec<(&'static str, String)>,
    /// Ended when the world is dropped.
    _served: Vec<Served>,
}

impl World {
    pub fn start() -> Self {
        let swap = Served::start(&contracts("swap"));
        let sales = Served::start(&contracts("sales"));
        let shop = Served::start(&shop());
        let dome = Served::start(&contracts("dome"));
        let url = |served: &Served| format!("http://{}", served.address);
        let swap_token =
            swap.token(&["--actor", "partner:p1", "--scope", "settlement:read settlement:write"]);
        let scopes = "sales.leads:read sales.leads:write sales.appointments:write sales.payments:write \
                      sales.webhooks:write";
        let sales_token = sales.token(&["--actor", "service:crm", "--tenant", TENANT, "--scope", scopes]);
        let shop_token = shop.token(&["--actor", "service:crm", "--scope", "shop:use"]);
        let scopes = "domed.capabilities:read domed.jobs:read domed.jobs:write";
        let dome_token = dome.token(&["--actor", "client:ci", "--tenant", TENANT, "--scope", scopes]);
        let variables = vec![
            ("DOME", url(&dome)),
            ("DOME_FAULTS", Faults::before(dome.address).url()),
            ("DOME_TOKEN", dome_token),
            ("SWAP", url(&swap)),
            ("SWAP_FAULTS", Faults::before(swap.address).url()),
            ("SWAP_TOKEN", swap_token),
            ("SALES", url(&sales)),
            ("SALES_FAULTS", Faults::before(sales.address).url()),
            ("SALES_TOKEN", sales_token),
            ("SHOP", url(&shop)),
            ("SHOP_FAULTS", Faults::before(shop.address).url()),
            ("SHOP_TOKEN", shop_token),
            ("TENANT", TENANT.to_owned()),
        ];
        Self { variables, _served: vec![swap, sales, shop, dome] }
    }

    /// Runs a driver and looks for every case in what it says.
    pub fn drive(&self, command: &mut Command) {
        let variables = self.variables.iter().map(|(name, value)| (*name, value.as_str()));
        let output = command.envs(variables).output().expect("the driver starts");
        let said = String::from_utf8_lossy(&output.stdout);
        let told: Vec<&str> = said.lines().filter_map(|line| line.strip_prefix("ok ")).collect();
        assert!(
            output.status.success() && told == CASES,
            "{said}\n{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
}

/// A contract of our own: pages, calls that may not be repeated, types of all kinds.
pub fn shop() -> PathBuf {
    here().join("shop")
}

/// A document whose names and texts are made to break what is written from them.
pub fn hostile() -> PathBuf {
    here().join("hostile/openapi.json")
}

fn here() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients")
}

/// The folder of a language's driver.
pub fn driver(language: &str) -> PathBuf {
    here().join("drivers").join(language)
}

/// Writes a client.
pub fn generate(language: &str, contract: &Path, output: &Path) {
    let made = tenon().args(["gen", language]).arg(contract).arg("--output").arg(output).output();
    let made = made.expect("the program runs");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
}

/// Runs a tool of a language, which must succeed.
pub fn run(command: &mut Command) {
    let output = command.output();
    let output = output.unwrap_or_else(|error| panic!("{command:?} does not start: {error}"));
    assert!(
        output.status.success(),
        "{command:?}\n{}\n{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}
