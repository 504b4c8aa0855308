//! One suite for every engine: what the port promises, an engine keeps.

mod audit;
mod consents;
mod events;
mod faults;
mod fixture;
mod history;
mod keys;
mod lists;
mod records;
mod store;
mod streams;
mod upkeep;
mod usage;

/// Every test of the suite, for every engine.
macro_rules! for_every_engine {
    ($($module:ident { $($test:ident,)* })*) => {
        mod on_memory {
            $(mod $module {
                $(#[test] fn $test() { crate::$module::$test(&mut crate::fixture::memory()); })*
            })*
        }
        mod on_sqlite {
            $(mod $module {
                $(#[test] fn $test() { crate::$module::$test(&mut crate::fixture::sqlite()); })*
            })*
        }
    };
}

for_every_engine! {
    audit {
        chain_holds_and_has_no_gaps,
        hash_is_made_of_the_hash_before_and_canonical_json,
        pages_are_followed_to_the_end,
    }
    consents {
        latest_word_counts,
        one_tenant_never_sees_another,
    }
    events {
        are_numbered_in_commit_order,
        resume_after_a_number,
        numbers_are_never_given_twice,
        deliveries_are_made_with_the_event,
        deliveries_wait_fail_and_die,
        due_deliveries_of_one_subscription_hide_no_others,
    }
    keys {
        unused_until_it_is_written,
        count_no_more_when_they_run_out,
        are_burnt_by_no_failure,
        reserved_then_settled,
        released_only_while_reserved,
        sent_again_through_every_fault_are_done_once,
    }
    lists {
        in_order_of_ids,
        filter_and_order,
        go_on_after_a_cursor,
        take_a_missing_value_for_empty,
        follow_changes,
        are_the_same_in_great_number,
    }
    records {
        are_made_changed_and_removed,
        versions_must_match,
        one_tenant_never_sees_another,
        natural_keys_are_unique_in_their_collection,
        natural_keys_are_free_again,
        expected_versions_of_what_is_only_read,
        a_conflict_undoes_its_transaction_alone,
        sequences_keep_their_highest_number,
        reads_answer_in_order,
    }
    store {
        groups_many_producers,
        closes_after_what_waits,
        gives_each_number_once,
        tells_of_events_when_they_are_there,
        enqueued_is_committed,
    }
    streams {
        are_numbered_from_one_without_a_gap,
        resume_after_a_number,
        are_not_touched_by_what_is_refused,
        are_appended_once_where_that_is_expected,
        keep_their_numbers_when_trimmed,
        are_pruned_when_they_have_been_quiet,
    }
    upkeep {
        prunes_what_has_run_out_and_nothing_else,
        keeps_events_that_deliveries_need,
    }
    usage {
        same_id_counts_once,
        is_told_event_by_event,
        is_summed_by_window_dimension_and_charge,
    }
}
