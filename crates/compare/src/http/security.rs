//! Who may call: requirements of operations and documents, and the schemes they name.

use std::collections::{BTreeMap, BTreeSet};

use tenon_graph::{Graph, HttpApi, OperationKind, SecurityRequirement, SecurityScheme};
use tenon_source::{At, Node, NodeId};

use super::rules::{
    FLOW_ADDED, FLOW_REMOVED, SCHEME_ADDED, SCHEME_CHANGED, SCHEME_REMOVED, SCHEME_SCOPE_ADDED,
    SCHEME_SCOPE_CHANGED, SCHEME_SCOPE_REMOVED, SCHEME_URL_CHANGED, SECURITY_ADDED, SECURITY_DROPPED,
    SECURITY_SCOPE_ADDED, SECURITY_SCOPE_REMOVED, SECURITY_WAY_ADDED, SECURITY_WAY_REMOVED,
};
use super::scope::{Scope, quoted};
use super::uses::request_direction;
use crate::{Change, ChangeRule, Spot, Versions};

/// What a scheme says, alike in every version of OpenAPI.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Facts {
    /// How credentials are given, such as `http bearer` or `apiKey header X-Key`.
    kind: String,
    /// `openIdConnectUrl`.
    discovery: Option<String>,
    /// Flows of OAuth 2.0.
    flows: BTreeMap<String, Flow>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Flow {
    /// The URLs by their names.
    urls: BTreeMap<&'static str, String>,
    scopes: BTreeMap<String, String>,
}

impl Facts {
    fn of(node: Node<'_>) -> Self {
        let text = |key: &str| node.get_str(key).unwrap_or("").to_owned();
        let kind = text("type");
        let kind = match kind.as_str() {
            // Swagger 2 has one of the schemes of HTTP only.
            "basic" => "http basic".to_owned(),
            "http" => format!("http {}", text("scheme").to_ascii_lowercase()),
            "apiKey" => {
                let place = text("in");
                let name = if place == "header" { text("name").to_ascii_lowercase() } else { text("name") };
                format!("apiKey {place} {name}")
            }
            _ => kind,
        };
        let mut flows = BTreeMap::new();
        match node.get("flows") {
            Some(all) => flows.extend(all.members().map(|(name, flow)| (name.to_owned(), Flow::of(flow)))),
            None => {
                let name = match node.get_str("flow") {
                    Some("accessCode") => Some("authorizationCode"),
                    Some("application") => Some("clientCredentials"),
                    other => other,
                };
                flows.extend(name.map(|name| (name.to_owned(), Flow::of(node))));
            }
        }
        Self { kind, discovery: node.get_str("openIdConnectUrl").map(str::to_owned), flows }
    }
}

impl Flow {
    fn of(node: Node<'_>) -> Self {
        const URLS: [&str; 4] = ["authorizationUrl", "tokenUrl", "refreshUrl", "deviceAuthorizationUrl"];
        let url = |key: &'static str| Some((key, node.get_str(key)?.to_owned()));
        let scope =
            |(name, text): (&str, Node<'_>)| (name.to_owned(), text.as_str().unwrap_or("").to_owned());
        Self {
            urls: URLS.into_iter().filter_map(url).collect(),
            scopes: node
                .get("scopes")
                .map(|scopes| scopes.members().map(scope).collect())
                .unwrap_or_default(),
        }
    }
}

/// Which scheme now is which before: of the same name, or else one that says the same.
#[derive(Debug, Default)]
pub(super) struct Schemes<'g> {
    /// Names before by names now.
    names: BTreeMap<&'g str, &'g str>,
    pairs: Vec<(&'g SecurityScheme, &'g SecurityScheme)>,
    removed: Vec<&'g SecurityScheme>,
    added: Vec<&'g SecurityScheme>,
}

