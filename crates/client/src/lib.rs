//! A headless family member, coordinator, lead and administrator, over the public API alone: what
//! a browser does, without the screen. The demo, the tests and the bench drive Postern with it, and
//! an agency's own tools may.
//!
//! It protects its person as a browser does: it verifies every statement from the pinned root, and
//! never takes the server's word for who is who.
//!
//! Absent from this crate: SQL, knowledge of the server's insides, clocks (time is an argument).

mod account;
mod api;
mod arrangement;
mod bytes;
mod ceremony;
mod checking;
mod joining;
mod log;
mod moving;
mod reading;
mod renewal;
mod reseal;
mod sign_in;
mod staff;
mod writing;

pub use account::Account;
pub use api::{Api, Error, Problem};
pub use arrangement::{Place, Standing};
pub use ceremony::Founding;
pub use checking::{OnDesk, Remarked, Sealed, Waiting};
pub use joining::{Enrolment, Invitation};
pub use log::Seen;
pub use moving::{Offer, Offered};
pub use reading::{Answer, Decided, Entry, Opened, Opening};
pub use reseal::{First, Lost};
pub use sign_in::{Certificate, Session};
pub use staff::{Followed, Post, Sheet};
pub use writing::{Before, HandedIn, Submission};
