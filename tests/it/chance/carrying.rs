//! One letter's way among people who, like a browser, ask again when nobody answers.

use std::time::{Duration, Instant};

use client::{Error, HandedIn, Submission};
use domain::id::{LetterId, StatementId};
use seal::letter::Part;
use seal::random::System;
use seal::statement::Outcome;
use tokio::sync::mpsc::UnboundedSender;
use tokio::time::sleep;
use xtask::seed::{Letterbox, Person, now};

/// How long anything may take, with all that is killed meanwhile: a database that was cut off syncs
/// its whole folder before it answers again.
const PATIENCE: Duration = Duration::from_mins(5);
/// Between two questions.
const PAUSE: Duration = Duration::from_millis(25);

/// Somebody has done something that must now hold.
#[derive(Clone, Copy, Debug)]
pub enum Step {
    /// The API said that it has the letter.
    HandedIn,
    /// The worker found it good.
    Verified,
    /// A checker has it open.
    Opened,
    /// The API said that it has the decision.
    Decided,
    /// Its reader has read it.
    Read,
}

/// Two people who write to each other.
pub struct Pair {
    pub writer: Person,
    reader: Person,
    letterbox: Letterbox,
}

/// A letter that was taken, and what became of it.
pub struct Carried {
    pub text: String,
    letter: LetterId,
    writer: String,
    /// Whether its reader had it before somebody decided so.
    pub was_early: bool,
}

impl Pair {
    pub fn new((writer, reader, letterbox): (Person, Person, Letterbox)) -> Self {
        Self { writer, reader, letterbox }
    }

    /// Whether this pair's letter it is.
    pub fn writes(&self, carried: &Carried) -> bool {
        carried.writer == self.writer.name
    }

    /// Writes a letter, has it checked, and reads it; says each step.
    pub async fn carry(
        &self,
        checker: &Person,
        text: &str,
        steps: &UnboundedSender<Step>,
    ) -> Carried {
        let sealed = self.seal(text).await;
        self.carry_sealed(checker, text, &sealed, steps).await
    }

    /// A letter of the writer's that is ready to be handed in.
    pub async fn seal(&self, text: &str) -> Submission {
        let Self { writer, letterbox, .. } = self;
        let (me, parts) = (letterbox.of(&writer.name), [Part::text(text)]);
        let arrangement = letterbox.arrangement;
        let standing =
            insist(writer, "how it stands", async || writer.account.standing(arrangement).await)
                .await;
        writer.account.seal_letter(&standing, me, &parts, None, now(), &mut System).unwrap()
    }

    /// Hands a sealed letter in, once.
    pub async fn hand_in(&self, sealed: &Submission) -> Result<HandedIn, Error> {
        self.writer.account.hand_in(sealed).await
    }

    /// The same for a letter that is sealed already.
    pub async fn carry_sealed(
        &self,
        checker: &Person,
        text: &str,
        sealed: &Submission,
        steps: &UnboundedSender<Step>,
    ) -> Carried {
        let say = |step| steps.send(step).expect("somebody listens until the last letter arrives");
        let Self { writer, reader, .. } = self;
        let handed = insist(writer, "handing in", async || self.hand_in(sealed).await).await;
        say(Step::HandedIn);
        logged(writer, handed.statement).await;
        say(Step::Verified);

        let letter = handed.letter;
        let (mut is_open, mut was_early) = (false, false);
        let decision = loop {
            // Again from here when the claim has lapsed, which is soon for a clock that jumps.
            insist(checker, "claiming", async || checker.account.claim(letter).await).await;
            let open = async || held(checker.account.open_on_desk(letter, "check").await);
            let Some(desk) = insist(checker, "opening", open).await else { continue };
            if !std::mem::replace(&mut is_open, true) {
                say(Step::Opened);
            }
            let letters = insist(reader, "looking", async || reader.account.letterbox().await);
            was_early |= letters.await.iter().any(|entry| entry.letter == letter);
            let (outcome, reason) = (Outcome::Deliver, "fits-plan");
            let sealed =
                checker.account.seal_decision(&desk, outcome, reason, &[], now(), &mut System);
            let decision = sealed.unwrap();
            let decide = async || held(checker.account.decide(&decision).await);
            if insist(checker, "deciding", decide).await.is_some() {
                break decision.statement.id();
            }
        };
        say(Step::Decided);
        logged(checker, decision).await;

        let carried =
            Carried { text: text.to_owned(), letter, writer: writer.name.clone(), was_early };
        let started = Instant::now();
        while self.read(&carried).await.is_none() {
            pause(started, &format!("“{text}” to be passed on")).await;
        }
        say(Step::Read);
        carried
    }

    /// The text of a letter as its reader opens it; none while they have no such letter.
    pub async fn read(&self, carried: &Carried) -> Option<String> {
        let me = self.letterbox.of(&self.reader.name);
        let read = async || match self.reader.account.read(me, carried.letter).await {
            Err(error) if error.status() == Some(404) => Ok(None),
            read => read.map(Some),
        };
        insist(&self.reader, "reading", read).await.map(|opened| opened.text())
    }
}

async fn pause(started: Instant, what: &str) {
    assert!(started.elapsed() < PATIENCE, "waited five minutes for {what}");
    sleep(PAUSE).await;
}

/// Waits until the worker has judged a statement good.
async fn logged(person: &Person, id: StatementId) {
    let started = Instant::now();
    loop {
        let verdict = async || person.account.verdict(id).await;
        match insist(person, "asking for a verdict", verdict).await {
            Some(verdict) => return verdict.unwrap(),
            None => pause(started, &format!("statement {id}")).await,
        }
    }
}

/// None for somebody who does not have the letter any more.
fn held<T>(done: Result<T, Error>) -> Result<Option<T>, Error> {
    match done {
        Err(error) if error.code() == Some("no-claim") => Ok(None),
        done => done.map(Some),
    }
}

/// Asks again while nobody answers, or the answer is “not just now”, and signs in again when the
/// session is over; everything else must go well.
pub async fn insist<T>(
    person: &Person,
    what: &str,
    mut ask: impl AsyncFnMut() -> Result<T, Error>,
) -> T {
    let started = Instant::now();
    loop {
        match ask().await {
            Ok(answer) => return answer,
            Err(error) if error.status() == Some(401) || error.code() == Some("restricted") => {
                // Whatever becomes of it shows when this is asked again: a clock that is wrong
                // refuses what an issuer has signed just now.
                let _ = sign_in(person).await;
            }
            Err(error) if matches!(error, Error::Unreachable(_)) || error.status() == Some(503) => {
            }
            Err(error) => panic!("{what}: {error}"),
        }
        pause(started, what).await;
    }
}

async fn sign_in(person: &Person) -> Result<(), Error> {
    person.account.api.sign_in(&person.name).await?;
    person.account.prove().await
}
