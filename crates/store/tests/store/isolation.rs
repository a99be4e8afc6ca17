//! Row-level security by itself: every table, role and command from PostgreSQL's own catalogue,
//! with none of the application's predicates. What a forgotten `where` would show.

use std::fmt::Write as _;

use sqlx::Row as _;
use store::{Actor, Role, Store, StoreError, Tx};

use crate::scene::{A, EMPTY, Scene, hex32};

/// Every table of ours, as the catalogue has them.
const TABLES: &str = "select relname::text from pg_class
    where relkind = 'r' and relnamespace = 'public'::regnamespace and relname <> '_sqlx_migrations'
    order by relname";

/// In whose name a transaction works, and the letter of its column.
#[derive(Clone, Copy)]
enum Context {
    Nowhere,
    Elsewhere,
    Door,
    /// The session with this number: 11 a coordinator, 12 a writer, 13 their reader.
    Session(u8),
}

impl Context {
    /// Those that a role can have: only the API knows sessions.
    fn of(role: Role) -> &'static [Self] {
        const ALL: [Context; 6] = [
            Context::Nowhere,
            Context::Elsewhere,
            Context::Door,
            Context::Session(11),
            Context::Session(12),
            Context::Session(13),
        ];
        if role == Role::Api { &ALL } else { &ALL[..3] }
    }

    async fn begin(self, store: &Store) -> Tx {
        let begun = match self {
            Self::Nowhere => store.begin_queues().await,
            Self::Elsewhere => store.begin(EMPTY, Actor::Nobody).await,
            Self::Door | Self::Session(_) => store.begin(A, Actor::Nobody).await,
        };
        let mut tx = begun.expect("begins");
        if let Self::Session(n) = self {
            let hash = hex32(n);
            let known =
                format!("select count(*) from authenticate('\\x{hash}', '2026-11-23 10:30+00')");
            assert_eq!(tx.number(&known).await.expect("authenticates"), 1);
        }
        tx
    }

    fn is_foreign(self) -> bool {
        matches!(self, Self::Nowhere | Self::Elsewhere)
    }
}

/// What a role may write to, or read from, in a table: the first column it has the right to.
async fn column(scene: &Scene, role: Role, table: &str, right: &str) -> Option<String> {
    let pool = scene.db.superuser().await;
    let found = sqlx::query_scalar(
        "select attname::text from pg_attribute
         where attrelid = $2::regclass and attnum > 0 and not attisdropped
             and has_column_privilege($1, attrelid, attnum, $3)
         order by attnum desc limit 1",
    )
    .bind(role.as_str())
    .bind(table)
    .bind(right)
    .fetch_optional(&pool)
    .await;
    pool.close().await;
    found.expect("the catalogue")
}

/// Rows that a plain statement reaches: a number, or `x` where a rule refuses it outright.
fn reached(tried: Result<u64, StoreError>) -> String {
    match tried {
        Ok(rows) => rows.to_string(),
        Err(StoreError::Forbidden | StoreError::Refused(_)) => "x".to_owned(),
        Err(error) => panic!("{error}: {error:?}"),
    }
}

/// One cell: what a command reaches in each context; `-` where the role has no right to it.
async fn cell(scene: &Scene, store: &Store, table: &str, command: &str) -> String {
    let role = store.role();
    let sql = match command {
        "select" => column(scene, role, table, command)
            .await
            .map(|column| format!("select {column} from {table}")),
        "update" => column(scene, role, table, command)
            .await
            .map(|column| format!("update {table} set {column} = {column}")),
        _ => Some(format!("delete from {table}")),
    };
    let Some(sql) = sql else { return "-".to_owned() };
    let mut counts = Vec::new();
    for context in Context::of(role) {
        let mut tx = context.begin(store).await;
        let tried = tx.attempt(&sql).await;
        if command == "delete" && matches!(tried, Err(StoreError::Forbidden)) {
            return "-".to_owned();
        }
        let count = reached(tried);
        // Queues cross agencies, on purpose: their policy is by queue.
        if context.is_foreign() && table != "jobs" {
            assert!(count == "0" || count == "x", "{role} {sql}: {count} rows of another agency");
        }
        counts.push(count);
    }
    counts.join(" ")
}

