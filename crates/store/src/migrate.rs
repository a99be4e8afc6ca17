//! Bringing a database up to date. Migrations are embedded, forward-only, and run as `migrator`.

use std::str::FromStr;

use sqlx::{
    ConnectOptions, Connection, PgConnection, migrate::Migrator, postgres::PgConnectOptions,
};

use crate::{StoreError, Tx};

static MIGRATOR: Migrator = sqlx::migrate!("../../migrations");

/// Why a database was not brought up to date.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    /// The database cannot be reached or refused.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A migration failed, or differs from the one that was applied.
    #[error("a migration failed")]
    Migration(#[from] sqlx::migrate::MigrateError),
}

impl From<sqlx::Error> for MigrateError {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}

/// Creates the roles and logins. The URL is a superuser's; once per cluster, again harmless.
pub async fn create_roles(superuser_url: &str) -> Result<(), MigrateError> {
    let mut conn = connect(PgConnectOptions::from_str(superuser_url)?).await?;
    create_roles_on(&mut conn).await
}

pub(crate) async fn create_roles_on(conn: &mut PgConnection) -> Result<(), MigrateError> {
    sqlx::raw_sql(include_str!("roles.sql")).execute(conn).await?;
    Ok(())
}

/// Creates a database owned by `migrator` if there is none of that name. The URL is a superuser's
/// and names any existing database.
pub async fn create_database(superuser_url: &str, name: &str) -> Result<(), MigrateError> {
    let mut conn = connect(PgConnectOptions::from_str(superuser_url)?).await?;
    let exists: bool =
        sqlx::query_scalar("select exists (select from pg_database where datname = $1)")
            .bind(name)
            .fetch_one(&mut conn)
            .await?;
    if !exists {
        // A quoted identifier: the only character with a meaning inside is the quote itself.
        let quoted = name.replace('"', "\"\"");
        let statement = format!("create database \"{quoted}\" owner migrator");
        sqlx::raw_sql(sqlx::AssertSqlSafe(statement)).execute(&mut conn).await?;
    }
    Ok(())
}

/// Applies what is missing. The URL is `migrator_login`'s or a superuser's.
pub async fn migrate(url: &str) -> Result<(), MigrateError> {
    let mut conn = connect(PgConnectOptions::from_str(url)?).await?;
    migrate_on(&mut conn).await?;
    conn.close().await?;
    Ok(())
}

pub(crate) async fn migrate_on(conn: &mut PgConnection) -> Result<(), MigrateError> {
    sqlx::raw_sql("set role migrator").execute(&mut *conn).await?;
    MIGRATOR.run(&mut *conn).await?;
    // So that each service can tell whether it fits the database.
    sqlx::raw_sql(
        "grant select on _sqlx_migrations to api, worker, notifier, auditor, records, verifier;
         reset role",
    )
    .execute(&mut *conn)
    .await?;
    Ok(())
}

/// The number of the newest migration this program knows.
pub fn newest() -> i64 {
    MIGRATOR.iter().map(|migration| migration.version).max().unwrap_or_default()
}

/// The number of the newest migration the database has; a service fits if it is [`newest`] or later.
pub async fn applied(tx: &mut Tx) -> Result<i64, StoreError> {
    // Not `query!`: sqlx makes this table, not one of the migrations.
    Ok(sqlx::query_scalar("select coalesce(max(version), 0) from _sqlx_migrations where success")
        .fetch_one(tx.conn())
        .await?)
}

/// A fingerprint of every embedded migration: databases made from equal ones are equal.
#[cfg(feature = "testing")]
pub(crate) fn fingerprint() -> String {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    for migration in MIGRATOR.iter() {
        migration.checksum.hash(&mut hasher);
    }
    format!("{:016x}", hasher.finish())
}

async fn connect(options: PgConnectOptions) -> Result<PgConnection, sqlx::Error> {
    options.application_name("postern migrate").connect().await
}
