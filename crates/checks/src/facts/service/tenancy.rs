//! Tenants: which parameters hold their id, which endpoints belong to them, which guard each needs.

use tenon_graph::service::{TENANT_PARAMETERS, Table, TenantKey};

use super::target::is_parameter;
use super::{Endpoint, ServiceFacts};
use crate::facts::words::{fold, words};

/// Parameters of route arguments that bind a call to a tenant, beside those.
const WITHIN_TENANT: &[&str] = &["projectId"];

/// What guards are called: a verb, whom they guard, an ending.
const GUARD_VERBS: &[&str] =
    &["validate", "require", "check", "assert", "ensure", "verify", "authorize", "authorise"];

/// How the names of guards end.
const GUARD_ENDINGS: &[&str] = &["access", "membership", "scope", "match"];

/// What stands for a tenant in the names of guards.
const TENANT_NOUNS: &[&str] = &["organisation", "organization", "org", "tenant", "company", "workspace"];

/// Most tables followed from one to its parent; more are a cycle.
const PARENTS_MAX: usize = 16;

/// Path segments that the specification's own script takes for project-scoped; used where there
/// is no data model to ask.
const SCOPED_WITHOUT_MODEL: &[&str] = &["field-mappings", "processing-jobs", "datasets"];

/// Why an endpoint needs a scope guard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guarded {
    /// The guard's name.
    pub guard: String,
    /// The resource that is guarded, such as `projects`.
    pub parent: String,
    /// The child resource; `None` where the path is below the parent or is the parent's own.
    pub child: Option<String>,
    /// Whether the endpoint is the guarded resource itself.
    pub is_parent: bool,
}

impl<'g> ServiceFacts<'g> {
    /// Whether a path parameter holds the id of a tenant.
    #[must_use]
    pub fn is_tenant_parameter(&self, name: &str) -> bool {
        TENANT_PARAMETERS.contains(&name) || self.settings.tenant_parameters.iter().any(|own| own == name)
    }

