use super::*;

fn key() -> SigningKey {
    SigningKey::from_seed(&[3; 32])
}

fn realm() -> Realm {
    Realm::from_bytes([9; 32])
}

#[test]
fn a_checkpoint_is_read_back_under_its_key_and_realm_only() {
    let checkpoint = Checkpoint { size: 12, root: [5; 32] };
    let note = checkpoint.sign(realm(), &key());
    assert!(note.starts_with(&format!("postern/{}\n12\nBQUF", realm())));
    assert_eq!(Checkpoint::verify(&note, realm(), &key().public_key()), Ok(checkpoint));
    let other = SigningKey::from_seed(&[4; 32]).public_key();
    assert_eq!(Checkpoint::verify(&note, realm(), &other), Err(Refusal::BadSignature));
    let elsewhere = Realm::from_bytes([8; 32]);
    assert_eq!(Checkpoint::verify(&note, elsewhere, &key().public_key()), Err(Refusal::Malformed));
}

#[test]
fn an_altered_checkpoint_is_refused() {
    let note = Checkpoint { size: 12, root: [5; 32] }.sign(realm(), &key());
    let public = key().public_key();
    for (from, to) in [
        ("\n12\n", "\n13\n"),
        ("\n12\n", "\n012\n"),
        ("\n12\n", "\n+12\n"),
        ("\n12\n", "\n12\nextra\n"),
        ("\n\n", "\n"),
        ("\n— ", "\n- "),
        ("BQUF", "BQUG"),
    ] {
        let altered = note.replacen(from, to, 1);
        assert_ne!(altered, note);
        assert!(Checkpoint::verify(&altered, realm(), &public).is_err(), "{altered}");
    }
    assert!(Checkpoint::verify(note.trim_end(), realm(), &public).is_err());
    assert!(Checkpoint::verify("", realm(), &public).is_err());
}

#[test]
fn a_witness_may_sign_beside_the_log() {
    let checkpoint = Checkpoint { size: 0, root: crate::tree::empty_root() };
    let note = checkpoint.sign(realm(), &key());
    let witnessed = format!("{note}— witness.example {}\n", BASE64_STANDARD.encode([1; 68]));
    assert_eq!(Checkpoint::verify(&witnessed, realm(), &key().public_key()), Ok(checkpoint));
}
