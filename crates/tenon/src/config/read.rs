//! The text of `tenon.toml` to a [`Config`], or everything that is wrong with it at once.

use tenon_checks::Profile;
use tenon_checks::report::{INVALID_CONFIG, NO_REASON};
use tenon_source::{FileId, Finding, Level, Place, SourceFile, Span};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::keys::{KEYS, Key, Kind, LEVELS};
use super::{Config, Suppress, Unusable, glob, glob_set};
use crate::catalogue;

type Value<'t> = Spanned<DeValue<'t>>;
type Table<'t> = DeTable<'t>;

/// What is wrong: where, what, and what to do.
pub(super) type Wrong = (Span, String, String);

/// Reads a configuration.
pub fn read(path: &str, text: String) -> Result<Config, Box<Unusable>> {
    let mut reader = Reader { findings: Vec::new() };
    let mut config = Config::default();
    let (root, errors) = DeTable::parse_recoverable(&text);
    for error in &errors {
        let span = error.span().map(span_of).unwrap_or_default();
        reader.wrong(
            span,
            format!("this is not valid TOML: {}", error.message().trim_end_matches('.')),
            None,
        );
    }
    if errors.is_empty() {
        reader.check_table(root.get_ref(), KEYS, Span::default(), "");
        reader.fill(root.get_ref(), &mut config);
    }
    let source = SourceFile::text_only(path, text);
    // A suppression without a reason is not applied; all else still holds.
    if reader.findings.iter().all(|finding| finding.code == &NO_REASON) {
        config.findings = reader.findings;
        config.source = Some(source);
        Ok(config)
    } else {
        Err(Box::new(Unusable { source, findings: reader.findings }))
    }
}

struct Reader {
    findings: Vec<Finding>,
}

impl Reader {
    fn wrong(&mut self, span: Span, message: String, help: Option<String>) {
        let finding = Finding::new(&INVALID_CONFIG, Place { file: FileId(0), span }, message);
        self.findings.push(match help {
            Some(help) => finding.with_help(help),
            None => finding,
        });
    }

    /// Compares a table with the keys it may have.
    fn check_table(&mut self, table: &Table<'_>, keys: &[Key], at: Span, name: &str) {
        for (found, value) in table {
            let span = span_of(found.span());
            match keys.iter().find(|key| key.name == found.get_ref().as_ref()) {
                Some(key) => self.check_value(key, value),
                None => self.unknown_key(found.get_ref(), span, keys, name),
            }
        }
        for key in keys.iter().filter(|key| key.required && !table.contains_key(key.name)) {
            // A suppression without a reason has a code of its own.
            let code = if key.name == "reason" { &NO_REASON } else { &INVALID_CONFIG };
            let message =
                format!("`{name}` lacks `{}`: {}", key.name, key.doc.to_lowercase().trim_end_matches('.'));
            let finding = Finding::new(code, Place { file: FileId(0), span: at }, message);
            self.findings.push(finding.with_help(format!("add `{} = {}`", key.name, key.example)));
        }
    }

    fn unknown_key(&mut self, found: &str, span: Span, keys: &[Key], name: &str) {
        let near = catalogue::nearest(found, keys.iter().map(|key| key.name));
        let help = near.map_or_else(
            || format!("known are {}", listed(keys.iter().map(|key| key.name))),
            |near| format!("did you mean `{near}`?"),
        );
        let place = if name.is_empty() { String::new() } else { format!(" in `{name}`") };
        self.wrong(span, format!("there is no key `{found}`{place}"), Some(help));
    }

