//! Seeds of the fuzz targets with pieces cut out, doubled and replaced, always the same ones: no
//! panic, and every finding lies in its file. A small stand-in for `cargo fuzz`, which needs
//! another compiler.

use tenon_testkit::{MemoryFiles, run_files};

/// Mutants of each seed, a count: a second or two in a debug build.
const MUTANTS: u64 = 20;

/// What is put in the place of something else.
const PIECES: [&str; 16] = [
    "{}",
    "[]",
    "null",
    "7",
    "true",
    "\"\"",
    "{$ref: '#/channels/c'}",
    "{$ref: '#/'}",
    "{$ref: '#/components/schemas/S'}",
    "&a *a",
    "\n",
    "  ",
    "'",
    "{{}}",
    "2.0.0",
    "é",
];

/// Numbers that look random and are the same in each run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(end.max(1)).unwrap()).unwrap()
    }
}

fn mutant(seed: &str, numbers: &mut Numbers) -> String {
    let mut text = seed.to_owned();
    for _ in 0..=numbers.below(5) {
        let boundary = |text: &str, at: usize| (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap();
        let start = boundary(&text, numbers.below(text.len()));
        let end = boundary(&text, (start + numbers.below(24)).min(text.len()));
        match numbers.below(3) {
            0 => text.replace_range(start..end.max(start), ""),
            1 => text.insert_str(start, PIECES[numbers.below(PIECES.len())]),
            _ => {
                // A whole word gives way.
                let word =
                    text[start..].find([' ', ',', '}', '\n']).map_or(text.len(), |length| start + length);
                text.replace_range(start..word, PIECES[numbers.below(PIECES.len())]);
            }
        }
    }
    text
}

#[test]
fn no_mutant_of_a_seed_panics() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/seeds/check");
    let mut seeds: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    seeds.sort();
    assert!(!seeds.is_empty(), "there is no seed");
    for path in seeds {
        let seed = std::fs::read_to_string(&path).unwrap();
        let mut numbers = Numbers(0x9E37_79B9_7F4A_7C15);
        for _ in 0..MUTANTS {
            let text = mutant(&seed, &mut numbers);
            let files = MemoryFiles([("a.yaml".to_owned(), text.clone().into_bytes())].into());
            let outcome = run_files(&files, None, &|_| true);
            let sources = &outcome.graph.sources;
            for finding in &outcome.findings {
                let whole = sources.get(finding.place.file).map_or("", |file| file.text());
                assert!(whole.get(finding.place.span.range()).is_some(), "{finding:?}\n{text}");
                assert!(!finding.message.is_empty(), "{finding:?}\n{text}");
            }
        }
    }
}
