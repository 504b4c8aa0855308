//! Credentials through the public surface: tokens are made here, and verified there (S0-88,
//! S2-139, S2-171).

mod api_keys;
mod jwks;
mod made;
mod refusals;
mod revocation;
mod settings;
mod speed;
mod tls;
mod tokens;
