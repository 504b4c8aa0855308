//! Handlers that act on records, with everything compiled.

use std::collections::BTreeMap;
use std::sync::Arc;

use http::StatusCode;
use tenon_graph::Name;
use tenon_graph::serving::{Action, Effect, EffectKind, Emit, Guard, Handler, Load, Template};
use tenon_policies::page::PageRule;
use tenon_policies::{CompiledTemplate, Condition};

use super::catalogue::Catalogue;
use super::contract::compile;
use super::entity::{Entities, EntityPlan};
use super::problem::{HANDLER_INVALID, NAME_UNKNOWN, Problems};

/// Which record: fields with their values.
pub type By = Vec<(String, CompiledTemplate)>;

/// A handler that acts on records.
#[derive(Debug)]
pub struct ResourcePlan {
    /// What it does.
    pub action: Action,
    /// To records of this entity.
    pub entity: Arc<EntityPlan>,
    /// Which record.
    pub by: By,
    /// Whether a record may be seen.
    pub visible: Option<CompiledTemplate>,
    /// Records read before anything is decided, by name.
    pub loads: Vec<LoadPlan>,
    /// What refuses.
    pub guards: Vec<GuardPlan>,
    /// Members of the record.
    pub set: Option<CompiledTemplate>,
    /// More that changes.
    pub effects: Vec<EffectPlan>,
    /// Events.
    pub emits: Vec<EmitPlan>,
    /// How lists are cut.
    pub page: PageRule,
    /// How many were asked for.
    pub page_limit: Option<CompiledTemplate>,
    /// Where to go on.
    pub page_cursor: Option<CompiledTemplate>,
    /// Fields a list is ordered by.
    pub order: Vec<String>,
    /// The body of the answer.
    pub respond: Option<CompiledTemplate>,
    /// The status of the answer.
    pub status: StatusCode,
    /// The files it takes, where it takes any.
    pub upload: Option<UploadPlan>,
}

/// Files that are taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadPlan {
    /// Media types; any where it is empty.
    pub types: Vec<String>,
    /// The largest file, in bytes.
    pub bytes_max: u64,
}

/// Largest file where the contract does not say, in bytes: a long document with pictures.
pub(super) const UPLOAD_BYTES_MAX_DEFAULT: u64 = 25 * 1024 * 1024;

/// A record that is read first.
#[derive(Debug)]
pub struct LoadPlan {
    /// The name expressions know it by.
    pub name: String,
    /// Its entity.
    pub entity: Arc<EntityPlan>,
    /// Which record.
    pub by: By,
    /// Whether the operation is refused without it.
    pub required: bool,
}

/// A condition that refuses.
#[derive(Debug)]
pub struct GuardPlan {
    /// Refuses when this holds.
    pub when: CompiledTemplate,
    /// What it finds: a condition of the gateway where the code is the name of one.
    pub condition: Condition,
    /// The code, where it is one of the contract.
    pub code: Option<String>,
    /// The field it is about.
    pub field: Option<String>,
    /// What people are told.
    pub message: Option<String>,
}

/// Something more that changes.
#[derive(Debug)]
pub struct EffectPlan {
    /// What changes.
    pub kind: EffectKindPlan,
    /// Once for each item of this list.
    pub each: Option<CompiledTemplate>,
    /// The name of the item.
    pub item: String,
    /// Only when this holds.
    pub when: Option<CompiledTemplate>,
}

/// What an effect changes.
#[derive(Debug)]
pub enum EffectKindPlan {
    /// A record.
    Record {
        /// What happens to it.
        action: Action,
        /// Its entity.
        entity: Arc<EntityPlan>,
        /// Which record.
        by: By,
        /// Members.
        set: Option<CompiledTemplate>,
    },
    /// Consent.
    Consent(CompiledTemplate),
    /// A subscription to events.
    Subscribe(CompiledTemplate),
}

/// An event an operation causes.
#[derive(Debug)]
pub struct EmitPlan {
    /// Its type.
    pub event: String,
    /// Only when this holds.
    pub when: Option<CompiledTemplate>,
    /// The payload.
    pub data: Option<CompiledTemplate>,
}

/// What handlers are compiled against.
pub(super) struct Names<'p> {
    pub(super) entities: &'p Entities,
    pub(super) catalogue: &'p Catalogue,
    pub(super) events: &'p BTreeMap<String, super::EventPlan>,
}

