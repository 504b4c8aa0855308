//! AsyncAPI documents as a few lines of text.
#![expect(clippy::unwrap_used, reason = "a failure here is a failed test")]

use std::fmt::Write as _;

use tenon_graph::{
    AsyncApi, AvroKind, AvroType, Binding, Channel, Message, MessageUse, Name, Payload, Reply, SecurityUse,
    Tag,
};

use super::dump::{Dump, list};

fn word(name: Option<&Name>) -> &str {
    name.map_or("-", Name::as_str)
}

fn extras(tags: &[Tag], bindings: &[Binding]) -> String {
    let mut out = String::new();
    if !tags.is_empty() {
        let names: Vec<&str> = tags.iter().map(|tag| tag.name.as_str()).collect();
        write!(out, " tags[{}]", names.join(" ")).unwrap();
    }
    if !bindings.is_empty() {
        let names: Vec<&str> = bindings.iter().map(|binding| binding.protocol.as_str()).collect();
        write!(out, " bindings[{}]", names.join(" ")).unwrap();
    }
    out
}

impl Dump<'_> {
    pub(super) fn async_api(&self, api: &AsyncApi, out: &mut String) {
        let tags = extras(&api.tags, &[]);
        writeln!(out, "{:?} {}{tags}", api.version, word(api.version_text.as_ref())).unwrap();
        for server in &api.servers {
            let kind = if server.is_component { "component server" } else { "server" };
            let path = server.pathname.as_ref().map_or("", Name::as_str);
            let (host, protocol) = (word(server.host.as_ref()), word(server.protocol.as_ref()));
            write!(out, "{kind} {} {protocol} {host}{path} {}", server.name.text, list(&server.variables))
                .unwrap();
            out.push_str(&self.security_uses(server.security.as_deref()));
            out.push_str(&extras(&server.tags, &server.bindings));
            writeln!(out, "{}", self.defined(server.at, server.def)).unwrap();
        }
        api.channels.iter().for_each(|channel| self.channel(channel, out));
        for operation in &api.operations {
            let action = operation.action.map_or("?", tenon_graph::Action::as_str);
            let channel = api.channel_of(operation).map_or("-", |channel| channel.key.as_str());
            write!(out, "operation {} {action} {channel}", word(operation.id.as_ref())).unwrap();
            out.push_str(&self.security_uses(operation.security.as_deref()));
            out.push_str(&extras(&operation.tags, &operation.bindings));
            writeln!(out, "{}", self.defined(operation.at, operation.def)).unwrap();
            self.uses(api.messages_of(operation), out);
            operation.reply.iter().for_each(|reply| self.reply(api, reply, out));
        }
        api.messages.iter().for_each(|message| self.message(message, out));
        for component in &api.components {
            writeln!(out, "component {} {}", component.kind.as_str(), component.name).unwrap();
        }
        for scheme in &api.security_schemes {
            write!(out, "scheme {} {}", scheme.name, word(scheme.kind.as_ref())).unwrap();
            writeln!(out, "{}", scheme.scopes.as_ref().map_or(String::new(), |scopes| list(scopes))).unwrap();
        }
    }

    fn security_uses(&self, uses: Option<&[SecurityUse]>) -> String {
        let mut out = String::new();
        for one in uses.into_iter().flatten() {
            match one {
                SecurityUse::Named(requirement) => {
                    for (name, scopes) in &requirement.schemes {
                        write!(out, " needs {} {}", name.text, list(scopes)).unwrap();
                    }
                }
                SecurityUse::Scheme { def, scopes, .. } => {
                    write!(out, " needs {} {}", self.place(*def), list(scopes)).unwrap();
                }
            }
        }
        out
    }

    fn channel(&self, channel: &Channel, out: &mut String) {
        let kind = if channel.is_component { "component channel" } else { "channel" };
        write!(out, "{kind} {} at {}", channel.key.text, word(channel.address.as_ref())).unwrap();
        if let Some(servers) = &channel.servers {
            let names = servers.iter().map(|server| match server.def {
                Some(_) => server.name.clone(),
                None => format!("{}?", server.name),
            });
            write!(out, " on [{}]", names.collect::<Vec<_>>().join(" ")).unwrap();
        }
        out.push_str(&extras(&channel.tags, &channel.bindings));
        writeln!(out, "{}", self.defined(channel.at, channel.def)).unwrap();
        for parameter in &channel.parameters {
            write!(out, "  parameter {} {}", parameter.name.text, word(parameter.location.as_ref())).unwrap();
            if let Some(schema) = parameter.schema {
                write!(out, " schema {}", self.place(schema)).unwrap();
            }
            writeln!(out, "{}", self.defined(parameter.at, parameter.def)).unwrap();
        }
        self.uses(&channel.messages, out);
    }

    fn uses(&self, uses: &[MessageUse], out: &mut String) {
        for one in uses {
            writeln!(out, "  message {} {}", word(one.key.as_ref()), self.place(one.def)).unwrap();
        }
    }

    fn reply(&self, api: &AsyncApi, reply: &Reply, out: &mut String) {
        let channel = reply.channel.and_then(|index| api.channels.get(index));
        write!(out, "  reply on {}", channel.map_or("-", |channel| channel.key.as_str())).unwrap();
        if let Some(address) = reply.address {
            write!(out, " to {}", self.place(address)).unwrap();
        }
        writeln!(out, "{}", self.defined(reply.at, reply.def)).unwrap();
        for one in &reply.messages {
            writeln!(out, "    message {}", self.place(one.def)).unwrap();
        }
    }

    fn message(&self, message: &Message, out: &mut String) {
        write!(out, "message {} {}", word(message.label()), self.place(message.def)).unwrap();
        if let Some(content_type) = &message.content_type {
            write!(out, " as {}", content_type.text).unwrap();
        }
        if let Some(correlation) = &message.correlation {
            write!(out, " correlated by {}", word(correlation.location.as_ref())).unwrap();
        }
        out.push_str(&extras(&message.tags, &message.bindings));
        if !message.traits.is_empty() {
            let traits: Vec<String> = message.traits.iter().map(|one| self.place(one.def)).collect();
            write!(out, " with {}", traits.join(" ")).unwrap();
        }
        out.push('\n');
        message.payload.iter().for_each(|payload| self.payload("payload", payload, out));
        message.headers.iter().for_each(|headers| self.payload("headers", headers, out));
        for example in &message.examples {
            let shown = |at: Option<_>| at.map_or("-".to_owned(), |at| self.place(at));
            let (payload, headers) = (shown(example.payload), shown(example.headers));
            writeln!(out, "  example payload {payload} headers {headers}").unwrap();
        }
    }

    fn payload(&self, what: &str, payload: &Payload, out: &mut String) {
        writeln!(out, "  {what} {} {:?}", self.place(payload.schema), payload.format).unwrap();
        if let Some(avro) = &payload.avro {
            writeln!(out, "    {}", show(avro)).unwrap();
        }
    }
}

