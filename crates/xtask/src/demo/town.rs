//! The demo's people and letters, in every state, for somebody to look at.

use std::fs;
use std::path::Path;

use client::Remarked;
use seal::contact::Language;
use seal::statement::{AttachmentKind, Outcome, Role, Side};
use serde::{Deserialize, Serialize};
use xtask::seed::{Agency, Agreed, Card, Decision, Guest, Letterbox, Newcomer, Person, Printed};
use xtask::stack::Stack;

use crate::step::Failure;

const FILE: &str = "people.json";

/// Everybody the families' sign-in page offers.
pub const FAMILIES: [&str; 6] = ["Beth", "Tom", "Kerry", "Maureen", "Jamie", "Liam"];
/// Everybody the staff's sign-in page offers.
pub const STAFF: [&str; 5] = ["Priya", "Sam", "Dee", "Joan", "Alex"];

/// What a second start needs: the cards of everybody, and what the ceremony printed.
#[derive(Deserialize, Serialize)]
pub struct Town {
    people: Vec<Inhabitant>,
    #[serde(default)]
    sheets: Vec<Sheet>,
    printed: Printed,
}

#[derive(Deserialize, Serialize)]
struct Inhabitant {
    who: String,
    site: String,
    card: Card,
}

/// A printed sheet that nobody has used yet.
#[derive(Deserialize, Serialize)]
struct Sheet {
    name: String,
    who: String,
    code: String,
}

impl Inhabitant {
    fn new(who: &str, site: &str, person: &Person) -> Self {
        Self { who: who.to_owned(), site: site.to_owned(), card: person.card() }
    }
}

impl Town {
    /// The town of an earlier run, or a new one.
    pub async fn find_or_build(stack: &mut Stack, folder: &Path) -> Result<Self, Failure> {
        let path = folder.join(FILE);
        if path.is_file() {
            return Ok(serde_json::from_str(&fs::read_to_string(&path)?)?);
        }
        println!("Bringing in people and letters:");
        let town = Box::pin(Self::build(stack)).await?;
        // The demo's cards are a file; real ones are paper.
        xtask::folder::write_private(&path, &serde_json::to_string_pretty(&town)?)?;
        Ok(town)
    }

    async fn build(stack: &mut Stack) -> Result<Self, Failure> {
        let agency = Agency::found(stack, &mut |step| println!("  {step}")).await?;
        let families = Box::pin(Families::join(stack, &agency)).await?;
        println!("  four arrangements; everybody in them has joined but Liam, who has a sheet");
        Box::pin(families.write(&agency)).await?;
        println!(
            "  letters with the agency, being checked, needing a change, passed on, kept and taken back"
        );
        let ([priya, sam], [dee, joan]) = (&agency.coordinators, &agency.leads);
        let staff = |who, person| Inhabitant::new(who, &stack.staff().origin, person);
        let family = |who, person| Inhabitant::new(who, &stack.family().origin, person);
        let people = vec![
            family("adoptive parent", &families.beth),
            family("adoptive parent", &families.tom),
            family("birth mother", &families.kerry),
            family("birth grandmother", &families.maureen),
            family("adopted adult", &families.jamie),
            staff("letterbox worker", priya),
            staff("letterbox worker", sam),
            staff("team manager", dee),
            staff("team manager", joan),
            staff("administrator", &agency.administrator),
        ];
        let sheets = families.brothers.invited.into_iter().map(|it| Sheet {
            name: it.name,
            who: "birth brother".to_owned(),
            code: it.code,
        });
        Ok(Self { people, sheets: sheets.collect(), printed: agency.printed })
    }

    /// Everybody one can sign in as.
    pub fn print(&self) {
        println!("\n{:<10} {:<19}{:<26}letterbox words", "sign in as", "who", "site");
        for it in &self.people {
            println!("{:<10} {:<19}{:<26}{}", it.card.name, it.who, it.site, it.card.words);
        }
        for it in &self.sheets {
            println!("{:<10} {:<19}joins with the code {} from the post", it.name, it.who, it.code);
        }
        println!("\nRealm {}", self.printed.realm);
    }
}

/// Everybody in the families, and what holds them together.
struct Families {
    beth: Person,
    tom: Person,
    kerry: Person,
    maureen: Person,
    jamie: Person,
    parents_and_kerry: Letterbox,
    parents_and_maureen: Letterbox,
    jamie_and_kerry: Letterbox,
    brothers: Letterbox,
}

