//! Letters and people through the API, against a real database under the API's own role. What the
//! worker would do in between is done here through its own functions of the store, after the same
//! ledger that the worker uses has admitted every statement.

mod administrators;
mod checking;
mod entitled;
mod handing_in;
mod hidden;
mod joining;
mod limits;
mod log;
mod moves;
mod people;
mod person;
#[expect(dead_code, reason = "the door's own tests use all of it")]
#[path = "../api/provider.rs"]
mod provider;
mod reach;
mod receipts;
mod reseals;
mod round_trips;
#[expect(dead_code, reason = "the door's own tests use all of it")]
#[path = "../api/scene.rs"]
mod scene;
mod sealed;
mod setting_up;
mod world;
