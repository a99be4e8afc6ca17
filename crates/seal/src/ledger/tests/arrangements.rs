use super::*;

fn next(of: &mut Letterbox) -> Arrangement {
    let (arrangement, team) = (of.arrangement, of.team);
    of.next_version(arrangement, team, Vec::new())
}

#[test]
fn only_the_arrangements_own_team_changes_it() {
    let mut of = letterbox();
    let version = next(&mut of);
    for by in [&of.other_lead, &of.other_coordinator, &of.administrator, &of.mother] {
        assert_eq!(refused(&of, by, version.clone()), Refusal::NotEntitled);
    }
    let coordinator = of.coordinator.clone();
    of.say(&coordinator, version);
}

#[test]
fn versions_follow_one_another() {
    let mut of = letterbox();
    let coordinator = of.coordinator.clone();
    let version = next(&mut of);
    let skipped = Arrangement { n: version.n + 1, ..version.clone() };
    assert_eq!(refused(&of, &coordinator, skipped), Refusal::WrongVersion);
    of.say(&coordinator, version.clone());
    let rival = Arrangement { notes_hash: of.hash(), ..version };
    assert_eq!(refused(&of, &coordinator, rival), Refusal::WrongVersion);
    let again = Arrangement { n: 1, prev: None, ..next(&mut of) };
    assert_eq!(refused(&of, &coordinator, again), Refusal::WrongVersion);
}

#[test]
fn more_than_one_reviewer_is_a_leads_business() {
    let mut of = letterbox();
    let (coordinator, lead) = (of.coordinator.clone(), of.lead.clone());
    let two = Arrangement { reviewers: 2, ..next(&mut of) };
    assert_eq!(refused(&of, &coordinator, two.clone()), Refusal::NotEntitled);
    of.say(&lead, two);
    let one = Arrangement { reviewers: 1, ..next(&mut of) };
    assert_eq!(refused(&of, &coordinator, one.clone()), Refusal::NotEntitled);
    of.say(&lead, one);
}

#[test]
fn an_arrangement_moves_between_teams_by_both_leads() {
    let mut of = letterbox();
    let (lead, other_lead, other_team) = (of.lead.clone(), of.other_lead.clone(), of.other_team);
    let moved = Arrangement { team: other_team, ..next(&mut of) };
    assert_eq!(refused(&of, &of.coordinator, moved.clone()), Refusal::NotEntitled);
    assert_eq!(refused(&of, &other_lead, moved.clone()), Refusal::NotEntitled);
    let before = of.ledger.governing_arrangement(of.arrangement).expect("one").0;
    let first = of.say(&lead, moved.clone());
    assert_eq!(of.ledger.governing_arrangement(of.arrangement).expect("one").0, before);
    let second = Arrangement { prior: Some(first), ..moved };
    assert_eq!(refused(&of, &lead, second.clone()), Refusal::NotEntitled);
    assert_eq!(refused(&of, &of.other_coordinator, second.clone()), Refusal::NotEntitled);
    let widened = Arrangement { reviewers: 2, ..second.clone() };
    assert_eq!(refused(&of, &other_lead, widened), Refusal::WrongChain);
    let id = of.say(&other_lead, second);
    assert_eq!(of.ledger.governing_arrangement(of.arrangement).expect("one").0, id);
    // The old team has no more business with it.
    let version = next(&mut of);
    assert_eq!(refused(&of, &lead, version), Refusal::NotEntitled);
}

#[test]
fn nobody_moves_an_arrangement_to_themselves() {
    let mut of = letterbox();
    let (team, other_team) = (of.team, of.other_team);
    let both = of.root_staff(&[Role::Lead], &[team, other_team]);
    let moved = Arrangement { team: other_team, ..next(&mut of) };
    let first = of.say(&both, moved.clone());
    let second = Arrangement { prior: Some(first), ..moved };
    assert_eq!(refused(&of, &both, second.clone()), Refusal::SamePerson);
    let other_lead = of.other_lead.clone();
    of.say(&other_lead, second);
}

