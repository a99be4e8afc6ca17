//! What happened on a course, and what must have become of it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::time::{Duration, Instant};

use xtask::stack::Stack;

use super::carrying::{Carried, Pair};
use super::clock;
use super::course::Fault;
use super::database::CameBack;
use crate::audit::log_verifies;
use crate::behind::Behind;
use crate::mail::{Mail, MailServer};

/// How long the notifier has a notice in hand, from its lease to when it is written down as sent, on
/// a machine with much to do.
const IN_HAND: Duration = Duration::from_secs(2);

/// A mail that was handed over in this time, both ends included, may have been cut off from being
/// written down, once.
#[derive(Clone)]
struct CutOff {
    from: Instant,
    until: Instant,
    /// The notices it can have been; none if that is not known.
    of: Option<Vec<String>>,
}

/// What happened, for the reckoning.
#[derive(Default)]
pub struct Told {
    pub letters: Vec<Carried>,
    pub faults: BTreeMap<Fault, Happened>,
    cut_off: Vec<CutOff>,
    /// Notices whose times may be of two clocks that disagreed.
    timed_wrongly: BTreeSet<String>,
}

/// What is told of one kind of fault.
#[derive(Default)]
pub struct Happened {
    pub times: usize,
    pub came_back: Vec<CameBack>,
}

impl Told {
    /// A fault has happened.
    pub fn happened(&mut self, fault: Fault, came_back: Option<CameBack>) {
        let happened = self.faults.entry(fault).or_default();
        happened.times += 1;
        happened.came_back.extend(came_back);
    }

    /// Since `from` the notifier may not have written down what it had sent, of these notices or of
    /// any; what it has sent from now on, it can.
    pub fn could_not_write_down(&mut self, from: Instant, of: Option<Vec<String>>) {
        let from = from.checked_sub(IN_HAND).unwrap_or(from);
        self.cut_off.push(CutOff { from, until: Instant::now(), of });
    }

    /// Since `from` the notifier may have been taken for ended, with these notices in hand; it was not,
    /// and sends them as well.
    pub fn taken_for_ended(&mut self, from: Instant, of: Vec<String>) {
        let from = from.checked_sub(IN_HAND).unwrap_or(from);
        self.cut_off.push(CutOff { from, until: Instant::now() + IN_HAND, of: Some(of) });
    }

    /// The answer to the very mail that was handed over then was lost.
    pub fn answer_lost(&mut self, at: Instant) {
        self.cut_off.push(CutOff { from: at, until: at, of: None });
    }

    /// These notices were dealt with while a clock was wrong.
    pub fn timed_wrongly(&mut self, notices: Vec<String>) {
        self.timed_wrongly.extend(notices);
    }

    /// How much has gone wrong.
    pub fn in_all(&self) -> usize {
        self.faults.values().map(|it| it.times).sum()
    }

    /// Holds what is there against what happened, and prints it.
    pub async fn reckon(&self, stack: &Stack, pairs: &[Pair], mails: &MailServer) {
        let behind = Behind::of(stack).await;
        clock::until_all_is_done(&behind).await;

        let mut lost = Vec::new();
        for carried in &self.letters {
            let pair = pairs.iter().find(|pair| pair.writes(carried)).expect("a pair's letter");
            if pair.read(carried).await.as_deref() != Some(carried.text.as_str()) {
                lost.push(&carried.text);
            }
        }
        let early: Vec<_> =
            self.letters.iter().filter(|it| it.was_early).map(|it| &it.text).collect();
        let delivered = behind.number("select count(*) from deliveries").await;
        let told = "select count(*) from notices where event = 'letter-for-you'";
        let told = behind.number(told).await;
        let letters = i64::try_from(self.letters.len()).unwrap();
        let doubled = delivered - letters;
        println!("{}", self.by_kind());
        println!(
            "{letters} letters: {} lost, {} early, {doubled} doubled",
            lost.len(),
            early.len()
        );
        assert!(lost.is_empty(), "lost: {lost:?}");
        assert!(early.is_empty(), "passed on before somebody decided so: {early:?}");
        assert_eq!(delivered, letters, "each is passed on once");
        assert_eq!(told, letters, "its reader is told of each once");
        self.count_mails(&behind, &mails.taken()).await;

        for broken in [
            "select count(*) from statements s where not exists (select from verdicts v
                where v.statement_id = s.statement_id)",
            "select count(*) from verdicts where verdict = 'quarantined'",
        ] {
            assert_eq!(behind.number(broken).await, 0, "{broken}");
        }
        println!("the queues are empty, {} jobs done", behind.number(DONE).await);
        println!("the log verifies, {} entries", log_verifies(stack));
    }

    /// A line for each kind of fault.
    fn by_kind(&self) -> String {
        let mut table = format!("{} faults", self.in_all());
        for (fault, Happened { times, came_back }) in &self.faults {
            let _ = write!(table, "\n  {times:4} × {fault}");
            if let Some(longest) = came_back.iter().max() {
                let mut sorted = came_back.clone();
                sorted.sort_unstable();
                let middle = sorted[sorted.len() / 2];
                let _ = write!(table, ": back after {middle}; at the longest {longest}");
            }
        }
        table
    }

    /// Nobody is left untold, and nobody is told of one event twice but where its mail was on its
    /// way just then.
    async fn count_mails(&self, behind: &Behind, mails: &[Mail]) {
        let number = async |what: &str| {
            behind.number(&format!("select count(*) from notices n where {what}")).await
        };
        let sent = clock::notices(behind, "state = 'sent'").await;
        let mut by_notice: BTreeMap<&str, Vec<Instant>> = BTreeMap::new();
        for mail in mails {
            by_notice.entry(notice_of(mail)).or_default().push(mail.at);
        }
        let untold: Vec<_> =
            sent.iter().filter(|id| !by_notice.contains_key(id.as_str())).collect();
        let repeated: usize = by_notice.values().map(|copies| copies.len() - 1).sum();
        println!(
            "{} notices in {} mails ({} said by another's mail): {} never sent, {repeated} sent again",
            sent.len(),
            mails.len(),
            number("state = 'merged'").await,
            untold.len(),
        );
        assert_eq!(number("state not in ('sent', 'merged')").await, 0, "given up or waiting");
        assert!(untold.is_empty(), "never sent: {untold:?}");
        let mut unsaid = clock::notices(behind, SAID_BY_NOBODY).await;
        unsaid.retain(|notice| !self.timed_wrongly.contains(notice));
        assert!(unsaid.is_empty(), "said by another's mail, which there is not: {unsaid:?}");
        for (notice, copies) in by_notice {
            let repeats = unexcused(notice, &copies, &self.cut_off);
            assert_eq!(repeats, 0, "{notice} was sent again, and nothing had cut its sender off");
        }
    }
}

