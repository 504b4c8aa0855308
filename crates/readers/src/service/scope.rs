//! The scope manifest, version 6 and those before it: what is missing is missing.

use tenon_graph::Name;
use tenon_graph::service::{ScopeManifest, TenantContainer, UiStrategy};
use tenon_source::{At, FileId, Node, Sources};

use super::names::{at, entries, named, text};

/// Bytes in a megabyte, as upload limits count them.
const MEGABYTE: f64 = 1024.0 * 1024.0;

/// Reads a manifest.
pub(super) fn read(file: FileId, sources: &Sources) -> Option<ScopeManifest> {
    let root = sources.get(file)?.tree.root();
    let list =
        |key: &str, keys: &[&str]| root.get(key).map(|list| named(file, list, keys)).unwrap_or_default();
    let constraints = root.get("platformConstraints");
    Some(ScopeManifest {
        file,
        root: at(file, root),
        required_entities: list("requiredEntities", &["name", "entity"]),
        deferred_entities: list("deferredEntities", &["name", "entity"]),
        roles: list("userRoles", &["role", "name", "id"]),
        entity_contracts: root
            .get("entityContracts")
            .map(|map| entity_contracts(file, map))
            .unwrap_or_default(),
        platform_constraints: constraints.map(|value| at(file, value)),
        mime_types: constraints.and_then(|value| mime_types(file, value)),
        upload_bytes_max: constraints.and_then(|value| upload_limit(file, value)),
        tenant_container: constraints.and_then(|value| tenant_container(file, value)),
        invariants: root
            .get("architecturalInvariants")
            .into_iter()
            .flat_map(|list| entries(list).map(|(_, entry)| at(file, entry)))
            .collect(),
        excluded_stages: list("excludedProcessingStages", &["name", "stage"]),
        failure_handling: root.get("failureHandlingPrinciples").map(|value| at(file, value)),
    })
}

fn entity_contracts(file: FileId, map: Node<'_>) -> Vec<(Name, At)> {
    entries(map)
        .filter_map(|(key, entry)| {
            let name = match key {
                Some(key) => Name::new(key, at(file, entry)),
                None => text(file, entry, "entity").or_else(|| text(file, entry, "name"))?,
            };
            Some((name, at(file, entry)))
        })
        .collect()
}

fn mime_types(file: FileId, constraints: Node<'_>) -> Option<Vec<Name>> {
    let keys = ["supportedInputFormats", "supportedMimeTypes", "allowedMimeTypes"];
    let list = keys.iter().find_map(|key| constraints.get(key)).filter(|list| list.is_array())?;
    let types = named(file, list, &["mime", "mimeType", "type"]);
    // Formats named otherwise than by MIME type say nothing that uploads could be held to.
    (!types.is_empty() && types.iter().all(|name| name.text.contains('/'))).then_some(types)
}

/// The largest upload: a limit whose name speaks of files or uploads and of their size.
fn upload_limit(file: FileId, constraints: Node<'_>) -> Option<(u64, At)> {
    let limits = constraints.get("limits")?;
    entries(limits).find_map(|(key, entry)| {
        let name = key.or_else(|| entry.get_str("name"))?.to_ascii_lowercase();
        let speaks = (name.contains("file") || name.contains("upload"))
            && ["size", "bytes", "mb"].iter().any(|word| name.contains(word));
        let value = if entry.is_object() { entry.get("value")? } else { entry };
        let bytes = bytes_of(&name, entry, value).filter(|_| speaks)?;
        Some((bytes, at(file, value)))
    })
}

fn bytes_of(name: &str, entry: Node<'_>, value: Node<'_>) -> Option<u64> {
    let (number, unit) = match value.as_str() {
        Some(text) => {
            let digits = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
            let (number, unit) = text.split_at_checked(digits)?;
            (number.parse().ok()?, unit.trim().to_ascii_lowercase())
        }
        None => (value.as_f64()?, entry.get_str("unit").unwrap_or_default().to_ascii_lowercase()),
    };
    let in_megabytes = unit.starts_with('m') || (unit.is_empty() && name.ends_with("mb"));
    let bytes = if in_megabytes { number * MEGABYTE } else { number };
    // Limits stay far below 2^53, where a float counts exactly.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked to be in range")]
    (0.0..9.0e15).contains(&bytes).then_some(bytes as u64)
}

fn tenant_container(file: FileId, constraints: Node<'_>) -> Option<TenantContainer> {
    let container = constraints.at("/multiTenancy/tenantContainer")?;
    let strategy = text(file, container, "uiStrategy");
    let known = strategy.as_ref().and_then(|strategy| match strategy.as_str() {
        "none" => Some(UiStrategy::None),
        "settingsEmbedded" => Some(UiStrategy::SettingsEmbedded),
        "dedicatedPage" => Some(UiStrategy::DedicatedPage),
        _ => None,
    });
    Some(TenantContainer {
        at: at(file, container),
        entity: text(file, container, "entity"),
        ui_strategy_text: strategy,
        ui_strategy: known,
    })
}