    fn check_value(&mut self, key: &Key, value: &Value<'_>) {
        let span = span_of(value.span());
        match (key.kind, value.get_ref()) {
            (Kind::Choice(words), DeValue::String(text)) => self.check_word(key.name, text, words, span),
            (Kind::Text, DeValue::String(text)) if text.trim().is_empty() => {
                let code = if key.name == "reason" { &NO_REASON } else { &INVALID_CONFIG };
                let message = format!("`{}` is empty", key.name);
                let finding = Finding::new(code, Place { file: FileId(0), span }, message);
                self.findings.push(finding.with_help(format!("such as {}", key.example)));
            }
            (Kind::Text, DeValue::String(_)) => {}
            (Kind::Ratio, value) if ratio(value).is_some() => {}
            (Kind::Ratio, DeValue::Integer(_) | DeValue::Float(_)) => {
                self.wrong(
                    span,
                    format!("`{}` is not above 0 and at most 1", key.name),
                    Some(format!("such as {}", key.example)),
                );
            }
            (Kind::Ratio, _) => self.wrong_type(key, value, "a number above 0 and up to 1"),
            (Kind::Texts, DeValue::Array(items)) => {
                for item in items.iter().filter(|item| !item.get_ref().is_str()) {
                    self.wrong_type(key, item, "a list of texts");
                }
            }
            (Kind::Choices(words), DeValue::Array(items)) => {
                for item in items.iter() {
                    match item.get_ref().as_str() {
                        Some(word) => self.check_word(key.name, word, words, span_of(item.span())),
                        None => self.wrong_type(key, item, "a list of texts"),
                    }
                }
            }
            (Kind::Switch, DeValue::Boolean(_)) => {}
            (Kind::Table(keys), DeValue::Table(table)) => self.check_table(table, keys, span, key.name),
            (Kind::Tables(keys), DeValue::Array(items)) => {
                for item in items.iter() {
                    match item.get_ref() {
                        DeValue::Table(table) => {
                            self.check_table(table, keys, span_of(item.span()), key.name);
                        }
                        _ => self.wrong_type(key, item, &list_of_tables(key)),
                    }
                }
            }
            (Kind::Levels, DeValue::Table(table)) => self.check_levels(table),
            (Kind::Count, DeValue::Integer(_)) => {
                if super::diff::number(value.get_ref()).is_none() {
                    self.wrong_type(key, value, "a whole number, 0 or more");
                }
            }
            (Kind::Date, DeValue::String(_) | DeValue::Datetime(_)) => {
                if super::diff::day(value.get_ref()).is_none() {
                    self.wrong(
                        span,
                        format!("`{}` is no date", key.name),
                        Some("write it as 2027-01-31".to_owned()),
                    );
                }
            }
            (Kind::Count, _) => self.wrong_type(key, value, "a whole number, 0 or more"),
            (Kind::Date, _) => self.wrong_type(key, value, "a date"),
            (Kind::Choice(_) | Kind::Text, _) => self.wrong_type(key, value, "a text in quotes"),
            (Kind::Texts | Kind::Choices(_), _) => self.wrong_type(key, value, "a list of texts"),
            (Kind::Switch, _) => self.wrong_type(key, value, "true or false"),
            (Kind::Table(_) | Kind::Levels, _) => self.wrong_type(key, value, "a table"),
            (Kind::Tables(_), _) => self.wrong_type(key, value, &list_of_tables(key)),
        }
    }

