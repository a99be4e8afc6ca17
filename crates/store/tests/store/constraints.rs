//! Half-states cannot be stored, whoever tries: each attempt is a superuser's, past every policy.

use store::StoreError;

use crate::scene::{Scene, hex32};

#[tokio::test]
async fn half_states_are_refused_by_name() {
    let scene = Scene::set().await;
    let waiting = "where state = 'with_agency'";
    for (sql, constraint) in [
        (format!("update letters set state = 'passed_on' {waiting}"), "letters_decided_has_time"),
        (
            format!("update letters set state = 'passing_on', decided_at = now() {waiting}"),
            "letters_passing_on_has_release",
        ),
        (
            format!("update letters set state = 'passed_on', decided_at = now(), release_at = now() {waiting}"),
            "letters_passed_on_is_released",
        ),
        (format!("update letters set released_at = now() {waiting}"), "letters_passed_on_is_released"),
        (
            "update letters set released_at = release_at - interval '1 s' where state = 'passed_on'".into(),
            "letters_released_in_order",
        ),
        (format!("update letters set state = 'lost' {waiting}"), "letters_state_known"),
        ("update jobs set state = 'leased'".into(), "jobs_leased_has_token"),
        ("update jobs set state = 'dead'".into(), "jobs_dead_has_error"),
        ("update invites set used_at = now()".into(), "invites_used_whole"),
        ("update notices set state = 'sent'".into(), "notices_sent_has_time"),
        ("update contacts set state = 'failing'".into(), "contacts_failing_has_time"),
        ("update decisions set step = 2".into(), "decisions_step"),
        ("update grants set sealed = sealed || '\\x00'".into(), "grants_hash"),
        ("update ciphertexts set sealed = '\\x00'".into(), "ciphertexts_length"),
        ("update agencies set root_key = sha256('other')".into(), "agencies_realm_is_hash_of_root"),
        ("update bundles set version = 0".into(), "bundles_version_positive"),
        ("update wraps set gate_version = null".into(), "wraps_gate_version"),
        ("update certificates set kind = 'member' where kind = 'staff'".into(), "certificates_kind"),
        ("update epochs set n = 0".into(), "epochs_n"),
        ("update arrangement_members set side = 'g'".into(), "arrangement_members_side"),
    ] {
        let tried = scene.superuser(&sql).await;
        let error = tried.expect_err(&sql);
        assert!(matches!(error, StoreError::Refused(_)), "{sql}: {error:?}");
        assert_eq!(error.constraint(), Some(constraint), "{sql}");
    }
}

#[tokio::test]
async fn what_happened_stays_even_for_a_superuser() {
    let scene = Scene::set().await;
    for table in [
        "statements",
        "statement_references",
        "verdicts",
        "log_leaves",
        "checkpoints",
        "submissions",
        "attachments",
        "openings",
        "deliveries",
    ] {
        for sql in [
            format!("update {table} set agency_id = agency_id"),
            format!("delete from {table}"),
            format!("truncate {table} cascade"),
        ] {
            let error = scene.superuser(&sql).await.expect_err(&sql);
            assert_eq!(error.constraint(), Some("insert_only"), "{sql}: {error:?}");
        }
    }
}

#[tokio::test]
async fn what_is_single_is_single() {
    let scene = Scene::set().await;
    let copy_letter = |changes: &str| {
        format!(
            "insert into submissions select agency_id, '\\x{}', letter_id, 2, statement_id,
                 arrangement_statement_id, ct_hash, ct_len, {changes}, addressees, day
             from submissions where statement_id = '\\x{}'",
            hex32(58),
            hex32(57),
        )
    };
    for (sql, constraint) in [
        // A letter key is fresh for every revision.
        (copy_letter("key_hash"), "submissions_key_hash_unique"),
        (
            "insert into checks select agency_id, uuid_in(md5(n::text)::cstring), letter_id, submit_id,
                 staff_id, certificate_id, claimed_at, renewed_at, null
             from checks, generate_series(1, 2) n".into(),
            "checks_one_open",
        ),
        (
            "insert into contacts select agency_id, membership_id, 2, sha256('x'), channel, sealed, 'in_use', null
             from contacts".into(),
            "contacts_one_in_use",
        ),
        (
            "insert into notices select agency_id, uuid_in(md5('x')::cstring), membership_id, body, event,
                 event_key, for_day, state, attempts, last_error, created_at, sent_at from notices".into(),
            "notices_event_unique",
        ),
        (
            "with sent as (
                 insert into notices select agency_id, uuid_in(md5(n::text)::cstring), membership_id, 'news',
                     event, n::text, for_day, 'sent', 1, null, created_at, created_at
                 from notices, generate_series(1, 2) n returning 1)
             select count(*) from sent".into(),
            "notices_one_news_a_day",
        ),
        (
            "insert into jobs (agency_id, queue, subject, run_at, dedupe_key, created_at)
             select agency_id, queue, subject, run_at, dedupe_key, created_at from jobs".into(),
            "jobs_dedupe_unique",
        ),
        (
            "insert into certificates select agency_id, sha256('x'), kind, staff_id, membership_id, person_id,
                 account_id, sign_key, seal_key, roles, teams, arrangement_id, until_at, effective_at
             from certificates where kind = 'member'".into(),
            "certificates_one_per_membership",
        ),
    ] {
        let error = scene.superuser(&sql).await.expect_err(&sql);
        assert!(matches!(error, StoreError::Duplicate(_)), "{sql}: {error:?}");
        assert_eq!(error.constraint(), Some(constraint), "{sql}");
    }
}
