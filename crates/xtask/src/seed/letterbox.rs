//! Arrangements: places on paper first, then people who join with a printed sheet, read out their
//! digits, and are certified.

use client::{Place, Standing};
use domain::id::{ArrangementId, MembershipId};
use seal::contact::{Channel, Contact, Language};
use seal::random::System;
use seal::statement::{Role, Side};

use super::{Agency, During, Error, Person, now};

/// Somebody who is to join an arrangement.
#[derive(Debug)]
pub struct Guest<'a> {
    /// Who; an account may hold places in several arrangements.
    pub person: &'a mut Person,
    /// Their side.
    pub side: Side,
    /// Who they are to the others.
    pub role: Role,
    /// Where their notices go, and in which language.
    pub contact: Option<(&'a str, Language)>,
}

/// A place that somebody has taken.
#[derive(Clone, Debug)]
pub struct Member {
    /// How they sign in.
    pub name: String,
    /// Their membership.
    pub membership: MembershipId,
    /// The code that was printed on their sheet.
    pub code: String,
}

/// An arrangement whose people are all online.
#[derive(Clone, Debug)]
pub struct Letterbox {
    /// The arrangement.
    pub arrangement: ArrangementId,
    /// In the order of the guests.
    pub members: Vec<Member>,
}

impl Letterbox {
    /// The membership of somebody.
    ///
    /// # Panics
    /// When nobody of that name is in it.
    pub fn of(&self, name: &str) -> MembershipId {
        let found = self.members.iter().find(|it| it.name == name);
        found.expect("somebody of this arrangement").membership
    }

    /// How the arrangement stands for somebody in it, or for its staff.
    pub async fn standing(&self, person: &Person) -> Result<Standing, Error> {
        person.account.standing(self.arrangement).await.during(&person.name)
    }
}

impl Agency {
    /// Makes an arrangement and brings all its people online. The first coordinator does the work.
    pub async fn open_letterbox(
        &self,
        reviewers: u64,
        guests: &mut [Guest<'_>],
    ) -> Result<Letterbox, Error> {
        // An arrangement that takes two to deliver is a lead's to make.
        let keeper = if reviewers > 1 { &self.leads[0] } else { &self.coordinators[0] };
        let places: Vec<_> =
            guests.iter().map(|it| Place::new(it.side, it.role, &mut System)).collect();
        let plan = plan(guests);
        let texts = (plan.as_str(), r#"{"protected":[],"history":""}"#);
        let made = keeper
            .account
            .make_arrangement(self.team, reviewers, &places, texts, &mut System)
            .await;
        let arrangement = made.during("making an arrangement")?;
        let mut letterbox = Letterbox { arrangement, members: Vec::new() };
        let standing = loop_until_standing(keeper, &letterbox, 1).await?;
        let mut certified = Vec::new();
        for (guest, place) in std::iter::zip(&mut *guests, &places) {
            let card = serde_json::json!({ "name": guest.person.name, "relationship": guest.role.as_str() });
            let sheet = keeper
                .account
                .invite_member(&standing, place, &card.to_string(), now(), &mut System)
                .await;
            let sheet = sheet.during("printing a sheet")?;
            let digits = guest.person.join(&sheet).await?;
            letterbox.members.push(Member {
                name: guest.person.name.clone(),
                membership: place.membership,
                code: sheet.code.to_string(),
            });
            let member =
                keeper.account.certify_member(&standing, place, (sheet.invite, &digits)).await;
            let member = member.during(&format!("certifying {}", guest.person.name))?;
            keeper.wait_for(member).await?;
            certified.push((place.membership, member));
        }
        let online = keeper.account.bring_online(&standing, &certified, texts, &mut System).await;
        keeper.wait_for(online.during("bringing everybody online")?).await?;
        for (guest, place) in std::iter::zip(&mut *guests, &places) {
            guest.person.become_certified().await?;
            let standing = letterbox.standing(guest.person).await?;
            guest.person.account.pin(&standing, &mut System).await.during("their own pin")?;
            let Some((address, lang)) = guest.contact else { continue };
            let contact = Contact {
                realm: standing.realm,
                membership: place.membership,
                n: 1,
                channel: Channel::Email,
                address: address.to_owned(),
                lang,
                avoid: Vec::new(),
            };
            let stored = guest.person.account.set_contact(&standing, &contact).await;
            guest.person.wait_for(stored.during("where notices go")?).await?;
        }
        Ok(letterbox)
    }
}

async fn loop_until_standing(
    keeper: &Person,
    letterbox: &Letterbox,
    n: u64,
) -> Result<Standing, Error> {
    let started = std::time::Instant::now();
    loop {
        match keeper.account.standing(letterbox.arrangement).await {
            Ok(standing) if standing.version().n >= n => return Ok(standing),
            Ok(_) => {}
            Err(error) if error.status() == Some(404) => {}
            Err(error) => return Err(error).during("an arrangement"),
        }
        super::pause(started, || "an arrangement".to_owned()).await?;
    }
}

/// What is agreed, as every member may read it.
fn plan(guests: &[Guest<'_>]) -> String {
    let sides: Vec<_> = guests
        .iter()
        .map(|it| serde_json::json!({ "side": it.side.as_str(), "name": it.person.name, "role": it.role.as_str() }))
        .collect();
    serde_json::json!({ "sides": sides, "months": [5, 11], "photos": false }).to_string()
}
