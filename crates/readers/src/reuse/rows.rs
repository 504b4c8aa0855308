//! The rows of a reuse register.

use tenon_graph::{
    CapabilityRow, DeltaRow, ErrorMapping, FamilyRow, Handoff, IdentifierRow, IntentRow, Name, ProvenanceRow,
    SurfaceRow, Upstream, WorkPackage,
};

use super::{Places, text, texts};
use crate::value::Value;

type Row<'s> = (&'s str, Value<'s>);

fn key((name, row): Row<'_>) -> Name {
    Name::new(name, row.at())
}

/// `{issue: "#61", title: Runtime Contract Freeze, kind: decision-only}`, or the issue alone.
pub(super) fn upstream(row: Value<'_>) -> Upstream {
    Upstream {
        at: row.at(),
        issue: row.scalar().or_else(|| text(row, "issue")),
        title: text(row, "title"),
        kind: text(row, "kind"),
    }
}

pub(super) fn family(row: Row<'_>, places: &mut Places<'_, '_>) -> FamilyRow {
    let value = row.1;
    FamilyRow {
        at: value.at(),
        family: key(row),
        schemas: places.all(value, "schemas"),
        messages: texts(value, "messages"),
        intent_class: text(value, "intent_class"),
        intent_note: text(value, "intent_note"),
        owner: text(value, "owner"),
        stability_tier: text(value, "stability_tier"),
        current_usage: text(value, "current_usage"),
        candidate_usage: text(value, "candidate_gateway_usage"),
        decision: text(value, "decision"),
        rationale: text(value, "rationale"),
        considered: texts(value, "considered"),
    }
}

pub(super) fn delta(row: Row<'_>) -> DeltaRow {
    let value = row.1;
    DeltaRow {
        at: value.at(),
        delta: key(row),
        family: text(value, "family"),
        decision: text(value, "decision"),
        change: text(value, "change"),
        authority_owner: text(value, "authority_owner"),
        compatibility_rule: text(value, "compatibility_rule"),
        downstream_consumers: texts(value, "downstream_consumers"),
    }
}

pub(super) fn work_package(row: Row<'_>) -> WorkPackage {
    let value = row.1;
    WorkPackage {
        at: value.at(),
        id: key(row),
        title: text(value, "title"),
        depends_on: texts(value, "depends_on"),
        enables: value.get("enables").map(|_| texts(value, "enables")),
    }
}

pub(super) fn handoff(row: Row<'_>) -> Handoff {
    let value = row.1;
    Handoff {
        at: value.at(),
        issue: key(row),
        title: text(value, "title"),
        consumes: texts(value, "consumes"),
        why: text(value, "why"),
    }
}

pub(super) fn identifier(row: Row<'_>, places: &mut Places<'_, '_>) -> IdentifierRow {
    let value = row.1;
    IdentifierRow {
        at: value.at(),
        identifier: key(row),
        producer: text(value, "producer"),
        format: text(value, "format"),
        derived_from: text(value, "derived_from"),
        schemas: places.all(value, "schemas"),
        fields: texts(value, "fields"),
    }
}

pub(super) fn provenance(row: Value<'_>, places: &mut Places<'_, '_>) -> ProvenanceRow {
    ProvenanceRow {
        at: row.at(),
        schema: places.one(row, "schema"),
        section: text(row, "section"),
        message: text(row, "message"),
        records: places.all(row, "records"),
    }
}

pub(super) fn error_mapping(row: Value<'_>, places: &mut Places<'_, '_>) -> ErrorMapping {
    let pairs = row.map("rows").filter_map(|(reason, error)| {
        let error = error.scalar()?;
        Some((Name::new(reason, error.at), error))
    });
    ErrorMapping {
        at: row.at(),
        reasons: places.all(row, "reasons"),
        errors: places.all(row, "errors"),
        rows: pairs.collect(),
    }
}

pub(super) fn capability(row: Row<'_>, places: &mut Places<'_, '_>) -> CapabilityRow {
    let value = row.1;
    CapabilityRow {
        at: value.at(),
        tool: key(row),
        manifest: places.one(value, "manifest"),
        capability: text(value, "capability"),
        version: text(value, "version"),
    }
}

pub(super) fn surface(row: Row<'_>) -> SurfaceRow {
    let value = row.1;
    SurfaceRow {
        at: value.at(),
        surface: key(row),
        files: texts(value, "files"),
        notes: text(value, "notes"),
    }
}

pub(super) fn intent(row: Row<'_>) -> IntentRow {
    let value = row.1;
    IntentRow {
        at: value.at(),
        intent: key(row),
        covered: texts(value, "covered"),
        missing: texts(value, "missing"),
    }
}
