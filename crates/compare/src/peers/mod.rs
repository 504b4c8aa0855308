//! What other tools check, and what finds the same here.

pub mod buf;
pub mod oasdiff_http;
pub mod oasdiff_schema;
