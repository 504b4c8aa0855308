//! In what two schemas of one family differ, in words.

use std::collections::BTreeMap;

use tenon_graph::Graph;
use tenon_source::At;

use super::shape::{Edge, Need, Shape};
use super::{Families, Unit};

/// In what a schema differs from the one it is compared with.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Difference {
    /// Members it does not have.
    pub lacks: Vec<String>,
    /// Members that it alone has.
    pub adds: Vec<String>,
    /// Members of another type.
    pub others: Vec<Other>,
    /// Members that must be there here and not there, or the reverse.
    pub needs: Vec<String>,
}

/// A member that has another type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Other {
    /// The member.
    pub member: String,
    /// Its type where it is compared with.
    pub there: String,
    /// Its type here.
    pub here: String,
}

impl Difference {
    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// As a sentence without a subject: "lacks `a`; has `b` besides".
    #[must_use]
    pub fn words(&self) -> String {
        let quoted =
            |names: &[String]| names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        let mut parts = Vec::new();
        if !self.lacks.is_empty() {
            parts.push(format!("lacks {}", quoted(&self.lacks)));
        }
        if !self.adds.is_empty() {
            parts.push(format!("has {} besides", quoted(&self.adds)));
        }
        for other in &self.others {
            let Other { member, there, here } = other;
            parts.push(if there == here {
                format!("`{member}` has another structure")
            } else {
                format!("`{member}` is {here}, not {there}")
            });
        }
        if !self.needs.is_empty() {
            parts.push(format!("does not agree whether {} is required", quoted(&self.needs)));
        }
        parts.join("; ")
    }
}

impl Families {
    /// In what `here` differs from `there`.
    #[must_use]
    pub fn difference(&self, graph: &Graph, there: &Unit, here: &Unit) -> Difference {
        let empty = Shape::default();
        let shape = |unit: &Unit| self.shapes.get(unit.shape).unwrap_or(&empty);
        let (old, new) = (shape(there), shape(here));
        let by_name =
            |shape: &Shape| shape.members().map(|edge| (edge.name, *edge)).collect::<BTreeMap<_, _>>();
        let (old_members, new_members) = (by_name(old), by_name(new));
        let mut out = Difference::default();
        for (name, edge) in &old_members {
            match new_members.get(name) {
                None => out.lacks.push(member_name(graph, edge.at)),
                Some(other) => self.compare(graph, edge, other, &mut out),
            }
        }
        let added = new_members.iter().filter(|(name, _)| !old_members.contains_key(name));
        out.adds = added.map(|(_, edge)| member_name(graph, edge.at)).collect();
        out.lacks.sort();
        out.adds.sort();
        out.needs.sort();
        out.others.sort_by(|a, b| a.member.cmp(&b.member));
        out
    }

    fn compare(&self, graph: &Graph, there: &Edge, here: &Edge, out: &mut Difference) {
        let colour = |edge: &Edge| self.colours.get(edge.to as usize);
        let words =
            |edge: &Edge| self.shapes.get(edge.to).map(|shape| shape.types.words()).unwrap_or_default();
        if colour(there) != colour(here) {
            let member = member_name(graph, here.at);
            out.others.push(Other { member, there: words(there), here: words(here) });
        }
        let said = there.need != Need::Unknown && here.need != Need::Unknown;
        if said && there.need != here.need {
            out.needs.push(member_name(graph, here.at));
        }
    }
}

/// The name of a member as it is written.
fn member_name(graph: &Graph, at: At) -> String {
    let node = graph.node(at);
    let listed = || node.get_str("name").or_else(|| node.get_str("column"));
    node.key().or_else(listed).unwrap_or_default().to_owned()
}
