//! The compile-time query data: `.sqlx` holds what PostgreSQL said of each query, so that a fresh
//! clone builds without a database.
//!
//! This command must run when the queries and `.sqlx` do not fit each other, so nothing in this
//! crate may depend on the crate `store`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use xtask::folder::{self, repository};
use xtask::postgres::{self, Durability, Postgres};

use crate::install;
use crate::step::{Failure, cargo, fail};

const KEPT: &str = ".sqlx";
/// The release that described the queries, noted beside them.
const RELEASE: &str = "postgresql-release";

/// What PostgreSQL said of each query, by file name, and which release said it.
struct Described {
    release: String,
    queries: BTreeMap<String, String>,
}

/// `cargo xtask prepare`: writes `.sqlx` anew.
pub fn run() -> Result<(), Failure> {
    install::for_demo()?;
    let fresh = describe()?;
    let kept = repository().join(KEPT);
    if kept.is_dir() {
        fs::remove_dir_all(&kept)?;
    }
    fs::create_dir(&kept)?;
    for (name, content) in &fresh.queries {
        fs::write(kept.join(name), content)?;
    }
    fs::write(kept.join(RELEASE), format!("{}\n", fresh.release))?;
    println!("{} queries described in .sqlx", fresh.queries.len());
    Ok(())
}

/// Fails unless `.sqlx` is what the migrations and queries give now.
pub fn compare() -> Result<(), Failure> {
    let fresh = describe()?;
    let folder = repository().join(KEPT);
    let kept = read(&folder)?;
    let release = fs::read_to_string(folder.join(RELEASE)).unwrap_or_default();
    // Releases plan differently, and which columns may be null is inferred from the plan.
    let exact = release.trim() == fresh.release;
    let same = |kept: &str, fresh: &str| {
        kept == fresh || !exact && without_nullable(kept) == without_nullable(fresh)
    };
    let stale = kept.keys().filter(|name| !fresh.queries.contains_key(*name)).count();
    let changed = fresh
        .queries
        .iter()
        .filter(|(name, fresh)| !kept.get(*name).is_some_and(|kept| same(kept, fresh)))
        .count();
    if stale + changed == 0 {
        return Ok(());
    }
    fail(format!(
        ".sqlx does not fit the queries ({stale} stale, {changed} missing or changed); \
         `cargo xtask prepare` writes it anew"
    ))
}

fn without_nullable(described: &str) -> Option<serde_json::Value> {
    let mut value: serde_json::Value = serde_json::from_str(described).ok()?;
    value.get_mut("describe")?.as_object_mut()?.remove("nullable");
    Some(value)
}

/// Builds the store against a database made from the migrations, and gives the files it wrote.
fn describe() -> Result<Described, Failure> {
    let cluster = folder::state()?.join("prepare");
    postgres::discard(&cluster)?;
    Postgres::run_scripts(&cluster, Durability::Disposable, &scripts()?)?;
    let server = Postgres::start(&cluster, Durability::Disposable)?;
    let output = repository().join("target/sqlx");
    if output.is_dir() {
        fs::remove_dir_all(&output)?;
    }
    fs::create_dir_all(&output)?;
    // A crate that did not change is not expanded again.
    touch(&repository().join("crates/store/src/lib.rs"))?;
    let mut build = cargo(["build", "--quiet", "--package", "store", "--all-targets"]);
    build
        .env("SQLX_OFFLINE", "false")
        .env("SQLX_OFFLINE_DIR", &output)
        .env("DATABASE_URL", server.superuser_url());
    crate::step::run("describing the queries", &mut build)?;
    Ok(Described { release: server.binaries().release.clone(), queries: read(&output)? })
}

/// The roles, then every migration in order, as the owner.
fn scripts() -> Result<Vec<String>, Failure> {
    let mut scripts = vec![
        fs::read_to_string(repository().join("crates/store/src/roles.sql"))?,
        "grant create on schema public to migrator;".to_owned(),
        "grant create on database postgres to migrator;".to_owned(),
    ];
    for path in migrations()? {
        scripts.push(format!("set role migrator;\n{}", fs::read_to_string(path)?));
    }
    Ok(scripts)
}

/// The migrations, oldest first.
pub fn migrations() -> Result<Vec<PathBuf>, Failure> {
    let mut found: Vec<PathBuf> = fs::read_dir(repository().join("migrations"))?
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|kind| kind == "sql"))
        .collect();
    found.sort();
    Ok(found)
}

fn read(folder: &Path) -> Result<BTreeMap<String, String>, Failure> {
    let mut files = BTreeMap::new();
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(files),
        Err(error) => return Err(error.into()),
    };
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with("query-") {
            files.insert(name, fs::read_to_string(entry.path())?);
        }
    }
    Ok(files)
}

fn touch(path: &Path) -> Result<(), Failure> {
    #[expect(clippy::disallowed_methods, reason = "a file's time, for cargo")]
    let now = SystemTime::now();
    Ok(fs::File::options().append(true).open(path)?.set_modified(now)?)
}
