//! One struct for each file: binary as padded base64, keys and ids as lowercase hex.

use serde::{Deserialize, Serialize};

macro_rules! entries {
    ($($(#[$doc:meta])* $name:ident { $($(#[$meta:meta])* $field:ident: $kind:ty,)* })*) => {$(
        $(#[$doc])*
        #[derive(Serialize, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct $name { $($(#[$meta])* pub $field: $kind,)* }
    )*};
}

entries! {
    /// `letters.json`
    Letter { identity: String, file: String, context: Context, parts: Vec<Part>, key_hash: String, }
    Context {
        realm: String,
        letter: String,
        rev: u64,
        kind: String,
        arrangement: String,
        author: String,
        to: Vec<String>,
    }
    Part { #[serde(rename = "type")] media_type: String, base64: String, }
    /// `grants.json`
    Grant {
        identity: String,
        file: String,
        realm: String,
        letter: String,
        rev: u64,
        grantee: String,
        key: String,
    }
    /// `documents.json`
    Document {
        identities: Vec<String>,
        file: String,
        realm: String,
        kind: String,
        subject: String,
        n: u64,
        body: String,
    }
    /// `contacts.json`
    SealedContact { identity: String, file: String, contact: seal::contact::Contact, }
    /// `epoch_wraps.json`
    EpochWrap { identity: String, file: String, realm: String, team: String, n: u64, secret: String, }
    /// `bundles.json`; `plain` is the bundle's JSON text.
    Bundle { key: String, account: String, version: u64, sealed: String, plain: String, }
    /// `drafts.json`; `plain` is text.
    Draft { key: String, letter: String, sealed: String, plain: String, }
    /// `wraps.json`; `words` are normalised, `gate_key` is the scalar and `key` K, as hex.
    Wrap { words: String, gate_key: String, sealed: String, key: String, }
    /// `invites.json`
    Invite {
        code: String,
        locator: String,
        sign_seed: String,
        public: String,
        root_key: String,
        root_tag: String,
    }
    /// `proof_keys.json`; all as hex.
    ProofKey { key: String, account: String, public: String, challenge: String, signature: String, }
}
