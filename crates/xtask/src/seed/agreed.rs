//! What two families agreed, in the words of their plan: sealed JSON that every screen reads.

use domain::id::MembershipId;
use seal::statement::{Role, Side};
use serde::Serialize;

/// What stands in a plan and in the staff's notes beside the people themselves.
#[derive(Clone, Debug)]
pub struct Agreed {
    /// First names of the children it is about.
    pub children: &'static [&'static str],
    /// The months in which each side writes.
    pub months: Months,
    /// When it was last looked at together.
    pub reviewed_on: &'static str,
    /// When it is next.
    pub next_review_on: &'static str,
    /// What else was agreed, a line each.
    pub rules: &'static [&'static str],
    /// How people sign, where it is not their own first name alone.
    pub signs: &'static [(&'static str, &'static str)],
    /// What staff look for in letters and families do not see: names of places, schools.
    pub protected: &'static [&'static str],
    /// What staff keep about the arrangement.
    pub history: &'static str,
}

/// Months by number.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Months {
    /// Side A writes.
    pub a: &'static [u8],
    /// Side B writes.
    pub b: &'static [u8],
}

impl Default for Agreed {
    fn default() -> Self {
        Self {
            children: &[],
            months: Months { a: &[5], b: &[11] },
            reviewed_on: "2024-05-01",
            next_review_on: "2027-05-01",
            rules: &["We use first names.", "We do not write where we live."],
            signs: &[("Beth", "Beth and Tom"), ("Tom", "Beth and Tom")],
            protected: &["Hillside Primary"],
            history: "",
        }
    }
}

/// Somebody's place in a plan.
pub(super) struct Party<'a> {
    pub membership: MembershipId,
    pub side: Side,
    pub role: Role,
    pub name: &'a str,
}

impl Agreed {
    /// The plan, as every member may read it.
    pub(super) fn plan(&self, parties: &[Party<'_>]) -> String {
        let people: Vec<_> = parties.iter().map(|party| self.person(party)).collect();
        serde_json::json!({
            "v": 1,
            "people": people,
            "children": self.children,
            "months": self.months,
            "photos": false,
            "reviewed_on": self.reviewed_on,
            "next_review_on": self.next_review_on,
            "rules": self.rules,
        })
        .to_string()
    }

    fn person(&self, party: &Party<'_>) -> serde_json::Value {
        let signs = self.signs.iter().find(|(name, _)| *name == party.name);
        serde_json::json!({
            "membership": party.membership,
            "side": party.side.as_str(),
            "name": party.name,
            "role": party.role.as_str(),
            "signs": signs.map_or(party.name, |(_, signs)| signs),
        })
    }

    /// The staff's notes.
    pub(super) fn notes(&self) -> String {
        serde_json::json!({ "v": 1, "protected": self.protected, "history": self.history })
            .to_string()
    }
}

/// What the team keeps about somebody it invites.
pub(super) fn card(name: &str, role: Role) -> String {
    serde_json::json!({ "name": name, "relationship": role.as_str(), "phone": "01632 960 456" })
        .to_string()
}

/// A name to sign in with may end in a number, to be somebody else of that name.
pub(super) fn first_name(name: &str) -> &str {
    name.split_whitespace().next().unwrap_or(name)
}
