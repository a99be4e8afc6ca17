//! The words gate: each guess at somebody's words needs this server once, and it counts.
//!
//! The server evaluates a blinded question (RFC 9497) and learns neither the words nor whether
//! they were right. What it answers with is a key of that account only, derived from a seed kept
//! outside the database: otherwise anybody who can sign in could spend their own guesses on a
//! wrap stolen from somebody else.

use std::collections::BTreeMap;

use axum::extract::State;
use domain::id::AccountId;
use jiff::Timestamp;
use seal::gate::{Element, GateKey};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use store::gates::Guess;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::agency::policy;
use crate::json::{Base64, Json};
use crate::network::NetworkKey;
use crate::principal::SignedIn;
use crate::problem::Problem;
use crate::state::AppState;

/// Guesses an account may make in an hour; an agency may allow fewer.
pub const MOST_IN_HOUR: i32 = 5;
/// Guesses an account may make before its keys are opened once; an agency may allow fewer.
pub const MOST_SINCE_PROOF: i32 = 50;
/// When to come back after too many since the last proof: only a person can lift that.
const LOCKED_RETRY_SECONDS: u32 = 86_400;

/// The seeds of the gate, by version.
pub struct GateSeeds(BTreeMap<u32, [u8; 32]>);

impl GateSeeds {
    /// Reads lines of `version seed`, the seed as 64 lowercase hex characters. A lone seed is
    /// version 1. Empty lines and those that begin with `#` say nothing.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let mut seeds = BTreeMap::new();
        let lines = text.lines().map(str::trim);
        for line in lines.filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let (version, seed) = line.split_once(' ').unwrap_or(("1", line));
            let version = version.parse().map_err(|_| "a gate version is not a number")?;
            let mut bytes = [0; 32];
            hex::decode_to_slice(seed.trim(), &mut bytes)
                .map_err(|_| "a gate seed is not 64 lowercase hex characters")?;
            if i32::try_from(version).is_err() || version == 0 {
                return Err("a gate version is out of bounds");
            }
            if seeds.insert(version, bytes).is_some() {
                return Err("a gate version stands there twice");
            }
        }
        if seeds.is_empty() { Err("no gate seed") } else { Ok(Self(seeds)) }
    }

    /// The key under which networks are counted.
    pub(crate) fn network_key(&self) -> NetworkKey {
        NetworkKey::derive(self.last().1)
    }

    /// The version that new words are hardened by.
    pub fn newest(&self) -> u32 {
        self.last().0
    }

    /// The lines of a file with these seeds and one of the next version.
    pub fn with_next(&self, seed: [u8; 32]) -> String {
        let line = |version: u32, seed: &[u8; 32]| format!("{version} {}\n", hex::encode(seed));
        let known: String = self.0.iter().map(|(version, seed)| line(*version, seed)).collect();
        known + &line(self.newest() + 1, &seed)
    }

    fn last(&self) -> (u32, &[u8; 32]) {
        let (version, seed) = self.0.last_key_value().expect("parsed with at least one seed");
        (*version, seed)
    }

    /// The account's key: of a version, or of the newest.
    fn key(&self, version: Option<u32>, account: AccountId) -> Option<GateKey> {
        let (version, seed) = match version {
            Some(version) => (version, self.0.get(&version)?),
            None => self.last(),
        };
        // Both inputs have fixed lengths, so a plain hash is a keyed one here.
        let mut scalar: [u8; 32] = Sha256::new()
            .chain_update(b"postern-gate/1")
            .chain_update(seed)
            .chain_update(account.as_bytes())
            .finalize()
            .into();
        // Below 2^252, so below the group's order, and canonical.
        scalar[31] &= 0x0f;
        GateKey::from_bytes(version, &scalar).ok()
    }
}

/// The gate's route.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(evaluate))
}

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct Question {
    /// The blinded words: a ristretto255 element, 32 bytes.
    blinded: Base64,
    /// The wrap's gate version; the newest when absent, for a new wrap.
    version: Option<u32>,
}

#[derive(Serialize, utoipa::ToSchema)]
struct Evaluated {
    /// The answer: a ristretto255 element, 32 bytes.
    evaluated: Base64,
    /// The version that answered.
    version: u32,
}

/// Answers one guess at the words.
#[utoipa::path(post, path = "/api/gate", tag = "account", request_body = Question,
    responses((status = 200, body = Evaluated), (status = 422), (status = 429)))]
