use proptest::prelude::*;

use super::*;

const IDLE: SignedDuration = SignedDuration::from_mins(15);
const AUTHOR: MembershipId = MembershipId::from_bytes([1; 16]);
const OTHER: MembershipId = MembershipId::from_bytes([2; 16]);
const PRIYA: StaffId = StaffId::from_bytes([3; 16]);
const SAM: StaffId = StaffId::from_bytes([4; 16]);

struct Decided(Outcome, StatementId);

impl FinalDecision for Decided {
    fn outcome(&self) -> Outcome {
        self.0
    }
    fn submission(&self) -> StatementId {
        self.1
    }
}

fn head(n: u8) -> StatementId {
    StatementId::from_bytes([n; 32])
}

fn at(minute: i64) -> Timestamp {
    Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minute)
}

fn letter(state: State) -> Letter {
    Letter { state, ..Letter::submit(LetterId::from_bytes([9; 16]), AUTHOR, head(1)) }
}

fn every_state() -> [State; 10] {
    [
        State::WithAgency { opened: false },
        State::WithAgency { opened: true },
        State::BeingChecked(Claim::new(PRIYA, at(0))),
        State::NeedsChange,
        State::PassingOn { release_at: at(60) },
        State::PassedOn { released_at: at(60) },
        State::Kept,
        State::Withdrawn,
        State::SendAgain,
        State::Quarantined,
    ]
}

/// The states, as words, from which a step is possible at all.
fn possible_from(step: impl Fn(Letter) -> Result<Letter, Refusal>) -> Vec<LetterState> {
    let mut words: Vec<_> = every_state()
        .into_iter()
        .filter(|state| step(letter(*state)).is_ok())
        .map(|state| state.word())
        .collect();
    words.dedup();
    words
}

#[test]
fn each_step_is_possible_from_these_places_only() {
    use LetterState::*;
    let deliver = Decided(Outcome::Deliver, head(1));
    assert_eq!(possible_from(|l| l.withdraw(AUTHOR)), [WithAgency]);
    assert_eq!(possible_from(|l| l.revise(AUTHOR, head(2))), [NeedsChange]);
    assert_eq!(possible_from(Letter::overtake), [WithAgency]);
    assert_eq!(possible_from(|l| l.send_again(AUTHOR, head(2))), [SendAgain]);
    assert_eq!(possible_from(|l| l.claim(PRIYA, at(1), IDLE)), [WithAgency, BeingChecked]);
    assert_eq!(possible_from(|l| l.claim(SAM, at(1), IDLE)), [WithAgency]);
    assert_eq!(possible_from(|l| l.renew(PRIYA, at(1), IDLE)), [BeingChecked]);
    assert_eq!(possible_from(|l| l.let_go(PRIYA, at(1), IDLE)), [BeingChecked]);
    assert_eq!(possible_from(|l| l.settle(&deliver, at(60))), [WithAgency, BeingChecked]);
    assert_eq!(possible_from(|l| l.release(at(60))), [PassingOn]);
    assert_eq!(possible_from(Letter::look_again), [NeedsChange, Kept]);
    assert_eq!(
        possible_from(Letter::quarantine),
        [WithAgency, BeingChecked, NeedsChange, PassingOn, Kept, Quarantined]
    );
}

#[test]
fn a_letter_is_delivered_at_its_hour_and_not_before() {
    let letter = letter(State::WithAgency { opened: false });
    let letter = letter.claim(PRIYA, at(1), IDLE).expect("free");
    let letter = letter.settle(&Decided(Outcome::Deliver, head(1)), at(60)).expect("head");
    assert_eq!(letter.release(at(59)), Err(Refusal::TooEarly(at(60))));
    let letter = letter.release(at(61)).expect("the hour has come");
    assert_eq!(letter.state, State::PassedOn { released_at: at(61) });
}

#[test]
fn a_writer_takes_a_letter_back_until_it_is_opened() {
    let handed_in = letter(State::WithAgency { opened: false });
    assert_eq!(handed_in.withdraw(OTHER), Err(Refusal::NotTheAuthor));
    let claimed = handed_in.claim(PRIYA, at(1), IDLE).expect("free");
    assert_eq!(claimed.withdraw(AUTHOR), Err(Refusal::AlreadyOpened));
    let put_back = claimed.let_go(PRIYA, at(2), IDLE).expect("hers");
    assert_eq!(put_back.withdraw(AUTHOR), Err(Refusal::AlreadyOpened));
    assert_eq!(handed_in.withdraw(AUTHOR).expect("unopened").state, State::Withdrawn);
}

