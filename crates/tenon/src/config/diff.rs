//! The table `diff` of `tenon.toml`.

use tenon_compare::{ContentModel, Day, FailOn};
use tenon_graph::Tier;
use toml::de::{DeTable, DeValue};

use super::read::{span_of, text};
use super::{Approve, DiffConfig};

/// What the table says; what has the wrong type was said before and is left out.
pub(super) fn read(table: &DeTable<'_>) -> DiffConfig {
    let mut config = DiffConfig {
        fail_on: text(table, "fail-on").and_then(|(name, _)| FailOn::parse(name)),
        tier: text(table, "tier").and_then(|(name, _)| Tier::parse(name)),
        ..DiffConfig::default()
    };
    if text(table, "content-model").is_some_and(|(name, _)| name == "closed") {
        config.settings.content_model = ContentModel::Closed;
    }
    let notice = &mut config.settings.notice;
    notice.announced_days_min = count(table, "announced-days").unwrap_or(notice.announced_days_min);
    notice.sunset_days_min = count(table, "sunset-days").unwrap_or(notice.sunset_days_min);
    let list = table.get("approve").and_then(|value| value.get_ref().as_array());
    for item in list.into_iter().flat_map(|list| list.iter()) {
        let approve = item.get_ref().as_table().and_then(|table| {
            let owned = |name| text(table, name).map(|(text, _)| text.to_owned());
            Some(Approve {
                fingerprint: owned("fingerprint")?,
                reason: owned("reason")?,
                owner: owned("owner")?,
                expires: day(table.get("expires")?.get_ref())?,
                span: span_of(item.span()),
            })
        });
        config.approve.extend(approve);
    }
    config
}

/// The number of a key.
pub(super) fn number(value: &DeValue<'_>) -> Option<i64> {
    let integer = value.as_integer()?;
    let number = i64::from_str_radix(integer.as_str(), integer.radix()).ok()?;
    (number >= 0).then_some(number)
}

/// The date of a key: TOML's own, or a text.
pub(super) fn day(value: &DeValue<'_>) -> Option<Day> {
    match value {
        DeValue::String(text) => Day::parse(text),
        DeValue::Datetime(moment) => Day::parse(&moment.date?.to_string()),
        _ => None,
    }
}

fn count(table: &DeTable<'_>, name: &str) -> Option<i64> {
    number(table.get(name)?.get_ref())
}