impl Families {
    async fn join(stack: &Stack, agency: &Agency) -> Result<Self, Failure> {
        let mut beth = Person::family(stack, "Beth").await?;
        let mut tom = Person::family(stack, "Tom").await?;
        let mut kerry = Person::family(stack, "Kerry").await?;
        let parents_and_kerry = agency
            .open_letterbox(
                1,
                &mut [
                    guest(&mut beth, Side::A, Role::AdoptiveParent, "beth@example.org"),
                    guest(&mut tom, Side::A, Role::AdoptiveParent, "tom@example.org"),
                    guest(&mut kerry, Side::B, Role::BirthParent, "kerry@example.org"),
                ],
            )
            .await?;
        let mut maureen = Person::family(stack, "Maureen").await?;
        let in_welsh = Some(("maureen@example.org", Language::Cy));
        let parents_and_maureen = agency
            .open_letterbox(
                1,
                &mut [
                    guest(&mut beth, Side::A, Role::AdoptiveParent, "beth@example.org"),
                    guest(&mut tom, Side::A, Role::AdoptiveParent, "tom@example.org"),
                    Guest {
                        person: &mut maureen,
                        side: Side::B,
                        role: Role::Grandparent,
                        contact: in_welsh,
                    },
                ],
            )
            .await?;
        let mut jamie = Person::family(stack, "Jamie").await?;
        let jamie_and_kerry = agency
            .open_letterbox(
                1,
                &mut [
                    guest(&mut jamie, Side::A, Role::AdoptedPerson, "jamie@example.org"),
                    guest(&mut kerry, Side::B, Role::BirthParent, "kerry@example.org"),
                ],
            )
            .await?;
        let brother = Newcomer { name: "Liam", side: Side::B, role: Role::Sibling };
        let mut jamie_alone =
            [guest(&mut jamie, Side::A, Role::AdoptedPerson, "jamie@example.org")];
        let brothers =
            agency.open_agreed(1, &Agreed::default(), &mut jamie_alone, &[brother]).await?;
        Ok(Self {
            beth,
            tom,
            kerry,
            maureen,
            jamie,
            parents_and_kerry,
            parents_and_maureen,
            jamie_and_kerry,
            brothers,
        })
    }

    /// One letter in every state.
    async fn write(&self, agency: &Agency) -> Result<(), Failure> {
        let ([priya, sam], [dee, _]) = (&agency.coordinators, &agency.leads);
        let Self { beth, tom, kerry, maureen, jamie, .. } = self;
        let Self { parents_and_kerry, parents_and_maureen, jamie_and_kerry, .. } = self;
        let letter = beth.write(parents_and_kerry, "Dear Kerry,\n\nA happy year, and a loud one: the piano lessons go on.\n\nBeth and Tom").await?;
        priya.check(letter.letter, Decision::DELIVER).await?;
        kerry.wait_until(letter.letter, "passed_on").await?;

        let letter = kerry.write(parents_and_kerry, "Dear Beth and Tom,\n\nThank you. I start at the bakery by the station next week.\n\nKerry").await?;
        let comment = Remarked {
            kind: AttachmentKind::Comment,
            to: Some(parents_and_kerry.of("Kerry")),
            text: "Would you take out where the bakery is? The rest is lovely as it is.",
        };
        let change = Decision { outcome: Outcome::Change, reason: "places", remarks: &[comment] };
        sam.check(letter.letter, change).await?;

        let letter =
            beth.write(parents_and_kerry, "Please let us know which school to avoid.").await?;
        let keep = Decision { outcome: Outcome::Keep, reason: "risk", remarks: &[] };
        priya.check(letter.letter, keep).await?;
        dee.check(letter.letter, keep).await?;

        let letter = tom.write(parents_and_kerry, "Sent too soon.").await?;
        let taken_back = tom.account.withdraw(parents_and_kerry.of("Tom"), &letter).await;
        taken_back.map_err(|error| Failure(error.to_string()))?;

        let letter = beth
            .write(parents_and_maureen, "Dear Maureen,\n\nThe garden is full of beans.\n\nBeth")
            .await?;
        sam.open(letter.letter).await?;
        maureen
            .write(
                parents_and_maureen,
                "Dear all,\n\nThank you for the drawing of the snail.\n\nMaureen",
            )
            .await?;

        let letter = jamie
            .write(jamie_and_kerry, "Dear Kerry,\n\nWrite when you like. I would be glad.\n\nJamie")
            .await?;
        priya.check(letter.letter, Decision::DELIVER).await?;
        kerry.wait_until(letter.letter, "passed_on").await?;
        Ok(())
    }
}

fn guest<'a>(person: &'a mut Person, side: Side, role: Role, address: &'static str) -> Guest<'a> {
    Guest { person, side, role, contact: Some((address, Language::En)) }
}