#[test]
fn a_decision_on_an_older_revision_moves_nothing() {
    let sent_back = letter(State::NeedsChange);
    assert_eq!(sent_back.revise(OTHER, head(2)), Err(Refusal::NotTheAuthor));
    let revised = sent_back.revise(AUTHOR, head(2)).expect("sent back");
    assert_eq!((revised.rev, revised.head), (2, head(2)));
    let old = Decided(Outcome::Deliver, head(1));
    assert_eq!(revised.settle(&old, at(60)), Err(Refusal::NotTheHead));
}

#[test]
fn a_lapsed_claim_can_be_put_back_by_anybody_and_a_live_one_cannot() {
    let claimed = letter(State::BeingChecked(Claim::new(PRIYA, at(0))));
    assert!(matches!(claimed.let_go(SAM, at(15), IDLE), Err(Refusal::Claim(_))));
    assert!(claimed.let_go(SAM, at(16), IDLE).is_ok());
}

#[derive(Clone, Copy, Debug)]
enum Try {
    Revise,
    Overtake,
    SendAgain,
    Withdraw,
    Claim(bool),
    LetGo,
    Settle(usize, bool),
    Release,
    LookAgain,
    Quarantine,
}

fn tries() -> impl Strategy<Value = Vec<Try>> {
    let one = prop_oneof![
        Just(Try::Revise),
        Just(Try::Overtake),
        Just(Try::SendAgain),
        Just(Try::Withdraw),
        any::<bool>().prop_map(Try::Claim),
        Just(Try::LetGo),
        (0usize..3, any::<bool>()).prop_map(|(outcome, right)| Try::Settle(outcome, right)),
        Just(Try::Release),
        Just(Try::LookAgain),
        Just(Try::Quarantine),
    ];
    proptest::collection::vec(one, 0..60)
}

proptest! {
    // Whatever is tried in whatever order: only what was decided to be delivered, on the head and
    // at its hour, is passed on; and what is passed on or taken back never moves again.
    #[test]
    fn a_letter_is_passed_on_only_by_a_delivery_of_its_head(tries in tries()) {
        let mut letter = letter(State::WithAgency { opened: false });
        let mut delivery_of = None;
        for (minute, attempt) in (0i64..).zip(tries) {
            let now = at(minute * 20);
            let before = letter;
            let newest = head(u8::try_from(minute).expect("small") + 10);
            let next = match attempt {
                Try::Revise => letter.revise(AUTHOR, newest),
                Try::Overtake => letter.overtake(),
                Try::SendAgain => letter.send_again(AUTHOR, newest),
                Try::Withdraw => letter.withdraw(AUTHOR),
                Try::Claim(sam) => letter.claim(if sam { SAM } else { PRIYA }, now, IDLE),
                Try::LetGo => letter.let_go(PRIYA, now, IDLE),
                Try::Settle(outcome, right) => {
                    let outcome = Outcome::ALL[outcome];
                    let about = if right { letter.head } else { head(250) };
                    let next = letter.settle(&Decided(outcome, about), now + IDLE);
                    if next.is_ok() && outcome == Outcome::Deliver {
                        delivery_of = Some(about);
                    }
                    next
                }
                Try::Release => letter.release(now),
                Try::LookAgain => letter.look_again(),
                Try::Quarantine => letter.quarantine(),
            };
            if let Ok(next) = next {
                let over = matches!(before.state, State::PassedOn { .. } | State::Withdrawn);
                prop_assert!(!over, "moved on from {}", before.state.word());
                prop_assert!(next.rev >= before.rev);
                letter = next;
            }
            if matches!(letter.state, State::PassedOn { .. } | State::PassingOn { .. }) {
                prop_assert_eq!(delivery_of, Some(letter.head));
            }
        }
    }
}

#[test]
fn a_letter_that_was_overtaken_comes_again_as_the_same_revision() {
    let overtaken = letter(State::WithAgency { opened: false }).overtake().expect("may");
    assert_eq!(overtaken.send_again(OTHER, head(2)), Err(Refusal::NotTheAuthor));
    let again = overtaken.send_again(AUTHOR, head(2)).expect("may");
    assert_eq!((again.rev, again.head), (overtaken.rev, head(2)));
    assert_eq!(again.state, State::WithAgency { opened: false });
}
