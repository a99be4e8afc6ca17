//! The log of a course, audited from its first entry.

use seal::audit::{Audit, Entry};
use seal::envelope::Envelope;
use seal::key::PublicKey;
use xtask::stack::Stack;

use crate::behind::Behind;

/// Every entry in order, with the checkpoint that was signed with it.
const ENTRIES: &str = "select coalesce(jsonb_agg(jsonb_build_array(
        convert_from(s.envelope, 'UTF8'), encode(l.leaf_hash, 'hex'), encode(p.salt, 'hex'), c.note)
        order by l.leaf_index), '[]')
    from log_leaves l
    join statements s on s.agency_id = l.agency_id and s.statement_id = l.statement_id
    left join log_salts p on p.agency_id = l.agency_id and p.leaf_index = l.leaf_index
    join checkpoints c on c.agency_id = l.agency_id and c.size = l.leaf_index + 1";

/// Audits the whole log from the pinned realm; how many entries it has.
pub async fn verifies(stack: &Stack, behind: &Behind) -> u64 {
    let root = behind.json("select to_jsonb(encode(root_key, 'hex')) from agencies").await;
    let root: String = serde_json::from_str(&root).unwrap();
    let root = PublicKey::from_bytes(&bytes(&root)).unwrap();
    let mut audit = Audit::new(stack.pinned().unwrap().realm, root).unwrap();
    let entries: Vec<[Option<String>; 4]> =
        serde_json::from_str(&behind.json(ENTRIES).await).unwrap();
    for (at, [statement, leaf, salt, note]) in entries.iter().enumerate() {
        let statement = Envelope::parse(statement.as_deref().unwrap().as_bytes()).unwrap();
        let entry = Entry {
            statement: &statement,
            salt: salt.as_deref().map(bytes),
            leaf: bytes(leaf.as_deref().unwrap()),
            note: note.as_deref().unwrap(),
        };
        audit.add(&entry).unwrap_or_else(|fault| panic!("entry {at} of the log: {fault}"));
    }
    let all = behind.number("select count(*) from log_leaves").await;
    assert_eq!(i64::try_from(audit.checkpoint().size).unwrap(), all, "an entry without a place");
    audit.checkpoint().size
}

fn bytes<const N: usize>(text: &str) -> [u8; N] {
    hex::decode(text).unwrap().try_into().expect("as long as the table says")
}
