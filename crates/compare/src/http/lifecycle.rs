//! Deprecation first: what is announced, when it counts as deprecated, and from which day on it
//! may be gone. Stability levels beside it.

use tenon_graph::{Graph, Name, Operation, Tier};
use tenon_source::{At, Node};

use super::rules::{
    DEPRECATED, DEPRECATION_UNDATED, REACTIVATED, STABILITY_LOWERED, STABILITY_RAISED, STABILITY_UNKNOWN,
    SUNSET_BROUGHT_FORWARD, SUNSET_PUT_OFF, SUNSET_TOO_SOON, SUNSET_UNREADABLE, SUNSET_WITHDRAWN,
};
use super::scope::{Element, Scope};
use crate::{Change, Class, Day, Settings};

/// What a contract says of the end of an operation or parameter.
#[derive(Debug, Clone, Default)]
pub(crate) struct Lifecycle {
    /// Whether it is deprecated.
    pub(crate) deprecated: bool,
    /// When consumers were told.
    announced: Option<Day>,
    /// From when on it is deprecated.
    effective: Option<Day>,
    /// From when on it may be gone: a day, or what was written and is none.
    sunset: Option<Result<Day, String>>,
}

impl Lifecycle {
    /// Of an operation: `deprecated`, and the days in its facts or beside them.
    pub(crate) fn of_operation(graph: &Graph, operation: &Operation) -> Self {
        let mut out = Self::of_node(graph.node(operation.at));
        out.deprecated |= operation.detail.deprecated;
        if let Some(said) = &operation.governance.deprecation {
            let day = |name: &Option<Name>| name.as_ref().and_then(|name| read_day(&name.text));
            out.announced = day(&said.announced).or(out.announced);
            out.effective = day(&said.deprecated).or(out.effective);
            if let Some(text) = &said.sunset {
                out.sunset = Some(read_day(&text.text).ok_or_else(|| text.text.clone()));
            }
        }
        out
    }

    /// Of a parameter or anything else that may have the extensions `x-sunset` and `x-deprecation`.
    pub(crate) fn of_node(node: Node<'_>) -> Self {
        let text = |key: &str| {
            let value = node.get(key)?;
            value.as_str().or_else(|| value.number_text())
        };
        let facts = node.get("x-tenon").and_then(|facts| facts.get("deprecation"));
        let fact = |key: &str| facts.and_then(|facts| facts.get_str(key));
        let day = |text: &str| read_day(text).ok_or_else(|| text.to_owned());
        let sunset = fact("sunset").or_else(|| facts.and_then(Node::as_str)).or_else(|| text("x-sunset"));
        Self {
            deprecated: node.get("deprecated").and_then(Node::as_bool) == Some(true),
            announced: fact("announced").and_then(read_day),
            effective: fact("deprecated").or_else(|| text("x-deprecation")).and_then(read_day),
            sunset: sunset.map(day),
        }
    }

    /// The first day that is known of the announcement.
    fn told(&self, settings: &Settings) -> Option<Day> {
        self.announced.or(self.effective).or(settings.today)
    }
}

/// A day as contracts write it: a date, a moment, seconds as in the header `Deprecation`
/// (RFC 9745: `@1688169599`), or the date of the header `Sunset` (RFC 8594).
pub(crate) fn read_day(text: &str) -> Option<Day> {
    let text = text.trim();
    if let Some(seconds) = text.strip_prefix('@') {
        return seconds.parse().ok().map(Day::of_seconds);
    }
    Day::parse(text).or_else(|| http_date(text))
}

/// `Sat, 31 Dec 2018 23:59:59 GMT`.
fn http_date(text: &str) -> Option<Day> {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let (_, date) = text.split_once(", ")?;
    let mut words = date.split(' ');
    let (day, month, year) = (words.next()?, words.next()?, words.next()?);
    let month = MONTHS.iter().position(|name| *name == month)? + 1;
    Day::parse(&format!("{year}-{month:02}-{day:0>2}"))
}

