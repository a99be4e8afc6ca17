//! The store against a real PostgreSQL: what each role may and may not do, which half-states
//! cannot be stored, and that jobs belong to one worker at a time.

mod claims;
mod constraints;
mod isolation;
mod jobs;
mod limits;
mod migrations;
mod rights;
mod scene;
mod sessions;
mod statements;
