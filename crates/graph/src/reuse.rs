//! The reuse register: what a team decided about its contract families, and the manifests of
//! files that are pinned to another project's.

use tenon_source::{At, FileId};

use crate::Name;

/// A reuse register. What was not written is `None` or empty; the rules say what is missing.
#[derive(Debug, Clone)]
pub struct ReuseRegister {
    /// The document.
    pub file: FileId,
    /// The root object.
    pub at: At,
    /// Its name, such as `m1`.
    pub name: Option<Name>,
    /// The issue it answers.
    pub issue: Option<Name>,
    /// When it was decided.
    pub date: Option<Name>,
    /// Issues it waits for.
    pub depends_on: Vec<Upstream>,
    /// Folders whose schema files must all be in a family, as paths from the folder of the
    /// register; `None` where not said.
    pub inventory: Option<Vec<Name>>,
    /// Rows of the reuse matrix.
    pub families: Vec<FamilyRow>,
    /// Rows of the delta register.
    pub deltas: Vec<DeltaRow>,
    /// Work packages.
    pub work_packages: Vec<WorkPackage>,
    /// What others take over.
    pub handoffs: Vec<Handoff>,
    /// Rows of the identifier mapping.
    pub identifiers: Vec<IdentifierRow>,
    /// Where provenance is recorded.
    pub provenance: Option<ProvenanceRow>,
    /// Where reason codes and errors meet.
    pub error_mapping: Option<ErrorMapping>,
    /// Tools with the capability each stands for.
    pub capabilities: Vec<CapabilityRow>,
    /// Surfaces there are already.
    pub surfaces: Vec<SurfaceRow>,
    /// What each intent class has and lacks.
    pub intents: Vec<IntentRow>,
}

/// An issue a register waits for.
#[derive(Debug, Clone)]
pub struct Upstream {
    /// The entry.
    pub at: At,
    /// The issue.
    pub issue: Option<Name>,
    /// What it is called.
    pub title: Option<Name>,
    /// What it gives, such as `decision-only`.
    pub kind: Option<Name>,
}

/// What a name in a register stands for.
#[derive(Debug, Clone)]
pub struct RegisterPlace {
    /// The name as written: `schemas/a.schema.json`, `api.yaml#/components/schemas/A`.
    pub name: Name,
    /// The value it leads to; `None` where there is none.
    pub target: Option<At>,
}

/// A row of the reuse matrix.
#[derive(Debug, Clone)]
pub struct FamilyRow {
    /// The entry.
    pub at: At,
    /// `contract_family`.
    pub family: Name,
    /// Its schemas.
    pub schemas: Vec<RegisterPlace>,
    /// Its protobuf messages, with their package.
    pub messages: Vec<Name>,
    /// `intent_class`.
    pub intent_class: Option<Name>,
    /// The intent in the team's own words.
    pub intent_note: Option<Name>,
    /// `owner`.
    pub owner: Option<Name>,
    /// `stability_tier`.
    pub stability_tier: Option<Name>,
    /// `current_usage`.
    pub current_usage: Option<Name>,
    /// `candidate_gateway_usage`.
    pub candidate_usage: Option<Name>,
    /// `decision`.
    pub decision: Option<Name>,
    /// `rationale`.
    pub rationale: Option<Name>,
    /// Families that were looked at before this one was made.
    pub considered: Vec<Name>,
}

/// A row of the delta register.
#[derive(Debug, Clone)]
pub struct DeltaRow {
    /// The entry.
    pub at: At,
    /// The delta.
    pub delta: Name,
    /// The family it changes or adds.
    pub family: Option<Name>,
    /// Reuse, extend or new.
    pub decision: Option<Name>,
    /// What changes.
    pub change: Option<Name>,
    /// Who answers for it.
    pub authority_owner: Option<Name>,
    /// What later versions must keep.
    pub compatibility_rule: Option<Name>,
    /// Who takes it over.
    pub downstream_consumers: Vec<Name>,
}

