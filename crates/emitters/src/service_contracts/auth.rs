//! Signing in, where the data model has users with passwords.

use tenon_source::Node;

use super::endpoint::{Argument, Endpoint};
use super::model::Model;

/// Where the access token stands in answers.
const TOKEN_PATH: &str = ".accessToken";

/// Login and token refresh; registration too, unless users are invited.
pub(super) fn endpoints(model: &Model<'_>) -> Vec<Endpoint> {
    let has_password = |name: &str| name.to_ascii_lowercase().starts_with("password");
    let users = model.table("users").filter(|table| {
        table.columns.iter().any(|column| has_password(&column.name.text)) && table.column("email").is_some()
    });
    if users.is_none() {
        return Vec::new();
    }
    let mut login = public("/api/auth/login", "login", "login", &["email", "password"]);
    login.notes.push("Answers with the access token, the refresh token and the user.".to_owned());
    let mut refresh = public("/api/auth/refresh", "refreshToken", "token-refresh", &["refreshToken"]);
    refresh.notes.push("Answers with a new access token.".to_owned());
    let mut out = vec![login, refresh];
    let onboarding = model.scope_root().at("/onboarding/model").and_then(Node::as_str);
    if onboarding != Some("invite-only") {
        let fields = ["email", "password", "name"];
        let mut register = public("/api/auth/register", "register", "register", &fields);
        register.notes.push(
            "Makes the tenant and its first user in one transaction, and signs the user in.".to_owned(),
        );
        out.insert(0, register);
    }
    out
}

fn public(path: &str, name: &str, purpose: &str, fields: &[&str]) -> Endpoint {
    let mut endpoint = Endpoint::new("POST", path, name);
    endpoint.public = true;
    endpoint.purpose = purpose.to_owned();
    endpoint.token_path = Some(TOKEN_PATH);
    endpoint.route_file = Model::route_file("auth");
    endpoint.service_file = "server/services/auth.service.ts".to_owned();
    endpoint.arguments = fields.iter().map(|field| Argument::body(field, false)).collect();
    endpoint
}
