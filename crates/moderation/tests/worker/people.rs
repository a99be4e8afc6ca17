//! Who is who: certificates, arrangements, team keys, and the log they are all in.

use domain::{
    id::{StaffId, StatementId, TeamId},
    role::Role,
};
use jiff::SignedDuration;
use seal::{
    checkpoint::Checkpoint,
    envelope::Envelope,
    statement::{Body, Member, Reason, Revoke, Staff, Statement},
    tree::{self, Tree},
};
use sqlx::Row;
use store::{accounts::Audience, statements::Verdict};

use crate::scene::{Scene, impostor};

#[tokio::test]
async fn a_whole_history_is_logged_in_order_under_signed_checkpoints() {
    let scene = Scene::new().await;
    let jobs = scene.drain().await;
    assert_eq!(jobs, scene.statements.len());
    for (at, envelope) in scene.statements.iter().enumerate() {
        let index = u64::try_from(at).expect("small");
        assert_eq!(scene.verdict(envelope.id()).await, Verdict::Logged { index });
    }
    // The tree, from the salts and the statements alone.
    let rows = sqlx::query(
        "select statement_id, salt from log_leaves join log_salts using (agency_id, leaf_index)
         order by leaf_index",
    )
    .fetch_all(&scene.behind)
    .await
    .expect("answers");
    let mut log = Tree::new();
    for (row, size) in rows.iter().zip(1_i64..) {
        let salt: Vec<u8> = row.get("salt");
        let id: Vec<u8> = row.get("statement_id");
        let id = StatementId::from_bytes(id.try_into().expect("32 bytes"));
        log.push(tree::leaf(&salt.try_into().expect("16 bytes"), id));
        let note: String = sqlx::query_scalar("select note from checkpoints where size = $1")
            .bind(size)
            .fetch_one(&scene.behind)
            .await
            .expect("a checkpoint");
        let key = scene.log_key.public_key();
        let checkpoint = Checkpoint::verify(&note, scene.realm, &key).expect("signed");
        assert_eq!((checkpoint.size, checkpoint.root), (log.size(), log.root()));
    }
    assert_eq!(log.size(), scene.statements.len() as u64);
}

#[tokio::test]
async fn certificates_carry_into_the_session_of_whoever_enrolled() {
    let scene = Scene::verified().await;
    for (who, audience) in
        [(scene.coordinator.clone(), Audience::Staff), (scene.mother.clone(), Audience::Family)]
    {
        let (_, session) = scene.session(&who, audience).await;
        let ids: Vec<_> = session.certificates.iter().map(|one| one.id).collect();
        assert_eq!(ids, [who.id]);
    }
}

#[tokio::test]
async fn the_governing_arrangement_and_team_keys_are_projected() {
    let scene = Scene::verified().await;
    let (governing, version) =
        scene.ledger.governing_arrangement(scene.arrangement).expect("governs");
    let row = scene
        .row("select statement_id, n, reviewers::integer from arrangements where $1::bytea is not null", &[])
        .await;
    assert_eq!(row.get::<Vec<u8>, _>(0), governing.as_bytes());
    assert_eq!((row.get::<i32, _>(1), row.get::<i32, _>(2)), (3, 1));
    assert_eq!(version.n, 3);
    let online = "select count(*) from arrangement_members where certificate_id is not null";
    assert_eq!(scene.count(online).await, 2);
    assert_eq!(scene.count("select count(*) from arrangement_members").await, 3);
    assert_eq!(scene.count("select count(*) from epochs").await, 2);
}

#[tokio::test]
async fn a_statement_that_comes_before_what_it_names_waits_for_it() {
    let mut scene = Scene::verified().await;
    let enrolled = scene.enrol(None, Role::Lead, None);
    let team = scene.team;
    let body = scene.staff_body(&enrolled, &[Role::Lead], &[team]);
    let certificate = scene.sign_root(body);
    // The certificate first, then the invite and the enrolment it rests on.
    scene.post(&certificate).await;
    scene.post_all().await;
    // Tried, put off, and taken up again in the same breath, once the enrolment is logged.
    assert_eq!(scene.drain().await, 4);
    assert!(scene.is_logged(certificate.id()).await);
}

