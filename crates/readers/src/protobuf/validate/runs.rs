//! Runs of numbers, and which of them hold a number: however many there are, a question takes a
//! few steps.

use tenon_source::Span;

/// Runs of numbers, each with its place.
pub(super) struct Runs {
    /// By first number.
    sorted: Vec<Run>,
}

struct Run {
    start: i32,
    end: i32,
    /// Of this run and all before it, the one that ends last: its end and place.
    furthest: (i32, Span),
}

impl Runs {
    /// Runs from first number to last, in any order.
    pub(super) fn of(runs: impl Iterator<Item = (i32, i32, Span)>) -> Self {
        let mut all: Vec<(i32, i32, Span)> = runs.collect();
        all.sort_unstable();
        let mut furthest: Option<(i32, Span)> = None;
        let sorted = all.into_iter().map(|(start, end, span)| {
            let last = furthest.filter(|(last, _)| *last >= end).unwrap_or((end, span));
            furthest = Some(last);
            Run { start, end, furthest: last }
        });
        Self { sorted: sorted.collect() }
    }

    /// A run that holds a number.
    pub(super) fn holding(&self, number: i32) -> Option<Span> {
        self.touching(number, number)
    }

    /// A run that shares a number with another one.
    pub(super) fn touching(&self, start: i32, end: i32) -> Option<Span> {
        let next = self.sorted.partition_point(|run| run.start <= end);
        let (last, span) = self.sorted.get(next.checked_sub(1)?)?.furthest;
        (last >= start).then_some(span)
    }

    /// The first number from one on that no run holds.
    pub(super) fn first_free(&self, from: i32, most: i32) -> Option<i32> {
        let mut free = from;
        for run in &self.sorted {
            if run.start > free {
                break;
            }
            if run.end >= free {
                free = run.end.checked_add(1)?;
            }
        }
        (free <= most).then_some(free)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn runs(list: &[(i32, i32)]) -> Runs {
        Runs::of(list.iter().map(|&(start, end)| (start, end, Span::new(start as u32, end as u32))))
    }

    /// The same as by asking every run.
    #[test]
    fn runs_are_found_as_by_looking_at_each() {
        let list = [(5, 9), (1, 2), (7, 20), (8, 8), (30, 30), (2, 3), (40, 35)];
        let all = runs(&list);
        for start in 0..45 {
            for end in start..45 {
                let is = list.iter().any(|run| run.0 <= end && start <= run.1);
                assert_eq!(all.touching(start, end).is_some(), is, "{start} to {end}");
                if let Some(span) = all.touching(start, end) {
                    let (from, to) = (span.start as i32, span.end as i32);
                    assert!(from <= end && start <= to, "{start} to {end}: {span:?}");
                }
            }
            let free = (start..45).find(|number| list.iter().all(|run| !(run.0..=run.1).contains(number)));
            assert_eq!(all.first_free(start, 44), free, "{start}");
        }
        assert_eq!(runs(&[(1, i32::MAX)]).first_free(1, i32::MAX), None);
        assert_eq!(runs(&[]).holding(1), None);
    }
}
