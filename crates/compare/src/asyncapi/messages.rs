//! Messages: which there are, what they carry, how they are told to belong together.

use tenon_graph::{AsyncApi, Channel, Dialect, Message, MessageUse, Payload, SchemaFormat};
use tenon_source::At;

use super::avro;
use super::channels::texts;
use super::rules::{
    CONTENT_TYPE_CHANGED, CORRELATION_ADDED, CORRELATION_CHANGED, HEADERS_ADDED, HEADERS_REMOVED,
    MESSAGE_ADDED, MESSAGE_REMOVED, PAYLOAD_ADDED, PAYLOAD_CHANGED, PAYLOAD_LANGUAGE_CHANGED,
    PAYLOAD_REMOVED,
};
use super::servers::{bindings, change};
use crate::http::scope::Element;
use crate::ledger::Ledger;
use crate::schema::{Part, SchemaAt, Use};
use crate::value::same_value;
use crate::{Change, ChangeRule, Direction, Spot, Versions};

/// The messages of two documents while they are compared.
pub(super) struct Messages<'m, 'g> {
    pub(super) versions: &'m Versions<'g>,
    pub(super) old: &'g AsyncApi,
    pub(super) new: &'g AsyncApi,
    pub(super) ledger: &'m mut Ledger,
    pub(super) labels: &'m mut Vec<String>,
    pub(super) uses: &'m mut Vec<Use>,
}

/// What people call a message: its name, its id, or the name it is kept under.
fn called(api: &AsyncApi, usage: &MessageUse) -> String {
    let message = api.message(usage.def);
    let label = message.and_then(Message::label).or(usage.key.as_ref());
    label.map_or_else(|| "a message without a name".to_owned(), |name| name.text.clone())
}

