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
