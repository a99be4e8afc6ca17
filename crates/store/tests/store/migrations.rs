//! Bringing a database up to date, again and again.

use store::{Role, migrate, testing::TestDatabase};

use crate::scene::Scene;

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

#[tokio::test]
async fn a_rule_that_is_gone_is_taken_out_of_every_policy() {
    let scene = Scene::set().await;
    let pool = scene.db.superuser().await;
    let before = r#"{"phone": "101", "notices": {"reminder_days": 14, "recovery_hours": 96}}"#;
    sqlx::query("update agencies set policy = $1::text::jsonb")
        .bind(before)
        .execute(&pool)
        .await
        .expect("policies of before");
    let mut conn = pool.acquire().await.expect("a connection");
    let migration = include_str!("../../../../migrations/0020_no_reminders.sql");
    let migration = format!("set role migrator; {migration}; reset role");
    sqlx::raw_sql(sqlx::AssertSqlSafe(migration)).execute(&mut *conn).await.expect("migrates");
    let after: Vec<String> = sqlx::query_scalar("select policy::text from agencies")
        .fetch_all(&mut *conn)
        .await
        .expect("policies");
    assert_eq!(after, [r#"{"phone": "101", "notices": {"recovery_hours": 96}}"#; 2]);
}
