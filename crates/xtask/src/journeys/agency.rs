//! One agency for a journey: its running roles, and the people a journey asks for.

use std::path::Path;

use client::Remarked;
use domain::calendar::day;
use domain::id::ArrangementId;
use seal::contact::Language;
use seal::statement::{AttachmentKind, Outcome, Role, Side};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use xtask::seed::{Agency, Agreed, Decision, Guest, Letterbox, Months, Newcomer, Person, now};
use xtask::stack::{Database, Options, Pinned, Stack};

use crate::demo::{FAMILIES, STAFF};
use crate::step::{Failure, fail};

/// A running stack, and whoever was brought into it without a browser.
pub struct Held {
    pub stack: Stack,
    agency: Option<Agency>,
    people: Vec<Person>,
    letterboxes: Vec<Letterbox>,
}

/// A family to bring in.
#[derive(Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NewFamily {
    /// How many must agree before a letter is passed on.
    reviewers: u64,
    /// Whether the birth mother has a sheet and has not joined.
    newcomer: bool,
    /// Whether the adoptive parent's letter is planned for this very month.
    due: bool,
}

impl Default for NewFamily {
    fn default() -> Self {
        Self { reviewers: 1, newcomer: false, due: false }
    }
}

/// A letter to be written, and what is decided about it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewLetter {
    arrangement: ArrangementId,
    /// As they sign in.
    from: String,
    text: String,
    #[serde(default)]
    steps: Vec<Step>,
}

/// One decision.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    by: String,
    outcome: Outcome,
    reason: String,
    /// For the writer.
    comment: Option<String>,
}

#[derive(Serialize)]
struct Someone<'a> {
    name: &'a str,
    role: &'static str,
    words: &'a str,
}

impl<'a> Someone<'a> {
    fn new(role: &'static str, person: &'a Person) -> Self {
        Self { name: &person.name, role, words: &person.words }
    }
}

impl Held {
    /// A fresh stack in `folder`, founded or as an operator leaves it to the first administrator.
    pub async fn start(
        folder: &Path,
        pages: &Path,
        superuser: &str,
        founded: bool,
    ) -> Result<Self, Failure> {
        let options = Options {
            database: Database::On(superuser.to_owned()),
            pages: Some(pages.to_owned()),
            family_names: FAMILIES.map(str::to_owned).to_vec(),
            staff_names: STAFF.map(str::to_owned).to_vec(),
            ..Options::default()
        };
        let mut stack = Stack::start(folder, options).await?;
        let agency =
            if founded { Some(Agency::found(&mut stack, &mut |_| {}).await?) } else { None };
        Ok(Self { stack, agency, people: Vec::new(), letterboxes: Vec::new() })
    }

    /// What a journey needs to know.
    pub fn describe(&self, id: usize) -> Value {
        let site =
            |site: &xtask::stack::Site| json!({ "origin": site.origin, "issuer": site.issuer });
        json!({
            "id": id,
            "family": site(self.stack.family()),
            "staff": site(self.stack.staff()),
            "bootstrap_token": self.stack.bootstrap_token(),
            "phone": self.stack.pinned().map(|it| &it.phone),
            "printed": self.agency.as_ref().map(|it| &it.printed),
            "team": self.agency.as_ref().map(|it| it.team),
            "people": self.staff(),
        })
    }