async fn evaluate(
    State(state): State<AppState>,
    signed_in: SignedIn,
    Json(question): Json<Question>,
) -> Result<Json<Evaluated>, Problem> {
    let SignedIn { mut tx, session, now, .. } = signed_in;
    let not_an_element = || Problem::invalid("gate-element", "This is not a blinded question.");
    let blinded: Element = question.blinded.0.try_into().map_err(|_| not_an_element())?;
    let key = state
        .service()
        .gate
        .key(question.version, session.account)
        .ok_or_else(|| Problem::invalid("gate-version", "This gate version does not exist."))?;
    let evaluated = key.evaluate(&blinded).map_err(|_| not_an_element())?;
    let limits = policy(&mut tx).await?.gate;
    let in_hour = MOST_IN_HOUR.min(limits.tries_per_hour.into());
    let since_proof = MOST_SINCE_PROOF.min(limits.tries_since_proof.into());
    // The answer leaves only once the guess is counted for good.
    let guess = store::gates::guess(&mut tx, session.account, in_hour, since_proof, now).await?;
    tx.commit().await?;
    let refusal = match guess {
        Guess::Counted => {
            state.service().metrics.gate(state.site(), "answered");
            let evaluated = Base64(evaluated.to_vec());
            return Ok(Json(Evaluated { evaluated, version: key.version }));
        }
        Guess::Wait { until } => wait(in_hour, until, now),
        Guess::Locked => Problem::too_many(
            "words-locked",
            "These words did not open your letterbox many times. Ask for new words: a worker \
             will ring or write to check it is you. You keep every letter you have had.",
            LOCKED_RETRY_SECONDS,
        ),
    };
    state.service().metrics.gate(state.site(), refusal.code());
    tracing::info!(account = %session.account, why = refusal.code(), "gate refused");
    Err(refusal)
}

fn wait(tries: i32, until: Timestamp, now: Timestamp) -> Problem {
    let seconds = until.duration_since(now).as_secs().clamp(1, 3600);
    let minutes = (seconds + 59) / 60;
    Problem::too_many(
        "words-wait",
        format!(
            "You have tried your words {}. You can try again in {minutes} {}. If the card is lost, \
             ask for new words.",
            if tries == 1 { "once".to_owned() } else { format!("{tries} times") },
            if minutes == 1 { "minute" } else { "minutes" }
        ),
        u32::try_from(seconds).unwrap_or(3600),
    )
}

#[cfg(test)]
mod tests {
    use seal::gate::Request;
    use seal::words::Words;

    use super::*;

    fn output(key: &GateKey, words: &str) -> [u8; 64] {
        let words = Words::from_typed(words).expect("words");
        let request = Request::new(&words, &mut seal::random::System).expect("blinds");
        let evaluated = key.evaluate(request.blinded()).expect("evaluates");
        *request.finish(&evaluated).expect("finishes").as_bytes()
    }

    #[test]
    fn each_account_and_version_has_a_key_of_its_own() {
        let text = format!("# gate\n1 {}\n\n2 {}\n", "11".repeat(32), "22".repeat(32));
        let seeds = GateSeeds::parse(&text).expect("parses");
        let (anna, ben) = (AccountId::from_bytes([1; 16]), AccountId::from_bytes([2; 16]));
        let key = |version, account| seeds.key(version, account).expect("a key");
        let first = output(&key(Some(1), anna), "four words on card");
        assert_eq!(first, output(&key(Some(1), anna), "Four-words on card"));
        assert_ne!(first, output(&key(Some(1), ben), "four words on card"));
        assert_ne!(first, output(&key(Some(2), anna), "four words on card"));
        assert_eq!(key(None, anna).version, 2);
        assert!(seeds.key(Some(3), anna).is_none());
    }

    #[test]
    fn a_seed_file_that_is_not_one_is_refused() {
        assert!(GateSeeds::parse("").is_err());
        assert!(GateSeeds::parse("1 abcd").is_err());
        assert!(GateSeeds::parse(&format!("0 {}", "11".repeat(32))).is_err());
        assert!(GateSeeds::parse(&format!("1 {0}\n1 {0}", "11".repeat(32))).is_err());
        assert!(GateSeeds::parse(&"11".repeat(32)).is_ok());
    }
}