impl<'g> Messages<'_, 'g> {
    /// The index of an operation's name, which is kept.
    pub(super) fn label(&mut self, name: String) -> u32 {
        self.labels.push(name);
        u32::try_from(self.labels.len() - 1).unwrap_or(u32::MAX)
    }

    /// Schemas of the parameters of an address. Both parties write addresses.
    pub(super) fn parameters(&mut self, old: &Channel, new: &Channel, index: u32) {
        for (before, after) in old.parameters.iter().zip(&new.parameters) {
            let what = format!("the channel parameter `{}`", after.name.text);
            let (old, new) = (before.schema.unwrap_or(before.def), after.schema.unwrap_or(after.def));
            let schema = |at| SchemaAt { at, dialect: Dialect::Draft7 };
            self.uses.push(Use {
                old: schema(old),
                new: schema(new),
                direction: Direction::Both,
                part: Part::Parameter,
                operation: index,
                what,
            });
        }
    }

    /// Compares the messages of an operation or answer.
    pub(super) fn compare(
        &mut self,
        old: &[MessageUse],
        new: &[MessageUse],
        owner: &Element,
        direction: Direction,
        index: u32,
    ) {
        let mut before: Vec<(String, &MessageUse)> =
            old.iter().map(|usage| (called(self.old, usage), usage)).collect();
        let mut after: Vec<(String, &MessageUse)> =
            new.iter().map(|usage| (called(self.new, usage), usage)).collect();
        let mut pairs = Vec::new();
        after.retain(|(name, usage)| {
            let Some(position) = before.iter().position(|(other, _)| other == name) else { return true };
            pairs.push((before.remove(position).1, *usage));
            false
        });
        // What has no name in one of two versions is the one that is left.
        if let ([(was, one)], [(is, other)]) = (before.as_slice(), after.as_slice())
            && (self.is_unnamed(self.old, one) || self.is_unnamed(self.new, other) || was == is)
        {
            pairs.push((one, other));
            (before, after) = (Vec::new(), Vec::new());
        }
        for (name, usage) in before {
            let message = match direction {
                Direction::Request => {
                    format!("the message `{name}` is no longer taken: who sends it is not heard")
                }
                _ => format!("the message `{name}` is no longer sent: who waits for it waits in vain"),
            };
            let subject = format!("{} message {name}", owner.subject);
            let gone = Change::new(&MESSAGE_REMOVED, Some(direction), subject, message)
                .from_old(Spot::of(self.versions.old, usage.at))
                .at_new(Spot::of(self.versions.new, owner.new));
            self.ledger.add_removed(gone, index);
        }
        for (name, usage) in after {
            let verb = if direction == Direction::Request { "taken" } else { "sent" };
            let subject = format!("{} message {name}", owner.subject);
            let come = Change::new(
                &MESSAGE_ADDED,
                Some(direction),
                subject,
                format!("the message `{name}` is {verb}"),
            )
            .at_new(Spot::of(self.versions.new, usage.at));
            self.ledger.add(come, index);
        }
        for (one, other) in pairs {
            let (Some(one), Some(two)) = (self.old.message(one.def), self.new.message(other.def)) else {
                continue;
            };
            let name = called(self.new, other);
            self.both(&name, one, two, direction, index);
        }
    }

    fn is_unnamed(&self, api: &AsyncApi, usage: &MessageUse) -> bool {
        usage.key.is_none() && api.message(usage.def).and_then(Message::label).is_none()
    }

    fn say(
        &mut self,
        rule: &'static ChangeRule,
        direction: Direction,
        element: &Element,
        index: u32,
        text: String,
    ) {
        let mut said = change(self.versions, rule, element, text);
        said.direction = Some(direction);
        said.class = rule.effect.class(Some(direction));
        self.ledger.add(said, index);
    }

    fn both(&mut self, name: &str, old: &'g Message, new: &'g Message, direction: Direction, index: u32) {
        let element = Element { subject: format!("messages {name}"), old: old.def, new: new.def };
        let text = |name: &Option<tenon_graph::Name>| name.as_ref().map(|name| name.text.clone());
        let (was, is) = (text(&old.content_type), text(&new.content_type));
        let media = |name: &Option<String>| name.as_ref().map(|name| name.to_ascii_lowercase());
        if media(&was) != media(&is) {
            let word = |name: Option<String>| name.map_or("not said".to_owned(), |name| format!("`{name}`"));
            let message = format!("the content type of `{name}` is {}, it was {}", word(is), word(was));
            self.say(&CONTENT_TYPE_CHANGED, direction, &element, index, message);
        }
        let location =
            |message: &Message| message.correlation.as_ref().map(|correlation| text(&correlation.location));
        match (location(old), location(new)) {
            (before, after) if before == after => {}
            (None, Some(_)) => {
                let message = format!("messages `{name}` of one conversation can be told now");
                self.say(&CORRELATION_ADDED, direction, &element, index, message);
            }
            _ => {
                let message =
                    format!("messages `{name}` of one conversation are told in another way, or no longer");
                self.say(&CORRELATION_CHANGED, direction, &element, index, message);
            }
        }
        self.payload(name, &element, old.payload.as_ref(), new.payload.as_ref(), direction, index);
        self.headers(name, &element, old, new, direction, index);
        let mut found = Vec::new();
        bindings(self.versions, &element, &format!("`{name}`"), &old.bindings, &new.bindings, &mut found);
        texts(self.versions, &element, &format!("the message `{name}`"), &mut found);
        for said in found {
            self.ledger.add(said, index);
        }
    }

    fn payload(
        &mut self,
        name: &str,
        element: &Element,
        old: Option<&Payload>,
        new: Option<&Payload>,
        direction: Direction,
        index: u32,
    ) {
        let (old, new) = match (old, new) {
            (Some(old), Some(new)) => (old, new),
            (None, None) => return,
            (Some(_), None) => {
                let message = format!("the payload of `{name}` has no schema any more: it may be anything");
                return self.say(&PAYLOAD_REMOVED, direction, element, index, message);
            }
            (None, Some(_)) => {
                let message =
                    format!("the payload of `{name}` must follow a schema now, it could be anything");
                return self.say(&PAYLOAD_ADDED, direction, element, index, message);
            }
        };
        let part =
            Element { subject: format!("{} payload", element.subject), old: old.schema, new: new.schema };
        if let (Some(_), Some(_)) = (old.format.dialect(), new.format.dialect()) {
            let what = format!("the payload of `{name}`");
            return self.schemas(old, new, direction, Part::Payload, what, index);
        }
        if old.format != new.format {
            let message = format!("the schema of the payload of `{name}` is written in another language");
            return self.say(&PAYLOAD_LANGUAGE_CHANGED, direction, &part, index, message);
        }
        if let (SchemaFormat::Avro, Some(before), Some(after)) = (old.format, &old.avro, &new.avro) {
            for said in avro::compare(self.versions, name, direction, before, after) {
                self.ledger.add(said, index);
            }
            return;
        }
        if !same_value(self.versions.old.node(old.schema), self.versions.new.node(new.schema)) {
            let message = format!("the payload of `{name}` is described otherwise");
            let mut said = change(self.versions, &PAYLOAD_CHANGED, &part, message)
                .undecided("the language of the payload is not read here");
            said.direction = Some(direction);
            self.ledger.add(said, index);
        }
    }

    fn schemas(
        &mut self,
        old: &Payload,
        new: &Payload,
        direction: Direction,
        part: Part,
        what: String,
        index: u32,
    ) {
        let schema = |payload: &Payload| {
            let dialect = payload.format.dialect().unwrap_or(Dialect::Draft7);
            SchemaAt { at: payload.schema, dialect }
        };
        self.uses.push(Use { old: schema(old), new: schema(new), direction, part, operation: index, what });
    }

    fn headers(
        &mut self,
        name: &str,
        element: &Element,
        old: &Message,
        new: &Message,
        direction: Direction,
        index: u32,
    ) {
        let spots = |list: &[Payload]| list.first().map(|payload| payload.at);
        let place = |old: Option<At>, new: Option<At>| Element {
            subject: format!("{} headers", element.subject),
            old: old.unwrap_or(element.old),
            new: new.unwrap_or(element.new),
        };
        let part = place(spots(&old.headers), spots(&new.headers));
        for (before, after) in old.headers.iter().zip(&new.headers) {
            if before.format.dialect().is_some() && after.format.dialect().is_some() {
                let what = format!("the headers of `{name}`");
                self.schemas(before, after, direction, Part::Header, what, index);
            }
        }
        if old.headers.len() > new.headers.len() {
            let message = format!("headers of `{name}` have no schema any more: they may be anything");
            self.say(&HEADERS_REMOVED, direction, &part, index, message);
        } else if new.headers.len() > old.headers.len() {
            let message = format!("headers of `{name}` must follow a schema now");
            self.say(&HEADERS_ADDED, direction, &part, index, message);
        }
    }
}
