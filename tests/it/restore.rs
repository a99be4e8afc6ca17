//! A backup and its restore, by the scripts an operator uses, with a letter purged in between.
//!
//! `cargo xtask test` leaves this out by name where PostgreSQL comes without its clients.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use domain::id::LetterId;
use xtask::folder::repository;
use xtask::postgres::Durability;
use xtask::seed::{Decision, Person};
use xtask::services;
use xtask::stack::{Database, Options, Stack};

use crate::archive;
use crate::audit::{Auditor, log_verifies};
use crate::scene::{Scene, run, scratch};

fn program(stack: &Stack) -> PathBuf {
    let psql = stack.postgres().unwrap().binaries().program("psql");
    psql.expect("this PostgreSQL brings no psql: `cargo xtask test` leaves this out by name")
}

/// A script of `deploy/`, with the programs of this stack's own PostgreSQL.
fn script(stack: &Stack, name: &str, arguments: &[&str]) -> Output {
    let psql = program(stack);
    let programs = psql.parent().unwrap().display();
    Command::new(repository().join("deploy").join(name))
        .args(arguments)
        .env("PATH", format!("{programs}:{}", std::env::var("PATH").unwrap()))
        .output()
        .unwrap()
}

fn done(output: &Output) -> String {
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

/// The id of a letter's only `submit`, in hex.
fn submit_of(stack: &Stack, letter: LetterId) -> String {
    let ids = "select encode(statement_id, 'hex') from submissions where letter_id";
    let id = psql(stack, &stack.database_url("postgres"), &format!("{ids} = '{letter}'"));
    assert_eq!(id.len(), 64, "one revision");
    id
}

fn ciphertexts(stack: &Stack) -> usize {
    let count = "select count(*) from ciphertexts";
    psql(stack, &stack.database_url("postgres"), count).parse().unwrap()
}

async fn written(scene: &Scene, from: &Person, text: &str) -> LetterId {
    let letter = from.write(&scene.letterbox, text).await.unwrap().letter;
    scene.agency.coordinators[0].check(letter, Decision::DELIVER).await.unwrap();
    assert_eq!(scene.kerry.receive(&scene.letterbox, letter).await.unwrap(), text);
    letter
}

#[test]
fn a_restored_database_serves_nobody_before_what_was_purged_is_purged_again() {
    run(async {
        let folder = scratch();
        let database = Database::Private(Durability::Durable);
        let options = Options { database, ..Options::default() };
        let mut scene = Scene::found(folder.path(), options).await;
        let kept = written(&scene, &scene.beth, "This one stays for a hundred years.").await;
        let purged = written(&scene, &scene.beth, "This one has had its time.").await;
        scene.behind().await.drained().await;

        let stack = &scene.stack;
        let submit = submit_of(stack, purged);
        let auditor = Auditor::of(stack);
        auditor.look(0);
        let logged = log_verifies(stack);
        let (backups, list) = (stack.folder().join("backups"), stack.folder().join("purged"));
        fs::create_dir(&backups).unwrap();
        let live = stack.database_url("postgres");
        let backup = done(&script(stack, "backup.sh", &[&live, path(&backups)]));

        // After the backup: the letter's time is over.
        let all = ciphertexts(stack);
        let agency = stack.agency().to_string();
        let records = stack.database_url("records_login");
        done(&script(stack, "purge.sh", &[&records, path(&list), &agency, &submit]));
        assert_eq!(ciphertexts(stack), all - 1);
        assert!(scene.kerry.receive(&scene.letterbox, purged).await.is_err());

        // The machine is lost. A restore without the list stays closed.
        for role in services::Role::ALL {
            scene.stack.stop_role(role);
        }
        let stack = &scene.stack;
        let name = live.split('?').next().unwrap().rsplit('/').next().unwrap();
        let superuser = stack.superuser_url();
        let leave = "select pg_terminate_backend(pid) from pg_stat_activity where datname";
        psql(stack, &superuser, &format!("{leave} = '{name}'"));
        psql(stack, &superuser, &format!("alter database \"{name}\" rename to lost"));
        let missing = stack.folder().join("nowhere");
        let arguments = [&superuser, name, &backup, path(&missing)];
        let refused = script(stack, "restore.sh", &arguments);
        assert!(!refused.status.success());
        let refused = format!("permission denied for database \"{name}\"");
        let roles = roles(stack);
        for role in &roles {
            let said = enter(stack, role).expect_err("a login enters too early");
            assert!(said.contains(&refused), "{role}: {said}");
        }
        assert!(scene.stack.start_role(services::Role::Mediation).await.is_err());

        // With it, the letter is gone again and the rest is as it was.
        let stack = &scene.stack;
        psql(stack, &superuser, &format!("drop database \"{name}\""));
        done(&script(stack, "restore.sh", &[&superuser, name, &backup, path(&list)]));
        assert_eq!(ciphertexts(stack), all - 1);
        for role in &roles {
            assert_eq!(enter(stack, role).as_ref(), Ok(role), "it enters again");
        }
        the_archive_opens(&scene, kept);
        for role in services::Role::ALL {
            scene.stack.start_role(role).await.unwrap();
        }
        let kerry = Person::return_to(&scene.stack.family().origin, &scene.kerry.card()).await;
        let kerry = kerry.unwrap();
        let text = kerry.receive(&scene.letterbox, kept).await.unwrap();
        assert_eq!(text, "This one stays for a hundred years.");
        assert!(kerry.receive(&scene.letterbox, purged).await.is_err());
        // Nothing that was logged was lost, and whoever looked before can tell.
        assert_eq!(log_verifies(&scene.stack), logged);
        auditor.told(&["verify", "--seen", "seen"], 0);
        assert!(auditor.look(0).contains("none changed, 0 new"));
        // And life goes on.
        written(&scene, &scene.beth, "After the flood.").await;
        scene.behind().await.drained().await;
        auditor.look(0);
    });
}

/// The yearly drill on a restored backup, by the commands as `deploy/archive.md` prints them.
fn the_archive_opens(scene: &Scene, letter: LetterId) {
    let stack = &scene.stack;
    let page = include_str!("../../deploy/archive.md");
    let command = page.lines().find_map(|line| line.strip_prefix("       psql ")).unwrap();
    let (arguments, file) = command.split_once(" postern > ").unwrap();
    let arguments = arguments.replace("ID", &letter.to_string());
    let taken = Command::new(program(stack))
        .current_dir(repository())
        .args(arguments.split(' '))
        .arg(stack.database_url("postgres"))
        .output()
        .unwrap();
    let file = stack.folder().join(file);
    fs::write(&file, done(&taken)).unwrap();

    let printed = &scene.agency.printed;
    let pages = stack.folder().join("pages of the archive");
    let opened = archive::open(&printed.realm.to_string(), &printed.archive, &file, Some(&pages));
    assert!(opened.status.success(), "{}", String::from_utf8_lossy(&opened.stderr));
    let texts: Vec<_> = fs::read_dir(&pages)
        .unwrap()
        .map(|entry| fs::read_to_string(entry.unwrap().path()).unwrap())
        .collect();
    assert_eq!(texts, ["This one stays for a hundred years."]);
}

#[test]
fn a_list_that_is_damaged_purges_nothing_and_says_where() {
    run(async {
        let folder = scratch();
        let stack = Stack::start(folder.path(), Options::default()).await.unwrap();
        let list = folder.path().join("purged");
        fs::write(&list, format!("{} {}\n'; drop table letters\n", "a".repeat(32), "b".repeat(64)))
            .unwrap();
        let records = stack.database_url("records_login");
        let refused = script(&stack, "purge.sh", &[&records, path(&list)]);
        assert_eq!(refused.status.code(), Some(2));
        assert!(String::from_utf8_lossy(&refused.stderr).contains("2:'; drop table"));
    });
}

fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Does something as the superuser, and gives what it printed.
fn psql(stack: &Stack, url: &str, sql: &str) -> String {
    done(&ask(stack, url, sql))
}

fn ask(stack: &Stack, url: &str, sql: &str) -> Output {
    let plainly = ["--no-psqlrc", "--quiet", "--tuples-only", "--no-align"];
    Command::new(program(stack)).args(plainly).args([url, "--command", sql]).output().unwrap()
}

/// Every role that has a login, as the cluster has them.
fn roles(stack: &Stack) -> Vec<String> {
    let logins = "select rolname from pg_roles where rolcanlogin and not rolsuper";
    let logins = psql(stack, &stack.superuser_url(), logins);
    let roles: Vec<_> =
        logins.lines().map(|login| login.strip_suffix("_login").unwrap().to_owned()).collect();
    assert!(store::Role::ALL.iter().all(|role| roles.iter().any(|it| it == role.as_str())));
    roles
}

/// Connects as a role's login and takes on the role: which one it then is, or why not.
fn enter(stack: &Stack, role: &str) -> Result<String, String> {
    let url = stack.database_url(&format!("{role}_login"));
    let output = ask(stack, &url, &format!("set role {role}; select current_user"));
    let said = if output.status.success() { &output.stdout } else { &output.stderr };
    let said = String::from_utf8_lossy(said).trim().to_owned();
    if output.status.success() { Ok(said) } else { Err(said) }
}
