//! Names of types, as short as the place they are used at allows.

use tenon_graph::protobuf::{Protobuf, Symbol};

/// A type as a scope names it: the shortest end of its full name that leads to it from there.
pub(super) fn relative(pb: &Protobuf, scope: &str, target: &str) -> String {
    let mut starts: Vec<usize> = target.match_indices('.').map(|(index, _)| index + 1).collect();
    starts.push(0);
    starts.sort_unstable_by(|a, b| b.cmp(a));
    for start in starts {
        let candidate = target.get(start..).unwrap_or(target);
        if leads_to(pb, scope, candidate, target) {
            return candidate.to_owned();
        }
    }
    format!(".{target}")
}

/// Whether a name leads to a target: the first scope, from the inside, in which its first part stands
/// for anything that could hold the rest decides.
fn leads_to(pb: &Protobuf, scope: &str, name: &str, target: &str) -> bool {
    let (first, is_whole) = name.split_once('.').map_or((name, true), |(first, _)| (first, false));
    let mut around = Some(scope);
    while let Some(outer) = around {
        let join = |part: &str| if outer.is_empty() { part.to_owned() } else { format!("{outer}.{part}") };
        match pb.symbols.get(&join(first)) {
            Some(Symbol::Message(_) | Symbol::Enum(_)) if is_whole => return join(name) == target,
            Some(Symbol::Message(_) | Symbol::Package) if !is_whole => return join(name) == target,
            // Something else of that name stands in the way, or a reader might think so.
            Some(_) => return false,
            None => {}
        }
        around = match outer.rsplit_once('.') {
            Some((rest, _)) => Some(rest),
            None if outer.is_empty() => None,
            None => Some(""),
        };
    }
    false
}
