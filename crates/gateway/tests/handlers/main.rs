//! What handlers do: proxies before a real server, examples for real documents, files, and a
//! simulator over everything.

mod consent;
mod mock;
mod proxy;
mod service_contracts;
mod simulation;
mod support;
mod uploads;
