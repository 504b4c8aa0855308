//! Sources that speak the wire of a service themselves, where a generated client should.

use tenon_graph::Graph;
use tenon_source::{Code, FileId, Finding, Level, Place, SourceFile, Span};

/// A source beside the approved ones calls a service.
pub static CALL_AROUND_CLIENT: Code = Code {
    id: "TC001",
    name: "call-around-client",
    summary: "A source file that is no approved client calls a service itself, or runs its skills",
    level: Level::Error,
    aliases: &[],
};

/// Every code of this module, by id.
pub static CODES: &[&Code] = &[&CALL_AROUND_CLIENT];

/// Shortest text that is looked for, in bytes: a shorter one stands everywhere.
const NEEDLE_BYTES_MIN: usize = 6;

/// What sources that call a service are known by.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Signs {
    /// Text, and what it shows.
    signs: Vec<(String, String)>,
}

impl Signs {
    /// The signs of a service, such as `domed.v1.DomedService`, and of the folder of its skills.
    #[must_use]
    pub fn of(service: &str, registry: Option<&str>) -> Self {
        let (package, name) = service.rsplit_once('.').unwrap_or(("", service));
        let mut signs = Self::default();
        signs.add(service, format!("the method paths of `{service}`"));
        for stub in ["Stub", "Client", "Grpc"] {
            signs.add(&format!("{name}{stub}"), format!("a stub of `{name}`"));
        }
        if !package.is_empty() {
            let folder = package.replace('.', "/");
            let last = package.split('.').next().unwrap_or(package);
            signs.add(&format!("{folder}/{last}"), format!("code generated from the package `{package}`"));
            signs.add(&format!("{last}_pb2_grpc"), format!("code generated from the package `{package}`"));
        }
        if let Some(registry) = registry {
            signs.add(&format!("{registry}/"), "a skill of the registry, run without the gateway".to_owned());
        }
        signs
    }

    fn add(&mut self, text: &str, shows: String) {
        if text.len() >= NEEDLE_BYTES_MIN {
            self.signs.push((text.to_owned(), shows));
        }
    }

    /// Where a text has one of them: one place a line, with what it shows.
    fn places<'s>(&'s self, text: &str) -> Vec<(Span, &'s str)> {
        let mut found = Vec::new();
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            let first = self.signs.iter().filter_map(|(sign, shows)| Some((line.find(sign)?, sign, shows)));
            if let Some((at, sign, shows)) =
                first.min_by_key(|(at, sign, _)| (*at, std::cmp::Reverse(sign.len())))
            {
                let from = start + at;
                let span = (u32::try_from(from), u32::try_from(from + sign.len()));
                if let (Ok(start), Ok(end)) = span {
                    found.push((Span { start, end }, shows.as_str()));
                }
            }
            start += line.len();
        }
        found
    }
}

/// A finding for each line of a source that calls the service itself. The source joins the graph's
/// files where there is any.
pub fn findings(graph: &mut Graph, path: &str, text: &str, signs: &Signs, approved: &str) -> Vec<Finding> {
    let places = signs.places(text);
    if places.is_empty() {
        return Vec::new();
    }
    let file: FileId = graph.sources.push(SourceFile::text_only(path, text.to_owned()));
    let finding = |(span, shows): (Span, &str)| {
        let message = format!("this file uses {shows}, and is no approved client");
        let help = format!(
            "call through a generated client, or approve the file under `clients.sources` ({approved})"
        );
        Finding::new(&CALL_AROUND_CLIENT, Place { file, span }, message).with_help(help)
    };
    places.into_iter().map(finding).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_known_by_their_signs() {
        let signs = Signs::of("domed.v1.DomedService", Some("contracts/dome/skills"));
        let lines = |text: &str| signs.places(text).len();
        assert_eq!(lines("stub = rpc.DomedServiceStub(channel)\n"), 1);
        assert_eq!(lines("curl http://x/domed.v1.DomedService/CancelJob\nx\nDomedServiceClient::new()"), 2);
        assert_eq!(lines("import \"example.com/domed/v1/domedpb\""), 1);
        assert_eq!(lines("from domed.v1 import domed_pb2_grpc"), 1);
        assert_eq!(lines("sh contracts/dome/skills/steps/steps.sh < in.json"), 1);
        assert_eq!(lines("client.execute(\"text.count\")\n// the domed service\n"), 0);
    }
}
