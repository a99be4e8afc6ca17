//! Another agency behind a genuine code: whole and consistent as its record is, the words on the
//! sheet name another root.

use client::{Account, Error, Invitation};
use domain::id::TeamId;
use seal::random::System;
use seal::statement::{Invite, Role};
use seal::testing::Agency;
use serde_json::json;
use xtask::seed::now;

use super::{assert_untrusted, change, last, liars_key};
use crate::forge::{sign, staff_signer};
use crate::liar::Liar;
use crate::scene::{run, shared};

/// What another agency proves of an invitation that it has put in the place of the genuine one.
fn proof_with(invite: Invite) -> serde_json::Value {
    let mut theirs = Agency::new(0x1fe);
    let team = theirs.id(TeamId::from_bytes);
    let lead = theirs.root_staff(&[Role::Lead], &[team]);
    theirs.say(&lead, invite);
    json!(theirs.proof())
}

#[test]
fn nobody_leaves_keys_with_another_root_behind_a_genuine_code() {
    run(async {
        let scene = shared().await;
        let liar = Liar::before(scene.stack.staff()).await;
        let dee = &scene.agency.leads[0];
        let sheet = dee.account.invite_staff(Role::Coordinator, now(), &mut System).await.unwrap();
        let api = liar.lets_in("Nia").await;
        let genuine = Invitation::look_up(&api, &sheet.code).await.unwrap();
        let (mut nia, _) = Account::make(api, 4, &mut System).await.unwrap();

        let invite = genuine.invite.clone();
        let copied = proof_with(invite.clone());
        // Without the code nobody can make the tag of a root of their own.
        let made_up = proof_with(Invite { root_tag: [7; 32], ..invite.clone() });
        let other_keys = Invite { invite_key: liars_key().public_key(), ..invite };
        let other_keys = json!(sign(dee, staff_signer(dee), other_keys));
        let root = copied["root"].clone();
        for (what, lie) in [
            ("the tag as it was printed", change(move |it| it["proof"] = copied.clone())),
            ("a tag made up", change(move |it| it["proof"] = made_up.clone())),
            ("another root's name", change(move |it| it["proof"]["root"] = root.clone())),
            (
                "an invitation that is not the code's own",
                change(move |it| {
                    let place = last(&it["proof"], "invite");
                    it["proof"]["statements"][place] = other_keys.clone();
                }),
            ),
        ] {
            liar.lies(&format!("/api/invites/{}", sheet.invite), lie);
            assert_untrusted(&liar, what, &join(&mut nia, &sheet.code).await);
        }
        assert!(!liar.has_got("/enrol"), "keys went out");
    });
}

async fn join(newcomer: &mut Account, code: &str) -> Result<(), Error> {
    let invitation = Invitation::look_up(&newcomer.api, code).await?;
    newcomer.enrol(&invitation, &mut System).await.map(drop)
}
