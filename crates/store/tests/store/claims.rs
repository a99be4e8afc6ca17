//! How long a claim holds: the policy's word in the database, and its default in `domain`.

use domain::policy::Policy;
use store::{Actor, Role};

use crate::scene::{A, Scene};

#[tokio::test]
async fn where_the_policy_is_silent_a_claim_holds_for_the_national_default() {
    let scene = Scene::set().await;
    let store = scene.db.store(Role::Api).await;
    let seconds = "select extract(epoch from claim_idle())::int8";
    let mut tx = store.begin(A, Actor::Nobody).await.expect("begin");
    let default = Policy::default().claim_idle().as_secs();
    assert_eq!(tx.number(seconds).await.expect("a number"), default);
    store::agencies::update_policy(&mut tx, r#"{"claim_minutes": 45}"#).await.expect("updates");
    assert_eq!(tx.number(seconds).await.expect("a number"), 45 * 60);
}