impl<'g> Schemes<'g> {
    pub(super) fn of(versions: &Versions<'_>, old: &'g HttpApi, new: &'g HttpApi) -> Self {
        let mut out = Self::default();
        let mut left: Vec<&SecurityScheme> = old.security_schemes.iter().collect();
        let mut waiting = Vec::new();
        for scheme in &new.security_schemes {
            match left.iter().position(|other| other.name == scheme.name) {
                Some(index) => out.pairs.push((left.remove(index), scheme)),
                None => waiting.push(scheme),
            }
        }
        for scheme in waiting {
            let facts = Facts::of(versions.new.node(scheme.def));
            let same = |other: &&SecurityScheme| Facts::of(versions.old.node(other.def)) == facts;
            match left.iter().position(same) {
                Some(index) => out.pairs.push((left.remove(index), scheme)),
                None => out.added.push(scheme),
            }
        }
        out.names = out.pairs.iter().map(|(old, new)| (new.name.as_str(), old.name.as_str())).collect();
        out.removed = left;
        out
    }

    /// The name before of a scheme's name now.
    fn before<'n>(&self, name: &'n str) -> &'n str
    where
        'g: 'n,
    {
        self.names.get(name).copied().unwrap_or(name)
    }
}

/// Compares the schemes of two documents.
pub(super) fn compare_schemes(
    versions: &Versions<'_>,
    new: &HttpApi,
    schemes: &Schemes<'_>,
    out: &mut Vec<Change>,
) {
    for scheme in &schemes.removed {
        let name = &scheme.name;
        let message = format!("the security scheme `{name}` is no longer declared");
        out.push(
            Change::new(&SCHEME_REMOVED, None, format!("securitySchemes {name}"), message)
                .from_old(Spot::of(versions.old, scheme.at))
                .at_new(Spot::of(versions.new, At { file: new.file, node: NodeId::ROOT }))
                .with_aliases(&["oasdiff:api-security-component-removed"]),
        );
    }
    for scheme in &schemes.added {
        let name = &scheme.name;
        out.push(
            Change::new(
                &SCHEME_ADDED,
                None,
                format!("securitySchemes {name}"),
                format!("the security scheme `{name}` is declared"),
            )
            .at_new(Spot::of(versions.new, scheme.at))
            .with_aliases(&["oasdiff:api-security-component-added"]),
        );
    }
    for (old, new) in &schemes.pairs {
        let mut scheme = Scheme { versions, old, new, out };
        scheme.compare();
    }
}

struct Scheme<'s> {
    versions: &'s Versions<'s>,
    old: &'s SecurityScheme,
    new: &'s SecurityScheme,
    out: &'s mut Vec<Change>,
}

impl Scheme<'_> {
    fn say(&mut self, rule: &'static ChangeRule, part: &str, alias: &'static str, message: String) {
        let mut change = Change::new(rule, None, format!("securitySchemes {}{part}", self.new.name), message)
            .from_old(Spot::of(self.versions.old, self.old.def))
            .at_new(Spot::of(self.versions.new, self.new.def));
        if !alias.is_empty() {
            change.aliases.push(alias);
        }
        self.out.push(change);
    }

    fn compare(&mut self) {
        let old = Facts::of(self.versions.old.node(self.old.def));
        let new = Facts::of(self.versions.new.node(self.new.def));
        let name = self.new.name.clone();
        if old.kind != new.kind {
            let message = format!(
                "the credentials of `{name}` are given as `{}`, they were given as `{}`",
                new.kind, old.kind
            );
            return self.say(&SCHEME_CHANGED, "", "oasdiff:api-security-component-type-changed", message);
        }
        if old.discovery != new.discovery {
            let message = format!("`{name}` is found through another OpenID Connect URL");
            self.say(&SCHEME_URL_CHANGED, " openIdConnectUrl", "", message);
        }
        for (flow, before) in &old.flows {
            match new.flows.get(flow) {
                Some(after) => self.flow(flow, before, after),
                None => {
                    let message = format!("`{name}` has no flow `{flow}` any more");
                    self.say(&FLOW_REMOVED, &format!(" {flow}"), "", message);
                }
            }
        }
        for flow in new.flows.keys().filter(|flow| !old.flows.contains_key(*flow)) {
            self.say(&FLOW_ADDED, &format!(" {flow}"), "", format!("`{name}` has another flow, `{flow}`"));
        }
    }

    fn flow(&mut self, flow: &str, old: &Flow, new: &Flow) {
        let name = self.new.name.clone();
        let keys: BTreeSet<&str> = old.urls.keys().chain(new.urls.keys()).copied().collect();
        for key in keys {
            let (before, after) = (old.urls.get(key), new.urls.get(key));
            if before == after {
                continue;
            }
            let alias = match key {
                "authorizationUrl" => "oasdiff:api-security-component-oauth-url-changed",
                "tokenUrl" => "oasdiff:api-security-component-oauth-token-url-changed",
                _ => "",
            };
            let word = |url: Option<&String>| url.map_or("none".to_owned(), |url| format!("`{url}`"));
            let message = format!("the `{key}` of `{name}` is {}, it was {}", word(after), word(before));
            self.say(&SCHEME_URL_CHANGED, &format!(" {flow} {key}"), alias, message);
        }
        for (scope, text) in &old.scopes {
            let part = format!(" {flow} {scope}");
            match new.scopes.get(scope) {
                None => {
                    let message = format!("the scope `{scope}` of `{name}` can no longer be asked for");
                    let alias = "oasdiff:api-security-component-oauth-scope-removed";
                    self.say(&SCHEME_SCOPE_REMOVED, &part, alias, message);
                }
                Some(other) if other != text => {
                    let message = format!("the scope `{scope}` of `{name}` is described in other words");
                    let alias = "oasdiff:api-security-component-oauth-scope-changed";
                    self.say(&SCHEME_SCOPE_CHANGED, &part, alias, message);
                }
                Some(_) => {}
            }
        }
        for scope in new.scopes.keys().filter(|scope| !old.scopes.contains_key(*scope)) {
            let message = format!("the scope `{scope}` of `{name}` can be asked for");
            let alias = "oasdiff:api-security-component-oauth-scope-added";
            self.say(&SCHEME_SCOPE_ADDED, &format!(" {flow} {scope}"), alias, message);
        }
    }
}

