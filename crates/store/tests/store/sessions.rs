//! What a session opens: `authenticate`, and the rows its actor then sees.

use domain::id::AgencyId;
use store::{Actor, Role, Store, StoreError, Tx};

use crate::scene::{A, EMPTY, Scene, account, hex32};

async fn as_session(store: &Store, agency: AgencyId, n: u8, at: &str) -> (Tx, i64) {
    let mut tx = store.begin(agency, Actor::Nobody).await.expect("begin");
    let sql = format!("select count(*) from authenticate('\\x{}', '{at}')", hex32(n));
    let found = tx.number(&sql).await.expect("authenticate");
    (tx, found)
}

const SOON: &str = "2026-11-23 11:00+00";

#[tokio::test]
async fn a_session_is_found_in_its_own_agency_and_time_only() {
    let scene = Scene::set().await;
    let store = scene.db.store(Role::Api).await;
    assert_eq!(as_session(&store, A, 12, SOON).await.1, 1);
    assert_eq!(as_session(&store, EMPTY, 12, SOON).await.1, 0);
    assert_eq!(as_session(&store, A, 99, SOON).await.1, 0);
    assert_eq!(as_session(&store, A, 12, "2026-11-23 18:00+00").await.1, 0, "it has run out");
}

#[tokio::test]
async fn being_seen_is_written_at_most_once_a_minute() {
    let scene = Scene::set().await;
    let store = scene.db.store(Role::Api).await;
    let seen = "select extract(epoch from seen_at)::int8 from sessions";
    for (at, expected) in [
        ("2026-11-23 10:00:59+00", "2026-11-23 10:00:00+00"),
        ("2026-11-23 10:01:00+00", "2026-11-23 10:01:00+00"),
        ("2026-11-23 10:01:30+00", "2026-11-23 10:01:00+00"),
    ] {
        let (mut tx, _) = as_session(&store, A, 12, at).await;
        let expected = format!("select extract(epoch from '{expected}'::timestamptz)::int8");
        let expected = tx.number(&expected).await.expect("a number");
        assert_eq!(tx.number(seen).await.expect("its own session"), expected, "at {at}");
        tx.commit().await.expect("commit");
    }
}

#[tokio::test]
async fn an_account_sees_its_own_keys_only_and_nobody_sees_any() {
    let scene = Scene::set().await;
    let store = scene.db.store(Role::Api).await;
    for table in ["bundles", "wraps", "gates", "drafts", "words_requests"] {
        let count = format!("select count(*) from {table}");
        let mut nobody = store.begin(A, Actor::Nobody).await.expect("begin");
        assert_eq!(nobody.number(&count).await.expect("select"), 0, "{table}");
        let mut own = store.begin(A, Actor::Account(account(12))).await.expect("begin");
        assert_eq!(own.number(&count).await.expect("select"), 1, "{table}");
        let foreign = format!("{count} where account_id <> '{}'", account(12));
        assert_eq!(own.number(&foreign).await.expect("select"), 0, "{table}");
    }
    let mut own = store.begin(A, Actor::Account(account(12))).await.expect("begin");
    let theft = format!("update bundles set sealed = sealed where account_id = '{}'", account(13));
    assert_eq!(own.attempt(&theft).await.expect("hidden"), 0);
    let planting = format!(
        "insert into wraps values ('{A}', '{A}', '{}', 'device', decode(repeat('00', 28), 'hex'), null, now())",
        account(13)
    );
    assert!(matches!(own.attempt(&planting).await, Err(StoreError::Forbidden)));
    for (sql, theft) in [
        ("update drafts set version = 9 where account_id = '{}'", "overwriting a draft"),
        ("delete from drafts where account_id = '{}'", "throwing a draft away"),
        ("delete from words_requests where account_id = '{}'", "taking a request back"),
    ] {
        let mut own = store.begin(A, Actor::Account(account(12))).await.expect("begin");
        let sql = sql.replace("{}", &account(13).to_string());
        assert_eq!(own.attempt(&sql).await.expect("hidden"), 0, "{theft}");
    }
    for planting in [
        format!(
            "insert into drafts values ('{A}', '{}', '{A}', 1, decode(repeat('00', 28), 'hex'), now())",
            account(13)
        ),
        format!("insert into words_requests values ('{A}', '{}', now())", account(11)),
    ] {
        let mut own = store.begin(A, Actor::Account(account(12))).await.expect("begin");
        assert!(matches!(own.attempt(&planting).await, Err(StoreError::Forbidden)), "{planting}");
    }
}

#[tokio::test]
async fn a_member_of_staff_names_themself_and_nobody_else() {
    let scene = Scene::set().await;
    let store = scene.db.store(Role::Api).await;
    let rename = "update staff_names set name = 'Sami'";
    let (mut sam, _) = as_session(&store, A, 11, SOON).await;
    assert_eq!(sam.attempt(rename).await.expect("their own"), 1);
    let foreign = format!("insert into staff_names values ('{A}', '{A}', 'Lee', now())");
    assert!(matches!(sam.attempt(&foreign).await, Err(StoreError::Forbidden)));
    let (mut writer, _) = as_session(&store, A, 12, SOON).await;
    let seen = "select count(*) from staff_names where name = 'Sam'";
    assert_eq!(writer.number(seen).await.expect("select"), 1, "families see it");
    assert_eq!(writer.attempt(rename).await.expect("hidden"), 0);
    assert!(matches!(writer.attempt(&foreign).await, Err(StoreError::Forbidden)));
}