#[tokio::test]
async fn a_statement_that_names_nothing_known_is_quarantined() {
    let mut scene = Scene::verified().await;
    let enrolled = scene.enrol(None, Role::Lead, None);
    let team = scene.team;
    let mut body = scene.staff_body(&enrolled, &[Role::Lead], &[team]);
    body.enrol_id = StatementId::from_bytes([9; 32]);
    let certificate = scene.sign_root(body);
    scene.post(&certificate).await;
    scene.drain().await;
    assert_eq!(scene.reason(certificate.id()).await, "missing-statement");
}

#[tokio::test]
async fn waiting_ends_when_what_is_named_is_refused_itself() {
    let mut scene = Scene::verified().await;
    let enrolled = scene.keys();
    let invite = {
        let mut other = scene.letterbox.clone();
        let first = other.statements.len();
        other.enrol(None, Role::Lead, None);
        other.statements[first].clone()
    };
    // An enrolment signed with a key that is not the invite's.
    let enrol = seal::statement::Enrol {
        invite_id: invite.id(),
        sign_key: enrolled.sign.public_key(),
        seal_key: seal::statement::SealKey::from(&enrolled.seal.recipient()),
    };
    let statement = Statement::new(scene.realm, Some(invite.id()), enrol);
    let forged = Envelope::sign_enrol(statement, &impostor(), &enrolled.sign);
    let enrolled = seal::testing::Signatory { id: forged.id(), ..enrolled };
    let team = scene.team;
    let body = scene.staff_body(&enrolled, &[Role::Lead], &[team]);
    let certificate = scene.sign_root(body);
    scene.post(&certificate).await;
    scene.post(&forged).await;
    scene.post(&invite).await;
    scene.drain().await;
    scene.advance(SignedDuration::from_mins(1));
    scene.drain().await;
    assert!(scene.is_logged(invite.id()).await);
    assert_eq!(scene.reason(forged.id()).await, "bad-signature");
    assert_eq!(scene.reason(certificate.id()).await, "missing-statement");
}

#[tokio::test]
async fn another_root_is_believed_neither_by_statement_nor_by_row() {
    let scene = Scene::verified().await;
    let Body::Agency(agency) = scene.statements[0].unverified().body.clone() else {
        panic!("the agency comes first")
    };
    let root = impostor();
    let forged =
        Envelope::sign(Statement::new(root.public_key().realm(), None, agency.clone()), &root);
    let same_realm = Envelope::sign(
        Statement::new(scene.realm, None, seal::statement::Agency { from: 1, ..agency }),
        &root,
    );
    scene.post(&forged).await;
    scene.post(&same_realm).await;
    scene.drain().await;
    assert_eq!(scene.reason(forged.id()).await, "bad-signature");
    assert_eq!(scene.reason(same_realm.id()).await, "bad-signature");
}

#[tokio::test]
async fn a_root_key_changed_in_the_database_stops_the_worker_and_nothing_else() {
    let mut scene = Scene::verified().await;
    scene.tamper("update agencies set root_key = sha256('x'), realm = sha256(sha256('x'))").await;
    scene.enrol(None, Role::Lead, None);
    scene.post_all().await;
    scene.drain().await;
    let last = scene.statements.last().expect("an enrolment").id();
    assert_eq!(scene.verdict(last).await, Verdict::Waiting);
    let errors: Vec<String> =
        sqlx::query_scalar("select last_error from jobs where last_error is not null")
            .fetch_all(&scene.behind)
            .await
            .expect("answers");
    assert!(errors.iter().all(|error| error == "not-the-pinned-realm"), "{errors:?}");
    assert_eq!(errors.len(), 2);
}