/// A work package.
#[derive(Debug, Clone)]
pub struct WorkPackage {
    /// The entry.
    pub at: At,
    /// Its id.
    pub id: Name,
    /// What is done.
    pub title: Option<Name>,
    /// Ids and ranges of ids, as written.
    pub depends_on: Vec<Name>,
    /// Ids, and things outside of the plan, as written; `None` where not said.
    pub enables: Option<Vec<Name>>,
}

/// What another issue takes over.
#[derive(Debug, Clone)]
pub struct Handoff {
    /// The entry.
    pub at: At,
    /// The issue that takes it over.
    pub issue: Name,
    /// What the issue is called.
    pub title: Option<Name>,
    /// The work packages whose results it takes.
    pub consumes: Vec<Name>,
    /// Why.
    pub why: Option<Name>,
}

/// A row of the identifier mapping.
#[derive(Debug, Clone)]
pub struct IdentifierRow {
    /// The entry.
    pub at: At,
    /// The identifier.
    pub identifier: Name,
    /// Who makes it.
    pub producer: Option<Name>,
    /// Its form.
    pub format: Option<Name>,
    /// What it is made from, if it is made from another.
    pub derived_from: Option<Name>,
    /// Where it stands in schemas: a file and a JSON pointer.
    pub schemas: Vec<RegisterPlace>,
    /// Where it stands on the wire: `package.Message.field`.
    pub fields: Vec<Name>,
}

/// Where provenance is recorded.
#[derive(Debug, Clone)]
pub struct ProvenanceRow {
    /// The entry.
    pub at: At,
    /// The schema of run records.
    pub schema: Option<RegisterPlace>,
    /// JSON pointer of the record's part that holds the fields; the record itself where not said.
    pub section: Option<Name>,
    /// The protobuf message with the same fields.
    pub message: Option<Name>,
    /// Run records.
    pub records: Vec<RegisterPlace>,
}

/// Where reason codes and errors meet.
#[derive(Debug, Clone)]
pub struct ErrorMapping {
    /// The entry.
    pub at: At,
    /// Catalogues of reason codes.
    pub reasons: Vec<RegisterPlace>,
    /// Catalogues of errors.
    pub errors: Vec<RegisterPlace>,
    /// Reason code to error.
    pub rows: Vec<(Name, Name)>,
}

/// A tool with the capability it stands for.
#[derive(Debug, Clone)]
pub struct CapabilityRow {
    /// The entry.
    pub at: At,
    /// The tool's id.
    pub tool: Name,
    /// The tool's manifest.
    pub manifest: Option<RegisterPlace>,
    /// The capability.
    pub capability: Option<Name>,
    /// The version of the capability.
    pub version: Option<Name>,
}

/// A surface there is already.
#[derive(Debug, Clone)]
pub struct SurfaceRow {
    /// The entry.
    pub at: At,
    /// The surface.
    pub surface: Name,
    /// Its files, as patterns.
    pub files: Vec<Name>,
    /// What it is.
    pub notes: Option<Name>,
}

/// What an intent class has and lacks.
#[derive(Debug, Clone)]
pub struct IntentRow {
    /// The entry.
    pub at: At,
    /// The intent class, in the team's own words.
    pub intent: Name,
    /// What covers it already.
    pub covered: Vec<Name>,
    /// What is missing.
    pub missing: Vec<Name>,
}

/// A manifest of files that are pinned by their hash.
#[derive(Debug, Clone)]
pub struct PinManifest {
    /// The document.
    pub file: FileId,
    /// The root object.
    pub at: At,
    /// The project the files come from.
    pub source: Option<Name>,
    /// The files.
    pub artifacts: Vec<PinnedFile>,
}

/// A pinned file.
#[derive(Debug, Clone)]
pub struct PinnedFile {
    /// The entry.
    pub at: At,
    /// Its path as written: from the manifest's folder, or from the root of the project.
    pub path: Name,
    /// The SHA-256 of its bytes in hexadecimal, as written.
    pub sha256: Option<Name>,
    /// The file; `None` where there is none.
    pub target: Option<FileId>,
}
