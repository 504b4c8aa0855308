//! Values of an enum.

use tenon_graph::protobuf::{Enum, EnumType, EnumValue};
use tenon_source::Span;

use super::Judge;
use super::runs::Runs;
use crate::codes;

impl Judge<'_> {
    pub(super) fn enumeration(&mut self, one: &Enum) {
        let values = self.pb.values_of(one.values);
        let Some(first) = values.first() else {
            let span = self.name_span(one.at);
            let text = format!("enum `{}` has no values", one.full_name);
            self.report(&codes::INVALID_ENUM, span, text);
            return;
        };
        if one.features.enum_type == EnumType::Open && first.number != 0 {
            let text = format!("the first value of enum `{}` is {}, not zero", one.full_name, first.number);
            let help = format!("open enums begin with zero: add `{} = 0;`", unspecified(one.name()));
            self.report_help(&codes::INVALID_ENUM, first.number_span, text, help);
        }
        self.aliases(one, values);
        self.reserved_values(one, values);
        self.json_values(one, values);
    }

    fn aliases(&mut self, one: &Enum, values: &[EnumValue]) {
        let mut numbers: Vec<(i32, Span, &str)> =
            values.iter().map(|value| (value.number, value.number_span, &*value.name)).collect();
        numbers.sort_unstable();
        let pairs =
            || numbers.iter().zip(numbers.iter().skip(1)).filter(|(first, second)| first.0 == second.0);
        let option = one.options.get("allow_alias");
        match option {
            Some(option) if !one.allows_alias() => {
                let text = "`allow_alias = false` has no effect";
                self.report_help(&codes::INVALID_ENUM, option.span, text, "take it out");
            }
            Some(option) if pairs().next().is_none() => {
                let text = format!("enum `{}` allows aliases and has none", one.full_name);
                self.report_help(&codes::INVALID_ENUM, option.span, text, "take `allow_alias` out");
            }
            _ => {}
        }
        if one.allows_alias() {
            return;
        }
        let clashes: Vec<_> = pairs().map(|(first, second)| (*first, *second)).collect();
        for (first, second) in clashes {
            let text = format!("number {} of `{}` belongs to `{}` already", second.0, second.2, first.2);
            let place = self.place(first.1);
            let finding = tenon_source::Finding::new(&codes::INVALID_ENUM, self.place(second.1), text)
                .with_related(place, "the first value")
                .with_help("set `option allow_alias = true;` if both names are meant to be one value");
            self.findings.push(finding);
        }
    }

    fn reserved_values(&mut self, one: &Enum, values: &[EnumValue]) {
        let ranges: Vec<(i32, i32, Span)> =
            one.reserved.iter().map(|range| (range.start, range.end, range.span)).collect();
        for range in &ranges {
            self.range_bounds(*range, i32::MIN, i32::MAX);
        }
        self.overlaps(&ranges, "is reserved twice");
        let names = self.reserved_twice(&one.reserved_names);
        let ranges = Runs::of(ranges.into_iter());
        for value in values {
            if let Some(range) = ranges.holding(value.number) {
                let text = format!("number {} of `{}` is reserved", value.number, value.name);
                self.clash(&codes::NUMBER_CONFLICT, value.number_span, text, range, "reserved here");
            }
            if let Some(name) = names.get(&*value.name) {
                let text = format!("the name `{}` is reserved", value.name);
                let span = self.name_span(value.at);
                self.clash(&codes::NUMBER_CONFLICT, span, text, *name, "reserved here");
            }
        }
    }
}

/// The usual name of the value for zero.
fn unspecified(name: &str) -> String {
    let mut out = String::new();
    for (index, letter) in name.chars().enumerate() {
        if letter.is_ascii_uppercase() && index > 0 {
            out.push('_');
        }
        out.push(letter.to_ascii_uppercase());
    }
    out + "_UNSPECIFIED"
}