#[tokio::test]
async fn whoever_leaves_loses_certificate_and_team_keys_the_same_moment() {
    let mut scene = Scene::verified().await;
    let staff = scene.staff_of(&scene.coordinator);
    sqlx::query(
        "insert into epoch_wraps select agency_id, statement_id, 'staff:' || $1, 'sealed'
         from epochs order by n limit 1",
    )
    .bind(staff.to_string())
    .execute(&scene.behind)
    .await
    .expect("inserts");
    let (lead, target_id) = (scene.lead.clone(), scene.coordinator.id);
    scene.say(&lead, Revoke { target_id, reason: Reason::Left });
    scene.post_all().await;
    scene.drain().await;
    let row = scene
        .row(
            "select ended_at is not null from certificates where certificate_id = $1",
            target_id.as_bytes(),
        )
        .await;
    assert!(row.get::<bool, _>(0));
    assert_eq!(scene.count("select count(*) from epoch_wraps").await, 0);

    // A new key is due from that moment, in that team alone, until a lead has made it.
    let due = async |scene: &Scene| {
        let mut tx = scene.begin().await;
        let teams = store::teams::list(&mut tx).await.expect("answers");
        let due = teams.iter().filter(|it| it.key_due_since.is_some());
        due.map(|it| it.team).collect::<Vec<_>>()
    };
    assert_eq!(due(&scene).await, [scene.team]);
    scene.advance(SignedDuration::from_mins(5));
    let team = scene.team;
    let (epoch, _) = scene.epoch_body(team);
    scene.say(&lead, epoch);
    scene.post_all().await;
    scene.drain().await;
    assert!(due(&scene).await.is_empty());
}

/// Somebody's wrap of every team key there is.
async fn wrap_every_key(scene: &Scene, staff: StaffId) {
    sqlx::query(
        "insert into epoch_wraps select agency_id, statement_id, 'staff:' || $1, 'sealed'
         from statements where kind = 'epoch'",
    )
    .bind(staff.to_string())
    .execute(&scene.behind)
    .await
    .expect("inserts");
}

/// The teams whose keys somebody has a wrap of.
async fn wrapped(scene: &Scene, staff: StaffId) -> Vec<TeamId> {
    let teams: Vec<sqlx::types::Uuid> = sqlx::query_scalar(
        "select team_id from epoch_wraps join epochs using (agency_id, statement_id)
         where grantee = 'staff:' || $1 order by n",
    )
    .bind(staff.to_string())
    .fetch_all(&scene.behind)
    .await
    .expect("answers");
    teams.into_iter().map(|team| TeamId::from_bytes(team.into_bytes())).collect()
}

#[tokio::test]
async fn whoever_leaves_one_team_of_two_keeps_the_key_of_the_other_alone() {
    let mut scene = Scene::verified().await;
    let (team, other) = (scene.team, scene.other_team);
    let mut both = [team, other];
    both.sort();
    let first = scene.root_staff(&[Role::Lead], &both);
    scene.post_all().await;
    scene.drain().await;
    let staff = scene.staff_of(&first);
    wrap_every_key(&scene, staff).await;
    // Certified anew with the same keys, for the team they stay in.
    let Body::Staff(before) = &scene.ledger.statement(first.id).expect("logged").body else {
        panic!("a staff certificate");
    };
    let after = Staff { teams: vec![other], ..before.clone() };
    let envelope = scene.sign_root(after);
    scene.log(envelope);
    scene.post_all().await;
    scene.drain().await;
    assert_eq!(wrapped(&scene, staff).await.len(), 2);
    let envelope = scene.sign_root(Revoke { target_id: first.id, reason: Reason::Replaced });
    scene.log(envelope);
    scene.post_all().await;
    scene.drain().await;
    assert_eq!(wrapped(&scene, staff).await, [other]);
}

#[tokio::test]
async fn keys_certified_anew_leave_no_wrap_for_the_lost_ones_and_a_team_key_due() {
    let mut scene = Scene::verified().await;
    let (lead, lost, team) = (scene.lead.clone(), scene.coordinator.clone(), scene.team);
    let (staff, second) = (scene.staff_of(&lost), scene.second_lead.clone());
    wrap_every_key(&scene, staff).await;
    let Body::Staff(before) = scene.ledger.statement(lost.id).expect("logged").body.clone() else {
        panic!("a staff certificate");
    };
    let enrolled = scene.enrol(Some(&lead), Role::Coordinator, None);
    let body = scene.staff_body(&enrolled, &[Role::Coordinator], &[team]);
    let first = Staff { staff: before.staff, person: before.person, ..body };
    let prior = Some(scene.say(&lead, first.clone()));
    scene.say(&second, Staff { prior, ..first });
    scene.say(&lead, Revoke { target_id: lost.id, reason: Reason::Lost });
    scene.post_all().await;
    scene.drain().await;
    assert!(wrapped(&scene, staff).await.is_empty(), "they were sealed to the keys that are lost");
    let mut tx = scene.begin().await;
    let teams = store::teams::list(&mut tx).await.expect("answers");
    let due: Vec<_> = teams.iter().filter(|it| it.key_due_since.is_some()).collect();
    assert_eq!(due.iter().map(|it| it.team).collect::<Vec<_>>(), [team]);
}

