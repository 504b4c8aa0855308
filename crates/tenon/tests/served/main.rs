//! `tenon serve` as it is seen from outside: its console, and the commands that look at what it keeps.

mod browser;
mod chromium;
mod console;
mod gateway;
mod kept;
