//! Equal structures get equal colours: each round takes in the colours of the parts, so after `n`
//! rounds two schemas of one colour are equal `n` levels deep, however they refer to each other.

use rayon::prelude::*;

use super::mixer::Mixer;
use super::shape::{Link, Need, Shapes};

/// Levels that are compared, a count: the deepest real schema nests half as many objects, and a
/// schema that refers to itself has no end.
const LEVELS_MAX: usize = 12;

/// Shapes a thread takes at once, a count.
const SHAPES_AT_ONCE: usize = 1_024;

/// The colour of every shape. `needs` tells whether required members count.
pub(super) fn colours(shapes: &Shapes, needs: bool) -> Vec<u64> {
    let labels: Vec<u64> = shapes.list.par_iter().map(|shape| shape.label()).collect();
    let mut colours = labels.clone();
    for _ in 0..LEVELS_MAX {
        let next: Vec<u64> = (0..shapes.list.len())
            .into_par_iter()
            .with_min_len(SHAPES_AT_ONCE)
            .map_init(Vec::new, |parts, index| one(shapes, &labels, &colours, index, needs, parts))
            .collect();
        colours = next;
    }
    colours
}

fn one(
    shapes: &Shapes,
    labels: &[u64],
    colours: &[u64],
    index: usize,
    needs: bool,
    parts: &mut Vec<u64>,
) -> u64 {
    let label = labels.get(index).copied().unwrap_or_default();
    let Some(shape) = shapes.list.get(index).filter(|shape| !shape.edges.is_empty()) else { return label };
    parts.clear();
    parts.extend(shape.edges.iter().map(|edge| {
        let colour = colours.get(edge.to as usize).copied().unwrap_or_default();
        let need = u64::from(needs && edge.need == Need::Required);
        let link = u64::from(edge.link == Link::Member);
        Mixer::new(4).add(edge.name).add(link).add(need).add(colour).end()
    }));
    // The order in which members are written is no structure.
    parts.sort_unstable();
    parts.iter().fold(Mixer::new(5).add(label), |hash, part| hash.add(*part)).end()
}
