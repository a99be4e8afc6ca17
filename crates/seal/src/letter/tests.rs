use proptest::prelude::*;

use super::*;
use crate::random::System;

fn context() -> Context {
    Context {
        realm: Realm::from_bytes([1; 32]),
        letter: LetterId::from_bytes([2; 16]),
        rev: 1,
        kind: Kind::Letter,
        arrangement: ArrangementId::from_bytes([3; 16]),
        author: Author::Member(MembershipId::from_bytes([4; 16])),
        to: vec![MembershipId::from_bytes([5; 16]), MembershipId::from_bytes([6; 16])],
    }
}

/// A file with a plaintext of our making.
fn file_of(plaintext: &[u8], key: &X25519Identity) -> Vec<u8> {
    let mut padded = plaintext.to_vec();
    padded.resize(BUCKETS[0], 0);
    file::seal_x25519(&key.recipient(), &padded)
}

#[test]
fn a_letter_opens_in_its_own_context_only() {
    let parts = [Part::text("Dear Sam,\nhow are you?"), Part::text("P.S.")];
    let sealed = seal(&context(), &parts, &mut System).expect("seals");
    assert_eq!(open(&sealed.file, &sealed.key, &context()).expect("opens"), parts);
    let (found, _) = open_any(&sealed.file, &sealed.key).expect("opens");
    assert_eq!(found, context());

    let others = [
        Context { rev: 2, ..context() },
        Context { realm: Realm::from_bytes([9; 32]), ..context() },
        Context { to: vec![], ..context() },
        Context { kind: Kind::Message, ..context() },
        Context { letter: LetterId::from_bytes([9; 16]), ..context() },
        Context { arrangement: ArrangementId::from_bytes([9; 16]), ..context() },
        Context { author: Author::Member(MembershipId::from_bytes([9; 16])), ..context() },
    ];
    for other in others {
        assert_eq!(open(&sealed.file, &sealed.key, &other), Err(LetterError::Context));
    }
    let stranger = X25519Identity::generate(&mut System);
    let refused = open(&sealed.file, &stranger, &context());
    assert_eq!(refused, Err(LetterError::File(FileError::Key)));
}

#[test]
fn a_length_tells_nothing_but_the_bucket() {
    let key = X25519Identity::generate(&mut System);
    for (bucket, file_length) in BUCKETS.into_iter().zip(FILE_LENGTHS) {
        let file = file::seal_x25519(&key.recipient(), &vec![0; bucket]);
        assert_eq!(file.len(), file_length);
        assert_eq!(check_form(&file), Ok(()));
    }
    let head = head::write(&context(), &[Part::text("")]).expect("a head").len() + 4;
    for (text, file_length) in [
        (1, FILE_LENGTHS[0]),
        (BUCKETS[0] - head, FILE_LENGTHS[0]),
        (BUCKETS[0] - head + 1, FILE_LENGTHS[1]),
    ] {
        let part = Part::text(&"a".repeat(text));
        let sealed = seal(&context(), &[part], &mut System).expect("seals");
        assert_eq!(sealed.file.len(), file_length);
    }
    let too_long = Part::text(&"a".repeat(BUCKETS[4]));
    assert_eq!(seal(&context(), &[too_long], &mut System).err(), Some(LetterError::TooLong));
}

#[test]
fn every_revision_has_a_fresh_key() {
    let part = [Part::text("same words")];
    let (one, two) = (
        seal(&context(), &part, &mut System).expect("seals"),
        seal(&context(), &part, &mut System).expect("seals"),
    );
    assert_ne!(one.key_hash(), two.key_hash());
    assert_ne!(one.hash(), two.hash());
}

#[test]
fn parts_that_are_not_plain_are_neither_sealed_nor_opened() {
    let hidden = Part { media_type: MediaType::Text, bytes: b"a\tb".to_vec().into() };
    let refused = seal(&context(), std::slice::from_ref(&hidden), &mut System).err();
    assert_eq!(refused, Some(LetterError::Text(TextError::Control)));

    let key = X25519Identity::generate(&mut System);
    let head = head::write(&context(), std::slice::from_ref(&hidden)).expect("a head");
    let file = file_of(&[head.as_bytes(), &hidden.bytes].concat(), &key);
    assert_eq!(open(&file, &key, &context()), Err(LetterError::Text(TextError::Control)));
}

