//! Where a page of a long list begins, as two parameters that are always there: a condition like
//! `$3 is null or …` would keep a prepared statement from beginning at its place in the index.

use jiff::Timestamp;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::convert::{Id16, to_sql};

/// For a list that ascends: after this entry, or from the beginning.
pub(crate) fn after<I: Id16>(entry: Option<(Timestamp, I)>) -> (OffsetDateTime, Uuid) {
    place(entry).unwrap_or((OffsetDateTime::UNIX_EPOCH, Uuid::nil()))
}

/// For a list that descends: before this entry, or from the end.
pub(crate) fn before<I: Id16>(entry: Option<(Timestamp, I)>) -> (OffsetDateTime, Uuid) {
    // jiff's last instant lies in the year 9999.
    place(entry).unwrap_or((to_sql(Timestamp::MAX), Uuid::max()))
}

fn place<I: Id16>(entry: Option<(Timestamp, I)>) -> Option<(OffsetDateTime, Uuid)> {
    entry.map(|(at, id)| (to_sql(at), id.uuid()))
}
