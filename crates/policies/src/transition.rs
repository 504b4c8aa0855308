//! Which states follow which. See `transition.md`.

use crate::{Condition, Refusal};

/// States and what follows them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StatusMachine {
    /// The field that holds the state.
    pub field: String,
    /// All states, in the contract's order.
    pub states: Vec<String>,
    /// From each state the states that may follow.
    pub transitions: Vec<(String, Vec<String>)>,
    /// The state of a new record; any where it is `None`.
    pub initial: Option<String>,
}

impl StatusMachine {
    /// The machine of an entity, where it has one.
    #[must_use]
    pub fn of(entity: &tenon_graph::Entity, initial: Option<&str>) -> Option<Self> {
        let texts = |names: &[tenon_graph::Name]| names.iter().map(|name| name.text.clone()).collect();
        let field = entity.status_field.as_ref()?.text.clone();
        let transitions =
            entity.transitions.iter().map(|one| (one.from.text.clone(), texts(&one.to))).collect();
        Some(Self { field, states: texts(&entity.states), transitions, initial: initial.map(str::to_owned) })
    }

    /// The states that may follow one, in the contract's order.
    #[must_use]
    pub fn after(&self, state: &str) -> Vec<&str> {
        let rows = self.transitions.iter().filter(|(from, _)| from == state);
        rows.flat_map(|(_, to)| to).map(String::as_str).collect()
    }
}

/// That a record may have the state it is to have. Only [`decide`] makes one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StateAllowed {
    _private: (),
}

/// Whether a record may go from one state (`None`: it is new) to another. Staying is no change.
///
/// # Errors
/// `transition_not_allowed`, with the states that may follow.
pub fn decide(machine: &StatusMachine, from: Option<&str>, to: &str) -> Result<StateAllowed, Refusal> {
    let allowed = StateAllowed { _private: () };
    if from == Some(to) {
        return Ok(allowed);
    }
    let known = machine.states.is_empty() || machine.states.iter().any(|state| state == to);
    let reason = match from {
        None => {
            let good = machine.initial.as_deref().is_none_or(|initial| initial == to);
            if good && known {
                return Ok(allowed);
            }
            match machine.initial.as_deref() {
                Some(initial) if known => format!("begins as `{initial}`, not as `{to}`"),
                _ => format!("`{to}` is no state of it"),
            }
        }
        Some(from) => {
            let after = machine.after(from);
            if known && after.contains(&to) {
                return Ok(allowed);
            }
            match after.as_slice() {
                _ if !known => format!("`{to}` is no state of it"),
                [] => format!("`{from}` is final"),
                states => format!("`{from}` can become {}, not `{to}`", listed(states)),
            }
        }
    };
    Err(Refusal::new(Condition::TransitionNotAllowed).with_detail(machine.field.as_str(), reason))
}

fn listed(states: &[&str]) -> String {
    let quoted: Vec<String> = states.iter().map(|state| format!("`{state}`")).collect();
    quoted.join(" or ")
}
