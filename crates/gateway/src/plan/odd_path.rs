//! Paths that the router has no form for: several parameters in one segment, or parameters that
//! end in different words at the same place.

/// A path, segment by segment.
#[derive(Debug)]
pub(super) struct OddPath {
    segments: Vec<Vec<Piece>>,
}

#[derive(Debug)]
enum Piece {
    Text(String),
    Parameter,
}

impl OddPath {
    pub(super) fn new(template: &str) -> Self {
        let trimmed = if template.len() > 1 { template.trim_end_matches('/') } else { template };
        Self { segments: trimmed.split('/').skip(1).map(pieces).collect() }
    }

    /// The values of the parameters, as they are written; `None` where it is another path.
    pub(super) fn values<'p>(&self, path: &'p str) -> Option<Vec<&'p str>> {
        let mut values = Vec::new();
        let mut given = path.split('/').skip(1);
        for pieces in &self.segments {
            fits(pieces, given.next()?, &mut values).then_some(())?;
        }
        given.next().is_none().then_some(values)
    }
}

fn pieces(segment: &str) -> Vec<Piece> {
    if segment.strip_prefix(':').is_some_and(|name| !name.is_empty()) {
        return vec![Piece::Parameter];
    }
    let mut pieces = Vec::new();
    let mut rest = segment;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((_, behind)) = after.split_once('}') else { break };
        if !before.is_empty() {
            pieces.push(Piece::Text(before.to_owned()));
        }
        pieces.push(Piece::Parameter);
        rest = behind;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest.to_owned()));
    }
    pieces
}

/// Whether a segment is made of these pieces; every parameter is as short as it can be.
fn fits<'p>(pieces: &[Piece], segment: &'p str, values: &mut Vec<&'p str>) -> bool {
    match pieces {
        [] => segment.is_empty(),
        [Piece::Text(text), rest @ ..] => match segment.strip_prefix(text.as_str()) {
            Some(behind) => fits(rest, behind, values),
            None => false,
        },
        [Piece::Parameter] if segment.is_empty() => false,
        [Piece::Parameter] => {
            values.push(segment);
            true
        }
        [Piece::Parameter, rest @ ..] => {
            let ends = segment.char_indices().skip(1).map(|(at, _)| at);
            for (value, behind) in ends.filter_map(|at| segment.split_at_checked(at)) {
                let before = values.len();
                values.push(value);
                if fits(rest, behind, values) {
                    return true;
                }
                values.truncate(before);
            }
            false
        }
    }
}
