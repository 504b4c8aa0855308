//! What a contract may hold: its inventory and categories, what it must not touch, and what each
//! of its operations has to say.

use tenon_source::At;

use crate::Name;

/// The limits a contract sets itself.
#[derive(Debug, Clone)]
pub struct Surface {
    /// The object it was read from.
    pub at: At,
    /// The milestone or work item it belongs to.
    pub id: Option<Name>,
    /// Its title.
    pub title: Option<Name>,
    /// How far it has come.
    pub stage: Option<Name>,
    /// The operations there are, and no others.
    pub operations: Option<Vec<Name>>,
    /// The events there are, and no others.
    pub events: Option<Vec<Name>>,
    /// What the operations are about.
    pub categories: Vec<Category>,
    /// Families of scopes, of which no other may be used; `None` where any may.
    pub scope_families: Option<Vec<ScopeFamily>>,
    /// What belongs to others.
    pub excluded: Vec<Exclusion>,
    /// Header fields that requests must have.
    pub headers: Vec<RequiredHeader>,
    /// What each operation has to say, such as `performance`.
    pub required: Vec<Name>,
    /// Whether each field of a request or response must be one of an entity.
    pub maps_fields: bool,
    /// How versions follow each other.
    pub versions: Option<VersionPolicy>,
    /// Whether each decided change must name its decision record.
    pub waivers_need_adr: bool,
    /// What must be there first.
    pub prerequisites: Vec<Prerequisite>,
    /// Criteria that operations trace to, by id.
    pub criteria: Option<Vec<Name>>,
}

/// A group of operations.
#[derive(Debug, Clone)]
pub struct Category {
    /// Its name, at its place.
    pub name: Name,
    /// What people call it.
    pub title: Option<Name>,
    /// Its operations.
    pub operations: Vec<Name>,
    /// Its parts, each with the operations of which one must be there.
    pub covers: Vec<(Name, Vec<Name>)>,
    /// Whether its operations only read.
    pub read_only: bool,
    /// What none of its operations may do.
    pub forbids: Forbids,
}

/// Words that names and values must not have: `override score` forbids every name with both.
#[derive(Debug, Clone, Default)]
pub struct Forbids {
    /// Anywhere.
    pub all: Vec<Name>,
    /// In the request and its parameters.
    pub request: Vec<Name>,
    /// In the response.
    pub response: Vec<Name>,
}

/// A family of scopes.
#[derive(Debug, Clone)]
pub struct ScopeFamily {
    /// Its name: what stands before the first colon or dot of its scopes.
    pub name: Name,
    /// The scope that operations which only read need.
    pub reads: Option<Name>,
    /// The scope that operations which change something need.
    pub changes: Option<Name>,
}

/// Something that belongs to others.
#[derive(Debug, Clone)]
pub struct Exclusion {
    /// Its name, at its place.
    pub name: Name,
    /// What people call it.
    pub title: Option<Name>,
    /// Words that no id, path or effect of an operation may have.
    pub words: Vec<Name>,
    /// Why it is left out.
    pub reason: Option<Name>,
}

/// A header field that requests must have.
#[derive(Debug, Clone)]
pub struct RequiredHeader {
    /// The field, at its place.
    pub name: Name,
    /// Whether only operations that change something need it.
    pub mutations_only: bool,
}

/// How versions follow each other.
#[derive(Debug, Clone)]
pub struct VersionPolicy {
    /// The object it was read from.
    pub at: At,
    /// What every path begins with.
    pub prefix: Option<Name>,
    /// Days from the announcement of a deprecation to the deprecation.
    pub notice_days: Option<i64>,
    /// Days from the announcement to the sunset.
    pub sunset_days: Option<i64>,
    /// Where changes are written down.
    pub changelog: Option<Name>,
}

/// Something that must be there first.
#[derive(Debug, Clone)]
pub struct Prerequisite {
    /// Its id, at its place.
    pub name: Name,
    /// What people call it.
    pub title: Option<Name>,
    /// A file of the run, or `#/…`, a part of the contract.
    pub source: Option<Name>,
}
