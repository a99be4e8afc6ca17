//! One letter's whole way and its answer back, timed step by step: `cargo xtask demo --check`.

use std::fs;
use std::path::Path;
use std::time::Instant;

use domain::id::LetterId;
use seal::contact::Language;
use seal::statement::{Role, Side};
use xtask::seed::{self, Agency, Decision, Guest, Letterbox, Person, pause};
use xtask::stack::Stack;

use crate::step::{Failure, fail};

/// The letter, when no file is given.
const LETTER: &str = "Dear Kerry,\n\nIt has been a good year. The piano lessons go on, loudly, and \
the pet snail is called Florence. There was a play at Christmas, and a new bike in spring.\n\nWhat \
was your favourite game when you were nine?\n\nWith warm wishes,\nBeth and Tom\n";
/// The answer.
const ANSWER: &str = "Dear Beth and Tom,\n\nThank you for telling me about the piano. I loved \
hopscotch, and still do. I think of you all, and I miss you.\n\nKerry\n";

/// The adopted adult's letter.
const BROTHER: &str = "Dear Liam,\n\nI found the photograph of the two of us. I would like to know \
how you are, whenever you want to write.\n\nJamie\n";

/// Prints each step with the time it took.
struct Steps {
    started: Instant,
    last: Instant,
}

impl Steps {
    fn begin() -> Self {
        let now = Instant::now();
        Self { started: now, last: now }
    }

    fn done(&mut self, what: &str) {
        println!("{:>8.2} s  {what}", self.last.elapsed().as_secs_f32());
        self.last = Instant::now();
    }
}

/// Carries `letter`, or a letter of the demo's own, the whole way and an answer back.
pub async fn run(stack: &mut Stack, letter: Option<&Path>) -> Result<(), Failure> {
    let text = match letter {
        Some(path) => match fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) => return fail(format!("{} cannot be read: {error}", path.display())),
        },
        None => LETTER.to_owned(),
    };
    let mut steps = Steps::begin();
    let agency = Agency::found(stack, &mut |step| steps.done(step)).await?;
    let [priya, sam] = &agency.coordinators;

    let mut beth = Person::family(stack, "Beth").await?;
    let mut kerry = Person::family(stack, "Kerry").await?;
    let letterbox = agency
        .open_letterbox(
            1,
            &mut [
                guest(&mut beth, Side::A, Role::AdoptiveParent, "beth@example.org"),
                guest(&mut kerry, Side::B, Role::BirthParent, "kerry@example.org"),
            ],
        )
        .await?;
    steps.done("an adoptive parent and a birth mother joined with posted codes and are certified");

    let trip = Trip { stack, letterbox: &letterbox };
    trip.carry(&mut steps, &beth, &kerry, priya, &text).await?;
    trip.carry(&mut steps, &kerry, &beth, sam, ANSWER).await?;

    let mut jamie = Person::family(stack, "Jamie").await?;
    let mut liam = Person::family(stack, "Liam").await?;
    let letterbox = agency
        .open_letterbox(
            1,
            &mut [
                guest(&mut jamie, Side::A, Role::AdoptedPerson, "jamie@example.org"),
                guest(&mut liam, Side::B, Role::Sibling, "liam@example.org"),
            ],
        )
        .await?;
    steps.done("an adopted adult and a birth brother joined");
    Trip { stack, letterbox: &letterbox }.carry(&mut steps, &jamie, &liam, priya, BROTHER).await?;
    println!("{:>8.2} s  in all", steps.started.elapsed().as_secs_f32());
    Ok(())
}

fn guest<'a>(person: &'a mut Person, side: Side, role: Role, address: &'static str) -> Guest<'a> {
    Guest { person, side, role, contact: Some((address, Language::En)) }
}

/// Two people, a checker between them, and everything that must and must not happen on the way.
struct Trip<'a> {
    stack: &'a Stack,
    letterbox: &'a Letterbox,
}

impl Trip<'_> {
    async fn carry(
        &self,
        steps: &mut Steps,
        writer: &Person,
        reader: &Person,
        checker: &Person,
        text: &str,
    ) -> Result<(), Failure> {
        let (from, to, who) = (&writer.name, &reader.name, &checker.name);
        let letter = writer.write(self.letterbox, text).await?.letter;
        steps.done(&format!("{from}'s letter is sealed, handed in, verified and logged"));

        self.is_closed(reader, letter).await?;
        let desk = checker.open(letter).await?;
        if desk.text().trim() != text.trim() {
            return fail(format!("{who} read something other than {from} wrote"));
        }
        steps.done(&format!("{who} claims and opens it; {to} cannot yet"));

        checker.decide(&desk, Decision::DELIVER).await?;
        steps.done(&format!("{who} seals its key to {to} and signs; the worker verified it"));

        let read = reader.receive(self.letterbox, letter).await?;
        if read.trim() != text.trim() {
            return fail(format!("{to} read something other than {from} wrote"));
        }
        steps.done(&format!("it is released; {to} verifies nine things, opens and reads it"));

        // One piece of news a day: whoever had one today gets no second.
        let started = Instant::now();
        while !self.has_notice(to)? {
            pause(started, || format!("a notice for {to}")).await?;
        }
        steps.done(&format!("a notice that says nothing lies in the outbox for {to}"));
        let openings = writer.account.openings(letter).await.map_err(seed_error)?;
        if openings.len() != 1 || openings[0].why != "check" {
            return fail(format!("{from} does not see who opened the letter"));
        }
        Ok(())
    }

    /// Nobody reads before certified staff have signed.
    async fn is_closed(&self, reader: &Person, letter: LetterId) -> Result<(), Failure> {
        let early = reader.account.read(self.letterbox.of(&reader.name), letter).await;
        match early {
            Err(error) if error.status() == Some(404) => Ok(()),
            _ => fail(format!("{} could see a letter before it was passed on", reader.name)),
        }
    }

    fn has_notice(&self, name: &str) -> Result<bool, Failure> {
        let to = format!("\nTo: {}@example.org", name.to_lowercase());
        for entry in fs::read_dir(self.stack.outbox())? {
            if fs::read_to_string(entry?.path())?.replace('\r', "").contains(&to) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

fn seed_error(error: client::Error) -> seed::Error {
    seed::Error::Client("looking at openings".to_owned(), error)
}
