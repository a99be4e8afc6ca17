//! Bringing a database up to date, again and again.

use store::{Role, migrate, testing::TestDatabase};

#[tokio::test]
async fn migrating_again_changes_nothing_and_every_service_can_tell_that_it_fits() {
    let db = TestDatabase::create().await;
    migrate::create_roles(&db.superuser_url()).await.expect("the roles are there");
    migrate::migrate(&db.superuser_url()).await.expect("nothing to do");
    for role in Role::ALL {
        let store = db.store(role).await;
        let mut tx = store.begin_queues().await.expect("begin");
        assert_eq!(migrate::applied(&mut tx).await.expect("a number"), migrate::newest(), "{role}");
    }
}
