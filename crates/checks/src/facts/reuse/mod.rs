//! Families: schemas that are written more than once, in whatever format.
//!
//! A schema's structure is the names of its members in one case convention, which of them are
//! required, and their types. Equal structures are found by their colour (`colours`), nearly
//! equal ones through their rarest features (`near`). The order of files plays no part.

mod colours;
mod difference;
mod json;
pub mod mapping;
pub mod matrix;
mod mixer;
mod near;
pub mod plan;
mod protobuf;
mod shape;
mod tables;
mod unit;

use std::collections::BTreeMap;

use rayon::prelude::*;
use rustc_hash::FxHashMap;
use tenon_graph::Graph;
use tenon_source::At;

use near::Features;
use shape::Shapes;

pub use difference::{Difference, Other};
pub(crate) use json::stands_for;
pub(crate) use mixer::fold_case;
pub use unit::{Form, Unit, file_stem};

/// Least similarity of near-duplicates where nothing else is set: of the names and types of both,
/// four of five are in both.
pub const THRESHOLD: f64 = 0.8;

/// Fewest members of an object, or values of an enum, that are worth a family: `{id, name}` is
/// the same everywhere and means nothing.
pub const MEMBERS_MIN: usize = 3;

/// Schemas that say the same.
#[derive(Debug, Clone)]
pub struct Family {
    /// Its name: that of its first member.
    pub name: String,
    /// Whether all members have the same structure.
    pub same: bool,
    /// How many members have the structure of the first one, itself too.
    pub equal: usize,
    /// The members: the one others are compared with first, then in the order of their places.
    pub members: Vec<Member>,
}

/// One schema of a family.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Member {
    /// Index in [`Families::units`].
    pub unit: usize,
    /// How much of its structure it shares with the first member, from 0 to 1.
    pub similarity: f64,
}

/// Everything that is written more than once, and everything that could be.
#[derive(Debug)]
pub struct Families {
    /// Every schema that may be one of a family.
    pub units: Vec<Unit>,
    /// Families of two members or more: named ones first, of equal structure first, larger first.
    pub list: Vec<Family>,
    /// Features too common to find near-duplicates by, a count.
    pub common: usize,
    shapes: Shapes,
    colours: Vec<u64>,
    strict: Vec<u64>,
    by_place: FxHashMap<At, usize>,
}

impl Families {
    /// The families of a graph; near-duplicates have `threshold` or more in common.
    #[must_use]
    pub fn of(graph: &Graph, threshold: f64) -> Self {
        let shapes = Shapes::of(graph);
        let (colours, strict) =
            rayon::join(|| colours::colours(&shapes, false), || colours::colours(&shapes, true));
        let units = unit::collect(graph, &shapes);
        let by_place = units.iter().enumerate().map(|(index, unit)| (unit.at, index)).collect();
        let mut families = Self { units, list: Vec::new(), common: 0, shapes, colours, strict, by_place };
        families.group(graph, threshold);
        families
    }

    /// How many schemas were looked at: those with a name, and those with members of their own.
    #[must_use]
    pub fn looked_at(&self) -> usize {
        self.units.iter().filter(|unit| unit.form != Form::Inline || unit.size > 0).count()
    }

    /// The unit at a place.
    #[must_use]
    pub fn unit_at(&self, at: At) -> Option<(usize, &Unit)> {
        let index = *self.by_place.get(&at)?;
        Some((index, self.units.get(index)?))
    }

    /// How much two units have in common, from 0 to 1; 1 is the same names and types.
    #[must_use]
    pub fn similarity(&self, a: &Unit, b: &Unit) -> f64 {
        if self.colour(a) == self.colour(b) {
            return 1.0;
        }
        near::similarity(&self.features(a), &self.features(b))
    }

    /// Whether two units have the same structure: names, types, and what is required where both
    /// formats say it.
    #[must_use]
    pub fn is_same(&self, a: &Unit, b: &Unit) -> bool {
        let strict = |unit: &Unit| self.strict.get(unit.shape as usize);
        let unsaid = |unit: &Unit| matches!(unit.form, Form::Message | Form::Enum);
        self.colour(a) == self.colour(b) && (unsaid(a) || unsaid(b) || strict(a) == strict(b))
    }

    /// The names of the members that must be there, each hashed; empty where the format does not
    /// say.
    #[must_use]
    pub fn required(&self, unit: &Unit) -> Vec<u64> {
        let shape = self.shapes.get(unit.shape);
        let members = shape.into_iter().flat_map(shape::Shape::members);
        members.filter(|edge| edge.need == shape::Need::Required).map(|edge| edge.name).collect()
    }

    fn colour(&self, unit: &Unit) -> u64 {
        self.colours.get(unit.shape as usize).copied().unwrap_or_default()
    }

    /// The names of a unit's members, and the names with their types.
    fn features(&self, unit: &Unit) -> Vec<u64> {
        let Some(shape) = self.shapes.get(unit.shape) else { return Vec::new() };
        let mut all: Vec<u64> = shape.values.clone();
        for edge in shape.members() {
            let colour = self.colours.get(edge.to as usize).copied().unwrap_or_default();
            all.extend([edge.name, mixer::Mixer::new(6).add(edge.name).add(colour).end()]);
        }
        all.sort_unstable();
        all.dedup();
        all
    }

