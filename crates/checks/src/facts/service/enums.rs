//! Request fields that are enum columns of the data model, and whether their values are written
//! down.

use tenon_graph::service::Column;
use tenon_graph::{Graph, Name};
use tenon_source::{At, Node};

use super::{Endpoint, ServiceFacts};
use crate::facts::words::has_word;

/// A body field that the data model has as an enum.
#[derive(Debug, Clone)]
pub struct EnumField<'g> {
    /// The field.
    pub field: &'g str,
    /// Where the endpoint names it.
    pub at: At,
    /// The table whose column it is.
    pub table: &'g str,
    /// The column.
    pub column: &'g Column,
    /// The values of the data model.
    pub values: &'g [Name],
}

/// What is wrong with the documentation of an enum field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EnumProblem {
    /// No values are written down.
    Undocumented,
    /// The field is documented as any text.
    AnyText,
    /// Other values are written down.
    Differs {
        /// Values of the data model that are not written down.
        missing: Vec<String>,
        /// Values written down that the data model does not have.
        extra: Vec<String>,
    },
}

impl<'g> ServiceFacts<'g> {
    /// The enum fields an endpoint reads from its body, by name or because the body's schema or
    /// validation names them.
    #[must_use]
    pub fn enum_fields(&self, endpoint: &Endpoint<'g>) -> Vec<EnumField<'g>> {
        let mut fields: Vec<(&'g str, At)> =
            endpoint.body_fields().into_iter().map(|(field, name)| (field, name.at)).collect();
        if endpoint.passes_whole_body() {
            let named = [endpoint.service.body_schema, endpoint.service.validation];
            for place in named.into_iter().flatten() {
                let node = self.graph.node(place);
                let members = node.get("properties").unwrap_or(node).members();
                fields.extend(members.map(|(name, value)| (name, At { file: place.file, node: value.id() })));
            }
            fields.extend(self.columns_in_notes(endpoint));
        }
        fields.sort_by_key(|(name, at)| (*name, *at));
        fields.dedup_by_key(|(name, _)| *name);
        fields.into_iter().filter_map(|(field, at)| self.enum_field(endpoint, field, at)).collect()
    }

    /// Enum columns of the table that the notes name beside the word `z.enum`: how a whole body's
    /// fields are told.
    fn columns_in_notes(&self, endpoint: &Endpoint<'g>) -> Vec<(&'g str, At)> {
        let (Some(target), Some(notes)) = (self.target(endpoint), &endpoint.service.notes) else {
            return Vec::new();
        };
        let columns = target.table.columns.iter().filter(|column| column.enum_values.is_some());
        let sentences = || notes.text.split(". ").filter(|sentence| sentence.contains("z.enum"));
        columns
            .filter(|column| sentences().any(|sentence| has_word(sentence, &column.name.text)))
            .map(|column| (column.name.text.as_str(), notes.at))
            .collect()
    }

    fn enum_field(&self, endpoint: &Endpoint<'g>, field: &'g str, at: At) -> Option<EnumField<'g>> {
        let found = |table: &'g tenon_graph::service::Table| {
            let column = table.column(field)?;
            let values = column.enum_values.as_deref()?;
            Some(EnumField { field, at, table: &table.name.text, column, values })
        };
        if let Some(target) = self.target(endpoint) {
            return found(target.table);
        }
        // A path that names no table: the field is that column if there is one column it can be.
        let tables = &self.model?.tables;
        let mut matches = tables.iter().filter_map(found);
        let only = matches.next()?;
        matches.next().is_none().then_some(only)
    }

    /// What is wrong with the documentation of an enum field, if anything.
    #[must_use]
    pub fn enum_problem(&self, endpoint: &Endpoint<'g>, field: &EnumField<'g>) -> Option<EnumProblem> {
        let mut wanted: Vec<&str> = field.values.iter().map(Name::as_str).collect();
        wanted.sort_unstable();
        let lists = self.documented_values(endpoint, field.field);
        let mut differing = None;
        for (mut list, names_field) in lists {
            list.sort();
            list.dedup();
            if list.iter().map(String::as_str).eq(wanted.iter().copied()) {
                return None;
            }
            if names_field {
                let missing = wanted.iter().filter(|value| !list.iter().any(|found| found == *value));
                let missing = missing.map(|value| (*value).to_owned()).collect();
                let extra = list.iter().filter(|value| !wanted.contains(&value.as_str())).cloned().collect();
                differing = differing.or(Some(EnumProblem::Differs { missing, extra }));
            }
        }
        let texts = self.documentation(endpoint);
        let any_text = texts.iter().any(|text| {
            text.split(". ").any(|part| part.contains("z.string(") && has_word(part, field.field))
        });
        differing.or(Some(if any_text { EnumProblem::AnyText } else { EnumProblem::Undocumented }))
    }

    /// Lists of values that are written down, each with whether it is certainly of this field.
    fn documented_values(&self, endpoint: &Endpoint<'g>, field: &str) -> Vec<(Vec<String>, bool)> {
        let mut lists = Vec::new();
        for place in [endpoint.service.body_schema, endpoint.service.validation].into_iter().flatten() {
            let node = self.graph.node(place);
            let Some(member) = node.get("properties").unwrap_or(node).get(field) else { continue };
            let list = member.get("enum").unwrap_or(member);
            let values: Vec<String> =
                list.items().filter_map(|item| Some(item.as_str()?.to_owned())).collect();
            if list.is_array() {
                lists.push((values, true));
            }
            lists.extend(member.as_str().into_iter().flat_map(z_enums).map(|(_, values)| (values, true)));
        }
        for text in self.documentation(endpoint) {
            for (before, values) in z_enums(text) {
                // `role must be z.enum([...])`: the field is named between the last full stop and the list.
                let clause = before.rsplit(". ").next().unwrap_or(before);
                let clause = clause.rsplit("z.enum").next().unwrap_or(clause);
                lists.push((values, has_word(clause, field)));
            }
        }
        lists
    }

    /// The texts that may document validation.
    fn documentation(&self, endpoint: &Endpoint<'g>) -> Vec<&'g str> {
        let graph: &'g Graph = self.graph;
        let mut texts = Vec::new();
        texts.extend(endpoint.service.notes.as_ref().map(Name::as_str));
        for place in [endpoint.service.validation, endpoint.service.body_schema].into_iter().flatten() {
            let node = graph.node(place);
            texts.extend(node.as_str());
            texts.extend(node.members().filter_map(|(_, value): (&str, Node<'g>)| value.as_str()));
        }
        texts
    }
}

/// Every `z.enum([...])` of a text: what stands before it, and its values.
fn z_enums(text: &str) -> Vec<(&str, Vec<String>)> {
    text.match_indices("z.enum")
        .filter_map(|(start, found)| {
            let rest = text.get(start + found.len()..)?;
            let list = rest.trim_start().strip_prefix('(')?.trim_start().strip_prefix('[')?;
            let list = list.get(..list.find(']')?)?;
            let values = list.split(',').map(|value| value.trim().trim_matches(['\'', '"', '`']).to_owned());
            Some((text.get(..start)?, values.filter(|value| !value.is_empty()).collect()))
        })
        .collect()
}
