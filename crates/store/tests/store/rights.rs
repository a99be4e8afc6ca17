//! Row-level security and grants, proven under each service's own role.

use std::fmt::Write as _;

use sqlx::Row as _;
use store::{Actor, Role, StoreError, Tx};

use crate::scene::{A, EMPTY, Scene, hex32};

/// Every table of ours, as the catalogue has them.
const TABLES: &str = "select relname from pg_class
    where relkind = 'r' and relnamespace = 'public'::regnamespace and relname <> '_sqlx_migrations'
    order by relname";

async fn tables(scene: &Scene) -> Vec<String> {
    let pool = scene.db.superuser().await;
    let rows = sqlx::query(TABLES).fetch_all(&pool).await.expect("the catalogue");
    rows.iter().map(|row| row.get(0)).collect()
}

#[tokio::test]
async fn no_role_sees_a_row_without_an_agency_or_of_another_agency() {
    let scene = Scene::set().await;
    let tables = tables(&scene).await;
    let pool = scene.db.superuser().await;
    for table in &tables {
        let counted = format!("select count(distinct agency_id) from {table}");
        let agencies: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(counted))
            .fetch_one(&pool)
            .await
            .expect("counting");
        assert_eq!(agencies, 2, "the scene has rows of two agencies in {table}");
    }
    for role in Role::ALL {
        let store = scene.db.store(role).await;
        for table in &tables {
            // Queues cross agencies, on purpose; see the test of their own.
            if table == "jobs" {
                continue;
            }
            let all = format!("select count(agency_id) from {table}");
            let foreign = format!("select count(agency_id) from {table} where agency_id <> '{A}'");
            let nowhere = count(store.begin_queues().await, &all).await;
            if matches!(nowhere, Err(StoreError::Forbidden)) {
                continue;
            }
            assert_eq!(nowhere.expect("select"), 0, "{role} in no agency: {table}");
            let elsewhere = count(store.begin(EMPTY, Actor::Nobody).await, &all).await;
            assert_eq!(elsewhere.expect("select"), 0, "{role} elsewhere: {table}");
            let here = count(store.begin(A, Actor::Nobody).await, &foreign).await;
            assert_eq!(here.expect("select"), 0, "{role} sees another agency's: {table}");
        }
    }
}

async fn count(tx: Result<Tx, StoreError>, sql: &str) -> Result<i64, StoreError> {
    tx?.number(sql).await
}

#[tokio::test]
async fn a_connection_keeps_nothing_of_the_transaction_before() {
    let scene = Scene::set().await;
    let store = scene.db.store(Role::Auditor).await;
    for _ in 0..4 {
        let mut here = store.begin(A, Actor::Nobody).await.expect("begin");
        assert_eq!(here.number("select count(*) from letters").await.expect("select"), 2);
        here.commit().await.expect("commit");
        let mut nowhere = store.begin_queues().await.expect("begin");
        assert_eq!(nowhere.number("select count(*) from letters").await.expect("select"), 0);
    }
}

#[tokio::test]
async fn connections_that_died_in_the_pool_are_replaced_unnoticed() {
    let scene = Scene::set().await;
    let store = scene.db.store(Role::Api).await;
    let kept = [store.begin_queues().await, store.begin_queues().await, store.begin_queues().await];
    for tx in kept {
        tx.expect("begin").commit().await.expect("commit");
    }
    scene
        .superuser(
            "select pg_terminate_backend(pid) from pg_stat_activity
             where usename = 'api_login' and datname = current_database()",
        )
        .await
        .expect("ending connections");
    for _ in 0..4 {
        store.ping().await.expect("a new connection");
    }
}

#[tokio::test]
async fn nobody_writes_into_another_agency() {
    let scene = Scene::set().await;
    let store = scene.db.store(Role::Api).await;
    let mut tx = store.begin(EMPTY, Actor::Nobody).await.expect("begin");
    let foreign = format!("insert into teams values ('{A}', '{EMPTY}', 'Ours')");
    assert!(matches!(tx.attempt(&foreign).await, Err(StoreError::Forbidden)));
}

