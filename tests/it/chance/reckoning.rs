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

/// The notifier gives a sending up after this long: a mail that was on its way when something
/// happened can be handed over so much later.
const SENDING: Duration = Duration::from_mins(2);

/// A time in which a mail may be on its way while its sender cannot write down that it was sent.
struct Window {
    from: Instant,
    until: Instant,
}

/// What happened, for the reckoning.
#[derive(Default)]
pub struct Told {
    pub letters: Vec<Carried>,
    pub faults: BTreeMap<Fault, Happened>,
    windows: Vec<Window>,
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
    /// A fault has happened, since `from`.
    pub fn happened(&mut self, fault: Fault, from: Instant, came_back: Option<CameBack>) {
        let happened = self.faults.entry(fault).or_default();
        happened.times += 1;
        happened.came_back.extend(came_back);
        if fault.may_repeat_mails() {
            // What a dead one had in hand, or one that lost an answer, is not on its way any more.
            let goes_on = !matches!(fault, Fault::Kill(_) | Fault::CutMailsAnswer);
            let now = Instant::now();
            let until = if goes_on { now + SENDING } else { now };
            self.windows.push(Window { from, until });
        }
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
            "{} notices in {} mails ({} said by another's mail): {} never sent, {repeated} sent again, each with its sender cut off meanwhile",
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
            for pair in copies.windows(2) {
                let is_excused =
                    self.windows.iter().any(|it| it.from <= pair[1] && pair[0] <= it.until);
                assert!(is_excused, "{notice} was sent twice, and nothing had happened");
            }
        }
    }
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
