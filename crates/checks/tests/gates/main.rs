//! The gates of seed 004, strict and as the seed's own scripts.

mod common;
mod seed;
mod strict;
