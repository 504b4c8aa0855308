//! A value held to a schema, keyword by keyword.

use rustc_hash::FxHashSet;
use tenon_source::{Kind, Node};

use super::Quick;
use super::leaf::Verdict;
use super::shape::{At, INTEGER, Shape, type_bit};

/// Most schemas entered within each other, a count: files nest at most 255 levels deep, and a
/// level takes few schemas. The stack must bear it.
const DEPTH_MAX: u32 = 1_500;

/// Most items that are compared with each other one by one, a count.
const COMPARED_ITEMS_MAX: usize = 64;

/// How near a limit a number is left to the validator: digits that a double does not hold could
/// decide there.
const NEAR: f64 = 1e-6;

/// Which members of an object some schema has looked at, by their order; nothing where nobody asks.
type Seen<'s> = Option<&'s mut Vec<bool>>;

impl Quick {
    /// Whether a value fits a schema.
    pub(super) fn check(&self, at: At, node: Node<'_>, mut seen: Seen<'_>, depth: u32) -> Verdict {
        let Some(shape) = self.shape(at) else { return Verdict::Unsure };
        if let Some(always) = shape.always {
            return Verdict::of(always);
        }
        if depth > DEPTH_MAX {
            return Verdict::Unsure;
        }
        // What only this schema, and those it applies to the same value, have seen.
        let mut own = match shape.object.unevaluated {
            Some(rest) if node.is_object() => Some((rest, vec![false; node.len()])),
            _ => None,
        };
        let told = match own.as_mut() {
            Some((_, own)) => Some(own),
            None => seen.as_deref_mut(),
        };
        let verdict = self.keywords(shape, node, told, depth);
        let Some((rest, own)) = own.filter(|_| verdict != Verdict::Fails) else { return verdict };
        if let Some(seen) = seen {
            seen.fill(true);
        }
        let unseen = node.members().zip(own).filter(|(_, seen)| !seen);
        unseen.fold(verdict, |verdict, ((_, value), _)| verdict.and(self.check(rest, value, None, depth + 1)))
    }

    fn keywords(&self, shape: &Shape, node: Node<'_>, mut seen: Seen<'_>, depth: u32) -> Verdict {
        let mut verdict = if shape.unknown { Verdict::Unsure } else { Verdict::Fits };
        verdict = verdict.and(of_type(shape, node)).and(shape.lists(node));
        if verdict == Verdict::Fails {
            return verdict;
        }
        if let Some(at) = shape.reference {
            verdict = verdict.and(self.check(at, node, seen.as_deref_mut(), depth + 1));
            if verdict == Verdict::Fails {
                return verdict;
            }
        }
        verdict = verdict.and(match node.kind() {
            Kind::String => shape.takes_text(node.as_str().unwrap_or_default()),
            Kind::Number => of_number(shape, node),
            Kind::Array => self.array(shape, node, depth),
            Kind::Object => self.object(shape, node, seen.as_deref_mut(), depth),
            Kind::Null | Kind::Bool => Verdict::Fits,
        });
        if verdict == Verdict::Fails {
            return verdict;
        }
        verdict.and(self.combined(shape, node, seen, depth))
    }

    /// The keywords that apply further schemas to the same value.
    fn combined(&self, shape: &Shape, node: Node<'_>, mut seen: Seen<'_>, depth: u32) -> Verdict {
        let mut verdict = Verdict::Fits;
        for at in &shape.all_of {
            verdict = verdict.and(self.check(*at, node, seen.as_deref_mut(), depth + 1));
            if verdict == Verdict::Fails {
                return verdict;
            }
        }
        if !shape.any_of.is_empty() {
            let (fits, unsure) = self.count(&shape.any_of, node, seen.as_deref_mut(), depth);
            verdict = verdict.and(match (fits, unsure) {
                (1.., 0) => Verdict::Fits,
                (0, 0) => Verdict::Fails,
                // What a branch has seen is not known.
                _ if seen.is_some() || fits == 0 => Verdict::Unsure,
                _ => Verdict::Fits,
            });
        }
        if !shape.one_of.is_empty() {
            let (fits, unsure) = self.count(&shape.one_of, node, seen.as_deref_mut(), depth);
            verdict = verdict.and(match (fits, unsure) {
                (1, 0) => Verdict::Fits,
                (0, 0) | (2.., _) => Verdict::Fails,
                _ => Verdict::Unsure,
            });
        }
        if let Some(not) = shape.not {
            verdict = verdict.and(self.check(not, node, None, depth + 1).not());
        }
        if let Some([Some(condition), then, otherwise]) = shape.condition {
            let mut noted = seen.as_deref().cloned();
            let branch = match self.check(condition, node, noted.as_mut(), depth + 1) {
                Verdict::Fits => {
                    note(seen.as_deref_mut(), noted);
                    then
                }
                Verdict::Fails => otherwise,
                Verdict::Unsure => return verdict.and(Verdict::Unsure),
            };
            verdict = branch.map_or(verdict, |branch| verdict.and(self.check(branch, node, seen, depth + 1)));
        }
        verdict
    }

