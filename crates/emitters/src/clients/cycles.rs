//! Types that hold themselves.

use std::collections::BTreeSet;

use super::model::{Api, Shape, Type, TypeId};

/// For each type, the types it holds without a list or map in between that hold it in turn: what a
/// language without references must put behind one.
#[must_use]
pub fn direct(api: &Api) -> Vec<BTreeSet<TypeId>> {
    let edges: Vec<Vec<TypeId>> = api.types.iter().map(|one| held(&one.shape, false)).collect();
    back(&edges)
}

/// Names that stand for themselves with only other such names in between.
#[must_use]
pub fn endless_aliases(api: &Api) -> BTreeSet<TypeId> {
    let edges: Vec<Vec<TypeId>> = api
        .types
        .iter()
        .map(|one| match &one.shape {
            Shape::Alias(ty) => {
                let mut out = Vec::new();
                of_type(ty, true, &mut out);
                out.retain(|id| api.named(*id).is_some_and(|one| matches!(one.shape, Shape::Alias(_))));
                out
            }
            _ => Vec::new(),
        })
        .collect();
    let back = back(&edges);
    (0..edges.len()).map(TypeId).filter(|id| back.get(id.0).is_some_and(|all| !all.is_empty())).collect()
}

fn held(shape: &Shape, through: bool) -> Vec<TypeId> {
    let mut out = Vec::new();
    match shape {
        Shape::Object { fields, .. } => fields.iter().for_each(|field| of_type(&field.ty, through, &mut out)),
        Shape::Union { variants, .. } => variants.iter().for_each(|ty| of_type(ty, through, &mut out)),
        Shape::Alias(ty) => of_type(ty, through, &mut out),
        Shape::Enum(_) => {}
    }
    out
}

fn of_type(ty: &Type, through: bool, out: &mut Vec<TypeId>) {
    match ty {
        Type::Named(id) => out.push(*id),
        Type::Nullable(inner) => of_type(inner, through, out),
        Type::List(inner) | Type::Map(inner) if through => of_type(inner, through, out),
        _ => {}
    }
}

/// The edges that stay within a strongly connected component, by where they begin.
fn back(edges: &[Vec<TypeId>]) -> Vec<BTreeSet<TypeId>> {
    let component = components(edges);
    let mut out = vec![BTreeSet::new(); edges.len()];
    for (from, (targets, out)) in edges.iter().zip(&mut out).enumerate() {
        for to in targets {
            if component.get(from) == component.get(to.0) {
                out.insert(*to);
            }
        }
    }
    out
}

/// The number of each place's strongly connected component (Kosaraju, without recursion).
fn components(edges: &[Vec<TypeId>]) -> Vec<usize> {
    let mut reverse = vec![Vec::new(); edges.len()];
    for (from, targets) in edges.iter().enumerate() {
        for to in targets {
            if let Some(list) = reverse.get_mut(to.0) {
                list.push(TypeId(from));
            }
        }
    }
    let mut order = Vec::with_capacity(edges.len());
    let mut seen = vec![false; edges.len()];
    for start in 0..edges.len() {
        let mut open = vec![(start, 0_usize)];
        if std::mem::replace(seen.get_mut(start).unwrap_or(&mut true), true) {
            continue;
        }
        while let Some((at, next)) = open.pop() {
            match edges.get(at).and_then(|targets| targets.get(next)) {
                Some(to) => {
                    open.push((at, next + 1));
                    if !std::mem::replace(seen.get_mut(to.0).unwrap_or(&mut true), true) {
                        open.push((to.0, 0));
                    }
                }
                None => order.push(at),
            }
        }
    }
    let mut component = vec![usize::MAX; edges.len()];
    for (number, &start) in order.iter().rev().enumerate() {
        let mut open = vec![start];
        while let Some(at) = open.pop() {
            let Some(mark) = component.get_mut(at).filter(|mark| **mark == usize::MAX) else { continue };
            *mark = number;
            open.extend(reverse.get(at).into_iter().flatten().map(|id| id.0));
        }
    }
    component
}