    fn check_word(&mut self, name: &str, text: &str, words: &[&'static str], span: Span) {
        if !words.contains(&text) {
            let near = catalogue::nearest(text, words.iter().copied());
            let help = near.map_or_else(
                || format!("known are {}", listed(words.iter().copied())),
                |near| format!("did you mean `{near}`?"),
            );
            self.wrong(span, format!("`{name}` cannot be `{text}`"), Some(help));
        }
    }

    fn wrong_type(&mut self, key: &Key, value: &Value<'_>, wanted: &str) {
        let message = format!("`{}` is {wanted}, not {}", key.name, a_type(value.get_ref()));
        let help = (!key.example.is_empty()).then(|| format!("such as `{} = {}`", key.name, key.example));
        self.wrong(span_of(value.span()), message, help);
    }

    fn check_levels(&mut self, table: &Table<'_>) {
        for (rule, level) in table {
            if catalogue::id_of(rule.get_ref()).is_none() {
                self.unknown_rule(rule.get_ref(), span_of(rule.span()));
            }
            match level.get_ref() {
                DeValue::String(word) => {
                    self.check_word(rule.get_ref(), word, LEVELS, span_of(level.span()));
                }
                other => {
                    let message = format!("the level of {} is a text, not {}", rule.get_ref(), a_type(other));
                    let help = format!("one of {}", listed(LEVELS.iter().copied()));
                    self.wrong(span_of(level.span()), message, Some(help));
                }
            }
        }
    }

    fn unknown_rule(&mut self, name: &str, span: Span) {
        let help = catalogue::similar(name).map_or_else(
            || "`tenon explain --list` lists every rule".to_owned(),
            |near| format!("did you mean `{near}`?"),
        );
        self.wrong(span, format!("there is no rule `{name}`"), Some(help));
    }

    /// Takes over what a table says; what has the wrong type was said before and is left out.
    fn fill(&mut self, root: &Table<'_>, config: &mut Config) {
        config.profile = text(root, "profile").and_then(|(name, _)| profile(name));
        config.fail_on = text(root, "fail-on").and_then(|(name, _)| Level::parse(name));
        config.baseline = text(root, "baseline").map(|(path, _)| path.into());
        let include = self.globs(root, "include");
        config.include = (!include.is_empty()).then(|| glob_set(include));
        config.exclude = glob_set(self.globs(root, "exclude"));
        if let Some(levels) = table(root, "levels") {
            config.levels = levels
                .iter()
                .filter_map(|(rule, level)| {
                    Some((catalogue::id_of(rule.get_ref())?, Level::parse(level.get_ref().as_str()?)?))
                })
                .collect();
        }
        if let Some(words) = table(root, "words") {
            let all = |name| texts(words, name).into_iter().map(|(text, _)| text.to_owned()).collect();
            config.settings.validation_middleware = all("validation-middleware");
            config.settings.tenant_parameters = all("tenant-parameters");
        }
        if let Some(diff) = table(root, "diff") {
            config.diff = super::diff::read(diff);
        }
        if let Some(serve) = table(root, "serve") {
            let (serve, wrong) = super::serve::read(serve);
            config.serve = serve;
            for (span, message, help) in wrong {
                self.wrong(span, message, Some(help));
            }
        }
        let (generate, wrong) = super::generate::read(root);
        config.generate = generate;
        for (span, message, help) in wrong {
            self.wrong(span, message, Some(help));
        }
        let reuse = table(root, "reuse").and_then(|reuse| reuse.get("similarity"));
        config.settings.similarity = reuse.and_then(|value| ratio(value.get_ref()));
        let list = root.get("suppress").and_then(|value| value.get_ref().as_array());
        for item in list.into_iter().flat_map(|list| list.iter()) {
            if let Some(suppress) = item.get_ref().as_table().and_then(|table| self.suppress(table, item)) {
                config.suppress.push(suppress);
            }
        }
    }

    fn suppress(&mut self, table: &Table<'_>, item: &Value<'_>) -> Option<Suppress> {
        let (name, span) = text(table, "rule")?;
        let Some(rule) = catalogue::id_of(name) else {
            self.unknown_rule(name, span);
            return None;
        };
        let files = text(table, "file").and_then(|(pattern, span)| self.glob(pattern, span));
        let owned = |name| text(table, name).map(|(text, _)| text.to_owned());
        Some(Suppress {
            rule,
            reason: owned("reason")?,
            files,
            pointer: owned("pointer"),
            operation: owned("operation"),
            span: span_of(item.span()),
        })
    }

    fn globs(&mut self, table: &Table<'_>, name: &str) -> Vec<globset::Glob> {
        texts(table, name).into_iter().filter_map(|(pattern, span)| self.glob(pattern, span)).collect()
    }

    fn glob(&mut self, pattern: &str, span: Span) -> Option<globset::Glob> {
        match glob(pattern) {
            Ok(glob) => Some(glob),
            Err(error) => {
                self.wrong(span, format!("`{pattern}` is no pattern: {}", error.kind()), None);
                None
            }
        }
    }
}

/// The profile with a name.
pub fn profile(name: &str) -> Option<Profile> {
    Some(match name {
        "minimal" => Profile::Minimal,
        "recommended" => Profile::Recommended,
        "strict" => Profile::Strict,
        _ => return None,
    })
}

pub(super) fn text<'t>(table: &'t Table<'_>, name: &str) -> Option<(&'t str, Span)> {
    let value = table.get(name)?;
    Some((value.get_ref().as_str()?, span_of(value.span())))
}

pub(super) fn texts<'t>(table: &'t Table<'_>, name: &str) -> Vec<(&'t str, Span)> {
    let items = table.get(name).and_then(|value| value.get_ref().as_array());
    let text = |item: &'t Value<'_>| Some((item.get_ref().as_str()?, span_of(item.span())));
    items.into_iter().flat_map(|items| items.iter()).filter_map(text).collect()
}

pub(super) fn table<'t, 's>(root: &'t Table<'s>, name: &str) -> Option<&'t Table<'s>> {
    root.get(name)?.get_ref().as_table()
}

fn list_of_tables(key: &Key) -> String {
    let name = match key.name {
        "approve" => "diff.approve",
        "issuers" => "serve.issuers",
        name => name,
    };
    format!("a list of tables, each `[[{name}]]`")
}

/// A number above 0 and up to 1.
fn ratio(value: &DeValue<'_>) -> Option<f64> {
    let text = value.as_float().map(|number| number.as_str());
    let text = text.or_else(|| value.as_integer().map(|number| number.as_str()))?;
    text.parse().ok().filter(|number| *number > 0.0 && *number <= 1.0)
}

/// The type of a value, as messages name it.
fn a_type(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

pub(super) fn span_of(range: std::ops::Range<usize>) -> Span {
    let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Span::new(offset(range.start), offset(range.end))
}

fn listed<'w>(words: impl Iterator<Item = &'w str>) -> String {
    words.map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}
