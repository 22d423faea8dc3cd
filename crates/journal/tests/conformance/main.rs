//! One suite for every database engine, written against the journal's public interface.
//!
//! A case is a function of a store, which is opened as often as the case likes. An engine is one
//! more implementation of `Store` and one more line at the end.
#![cfg(test)]
#![cfg_attr(
    test,
    expect(clippy::cognitive_complexity, reason = "a case is a story, told in what must hold")
)]

#[cfg(test)]
mod access;
#[cfg(test)]
mod backup;
#[cfg(test)]
mod cases;
#[cfg(test)]
mod erasure;
#[cfg(test)]
mod events;
#[cfg(test)]
mod holds;
#[cfg(test)]
mod installation;
#[cfg(test)]
mod log;
#[cfg(test)]
mod moving;
#[cfg(test)]
mod nodes;
#[cfg(test)]
mod outcomes;
#[cfg(test)]
mod people;
#[cfg(test)]
mod reopen;
#[cfg(test)]
mod shared;
#[cfg(test)]
mod staff;
#[cfg(test)]
mod torn;
#[cfg(test)]
mod work;
#[cfg(test)]
mod world;

/// Runs each case on a store of its own.
macro_rules! suite {
    ($engine:ident: $store:ty { $($module:ident: $($case:ident),+ $(,)?;)+ }) => {
        mod $engine {
            $(mod $module {
                $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $case() {
                    let store = <$store as crate::world::Store>::new().await;
                    crate::$module::$case(&store).await;
                })+
            })+
        }
    };
}

/// What every engine does.
macro_rules! common {
    ($engine:ident: $store:ty) => {
        suite!($engine: $store {
            cases:
                cases_move_on,
                a_case_is_found_among_many,
                a_queue_shows_what_is_due_first,
                a_case_outlives_its_person_without_its_text,
                a_round_goes_on_from_where_it_stands;
            people:
                a_created_person_is_read_back,
                every_fact_is_kept,
                who_is_created_twice_conflicts,
                nobody_is_not_found,
                a_change_counts_from_its_acknowledgement_on,
                a_value_is_replaced_and_deleted,
                values_that_go_together_leave_what_is_staged_after,
                many_are_read_as_one_is,
                only_wanted_values_come_and_only_permitted_ones_are_handed_out,
                a_due_value_is_refused,
                a_unique_value_is_taken_once,
                a_value_is_found_by_its_blind,
                regions_are_apart;
            outcomes:
                a_use_does_not_raise_the_version,
                a_withdrawal_overtakes_a_use_that_was_read_before,
                two_changes_from_one_snapshot_conflict,
                uses_from_one_snapshot_do_not_conflict,
                a_failed_outcome_leaves_nothing,
                what_is_owed_elsewhere_is_not_given_out,
                a_refusal_is_recorded_like_a_permit,
                a_refusal_about_nobody_is_counted,
                asking_is_counted_and_not_recorded,
                each_answer_counts_under_its_clauses,
                records_say_what_was_decided,
                one_outcome_is_judged_for_several_requests,
                one_refusal_refuses_the_whole_outcome,
                records_come_in_pages,
                an_idempotency_key_is_answered_once,
                what_is_past_a_limit_is_refused,
                many_at_once_are_all_recorded;
            access:
                a_session_is_found_until_it_expires,
                sessions_are_listed_and_ended,
                a_code_is_tried_and_dropped,
                a_tally_counts_to_its_bound_and_begins_anew,
                what_waits_to_be_proved_lies_beside_what_is_held;
            work:
                a_job_is_claimed_once_until_its_lease_runs_out,
                who_claimed_a_job_that_was_renewed_does_not_end_the_new_one,
                a_job_is_done_with_its_effects,
                a_mail_is_claimed_delayed_and_done,
                a_cause_is_mailed_once,
                counters_add_up;
            events:
                events_are_found_by_their_tag,
                counts_stand_beside_the_blocks,
                a_day_takes_so_much_of_one_person,
                events_are_recorded_by_themselves,
                a_dropped_partition_is_gone_and_the_log_still_has_it;
            staff:
                staff_are_added_listed_and_ended,
                a_step_begins_one_session,
                a_staff_session_ends_unless_it_is_used,
                another_password_ends_every_session_but_one,
                wrong_tries_are_counted_at_once;
            erasure:
                who_is_erased_is_gone,
                what_is_attested_outlives_the_person,
                many_records_go_with_their_person,
                the_final_mail_outlives_the_key,
                a_use_in_flight_conflicts_with_an_erasure;
            holds:
                a_held_value_is_given_to_its_hold_alone,
                what_is_held_outlives_the_person_until_the_hold_ends;
            log:
                entries_are_brought_in_once_and_proved,
                the_log_verifies_with_other_tools;
            installation:
                keys_are_added_found_and_ended,
                policies_are_kept_in_order,
                the_vocabulary_only_grows;
            backup:
                what_was_erased_since_does_not_come_back,
                rows_without_keys_are_nothing,
                a_list_that_does_not_reach_is_refused,
                a_hold_that_was_lifted_since_does_not_hold_again,
                what_was_begun_since_comes_to_its_end,
                a_stopped_restore_goes_on,
                what_was_not_written_down_is_caught_up,
                the_log_waits_for_what_is_written_down;
            reopen:
                everything_acknowledged_is_there_after_reopening,
                a_region_that_is_not_named_is_refused,
                regions_are_named_once;
        });
    };
}

common!(sqlite: crate::world::Sqlite);
common!(postgres: crate::shared::Postgres);
common!(serializable: crate::shared::Serializable);

// What is told of several nodes.
suite!(many: crate::shared::Postgres {
    events:
        a_day_that_is_left_in_part_is_dropped_with_the_rest;
    nodes:
        what_one_acknowledged_counts_on_the_other,
        uses_and_changes_of_two_nodes_do_not_pass_each_other,
        a_job_is_done_by_one_of_many,
        of_two_sequencers_one_comes_too_late,
        a_lease_is_kept_and_handed_on,
        what_a_crash_left_unmarked_is_found_again,
        a_log_that_was_shortened_is_refused,
        a_newer_schema_is_refused,
        a_long_transaction_holds_up_the_sweep,
        a_newer_schema_that_lets_us_in_is_served,
        a_lease_from_before_a_step_backwards_is_nobodys,
        nodes_that_start_together_migrate_once,
        the_schema_can_be_spread_over_machines,
        a_destroyed_key_is_in_no_page_after_a_sweep,
        a_cut_connection_is_made_again;
});

// What is told of both engines.
suite!(between: crate::shared::Postgres {
    backup:
        it_comes_back_into_the_other_engine,
        a_database_comes_back_into_a_database;
    moving:
        an_installation_goes_there_and_back,
        what_comes_after_goes_on,
        a_stopped_move_goes_on,
        what_was_changed_on_the_way_is_found,
        what_cannot_be_moved_is_refused;
});

// What is told of files that only one engine has.
suite!(folder: crate::world::Sqlite {
    erasure:
        nothing_of_the_key_is_left_after_a_sweep,
        a_copy_of_a_key_is_found_after_a_restart;
    log:
        a_crash_between_append_and_mark_is_recognised;
    reopen:
        what_was_acknowledged_is_in_a_copy_taken_without_closing,
        a_second_opening_is_refused,
        a_newer_schema_is_refused,
        a_newer_schema_that_lets_us_in_is_opened;
    torn:
        a_torn_log_leaves_whole_outcomes;
});