#[test]
fn a_certificate_stands_for_its_own_membership_and_arrangement() {
    let mut of = letterbox();
    let coordinator = of.coordinator.clone();
    let swap = |version: &Arrangement, from: MembershipId, cert_id: Option<StatementId>| {
        let mut version = version.clone();
        let entry = version.members.iter_mut().find(|entry| entry.membership == from);
        entry.expect("a member").cert_id = cert_id;
        version
    };
    let version = next(&mut of);
    let adopters = swap(&version, of.mother_membership, Some(of.adopter.id));
    assert_eq!(refused(&of, &coordinator, adopters), Refusal::WrongCertificate);
    let staffs = swap(&version, of.mother_membership, Some(of.lead.id));
    assert_eq!(refused(&of, &coordinator, staffs), Refusal::WrongCertificate);
    let enrolled = swap(&version, of.mother_membership, Some(of.statements[1].id()));
    assert_eq!(refused(&of, &coordinator, enrolled), Refusal::WrongCertificate);
    let unknown = swap(&version, of.mother_membership, Some(StatementId::from_bytes([7; 32])));
    assert_eq!(refused(&of, &coordinator, unknown), Refusal::MissingStatement);

    // The same certificate in another arrangement.
    let (team, elsewhere) = (of.team, of.id(ArrangementId::from_bytes));
    let members = on_paper(&[(of.mother_membership, "a")]);
    let other = of.next_version(elsewhere, team, members);
    let other = swap(&other, of.mother_membership, Some(of.mother.id));
    assert_eq!(refused(&of, &coordinator, other), Refusal::WrongCertificate);

    let lead = of.lead.clone();
    let target_id = of.mother.id;
    of.say(&lead, Revoke { target_id, reason: Reason::Compromised });
    assert_eq!(refused(&of, &coordinator, version.clone()), Refusal::Revoked);
    let on_paper = swap(&version, of.mother_membership, None);
    of.say(&coordinator, on_paper);
}

#[test]
fn a_member_certified_by_another_team_is_not_taken_in() {
    let mut of = letterbox();
    let (team, other) = (of.team, of.other_coordinator.clone());
    let (coordinator, elsewhere) = (of.coordinator.clone(), of.id(ArrangementId::from_bytes));
    let membership = of.id(MembershipId::from_bytes);
    let place = (membership, elsewhere);
    // Before the arrangement is known, the other team's coordinator can sign these.
    let enrolled = of.enrol(Some(&other), Role::Sibling, Some(place));
    let body = of.member_body(&enrolled, Role::Sibling, place);
    let cert_id = of.say(&other, body);
    let mut members = on_paper(&[(membership, "a")]);
    members[0].cert_id = Some(cert_id);
    let version = of.next_version(elsewhere, team, members);
    assert_eq!(refused(&of, &coordinator, version), Refusal::NotEntitled);
}

#[test]
fn invitations_are_for_members_of_ones_own_arrangements() {
    let mut of = letterbox();
    let coordinator = of.coordinator.clone();
    let place = (of.grandmother_membership, of.arrangement);
    of.enrol(Some(&coordinator), Role::Grandparent, Some(place));
    let invite = of.statements[of.statements.len() - 2].unverified().body.clone();
    let Body::Invite(invite) = invite else { unreachable!("an invite") };
    let fresh = crate::statement::Invite { invite: of.id(InviteId::from_bytes), ..invite.clone() };
    assert_eq!(refused(&of, &coordinator, invite), Refusal::Repeated);
    assert_eq!(refused(&of, &of.other_coordinator, fresh.clone()), Refusal::NotEntitled);
    assert_eq!(refused(&of, &of.administrator, fresh.clone()), Refusal::NotEntitled);
    let by_root = of.sign_root(fresh.clone());
    assert_eq!(of.refusal(&by_root), Refusal::NotEntitled);
    let membership = Some(of.id(MembershipId::from_bytes));
    let stranger = crate::statement::Invite { membership, ..fresh.clone() };
    assert_eq!(refused(&of, &coordinator, stranger), Refusal::NotAMember);
    let staff = crate::statement::Invite {
        membership: None,
        arrangement: None,
        card_hash: None,
        role: Role::Auditor,
        ..fresh
    };
    assert_eq!(refused(&of, &coordinator, staff.clone()), Refusal::NotEntitled);
    let administrator = of.administrator.clone();
    of.say(&administrator, staff);
}
