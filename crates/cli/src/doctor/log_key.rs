//! Whether the log key that is configured is the one that the agency's root has named.

use std::collections::BTreeSet;

use domain::id::{AgencyId, Realm};
use seal::envelope::Envelope;
use seal::key::PublicKey;
use seal::statement::Body;
use store::{Actor, Role, Store, StoreError, agencies};

use super::Finding;
use crate::config::Config;

/// A finding for every place of the file that names a log key. A database that cannot be reached
/// is a finding of its own, and none here.
pub(super) async fn check(config: &Config) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let Some(section) = &config.moderation {
        for one in &section.agency {
            let name = "moderation.agency.log_key_file";
            // A file that cannot be read is a finding of its own.
            let Ok(key) = one.log_key() else { continue };
            let key = hex::encode(key.public_key().as_bytes());
            let named = named(&section.database_url, Role::Worker, one.agency, Some(one.realm));
            findings.extend(compared(name, &key, named.await));
        }
    }
    if let Some(section) = &config.mediation {
        let agencies: BTreeSet<_> = section.sites.iter().map(|site| site.agency).collect();
        for agency in agencies {
            let named = named(&section.database_url, Role::Api, agency, None);
            findings.extend(compared("mediation.log_key", &section.log_key, named.await));
        }
    }
    findings
}

/// What is known of the key that the root has named.
enum Named {
    /// It is this one.
    Key(String),
    /// There is no agency yet.
    Nothing,
    /// What names it is not the root's word.
    Unsigned,
}

/// The log key that the agency's newest statement names, which its root must have signed; the realm
/// is held to the pinned one where there is one.
async fn named(
    url: &str,
    role: Role,
    agency: AgencyId,
    realm: Option<Realm>,
) -> Result<Named, StoreError> {
    let store = Store::connect(url, role).await?;
    let mut tx = store.begin(agency, Actor::Nobody).await?;
    let Some(found) = agencies::find(&mut tx).await? else { return Ok(Named::Nothing) };
    let root = PublicKey::from_bytes(&found.root_key).ok();
    let root = root.filter(|root| root.realm() == realm.unwrap_or(found.realm));
    let envelope = Envelope::parse(&found.envelope).ok();
    let body = root.zip(envelope).and_then(|(root, it)| Some(it.verify(&root).ok()?.body.clone()));
    Ok(match body {
        Some(Body::Agency(agency)) => Named::Key(hex::encode(agency.log_key.as_bytes())),
        _ => Named::Unsigned,
    })
}

fn compared(name: &str, key: &str, named: Result<Named, StoreError>) -> Option<Finding> {
    Some(match named.ok()? {
        Named::Nothing => Ok(format!("{name}: no agency is set up yet, so none names its key")),
        Named::Key(named) if named == key => {
            Ok(format!("{name} is the key that the agency's root has named"))
        }
        Named::Key(named) => Err(format!(
            "{name}: the agency's root has named {named} as the log's key, and this is {key}. \
             Either the root names it next, or the other is put back: deploy/README.md, \
             \"A new key for the log\""
        )),
        Named::Unsigned => Err(format!(
            "{name}: the agency's statement in the database is not signed by the realm's root; \
             check agency and realm, then the database"
        )),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_the_root_has_not_named_is_wrong_and_both_are_told() {
        let compared = |named| compared("moderation.agency.log_key_file", "aa", Ok(named)).unwrap();
        assert!(compared(Named::Key("aa".to_owned())).is_ok());
        assert!(compared(Named::Nothing).is_ok());
        let wrong = compared(Named::Key("bb".to_owned())).unwrap_err();
        assert!(wrong.contains("named bb") && wrong.contains("this is aa"), "{wrong}");
        assert!(compared(Named::Unsigned).is_err());
    }
}
