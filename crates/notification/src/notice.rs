//! One notice: whether it goes now, to whom, in which words, and what came of it.

use std::time::SystemTime;

use domain::{
    calendar as days,
    id::NoticeId,
    policy::{NoticeRules, Policy},
};
use jiff::{SignedDuration, Timestamp};
use lettre::Address;
use seal::contact::{Channel, Contact, Language as ContactLanguage};
use store::{
    Actor, Tx, agencies,
    jobs::{self, Job},
    notices::{self, Notice, SealedContact, Turn},
};

use crate::{
    Error, calendar, contact,
    service::{Agency, Done, Notifier},
    smtp::Failure,
    wording::{Body, Language, words},
};

/// A notice that could not be sent for this long is over.
const PATIENCE: SignedDuration = SignedDuration::from_hours(24 * 7);

/// What is to be done with a notice.
enum Next {
    /// It was dealt with.
    Settled,
    /// Not its moment.
    NotBefore(Timestamp),
    /// Send it there.
    Send(Box<Contact>, i32),
}

impl Notifier {
    pub(crate) async fn deal_with(
        &self,
        agency: &Agency,
        job: &Job,
        id: NoticeId,
    ) -> Result<Done, Error> {
        let mut tx = self.store().begin(job.agency, Actor::Nobody).await?;
        let notice = notices::find(&mut tx, id).await?.filter(|it| it.state == "waiting");
        let Some(notice) = notice else {
            jobs::complete(&mut tx, job).await?;
            tx.commit().await?;
            return Ok(Done::Committed);
        };
        match self.prepare(&mut tx, agency, &notice).await? {
            Next::NotBefore(at) => Ok(Done::NotBefore(at)),
            Next::Settled => {
                jobs::complete(&mut tx, job).await?;
                tx.commit().await?;
                Ok(Done::Committed)
            }
            Next::Send(contact, n) => {
                // No transaction is held open while a mail server thinks.
                tx.commit().await?;
                self.send(agency, job, &notice, &contact, n).await
            }
        }
    }

    async fn prepare(&self, tx: &mut Tx, agency: &Agency, notice: &Notice) -> Result<Next, Error> {
        let now = self.now();
        let today = days::day(now);
        let row = agencies::find(tx).await?.ok_or(Error::NoAgency)?;
        let policy: Policy = serde_json::from_str(&row.policy).map_err(|_| Error::Policy)?;
        let rules = policy.notices;
        let news = notice.body == "news";
        if news && let Some(at) = wait_for_news(tx, notice, now, &rules).await? {
            return Ok(at);
        }
        let before = replaced_version(notice);
        let Some(sealed) = notices::find_contact(tx, notice.membership, before).await? else {
            notices::failed(tx, notice, "no-contact", true).await?;
            return Ok(Next::Settled);
        };
        let opened =
            contact::open(tx, agency, self.key(), &row.root_key, notice.membership, &sealed);
        let contact = match opened.await? {
            Ok(contact) => contact,
            Err(unusable) => {
                tracing::error!(
                    notice = %notice.id, reason = unusable.code(), "a contact point is not used",
                );
                return give_up(tx, notice, &sealed, unusable.code(), now).await;
            }
        };
        if news && calendar::is_avoided(today, &contact.avoid) {
            return Ok(Next::NotBefore(calendar::next_day(today, &contact.avoid, &rules)));
        }
        match contact.channel {
            Channel::Email => Ok(Next::Send(Box::new(contact), sealed.n)),
            Channel::Post => {
                notices::leave_for_post(tx, notice).await?;
                Ok(Next::Settled)
            }
            // There is no gateway for text messages: a worker must ring or write.
            Channel::Text => give_up(tx, notice, &sealed, "no-text-gateway", now).await,
        }
    }

    async fn send(
        &self,
        agency: &Agency,
        job: &Job,
        notice: &Notice,
        contact: &Contact,
        n: i32,
    ) -> Result<Done, Error> {
        let language = match contact.lang {
            ContactLanguage::En => Language::English,
            ContactLanguage::Cy => Language::Welsh,
        };
        let words = words(body(notice), language, &agency.service);
        let sent = match contact.address.parse::<Address>() {
            Ok(to) => {
                let at = SystemTime::from(self.now());
                self.post().send(notice.id, &agency.service, (&words, language), &to, at).await?
            }
            Err(_) => Err(Failure::Refused { code: 0 }),
        };
        let now = self.now();
        let mut tx = self.store().begin(job.agency, Actor::Nobody).await?;
        match sent {
            Ok(()) => {
                notices::sent(&mut tx, notice, days::day(now), now).await?;
                notices::mark_contact(&mut tx, notice.membership, n, None).await?;
                tracing::info!(agency = %job.agency, notice = %notice.id, "sent");
            }
            Err(failure @ Failure::Refused { .. }) => {
                notices::failed(&mut tx, notice, &failure.to_string(), true).await?;
                notices::mark_contact(&mut tx, notice.membership, n, Some(now)).await?;
                tracing::warn!(agency = %job.agency, notice = %notice.id, %failure, "not sent");
            }
            Err(failure) => {
                let over = now.duration_since(notice.created_at) > PATIENCE;
                notices::failed(&mut tx, notice, &failure.to_string(), over).await?;
                tracing::warn!(agency = %job.agency, notice = %notice.id, %failure, over, "not sent yet");
                if !over {
                    jobs::postpone(&mut tx, job, now + wait(notice.attempts)).await?;
                    tx.commit().await?;
                    return Ok(Done::Committed);
                }
            }
        }
        jobs::complete(&mut tx, job).await?;
        tx.commit().await?;
        Ok(Done::Committed)
    }
}

/// Whether a piece of news must wait or is merged: hours, and one a day.
async fn wait_for_news(
    tx: &mut Tx,
    notice: &Notice,
    now: Timestamp,
    rules: &NoticeRules,
) -> Result<Option<Next>, Error> {
    let opens = calendar::within_hours(now, rules);
    if opens > now {
        return Ok(Some(Next::NotBefore(opens)));
    }
    let today = days::day(now);
    Ok(match notices::take_turn(tx, notice, today).await? {
        Turn::Speaks => None,
        Turn::Merged => Some(Next::Settled),
        Turn::NotToday => Some(Next::NotBefore(calendar::next_day(today, &[], rules))),
    })
}

/// Ends a notice whose contact point is of no use, and shows that to the agency.
async fn give_up(
    tx: &mut Tx,
    notice: &Notice,
    sealed: &SealedContact,
    reason: &str,
    now: Timestamp,
) -> Result<Next, Error> {
    notices::failed(tx, notice, reason, true).await?;
    notices::mark_contact(tx, notice.membership, sealed.n, Some(now)).await?;
    Ok(Next::Settled)
}

fn body(notice: &Notice) -> Body {
    match (notice.body.as_str(), notice.event.as_str()) {
        ("security", "contact-changed") => Body::ContactChanged,
        ("security", _) => Body::Reset,
        _ => Body::News,
    }
}

/// The contact point's version that took the place of the one this notice goes to.
fn replaced_version(notice: &Notice) -> Option<i32> {
    notice.event_key.strip_prefix("contact-changed:")?.parse().ok()
}

/// 1, 2, 4 … minutes, at most an hour.
fn wait(attempts: u32) -> SignedDuration {
    SignedDuration::from_mins(1 << attempts.min(6)).min(SignedDuration::from_hours(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_an_hour() {
        assert_eq!(wait(0), SignedDuration::from_mins(1));
        assert_eq!(wait(3), SignedDuration::from_mins(8));
        assert_eq!(wait(40), SignedDuration::from_hours(1));
    }
}
