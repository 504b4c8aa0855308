//! How records of an entity are kept.

use std::collections::BTreeMap;
use std::sync::Arc;

use tenon_graph::serving::Template;
use tenon_graph::{Entity, Graph, Name};
use tenon_policies::CompiledTemplate;
use tenon_policies::transition::StatusMachine;
use tenon_schemas::{Direction, Key};
use tenon_source::At;

use super::contract::compile;
use super::problem::{NAME_UNKNOWN, Problems};

/// Field of the id where the entity names none.
const ID_FIELD: &str = "id";

/// How ids are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdForm {
    /// UUID, version 7.
    Uuid,
    /// Counted, six digits or more.
    Sequence,
}

/// An entity as it is kept.
#[derive(Debug)]
pub struct EntityPlan {
    /// Its name.
    pub name: String,
    /// The collection of its records.
    pub collection: String,
    /// Schema of a record.
    pub schema: Option<Key>,
    /// Field of the id.
    pub id_field: String,
    /// How ids are made.
    pub id_form: IdForm,
    /// What ids begin with.
    pub id_prefix: String,
    /// Fields of the natural key.
    pub key: Vec<String>,
    /// Fields lists look for and order by.
    pub index: Vec<String>,
    /// States and transitions.
    pub machine: Option<StatusMachine>,
    /// Members worked out on every read.
    pub computed: Vec<(String, CompiledTemplate)>,
    /// Members that never leave.
    pub private: Vec<String>,
    /// Those of them that the schema does not know: it describes records as they are shown.
    pub unknown_to_schema: Vec<String>,
    /// Whether records belong to tenants.
    pub tenant_scoped: bool,
}

/// Every entity by name.
pub type Entities = BTreeMap<String, Arc<EntityPlan>>;

/// The entities of a graph. A facade keeps its records where the entity it shows does.
pub(super) fn entities(graph: &Graph, problems: &mut Problems<'_>) -> Entities {
    let plans = graph.entities.iter().map(|entity| {
        let plan = plan(graph, entity, problems);
        (plan.name.clone(), Arc::new(plan))
    });
    plans.collect()
}

fn plan(graph: &Graph, entity: &Entity, problems: &mut Problems<'_>) -> EntityPlan {
    let storage = &entity.storage;
    let text = |name: &Option<Name>| name.as_ref().map(|name| name.text.clone());
    let texts = |names: &[Name]| names.iter().map(|name| name.text.clone()).collect::<Vec<_>>();
    let initial = storage.initial.as_ref().map(|initial| initial.text.as_str());
    let shown = text(&entity.facade_of).map(|shown| collection_of(graph, &shown).unwrap_or(shown));
    let own = text(&storage.store).or(shown).unwrap_or_else(|| entity.name.text.clone());
    if let Some(Err(missing)) = &storage.schema {
        let message = format!("there is no schema `{}`", missing.text);
        problems.add(&NAME_UNKNOWN, missing.at, message, "name a file beside the contract or in `schemas/`");
    }
    let schema = storage.schema.as_ref().and_then(|schema| graph.schema(*schema.as_ref().ok()?));
    problems.see(&["record"]);
    let compiled = |(name, template): &(String, Template)| Some((name.clone(), compile(template, problems)?));
    EntityPlan {
        name: entity.name.text.clone(),
        collection: own,
        schema: schema.map(|schema| Key {
            at: schema.at,
            dialect: schema.dialect,
            direction: Direction::Whole,
        }),
        id_field: text(&storage.id_field).unwrap_or_else(|| ID_FIELD.to_owned()),
        id_form: match storage.id_form.as_ref().map(Name::as_str) {
            Some("sequence") => IdForm::Sequence,
            _ => IdForm::Uuid,
        },
        id_prefix: text(&storage.id_prefix).unwrap_or_default(),
        key: texts(&storage.key),
        index: texts(&storage.index),
        machine: StatusMachine::of(entity, initial),
        computed: storage.computed.iter().filter_map(compiled).collect(),
        unknown_to_schema: texts(&storage.private)
            .into_iter()
            .filter(|name| !schema.is_some_and(|schema| declares(graph, schema.at, name)))
            .collect(),
        private: texts(&storage.private),
        tenant_scoped: entity.tenant_scoped.unwrap_or(true),
    }
}

fn declares(graph: &Graph, schema: At, member: &str) -> bool {
    graph.node(graph.follow(schema)).get("properties").is_some_and(|all| all.get(member).is_some())
}

/// The collection of the entity with a name, one step: of a view of a view the middle one counts.
fn collection_of(graph: &Graph, name: &str) -> Option<String> {
    let entity = graph.entities.iter().find(|entity| entity.name.text == name)?;
    let store = entity.storage.store.as_ref().map(|store| store.text.clone());
    Some(store.unwrap_or_else(|| name.to_owned()))
}
