//! The few figures of the README: one row an input, one column a tool.

use std::collections::BTreeMap;
use std::path::Path;

use super::measure::Sample;
use super::table::{Table, megabytes, time, times};

/// The figures, as the parts come by them.
#[derive(Default)]
pub struct Summary {
    /// The peers' titles, in the order they were measured.
    peers: Vec<String>,
    /// The inputs' names, in the order they were measured.
    inputs: Vec<String>,
    ours: BTreeMap<String, String>,
    theirs: BTreeMap<(String, String), String>,
    sentences: Vec<String>,
}

impl Summary {
    /// Notes tenon's medians on a file.
    pub fn ours(&mut self, file: &Path, sample: &Sample) {
        let input = self.input(file);
        self.ours.insert(input, figures(sample));
    }

    /// Notes a peer's medians on a file, beside tenon's of the same series.
    pub fn theirs(&mut self, file: &Path, tool: &str, sample: &Sample, tenon: &Sample) {
        let input = self.input(file);
        if !self.peers.iter().any(|peer| peer == tool) {
            self.peers.push(tool.to_owned());
        }
        let ratio = times(sample.wall.as_secs_f64(), tenon.wall.as_secs_f64());
        self.theirs.insert((input, tool.to_owned()), format!("{}, **{ratio}**", figures(sample)));
    }

    /// Adds a sentence below the table.
    pub fn say(&mut self, sentence: String) {
        self.sentences.push(sentence);
    }

    /// The table and the sentences.
    pub fn text(&self) -> String {
        let mut text = String::new();
        if !self.inputs.is_empty() {
            let mut header = vec!["Wall time and peak memory", "tenon"];
            header.extend(self.peers.iter().map(String::as_str));
            let mut table = Table::new(&header);
            for input in &self.inputs {
                let missing = || "–".to_owned();
                let theirs =
                    self.peers.iter().map(|peer| self.theirs.get(&(input.clone(), peer.clone())).cloned());
                let cells = std::iter::once(self.ours.get(input).cloned()).chain(theirs);
                let row: Vec<String> = std::iter::once(input.clone())
                    .chain(cells.map(|cell| cell.unwrap_or_else(missing)))
                    .collect();
                table.row(&row);
            }
            text.push_str(&table.into_text());
        }
        for sentence in &self.sentences {
            text.push('\n');
            text.push_str(sentence);
            text.push('\n');
        }
        text
    }

    fn input(&mut self, file: &Path) -> String {
        let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let size = file.metadata().map(|metadata| metadata.len()).unwrap_or_default();
        let input = format!("{name}, {}", megabytes(size));
        if !self.inputs.contains(&input) {
            self.inputs.push(input.clone());
        }
        input
    }
}

fn figures(sample: &Sample) -> String {
    format!("{}, {}", time(sample.wall), megabytes(sample.memory_bytes_max))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn each_input_is_a_row_and_each_peer_a_column() {
        let sample = |ms| Sample {
            wall: Duration::from_millis(ms),
            cpu: Duration::from_millis(ms),
            memory_bytes_max: 20_000_000,
        };
        let mut summary = Summary::default();
        let file = Path::new("/nowhere/api.json");
        summary.theirs(file, "Other 1.0", &sample(3000), &sample(100));
        summary.ours(file, &sample(100));
        summary.say("That is all.".to_owned());
        let expected = "| Wall time and peak memory | tenon | Other 1.0 |\n| --- | ---: | ---: |\n\
                        | api.json, 0.0 MB | 100 ms, 20 MB | 3000 ms, 20 MB, **30×** |\n\nThat is all.\n";
        assert_eq!(summary.text(), expected);
    }
}
