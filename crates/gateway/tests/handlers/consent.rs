//! Consent that is needed only under a condition.

use crate::support::{Site, files};

const CONTRACT: &str = "\
tenon: contract/v1
name: asking
version: 1.0.0
owner: asking
defaults: {tenancy: none, usage: none}
consent_scopes: {profiling: To be looked at closely}
operations:
  people.look:
    http: GET /people
    auth: public
    parameters: {deep: {in: query, schema: {type: string}}}
    consent:
      needs: {profiling: \"=has(query.deep)\"}
    handler: {mock: true}
";

/// S2-148: a scope that stands nowhere but in a condition is needed where the condition holds, and only there.
#[tokio::test]
async fn a_scope_that_only_has_a_condition_is_needed_when_it_holds() {
    let site = Site::new(&files(&[("contract.yaml", CONTRACT)]));
    assert_eq!(site.ask("GET", "/people").empty().await.status, 200);
    let refused = site.ask("GET", "/people?deep=yes").empty().await;
    refused.is(403, "consent_denied");
    assert_eq!(refused.json()["errors"][0]["field"], "profiling");
}
