//! A warden as a program of its own, for tests and for who embeds the runtime. `tenon` brings its own.
#![forbid(unsafe_code)]

fn main() -> std::process::ExitCode {
    tenon_jobs::warden::main()
}
