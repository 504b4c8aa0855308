//! Changes of events, and of AsyncAPI.

mod avro;
mod channels;
mod events;
mod messages;
mod operations;
mod pair;
mod rules;
mod servers;
mod version;

use crate::ledger::Ledger;
use crate::{Area, Change, Versions};
use messages::Messages;
use pair::Documents;

/// The kinds of changes found here.
pub static AREA: Area = Area { name: "events", rules: rules::RULES, pages: include_str!("rules.md") };

/// What changed.
pub fn compare(versions: &Versions<'_>, out: &mut Vec<Change>) {
    let documents = Documents::of(versions);
    let mut labels: Vec<String> = Vec::new();
    let mut uses = Vec::new();
    let mut ledger = Ledger::default();
    documents.compare_lone(versions, out);
    for (old, new) in &documents.pairs {
        servers::compare(versions, old, new, out);
        let channels = channels::compare(versions, old, new, out);
        let mut messages =
            Messages { versions, old, new, ledger: &mut ledger, labels: &mut labels, uses: &mut uses };
        operations::compare(&mut messages, &channels, out);
    }
    ledger.finish(&labels, out);
    events::compare(versions, &mut labels, &mut uses, out);
    crate::schema::compare_uses(versions, &labels, &uses, out);
    version::compare(versions, &documents, out);
}