#[tokio::test]
async fn a_writer_sees_what_they_wrote_and_a_reader_what_was_passed_on() {
    let scene = Scene::set().await;
    let store = scene.db.store(Role::Api).await;
    // (table, writer, reader, coordinator, an account that set no session)
    for (sql, expected) in [
        ("select count(*) from letters", [2, 1, 2, 0]),
        ("select count(*) from submissions", [2, 1, 2, 0]),
        ("select count(*) from ciphertexts", [2, 1, 2, 0]),
        // Own copy; the grant of the letter that was released, not that of the one which waits.
        ("select count(*) from grants where grantee_kind in ('self', 'member')", [1, 1, 3, 0]),
        ("select count(*) from grants where grantee_kind = 'epoch'", [0, 0, 1, 0]),
        ("select count(*) from deliveries", [0, 1, 1, 0]),
        ("select count(*) from openings", [1, 1, 1, 0]),
        ("select count(*) from decisions", [1, 1, 1, 0]),
        ("select count(*) from attachments", [1, 0, 1, 0]),
        ("select count(*) from checks", [0, 0, 1, 0]),
        ("select count(*) from epoch_wraps", [0, 0, 1, 0]),
        ("select count(*) from arrangements", [1, 1, 1, 0]),
        ("select count(*) from arrangement_documents where kind = 'plan'", [1, 1, 1, 0]),
        ("select count(*) from arrangement_documents where kind = 'notes'", [0, 0, 1, 0]),
        ("select count(*) from memberships", [1, 1, 2, 0]),
        ("select count(*) from messages", [1, 0, 1, 0]),
        ("select count(n) from contacts", [1, 0, 1, 0]),
        ("select count(*) from words_requests", [1, 1, 2, 0]),
        ("select count(*) from drafts", [1, 1, 0, 0]),
    ] {
        for (who, expected) in [12, 13, 11].into_iter().zip(expected) {
            let (mut tx, _) = as_session(&store, A, who, SOON).await;
            assert_eq!(tx.number(sql).await.expect("select"), expected, "{sql} by {who}");
        }
        let mut bare = store.begin(A, Actor::Nobody).await.expect("begin");
        assert_eq!(bare.number(sql).await.expect("select"), expected[3], "{sql} at the door");
    }
}

#[tokio::test]
async fn what_has_run_out_is_forgotten_by_a_worker_that_cannot_read_it() {
    let scene = Scene::set().await;
    let store = scene.db.store(Role::Worker).await;
    let mut tx = store.begin(A, Actor::Nobody).await.expect("begin");
    tx.attempt("select forget_expired('2026-12-01 00:00+00')").await.expect("may");
    tx.commit().await.expect("commit");
    let pool = scene.db.superuser().await;
    for (table, left) in [("sessions", 3), ("sign_ins", 1), ("limits", 1), ("wraps", 6)] {
        let count = format!("select count(*) from {table}");
        let count: i64 =
            sqlx::query_scalar(sqlx::AssertSqlSafe(count)).fetch_one(&pool).await.expect("count");
        assert_eq!(count, left, "{table}: the other agency's are untouched");
    }
    let api = scene.db.store(Role::Api).await;
    let mut tx = api.begin(A, Actor::Nobody).await.expect("begin");
    assert!(matches!(tx.attempt("select forget_expired(now())").await, Err(StoreError::Forbidden)));
}

#[tokio::test]
async fn a_wrap_that_was_replaced_is_kept_for_ninety_days() {
    let scene = Scene::set().await;
    for days in [89, 91] {
        let replaced = format!(
            "insert into wraps (agency_id, wrap_id, account_id, kind, sealed, created_at, replaced_at)
             values ('{A}', '{}', '{}', 'device', decode(repeat('00', 28), 'hex'),
                 '2026-01-01 00:00+00', '2026-12-01 00:00+00'::timestamptz - interval '{days} days')",
            account(days),
            account(12)
        );
        scene.superuser(&replaced).await.expect("replaced");
    }
    let store = scene.db.store(Role::Worker).await;
    let mut tx = store.begin(A, Actor::Nobody).await.expect("begin");
    tx.attempt("select forget_expired('2026-12-01 00:00+00')").await.expect("may");
    tx.commit().await.expect("commit");
    let pool = scene.db.superuser().await;
    let left: Vec<i64> = sqlx::query_scalar(
        "select extract(day from '2026-12-01 00:00+00' - replaced_at)::bigint from wraps
         where replaced_at is not null",
    )
    .fetch_all(&pool)
    .await
    .expect("wraps");
    assert_eq!(left, [89]);
}

#[tokio::test]
async fn an_answer_reaches_its_writer_once_it_is_logged_and_nobody_else_ever() {
    let scene = Scene::set().await;
    let store = scene.db.store(Role::Api).await;
    let count = "select count(*) from receipts";
    // The writer, the reader who answered, a coordinator.
    for (verdict, expected) in
        [("waiting", [0, 1, 0]), ("logged", [1, 1, 0]), ("quarantined", [0, 1, 0])]
    {
        let judge = format!("update receipts set verdict = '{verdict}'");
        scene.superuser(&judge).await.expect("judged");
        for (who, expected) in [12, 13, 11].into_iter().zip(expected) {
            let (mut tx, _) = as_session(&store, A, who, SOON).await;
            assert_eq!(tx.number(count).await.expect("select"), expected, "{verdict} by {who}");
        }
    }
    let planted = format!(
        "insert into receipts (agency_id, statement_id, submit_id, letter_id, membership_id,
             phrase, received_at)
         select agency_id, '\\x{}', submit_id, letter_id, membership_id, 'thanks', now()
         from deliveries",
        hex32(62)
    );
    let (mut coordinator, _) = as_session(&store, A, 11, SOON).await;
    assert!(matches!(coordinator.attempt(&planted).await, Err(StoreError::Forbidden)));
    let (mut reader, _) = as_session(&store, A, 13, SOON).await;
    assert_eq!(reader.attempt(&planted).await.expect("their own"), 1);
}