#[tokio::test]
async fn every_table_is_under_forced_row_level_security_and_every_index_begins_with_the_agency() {
    let scene = Scene::set().await;
    let pool = scene.db.superuser().await;
    let open: Vec<String> = sqlx::query_scalar(
        "select relname::text from pg_class c
         where relkind = 'r' and relnamespace = 'public'::regnamespace
             and relname <> '_sqlx_migrations'
             and not (relrowsecurity and relforcerowsecurity
                 and exists (select from pg_policy where polrelid = c.oid))",
    )
    .fetch_all(&pool)
    .await
    .expect("the catalogue");
    assert!(open.is_empty(), "{open:?}");
    let astray: Vec<String> = sqlx::query_scalar(
        "select c.relname::text from pg_index i
         join pg_class c on c.oid = i.indexrelid
         join pg_class t on t.oid = i.indrelid
         join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
         where t.relnamespace = 'public'::regnamespace and a.attname <> 'agency_id'
             and t.relname not in ('_sqlx_migrations', 'agencies')
             -- Leasing goes across agencies.
             and c.relname not in ('jobs_ready', 'jobs_leased')",
    )
    .fetch_all(&pool)
    .await
    .expect("the catalogue");
    assert!(astray.is_empty(), "{astray:?}");
}

#[tokio::test]
async fn each_role_can_do_what_its_column_says_and_nothing_more() {
    let scene = Scene::set().await;
    let pool = scene.db.superuser().await;
    let mut matrix = String::from(
        "# S select, I insert, U update, D delete; lower case: some columns only.\n\
         # Regenerate with UPDATE_SNAPSHOTS=1.\n",
    );
    for table in tables(&scene).await {
        write!(matrix, "{table:22}").expect("a string");
        for role in Role::ALL {
            let mut rights = String::new();
            for (letter, right) in [('S', "select"), ('I', "insert"), ('U', "update")] {
                let (whole, some): (bool, bool) = sqlx::query_as(
                    "select has_table_privilege($1, $2, $3), has_any_column_privilege($1, $2, $3)",
                )
                .bind(role.as_str())
                .bind(&table)
                .bind(right)
                .fetch_one(&pool)
                .await
                .expect("the catalogue");
                rights.push(match (whole, some) {
                    (true, _) => letter,
                    (false, true) => letter.to_ascii_lowercase(),
                    (false, false) => '-',
                });
            }
            let delete: bool = sqlx::query_scalar("select has_table_privilege($1, $2, 'delete')")
                .bind(role.as_str())
                .bind(&table)
                .fetch_one(&pool)
                .await
                .expect("the catalogue");
            rights.push(if delete { 'D' } else { '-' });
            write!(matrix, " {role} {rights} ").expect("a string");
        }
        matrix.truncate(matrix.trim_end().len());
        matrix.push('\n');
    }
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/store/rights.txt");
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(file, &matrix).expect("writing the snapshot");
    }
    let kept = std::fs::read_to_string(file).expect("the snapshot");
    assert_eq!(matrix, kept, "grants changed: look, then run again with UPDATE_SNAPSHOTS=1");
}

#[tokio::test]
async fn the_api_cannot_release_judge_certify_or_write_the_log() {
    let scene = Scene::set().await;
    let store = scene.db.store(Role::Api).await;
    let st = hex32(57);
    for (sql, what) in [
        (
            "update letters set state = 'passed_on' where state = 'with_agency'".to_owned(),
            "releasing",
        ),
        ("update letters set release_at = now()".to_owned(), "setting a release"),
        ("update letters set state = 'kept' where state = 'with_agency'".to_owned(), "keeping"),
        (
            format!("insert into verdicts values ('{A}', '\\x{st}', 'logged', null, 99, now())"),
            "judging",
        ),
        (
            format!(
                "insert into deliveries select agency_id, '\\x{st}', membership_id, letter_id,
                     decision_id, now() from deliveries"
            ),
            "delivering",
        ),
        ("insert into certificates select * from certificates".to_owned(), "certifying"),
        (format!("insert into log_leaves values ('{A}', 99, '\\x{st}', '\\x{st}')"), "logging"),
        (
            format!("insert into checkpoints values ('{A}', 99, '\\x{st}', '', now())"),
            "signing the log",
        ),
        ("update decisions set verdict = 'final'".to_owned(), "making a decision final"),
        ("update receipts set verdict = 'logged'".to_owned(), "logging an answer"),
        ("update reseals set verdict = 'logged'".to_owned(), "giving a letter back"),
        ("update accounts set state = 'ended'".to_owned(), "closing an account"),
        ("update statements set kind = 'agency'".to_owned(), "changing a statement"),
        ("delete from statements".to_owned(), "deleting a statement"),
        ("delete from openings".to_owned(), "hiding an opening"),
        (
            format!(
                "insert into jobs (agency_id, queue, subject, run_at, dedupe_key, created_at)
                     values ('{A}', 'release', '', now(), 'x', now())"
            ),
            "enqueueing a release",
        ),
        ("select sealed from contacts".to_owned(), "reading a contact point"),
        ("select * from jobs".to_owned(), "reading jobs"),
    ] {
        let mut tx = store.begin(A, Actor::Nobody).await.expect("begin");
        tx.number(&format!(
            "select count(*) from authenticate('\\x{}', '2026-11-23 11:00+00')",
            hex32(11)
        ))
        .await
        .expect("a coordinator's session");
        let tried = tx.attempt(&sql).await;
        assert!(matches!(tried, Err(StoreError::Forbidden)), "{what}: {tried:?}");
    }
}

