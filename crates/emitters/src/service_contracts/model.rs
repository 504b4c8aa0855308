//! The manifests, asked the questions that deriving has.

use tenon_graph::Graph;
use tenon_graph::service::{Column, DataModel, EnvManifest, EnvVariable, ScopeManifest, Table, TenantKey};
use tenon_source::Node;

use super::names::{camel, kebab, pascal, singular};

/// The manifests of one application.
pub(super) struct Model<'g> {
    pub(super) graph: &'g Graph,
    pub(super) scope: &'g ScopeManifest,
    pub(super) data: &'g DataModel,
    pub(super) env: Option<&'g EnvManifest>,
}

impl<'g> Model<'g> {
    pub(super) fn new(
        graph: &'g Graph,
        scope: &'g ScopeManifest,
        data: &'g DataModel,
        env: Option<&'g EnvManifest>,
    ) -> Self {
        Self { graph, scope, data, env }
    }

    /// The root of the scope manifest.
    pub(super) fn scope_root(&self) -> Node<'g> {
        self.graph.node(self.scope.root)
    }

    /// The column that holds the tenant's id.
    pub(super) fn tenant_field(&self) -> String {
        let declared = self.scope_root().at("/platformConstraints/multiTenancy/isolationField");
        declared.and_then(Node::as_str).unwrap_or("organisationId").to_owned()
    }

    /// The entity that is the tenant.
    pub(super) fn tenant_entity(&self) -> Option<&'g str> {
        let container = self.scope.tenant_container.as_ref()?;
        container.entity.as_ref().map(|name| name.text.as_str())
    }

    /// The table of an entity; spellings of one name are one name.
    pub(super) fn table(&self, entity: &str) -> Option<&'g Table> {
        let wanted = kebab(entity);
        self.data.tables.iter().find(|table| kebab(&table.name.text) == wanted)
    }

    /// The table through which an indirect one belongs to its tenant: the first that it must
    /// refer to and that has the tenant's id.
    pub(super) fn parent(&self, table: &'g Table) -> Option<(&'g Column, &'g Table)> {
        if table.tenant_key != Some(TenantKey::Indirect) {
            return None;
        }
        let linked = |column: &'g Column| {
            let target = self.table(&column.foreign_key.as_ref()?.table)?;
            let bears_tenant = target.tenant_key == Some(TenantKey::Direct);
            (bears_tenant && !column.nullable).then_some((column, target))
        };
        table.columns.iter().find_map(linked)
    }

    /// Whether other tables belong to their tenant through this one, so that it has a guard.
    pub(super) fn is_parent(&self, table: &Table) -> bool {
        let names = |(_, parent): (&Column, &Table)| parent.name.text == table.name.text;
        self.data.tables.iter().filter_map(|child| self.parent(child)).any(names)
    }

    /// The guard of a parent, such as `validateProjectAccess`.
    pub(super) fn guard(table: &Table) -> String {
        format!("validate{}Access", pascal(&singular(&table.name.text)))
    }

    /// The path parameter of a record, such as `projectId`.
    pub(super) fn id_parameter(table: &Table) -> String {
        format!("{}Id", camel(&singular(&table.name.text)))
    }

    /// The file of an entity's service.
    pub(super) fn service_file(&self, entity: &str) -> String {
        let declared = self.table(entity).and_then(|table| self.graph.node(table.at).get_str("serviceFile"));
        declared.map_or_else(|| format!("server/services/{}.service.ts", camel(entity)), str::to_owned)
    }

    /// The file of an entity's routes.
    pub(super) fn route_file(entity: &str) -> String {
        format!("server/routes/{}.routes.ts", camel(entity))
    }

    /// The role that changing an entity takes: the first that may manage it, if there is one that
    /// may not. Capabilities read `manage-users` or, for a thing of one kind, `manage-organisation`.
    pub(super) fn managing_role(&self, entity: &str) -> Option<String> {
        let plural = format!("manage-{}", kebab(entity));
        let single = format!("manage-{}", kebab(&singular(entity)));
        let roles: Vec<(String, bool)> = self
            .roles()
            .map(|(role, capabilities)| {
                let may =
                    capabilities.iter().any(|capability| *capability == plural || *capability == single);
                (role, may)
            })
            .collect();
        let someone_may_not = roles.iter().any(|(_, may)| !may);
        let first = roles.into_iter().find(|(_, may)| *may)?;
        someone_may_not.then_some(first.0)
    }

    /// Whether any role is said to manage an entity.
    pub(super) fn is_managed(&self, entity: &str) -> bool {
        let names = [format!("manage-{}", kebab(entity)), format!("manage-{}", kebab(&singular(entity)))];
        self.roles().any(|(_, capabilities)| {
            capabilities.iter().any(|capability| names.iter().any(|name| name == capability))
        })
    }

    /// The role with the most capabilities: who administers what is everybody's.
    pub(super) fn first_role(&self) -> Option<String> {
        let roles: Vec<(String, Vec<&str>)> = self.roles().collect();
        let most = roles.iter().map(|(_, capabilities)| capabilities.len()).max()?;
        roles.into_iter().find(|(_, capabilities)| capabilities.len() == most).map(|(role, _)| role)
    }

    fn roles(&self) -> impl Iterator<Item = (String, Vec<&'g str>)> {
        let list = self.scope_root().get("userRoles").into_iter().flat_map(Node::items);
        list.filter_map(|role| {
            let name = role.as_str().or_else(|| role.get_str("role")).or_else(|| role.get_str("name"))?;
            let capabilities = role.get("capabilities").into_iter().flat_map(Node::items);
            Some((name.to_owned(), capabilities.filter_map(Node::as_str).collect()))
        })
    }

    /// The columns a caller may set, with those that a request cannot decide left out: ids,
    /// tenant, parent, bookkeeping, versions of configurations, snapshots, facts about a file.
    pub(super) fn settable(&self, table: &'g Table) -> Vec<&'g Column> {
        let tenant = self.tenant_field();
        let parent = self.parent(table).map(|(column, _)| column.name.text.as_str());
        let versions: Vec<&str> =
            table.behavioural_columns().map(|(_, version)| version.name.text.as_str()).collect();
        let is_upload = self.is_upload(table);
        let server_made = |column: &&Column| {
            let name = column.name.text.as_str();
            column.primary
                || name == "id"
                || name == tenant
                || Some(name) == parent
                || versions.contains(&name)
                || is_moment(column)
                || self.is_actor(column)
                || name.to_ascii_lowercase().contains("snapshot")
                || name.to_ascii_lowercase().contains("hash")
                || (is_upload && is_file_fact(name))
        };
        let own_state = self.status_column(table).map(|column| column.name.text.as_str());
        let columns = table.columns.iter().filter(|column| !server_made(column));
        columns.filter(|column| Some(column.name.text.as_str()) != own_state).collect()
    }

    /// Whether a column holds the user who made the record.
    pub(super) fn is_actor(&self, column: &Column) -> bool {
        let refers_to_users = column.foreign_key.as_ref().is_some_and(|key| key.table == "users");
        refers_to_users && column.name.text.to_ascii_lowercase().contains("by")
    }

    /// The column that holds an entity's state.
    pub(super) fn status_column(&self, table: &'g Table) -> Option<&'g Column> {
        let contract = self.entity_contract(&table.name.text);
        let declared = contract.and_then(|contract| contract.get_str("stateField"));
        let column = table.column(declared.unwrap_or("status"))?;
        column.enum_values.is_some().then_some(column)
    }

    /// The entity's entry in `entityContracts`.
    pub(super) fn entity_contract(&self, entity: &str) -> Option<Node<'g>> {
        let wanted = kebab(entity);
        let found = self.scope.entity_contracts.iter().find(|(name, _)| kebab(&name.text) == wanted)?;
        Some(self.graph.node(found.1))
    }

    /// Whether records of a table are made from uploaded files: it keeps a file's type and size.
    pub(super) fn is_upload(&self, table: &Table) -> bool {
        let has =
            |names: &[&str]| table.columns.iter().any(|column| names.contains(&column.name.text.as_str()));
        has(&["mimeType", "mime_type"])
            && has(&["size", "sizeBytes", "size_bytes"])
            && has(&["originalFilename", "filename", "original_filename", "storageKey"])
    }

    /// The variable of the environment whose name has all of some words.
    pub(super) fn variable(&self, words: &[&str]) -> Option<&'g EnvVariable> {
        let has = |variable: &&EnvVariable| {
            let name = variable.name.text.to_ascii_uppercase();
            variable.default.is_some() && words.iter().all(|word| name.contains(word))
        };
        self.env?.variables.iter().find(has)
    }
}

/// Whether a column holds when something happened to the record, which the server knows.
fn is_moment(column: &Column) -> bool {
    let name = column.name.text.as_str();
    let kind = column.kind.as_ref().map_or("", |kind| kind.text.as_str()).to_ascii_lowercase();
    (name.ends_with("At") || name.ends_with("_at")) && (kind.contains("time") || kind.contains("date"))
}

/// Whether a column is a fact about an uploaded file, which the server finds out.
fn is_file_fact(name: &str) -> bool {
    let name = name.to_ascii_lowercase().replace('_', "");
    [
        "mimetype",
        "size",
        "sizebytes",
        "originalfilename",
        "filename",
        "filepath",
        "storagekey",
        "detectedcolumns",
        "expiresat",
    ]
    .contains(&name.as_str())
}