/// Whether something may be gone now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Removal {
    /// Its sunset is over.
    AfterSunset(Day),
    /// Its sunset is yet to come.
    BeforeSunset(Day),
    /// It has a sunset, and today is not known.
    Unknown(Day),
    /// It was deprecated, and no day was said that can be read.
    Undated,
    /// It was never deprecated.
    Unannounced,
}

impl Removal {
    /// What the old version said of its end.
    pub(crate) fn of(lifecycle: &Lifecycle, settings: &Settings) -> Self {
        match (&lifecycle.sunset, lifecycle.deprecated) {
            (Some(Ok(sunset)), true) => match settings.today {
                Some(today) if today >= *sunset => Self::AfterSunset(*sunset),
                Some(_) => Self::BeforeSunset(*sunset),
                None => Self::Unknown(*sunset),
            },
            (_, true) => Self::Undated,
            (_, false) => Self::Unannounced,
        }
    }

    /// Whether the removal is what was announced.
    pub(crate) fn is_allowed(&self) -> bool {
        matches!(self, Self::AfterSunset(_))
    }

    /// What of the announcement is to be told with the removal.
    pub(crate) fn words(&self) -> String {
        match self {
            Self::AfterSunset(day) => format!("its sunset was {day}"),
            Self::BeforeSunset(day) => format!("its sunset is not before {day}"),
            Self::Unknown(day) => format!("its sunset was to be {day}"),
            Self::Undated => "it was deprecated, but no sunset was announced".to_owned(),
            Self::Unannounced => "it was not deprecated first".to_owned(),
        }
    }

    /// Marks what cannot be told without knowing the day.
    pub(crate) fn mark(&self, change: Change) -> Change {
        let change = match self {
            Self::AfterSunset(_) => return change,
            Self::Unknown(_) => {
                change.undecided("today's date is not known, so neither is whether the sunset is over")
            }
            _ => change,
        };
        change.with_help("deprecate it with a sunset first, and remove it when that day is over")
    }
}

/// The tier an operation says it has: its own facts, or `x-stability-level`.
pub(crate) fn tier_of(graph: &Graph, operation: &Operation) -> Option<Tier> {
    let said = operation.governance.tier.as_ref().and_then(|tier| Tier::parse(&tier.text));
    said.or_else(|| match graph.node(operation.at).get_str("x-stability-level")? {
        "draft" | "alpha" | "beta" => Some(Tier::Experimental),
        "stable" => Some(Tier::Stable),
        _ => None,
    })
}

/// Whether the contract of an operation says that it is stable: only then the days are a promise.
fn is_promised(scope: &Scope<'_, '_>) -> bool {
    match scope.tier {
        Some(tier) => tier == Tier::Stable,
        None => {
            let contracts = &scope.versions.new.contracts;
            contracts.iter().any(|contract| {
                contract.tier.as_ref().and_then(|tier| Tier::parse(&tier.text)) == Some(Tier::Stable)
            })
        }
    }
}

/// Words and names in other tools for the one thing that is compared.
pub(super) struct Ends<'e> {
    /// What it is called, such as `` `GET /pets` ``.
    pub(super) what: String,
    /// Days from the announcement to the sunset.
    pub(super) days_min: i64,
    /// Names of the same checks elsewhere.
    pub(super) aliases: &'e EndAliases,
}

/// Names of the checks in other tools.
#[derive(Debug)]
pub(super) struct EndAliases {
    deprecated: &'static [&'static str],
    dated: &'static [&'static str],
    reactivated: &'static [&'static str],
    undated: &'static [&'static str],
    too_soon: &'static [&'static str],
    unreadable: &'static [&'static str],
    withdrawn: &'static [&'static str],
    forward: &'static [&'static str],
}