#[tokio::test]
async fn without_a_where_each_role_reaches_what_is_written_down_and_nothing_of_another_agency() {
    let scene = Scene::set().await;
    let pool = scene.db.superuser().await;
    let tables: Vec<String> =
        sqlx::query_scalar(TABLES).fetch_all(&pool).await.expect("the catalogue");
    let mut matrix = String::from(
        "# Rows that `select`, `update` and `delete` without a condition reach: in no agency, in\n\
         # another one, in this one without a session; for the api also as a coordinator, as a\n\
         # writer, as their reader. `-`: no right at all; `x`: refused. Nobody may truncate.\n\
         # Regenerate with UPDATE_SNAPSHOTS=1.\n",
    );
    for role in Role::ALL {
        let store = scene.db.store(role).await;
        for table in &tables {
            let mut cells = Vec::new();
            for command in ["select", "update", "delete"] {
                cells.push(format!("{command} {}", cell(&scene, &store, table, command).await));
            }
            let mut tx = store.begin(A, Actor::Nobody).await.expect("begins");
            let truncated = tx.attempt(&format!("truncate {table} cascade")).await;
            assert!(matches!(truncated, Err(StoreError::Forbidden)), "{role}: {truncated:?}");
            writeln!(matrix, "{role:8} {table:21} {}", cells.join("  ")).expect("a string");
        }
    }
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/store/isolation.txt");
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(file, &matrix).expect("writing the snapshot");
    }
    let kept = std::fs::read_to_string(file).expect("the snapshot");
    assert_eq!(matrix, kept, "policies changed: look, then run again with UPDATE_SNAPSHOTS=1");
}

#[tokio::test]
async fn no_role_plants_a_row_of_one_agency_while_it_works_for_another_or_for_none() {
    let scene = Scene::set().await;
    let pool = scene.db.superuser().await;
    let tables: Vec<String> =
        sqlx::query_scalar(TABLES).fetch_all(&pool).await.expect("the catalogue");
    let mut tried = 0;
    for role in Role::ALL {
        let store = scene.db.store(role).await;
        for table in tables.iter().filter(|table| *table != "jobs") {
            let columns: Option<String> = sqlx::query_scalar(
                "select string_agg(quote_ident(attname), ', ' order by attnum) from pg_attribute
                 where attrelid = $2::regclass and attnum > 0 and not attisdropped
                     and has_column_privilege($1, attrelid, attnum, 'insert')",
            )
            .bind(role.as_str())
            .bind(table)
            .fetch_one(&pool)
            .await
            .expect("the catalogue");
            let Some(columns) = columns else { continue };
            let row =
                format!("select to_jsonb(t)::text from {table} t where agency_id = '{A}' limit 1");
            let row: String = sqlx::query(sqlx::AssertSqlSafe(row))
                .fetch_one(&pool)
                .await
                .expect("the scene has a row in every table")
                .get(0);
            let row = row.replace('\'', "''");
            let plant = format!(
                "insert into {table} ({columns})
                 select {columns} from jsonb_populate_record(null::{table}, '{row}')"
            );
            for context in [Context::Nowhere, Context::Elsewhere] {
                let mut tx = context.begin(&store).await;
                let planted = tx.attempt(&plant).await;
                assert!(
                    matches!(planted, Err(StoreError::Forbidden)),
                    "{role} {table}: {planted:?}"
                );
                tried += 1;
            }
        }
    }
    assert!(tried > 60, "the catalogue named {tried} places to write to");
}