    /// How many schemas a value fits, and of how many that is not known.
    fn count(&self, schemas: &[At], node: Node<'_>, mut seen: Seen<'_>, depth: u32) -> (usize, usize) {
        let (mut fits, mut unsure) = (0, 0);
        for at in schemas {
            let mut noted = seen.as_deref().cloned();
            match self.check(*at, node, noted.as_mut(), depth + 1) {
                Verdict::Fits => {
                    fits += 1;
                    note(seen.as_deref_mut(), noted);
                }
                Verdict::Fails => {}
                Verdict::Unsure => unsure += 1,
            }
        }
        (fits, unsure)
    }

    fn array(&self, shape: &Shape, node: Node<'_>, depth: u32) -> Verdict {
        let array = &shape.array;
        let count = node.len();
        if array.least.is_some_and(|least| count < least) || array.most.is_some_and(|most| count > most) {
            return Verdict::Fails;
        }
        let mut verdict = if array.unique { are_unique(node) } else { Verdict::Fits };
        if let Some(items) = array.items {
            for item in node.items() {
                verdict = verdict.and(self.check(items, item, None, depth + 1));
                if verdict == Verdict::Fails {
                    return verdict;
                }
            }
        }
        let Some((wanted, least, most)) = array.contains else { return verdict };
        let found: Vec<Verdict> =
            node.items().map(|item| self.check(wanted, item, None, depth + 1)).collect();
        if found.contains(&Verdict::Unsure) {
            return verdict.and(Verdict::Unsure);
        }
        let count = found.iter().filter(|verdict| **verdict == Verdict::Fits).count();
        verdict.and(Verdict::of((least..=most).contains(&count)))
    }

    fn object(&self, shape: &Shape, node: Node<'_>, mut seen: Seen<'_>, depth: u32) -> Verdict {
        let object = &shape.object;
        if !object.required.iter().all(|name| node.get(name).is_some()) {
            return Verdict::Fails;
        }
        if object.least.is_some() || object.most.is_some() {
            let count = node.len();
            if object.least.is_some_and(|least| count < least) || object.most.is_some_and(|most| count > most)
            {
                return Verdict::Fails;
            }
        }
        let mut verdict = Verdict::Fits;
        if object.looks_at_members() {
            verdict = self.members(shape, node, seen.as_deref_mut(), depth);
        }
        for (name, at) in &object.dependent {
            if verdict != Verdict::Fails && node.get(name).is_some() {
                verdict = verdict.and(self.check(*at, node, seen.as_deref_mut(), depth + 1));
            }
        }
        verdict
    }

    fn members(&self, shape: &Shape, node: Node<'_>, mut seen: Seen<'_>, depth: u32) -> Verdict {
        let mut all = Verdict::Fits;
        for (index, (name, value)) in node.members().enumerate() {
            let (verdict, known) = self.member(shape, name, value, depth);
            if verdict == Verdict::Fails {
                return verdict;
            }
            all = all.and(verdict);
            if let Some(seen) = seen.as_deref_mut().and_then(|seen| seen.get_mut(index)) {
                *seen |= known;
            }
        }
        all
    }

    /// Whether a member fits, and whether some keyword looked at its value.
    fn member(&self, shape: &Shape, name: &str, value: Node<'_>, depth: u32) -> (Verdict, bool) {
        let object = &shape.object;
        let mut known = false;
        let mut verdict = object.names.map_or(Verdict::Fits, |at| self.name(at, name, depth + 1));
        if let Ok(index) = object.properties.binary_search_by(|(property, _)| property.as_str().cmp(name))
            && let Some((_, at)) = object.properties.get(index)
        {
            known = true;
            verdict = verdict.and(self.check(*at, value, None, depth + 1));
        }
        for (pattern, at) in &object.patterns {
            match pattern.of(name) {
                Verdict::Fits => {
                    known = true;
                    verdict = verdict.and(self.check(*at, value, None, depth + 1));
                }
                Verdict::Fails => {}
                Verdict::Unsure => return (Verdict::Unsure, true),
            }
        }
        if let Some(at) = object.additional.filter(|_| !known) {
            known = true;
            verdict = verdict.and(self.check(at, value, None, depth + 1));
        }
        (verdict, known)
    }

