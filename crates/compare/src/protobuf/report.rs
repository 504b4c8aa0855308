//! Changes as they are found: their places, what they reach, whether they count.

use tenon_graph::Graph;
use tenon_graph::protobuf::{ProtoFileId, Protobuf};
use tenon_source::{At, Place, Span};

use super::select::{Choice, Site, choose};
use super::sides::Sides;
use crate::{Change, ChangeRule, Direction, Reach, Spot};

/// A place in one version, with the file it stands in.
#[derive(Debug, Clone)]
pub(super) struct Here<'g> {
    site: Option<Site<'g>>,
    spot: Spot,
}

impl<'g> Here<'g> {
    /// The name of an element.
    pub(super) fn element(graph: &'g Graph, protobuf: &'g Protobuf, file: ProtoFileId, at: At) -> Self {
        Self { site: site(graph, protobuf, file), spot: Spot::of(graph, at) }
    }

    /// Some bytes of a file.
    pub(super) fn bytes(graph: &'g Graph, protobuf: &'g Protobuf, file: ProtoFileId, span: Span) -> Self {
        let place = Place { file: protobuf.file(file).source, span };
        Self { site: site(graph, protobuf, file), spot: Spot { place, pointer: String::new() } }
    }

    /// Some bytes of an element.
    pub(super) fn within(mut self, span: Option<Span>) -> Self {
        if let Some(span) = span {
            self.spot.place.span = span;
        }
        self
    }
}

fn site<'g>(graph: &'g Graph, protobuf: &'g Protobuf, file: ProtoFileId) -> Option<Site<'g>> {
    let file = protobuf.file(file);
    let path = &graph.sources.get(file.source)?.path;
    Some(Site { path, package: file.package_name() })
}

/// What was found by one that looks.
pub(super) struct Report<'s, 'g> {
    sides: &'s Sides<'g>,
    out: Vec<Change>,
}

/// A change that is being put together.
pub(super) struct Found<'g> {
    pub(super) rule: &'static ChangeRule,
    pub(super) aliases: Vec<&'static str>,
    pub(super) subject: String,
    pub(super) message: String,
    pub(super) old: Option<Here<'g>>,
    pub(super) new: Option<Here<'g>>,
    pub(super) reach: Option<(Reach, Direction)>,
    pub(super) operation: Option<String>,
    pub(super) help: Option<String>,
    /// Whether no tier excuses it.
    pub(super) always: bool,
}

impl<'g> Found<'g> {
    /// A change that all checks of its rule find.
    pub(super) fn new(
        rule: &'static ChangeRule,
        subject: impl Into<String>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            rule,
            aliases: rule.code.aliases.to_vec(),
            subject: subject.into(),
            message: message.into(),
            old: None,
            new: None,
            reach: None,
            operation: None,
            help: None,
            always: false,
        }
    }

    pub(super) fn aliases(mut self, aliases: Vec<&'static str>) -> Self {
        self.aliases = aliases;
        self
    }

    pub(super) fn old(mut self, here: Here<'g>) -> Self {
        self.old = Some(here);
        self
    }

    pub(super) fn new_at(mut self, here: Option<Here<'g>>) -> Self {
        self.new = here;
        self
    }

    pub(super) fn reach(mut self, reach: Option<(Reach, Direction)>) -> Self {
        self.reach = reach;
        self
    }

    pub(super) fn operation(mut self, name: String) -> Self {
        self.operation = Some(name);
        self
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl<'s, 'g> Report<'s, 'g> {
    pub(super) fn new(sides: &'s Sides<'g>) -> Self {
        Self { sides, out: Vec::new() }
    }

    pub(super) fn finish(self) -> Vec<Change> {
        self.out
    }

    /// Reports a change, if it counts for the module it stands in.
    pub(super) fn push(&mut self, found: Found<'g>) {
        let sites: Vec<Site<'_>> =
            [&found.old, &found.new].into_iter().flatten().filter_map(|here| here.site).collect();
        let modules = &self.sides.new_graph.buf_modules;
        let class = match choose(modules, found.rule, &found.aliases, &sites) {
            Choice::Dropped => return,
            Choice::Classed(class) => Some(class),
            Choice::AsItIs => None,
        };
        let direction = found.reach.as_ref().map(|(_, direction)| *direction);
        let mut change =
            Change::new(found.rule, direction, found.subject, found.message).with_aliases(&found.aliases);
        if let Some((reach, _)) = found.reach {
            change = change.reaching(reach);
        }
        if let Some(operation) = found.operation {
            change = change.in_operation(operation);
        }
        change.old = found.old.map(|here| here.spot);
        change.new = found.new.map(|here| here.spot);
        change.help = found.help;
        if let Some(class) = class {
            change = change.classed(class);
        } else if found.always {
            change = change.in_tier(Some(tenon_graph::Tier::Stable));
        }
        self.out.push(change);
    }
}
