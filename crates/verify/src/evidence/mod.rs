//! Evidence: what a run leaves behind for someone who does not trust it.
//!
//! A folder of files ([`folder`]), a [`manifest`] with the hash of each, an in-toto [`statement`]
//! about them, and an [`envelope`] that signs the statement. [`check`] holds all of it together
//! again, with nothing but the folder and a public key.
//!
//! Times stand in the statement and nowhere else, so two runs over the same files leave the same
//! bytes in every other file.

pub mod check;
pub mod envelope;
pub mod folder;
pub mod key;
pub mod manifest;
pub mod statement;
