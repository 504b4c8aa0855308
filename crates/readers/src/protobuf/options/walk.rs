//! Every element of a file that has options, always in the same order.

use std::ops::Range;

use tenon_graph::protobuf::{Field, Message, OptionTarget, Options, ProtoFileId, Protobuf, Run};

/// An element with options.
pub(super) struct Place<'a> {
    /// The options.
    pub(super) options: &'a Options,
    /// What it is.
    pub(super) target: OptionTarget,
    /// The scope that names of its options are looked up from.
    pub(super) scope: &'a str,
    /// The field, if it is one.
    pub(super) field: Option<&'a Field>,
}

fn outer(full_name: &str) -> &str {
    full_name.rsplit_once('.').map_or("", |(outer, _)| outer)
}

/// Visits the elements of a file that have options.
pub(super) fn each<'a>(protobuf: &'a Protobuf, id: ProtoFileId, visit: &mut dyn FnMut(&Place<'a>)) {
    let file = protobuf.file(id);
    let package = file.package_name();
    let mut go = |options: &'a Options, target, scope, field| {
        if !options.is_empty() {
            visit(&Place { options, target, scope, field });
        }
    };
    go(&file.options, OptionTarget::File, package, None);
    for message in protobuf.messages_of(file.all_messages) {
        go(&message.options, OptionTarget::Message, outer(&message.full_name), None);
        for range in &message.extension_ranges {
            go(&range.options, OptionTarget::ExtensionRange, &message.full_name, None);
        }
        for oneof in protobuf.oneofs_of(message.oneofs) {
            go(&oneof.options, OptionTarget::Oneof, &message.full_name, None);
        }
    }
    for field in protobuf.fields_of(file.all_fields) {
        let scope = field.scope.map_or(package, |scope| &protobuf.message(scope).full_name);
        go(&field.options, OptionTarget::Field, scope, Some(field));
    }
    for one in protobuf.enums_of(file.all_enums) {
        go(&one.options, OptionTarget::Enum, outer(&one.full_name), None);
        for value in protobuf.values_of(one.values) {
            go(&value.options, OptionTarget::Value, outer(&one.full_name), None);
        }
    }
    for service in protobuf.services_of(file.services) {
        go(&service.options, OptionTarget::Service, outer(&service.full_name), None);
        for rpc in protobuf.rpcs_of(service.rpcs) {
            go(&rpc.options, OptionTarget::Rpc, &service.full_name, None);
        }
    }
}

fn range<Id>(run: Run<Id>) -> Range<usize> {
    run.start as usize..(run.start + run.len) as usize
}

/// Visits the options of the same elements in the same order, to change them.
pub(super) fn each_mut(protobuf: &mut Protobuf, id: ProtoFileId, visit: &mut dyn FnMut(&mut Options)) {
    let mut go = |options: &mut Options| {
        if !options.is_empty() {
            visit(options);
        }
    };
    let Some(file) = protobuf.files.get_mut(id.0 as usize) else { return };
    go(&mut file.options);
    for message in protobuf.messages.get_mut(range(file.all_messages)).unwrap_or_default() {
        let message: &mut Message = message;
        go(&mut message.options);
        message.extension_ranges.iter_mut().for_each(|range| go(&mut range.options));
        let oneofs = protobuf.oneofs.get_mut(range(message.oneofs)).unwrap_or_default();
        oneofs.iter_mut().for_each(|oneof| go(&mut oneof.options));
    }
    let fields = protobuf.fields.get_mut(range(file.all_fields)).unwrap_or_default();
    fields.iter_mut().for_each(|field| go(&mut field.options));
    for one in protobuf.enums.get_mut(range(file.all_enums)).unwrap_or_default() {
        go(&mut one.options);
        let values = protobuf.values.get_mut(range(one.values)).unwrap_or_default();
        values.iter_mut().for_each(|value| go(&mut value.options));
    }
    for service in protobuf.services.get_mut(range(file.services)).unwrap_or_default() {
        go(&mut service.options);
        let rpcs = protobuf.rpcs.get_mut(range(service.rpcs)).unwrap_or_default();
        rpcs.iter_mut().for_each(|rpc| go(&mut rpc.options));
    }
}