    fn group(&mut self, graph: &Graph, threshold: f64) {
        let mut by_colour: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
        for (index, unit) in self.units.iter().enumerate().filter(|(_, unit)| unit.size >= MEMBERS_MIN) {
            by_colour.entry(self.colour(unit)).or_default().push(index);
        }
        // What is written in place is compared for equality only: there is far more of it, and it
        // is meant for one place.
        let is_named = |units: &Vec<usize>| units.iter().any(|unit| self.is_named(*unit));
        let (named, inline): (Vec<_>, Vec<_>) = by_colour.into_iter().partition(|(_, units)| is_named(units));
        let structures: Vec<Features> = named
            .par_iter()
            .map(|(colour, units)| {
                let first = units.first().and_then(|unit| self.units.get(*unit));
                Features { all: first.map(|unit| self.features(unit)).unwrap_or_default(), colour: *colour }
            })
            .collect();
        let clusters = near::cluster(&structures, threshold);
        let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (group, leader) in clusters.leader.iter().enumerate() {
            groups.entry(*leader).or_default().push(group);
        }
        let order = Order::new(graph, self);
        let mut list = Vec::new();
        for (leader, groups) in groups {
            let members = |group: usize| named.get(group).map(|(_, units)| units.clone()).unwrap_or_default();
            let others = groups.iter().filter(|group| **group != leader).flat_map(|group| members(*group));
            list.extend(self.family(members(leader), others.collect(), &order));
        }
        list.extend(inline.into_iter().filter_map(|(_, units)| self.family(units, Vec::new(), &order)));
        let list = self.without_repeats(graph, list);
        self.list = order.sorted(list, &self.units);
        self.common = clusters.common;
    }

    fn is_named(&self, unit: usize) -> bool {
        self.units.get(unit).is_some_and(|unit| unit.form != Form::Inline)
    }

    /// A family of units of one structure and of others that are like it, if there are two.
    fn family(&self, mut equal: Vec<usize>, mut others: Vec<usize>, order: &Order) -> Option<Family> {
        if equal.len() + others.len() < 2 {
            return None;
        }
        // Who is first is whom the others are compared with: better one with a name.
        equal.sort_by_key(|unit| (!self.is_named(*unit), order.of(*unit)));
        others.sort_by_key(|unit| order.of(*unit));
        let first = self.units.get(*equal.first()?)?;
        let all: Vec<usize> = equal.into_iter().chain(others).collect();
        let members: Vec<Member> = all
            .iter()
            .filter_map(|unit| Some((*unit, self.units.get(*unit)?)))
            .map(|(unit, other)| Member { unit, similarity: self.similarity(first, other) })
            .collect();
        let equal = members
            .iter()
            .filter_map(|member| self.units.get(member.unit))
            .filter(|other| self.is_same(first, other))
            .count();
        Some(Family { name: first.name.clone(), same: equal == members.len(), equal, members })
    }

    /// Families whose members merely stand inside of members of another family are its repeats.
    fn without_repeats(&self, graph: &Graph, list: Vec<Family>) -> Vec<Family> {
        let family_of: FxHashMap<usize, usize> = list
            .iter()
            .enumerate()
            .flat_map(|(index, family)| family.members.iter().map(move |member| (member.unit, index)))
            .collect();
        let repeats = |family: &Family| {
            let mut around: Vec<usize> =
                family.members.iter().filter_map(|member| self.around(graph, member.unit)).collect();
            let families: Vec<Option<&usize>> = around.iter().map(|unit| family_of.get(unit)).collect();
            around.sort_unstable();
            around.dedup();
            around.len() == family.members.len()
                && families
                    .first()
                    .is_some_and(|first| first.is_some() && families.iter().all(|one| one == first))
        };
        let kept: Vec<bool> = list.iter().map(|family| !repeats(family)).collect();
        list.into_iter().zip(kept).filter(|(_, kept)| *kept).map(|(family, _)| family).collect()
    }

    /// The nearest unit that a unit stands inside of.
    fn around(&self, graph: &Graph, unit: usize) -> Option<usize> {
        let at = self.units.get(unit)?.at;
        if matches!(self.units.get(unit)?.form, Form::Message | Form::Enum | Form::Table) {
            return None;
        }
        let mut node = graph.node(at).parent();
        while let Some(here) = node {
            if let Some(index) = self.by_place.get(&At { file: at.file, node: here.id() }) {
                return Some(*index);
            }
            node = here.parent();
        }
        None
    }
}

/// The order of places, by path and not by the order in which files were given.
struct Order {
    rank: Vec<usize>,
}

impl Order {
    fn new(graph: &Graph, families: &Families) -> Self {
        let mut files: Vec<(&str, u32)> =
            graph.sources.iter().map(|(id, file)| (file.path.as_str(), id.0)).collect();
        files.sort_unstable();
        let mut file_rank = vec![0; files.len()];
        for (rank, (_, id)) in files.iter().enumerate() {
            if let Some(own) = file_rank.get_mut(*id as usize) {
                *own = rank;
            }
        }
        let mut units: Vec<usize> = (0..families.units.len()).collect();
        units.sort_by_key(|unit| {
            let at = families.units.get(*unit).map(|unit| unit.at);
            at.map(|at| (file_rank.get(at.file.0 as usize).copied(), at.node))
        });
        let mut rank = vec![0; units.len()];
        for (place, unit) in units.iter().enumerate() {
            if let Some(own) = rank.get_mut(*unit) {
                *own = place;
            }
        }
        Self { rank }
    }

    fn of(&self, unit: usize) -> usize {
        self.rank.get(unit).copied().unwrap_or_default()
    }

    /// What has a name first, then objects written in place, then enums; of each those of equal
    /// structure first, then the families with the most members, then by place.
    fn sorted(&self, mut list: Vec<Family>, units: &[Unit]) -> Vec<Family> {
        list.sort_by_key(|family| {
            let unit = family.members.first().and_then(|member| units.get(member.unit));
            let kind = unit.map(|unit| (unit.is_enum, unit.form == Form::Inline));
            let first = family.members.first().map(|member| self.of(member.unit));
            (kind, !family.same, std::cmp::Reverse(family.members.len()), first)
        });
        list
    }
}