/// Of operations.
pub(super) static OF_OPERATIONS: EndAliases = EndAliases {
    deprecated: &["oasdiff:endpoint-deprecated"],
    dated: &["oasdiff:endpoint-deprecated-with-sunset"],
    reactivated: &["oasdiff:endpoint-reactivated"],
    undated: &["oasdiff:api-deprecated-sunset-missing"],
    too_soon: &["oasdiff:api-sunset-date-too-small"],
    unreadable: &["oasdiff:api-deprecated-sunset-parse"],
    withdrawn: &["oasdiff:sunset-deleted"],
    forward: &["oasdiff:api-sunset-date-changed-too-small"],
};

/// Of parameters.
pub(super) static OF_PARAMETERS: EndAliases = EndAliases {
    deprecated: &["oasdiff:request-parameter-deprecated"],
    dated: &["oasdiff:request-parameter-deprecated"],
    reactivated: &["oasdiff:request-parameter-reactivated"],
    undated: &["oasdiff:request-parameter-deprecated-sunset-missing"],
    too_soon: &["oasdiff:request-parameter-sunset-date-too-small"],
    unreadable: &["oasdiff:request-parameter-sunset-parse"],
    withdrawn: &["oasdiff:request-parameter-sunset-deleted"],
    forward: &["oasdiff:request-parameter-sunset-date-changed-too-small"],
};

/// Compares what both versions say of the end of one thing.
pub(super) fn compare(
    scope: &mut Scope<'_, '_>,
    element: &Element,
    old: &Lifecycle,
    new: &Lifecycle,
    ends: &Ends<'_>,
) {
    let what = &ends.what;
    let mut say = |rule, class: Option<Class>, aliases: &[&'static str], message: String| {
        let mut change = scope.changed(rule, None, element, message).with_aliases(aliases);
        if let Some(class) = class {
            change.class = class;
        }
        scope.add(change);
    };
    match (old.deprecated, new.deprecated) {
        (true, false) => {
            say(&REACTIVATED, None, ends.aliases.reactivated, format!("{what} is no longer deprecated"));
        }
        (false, true) => {
            let (aliases, end) = match &new.sunset {
                Some(Ok(day)) => (ends.aliases.dated, format!(", with its sunset on {day}")),
                _ => (ends.aliases.deprecated, String::new()),
            };
            say(
                &DEPRECATED,
                None,
                aliases,
                format!("{what} is deprecated now{end}: callers should move away"),
            );
        }
        _ => {}
    }
    if !old.deprecated && new.deprecated {
        notice(scope, element, new, ends);
    }
    if old.deprecated == new.deprecated && old.sunset == new.sunset || !new.deprecated {
        return;
    }
    sunset(scope, element, old, new, ends);
}

/// Whether consumers were told long enough before something counts as deprecated.
fn notice(scope: &mut Scope<'_, '_>, element: &Element, new: &Lifecycle, ends: &Ends<'_>) {
    let least = scope.versions.settings.notice.announced_days_min;
    let (Some(told), Some(day)) = (new.announced, new.effective) else { return };
    let days = day.0 - told.0;
    if days < least {
        let what = &ends.what;
        let message = format!(
            "{what} counts as deprecated from {day} on, {days} days after the announcement: consumers are promised {least}"
        );
        let mut change =
            scope.changed(&SUNSET_TOO_SOON, None, element, message).with_aliases(ends.aliases.too_soon);
        if !is_promised(scope) {
            change.class = Class::Behaviour;
        }
        scope.add(change);
    }
}