/// Compiles a handler that acts on records.
pub(super) fn resource(
    handler: &Handler,
    action: Action,
    entity: &Name,
    names: &Names<'_>,
    problems: &mut Problems<'_>,
) -> Option<ResourcePlan> {
    let entity = names.entity(entity, problems)?;
    let optional = |template: &Option<Template>, problems: &mut Problems<'_>| {
        template.as_ref().and_then(|template| compile(template, problems))
    };
    let page = handler.page.as_ref();
    let status = handler.status.and_then(|status| StatusCode::from_u16(status).ok());
    let order: Vec<String> = handler.order.iter().map(|name| name.text.clone()).collect();
    for name in &handler.order {
        names.indexed(&entity, name, problems);
    }
    // Which records are read is decided by the request alone.
    problems.see(&[]);
    let by = by(&handler.by, &entity, names, problems);
    let loads = handler.loads.iter().filter_map(|one| load(one, names, problems)).collect();
    let loaded: Vec<&str> = handler.loads.iter().map(|load| load.name.as_str()).collect();
    problems.see(&["record", "records", "next_cursor"]);
    problems.see_too(&loaded);
    if action == Action::Upload {
        problems.see_too(&["file", "form"]);
    }
    Some(ResourcePlan {
        action,
        by,
        visible: optional(&handler.visible, problems),
        loads,
        guards: handler.guards.iter().filter_map(|one| guard(one, names, problems)).collect(),
        set: optional(&handler.set, problems),
        effects: {
            if action != Action::Delete {
                problems.see_too(&["made"]);
            }
            handler.effects.iter().filter_map(|one| effect(one, names, problems)).collect()
        },
        emits: handler.emits.iter().filter_map(|one| emit(one, names, problems)).collect(),
        page: PageRule::of(page),
        page_limit: page.and_then(|page| optional(&page.limit, problems)),
        page_cursor: page.and_then(|page| optional(&page.cursor, problems)),
        order,
        respond: optional(&handler.respond, problems),
        status: status.unwrap_or(StatusCode::OK),
        upload: (action == Action::Upload).then(|| UploadPlan {
            types: handler.types.iter().map(|name| name.text.clone()).collect(),
            bytes_max: handler.bytes_max.unwrap_or(UPLOAD_BYTES_MAX_DEFAULT),
        }),
        entity,
    })
}

impl Names<'_> {
    fn entity(&self, name: &Name, problems: &mut Problems<'_>) -> Option<Arc<EntityPlan>> {
        let found = self.entities.get(&name.text).cloned();
        if found.is_none() {
            let message = format!("there is no entity `{}`", name.text);
            problems.add(&NAME_UNKNOWN, name.at, message, "declare it under `entities`");
        }
        found
    }

    /// Lists look for fields, and order by them, through the index.
    fn indexed(&self, entity: &EntityPlan, field: &Name, problems: &mut Problems<'_>) {
        if field.text != entity.id_field && !entity.index.contains(&field.text) {
            let message = format!("`{}` is no indexed field of `{}`", field.text, entity.name);
            problems.add(&HANDLER_INVALID, field.at, message, "add it to `index` of the entity");
        }
    }
}

fn by(
    fields: &[(Name, Template)],
    entity: &EntityPlan,
    names: &Names<'_>,
    problems: &mut Problems<'_>,
) -> By {
    let mut out = Vec::with_capacity(fields.len());
    for (field, template) in fields {
        names.indexed(entity, field, problems);
        if let Some(template) = compile(template, problems) {
            out.push((field.text.clone(), template));
        }
    }
    out
}

fn load(load: &Load, names: &Names<'_>, problems: &mut Problems<'_>) -> Option<LoadPlan> {
    let entity = names.entity(&load.entity, problems)?;
    let by = by(&load.by, &entity, names, problems);
    Some(LoadPlan { name: load.name.text.clone(), by, required: load.required, entity })
}

fn guard(guard: &Guard, names: &Names<'_>, problems: &mut Problems<'_>) -> Option<GuardPlan> {
    if !names.catalogue.has(&guard.code.text) {
        let message = format!("there is no code `{}`", guard.code.text);
        problems.add(&NAME_UNKNOWN, guard.code.at, message, "declare it under `errors`");
    }
    let code = guard.code.text.as_str();
    Some(GuardPlan {
        when: compile(&guard.when, problems)?,
        condition: Condition::from_name(code).unwrap_or(Condition::GuardRefused),
        code: names.catalogue.declares(code).then(|| code.to_owned()),
        field: guard.field.as_ref().map(|field| field.text.clone()),
        message: guard.message.as_ref().map(|message| message.text.clone()),
    })
}

fn effect(effect: &Effect, names: &Names<'_>, problems: &mut Problems<'_>) -> Option<EffectPlan> {
    let item = effect.item.as_ref().map_or_else(|| "item".to_owned(), |item| item.text.clone());
    problems.see_too(&[item.as_str()]);
    let mut optional =
        |template: &Option<Template>| template.as_ref().and_then(|template| compile(template, problems));
    let each = optional(&effect.each);
    let when = optional(&effect.when);
    let kind = match &effect.kind {
        EffectKind::Consent(template) => EffectKindPlan::Consent(compile(template, problems)?),
        EffectKind::Subscribe(template) => EffectKindPlan::Subscribe(compile(template, problems)?),
        EffectKind::Record { action, entity, by: fields, set } => {
            if !matches!(action, Action::Create | Action::Upsert | Action::Update | Action::Delete) {
                let message = "an effect changes something: this only shows it";
                problems.add(
                    &HANDLER_INVALID,
                    effect.at,
                    message,
                    "use `create`, `upsert`, `update` or `delete`",
                );
                return None;
            }
            let entity = names.entity(entity, problems)?;
            let set = set.as_ref().and_then(|set| compile(set, problems));
            EffectKindPlan::Record { action: *action, by: by(fields, &entity, names, problems), entity, set }
        }
    };
    Some(EffectPlan { kind, each, item, when })
}

fn emit(emit: &Emit, names: &Names<'_>, problems: &mut Problems<'_>) -> Option<EmitPlan> {
    if !names.events.contains_key(&emit.event.text) {
        let message = format!("there is no event `{}`", emit.event.text);
        problems.add(&NAME_UNKNOWN, emit.event.at, message, "declare it under `events`");
        return None;
    }
    Some(EmitPlan {
        event: emit.event.text.clone(),
        when: emit.when.as_ref().and_then(|when| compile(when, problems)),
        data: emit.data.as_ref().and_then(|data| compile(data, problems)),
    })
}
