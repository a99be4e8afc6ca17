use domain::id::{LetterId, Realm};

use super::*;
use crate::statement::Withdraw;

/// The check value of the protocol, "Encodings".
#[test]
fn the_check_value_of_the_protocol_is_reproduced() {
    let seed: Vec<u8> = (0..32).collect();
    let key = SigningKey::from_seed(&seed.try_into().expect("32 bytes"));
    let withdraw = Withdraw {
        letter: "2".repeat(32).parse::<LetterId>().expect("an id"),
        submit_id: "3".repeat(64).parse().expect("an id"),
    };
    let realm: Realm = "0".repeat(64).parse().expect("a realm");
    let signer = "1".repeat(64).parse().expect("an id");
    let envelope = Envelope::sign(Statement::new(realm, Some(signer), withdraw), &key);
    assert_eq!(
        envelope.id().to_string(),
        "b7b0755bf8c7f72500d312cd6742845fcbd936314e69b818da18aa9f7dcb9ac6"
    );
    assert_eq!(
        envelope.signatures[0].to_string(),
        "6331031367163d31d76a4f6e64179284825b0058cb814e70df5d2d8c7ab4c6223ee63f7423515421890f3f09bec5270213154d4cae2f10248c4285cc271a8c02"
    );
    assert!(envelope.verify(&key.public_key()).is_ok());
    assert_eq!(Envelope::parse(&envelope.to_json()), Ok(envelope));
}

mod properties {
    use proptest::prelude::*;

    use super::*;
    use crate::statement::samples::{envelope, samples};

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

        /// Whatever one byte of an envelope is changed to, it is no longer accepted.
        #[test]
        fn no_byte_of_an_envelope_can_change(
            sample in 0_usize..26,
            at in any::<prop::sample::Index>(),
            to in any::<u8>(),
        ) {
            let samples = samples();
            let sample = &samples[sample % samples.len()];
            let key = SigningKey::from_seed(&sample.1[0]).public_key();
            let good = envelope(sample);
            let mut json = good.to_json();
            let at = at.index(json.len());
            prop_assume!(json[at] != to);
            json[at] = to;
            if let Ok(changed) = Envelope::parse(&json) {
                prop_assert_ne!(&changed, &good);
                prop_assert!(changed.verify(&key).is_err());
            }
        }
    }
}

#[test]
fn a_relabelled_envelope_does_not_verify() {
    use crate::statement::samples::{envelope, samples};
    for sample in samples() {
        let json = String::from_utf8(envelope(&sample).to_json()).expect("ASCII");
        for kind in Kind::ALL.iter().filter(|&&kind| kind != sample.0.kind()) {
            let own = sample.0.kind().payload_type();
            let relabelled = json.replacen(own, kind.payload_type(), 1);
            assert_eq!(Envelope::parse(relabelled.as_bytes()).err(), Some(Refusal::Malformed));
        }
    }
}

#[test]
fn an_enrolment_is_signed_by_both_keys_in_order() {
    use crate::statement::samples::samples;
    let (statement, seeds) =
        samples().into_iter().find(|(one, _)| one.kind() == Kind::Enrol).expect("a sample");
    let [invite, new] = [0, 1].map(|n: usize| SigningKey::from_seed(&seeds[n]));
    let good = Envelope::sign_enrol(statement.clone(), &invite, &new);
    assert!(good.verify(&invite.public_key()).is_ok());
    for (first, second) in [(&new, &invite), (&invite, &invite), (&new, &new)] {
        let bad = Envelope::sign_enrol(statement.clone(), first, second);
        assert_eq!(bad.verify(&invite.public_key()), Err(Refusal::BadSignature));
    }
}

#[test]
fn the_stored_bytes_of_an_envelope_have_one_spelling() {
    use crate::statement::samples::{envelope, samples};
    let good = String::from_utf8(envelope(&samples()[0]).to_json()).expect("ASCII");
    let (payload_type, rest) = good.split_once(',').expect("fields");
    let (payload, signatures) = rest.split_once(',').expect("fields");
    let reordered = format!("{{{payload},{},{signatures}", payload_type.trim_start_matches('{'));
    for other in [good.replace(",\"payload\"", ", \"payload\""), format!("{good}\n"), reordered] {
        assert_ne!(other, good);
        assert_eq!(Envelope::parse(other.as_bytes()).err(), Some(Refusal::Malformed), "{other}");
        // Inside a larger document that is not the envelope's business.
        assert!(serde_json::from_str::<Envelope>(&other).is_ok());
    }
}
