//! Who signs people in.

use std::net::{Ipv4Addr, SocketAddr};

use super::notes::Notes;
use super::{Error, Issuers, Options};
use crate::independent::{Audience, Independent};
use crate::provider::{Client, Provider};

/// The issuers, running.
#[derive(Debug)]
pub(super) enum SignIn {
    Development { family: Provider, staff: Provider },
    Independent(Independent),
}

impl SignIn {
    pub fn start(notes: &Notes, options: &Options) -> Result<SignIn, Error> {
        let at = |port, step| format!("http://localhost:{port}/api/sign-in/{step}");
        let callback = |port| at(port, "callback");
        if options.issuers == Issuers::Independent {
            let audience = |issuer, site| Audience {
                port: issuer,
                redirect_uri: callback(site),
                logout_uri: at(site, "logout"),
            };
            let family = audience(notes.family_issuer, notes.family_port);
            let staff = audience(notes.staff_issuer, notes.staff_port);
            let both = Independent::start(&family, &staff).map_err(Error::Independent)?;
            return Ok(SignIn::Independent(both));
        }
        let (family, staff) = (callback(notes.family_port), callback(notes.staff_port));
        let start = |id: &str, redirect_uri, port, names: &[String]| {
            let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
            let client = Client { id: id.to_owned(), redirect_uri };
            Provider::start(address, client, names.to_vec())
        };
        Ok(SignIn::Development {
            family: start("family", family, notes.family_issuer, &options.family_names)?,
            staff: start("staff", staff, notes.staff_issuer, &options.staff_names)?,
        })
    }

    pub fn issuers(&self) -> (String, String) {
        match self {
            SignIn::Development { family, staff } => {
                (family.issuer().to_owned(), staff.issuer().to_owned())
            }
            SignIn::Independent(both) => (both.family().to_owned(), both.staff().to_owned()),
        }
    }
}
