//! When an endpoint wants to be asked again.

/// The wait a `Retry-After` field asks for, in milliseconds: seconds, or a date of HTTP.
pub(super) fn retry_after_ms(field: &str, now_ms: i64) -> Option<i64> {
    let field = field.trim();
    if !field.is_empty() && field.bytes().all(|byte| byte.is_ascii_digit()) {
        // More seconds than a number holds are more than is ever waited.
        return Some(field.parse::<i64>().unwrap_or(i64::MAX).saturating_mul(1_000));
    }
    let at = jiff::fmt::rfc2822::parse(field).ok()?.timestamp();
    Some(at.as_millisecond().saturating_sub(now_ms).max(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_and_dates() {
        assert_eq!(retry_after_ms("120", 0), Some(120_000));
        assert_eq!(retry_after_ms(" 0 ", 0), Some(0));
        assert_eq!(retry_after_ms("99999999999999999999", 0), Some(i64::MAX));
        assert_eq!(retry_after_ms("Thu, 01 Jan 1970 00:01:00 GMT", 10_000), Some(50_000));
        assert_eq!(
            retry_after_ms("Thu, 01 Jan 1970 00:01:00 GMT", 90_000),
            Some(0),
            "a date that has passed"
        );
        assert_eq!(retry_after_ms("-5", 0), None);
        assert_eq!(retry_after_ms("soon", 0), None);
        assert_eq!(retry_after_ms("", 0), None);
    }
}
