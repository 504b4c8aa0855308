//! Names, numbers and ranges of a message.

use rustc_hash::{FxHashMap, FxHashSet};
use tenon_graph::protobuf::{Field, Message, ProtoName, Syntax};
use tenon_source::Span;

use super::Judge;
use super::runs::Runs;
use crate::codes;
use crate::protobuf::lower::FIELD_NUMBER_MAX;

/// Field numbers that implementations keep for themselves.
const KEPT: std::ops::RangeInclusive<i32> = 19_000..=19_999;

/// A run of numbers, for finding those that overlap.
type Range = (i32, i32, Span);

impl Judge<'_> {
    pub(super) fn message(&mut self, message: &Message) {
        if message.is_map_entry() {
            return;
        }
        self.names(message);
        self.ranges(message);
        self.field_numbers(message);
        self.reserved_names(message);
        self.oneofs(message);
        self.json_names(message);
        if message.options.get("map_entry").is_some() {
            let span = message.options.get("map_entry").map_or(Span::default(), |option| option.span);
            let help = "write `map<KEY, VALUE>`";
            self.report_help(&codes::INVALID_OPTION, span, "`map_entry` is not for people to set", help);
        }
        if Self::is_message_set(message) {
            self.message_set(message);
        }
    }

    fn message_set(&mut self, message: &Message) {
        if self.file.syntax == Syntax::Proto3 {
            let span = self.name_span(message.at);
            self.not_in_syntax(span, "message sets", "use a plain message");
        }
        if let Some(field) = self.pb.fields_of(message.fields).first() {
            let span = self.name_span(field.at);
            self.report(&codes::INVALID_FIELD, span, "a message set has extensions only, and no fields");
        }
        if message.extension_ranges.is_empty() {
            let span = self.name_span(message.at);
            self.report(&codes::INVALID_EXTENSION, span, "a message set leaves no numbers to extensions");
        }
    }

    /// Names that fields, oneofs and values of nested enums share with something else.
    fn names(&mut self, message: &Message) {
        let pb = self.pb;
        let mut all: Vec<(&str, Span, bool)> = Vec::new();
        for field in pb.fields_of(message.fields) {
            all.push((&field.name, self.name_span(field.at), true));
        }
        for oneof in pb.oneofs_of(message.oneofs) {
            all.push((&oneof.name, self.name_span(oneof.at), true));
        }
        for one in pb.enums_of(message.enums) {
            all.push((one.name(), self.name_span(one.at), false));
            for value in pb.values_of(one.values) {
                all.push((&value.name, self.name_span(value.at), true));
            }
        }
        for nested in pb.messages_of(message.messages) {
            all.push((nested.name(), self.name_span(nested.at), false));
        }
        for extension in pb.fields_of(message.extensions) {
            all.push((&extension.name, self.name_span(extension.at), false));
        }
        all.sort_unstable();
        for (first, second) in all.iter().zip(all.iter().skip(1)) {
            // Two of the others were found when all names were put in one table.
            if first.0 == second.0 && (first.2 || second.2) {
                let text = format!("`{}` is declared twice in `{}`", second.0, message.full_name);
                self.clash(&codes::DUPLICATE_SYMBOL, second.1, text, first.1, "the first one");
            }
        }
    }

    fn field_numbers(&mut self, message: &Message) {
        let pb = self.pb;
        let mut numbers: Vec<(i32, Span, &str)> = Vec::new();
        for field in pb.fields_of(message.fields) {
            self.number_in_range(field);
            numbers.push((field.number, field.number_span, &field.name));
        }
        numbers.sort_unstable();
        let reserved = Runs::of(message.reserved.iter().map(|range| (range.start, range.end, range.span)));
        let extensions = message.extension_ranges.iter();
        let extensions = Runs::of(extensions.map(|range| (range.start, range.end, range.span)));
        let mut free: Option<Option<i32>> = None;
        for (first, second) in numbers.iter().zip(numbers.iter().skip(1)) {
            if first.0 == second.0 && first.0 > 0 {
                let next = match *free.get_or_insert_with(|| free_number(message, &numbers)) {
                    Some(free) => format!("the next free number is {free}"),
                    None => "no number is free".to_owned(),
                };
                let text = format!(
                    "number {} of `{}` belongs to field `{}` already; {next}",
                    second.0, second.2, first.2
                );
                self.clash(&codes::NUMBER_CONFLICT, second.1, text, first.1, "the first field");
            }
        }
        for (number, span, name) in &numbers {
            if let Some(range) = reserved.holding(*number) {
                let text = format!("number {number} of `{name}` is reserved");
                self.clash(&codes::NUMBER_CONFLICT, *span, text, range, "reserved here");
            }
            if let Some(range) = extensions.holding(*number) {
                let text = format!("number {number} of `{name}` is left to extensions");
                self.clash(&codes::NUMBER_CONFLICT, *span, text, range, "left to extensions here");
            }
        }
    }

    pub(super) fn number_in_range(&mut self, field: &Field) {
        let number = field.number;
        let is_extension_of_set = field.extendee.is_some_and(|id| Self::is_message_set(self.pb.message(id)));
        let text = if number <= 0 {
            format!("number {number} of `{}` is not positive", field.name)
        } else if number > FIELD_NUMBER_MAX && !is_extension_of_set {
            format!("number {number} of `{}` is above {FIELD_NUMBER_MAX}, the largest there is", field.name)
        } else if KEPT.contains(&number) {
            format!("number {number} of `{}` is kept for implementations: 19000 to 19999 are", field.name)
        } else {
            return;
        };
        // What is no number at all has been said by the parser.
        let is_said = number == 0
            && self.source.text().get(field.number_span.range()).is_some_and(|text| {
                text.trim_start_matches(['0', 'x', 'X']).bytes().any(|byte| byte != b'0')
            });
        if !is_said {
            self.report(&codes::NUMBER_CONFLICT, field.number_span, text);
        }
    }

    fn ranges(&mut self, message: &Message) {
        let reserved: Vec<Range> =
            message.reserved.iter().map(|range| (range.start, range.end, range.span)).collect();
        let extensions: Vec<Range> =
            message.extension_ranges.iter().map(|range| (range.start, range.end, range.span)).collect();
        if self.file.syntax == Syntax::Proto3
            && let Some((_, _, span)) = extensions.first()
        {
            self.not_in_syntax(*span, "`extensions`", "only options can be extended in proto3");
        }
        let set = Self::is_message_set(message);
        let most = if set { i32::MAX } else { FIELD_NUMBER_MAX };
        for range in reserved.iter().chain(&extensions) {
            self.range_bounds(*range, 1, most);
        }
        self.overlaps(&reserved, "is reserved twice");
        self.overlaps(&extensions, "is left to extensions twice");
        let reserved = Runs::of(reserved.into_iter());
        for (start, end, span) in extensions {
            if let Some(first) = reserved.touching(start, end) {
                let text = "this range is left to extensions, and reserved in part".to_owned();
                self.clash(&codes::NUMBER_CONFLICT, span, text, first, "reserved here");
            }
        }
    }

    /// A range that is empty or holds numbers there are not.
    pub(super) fn range_bounds(&mut self, (start, end, span): Range, least: i32, most: i32) {
        let text = if start < least {
            format!("a range starts below {least}, the smallest number there is")
        } else if end > most {
            format!("a range ends above {most}, the largest number there is")
        } else if end < start {
            "a range ends before it starts".to_owned()
        } else {
            return;
        };
        self.report(&codes::NUMBER_CONFLICT, span, text);
    }

    /// Ranges of one kind that share numbers.
    pub(super) fn overlaps(&mut self, ranges: &[Range], what: &str) {
        let mut sorted: Vec<Range> = ranges.to_vec();
        sorted.sort_unstable();
        let mut last: Option<Range> = None;
        for range in sorted {
            if let Some(before) = last.filter(|before| range.0 <= before.1) {
                let text = format!("{} {what}", range.0);
                self.clash(&codes::NUMBER_CONFLICT, range.2, text, before.2, "the first range");
            }
            last = Some(last.filter(|before| before.1 > range.1).unwrap_or(range));
        }
    }

    fn reserved_names(&mut self, message: &Message) {
        if message.reserved_names.is_empty() {
            return;
        }
        let first = self.reserved_twice(&message.reserved_names);
        for field in self.pb.fields_of(message.fields) {
            if let Some(reserved) = first.get(&*field.name) {
                let text = format!("the name `{}` is reserved", field.name);
                let span = self.name_span(field.at);
                self.clash(&codes::NUMBER_CONFLICT, span, text, *reserved, "reserved here");
            }
        }
    }

    /// Says which names are reserved again; returns the place where each is first.
    pub(super) fn reserved_twice<'n>(&mut self, names: &'n [ProtoName]) -> FxHashMap<&'n str, Span> {
        let mut places: FxHashMap<&str, Span> = FxHashMap::default();
        for name in names {
            match places.get(&*name.text) {
                Some(first) => {
                    let text = format!("`{}` is reserved twice", name.text);
                    self.clash(&codes::NUMBER_CONFLICT, name.span, text, *first, "the first time");
                }
                None => drop(places.insert(&name.text, name.span)),
            }
        }
        places
    }

    fn oneofs(&mut self, message: &Message) {
        let pb = self.pb;
        let fields = pb.fields_of(message.fields).iter();
        let used: FxHashSet<_> = fields.filter_map(|field| field.oneof).collect();
        for id in message.oneofs.ids() {
            if !used.contains(&id) {
                let oneof = pb.oneof(id);
                let span = self.name_span(oneof.at);
                let text = format!("oneof `{}` has no fields", oneof.name);
                self.report(&codes::INVALID_FIELD, span, text);
            }
        }
    }
}

/// The first number above all fields that nothing else has; below them where there is none.
fn free_number(message: &Message, numbers: &[(i32, Span, &str)]) -> Option<i32> {
    let kept = (*KEPT.start(), *KEPT.end(), Span::default());
    let reserved = message.reserved.iter().map(|range| (range.start, range.end, range.span));
    let extensions = message.extension_ranges.iter().map(|range| (range.start, range.end, range.span));
    let fields = numbers.iter().map(|(number, span, _)| (*number, *number, *span));
    let taken = Runs::of(reserved.chain(extensions).chain(fields).chain([kept]));
    let last = numbers.last().map_or(0, |(number, ..)| *number);
    taken
        .first_free(last.saturating_add(1), FIELD_NUMBER_MAX)
        .or_else(|| taken.first_free(1, FIELD_NUMBER_MAX))
}
