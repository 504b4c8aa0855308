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
}

impl Sees {
    /// Takes note of an expression.
    pub(super) fn note(&mut self, template: &CompiledTemplate) {
        for (name, _, _) in template.names() {
            match name {
                "headers" => self.headers = true,
                "actor" => self.actor = true,
                "principal" => self.principal = true,
                _ => {}
            }
        }
    }
}
