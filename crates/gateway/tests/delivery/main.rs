//! How events leave, seen from outside: a receiver on a free port, a store, a clock of our own.

mod admin;
mod streams;
mod support;
mod tls;
mod webhooks;