#[tokio::test]
async fn a_letter_that_was_decided_is_out_of_the_api_s_reach() {
    let scene = Scene::set().await;
    let store = scene.db.store(Role::Api).await;
    let mut tx = store.begin(A, Actor::Nobody).await.expect("begin");
    tx.number(&format!(
        "select count(*) from authenticate('\\x{}', '2026-11-23 11:00+00')",
        hex32(11)
    ))
    .await
    .expect("a coordinator's session");
    let moved =
        tx.attempt("update letters set state = 'with_agency' where state = 'passed_on'").await;
    assert_eq!(moved.expect("hidden rather than refused"), 0);
}

#[tokio::test]
async fn the_worker_reads_no_key_no_session_and_no_address() {
    let scene = Scene::set().await;
    let store = scene.db.store(Role::Worker).await;
    for table in
        ["bundles", "wraps", "drafts", "sessions", "sign_ins", "accounts", "gates", "limits"]
    {
        let mut tx = store.begin(A, Actor::Nobody).await.expect("begin");
        let tried = tx.attempt(&format!("select * from {table}")).await;
        assert!(matches!(tried, Err(StoreError::Forbidden)), "{table}: {tried:?}");
    }
    for column in ["contacts", "epoch_wraps", "messages"] {
        let mut tx = store.begin(A, Actor::Nobody).await.expect("begin");
        let tried = tx.attempt(&format!("select sealed from {column}")).await;
        assert!(matches!(tried, Err(StoreError::Forbidden)), "{column}: {tried:?}");
    }
}

#[tokio::test]
async fn the_notifier_reads_no_letter_and_only_the_statements_behind_a_contact() {
    let scene = Scene::set().await;
    let store = scene.db.store(Role::Notifier).await;
    for table in
        ["letters", "submissions", "ciphertexts", "grants", "decisions", "messages", "bundles"]
    {
        let mut tx = store.begin(A, Actor::Nobody).await.expect("begin");
        let tried = tx.attempt(&format!("select * from {table}")).await;
        assert!(matches!(tried, Err(StoreError::Forbidden)), "{table}: {tried:?}");
    }
    let mut tx = store.begin(A, Actor::Nobody).await.expect("begin");
    let letters = "select count(*) from statements where kind in ('submit', 'decision', 'message')";
    assert_eq!(tx.number(letters).await.expect("select"), 0);
    let contacts = "select count(*) from statements where kind = 'contact'";
    assert_eq!(tx.number(contacts).await.expect("select"), 1);
}

#[tokio::test]
async fn the_auditor_reads_no_sealed_content_and_writes_nothing() {
    let scene = Scene::set().await;
    let store = scene.db.store(Role::Auditor).await;
    for sql in [
        "select * from ciphertexts",
        "select sealed from grants",
        "select sealed from attachments",
        "select sealed from messages",
        "select * from contacts",
        "select * from bundles",
        "select * from drafts",
        "select card from invites",
        "update letters set due_on = null",
        "delete from openings",
    ] {
        let mut tx = store.begin(A, Actor::Nobody).await.expect("begin");
        let tried = tx.attempt(sql).await;
        assert!(matches!(tried, Err(StoreError::Forbidden)), "{sql}: {tried:?}");
    }
}

