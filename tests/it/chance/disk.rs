//! A disk that fills up under the database: [`xtask::postgres::Postgres::limit_files`] says what it
//! shows and what it does not.
//!
//! The tables and the database's own log may be on disks of their own, so each fills alone. Where
//! there is no room for letters, whatever is small still works, and a letter is refused. Where there
//! is none for its log, the database can write nothing at all and ends; whoever runs the place makes
//! room and starts it again.

use std::fs;
use std::time::Instant;

use client::Submission;
use store::StoreError;
use xtask::seed::pause;
use xtask::stack::Stack;

use super::carrying::{Pair, insist};
use super::database::CameBack;
use crate::behind::Behind;

/// More than a segment of the database's log (16 MiB), which is not to be refused with the letters:
/// the largest letter there is (16 MiB, padding included).
const BALLAST: &str = "set local session_replication_role = replica;
    alter table ciphertexts set (autovacuum_enabled = off, toast.autovacuum_enabled = off);
    insert into ciphertexts values
        (gen_random_uuid(), sha256('ballast'), decode(repeat('00', 16781496), 'hex'));
    delete from ciphertexts where statement_id = sha256('ballast')";
/// How large the file is that holds the letters. A write that begins within the limit and ends
/// beyond it is cut short, which is a full disk and nothing else: hence a few bytes more.
const LETTERS: &str = "select pg_relation_size(reltoastrelid) + 100 from pg_class
    where oid = 'ciphertexts'::regclass";
/// How far the log's segment is written.
const IN_SEGMENT: &str =
    "select file_offset::bigint from pg_walfile_name_offset(pg_current_wal_insert_lsn())";
/// The most that a segment of the log may hold for a letter to go beyond the limit in it.
const LATE: i64 = 15 << 20;
/// The least: what the server says goes to a file as well, which is shorter than this.
const SOON: i64 = 1 << 20;
const SOME: &str =
    "select to_jsonb(pg_logical_emit_message(true, 'filler', repeat('x', 1048576))::text)";
/// Less than any letter.
const LITTLE: i64 = 8 << 10;

/// Makes the letters' file larger than any segment of the log.
pub async fn prepare(stack: &Stack) {
    Behind::of(stack).await.execute(BALLAST).await;
}

/// What else there is takes the last of the room: any space left in pages that are there already.
const FILLER: &str = "set local session_replication_role = replica;
    insert into ciphertexts
        values (gen_random_uuid(), sha256('filler'), decode(repeat('00', 16584), 'hex'))";
const NO_FILLER: &str = "set local session_replication_role = replica;
    delete from ciphertexts where statement_id = sha256('filler')";

/// There is no room for letters: one that is handed in is refused, and nothing of it is left.
pub async fn fill_tables(stack: &Stack, pair: &Pair, letter: &Submission) {
    let behind = Behind::of(stack).await;
    limit(stack, Some(behind.number(LETTERS).await));
    fill_up(&behind).await;
    let refused =
        insist(&pair.writer, "being refused", async || match pair.hand_in(letter).await {
            // Whether anything else is away at this moment, the letter's own statement tells.
            Err(error) if error.status() == Some(503) => Ok(error.code().map(str::to_owned)),
            Err(error) => Err(error),
            Ok(_) => Ok(None),
        });
    assert_eq!(refused.await.as_deref(), Some("away"), "a letter was taken without room for it");
    assert_eq!(behind.number(&traces(letter)).await, 0, "something of a refused letter is there");
    limit(stack, None);
    behind.execute(NO_FILLER).await;
}

/// The last of the room goes, to the first that is refused.
async fn fill_up(behind: &Behind) {
    loop {
        let mut tx = behind.begin().await;
        match tx.attempt(FILLER).await {
            Ok(_) => tx.commit().await.unwrap(),
            Err(refused) => break assert!(matches!(refused, StoreError::Unavailable(_))),
        }
    }
}

/// There is no room for the log: the database gives up over a letter, and is started again with room.
pub async fn fill_log(stack: &mut Stack, pair: &Pair, letter: &Submission) -> CameBack {
    let behind = Behind::of(stack).await;
    if behind.number(IN_SEGMENT).await > LATE {
        behind.json("select to_jsonb(pg_switch_wal()::text)").await;
    }
    if behind.number(IN_SEGMENT).await < SOON {
        behind.json(SOME).await;
    }
    limit(stack, Some(behind.number(IN_SEGMENT).await + LITTLE));
    let started = Instant::now();
    while !has_given_up(stack) {
        let refused = pair.hand_in(letter).await.expect_err("nothing can be written");
        let is_away = refused.status() == Some(503) || refused.status().is_none();
        assert!(is_away, "{refused}");
        pause(started, || "the database to give up".to_owned()).await.unwrap();
    }
    let came_back = CameBack::after_a_crash(stack);
    let traces = Behind::of(stack).await.number(&traces(letter)).await;
    assert_eq!(traces, 0, "something of a refused letter is there");
    came_back
}

/// Whether the database has ended what it was doing. By itself it then tries to recover, which ends
/// for want of room too, after it has synced its whole folder: nobody has to wait for that.
fn has_given_up(stack: &mut Stack) -> bool {
    let said = fs::read(stack.postgres().unwrap().log()).unwrap();
    String::from_utf8_lossy(&said).contains("PANIC:") || stack.database_has_ended()
}

fn limit(stack: &Stack, bytes: Option<i64>) {
    let bytes = bytes.map(|bytes| u64::try_from(bytes).expect("a size"));
    stack.postgres().unwrap().limit_files(bytes).unwrap();
}

/// Everything that a letter's statement could have left.
fn traces(letter: &Submission) -> String {
    let subject = letter.statement.id();
    let id = format!("'\\x{subject}'::bytea");
    format!(
        "select (select count(*) from statements where statement_id = {id})
            + (select count(*) from submissions where statement_id = {id})
            + (select count(*) from ciphertexts where statement_id = {id})
            + (select count(*) from grants where statement_id = {id})
            + (select count(*) from jobs where subject = '{subject}')"
    )
}
