//! What expressions see: what none of them does need not be made for every request.

use tenon_policies::CompiledTemplate;

/// Which of the variables that take time to make are named in any expression of the contracts.
#[derive(Debug, Clone, Copy, Default)]
pub struct Sees {
    /// `headers`.
    pub headers: bool,
    /// `actor`.
    pub actor: bool,
    /// `principal`.
    pub principal: bool,
    /// `now`.
    pub now: bool,
    /// `correlation_id`.
    pub correlation_id: bool,
    /// `request_id`.
    pub request_id: bool,
}

impl Sees {
    /// Takes note of an expression.
    pub(super) fn note(&mut self, template: &CompiledTemplate) {
        for (name, _, _) in template.names() {
            match name {
                "headers" => self.headers = true,
                "actor" => self.actor = true,
                "principal" => self.principal = true,
                "now" => self.now = true,
                "correlation_id" => self.correlation_id = true,
                "request_id" => self.request_id = true,
                _ => {}
            }
        }
    }
}
