//! Who may do what only some of the staff may: each act tried by everybody in their own name, signed
//! with their own key where it is signed, and otherwise whole. `entitled.txt` has each answer: whose
//! team it is about the ledger judges afterwards, where a statement tells. With
//! `POSTERN_WRITE_SNAPSHOTS` set it is written anew.

use std::fmt::Write as _;
use std::path::Path;

use domain::id::{ArrangementId, MembershipId};
use seal::document::Subject;
use seal::file;
use seal::statement::{Body, Reason, Revoke, Role};
use seal::testing::{Signatory, on_paper};
use serde_json::{Value, json};

use crate::joining::{document, enrolment, invitation};
use crate::sealed::{base64, wire};
use crate::setting_up::{newcomer, next_epoch};
use crate::world::World;

/// Something to send: where, and what. What is signed is signed by whoever sends it.
struct Act {
    name: &'static str,
    path: String,
    request: Value,
    body: Option<Body>,
}

impl Act {
    fn new(name: &'static str, path: impl Into<String>, request: Value) -> Self {
        Self { name, path: path.into(), request, body: None }
    }

    fn signed(name: &'static str, path: impl Into<String>, body: impl Into<Body>) -> Self {
        Self { body: Some(body.into()), ..Self::new(name, path, json!({})) }
    }
}

/// A version of an arrangement with a plan and notes of its own.
fn version(world: &mut World, name: &'static str, arrangement: ArrangementId) -> Act {
    let team = world.letterbox.team;
    let is_new = arrangement != world.letterbox.arrangement;
    let one = world.letterbox.id(MembershipId::from_bytes);
    let members = if is_new { on_paper(&[(one, "a")]) } else { Vec::new() };
    let mut version = world.letterbox.next_version(arrangement, team, members);
    let plan = document(world, Subject::Plan(arrangement));
    let notes = document(world, Subject::Notes(arrangement));
    (version.plan_hash, version.notes_hash) = (file::hash(&plan), file::hash(&notes));
    let cards = if is_new {
        json!([{"membership": one, "sealed": base64(&document(world, Subject::Card(one)))}])
    } else {
        json!([])
    };
    let request = json!({"plan": base64(&plan), "notes": base64(&notes), "cards": cards});
    Act { request, ..Act::signed(name, "/api/arrangements", version) }
}

async fn acts(world: &mut World) -> Vec<Act> {
    let (team, arrangement) = (world.letterbox.team, world.letterbox.arrangement);
    let mut acts = vec![
        Act::new("make a team", "/api/teams", json!({"name": "East"})),
        Act::new("say one's name", "/api/staff/name", json!({"name": "Somebody"})),
        Act::new("change the policy", "/api/agency/policy", json!({})),
    ];
    let (epoch, request) = next_epoch(world);
    let epochs = format!("/api/teams/{team}/epochs");
    let body = epoch.unverified().body.clone();
    acts.push(Act { request, ..Act::signed("begin an epoch", epochs, body) });
    let newcomer = newcomer(world).await;
    acts.push(Act::signed("certify a coordinator", "/api/statements/staff", newcomer));
    let revoke = |target_id| Revoke { target_id, reason: Reason::Left };
    let revokes = "/api/statements/revoke";
    let (colleague, mother) = (world.letterbox.second_coordinator.id, world.letterbox.mother.id);
    acts.push(Act::signed("end a colleague's keys", revokes, revoke(colleague)));
    acts.push(Act::signed("end a member's keys", revokes, revoke(mother)));
    let another = world.letterbox.id(ArrangementId::from_bytes);
    acts.push(version(world, "open an arrangement", another));
    acts.push(version(world, "change an arrangement", arrangement));
    acts.push(newcomers_certificate(world).await);
    acts
}

/// Somebody on paper has enrolled, and waits to be certified.
async fn newcomers_certificate(world: &mut World) -> Act {
    let coordinator = world.letterbox.coordinator.clone();
    let desk = world.person(&coordinator).await;
    let (code, invite, request) = invitation(world);
    desk.post("/api/invites", &request).await.ok();
    world.verified(&invite).await;
    let account = world.new_account("rose", mediation::config::Audience::Family).await;
    let rose = world.sign_in(account, false).await;
    let (signatory, enrol) = enrolment(world, &code, &invite);
    let request = json!({"statement": wire(&enrol)});
    rose.post(&format!("{}/enrol", crate::joining::path(code.keys().locator)), &request).await.ok();
    world.verified(&enrol).await;
    let place = (world.letterbox.grandmother_membership, world.letterbox.arrangement);
    let member = world.letterbox.member_body(&signatory, Role::Grandparent, place);
    Act::signed("certify a member", format!("/api/arrangements/{}/members", place.1), member)
}

async fn everybody(world: &mut World) -> Vec<(&'static str, Signatory)> {
    let since = world.letterbox.agency.statements.len();
    let (lead, administrator) =
        (world.letterbox.lead.clone(), world.letterbox.administrator.clone());
    let agency = &mut world.letterbox.agency;
    let auditor = agency.staff((&lead, &administrator), &[Role::Auditor], &[]);
    let records = agency.staff((&lead, &administrator), &[Role::Records], &[]);
    world.catch_up(since).await;
    let of = &world.letterbox;
    vec![
        ("a member", of.mother.clone()),
        ("another team's coordinator", of.other_coordinator.clone()),
        ("another team's lead", of.other_lead.clone()),
        ("auditor", auditor),
        ("records", records),
        ("administrator", administrator),
        ("coordinator", of.coordinator.clone()),
        ("lead", lead),
    ]
}

#[tokio::test]
async fn each_act_of_staff_is_taken_from_whom_it_is_for_and_from_nobody_else() {
    let mut world = World::new().await;
    let everybody = everybody(&mut world).await;
    let acts = acts(&mut world).await;
    let mut table = String::new();
    for (index, (name, _)) in everybody.iter().enumerate() {
        writeln!(table, "{:>width$} {name}", "|", width = 26 + 4 * index).expect("strings grow");
    }
    for Act { name, path, request, body } in acts {
        write!(table, "{name:<24}").expect("strings grow");
        for (who, signatory) in &everybody {
            let person = world.person(signatory).await;
            world.forget_limits().await;
            let mut request = request.clone();
            if let Some(body) = &body {
                let statement = world.letterbox.sign(signatory, body.clone());
                request["statement"] = json!(wire(&statement));
            }
            let answer = match path.as_str() {
                "/api/staff/name" | "/api/agency/policy" => person.put(&path, &request).await,
                _ => person.post(&path, &request).await,
            };
            assert!(answer.status.as_u16() < 500, "{name} by {who}: {}", answer.status);
            write!(table, " {}", answer.status.as_u16()).expect("strings grow");
        }
        table.push('\n');
    }
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/letterbox/entitled.txt");
    if std::env::var_os("POSTERN_WRITE_SNAPSHOTS").is_some() {
        std::fs::write(&file, &table).expect("writes the table");
    }
    let written = std::fs::read_to_string(&file).expect("the table is there");
    assert_eq!(table, written, "run with POSTERN_WRITE_SNAPSHOTS=1 if that is meant");
}
