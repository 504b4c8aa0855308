//! The frozen state machine.

use proptest::prelude::*;
use tenon_jobs::{Change, Code, State};

const CHANGES: [Change; 4] = [Change::Start, Change::Succeed, Change::Fail, Change::Cancel];

/// S1-75: every way there is, written out; everything else is refused with its own code.
#[test]
fn every_way_is_as_the_contract_writes_it() {
    // The transitions of entity `Job` in contracts/dome/contract.yaml.
    let contract = include_str!("../../../../contracts/dome/contract.yaml");
    assert!(contract.contains("states: [queued, running, succeeded, failed, canceled]"));
    let ways = |state: &str| -> Vec<String> {
        let line = contract.lines().find(|line| line.trim().starts_with(&format!("{state}: [")));
        let list = line.and_then(|line| line.split_once('[')).map(|(_, list)| list.trim_end_matches(']'));
        list.map(|list| list.split(", ").map(str::to_owned).collect()).unwrap_or_default()
    };
    for from in State::ALL {
        let mut reached: Vec<String> = CHANGES
            .iter()
            .filter_map(|change| from.after(*change).ok())
            .map(|to| to.as_str().to_owned())
            .collect();
        reached.sort();
        let mut wanted = if from.is_final() { Vec::new() } else { ways(from.as_str()) };
        wanted.sort();
        assert_eq!(reached, wanted, "from {}", from.as_str());
    }
}

proptest! {
    /// S1-76: however changes come, a final state stays, nothing is skipped, and a refusal changes nothing.
    #[test]
    fn final_states_stay_and_refusals_have_a_code(
        changes in proptest::collection::vec(proptest::sample::select(&CHANGES[..]), 0..20),
    ) {
        let mut state = State::Queued;
        let mut was_running = false;
        for change in changes {
            match state.after(change) {
                Ok(next) => {
                    prop_assert!(!state.is_final());
                    prop_assert!(next != state);
                    prop_assert!(next != State::Succeeded || was_running);
                    was_running |= next == State::Running;
                    state = next;
                }
                Err(error) => {
                    prop_assert_eq!(error.code, Code::InvalidTransition);
                    let known = error.detail.get("state").map(String::as_str);
                    prop_assert_eq!(known, Some(state.as_str()));
                }
            }
        }
    }
}

/// S1-79: the names are those of the frozen namespace, and no reason code is among them.
#[test]
fn codes_are_those_of_the_contract() {
    let contract = include_str!("../../../../contracts/dome/contract.yaml");
    for code in Code::ALL {
        let line = contract.lines().find(|line| line.trim().starts_with(&format!("{}:", code.as_str())));
        assert!(line.is_some(), "{} is in the catalogue", code.as_str());
        assert!(!code.as_str().contains('.'));
    }
}
