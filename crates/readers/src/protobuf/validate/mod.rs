//! What no compiler takes although every name leads somewhere: numbers, names, labels, defaults,
//! ranges and features. Each file is judged by itself; numbers of extensions over all files.

mod declarations;
mod defaults;
mod enums;
mod extensions;
mod features;
mod fields;
mod json;
mod messages;
mod runs;
mod style;
mod words;

use rayon::prelude::*;
use tenon_graph::protobuf::{Message, ProtoFile, ProtoFileId, Protobuf};
use tenon_source::proto::ast;
use tenon_source::{At, Code, Finding, Place, SourceFile, Span};

/// Judges all files.
pub(super) fn validate(pb: &Protobuf, files: &[&SourceFile], trees: &[&ast::File]) -> Vec<Finding> {
    let each = files.par_iter().zip(trees).enumerate().map(|(index, (source, tree))| {
        let id = ProtoFileId::from(index);
        let mut judge = Judge { pb, id, file: pb.file(id), source, findings: Vec::new() };
        judge.file(tree);
        judge.findings
    });
    let mut findings: Vec<Finding> = each.flatten_iter().collect();
    findings.extend(extensions::taken_twice(pb, files));
    findings
}

/// Judges one file.
struct Judge<'a> {
    pb: &'a Protobuf,
    id: ProtoFileId,
    file: &'a ProtoFile,
    source: &'a SourceFile,
    findings: Vec<Finding>,
}

impl<'a> Judge<'a> {
    fn file(&mut self, tree: &ast::File) {
        // What comes with the program is sound.
        if self.file.is_bundled {
            return;
        }
        self.words(tree);
        let pb = self.pb;
        for message in pb.messages_of(self.file.all_messages) {
            self.message(message);
        }
        for field in pb.fields_of(self.file.all_fields) {
            self.field(field);
        }
        for one in pb.enums_of(self.file.all_enums) {
            self.enumeration(one);
        }
        self.services();
        self.style();
        self.file_features();
    }

    fn place(&self, span: Span) -> Place {
        Place { file: self.file.source, span }
    }

    /// The name of a declaration.
    fn name_span(&self, at: At) -> Span {
        self.source.tree.node(at.node).head_span()
    }

    fn report(&mut self, code: &'static Code, span: Span, message: impl Into<String>) {
        let finding = Finding::new(code, self.place(span), message);
        self.findings.push(finding);
    }

    fn report_help(
        &mut self,
        code: &'static Code,
        span: Span,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        let finding = Finding::new(code, self.place(span), message).with_help(help);
        self.findings.push(finding);
    }

    /// Says that two declarations clash: at the second, with the first beside it.
    fn clash(&mut self, code: &'static Code, second: Span, message: String, first: Span, what: &str) {
        let finding = Finding::new(code, self.place(second), message).with_related(self.place(first), what);
        self.findings.push(finding);
    }

    fn services(&mut self) {
        let pb = self.pb;
        for service in pb.services_of(self.file.services) {
            let rpcs = pb.rpcs_of(service.rpcs).iter().map(|rpc| (&*rpc.name, self.name_span(rpc.at)));
            let mut named: Vec<(&str, Span)> = rpcs.collect();
            named.sort_unstable();
            for (first, second) in named.iter().zip(named.iter().skip(1)) {
                if first.0 == second.0 {
                    let message = format!("RPC `{}` is declared twice in `{}`", second.0, service.full_name);
                    self.clash(&crate::codes::DUPLICATE_SYMBOL, second.1, message, first.1, "the first one");
                }
            }
        }
    }

    /// Whether a message takes its fields from extensions only.
    fn is_message_set(message: &Message) -> bool {
        message.options.flag("message_set_wire_format")
    }
}
