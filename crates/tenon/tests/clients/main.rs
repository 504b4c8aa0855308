//! Generated clients, compiled by the tools of their languages and run against gateways that run.
//!
//! Needs `node` with `npm`, `python3`, `go` and `cargo`, and what they fetch; where one of them is
//! missing its test fails.

mod approved;
mod drive;
mod faults;
#[expect(dead_code, reason = "the tests of pages use the rest of it")]
#[path = "../served/gateway.rs"]
mod gateway;
mod go;
mod login;
mod python;
mod rust;
mod shapes;
mod typescript;
