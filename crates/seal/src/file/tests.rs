use super::*;
use crate::{
    key::{HybridIdentity, X25519Identity},
    random::System,
};

fn is_x25519(stanzas: Stanzas) -> bool {
    stanzas == Stanzas::X25519
}

#[test]
fn a_file_for_one_x25519_key_has_a_constant_size_and_opens() {
    let identity = X25519Identity::generate(&mut System);
    for len in [0, 1, 74, 65_535, 65_536, 65_537, 200_000] {
        let plaintext = vec![7; len];
        let file = seal_x25519(&identity.recipient(), &plaintext);
        let chunks = len.div_ceil(header::CHUNK_LEN).max(1);
        assert_eq!(file.len(), 168 + 16 + len + 16 * chunks);
        let inspected = require_one_x25519(&file).expect("one stanza");
        assert_eq!(inspected.plaintext_len, len);
        let opened = open(&file, is_x25519, &identity.to_age()).expect("opens");
        assert_eq!(*opened, plaintext);
        assert_eq!(require_one_hybrid(&file), Err(FileError::Stanzas));
    }
}

#[test]
fn a_hybrid_file_names_every_recipient_and_nobody_else() {
    let keys: Vec<_> = (0..3).map(|_| HybridIdentity::generate(&mut System)).collect();
    let recipients: Vec<_> = keys.iter().map(HybridIdentity::recipient).collect();
    let file = seal_hybrid(&recipients.iter().collect::<Vec<_>>(), b"card", &mut System);
    assert_eq!(inspect(&file).expect("an age file").stanzas, Stanzas::Hybrid(3));
    for key in &keys {
        let opened = open(&file, |s| s == Stanzas::Hybrid(3), key).expect("opens");
        assert_eq!(*opened, b"card");
    }
    let stranger = HybridIdentity::generate(&mut System);
    assert_eq!(open(&file, |_| true, &stranger), Err(FileError::Key));
    // The size npm age-encryption gives for 74 bytes to one recipient.
    assert_eq!(seal_hybrid(&[&recipients[0]], &[0; 74], &mut System).len(), 1733);
}

#[test]
fn grease_and_mixtures_are_refused() {
    let identity = X25519Identity::generate(&mut System);
    let greased = age::encrypt(&identity.to_age().to_public(), b"letter").expect("seals");
    assert_eq!(require_one_x25519(&greased), Err(FileError::Stanzas));
    let hybrid = HybridIdentity::generate(&mut System).recipient();
    let mixed = seal(b"letter", |key| {
        let mut stanzas = vec![hybrid.wrap(key, &mut System)];
        stanzas.extend(identity.recipient().to_age().wrap_file_key(key).expect("wraps").0);
        stanzas
    });
    assert_eq!(inspect(&mixed).expect("an age file").stanzas, Stanzas::Other);
    assert_eq!(open(&mixed, is_x25519, &identity.to_age()), Err(FileError::Stanzas));
}

#[test]
fn a_truncated_file_does_not_open() {
    let identity = X25519Identity::generate(&mut System);
    let file = seal_x25519(&identity.recipient(), &vec![1; 70_000]);
    for len in [0, 20, 100, 168, 184, 200, 184 + 65_552, file.len() - 1] {
        assert!(open(&file[..len], is_x25519, &identity.to_age()).is_err(), "{len}");
    }
    let mut longer = file.clone();
    longer.push(0);
    assert!(open(&longer, is_x25519, &identity.to_age()).is_err());
}

#[test]
fn words_open_their_file_at_work_factor_15_only() {
    let file = seal_words("correct horse", b"key");
    assert_eq!(inspect(&file).expect("an age file").stanzas, Stanzas::Scrypt);
    assert_eq!(*open_words(&file, "correct horse").expect("opens"), b"key");
    assert_eq!(open_words(&file, "correct house"), Err(FileError::Key));
}
