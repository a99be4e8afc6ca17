use curve25519_dalek::constants::EIGHT_TORSION;

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
    // y = p + 3 is the point with y = 3 written past the field's prime.
    let mut bytes = [0xff; 32];
    bytes[0] = 0xf0;
    bytes[31] = 0x7f;
    assert_eq!(PublicKey::from_bytes(&bytes), Err(KeyError::NotCanonical));
    let text = key().public_key().to_string();
    assert_eq!(text.parse::<PublicKey>(), Ok(key().public_key()));
    assert_eq!(text.to_uppercase().parse::<PublicKey>(), Err(KeyError::Hex));
}

#[test]
fn a_signing_key_does_not_print_its_seed() {
    let printed = format!("{:?}", key());
    assert!(!printed.contains(&hex::encode(*key().seed())));
}
