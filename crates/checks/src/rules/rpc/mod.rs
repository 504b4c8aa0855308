//! RPC services that a contract speaks of: the methods they must have, who answers for their
//! messages, and what their errors are called.
//!
//! A `.proto` file on its own is not blamed: only services that the section `rpc` of a contract
//! names are looked at.

mod error_code_without_status;
mod error_named_as_reason;
mod message_without_owner;
mod message_without_trace;
mod missing_rpc;
mod rpc_beyond_the_list;
mod rpc_delta_without_reason;
mod status_of_no_error_code;
mod unknown_rpc_service;

use std::collections::BTreeSet;

use tenon_graph::protobuf::{Enum, Message, MessageId, Rpc, Service};
use tenon_graph::{ErrorCode, Graph, MessageFacts, Name, RpcSurface};
use tenon_source::{At, FileId};

use crate::Rule;

/// The rules of this area, by id.
pub static RULES: &[&Rule] = &[
    &unknown_rpc_service::RULE,
    &missing_rpc::RULE,
    &rpc_beyond_the_list::RULE,
    &rpc_delta_without_reason::RULE,
    &message_without_owner::RULE,
    &message_without_trace::RULE,
    &error_code_without_status::RULE,
    &status_of_no_error_code::RULE,
    &error_named_as_reason::RULE,
];

/// The RPC sections of all contracts, with the contract's file.
fn surfaces(graph: &Graph) -> impl Iterator<Item = (FileId, &RpcSurface)> {
    graph.contracts.iter().filter_map(|contract| Some((contract.at.file, contract.rpc.as_deref()?)))
}

/// The service a section is about, if the sources have it.
fn service<'g>(graph: &'g Graph, surface: &RpcSurface) -> Option<&'g Service> {
    let id = graph.protobuf.find_service(surface.service.as_ref()?.as_str())?;
    Some(graph.protobuf.service(id))
}

/// The methods of a service.
fn methods<'g>(graph: &'g Graph, service: &Service) -> &'g [Rpc] {
    graph.protobuf.rpcs_of(service.rpcs)
}

/// The package of a service, without a dot at its end.
fn package_of(surface: &RpcSurface) -> &str {
    let name = surface.service.as_ref().map_or("", Name::as_str);
    name.rsplit_once('.').map_or("", |(package, _)| package)
}

/// The messages a section answers for: those of the service's package that its files declare, but
/// the entries of maps.
fn messages(graph: &Graph, surface: &RpcSurface) -> Vec<MessageId> {
    let Some(service) = service(graph, surface) else { return Vec::new() };
    let proto = &graph.protobuf;
    let home = proto.file(service.file).package_name();
    let is_of = |message: &Message| {
        let file = proto.file(message.file);
        file.package_name() == home && surface.sources.contains(&file.source) && !message.is_map_entry()
    };
    let all = proto.messages.iter().enumerate().filter(|(_, message)| is_of(message));
    all.map(|(index, _)| MessageId::from(index)).collect()
}

/// The enum of error codes, if the sources have it.
fn error_enum<'g>(graph: &'g Graph, surface: &RpcSurface) -> Option<&'g Enum> {
    let id = graph.protobuf.find_enum(surface.errors.as_ref()?.as_str())?;
    Some(graph.protobuf.enumeration(id))
}

/// The error codes of an enum: its values but the first, zero, which says that there is no error.
fn error_codes<'g>(graph: &'g Graph, codes: &Enum) -> impl Iterator<Item = (&'g str, At)> {
    let values = graph.protobuf.values_of(codes.values).iter();
    values.filter(|value| value.number != 0).map(|value| (&*value.name, value.at))
}

/// The rows of the error catalogue of a contract's own file.
fn error_rows(graph: &Graph, contract: FileId) -> impl Iterator<Item = &ErrorCode> {
    graph.errors.iter().filter(move |error| error.at.file == contract)
}

/// What a name is likely meant to be, as help.
fn did_you_mean<'w>(word: &str, words: impl Iterator<Item = &'w str>) -> Option<String> {
    tenon_source::nearest(word, words).map(|near| format!("did you mean `{near}`?"))
}

/// The names of some methods, for comparison.
fn names(list: &[Name]) -> BTreeSet<&str> {
    list.iter().map(Name::as_str).collect()
}

/// The messages of which a section does not say something.
fn unsaid<'g>(
    graph: &'g Graph,
    surface: &RpcSurface,
    is_said: impl Fn(&MessageFacts) -> bool,
) -> impl Iterator<Item = &'g Message> {
    let package = package_of(surface);
    let said: BTreeSet<&str> =
        surface.messages.iter().filter(|facts| is_said(facts)).map(|facts| facts.name.as_str()).collect();
    let said: BTreeSet<String> =
        said.into_iter().flat_map(|name| [name.to_owned(), format!("{package}.{name}")]).collect();
    let all = messages(graph, surface).into_iter().map(|id| graph.protobuf.message(id));
    all.filter(move |message| !said.contains(&*message.full_name))
}
