//! Ranges of numbers, and names, that were set aside.

/// Numbers, both ends included.
pub(super) type Range = (i32, i32);

/// The numbers of a range that none of others has, as ranges.
pub(super) fn missing(range: Range, others: &[Range]) -> Vec<Range> {
    let mut others: Vec<Range> = others.to_vec();
    others.sort_unstable();
    let (mut start, end) = (i64::from(range.0), i64::from(range.1));
    let mut out = Vec::new();
    for (from, to) in others.into_iter().map(|(from, to)| (i64::from(from), i64::from(to))) {
        if to < start {
            continue;
        }
        if from > end {
            break;
        }
        if from > start {
            out.push(narrow(start, from - 1));
        }
        start = to + 1;
    }
    if start <= end {
        out.push(narrow(start, end));
    }
    out
}

fn narrow(start: i64, end: i64) -> Range {
    let number = |wide: i64| i32::try_from(wide).unwrap_or(i32::MAX);
    (number(start), number(end))
}

/// Ranges as they are written.
pub(super) fn text(ranges: &[Range]) -> String {
    let one =
        |&(start, end): &Range| if start == end { format!("{start}") } else { format!("{start} to {end}") };
    ranges.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// Whether one of some ranges has a number.
pub(super) fn has(ranges: &[Range], number: i32) -> bool {
    ranges.iter().any(|&(start, end)| (start..=end).contains(&number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_told_range_by_range() {
        let cases: [(Range, &[Range], &[Range]); 6] = [
            ((1, 5), &[], &[(1, 5)]),
            ((1, 5), &[(1, 5)], &[]),
            ((1, 5), &[(3, 3)], &[(1, 2), (4, 5)]),
            ((1, 5), &[(4, 9), (0, 1)], &[(2, 3)]),
            ((1, 5), &[(1, 2), (3, 5)], &[]),
            ((1, i32::MAX), &[(1, 10)], &[(11, i32::MAX)]),
        ];
        for (range, others, wanted) in cases {
            assert_eq!(missing(range, others), wanted, "{range:?} {others:?}");
        }
    }
}