    fn staff(&self) -> Vec<Someone<'_>> {
        let Some(agency) = &self.agency else { return Vec::new() };
        let coordinators = agency.coordinators.iter().map(|it| Someone::new("coordinator", it));
        let leads = agency.leads.iter().map(|it| Someone::new("lead", it));
        let administrator = Someone::new("administrator", &agency.administrator);
        coordinators.chain(leads).chain([administrator]).collect()
    }

    pub(super) fn agency(&self) -> Result<&Agency, Failure> {
        self.agency.as_ref().ok_or_else(|| Failure("this agency is not founded".to_owned()))
    }

    /// What the operator does with the realm that the first administrator reads out.
    pub async fn pin(&mut self, realm: &str) -> Result<Value, Failure> {
        let Ok(realm) = realm.parse() else { return fail("a realm is 64 hex characters") };
        let (name, phone) = ("Postern".to_owned(), "01632 960 123".to_owned());
        self.stack.pin(Pinned { realm, name, phone }).await?;
        Ok(json!({}))
    }

    /// A second team, with a manager (Una) and a letterbox worker (Viv).
    pub async fn other_team(&self) -> Result<Value, Failure> {
        let made = self.agency()?.another_team(&self.stack, "South", ["Una", "Viv"]).await?;
        let people =
            [Someone::new("lead", &made.lead), Someone::new("coordinator", &made.coordinator)];
        let described = json!({ "team": made.team, "people": people });
        Ok(described)
    }

    /// An adoptive parent and a birth mother, in an arrangement of their own. The first pair is
    /// Beth and Kerry, the next Beth 2 and Kerry 2: a number for signing in, the name for the plan.
    pub async fn family(&mut self, wanted: &NewFamily) -> Result<Value, Failure> {
        let number = self.letterboxes.len() + 1;
        let name = |first: &str| {
            if number == 1 { first.to_owned() } else { format!("{first} {number}") }
        };
        let names = [name("Beth"), name("Kerry")];
        let addresses = names.each_ref().map(|name| address(name));
        let mut beth = Person::family(&self.stack, &names[0]).await?;
        let mut kerry = None;
        if !wanted.newcomer {
            kerry = Some(Person::family(&self.stack, &names[1]).await?);
        }
        let mut guests = vec![guest(&mut beth, Side::A, Role::AdoptiveParent, &addresses[0])];
        let mut newcomers = Vec::new();
        match &mut kerry {
            Some(kerry) => guests.push(guest(kerry, Side::B, Role::BirthParent, &addresses[1])),
            None => {
                newcomers.push(Newcomer { name: "Kerry", side: Side::B, role: Role::BirthParent });
            }
        }
        let mut agreed = Agreed::default();
        if wanted.due {
            agreed.months = Months { a: this_month(), b: &[] };
        }
        let letterbox =
            self.agency()?.open_agreed(wanted.reviewers, &agreed, &mut guests, &newcomers).await?;
        drop(guests);
        let codes: Vec<_> = letterbox.invited.iter().map(|it| it.code.clone()).collect();
        let mut people = vec![Someone::new("adoptive-parent", &beth)];
        people.extend(kerry.as_ref().map(|it| Someone::new("birth-parent", it)));
        let described = json!({
            "arrangement": letterbox.arrangement,
            "people": people,
            "code": codes.first(),
            "newcomer": names[1],
        });
        self.people.push(beth);
        self.people.extend(kerry);
        self.letterboxes.push(letterbox);
        Ok(described)
    }

    /// Writes a letter and decides about it, as far as is asked for.
    pub async fn letter(&self, wanted: &NewLetter) -> Result<Value, Failure> {
        let letterbox = self.letterbox(wanted.arrangement)?;
        let writer = self.people.iter().find(|it| it.name == wanted.from);
        let Some(writer) = writer else { return fail(format!("{} is nobody", wanted.from)) };
        let letter = writer.write(letterbox, &wanted.text).await?.letter;
        for step in &wanted.steps {
            let comment = step.comment.as_deref().map(|text| Remarked {
                kind: AttachmentKind::Comment,
                to: Some(letterbox.of(&writer.name)),
                text,
            });
            let remarks: Vec<_> = comment.into_iter().collect();
            let decision =
                Decision { outcome: step.outcome, reason: &step.reason, remarks: &remarks };
            self.colleague(&step.by)?.check(letter, decision).await?;
        }
        let delivered = |step: &Step| step.outcome == Outcome::Deliver;
        let standing = letterbox.standing(writer).await?;
        let agreed = wanted.steps.len() as u64 >= standing.version().reviewers;
        if agreed && wanted.steps.iter().all(delivered) && !wanted.steps.is_empty() {
            writer.wait_until(letter, "passed_on").await?;
        }
        Ok(json!({ "letter": letter }))
    }

    pub(super) fn letterbox(&self, arrangement: ArrangementId) -> Result<&Letterbox, Failure> {
        let found = self.letterboxes.iter().find(|it| it.arrangement == arrangement);
        found.ok_or_else(|| Failure("no such arrangement".to_owned()))
    }

    fn colleague(&self, name: &str) -> Result<&Person, Failure> {
        let agency = self.agency()?;
        let mut all = agency.coordinators.iter().chain(&agency.leads);
        all.find(|it| it.name == name).ok_or_else(|| Failure(format!("{name} checks nothing")))
    }
}

fn guest<'a>(person: &'a mut Person, side: Side, role: Role, address: &'a str) -> Guest<'a> {
    Guest { person, side, role, contact: Some((address, Language::En)) }
}

/// By its number, as a plan has it.
fn this_month() -> &'static [u8] {
    static ALL: [u8; 12] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
    let today = day(now());
    ALL.iter()
        .position(|&month| i8::try_from(month) == Ok(today.month()))
        .map_or(&[], |at| &ALL[at..=at])
}

/// Where somebody's notices go.
fn address(name: &str) -> String {
    format!("{}@example.org", name.to_lowercase().replace(' ', "-"))
}