/// Compares the sunsets of what is deprecated now.
fn sunset(scope: &mut Scope<'_, '_>, element: &Element, old: &Lifecycle, new: &Lifecycle, ends: &Ends<'_>) {
    let (what, settings) = (&ends.what, scope.versions.settings);
    let promised = is_promised(scope);
    let mut say = |rule, class: Option<Class>, aliases: &[&'static str], message: String| {
        let mut change = scope.changed(rule, None, element, message).with_aliases(aliases);
        if let Some(class) = class {
            change.class = class;
        }
        scope.add(change);
    };
    let too_soon = |day: Day| {
        let days = day.0 - new.told(&settings)?.0;
        (days < ends.days_min).then_some(days)
    };
    let soft = (!promised).then_some(Class::Behaviour);
    match (&old.sunset, &new.sunset) {
        (_, Some(Err(text))) => {
            let message = format!("the sunset of {what}, `{text}`, is no date, so nobody can plan for it");
            say(&SUNSET_UNREADABLE, None, ends.aliases.unreadable, message);
        }
        (Some(Ok(before)), Some(Ok(after))) if old.deprecated && after < before => {
            let close = too_soon(*after).is_some();
            let class = (!close).then_some(Class::Behaviour);
            let message = format!("the sunset of {what} was brought forward from {before} to {after}");
            say(&SUNSET_BROUGHT_FORWARD, class, ends.aliases.forward, message);
        }
        (Some(Ok(before)), Some(Ok(after))) if old.deprecated => {
            if after > before {
                let message = format!("the sunset of {what} was put off from {before} to {after}");
                say(&SUNSET_PUT_OFF, None, &[], message);
            }
        }
        (_, Some(Ok(day))) => {
            if let Some(days) = too_soon(*day) {
                let least = ends.days_min;
                let message = format!(
                    "the sunset of {what} is {day}, {days} days after the announcement: consumers are promised {least}"
                );
                say(&SUNSET_TOO_SOON, soft, ends.aliases.too_soon, message);
            }
        }
        (Some(_), None) if old.deprecated => {
            let message =
                format!("{what} is still deprecated and has no sunset any more: it may be gone any day");
            say(&SUNSET_WITHDRAWN, None, ends.aliases.withdrawn, message);
        }
        (_, None) => {
            if promised && !old.deprecated {
                let message = format!("{what} is deprecated without a sunset, and its contract is stable");
                say(&DEPRECATION_UNDATED, None, ends.aliases.undated, message);
            }
        }
    }
}

/// Compares `x-stability-level`.
pub(super) fn compare_stability(scope: &mut Scope<'_, '_>) {
    const LEVELS: [&str; 4] = ["draft", "alpha", "beta", "stable"];
    let element = scope.operation();
    let level =
        |node: Node<'_>| node.get("x-stability-level").map(|value| value.as_str().unwrap_or("").to_owned());
    let (old, new) = (level(scope.old_node(element.old)), level(scope.new_node(element.new)));
    if old == new {
        return;
    }
    let rank = |level: &str| LEVELS.iter().position(|known| *known == level);
    if let Some(new) = new.as_deref().filter(|new| rank(new).is_none()) {
        let message = format!("`{new}` is no stability level: draft, alpha, beta and stable are");
        let change = scope
            .changed(&STABILITY_UNKNOWN, None, &element, message)
            .with_aliases(&["oasdiff:api-invalid-stability-level"]);
        return scope.add(change);
    }
    // What names no level is stable.
    let of = |level: &Option<String>| rank(level.as_deref().unwrap_or("stable")).unwrap_or(LEVELS.len() - 1);
    let word = |level: &Option<String>| level.clone().unwrap_or_else(|| "stable".to_owned());
    let (before, after) = (word(&old), word(&new));
    let change = if of(&new) < of(&old) {
        let message = format!(
            "the stability of `{}` was lowered from {before} to {after}: it may change in ways it could not before",
            scope.label
        );
        scope
            .changed(&STABILITY_LOWERED, None, &element, message)
            .with_aliases(&["oasdiff:api-stability-decreased"])
    } else if of(&new) > of(&old) {
        let message = format!("the stability of `{}` was raised from {before} to {after}", scope.label);
        scope
            .changed(&STABILITY_RAISED, None, &element, message)
            .with_aliases(&["oasdiff:api-stability-increased"])
    } else {
        return;
    };
    scope.add(change);
}

/// Where an element is defined, for its own extensions.
pub(super) fn lifecycles(scope: &Scope<'_, '_>, old: At, new: At) -> (Lifecycle, Lifecycle) {
    (Lifecycle::of_node(scope.old_node(old)), Lifecycle::of_node(scope.new_node(new)))
}
