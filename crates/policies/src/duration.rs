//! Times as contracts write them: `500ms`, `5s`, `15m`, `24h`, `7d`, and several in a row.

/// The milliseconds of a time such as `1h30m`; `None` for what is none, or longer than a century.
#[must_use]
pub fn duration_ms(text: &str) -> Option<u64> {
    /// A century, in milliseconds: longer times are slips of the pen.
    const MS_MAX: u64 = 100 * 366 * 86_400_000;
    let mut rest = text.trim();
    if rest.is_empty() {
        return None;
    }
    let mut total: u64 = 0;
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (number, after) = rest.split_at_checked(digits)?;
        let letters = after.bytes().take_while(u8::is_ascii_alphabetic).count();
        let (unit, after) = after.split_at_checked(letters)?;
        let factor: u64 = match unit {
            "ms" => 1,
            "s" => 1_000,
            "m" | "min" => 60_000,
            "h" => 3_600_000,
            "d" => 86_400_000,
            "w" => 7 * 86_400_000,
            _ => return None,
        };
        total = number.parse::<u64>().ok()?.checked_mul(factor)?.checked_add(total)?;
        rest = after;
    }
    (total <= MS_MAX).then_some(total)
}