    /// Whether the name of a member fits a schema.
    fn name(&self, at: At, name: &str, depth: u32) -> Verdict {
        let Some(shape) = self.shape(at).filter(|shape| depth <= DEPTH_MAX && shape.is_for_texts()) else {
            return Verdict::Unsure;
        };
        let further = shape.reference.iter().chain(&shape.all_of);
        let inside = further.map(|at| self.name(*at, name, depth + 1)).fold(Verdict::Fits, Verdict::and);
        let not = shape.not.map_or(Verdict::Fits, |at| self.name(at, name, depth + 1).not());
        let own =
            Verdict::of(shape.always != Some(false)).and(shape.lists_text(name)).and(shape.takes_text(name));
        own.and(inside).and(not)
    }
}

/// Takes over what a branch that fits has seen.
fn note(seen: Seen<'_>, noted: Option<Vec<bool>>) {
    if let (Some(seen), Some(noted)) = (seen, noted) {
        *seen = noted;
    }
}

fn of_type(shape: &Shape, node: Node<'_>) -> Verdict {
    let kind = type_bit(node.kind());
    if shape.types == 0 || shape.types & kind != 0 {
        return Verdict::Fits;
    }
    match node.number_text() {
        // Whether `1.0` is an integer depends on the draft.
        Some(text) if shape.types & INTEGER != 0 => match text.contains(['.', 'e', 'E']) {
            true => Verdict::Unsure,
            false => Verdict::Fits,
        },
        _ => Verdict::Fails,
    }
}

fn of_number(shape: &Shape, node: Node<'_>) -> Verdict {
    let limits = [shape.minimum.map(|(least, _)| least), shape.maximum];
    if limits == [None, None] {
        return Verdict::Fits;
    }
    let Some(found) = node.as_f64() else { return Verdict::Unsure };
    if limits.iter().flatten().any(|limit| (found - limit).abs() < NEAR && found != *limit) {
        return Verdict::Unsure;
    }
    let is_enough = |(least, open): (f64, bool)| if open { found > least } else { found >= least };
    Verdict::of(shape.minimum.is_none_or(is_enough) && shape.maximum.is_none_or(|most| found <= most))
}

/// Whether no two items are equal.
fn are_unique(node: Node<'_>) -> Verdict {
    let items: Vec<Node<'_>> = node.items().collect();
    let texts: FxHashSet<&str> = items.iter().filter_map(|item| item.as_str()).collect();
    let others: Vec<Node<'_>> = items.iter().copied().filter(|item| item.as_str().is_none()).collect();
    if texts.len() + others.len() < items.len() {
        return Verdict::Fails;
    }
    if others.len() > COMPARED_ITEMS_MAX {
        return Verdict::Unsure;
    }
    let pairs = others
        .iter()
        .enumerate()
        .flat_map(|(index, one)| others.iter().skip(index + 1).map(move |two| (one, two)));
    pairs.fold(Verdict::Fits, |verdict, (one, two)| verdict.and(equal(*one, *two).not()))
}

/// Whether two values are equal.
fn equal(one: Node<'_>, two: Node<'_>) -> Verdict {
    if one.kind() != two.kind() {
        return Verdict::Fails;
    }
    match one.kind() {
        Kind::Null => Verdict::Fits,
        Kind::Bool => Verdict::of(one.as_bool() == two.as_bool()),
        Kind::String => Verdict::of(one.as_str() == two.as_str()),
        Kind::Number if one.number_text() == two.number_text() => Verdict::Fits,
        Kind::Number => {
            let is_short = |node: Node<'_>| {
                node.number_text()
                    .is_some_and(|text| text.len() < 16 && text.bytes().all(|byte| byte.is_ascii_digit()))
            };
            if is_short(one) && is_short(two) { Verdict::Fails } else { Verdict::Unsure }
        }
        Kind::Array if one.len() != two.len() => Verdict::Fails,
        Kind::Array => until_fails(one.items().zip(two.items()).map(|(one, two)| equal(one, two))),
        Kind::Object if one.len() != two.len() => Verdict::Fails,
        Kind::Object => until_fails(
            one.members()
                .map(|(name, value)| two.get(name).map_or(Verdict::Fails, |other| equal(value, other))),
        ),
    }
}

fn until_fails(verdicts: impl Iterator<Item = Verdict>) -> Verdict {
    let mut all = Verdict::Fits;
    for verdict in verdicts {
        all = all.and(verdict);
        if all == Verdict::Fails {
            break;
        }
    }
    all
}
