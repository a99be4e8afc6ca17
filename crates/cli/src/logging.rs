//! Business facts with ids, on standard error: never names, addresses, bodies, keys, tokens, full
//! addresses of pages or IP addresses.

use tracing_subscriber::EnvFilter;

use crate::Failure;
use crate::config::{Format, Log};

/// Our own facts, and of the libraries only what went wrong: their chattier levels may quote
/// statements and addresses.
const DEFAULT: &str =
    "warn,cli=info,postern=info,mediation=info,moderation=info,notification=info,store=info";

pub fn start(log: &Log) -> Result<(), Failure> {
    let directives = log.filter.as_deref().unwrap_or(DEFAULT);
    let filter = EnvFilter::try_new(directives).map_err(|error| {
        Failure::Change(format!("log.filter: {error}\n  next: write it like {DEFAULT}"))
    })?;
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match log.format {
        Format::Json => builder.json().flatten_event(true).init(),
        Format::Pretty => builder.init(),
    }
    Ok(())
}
