//! Chores of this repository, written in Rust so that they run on every machine that can build it.
//!
//! `cargo xtask bench check` compares `tenon check` with its peers; `cargo xtask generate` writes the
//! pages of `docs/` that are made from the program. Nothing here is shipped.
#![forbid(unsafe_code)]

mod bench;
mod generate;

use std::process::ExitCode;

const USAGE: &str = "\
usage: cargo xtask <chore>

chores:
  bench check [options]   time `tenon check` against its peers (see docs/benchmarks.md)
  bench reuse [--schemas COUNT] [--tenon PROGRAM]
                          time `tenon reuse` on generated schemas against its targets
  bench store [--write]   time the store beside SQLite used by hand
  bench jobs [--write]    time jobs beside processes started by hand
  bench serve [options]   load `tenon serve` beside its peers (see docs/benchmarks.md)
  generate [--check]      write the pages of docs/ that are made from the program
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    if let ["bench", name, rest @ ..] = words.as_slice()
        && let Some(bench) = bench::example::ALL.iter().find(|bench| bench.name == *name)
    {
        return bench.run(rest);
    }
    match words.as_slice() {
        ["bench", command @ ("check" | "diff"), rest @ ..] => bench::run(command, rest),
        ["bench", "reuse", rest @ ..] => bench::reuse::run(rest),
        ["bench", "serve", rest @ ..] => bench::serve::run(rest),
        ["generate", rest @ ..] => generate::run(rest),
        [bench::measure::INNER_COMMAND, rest @ ..] => bench::measure::run_inner(rest),
        ["help" | "--help" | "-h"] => {
            print!("{USAGE}");
            ExitCode::SUCCESS
        }
        _ => {
            eprint!("{USAGE}");
            ExitCode::from(2)
        }
    }
}