#[tokio::test]
async fn a_team_key_that_waited_while_somebody_left_is_not_kept_for_them() {
    let mut scene = Scene::verified().await;
    let (lead, left, team) = (scene.lead.clone(), scene.coordinator.clone(), scene.team);
    let staff = scene.staff_of(&left);
    scene.say(&lead, Revoke { target_id: left.id, reason: Reason::Left });
    scene.post_all().await;
    scene.drain().await;
    let (epoch, _) = scene.epoch_body(team);
    scene.say(&lead, epoch);
    scene.post_all().await;
    wrap_every_key(&scene, staff).await;
    scene
        .tamper(
            "delete from epoch_wraps w where exists (select from verdicts v
             where v.agency_id = w.agency_id and v.statement_id = w.statement_id)",
        )
        .await;
    scene.drain().await;
    assert!(wrapped(&scene, staff).await.is_empty());
}

#[tokio::test]
async fn new_keys_come_after_three_days_and_a_notice_to_the_old_contact() {
    let mut scene = Scene::verified().await;
    let (first_by, second_by) = (scene.coordinator.clone(), scene.lead.clone());
    let place = (scene.mother_membership, scene.arrangement);
    let enrolled = scene.enrol(Some(&first_by), Role::BirthParent, Some(place));
    let body = scene.member_body(&enrolled, Role::BirthParent, place);
    let first = Member { replaces: Some(scene.mother.id), ..body };
    let first_id = scene.say(&first_by, first.clone());
    let second_id = scene.say(&second_by, Member { prior: Some(first_id), ..first });
    scene.post_all().await;
    scene.drain().await;
    assert!(scene.is_logged(first_id).await);
    assert_eq!(scene.verdict(second_id).await, Verdict::Waiting);
    assert_eq!(scene.told().await, [(scene.mother_membership, "reset-asked".to_owned())]);
    // A server that lies about the agency's rules hastens nothing.
    scene.tamper("update agencies set policy = '{\"notices\":{\"recovery_hours\":1}}'").await;
    scene.advance(SignedDuration::from_hours(72) - SignedDuration::from_secs(1));
    scene.drain().await;
    assert_eq!(scene.verdict(second_id).await, Verdict::Waiting);
    scene.advance(SignedDuration::from_secs(1));
    scene.drain().await;
    assert_eq!(scene.verdict(second_id).await, Verdict::Waiting, "nobody was told yet");
    scene
        .tamper("update notices set state = 'sent', sent_at = created_at where body = 'security'")
        .await;
    scene.advance(SignedDuration::from_hours(1));
    scene.drain().await;
    assert!(scene.is_logged(second_id).await);
    let current = scene
        .row(
            "select certificate_id from memberships where membership_id = encode($1, 'hex')::uuid",
            scene.mother_membership.as_bytes(),
        )
        .await;
    assert_eq!(current.get::<Vec<u8>, _>(0), second_id.as_bytes());
}

#[tokio::test]
async fn new_keys_for_somebody_who_was_seen_come_after_a_day() {
    let mut scene = Scene::verified().await;
    let (first_by, second_by) = (scene.coordinator.clone(), scene.lead.clone());
    let place = (scene.mother_membership, scene.arrangement);
    let enrolled = scene.enrol(Some(&first_by), Role::BirthParent, Some(place));
    let body = scene.member_body(&enrolled, Role::BirthParent, place);
    let first = Member { met: true, replaces: Some(scene.mother.id), ..body };
    let first_id = scene.say(&first_by, first.clone());
    let second_id = scene.say(&second_by, Member { prior: Some(first_id), ..first });
    scene.post_all().await;
    scene.drain().await;
    scene
        .tamper("update notices set state = 'sent', sent_at = created_at where body = 'security'")
        .await;
    // A server that lies about the agency's rules hastens nothing.
    let lie = "update agencies set policy = '{\"notices\":{\"recovery_hours_in_person\":1}}'";
    scene.tamper(lie).await;
    scene.advance(SignedDuration::from_hours(24) - SignedDuration::from_secs(1));
    scene.drain().await;
    assert_eq!(scene.verdict(second_id).await, Verdict::Waiting);
    scene.advance(SignedDuration::from_secs(1));
    scene.drain().await;
    assert!(scene.is_logged(second_id).await);
}