    /// The tenant's parameter in an endpoint's path.
    #[must_use]
    pub fn tenant_in_path(&self, endpoint: &Endpoint<'g>) -> Option<&'g str> {
        let http = endpoint.operation.http.as_ref()?;
        http.path_parameters().find(|name| self.is_tenant_parameter(name))
    }

    /// Whether a route argument binds the call to a tenant.
    #[must_use]
    pub fn has_tenant_argument(&self, endpoint: &Endpoint<'g>) -> bool {
        let binds = |last: &str| self.is_tenant_parameter(last) || WITHIN_TENANT.contains(&last);
        endpoint.arguments().iter().any(|argument| binds(argument.last))
    }

    /// Whether an endpoint belongs to a tenant: it needs a caller, and its arguments or the table
    /// it works on are bound to one.
    #[must_use]
    pub fn is_tenant_scoped(&self, endpoint: &Endpoint<'g>) -> bool {
        let bound = |key| matches!(key, Some(TenantKey::Direct | TenantKey::Indirect));
        endpoint.service.auth_required == Some(true)
            && (self.has_tenant_argument(endpoint)
                || self.target(endpoint).is_some_and(|target| bound(target.table.tenant_key)))
    }

    /// Whether an endpoint compares the tenant in its path with the caller's.
    #[must_use]
    pub fn validates_tenant(&self, endpoint: &Endpoint<'g>) -> bool {
        endpoint.middleware().any(|name| guards(name, TENANT_NOUNS))
    }

    /// The guard an endpoint needs because of the resource it works on or below.
    #[must_use]
    pub fn guarded(&self, endpoint: &Endpoint<'g>) -> Option<Guarded> {
        match self.model {
            Some(model) if model.tables.iter().any(|table| table.tenant_key.is_some()) => {
                self.guarded_by_model(endpoint)
            }
            _ => self.guarded_without_model(endpoint),
        }
    }

    fn guarded_by_model(&self, endpoint: &Endpoint<'g>) -> Option<Guarded> {
        let target = self.target(endpoint);
        if let Some(target) = target.filter(|target| target.table.tenant_key == Some(TenantKey::Indirect))
            && let Some(parent) = self.scope_parent(target.table)
        {
            let child = Some(target.table.name.text.clone());
            return Some(Guarded { child, ..self.guarded_by(parent, false) });
        }
        let segments = endpoint.segments();
        segments.windows(2).enumerate().find_map(|(index, pair)| {
            let [name, parameter] = pair else { return None };
            let parent = self.table(name).filter(|_| is_parameter(parameter))?;
            let is_guarded = self.is_scope_parent(parent);
            is_guarded.then(|| self.guarded_by(parent, index + 2 == segments.len()))
        })
    }

    fn guarded_by(&self, parent: &Table, is_parent: bool) -> Guarded {
        let parent_name = parent.name.text.clone();
        Guarded { guard: self.guard_name(&parent_name), parent: parent_name, child: None, is_parent }
    }

    fn guarded_without_model(&self, endpoint: &Endpoint<'g>) -> Option<Guarded> {
        let segments = endpoint.segments();
        let below = segments.windows(2).position(
            |pair| matches!(pair, [name, parameter] if *name == "projects" && is_parameter(parameter)),
        );
        let child = segments.iter().find(|segment| SCOPED_WITHOUT_MODEL.contains(segment));
        (below.is_some() || child.is_some()).then(|| Guarded {
            guard: self.guard_name("projects"),
            parent: "projects".to_owned(),
            child: child.map(|child| (*child).to_owned()),
            is_parent: below.is_some_and(|index| index + 2 == segments.len()),
        })
    }

    /// The guard that the parent's endpoints use, else the name such guards have.
    fn guard_name(&self, parent: &str) -> String {
        let folded = fold(parent);
        let used = self.endpoints.iter().flat_map(|endpoint| endpoint.middleware());
        let mut guards = used.filter(|name| guards(name, &[folded.as_str()]));
        match guards.next() {
            Some(name) => name.to_owned(),
            None => {
                let singular: Vec<String> = words(parent);
                let last = singular.len().saturating_sub(1);
                let name: String = singular
                    .iter()
                    .enumerate()
                    .map(|(index, word)| capital(&if index == last { fold(word) } else { word.clone() }))
                    .collect();
                format!("validate{name}Access")
            }
        }
    }

    /// The table through which an indirect table's records belong to a tenant: the first it cannot
    /// do without.
    #[must_use]
    pub fn scope_parent(&self, table: &'g Table) -> Option<&'g Table> {
        let mut current = table;
        for _ in 0..PARENTS_MAX {
            let mut parents = current.columns.iter().filter(|column| !column.nullable).filter_map(|column| {
                let parent = self.model?.table(&column.foreign_key.as_ref()?.table)?;
                let bound = matches!(parent.tenant_key, Some(TenantKey::Direct | TenantKey::Indirect));
                (bound && parent.name.text != current.name.text).then_some(parent)
            });
            let parent = parents.next()?;
            if parent.tenant_key == Some(TenantKey::Direct) {
                return Some(parent);
            }
            current = parent;
        }
        None
    }

    fn is_scope_parent(&self, parent: &Table) -> bool {
        let tables = self.model.into_iter().flat_map(|model| &model.tables);
        let mut indirect = tables.filter(|table| table.tenant_key == Some(TenantKey::Indirect));
        indirect
            .any(|table| self.scope_parent(table).is_some_and(|found| found.name.text == parent.name.text))
    }
}

/// Whether a middleware's whole name is that of a guard of one of some nouns.
fn guards(name: &str, nouns: &[&str]) -> bool {
    let lower = name.to_ascii_lowercase();
    let Some(rest) = GUARD_VERBS.iter().find_map(|verb| lower.strip_prefix(verb)) else { return false };
    let Some(noun) = GUARD_ENDINGS.iter().find_map(|ending| rest.strip_suffix(ending)) else { return false };
    nouns.iter().any(|wanted| noun == *wanted || fold(noun) == *wanted)
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}
