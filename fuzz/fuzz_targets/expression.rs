//! Any text as an expression: no panic, no end of the stack, and never more than its steps.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tenon_policies::{Expression, Scope};

fuzz_target!(|text: &str| {
    let request = serde_json::json!({
        "lead": { "email": "a@b.org", "score": 7, "tags": ["new", "web"], "none": null },
        "assets": [{ "id": "a", "open": true }, { "id": "b", "open": false }],
        "amount": 12.5,
    });
    let now = serde_json::json!("2026-01-31T12:00:00.000Z");
    let scope = Scope::new().with("request", &request).with("now", &now);
    match Expression::compile(text) {
        Ok(expression) => {
            let first = expression.evaluate_or_absent(&scope);
            assert_eq!(first, expression.evaluate_or_absent(&scope), "the same twice");
        }
        Err(problem) => assert!(problem.offset <= text.len(), "{problem} at {}", problem.offset),
    }
});
