//! Media types: which is the same as which, and which takes in which.

use tenon_graph::MediaType;

/// Two media types of which the new one takes the place of the old one.
#[derive(Debug, Clone, Copy)]
pub(super) struct MediaPair<'m> {
    /// Before.
    pub(super) old: &'m MediaType,
    /// After.
    pub(super) new: &'m MediaType,
}

/// A media type taken apart, in lower case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct MediaName {
    /// Such as `application`.
    pub(super) top: String,
    /// Such as `vnd.pets+json`.
    pub(super) sub: String,
    /// Parameters by name, such as `charset=utf-8`.
    pub(super) parameters: Vec<(String, String)>,
}

impl MediaName {
    /// Takes a name apart. What is no media type is all `top`.
    pub(super) fn parse(name: &str) -> Self {
        let mut parts = name.split(';');
        let bare = parts.next().unwrap_or_default().trim().to_ascii_lowercase();
        let (top, sub) = bare.split_once('/').map_or((bare.as_str(), ""), |(top, sub)| (top, sub));
        let mut parameters: Vec<(String, String)> = parts
            .filter_map(|part| {
                let (key, value) = part.split_once('=')?;
                let value = value.trim().trim_matches('"');
                Some((key.trim().to_ascii_lowercase(), value.to_ascii_lowercase()))
            })
            .collect();
        parameters.sort();
        Self { top: top.to_owned(), sub: sub.to_owned(), parameters }
    }

    /// Whether every body of the other type is one of this type.
    pub(super) fn takes_in(&self, other: &Self) -> bool {
        let top = self.top == "*" || self.top == other.top;
        let sub = self.sub == "*" || self.sub == other.sub || {
            // `application/json` reads what has the suffix `+json` (RFC 6839).
            other.sub.rsplit_once('+').is_some_and(|(_, suffix)| suffix == self.sub)
        };
        top && sub && self.parameters.iter().all(|parameter| other.parameters.contains(parameter))
    }
}

/// Pairs media types: those of the same name first, then those of which one takes in the other.
pub(super) fn same_media<'m>(old: &'m [MediaType], new: &'m [MediaType]) -> Vec<MediaPair<'m>> {
    let names =
        |list: &[MediaType]| list.iter().map(|media| MediaName::parse(&media.name)).collect::<Vec<_>>();
    let (old_names, new_names) = (names(old), names(new));
    let mut out = Vec::new();
    let mut left: Vec<usize> = Vec::new();
    let mut used = vec![false; old.len()];
    let mut pair = |used: &mut Vec<bool>, new_index: usize, fits: &dyn Fn(&MediaName, &MediaName) -> bool| {
        let (Some(name), Some(media)) = (new_names.get(new_index), new.get(new_index)) else { return true };
        let position = old_names
            .iter()
            .enumerate()
            .position(|(index, other)| !used.get(index).copied().unwrap_or(true) && fits(other, name));
        let Some((index, before)) = position.and_then(|index| Some((index, old.get(index)?))) else {
            return false;
        };
        if let Some(slot) = used.get_mut(index) {
            *slot = true;
        }
        out.push((new_index, MediaPair { old: before, new: media }));
        true
    };
    for index in 0..new.len() {
        if !pair(&mut used, index, &|old, new| old == new) {
            left.push(index);
        }
    }
    for index in left {
        pair(&mut used, index, &|old, new| old.takes_in(new) || new.takes_in(old));
    }
    out.sort_by_key(|(index, _)| *index);
    out.into_iter().map(|(_, pair)| pair).collect()
}
