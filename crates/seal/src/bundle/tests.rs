use proptest::prelude::*;

use super::*;
use crate::random::System;

fn bundle() -> Bundle {
    let mut bundle = Bundle::new(AccountId::from_bytes([1; 16]));
    bundle.root = Some(SigningKey::from_seed(&[2; 32]).public_key());
    bundle.memberships.push(Keys {
        id: MembershipId::from_bytes([3; 16]),
        cert_id: None,
        sign_seed: SigningKey::from_seed(&[4; 32]),
        seal_identity: HybridIdentity::generate(&mut System),
    });
    bundle.pins.arrangements.push(ArrangementPin {
        arrangement: ArrangementId::from_bytes([5; 16]),
        n: 2,
        statement: StatementId::from_bytes([6; 32]),
    });
    bundle
}

#[test]
fn a_bundle_opens_for_its_account_and_version_only() {
    let key = AccountKey::generate(&mut System);
    let bundle = bundle().next();
    let sealed = bundle.seal(&key, &mut System);
    let opened = Bundle::open(&key, bundle.account(), 2, &sealed).expect("opens");
    assert_eq!(opened.pins, bundle.pins);
    assert_eq!(opened.root, bundle.root);
    assert_eq!(opened.memberships[0].sign_seed.seed(), bundle.memberships[0].sign_seed.seed());

    let refused = |key: &AccountKey, account, version| {
        Bundle::open(key, account, version, &sealed).err() == Some(BundleError::Key)
    };
    assert!(refused(&key, bundle.account(), 1));
    assert!(refused(&key, AccountId::from_bytes([9; 16]), 2));
    assert!(refused(&AccountKey::generate(&mut System), bundle.account(), 2));
}

#[test]
fn what_is_inside_must_be_a_bundle_of_this_account_and_version() {
    let key = AccountKey::generate(&mut System);
    let account = AccountId::from_bytes([1; 16]);
    let good = serde_json::to_string(&bundle()).expect("JSON");
    let bad = [
        "{}".to_owned(),
        good.replace("\"v\":1,", "\"v\":2,"),
        good.replace("\"version\":1,", "\"version\":2,"),
        good.replace(&account.to_string(), &"09".repeat(16)),
        good.replace("\"v\":1,", "\"v\":1,\"v\":1,"),
        good.replace("\"v\":1,", "\"v\":1,\"more\":1,"),
        good.replace("\"v\":1,", "\"v\": 1,"),
    ];
    for json in bad {
        let sealed = seal_bytes(&key, account, 1, json.as_bytes(), &mut System);
        let refused = Bundle::open(&key, account, 1, &sealed).err();
        assert_eq!(refused, Some(BundleError::Form), "{json}");
    }
}

#[test]
fn no_secret_of_a_bundle_is_printed() {
    let printed = format!("{:?}", bundle());
    assert!(!printed.contains(&"04".repeat(32)) && !printed.contains("AGE-SECRET"));
}

proptest! {
    #[test]
    fn a_flipped_bit_is_never_accepted(at in 0usize..10_000, bit in 0u8..8) {
        let key = AccountKey::from_bytes([7; 32]);
        let account = AccountId::from_bytes([1; 16]);
        let mut sealed = Bundle::new(account).seal(&key, &mut System);
        let at = at % sealed.len();
        sealed[at] ^= 1 << bit;
        prop_assert!(Bundle::open(&key, account, 1, &sealed).is_err());
    }
}