#[tokio::test]
async fn what_is_kept_for_ever_is_kept_from_every_role_and_from_its_owner() {
    let scene = Scene::set().await;
    let pool = scene.db.superuser().await;
    let kept: Vec<String> = sqlx::query_scalar(
        "select tgrelid::regclass::text from pg_trigger where tgname = 'insert_only' order by 1",
    )
    .fetch_all(&pool)
    .await
    .expect("the catalogue");
    for needed in ["statements", "statement_references", "verdicts", "log_leaves", "checkpoints"] {
        assert!(kept.iter().any(|table| table == needed), "{needed} is among {kept:?}");
    }
    for table in &kept {
        let column: String = sqlx::query_scalar(
            "select attname::text from pg_attribute where attrelid = $1::regclass and attnum = 2",
        )
        .bind(table)
        .fetch_one(&pool)
        .await
        .expect("the catalogue");
        for sql in [
            format!("update {table} set {column} = {column}"),
            format!("delete from {table}"),
            format!("truncate {table} cascade"),
        ] {
            for role in Role::ALL {
                let mut tx =
                    scene.db.store(role).await.begin(A, Actor::Nobody).await.expect("begins");
                let tried = tx.attempt(&sql).await;
                assert!(matches!(tried, Err(StoreError::Forbidden)), "{role} {sql}: {tried:?}");
            }
            // Past every grant and policy there is still the trigger: for the owner, and for us.
            for owner in ["migrator", "postgres"] {
                let sql = format!("set role {owner}; set app.agency = '{A}'; {sql}");
                let tried = sqlx::raw_sql(sqlx::AssertSqlSafe(sql.clone())).execute(&pool).await;
                let error = StoreError::from(tried.expect_err(&sql));
                assert_eq!(error.constraint(), Some("insert_only"), "{sql}: {error:?}");
            }
        }
    }
}

/// What the next transaction on the pool's connections knows of the one before.
async fn assert_clean(store: &Store) {
    for _ in 0..4 {
        let mut tx = store.begin_queues().await.expect("begins");
        for setting in
            ["app.agency", "app.actor", "app.audience", "app.memberships", "app.arrangements"]
        {
            let left =
                format!("select length(coalesce(current_setting('{setting}', true), ''))::int8");
            assert_eq!(tx.number(&left).await.expect("asks"), 0, "{setting}");
        }
        for table in ["letters", "drafts", "sessions", "bundles"] {
            let seen = tx.number(&format!("select count(*) from {table}")).await;
            assert_eq!(seen.expect("select"), 0, "{table}");
        }
        tx.commit().await.expect("commits");
    }
}

#[tokio::test]
async fn a_connection_is_clean_after_a_commit_a_rollback_a_failure_and_a_panic() {
    let scene = Scene::set().await;
    let store = scene.db.store(Role::Api).await;
    let writer = Context::Session(12);
    writer.begin(&store).await.commit().await.expect("commits");
    assert_clean(&store).await;
    writer.begin(&store).await.rollback().await.expect("rolls back");
    assert_clean(&store).await;
    drop(writer.begin(&store).await);
    assert_clean(&store).await;
    let mut failed = writer.begin(&store).await;
    failed.attempt("select no_such_thing").await.expect_err("fails");
    drop(failed);
    assert_clean(&store).await;
    let panicking = store.clone();
    let panicked = tokio::spawn(async move {
        let mut tx = writer.begin(&panicking).await;
        assert_eq!(tx.number("select count(*) from letters").await.expect("select"), 2);
        panic!("in the middle of a request");
    });
    assert!(panicked.await.expect_err("panics").is_panic());
    assert_clean(&store).await;
    let (begun, has_begun) = tokio::sync::oneshot::channel();
    let leaving = store.clone();
    let cancelled = tokio::spawn(async move {
        let tx = writer.begin(&leaving).await;
        begun.send(()).expect("somebody waits");
        std::future::pending::<()>().await;
        drop(tx);
    });
    has_begun.await.expect("begins");
    cancelled.abort();
    assert!(cancelled.await.expect_err("is cancelled").is_cancelled());
    assert_clean(&store).await;
}
