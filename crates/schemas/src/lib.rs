//! JSON Schemas compiled to validators over span trees.
//!
//! Holds: the lowering of every schema dialect to JSON Schema 2020-12, the tree as an instance of
//! the validator, errors as places and messages. It must never hold: rules, or a validator of
//! its own.
#![forbid(unsafe_code)]