/// How many of these mails of one notice, in order, are repeats of one that nothing had cut off. What
/// cuts off does so once for each notice.
fn unexcused(notice: &str, copies: &[Instant], cut_off: &[CutOff]) -> usize {
    let is_of = |it: &&CutOff| it.of.as_ref().is_none_or(|of| of.iter().any(|it| it == notice));
    let mut unused: Vec<_> = cut_off.iter().filter(is_of).collect();
    // Each mail takes what is over first: if there is enough for all, so it goes round.
    unused.sort_by_key(|it| it.until);
    let [repeated @ .., _] = copies else { return 0 };
    let is_unexcused = |at: &&Instant| {
        let excuse = unused.iter().position(|it| it.from <= **at && **at <= it.until);
        excuse.map(|index| unused.remove(index)).is_none()
    };
    repeated.iter().filter(is_unexcused).count()
}

const DONE: &str = "select count(*) from jobs where state = 'done'";
const SAID_BY_NOBODY: &str = "state = 'merged' and not exists (select from notices o
    where o.membership_id = notices.membership_id and o.state = 'sent'
        and o.sent_at >= notices.created_at)";

/// The notice that a mail is, by its name for itself.
fn notice_of(mail: &Mail) -> &str {
    let line = mail.message.lines().find_map(|line| line.strip_prefix("Message-ID: <"));
    line.and_then(|line| line.split('@').next()).expect("a mail's own name")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_is_repeated_once_for_each_time_its_sender_was_cut_off() {
        let start = Instant::now() + IN_HAND;
        let at = |seconds| start + Duration::from_secs(seconds);
        let cut_off = |from, until| CutOff { from: at(from), until: at(until), of: None };
        let (killed, crashed) = (|| cut_off(95, 101), || cut_off(98, 110));
        let of_another = CutOff { of: Some(vec!["another".to_owned()]), ..killed() };
        let of_this = CutOff { of: Some(vec!["this".to_owned()]), ..killed() };
        for (copies, cut_off, expected) in [
            (&[100][..], vec![], 0),
            (&[100, 102], vec![], 1),
            (&[100, 102], vec![killed()], 0),
            (&[100, 102], vec![of_another], 1),
            (&[100, 102], vec![of_this], 0),
            // Long before, or after it was over: it is the first of both that was cut off.
            (&[94, 100], vec![killed()], 1),
            (&[102, 103], vec![killed()], 1),
            // Once each.
            (&[99, 100, 101], vec![killed()], 1),
            (&[99, 100, 101], vec![killed(), crashed()], 0),
            (&[99, 105, 106], vec![crashed(), killed()], 0),
            (&[99, 100, 101, 102], vec![killed(), crashed()], 1),
        ] {
            let copies: Vec<_> = copies.iter().map(|it| at(*it)).collect();
            assert_eq!(unexcused("this", &copies, &cut_off), expected, "{copies:?}");
        }
    }

    #[test]
    fn only_a_mail_that_was_in_hand_just_then_may_be_repeated() {
        let mut told = Told::default();
        let at = Instant::now() + IN_HAND;
        told.answer_lost(at);
        let (moment, hour) = (Duration::from_millis(1), Duration::from_hours(1));
        assert_eq!(unexcused("this", &[at, at + hour], &told.cut_off), 0);
        assert_eq!(unexcused("this", &[at + moment, at + hour], &told.cut_off), 1);

        let this = || vec!["this".to_owned()];
        let (mut ended, mut taken, from) = (Told::default(), Told::default(), Instant::now());
        ended.could_not_write_down(from, None);
        taken.taken_for_ended(from, this());
        let after = Instant::now() + moment;
        for (told, later) in [(ended, 1), (taken, 0)] {
            assert_eq!(unexcused("this", &[from, after], &told.cut_off), 0);
            assert_eq!(unexcused("this", &[after, after], &told.cut_off), later);
            assert_eq!(unexcused("this", &[after + IN_HAND, after + hour], &told.cut_off), 1);
        }
    }
}