#[test]
fn a_part_that_is_svg_or_anything_but_plain_text_jpeg_and_png_is_not_opened() {
    let key = X25519Identity::generate(&mut System);
    let part = Part::text("hello");
    let head = head::write(&context(), std::slice::from_ref(&part)).expect("a head");
    for other in [
        "image/svg+xml",
        "text/html",
        "application/pdf",
        "image/gif",
        "text/plain; charset=utf-8",
        "TEXT/PLAIN",
        "",
    ] {
        let head = head.replace("text/plain", other);
        let file = file_of(&[head.as_bytes(), &part.bytes].concat(), &key);
        assert_eq!(open(&file, &key, &context()), Err(LetterError::Head), "{other}");
    }
}

#[test]
fn svg_that_calls_itself_a_jpeg_or_a_png_is_neither_sealed_nor_opened() {
    let svg = br#"<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><circle r="9"/></svg>"#;
    let key = X25519Identity::generate(&mut System);
    for media_type in [MediaType::Jpeg, MediaType::Png] {
        let part = Part { media_type, bytes: svg.to_vec().into() };
        let refused = seal(&context(), std::slice::from_ref(&part), &mut System).err();
        assert!(matches!(refused, Some(LetterError::Image(_))), "{refused:?}");
        let head = head::write(&context(), std::slice::from_ref(&part)).expect("a head");
        let file = file_of(&[head.as_bytes(), &part.bytes].concat(), &key);
        let refused = open(&file, &key, &context());
        assert!(matches!(refused, Err(LetterError::Image(_))), "{refused:?}");
    }
}

#[test]
fn a_context_has_one_spelling_and_the_padding_is_zero() {
    let key = X25519Identity::generate(&mut System);
    let part = Part::text("x");
    let head = head::write(&context(), std::slice::from_ref(&part)).expect("a head");
    let spellings = [
        head.replace("{\"realm\"", "{ \"realm\""),
        head.replace("\"rev\":1,", "\"rev\":1,\"rev\":1,"),
        head.replace("\"rev\":1,", "\"rev\":01,"),
        head.replace("\"rev\":1,", "\"rev\":1.0,"),
        head.replace("\"rev\":1,", "\"rev\":0,"),
        head.replace("\"kind\":\"letter\"", "\"kind\":\"l\\u0065tter\""),
        head.replace("\"kind\":\"letter\"", "\"kind\":\"parcel\""),
        head.replace("\"to\":[", "\"more\":1,\"to\":["),
    ];
    for spelling in spellings {
        assert_ne!(spelling, head);
        let file = file_of(&[spelling.as_bytes(), b"x"].concat(), &key);
        assert_eq!(open(&file, &key, &context()), Err(LetterError::Head), "{spelling}");
    }
    let padded = file_of(&[head.as_bytes(), b"x\0\0y"].concat(), &key);
    assert_eq!(open(&padded, &key, &context()), Err(LetterError::Padding));
    let altered = file_of(&[head.as_bytes(), b"y"].concat(), &key);
    assert_eq!(open(&altered, &key, &context()), Err(LetterError::Parts));
    assert_eq!(seal(&context(), &[], &mut System).err(), Some(LetterError::Head));
    let wrong = Context { author: Author::Staff(StaffId::from_bytes([4; 16])), ..context() };
    assert_eq!(seal(&wrong, &[part], &mut System).err(), Some(LetterError::Head));
}

#[test]
fn nothing_of_a_letter_is_printed() {
    let sealed = seal(&context(), &[Part::text("a secret")], &mut System).expect("seals");
    let printed = format!("{:?} {:?}", Part::text("a secret"), sealed.key);
    assert!(!printed.contains("a secret") && !printed.contains("AGE-SECRET"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]
    #[test]
    fn a_flipped_bit_is_never_accepted(at in 0usize..16_584, bit in 0u8..8) {
        let mut sealed = seal(&context(), &[Part::text("Dear Sam")], &mut System).expect("seals");
        sealed.file[at] ^= 1 << bit;
        prop_assert!(open(&sealed.file, &sealed.key, &context()).is_err());
    }

    #[test]
    fn reading_any_bytes_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = image::check_jpeg(&[&b"\xff\xd8\xff"[..], &bytes].concat());
        let _ = image::check_png(&[&b"\x89PNG\r\n\x1a\n"[..], &bytes].concat());
        let _ = head::read(&bytes);
        let _ = check_form(&bytes);
    }
}