#[tokio::test]
async fn the_verifier_reads_what_the_log_is_made_of_and_nothing_else() {
    let scene = Scene::set().await;
    let store = scene.db.store(Role::Verifier).await;
    let mut tx = store.begin_snapshot(A).await.expect("begin");
    let entries = store::audit::entries(&mut tx, 0, 100).await.expect("entries");
    assert_eq!(entries.len(), 9);
    assert!(entries.iter().all(|entry| entry.envelope.is_some() && entry.is_judged));
    for table in tables(&scene).await {
        let of_the_log =
            ["agencies", "checkpoints", "statements", "statement_references", "verdicts"];
        if table.starts_with("log_") || of_the_log.contains(&table.as_str()) {
            continue;
        }
        let mut tx = store.begin(A, Actor::Nobody).await.expect("begin");
        let read = tx.attempt(&format!("select count(agency_id) from {table}")).await;
        assert!(matches!(read, Err(StoreError::Forbidden)), "{table}");
    }
    for sql in [
        "select name from agencies",
        "select account_id from statements",
        "select received_at from statements",
        "select judged_at from verdicts",
        "delete from log_salts",
        "insert into log_nodes values (default, 1, 1, '')",
    ] {
        let mut tx = store.begin(A, Actor::Nobody).await.expect("begin");
        let tried = tx.attempt(sql).await;
        assert!(matches!(tried, Err(StoreError::Forbidden)), "{sql}: {tried:?}");
    }
}

#[tokio::test]
async fn a_snapshot_is_one_moment_however_long_it_lasts_and_writes_nothing() {
    let scene = Scene::set().await;
    let store = scene.db.store(Role::Worker).await;
    let mut tx = store.begin_snapshot(A).await.expect("begin");
    let leaves = "select count(*) from log_leaves";
    let before = tx.number(leaves).await.expect("select");
    let mut later = store.begin(A, Actor::Nobody).await.expect("begin");
    let node = format!("insert into log_nodes values ('{A}', 40, 0, sha256(''))");
    assert_eq!(later.attempt(&node).await.expect("may"), 1);
    let nodes = "select count(*) from log_nodes where level = 40";
    later.commit().await.expect("commit");
    assert_eq!(tx.number(nodes).await.expect("select"), 0, "not of this moment");
    assert_eq!(tx.number(leaves).await.expect("select"), before);
    assert!(tx.attempt(&node.replace("40, 0", "41, 0")).await.is_err(), "read only");
}

#[tokio::test]
async fn records_may_delete_salts_and_ciphertexts_and_nothing_else() {
    let scene = Scene::set().await;
    let store = scene.db.store(Role::Records).await;
    let mut tx = store.begin(A, Actor::Nobody).await.expect("begin");
    assert_eq!(tx.attempt("delete from log_salts where leaf_index = 6").await.expect("may"), 1);
    let purge = format!("delete from ciphertexts where statement_id = '\\x{}'", hex32(56));
    assert_eq!(tx.attempt(&purge).await.expect("may"), 1);
    for sql in ["delete from statements", "delete from log_leaves", "delete from letters"] {
        let mut tx = store.begin(A, Actor::Nobody).await.expect("begin");
        assert!(matches!(tx.attempt(sql).await, Err(StoreError::Forbidden)), "{sql}");
    }
}

#[tokio::test]
async fn a_login_that_sets_no_role_can_do_nothing() {
    let scene = Scene::set().await;
    for role in Role::ALL {
        let pool = sqlx::PgPool::connect(&scene.db.url(role)).await.expect("a login");
        let bare = sqlx::query("select count(*) from letters").execute(&pool).await;
        assert!(matches!(bare.map_err(StoreError::from), Err(StoreError::Forbidden)), "{role}");
        for other in Role::ALL.into_iter().filter(|other| *other != role) {
            let sql = format!("set role {other}");
            let other = sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&pool).await;
            assert!(other.is_err(), "{role} became another");
        }
        pool.close().await;
    }
}
