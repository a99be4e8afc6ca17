//! Arrangements: places on paper first, then people who join with a printed sheet, read out their
//! digits, and are certified.

use client::{Place, Standing};
use domain::id::{ArrangementId, MembershipId, StatementId};
use seal::contact::{Channel, Contact, Language};
use seal::random::System;
use seal::statement::{Role, Side};

use super::agreed::{self, Agreed, Party};
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

/// Somebody who is sent a sheet.
#[derive(Clone, Copy, Debug)]
pub struct Newcomer<'a> {
    /// Their first name, in the plan and on the team's card.
    pub name: &'a str,
    /// Their side.
    pub side: Side,
    /// Who they are to the others.
    pub role: Role,
}

/// Somebody who has a printed sheet and has not joined.
#[derive(Clone, Debug)]
pub struct Invited {
    /// Their first name.
    pub name: String,
    /// Their membership.
    pub membership: MembershipId,
    /// The code that was printed on their sheet.
    pub code: String,
}

/// An arrangement: the people in it who are online, and those who have a sheet.
#[derive(Clone, Debug)]
pub struct Letterbox {
    /// The arrangement.
    pub arrangement: ArrangementId,
    /// In the order of the guests.
    pub members: Vec<Member>,
    /// In the order of the newcomers.
    pub invited: Vec<Invited>,
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
        self.open_agreed(reviewers, &Agreed::default(), guests, &[]).await
    }

    /// The same with a plan of one's own, and with people who are sent a sheet and have not used it.
    pub async fn open_agreed(
        &self,
        reviewers: u64,
        agreed: &Agreed,
        guests: &mut [Guest<'_>],
        newcomers: &[Newcomer<'_>],
    ) -> Result<Letterbox, Error> {
        // An arrangement that takes two to deliver is a lead's to make.
        let keeper = if reviewers > 1 { &self.leads[0] } else { &self.coordinators[0] };
        let place = |side, role| Place::new(side, role, &mut System);
        let places: Vec<_> = guests.iter().map(|it| place(it.side, it.role)).collect();
        let empty: Vec<_> = newcomers.iter().map(|it| place(it.side, it.role)).collect();
        let plan = agreed.plan(&parties(guests, &places, newcomers, &empty));
        let notes = agreed.notes();
        let texts = (plan.as_str(), notes.as_str());
        let all = [&places[..], &empty[..]].concat();
        let made =
            keeper.account.make_arrangement(self.team, reviewers, &all, texts, &mut System).await;
        let arrangement = made.during("making an arrangement")?;
        let mut letterbox = Letterbox { arrangement, members: Vec::new(), invited: Vec::new() };
        let standing = loop_until_standing(keeper, &letterbox, 1).await?;
        let mut certified = Vec::new();
        for (guest, place) in std::iter::zip(&mut *guests, &places) {
            let (member, certificate) = join(keeper, &standing, guest, place).await?;
            certified.push((place.membership, certificate));
            letterbox.members.push(member);
        }
        let online = keeper.account.bring_online(&standing, &certified, texts, &mut System).await;
        keeper.wait_for(online.during("bringing everybody online")?).await?;
        for (guest, place) in std::iter::zip(&mut *guests, &places) {
            settle(guest, place, &letterbox).await?;
        }
        let standing = letterbox.standing(keeper).await?;
        for (newcomer, place) in std::iter::zip(newcomers, &empty) {
            letterbox.invited.push(invite(keeper, &standing, newcomer, place).await?);
        }
        Ok(letterbox)
    }
}

/// Everybody in it, as the plan names them.
fn parties<'a>(
    guests: &'a [Guest<'_>],
    places: &[Place],
    newcomers: &[Newcomer<'a>],
    empty: &[Place],
) -> Vec<Party<'a>> {
    let names = guests.iter().map(|it| agreed::first_name(&it.person.name));
    let names = names.chain(newcomers.iter().map(|it| it.name));
    let places = places.iter().chain(empty);
    std::iter::zip(names, places)
        .map(|(name, place)| Party {
            membership: place.membership,
            side: place.side,
            role: place.role,
            name,
        })
        .collect()
}

/// Prints a sheet for somebody who is to take a place.
async fn invite(
    keeper: &Person,
    standing: &Standing,
    newcomer: &Newcomer<'_>,
    place: &Place,
) -> Result<Invited, Error> {
    let card = agreed::card(newcomer.name, newcomer.role);
    let sheet = keeper.account.invite_member(standing, place, &card, now(), &mut System).await;
    let sheet = sheet.during("printing a sheet")?;
    Ok(Invited {
        name: newcomer.name.to_owned(),
        membership: place.membership,
        code: sheet.code.to_string(),
    })
}

/// Sheet, code, digits, certificate: gives the member and the statement that certifies them.
async fn join(
    keeper: &Person,
    standing: &Standing,
    guest: &mut Guest<'_>,
    place: &Place,
) -> Result<(Member, StatementId), Error> {
    let card = agreed::card(agreed::first_name(&guest.person.name), guest.role);
    let sheet = keeper.account.invite_member(standing, place, &card, now(), &mut System).await;
    let sheet = sheet.during("printing a sheet")?;
    let digits = guest.person.join(&sheet).await?;
    let certified = keeper.account.certify_member(standing, place, (sheet.invite, &digits)).await;
    let certificate = certified.during(&format!("certifying {}", guest.person.name))?;
    keeper.wait_for(certificate).await?;
    let member = Member {
        name: guest.person.name.clone(),
        membership: place.membership,
        code: sheet.code.to_string(),
    };
    Ok((member, certificate))
}

/// Picks up the certificate, pins the arrangement, and says where notices go.
async fn settle(guest: &mut Guest<'_>, place: &Place, letterbox: &Letterbox) -> Result<(), Error> {
    guest.person.become_certified().await?;
    let standing = letterbox.standing(guest.person).await?;
    guest.person.account.pin(&standing, &mut System).await.during("their own pin")?;
    let Some((address, lang)) = guest.contact else { return Ok(()) };
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
    guest.person.wait_for(stored.during("where notices go")?).await
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
