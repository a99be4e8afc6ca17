use curve25519_dalek::{EdwardsPoint, Scalar, constants::EIGHT_TORSION};
use sha2::{Digest, Sha512};

use super::*;

fn key() -> SigningKey {
    SigningKey::from_seed(&std::array::from_fn(|i| u8::try_from(i).expect("below 32")))
}

#[test]
fn a_signature_verifies_under_its_own_key_only() {
    let (one, two) = (key(), SigningKey::from_seed(&[7; 32]));
    let signature = one.sign(b"letter");
    assert_eq!(one.public_key().verify_strict(b"letter", &signature), Ok(()));
    assert_eq!(one.public_key().verify_strict(b"lettes", &signature), Err(KeyError::Signature));
    assert_eq!(two.public_key().verify_strict(b"letter", &signature), Err(KeyError::Signature));
}

#[test]
fn small_order_and_mixed_order_keys_are_refused() {
    let honest = CompressedEdwardsY(key().public_key().to_bytes()).decompress().expect("a point");
    for torsion in EIGHT_TORSION {
        let small = torsion.compress().to_bytes();
        assert_eq!(PublicKey::from_bytes(&small), Err(KeyError::Torsion));
        if !torsion.is_identity() {
            let mixed = (honest + torsion).compress().to_bytes();
            assert_eq!(PublicKey::from_bytes(&mixed), Err(KeyError::Torsion));
        }
    }
}

#[test]
fn a_public_key_has_one_encoding() {
    let others = [
        // y = −1 with a sign bit.
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        // y = p, p + 1, p + 3.
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        // y = 1 with a sign bit.
        "0100000000000000000000000000000000000000000000000000000000000080",
    ];
    for other in others {
        assert_eq!(other.parse::<PublicKey>(), Err(KeyError::NotCanonical), "{other}");
    }
    let text = key().public_key().to_string();
    assert_eq!(text.parse::<PublicKey>(), Ok(key().public_key()));
    assert_eq!(text.to_uppercase().parse::<PublicKey>(), Err(KeyError::Hex));
}

#[test]
fn a_signing_key_does_not_print_its_seed() {
    let printed = format!("{:?}", key());
    assert!(!printed.contains(&hex::encode(*key().seed())));
}

fn scalar(parts: &[&[u8]]) -> Scalar {
    let hash = parts.iter().fold(Sha512::new(), Digest::chain_update);
    Scalar::from_bytes_mod_order_wide(&hash.finalize().into())
}

/// A signature by this secret with an R of the caller's choice: S = r + k·a.
fn sign_with(secret: Scalar, r: Scalar, point: EdwardsPoint, message: &[u8]) -> Signature {
    let public = EdwardsPoint::mul_base(&secret).compress();
    let point = point.compress();
    let k = scalar(&[point.as_bytes(), public.as_bytes(), message]);
    let s = (r + k * secret).to_bytes();
    Signature::from_bytes(std::array::from_fn(|i| if i < 32 { point.0[i] } else { s[i - 32] }))
}

#[test]
fn a_small_or_mixed_order_r_is_refused_where_the_cofactored_equation_holds() {
    let (secret, r) = (scalar(&[b"secret"]), scalar(&[b"nonce"]));
    let public = EdwardsPoint::mul_base(&secret).compress().to_bytes();
    let public = PublicKey::from_bytes(&public).expect("an honest key");
    let honest = sign_with(secret, r, EdwardsPoint::mul_base(&r), b"letter");
    assert_eq!(public.verify_strict(b"letter", &honest), Ok(()));
    for torsion in EIGHT_TORSION {
        let small = sign_with(secret, Scalar::ZERO, torsion, b"letter");
        assert_eq!(public.verify_strict(b"letter", &small), Err(KeyError::Signature));
        if !torsion.is_identity() {
            let mixed = sign_with(secret, r, EdwardsPoint::mul_base(&r) + torsion, b"letter");
            assert_eq!(public.verify_strict(b"letter", &mixed), Err(KeyError::Signature));
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wycheproof {
    number_of_tests: usize,
    test_groups: Vec<Group>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Group {
    public_key: GroupKey,
    tests: Vec<Case>,
}

#[derive(Deserialize)]
struct GroupKey {
    pk: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Case {
    tc_id: u32,
    msg: String,
    sig: String,
    result: String,
}

#[test]
fn wycheproof_and_we_give_the_same_verdicts() {
    let text = include_str!("../../../../tests/vectors/wycheproof/ed25519_test.json");
    let wycheproof: Wycheproof = serde_json::from_str(text).expect("the vectors");
    let mut count = 0;
    for group in wycheproof.test_groups {
        let public: PublicKey = group.public_key.pk.parse().expect("a key");
        for case in group.tests {
            let message = hex::decode(&case.msg).expect("hex");
            // A signature of another length is refused before it is one.
            let signature = case.sig.parse::<Signature>();
            let accepted = signature.is_ok_and(|s| public.verify_strict(&message, &s).is_ok());
            assert_eq!(accepted, case.result == "valid", "{}", case.tc_id);
            count += 1;
        }
    }
    assert_eq!(count, wycheproof.number_of_tests);
}