/// Ways to prove who calls: in each, scopes by scheme, by the scheme's name before.
type Ways = Vec<BTreeMap<String, BTreeSet<String>>>;

/// Compares the requirements of one operation, its own or its document's.
pub(super) fn compare_requirements(scope: &mut Scope<'_, '_>, schemes: &Schemes<'_>) {
    let Some((old_api, new_api)) = scope.pair.apis() else { return };
    let (old_own, new_own) = (&scope.pair.old.detail.security, &scope.pair.new.detail.security);
    let is_global = old_own.is_none() && new_own.is_none();
    // What documents demand is about calls of the API, not about calls that it makes.
    if is_global && scope.pair.new.kind != OperationKind::Offered {
        return;
    }
    let (old, new) =
        (old_own.as_ref().or(old_api.security.as_ref()), new_own.as_ref().or(new_api.security.as_ref()));
    let before = ways(old, |name| name.to_owned());
    let after = ways(new, |name| schemes.before(name).to_owned());
    if before == after {
        return;
    }
    let place = |graph: &Graph, api: &HttpApi, own: bool, at: At| {
        let owner = if own { at } else { api.root };
        let node = graph.node(owner);
        At { file: owner.file, node: node.get("security").unwrap_or(node).id() }
    };
    let spots = (
        place(scope.versions.old, old_api, old_own.is_some(), scope.pair.old.at),
        place(scope.versions.new, new_api, new_own.is_some(), scope.pair.new.at),
    );
    let mut requirement = Requirement { scope, is_global, spots };
    requirement.compare(before, after);
}

fn ways(list: Option<&Vec<SecurityRequirement>>, name: impl Fn(&str) -> String) -> Ways {
    let way = |requirement: &SecurityRequirement| {
        let schemes = requirement.schemes.iter();
        schemes
            .map(|(scheme, scopes)| {
                (name(&scheme.text), scopes.iter().map(|scope| scope.text.clone()).collect())
            })
            .collect()
    };
    let mut out: Ways = list.into_iter().flatten().map(way).collect();
    // No list at all is the same as one that nobody has to meet.
    if out.is_empty() {
        out.push(BTreeMap::new());
    }
    out.sort();
    out.dedup();
    out
}

struct Requirement<'r, 'c, 'g> {
    scope: &'r mut Scope<'c, 'g>,
    is_global: bool,
    spots: (At, At),
}

