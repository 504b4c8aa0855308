//! Words that contracts use for times and numbers.

use tenon_graph::Name;

/// Seconds of a time as contracts write it: `24h`, `90 s`, `PT24H`, `P1D`, or a bare number of
/// seconds. `None` for what is none of these.
pub(super) fn seconds(text: &str) -> Option<u64> {
    let text = text.trim();
    if let Some(iso) = text.strip_prefix('P').or_else(|| text.strip_prefix('p')) {
        return iso_seconds(iso);
    }
    let split = text.find(|character: char| !character.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = (text.get(..split)?, text.get(split..)?.trim());
    let number: u64 = number.parse().ok()?;
    number.checked_mul(unit_seconds(unit)?)
}

fn iso_seconds(text: &str) -> Option<u64> {
    let mut total: u64 = 0;
    let mut number = String::new();
    let mut in_time = false;
    for character in text.chars() {
        match character {
            'T' | 't' => in_time = true,
            '0'..='9' => number.push(character),
            unit => {
                let unit = match (unit.to_ascii_uppercase(), in_time) {
                    ('W', false) => "w",
                    ('D', false) => "d",
                    ('H', true) => "h",
                    ('M', true) => "m",
                    ('S', true) => "s",
                    _ => return None,
                };
                let part: u64 = std::mem::take(&mut number).parse().ok()?;
                total = total.checked_add(part.checked_mul(unit_seconds(unit)?)?)?;
            }
        }
    }
    number.is_empty().then_some(total)
}

/// Seconds of a unit, by any of its usual names.
pub(super) fn unit_seconds(unit: &str) -> Option<u64> {
    Some(match unit.to_ascii_lowercase().as_str() {
        "" | "s" | "sec" | "second" | "seconds" => 1,
        "m" | "min" | "minute" | "minutes" => 60,
        "h" | "hour" | "hours" => 60 * 60,
        "d" | "day" | "days" => 24 * 60 * 60,
        "w" | "week" | "weeks" => 7 * 24 * 60 * 60,
        _ => return None,
    })
}

/// The names of the first list that the second does not have.
pub(super) fn missing<'n>(list: &'n [Name], other: &[Name]) -> Vec<&'n Name> {
    list.iter().filter(|name| other.iter().all(|other| other.text != name.text)).collect()
}

#[cfg(test)]
mod tests {
    use super::seconds;

    #[test]
    fn times_are_read_in_every_way_they_are_written() {
        for text in ["24h", "1d", "86400", "86400s", "PT24H", "P1D", "1440 min"] {
            assert_eq!(seconds(text), Some(86_400), "{text}");
        }
        for text in ["", "a day", "P1", "24x", "PT1D", "99999999999999999999h"] {
            assert_eq!(seconds(text), None, "{text}");
        }
    }
}