#[tokio::test]
async fn new_keys_never_come_when_whoever_has_the_old_ones_objects() {
    let mut scene = Scene::verified().await;
    let (first_by, second_by) = (scene.coordinator.clone(), scene.lead.clone());
    let (mother, place) = (scene.mother.clone(), (scene.mother_membership, scene.arrangement));
    let enrolled = scene.enrol(Some(&first_by), Role::BirthParent, Some(place));
    let body = scene.member_body(&enrolled, Role::BirthParent, place);
    let first = Member { replaces: Some(mother.id), ..body };
    let target_id = scene.say(&first_by, first.clone());
    scene.post_all().await;
    scene.drain().await;
    // The second half is there before the objection, and waits.
    let second = scene.sign(&second_by, Member { prior: Some(target_id), ..first });
    scene.post(&second).await;
    scene.drain().await;
    scene.say(&mother, Revoke { target_id, reason: Reason::Mistake });
    scene.post_all().await;
    scene
        .tamper("update notices set state = 'sent', sent_at = created_at where body = 'security'")
        .await;
    scene.drain().await;
    scene.advance(SignedDuration::from_hours(80));
    scene.drain().await;
    assert_eq!(scene.reason(second.id()).await, "revoked");
    let current = "select count(*) from certificates where ended_at is not null";
    assert_eq!(scene.count(current).await, 0, "the mother's keys stay");
}

#[tokio::test]
async fn a_changed_contact_point_is_told_to_the_one_before() {
    let mut scene = Scene::verified().await;
    let (mother, membership) = (scene.mother.clone(), scene.mother_membership);
    for n in [1, 2] {
        let body = scene.contact_body(membership, n);
        let envelope = scene.sign(&mother, body);
        scene.letterbox.log(envelope.clone());
        scene.give_contact(&envelope).await;
        scene.drain().await;
    }
    assert_eq!(scene.told().await, [(membership, "contact-changed".to_owned())]);
    let states: Vec<String> = sqlx::query_scalar("select state from contacts order by n")
        .fetch_all(&scene.behind)
        .await
        .expect("answers");
    assert_eq!(states, ["replaced", "in_use"]);
}

#[tokio::test]
async fn an_invitation_revoked_after_it_was_used_takes_nothing_away() {
    let mut scene = Scene::verified().await;
    let (mother, membership) = (scene.mother.clone(), scene.mother_membership);
    let invite = scene.ledger.ids().iter().copied().find(|id| {
        let body = &scene.ledger.statement(*id).expect("logged").body;
        matches!(body, Body::Invite(invite) if invite.membership == Some(membership))
    });
    let (lead, target_id) = (scene.lead.clone(), invite.expect("an invitation"));
    scene.say(&lead, Revoke { target_id, reason: Reason::Mistake });
    scene.post_all().await;
    let body = scene.contact_body(membership, 1);
    let envelope = scene.sign(&mother, body);
    scene.give_contact(&envelope).await;
    let submit = scene.write().await;
    scene.drain().await;
    assert!(scene.is_logged(envelope.id()).await);
    assert!(scene.is_logged(submit).await);
}

#[tokio::test]
async fn numbers_as_large_as_a_statement_may_say_are_carried_out() {
    let mut scene = Scene::verified().await;
    let lead = scene.lead.clone();
    let (arrangement, team) = (scene.arrangement, scene.team);
    let version = scene.next_version(arrangement, team, Vec::new());
    scene.say(&lead, seal::statement::Arrangement { reviewers: 9, ..version });
    let enrolled = scene.enrol(None, Role::Lead, None);
    let body = scene.staff_body(&enrolled, &[Role::Lead], &[team]);
    let until = (1 << 53) - 1;
    let endless = scene.sign_root(seal::statement::Staff { until, ..body });
    scene.post_all().await;
    scene.post(&endless).await;
    scene.drain().await;
    assert!(scene.is_logged(endless.id()).await);
    assert_eq!(scene.count("select max(reviewers)::bigint from arrangements").await, 9);
    assert_eq!(scene.count("select count(*) from jobs where state <> 'done'").await, 0);
}