/// An Avro type on one line.
fn show(avro: &AvroType) -> String {
    let name = |name: &Option<Name>| word(name.as_ref()).to_owned();
    let shown = match &avro.kind {
        AvroKind::Primitive(primitive) => (*primitive).to_owned(),
        AvroKind::Record { name: own, fields } => {
            let fields = fields.iter().map(|field| {
                let default = if field.default.is_some() { "=" } else { "" };
                format!("{}{default}: {}{}", field.name.text, show(&field.kind), aliases(&field.aliases))
            });
            format!("record {} {{{}}}", name(own), fields.collect::<Vec<_>>().join(", "))
        }
        AvroKind::Enum { name: own, symbols, default } => {
            format!("enum {} {} default {}", name(own), list(symbols), name(default))
        }
        AvroKind::Array(items) => format!("array of {}", show(items)),
        AvroKind::Map(values) => format!("map of {}", show(values)),
        AvroKind::Union(branches) => branches.iter().map(show).collect::<Vec<_>>().join(" | "),
        AvroKind::Fixed { name: own, size } => format!("fixed {} {size:?}", name(own)),
        AvroKind::Named(named) => format!("-> {}", named.text),
        AvroKind::Unknown => "?".to_owned(),
    };
    match &avro.logical {
        Some(logical) => format!("{shown} ({})", logical.text),
        None => shown,
    }
}

fn aliases(names: &[Name]) -> String {
    if names.is_empty() { String::new() } else { format!(" also {}", list(names)) }
}
