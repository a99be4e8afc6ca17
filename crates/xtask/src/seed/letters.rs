//! Carrying letters: writing, checking, and waiting for what the worker makes of it.

use std::time::Instant;

use client::{HandedIn, OnDesk, Remarked};
use domain::id::LetterId;
use seal::random::System;
use seal::statement::Outcome;

use super::{During, Error, Letterbox, Person, now, pause};

/// What a checker decides, and why.
#[derive(Clone, Copy, Debug)]
pub struct Decision<'a> {
    /// What.
    pub outcome: Outcome,
    /// Why, as `domain::decision::Reason` spells it.
    pub reason: &'a str,
    /// What is written beside it.
    pub remarks: &'a [Remarked<'a>],
}

impl Decision<'static> {
    /// Passed on, nothing to say.
    pub const DELIVER: Self = Self { outcome: Outcome::Deliver, reason: "fits-plan", remarks: &[] };
}

impl Person {
    /// Writes a letter to everybody on the other sides.
    pub async fn write(&self, letterbox: &Letterbox, text: &str) -> Result<HandedIn, Error> {
        let standing = letterbox.standing(self).await?;
        let membership = letterbox.of(&self.name);
        let handed = self.account.write(&standing, membership, text, now(), &mut System).await;
        let handed = handed.during(&format!("{} writes", self.name))?;
        self.wait_for(handed.statement).await?;
        Ok(handed)
    }

    /// Claims a letter and opens it, as one person's work.
    pub async fn open(&self, letter: LetterId) -> Result<OnDesk, Error> {
        self.account.claim(letter).await.during(&format!("{} claims", self.name))?;
        let opened = self.account.open_on_desk(letter, "check").await;
        opened.during(&format!("{} opens", self.name))
    }

    /// Decides on what is on the desk, and waits until the decision is in the log.
    pub async fn decide(&self, desk: &OnDesk, decision: Decision<'_>) -> Result<(), Error> {
        let Decision { outcome, reason, remarks } = decision;
        let sealed = self.account.seal_decision(desk, outcome, reason, remarks, now(), &mut System);
        let sealed = sealed.during(&format!("{} decides", self.name))?;
        self.account.decide(&sealed).await.during(&format!("{} decides", self.name))?;
        self.wait_for(sealed.statement.id()).await
    }

    /// Opens and decides: one clean check.
    pub async fn check(&self, letter: LetterId, decision: Decision<'_>) -> Result<(), Error> {
        let desk = self.open(letter).await?;
        self.decide(&desk, decision).await
    }

    /// Waits until a letter in this person's letterbox is in `state`.
    pub async fn wait_until(&self, letter: LetterId, state: &str) -> Result<(), Error> {
        let started = Instant::now();
        loop {
            let entries = self.account.letterbox().await.during(&self.name)?;
            if entries.iter().any(|it| it.letter == letter && it.state == state) {
                return Ok(());
            }
            pause(started, || format!("a letter of {}'s to be {state}", self.name)).await?;
        }
    }

    /// Waits until a letter was passed on to this person, and reads it.
    pub async fn receive(&self, letterbox: &Letterbox, letter: LetterId) -> Result<String, Error> {
        self.wait_until(letter, "passed_on").await?;
        let opened = self.account.read(letterbox.of(&self.name), letter).await;
        Ok(opened.during(&format!("{} reads", self.name))?.text())
    }
}
