//! An account with its keys opened: made once with generated words, opened with them ever after.

use domain::id::{AccountId, MembershipId, StaffId, StatementId};
use rand_core::CryptoRng;
use seal::account::AccountKey;
use seal::bundle::{Bundle, Keys};
use seal::gate::Request;
use seal::key::PublicKey;
use seal::words::{self, Words};
use seal::{proof, wrap};
use serde::{Deserialize, Serialize};

use crate::api::{Api, Error};
use crate::bytes::Base64;

/// Somebody signed in whose letterbox is open. Keys never leave this value but sealed.
#[derive(Debug)]
pub struct Account {
    /// The browser profile.
    pub api: Api,
    key: AccountKey,
    bundle: Bundle,
}

#[derive(Deserialize)]
struct Challenge {
    challenge: Base64,
}

#[derive(Serialize)]
struct Signature {
    signature: Base64,
}

#[derive(Serialize)]
struct Question {
    blinded: Base64,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<i32>,
}

#[derive(Deserialize)]
struct Evaluated {
    evaluated: Base64,
    version: i32,
}

#[derive(Serialize)]
struct NewAccount {
    proof_key: PublicKey,
    version: u64,
    bundle: Base64,
    wraps: Vec<NewWrap>,
}

#[derive(Serialize)]
struct NewWrap {
    kind: &'static str,
    sealed: Base64,
    gate_version: i32,
}

#[derive(Deserialize)]
struct Stored {
    bundle: Option<StoredBundle>,
    wraps: Vec<StoredWrap>,
}

#[derive(Serialize, Deserialize)]
struct StoredBundle {
    version: u64,
    sealed: Base64,
}

#[derive(Deserialize)]
struct StoredWrap {
    kind: String,
    sealed: Base64,
    gate_version: Option<i32>,
}

impl Account {
    /// Gives a new account its keys under `count` generated words, which are returned to be
    /// written on a card and are nowhere else. `api` is signed in.
    pub async fn make(
        api: Api,
        count: usize,
        rng: &mut impl CryptoRng,
    ) -> Result<(Self, String), Error> {
        let id = api.session().await?.account;
        let card = words::generate(count, rng).join(" ");
        let typed = Words::from_typed(&card).expect("generated words have letters");
        let key = AccountKey::generate(rng);
        let (output, gate_version) = ask_gate(&api, &typed, None, rng).await?;
        let bundle = Bundle::new(id);
        let new = NewAccount {
            proof_key: proof::key(&key, id).public_key(),
            version: bundle.version(),
            bundle: Base64(bundle.seal(&key, rng)),
            wraps: vec![NewWrap {
                kind: "words",
                sealed: Base64(wrap::seal(&key, &typed, &output)),
                gate_version,
            }],
        };
        let _: serde_json::Value = api.post("/api/account", &new).await?;
        let account = Self { api, key, bundle };
        account.prove().await?;
        Ok((account, card))
    }

    /// Opens the keys with the words on the card; `api` is signed in. One question to the gate. New
    /// keys on their way in this person's name are objected to.
    pub async fn unlock(api: Api, card: &str, rng: &mut impl CryptoRng) -> Result<Self, Error> {
        let id = api.session().await?.account;
        let stored: Stored = api.get("/api/account").await?;
        let typed = Words::from_typed(card).ok_or(Error::WrongWords)?;
        let words_wrap = stored.wraps.iter().find(|it| it.kind == "words");
        let words_wrap = words_wrap.ok_or_else(|| Error::Missing("a words wrap".to_owned()))?;
        let (output, _) = ask_gate(&api, &typed, words_wrap.gate_version, rng).await?;
        let key =
            wrap::open(&words_wrap.sealed.0, &typed, &output).map_err(|_| Error::WrongWords)?;
        let stored = stored.bundle.ok_or_else(|| Error::Missing("a key bundle".to_owned()))?;
        // An older one could make this profile forget a root or a pin.
        if !api.remembers(id, stored.version) {
            return Err(Error::untrusted("an older key bundle than was seen before"));
        }
        let bundle =
            Bundle::open(&key, id, stored.version, &stored.sealed.0).map_err(Error::untrusted)?;
        let account = Self { api, key, bundle };
        account.prove().await?;
        account.object_to_replacements().await?;
        Ok(account)
    }

    /// Signs the session's challenge, which lifts its restriction.
    pub async fn prove(&self) -> Result<(), Error> {
        let Challenge { challenge } =
            self.api.post("/api/session/challenge", &serde_json::json!({})).await?;
        let challenge =
            challenge.0.try_into().map_err(|_| Error::untrusted("a challenge is 32 bytes"))?;
        let signature = proof::answer(&proof::key(&self.key, self.id()), self.id(), &challenge);
        let signature = Signature { signature: Base64(signature.to_bytes().to_vec()) };
        self.api.post("/api/session/proof", &signature).await
    }

    /// The account.
    pub fn id(&self) -> AccountId {
        self.bundle.account()
    }

    /// What is in the sealed bundle.
    pub fn bundle(&self) -> &Bundle {
        &self.bundle
    }

    /// The agency's root, pinned when this person joined.
    pub fn root(&self) -> Result<PublicKey, Error> {
        self.bundle.root.ok_or_else(|| Error::Missing("an agency: join one first".to_owned()))
    }

    /// Stores a changed bundle as the next version.
    pub(crate) async fn keep(
        &mut self,
        change: impl FnOnce(&mut Bundle),
        rng: &mut impl CryptoRng,
    ) -> Result<(), Error> {
        let mut next = self.bundle.next();
        change(&mut next);
        let stored =
            StoredBundle { version: next.version(), sealed: Base64(next.seal(&self.key, rng)) };
        let _: serde_json::Value = self.api.put("/api/account/bundle", &stored).await?;
        self.api.remembers(self.id(), next.version());
        self.bundle = next;
        Ok(())
    }

    /// The certified keys of this person's staff post.
    pub(crate) fn staff_keys(&self) -> Result<(&Keys<StaffId>, StatementId), Error> {
        let certified = self.bundle.staff.iter().rev().find_map(|keys| Some((keys, keys.cert_id?)));
        certified.ok_or_else(|| Error::Missing("a certified staff post".to_owned()))
    }

    /// The certified keys of one membership.
    pub(crate) fn member_keys(
        &self,
        membership: MembershipId,
    ) -> Result<(&Keys<MembershipId>, StatementId), Error> {
        let mut mine = self.bundle.memberships.iter().rev().filter(|keys| keys.id == membership);
        let certified = mine.find_map(|keys| Some((keys, keys.cert_id?)));
        certified.ok_or_else(|| Error::Missing("a certified membership".to_owned()))
    }
}

async fn ask_gate(
    api: &Api,
    typed: &Words,
    version: Option<i32>,
    rng: &mut impl CryptoRng,
) -> Result<(seal::gate::Output, i32), Error> {
    let request = Request::new(typed, rng).map_err(|_| Error::WrongWords)?;
    let question = Question { blinded: Base64(request.blinded().to_vec()), version };
    let answer: Evaluated = api.post("/api/gate", &question).await?;
    let evaluated =
        answer.evaluated.0.try_into().map_err(|_| Error::untrusted("a gate answer is 32 bytes"))?;
    let output = request.finish(&evaluated).map_err(Error::untrusted)?;
    Ok((output, answer.version))
}
