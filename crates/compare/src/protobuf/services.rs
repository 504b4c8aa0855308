//! Services and their RPCs.

use tenon_graph::protobuf::{MessageId, Rpc, Service};

use super::report::{Found, Here, Report};
use super::rules;
use super::sides::Sides;
use crate::{ChangeRule, Direction, Reach};

/// Looks at every service.
pub(super) fn compare<'g>(sides: &Sides<'g>, report: &mut Report<'_, 'g>) {
    for (id, old) in sides.old_services() {
        match sides.new_service(id) {
            Some(new) => pair(sides, old, sides.new.service(new), report),
            None => removed(sides, old, report),
        }
    }
    for (id, new) in sides.new_services() {
        if sides.old_service(id).is_none() {
            let message = format!("service `{}` is new", new.full_name);
            let here = Here::element(sides.new_graph, sides.new, new.file, new.at);
            report.push(Found::new(&rules::SERVICE_ADDED, &*new.full_name, message).new_at(Some(here)));
        }
    }
}

fn removed<'g>(sides: &Sides<'g>, old: &Service, report: &mut Report<'_, 'g>) {
    if sides.is_gone_with(old.file) {
        return;
    }
    let names = sides.old.rpcs_of(old.rpcs).iter().map(|rpc| format!("{}/{}", old.full_name, rpc.name));
    let reach = Reach::of(names.collect());
    let message = format!("service `{}` is gone: every call of it fails", old.full_name);
    let found = Found::new(&rules::SERVICE_REMOVED, &*old.full_name, message)
        .old(Here::element(sides.old_graph, sides.old, old.file, old.at))
        .new_at(sides.file_head(old.file))
        .reach(Some((reach, Direction::Both)))
        .help("keep it and mark it `deprecated` while anybody calls it");
    report.push(found);
}

fn pair<'g>(sides: &Sides<'g>, old: &'g Service, new: &'g Service, report: &mut Report<'_, 'g>) {
    let now = sides.new.rpcs_of(new.rpcs);
    let before = sides.old.rpcs_of(old.rpcs);
    for rpc in before {
        if let Some(other) = now.iter().find(|other| other.name == rpc.name) {
            Pair { sides, old: rpc, new: other, name: format!("{}/{}", new.full_name, rpc.name) }
                .compare(report);
            continue;
        }
        let name = format!("{}/{}", old.full_name, rpc.name);
        let message = format!("RPC `{name}` is gone: calls of it fail");
        let found = Found::new(&rules::RPC_REMOVED, name.clone(), message)
            .old(Here::element(sides.old_graph, sides.old, rpc.file, rpc.at))
            .new_at(Some(Here::element(sides.new_graph, sides.new, new.file, new.at)))
            .operation(name)
            .help("keep it and mark it `deprecated` while anybody calls it");
        report.push(found);
    }
    for rpc in now.iter().filter(|rpc| !before.iter().any(|other| other.name == rpc.name)) {
        let name = format!("{}/{}", new.full_name, rpc.name);
        let message = format!("RPC `{name}` is new");
        let found = Found::new(&rules::RPC_ADDED, name.clone(), message)
            .old(Here::element(sides.old_graph, sides.old, old.file, old.at))
            .new_at(Some(Here::element(sides.new_graph, sides.new, rpc.file, rpc.at)))
            .operation(name);
        report.push(found);
    }
}

struct Pair<'s, 'g> {
    sides: &'s Sides<'g>,
    old: &'g Rpc,
    new: &'g Rpc,
    name: String,
}

impl<'g> Pair<'_, 'g> {
    fn found(&self, rule: &'static ChangeRule, direction: Option<Direction>, message: String) -> Found<'g> {
        let reach = direction.map(|direction| (Reach::of(vec![self.name.clone()]), direction));
        Found::new(rule, self.name.clone(), message)
            .old(Here::element(self.sides.old_graph, self.sides.old, self.old.file, self.old.at))
            .new_at(Some(Here::element(self.sides.new_graph, self.sides.new, self.new.file, self.new.at)))
            .reach(reach)
            .operation(self.name.clone())
    }

    fn compare(&self, report: &mut Report<'_, 'g>) {
        let (old, new, name) = (self.old, self.new, &self.name);
        if let Some((before, now)) = self.other_message(old.request, new.request) {
            let message =
                format!("`{name}` takes `{now}`, and took `{before}`: who sends that is not understood");
            report.push(self.found(&rules::REQUEST_TYPE_CHANGED, Some(Direction::Request), message));
        }
        if let Some((before, now)) = self.other_message(old.response, new.response) {
            let message = format!(
                "`{name}` answers with `{now}`, and did with `{before}`: who expects that does not get it"
            );
            report.push(self.found(&rules::RESPONSE_TYPE_CHANGED, Some(Direction::Response), message));
        }
        let word = |streams: bool| if streams { "a stream" } else { "one message" };
        if old.client_streaming != new.client_streaming {
            let (before, now) = (word(old.client_streaming), word(new.client_streaming));
            let message = format!("the client of `{name}` sends {now}, and sent {before}");
            report.push(self.found(&rules::CLIENT_STREAMING_CHANGED, Some(Direction::Request), message));
        }
        if old.server_streaming != new.server_streaming {
            let (before, now) = (word(old.server_streaming), word(new.server_streaming));
            let message = format!("the server of `{name}` sends {now}, and sent {before}");
            report.push(self.found(&rules::SERVER_STREAMING_CHANGED, Some(Direction::Response), message));
        }
        if old.idempotency != new.idempotency {
            let message = format!(
                "`{name}` is `{}`, and was `{}`: whether a call may be repeated has changed",
                new.idempotency.as_str(),
                old.idempotency.as_str()
            );
            report.push(self.found(&rules::IDEMPOTENCY_LEVEL_CHANGED, None, message));
        }
    }

    /// The names of two messages, if the one does not stand for the other.
    fn other_message(&self, old: Option<MessageId>, new: Option<MessageId>) -> Option<(&'g str, &'g str)> {
        let (old, new) = (old?, new?);
        let is_same = self.sides.new_message(old) == Some(new);
        (!is_same).then(|| (&*self.sides.old.message(old).full_name, &*self.sides.new.message(new).full_name))
    }
}
