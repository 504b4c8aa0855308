//! Options: names followed to the fields they set, values checked against the types of those.

mod names;
mod values;
mod walk;

use rayon::prelude::*;
use tenon_graph::protobuf::{FieldId, MessageEntry, OptionValue, Options, ProtoFileId, Protobuf};
use tenon_source::Finding;

use super::scope::Visible;
use names::Checker;
pub(super) use values::scalar_problem;

/// What one file's options lead to.
struct Followed {
    findings: Vec<Finding>,
    /// The field of each part of a name and each entry of a message, in the order of the walk.
    fields: Vec<Option<FieldId>>,
    /// Whether each import is used by an option.
    used: Vec<bool>,
}

/// Follows the options of all files; returns what is wrong with them.
pub(super) fn resolve(protobuf: &mut Protobuf, visible: &[Visible<'_>], is_partial: &[bool]) -> Vec<Finding> {
    let shared = &*protobuf;
    let followed: Vec<Followed> = visible
        .par_iter()
        .zip(is_partial)
        .enumerate()
        .map(|(index, (visible, partial))| {
            let id = ProtoFileId::from(index);
            let mut checker = Checker::new(shared, id, visible, *partial);
            walk::each(shared, id, &mut |place| checker.element(place));
            Followed { findings: checker.findings, fields: checker.fields, used: checker.used }
        })
        .collect();
    let mut findings = Vec::new();
    for (index, one) in followed.into_iter().enumerate() {
        findings.extend(one.findings);
        let id = ProtoFileId::from(index);
        let mut fields = one.fields.into_iter();
        walk::each_mut(protobuf, id, &mut |options| settle(options, &mut fields));
        let imports = protobuf.files.get_mut(index).map(|file| &mut file.imports);
        for (import, used) in imports.into_iter().flatten().zip(one.used) {
            import.is_used |= used;
        }
    }
    findings
}

/// Notes the fields in the order in which they were found.
fn settle(options: &mut Options, fields: &mut dyn Iterator<Item = Option<FieldId>>) {
    for option in &mut options.0 {
        for part in &mut option.parts {
            part.field = fields.next().flatten();
        }
        settle_value(&mut option.value, fields);
    }
}

fn settle_value(value: &mut OptionValue, fields: &mut dyn Iterator<Item = Option<FieldId>>) {
    match value {
        OptionValue::Message(entries) => {
            for entry in entries.iter_mut() {
                let entry: &mut MessageEntry = entry;
                entry.field = fields.next().flatten();
                settle_value(&mut entry.value, fields);
            }
        }
        OptionValue::List(items) => items.iter_mut().for_each(|(_, item)| settle_value(item, fields)),
        _ => {}
    }
}
