#![allow(missing_docs, clippy::all, clippy::unwrap_used, clippy::indexing_slicing)]
use std::time::Instant;
use tenon_graph::*;
use tenon_source::*;
fn main() {
    for path in std::env::args().skip(1) {
        let t = Instant::now();
        let bytes = std::fs::read(&path).unwrap();
        let (f, fs) = SourceFile::parse(FileId(0), &path, bytes);
        let t1 = t.elapsed();
        let mut s = Sources::default();
        s.push(f);
        let t = Instant::now();
        let r = Resolver::new(&s, Default::default());
        let t2 = t.elapsed();
        let Some((reader, kind)) = tenon_readers::recognise(s.get(FileId(0)).unwrap()) else {
            println!("{path}: unknown");
            continue;
        };
        let t = Instant::now();
        let p = reader.read(FileId(0), kind, &r);
        let t3 = t.elapsed();
        println!(
            "{path}: {kind:?} parse {t1:?} ({} slots, {} findings) resolver {t2:?} read {t3:?}: ops {} schemas {} refs {} examples {} components {} findings {}",
            s.get(FileId(0)).unwrap().tree.slot_count(),
            fs.len(),
            p.operations.len(),
            p.schemas.len(),
            p.references.len(),
            p.examples.len(),
            p.apis.first().map_or(0, |a| a.components.len()),
            p.findings.len()
        );
        if std::env::var("SHOW").is_ok() {
            for f in p.findings.iter().take(10) {
                println!("   {} {} | {:?} {:?}", f.code.id, f.message, f.help, f.pointer);
            }
        }
    }
}