impl Requirement<'_, '_, '_> {
    fn say(&mut self, rule: &'static ChangeRule, part: &str, alias: [&'static str; 2], message: String) {
        let owner = if self.is_global { "the API" } else { self.scope.label };
        let subject = format!("{owner} security{part}");
        let direction = Some(request_direction(self.scope.pair.new));
        let [own, global] = alias;
        let change = Change::new(rule, direction, subject, message)
            .from_old(Spot::of(self.scope.versions.old, self.spots.0))
            .at_new(Spot::of(self.scope.versions.new, self.spots.1))
            .in_tier(self.scope.tier)
            .with_aliases(&[if self.is_global { global } else { own }]);
        self.scope.add(change);
    }

    fn compare(&mut self, before: Ways, after: Ways) {
        let is_open = |ways: &Ways| ways.iter().any(BTreeMap::is_empty);
        let (was_open, now_open) = (is_open(&before), is_open(&after));
        if was_open && !now_open {
            let needed =
                quoted(after.iter().flat_map(|way| way.keys()).map(String::as_str).collect::<BTreeSet<_>>());
            let message = format!("calls need credentials now: {needed}");
            let alias = ["oasdiff:api-security-added", "oasdiff:api-global-security-added"];
            return self.say(&SECURITY_ADDED, "", alias, message);
        }
        if now_open && !was_open {
            let alias = ["oasdiff:api-security-removed", "oasdiff:api-global-security-removed"];
            return self.say(&SECURITY_DROPPED, "", alias, "calls need no credentials any more".to_owned());
        }
        let schemes = |way: &BTreeMap<String, BTreeSet<String>>| way.keys().cloned().collect::<Vec<_>>();
        let mut left: Ways = after.iter().filter(|way| !before.contains(way)).cloned().collect();
        for way in before.iter().filter(|way| !after.contains(way)) {
            match left.iter().position(|other| schemes(other) == schemes(way)) {
                Some(index) => {
                    let other = left.remove(index);
                    self.scopes(way, &other);
                }
                // What asked for this and less is still there: nobody is turned away.
                None if after.iter().any(|other| is_met(other, way)) => {}
                None => {
                    let name = words(way);
                    let message = format!("{name} no longer proves who calls");
                    let alias = ["oasdiff:api-security-removed", "oasdiff:api-global-security-removed"];
                    self.say(&SECURITY_WAY_REMOVED, &format!(" {name}"), alias, message);
                }
            }
        }
        for way in left {
            let name = words(&way);
            let alias = ["oasdiff:api-security-added", "oasdiff:api-global-security-added"];
            self.say(&SECURITY_WAY_ADDED, &format!(" {name}"), alias, format!("{name} proves who calls too"));
        }
    }

    /// The same schemes with other scopes.
    fn scopes(&mut self, old: &BTreeMap<String, BTreeSet<String>>, new: &BTreeMap<String, BTreeSet<String>>) {
        for (scheme, after) in new {
            let Some(before) = old.get(scheme) else { continue };
            for scope in after.difference(before) {
                let message =
                    format!("calls need the scope `{scope}` of `{scheme}`, which they did not need");
                let alias = ["oasdiff:api-security-scope-added", "oasdiff:api-global-security-scope-added"];
                self.say(&SECURITY_SCOPE_ADDED, &format!(" {scheme} {scope}"), alias, message);
            }
            for scope in before.difference(after) {
                let message = format!("calls no longer need the scope `{scope}` of `{scheme}`");
                let alias =
                    ["oasdiff:api-security-scope-removed", "oasdiff:api-global-security-scope-removed"];
                self.say(&SECURITY_SCOPE_REMOVED, &format!(" {scheme} {scope}"), alias, message);
            }
        }
    }
}

/// Whether who meets the second also meets the first.
fn is_met(first: &BTreeMap<String, BTreeSet<String>>, second: &BTreeMap<String, BTreeSet<String>>) -> bool {
    first.iter().all(|(scheme, scopes)| second.get(scheme).is_some_and(|held| scopes.is_subset(held)))
}

fn words(way: &BTreeMap<String, BTreeSet<String>>) -> String {
    quoted(way.keys().map(String::as_str))
}
