//! Domain values as sqlx takes them, and back: ids, hashes, instants and days.

use domain::id::{
    AccountId, AgencyId, ArrangementId, CheckId, FileHash, InviteId, KeyHash, LetterId,
    MembershipId, MessageId, NoticeId, OpeningId, PersonId, Realm, StaffId, StatementId, TeamId,
    WrapId,
};
use jiff::{Timestamp, civil::Date};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::StoreError;

/// A 16-byte id: `uuid` in SQL.
pub(crate) trait Id16: Sized {
    fn uuid(self) -> Uuid;
    fn from_uuid(uuid: Uuid) -> Self;
}

/// A 32-byte id or hash: `bytea` in SQL. `as_bytes().as_slice()` is its parameter.
pub(crate) trait Id32: Sized {
    fn sql(&self) -> &[u8];
    /// From a column; a length other than 32 is a fault of the database.
    fn from_sql(bytes: &[u8]) -> Result<Self, StoreError>;
}

macro_rules! ids {
    ($($name:ident),*; $($hash:ident),*) => {
        $(impl Id16 for $name {
            fn uuid(self) -> Uuid {
                Uuid::from_bytes(self.to_bytes())
            }
            fn from_uuid(uuid: Uuid) -> Self {
                Self::from_bytes(uuid.into_bytes())
            }
        })*
        $(impl Id32 for $hash {
            fn sql(&self) -> &[u8] {
                self.as_bytes()
            }
            fn from_sql(bytes: &[u8]) -> Result<Self, StoreError> {
                bytes.try_into().map(Self::from_bytes).map_err(|_| StoreError::Corrupt("hash length"))
            }
        })*
    };
}

ids!(AccountId, AgencyId, ArrangementId, CheckId, InviteId, LetterId, MembershipId, MessageId,
    NoticeId, OpeningId, PersonId, StaffId, TeamId, WrapId;
    FileHash, KeyHash, Realm, StatementId);

/// Many 16-byte ids as a `uuid[]` parameter.
pub(crate) fn uuids<T: Id16 + Copy>(ids: &[T]) -> Vec<Uuid> {
    ids.iter().map(|id| id.uuid()).collect()
}

/// A `uuid[]` column.
pub(crate) fn from_uuids<T: Id16>(uuids: Vec<Uuid>) -> Vec<T> {
    uuids.into_iter().map(T::from_uuid).collect()
}

/// Many 32-byte ids as a `bytea[]` parameter.
pub(crate) fn byteas<T: Id32>(ids: &[T]) -> Vec<Vec<u8>> {
    ids.iter().map(|id| id.sql().to_vec()).collect()
}

/// An instant as `timestamptz`, in whole microseconds.
pub(crate) fn to_sql(at: Timestamp) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(at.as_microsecond()) * 1000)
        .expect("jiff's range lies within time's")
}

/// A `timestamptz` column.
pub(crate) fn from_sql(at: OffsetDateTime) -> Result<Timestamp, StoreError> {
    Timestamp::from_nanosecond(at.unix_timestamp_nanos())
        .map_err(|_| StoreError::Corrupt("instant"))
}

/// A day as `date`.
pub(crate) fn date_to_sql(day: Date) -> time::Date {
    let month = u8::try_from(day.month()).expect("1 to 12");
    let month = time::Month::try_from(month).expect("1 to 12");
    let number = u8::try_from(day.day()).expect("1 to 31");
    time::Date::from_calendar_date(day.year().into(), month, number)
        .expect("jiff's days are days of time's calendar")
}

/// A `date` column.
pub(crate) fn date_from_sql(day: time::Date) -> Result<Date, StoreError> {
    let corrupt = |_| StoreError::Corrupt("date");
    let year = i16::try_from(day.year()).map_err(|_| StoreError::Corrupt("date"))?;
    let number = i8::try_from(day.day()).map_err(|_| StoreError::Corrupt("date"))?;
    let month = i8::try_from(u8::from(day.month())).map_err(|_| StoreError::Corrupt("date"))?;
    Date::new(year, month, number).map_err(corrupt)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_and_days_come_back_as_they_went() {
        let at: Timestamp = "2026-11-23T10:00:00.123456Z".parse().expect("valid");
        assert_eq!(from_sql(to_sql(at)).expect("in range"), at);
        let day = Date::constant(2028, 2, 29);
        assert_eq!(date_from_sql(date_to_sql(day)).expect("in range"), day);
    }
}
