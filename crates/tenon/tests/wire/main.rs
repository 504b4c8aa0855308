//! The wire of `domed`, from outside: official clients of gRPC, raw frames, kills, and `tenon job`.

mod bad_input;
mod command;
mod golden;
mod kills;
mod official;
mod raw;
mod support;
mod tls;
mod web;
