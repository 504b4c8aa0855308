//! The page of each policy, in the order of the pipeline.

use crate::refusal::conditions_page;

/// Every page.
const PAGES: &[&str] = &[
    include_str!("identity.md"),
    include_str!("tenancy.md"),
    include_str!("access.md"),
    include_str!("client.md"),
    include_str!("rate.md"),
    include_str!("request.md"),
    include_str!("idempotency.md"),
    include_str!("consent.md"),
    include_str!("precondition.md"),
    include_str!("transition.md"),
    include_str!("page.md"),
    include_str!("sniff.md"),
    include_str!("webhook_url.md"),
    include_str!("boundary.md"),
    include_str!("usage.md"),
    include_str!("response.md"),
    include_str!("enforcement.md"),
];

/// The pages as one document, with the table of conditions.
#[must_use]
pub fn document() -> String {
    let mut out = String::from(
        "# Policies\n\n<!-- Written by `cargo xtask generate`. -->\n\nEvery request meets the same \
         policies in the same order, so that a doubly wrong one always gets the same answer. What a policy \
         finds is a *condition*; a contract may give it a code of its own (`errors: {MY_CODE: {for: \
         [request_invalid]}}`, or `refusals` of an operation), else its name is the code.\n\n## Conditions\n\n",
    );
    out.push_str(&conditions_page());
    for page in PAGES {
        out.push('\n');
        // Each page is a document of its own: one floor down here.
        for line in page.lines() {
            if line.starts_with('#') {
                out.push('#');
            }
            out.push_str(line);
            out.push('\n');
        }
    }
    out
}
