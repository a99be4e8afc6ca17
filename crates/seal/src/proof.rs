//! The proof key: shows the server that an account's keys were opened in this session.

use domain::id::AccountId;

use crate::{
    account::AccountKey,
    key::{KeyError, PublicKey, Signature, SigningKey},
};

/// The 32 random bytes a session is asked to sign.
pub type Challenge = [u8; 32];

/// The key of an account, derived from `K` so that it needs no place in the bundle. Its public
/// half is registered once.
pub fn key(key: &AccountKey, account: AccountId) -> SigningKey {
    SigningKey::from_seed(&key.derive(&format!("postern-proof/1 {account}")))
}

/// Answers a challenge.
pub fn answer(proof_key: &SigningKey, account: AccountId, challenge: &Challenge) -> Signature {
    proof_key.sign(&message(account, challenge))
}

/// Checks an answer; server side.
pub fn verify(
    public: &PublicKey,
    account: AccountId,
    challenge: &Challenge,
    answer: &Signature,
) -> Result<(), KeyError> {
    public.verify_strict(&message(account, challenge), answer)
}

fn message(account: AccountId, challenge: &Challenge) -> Vec<u8> {
    format!("postern-challenge/1\n{account}\n{}\n", hex::encode(challenge)).into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_good_for_its_account_and_challenge_only() {
        let (account, other) = (AccountId::from_bytes([1; 16]), AccountId::from_bytes([2; 16]));
        let secret = AccountKey::from_bytes([3; 32]);
        let key = key(&secret, account);
        let answer = answer(&key, account, &[4; 32]);
        let public = key.public_key();
        assert_eq!(verify(&public, account, &[4; 32], &answer), Ok(()));
        assert_eq!(verify(&public, other, &[4; 32], &answer), Err(KeyError::Signature));
        assert_eq!(verify(&public, account, &[5; 32], &answer), Err(KeyError::Signature));
        assert_ne!(super::key(&secret, other).public_key(), public);
    }
}
