//! Dependencies point down only, and each heavy one has its one owner.

use serde::Deserialize;

use xtask::folder::repository;

use crate::step::{Failure, cargo, fail, output};

/// Which crates may use a dependency in the product. Tests look behind the
/// scenes with what they like.
const OWNERS: [(&str, &[&str]); 15] = [
    ("sqlx", &["store"]),
    ("openidconnect", &["mediation", "xtask"]),
    ("axum", &["mediation", "xtask"]),
    ("utoipa", &["mediation"]),
    ("lettre", &["notification"]),
    ("age", &["seal"]),
    ("hpke", &["seal"]),
    ("ed25519-dalek", &["seal"]),
    ("curve25519-dalek", &["seal"]),
    ("aes-gcm", &["seal"]),
    ("scrypt", &["seal"]),
    ("voprf", &["seal"]),
    ("getrandom", &["seal"]),
    ("reqwest", &["client", "cli"]),
    ("clap", &["cli", "xtask"]),
];

/// What each crate of ours may depend on: those below it only. Services never import each other.
const BELOW: [(&str, &[&str]); 10] = [
    ("domain", &[]),
    ("seal", &["domain"]),
    ("store", &["domain", "seal"]),
    ("mediation", &["domain", "seal", "store"]),
    ("moderation", &["domain", "seal", "store"]),
    ("notification", &["domain", "seal", "store"]),
    ("client", &["domain", "seal"]),
    ("cli", &["domain", "seal", "store", "client", "mediation", "moderation", "notification"]),
    // Not `store`: `cargo xtask prepare` must build when the queries do not.
    ("xtask", &["domain", "seal", "client"]),
    (
        "tests",
        &["domain", "seal", "store", "client", "mediation", "moderation", "notification", "xtask"],
    ),
];

#[derive(Debug, Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Debug, Deserialize)]
struct Package {
    name: String,
    dependencies: Vec<Dependency>,
}

#[derive(Debug, Deserialize)]
struct Dependency {
    name: String,
    /// `dev`, `build` or nothing.
    kind: Option<String>,
}

pub fn check() -> Result<(), Failure> {
    println!("── dependencies and their owners");
    let arguments = ["metadata", "--format-version=1", "--no-deps", "--offline"];
    let Some(text) = output(&mut cargo(arguments)) else {
        return fail("`cargo metadata` failed");
    };
    let metadata: Metadata = serde_json::from_str(&text)?;
    let mut wrong = Vec::new();
    for package in &metadata.packages {
        for dependency in &package.dependencies {
            wrong.extend(complaint(&package.name, dependency));
        }
    }
    wrong.extend(without_reason(&std::fs::read_to_string(repository().join("Cargo.toml"))?));
    if wrong.is_empty() { Ok(()) } else { fail(wrong.join("\n   ")) }
}

fn complaint(package: &str, dependency: &Dependency) -> Option<String> {
    let name = &*dependency.name;
    let ours = BELOW.iter().any(|(known, _)| *known == name);
    let in_product = dependency.kind.is_none();
    if ours {
        let Some((_, below)) = BELOW.iter().find(|(known, _)| *known == package) else {
            return Some(format!("{package} is not in the table of layers"));
        };
        let itself = package == name;
        let allowed = below.contains(&name) || !in_product && itself;
        return (!allowed)
            .then(|| format!("{package} may not depend on {name}: dependencies point down"));
    }
    let (_, owners) = OWNERS.iter().find(|(owned, _)| *owned == name)?;
    let allowed = owners.contains(&package) || !in_product;
    (!allowed)
        .then(|| format!("{package} may not depend on {name}: it belongs to {}", owners.join(", ")))
}

/// Every dependency from outside says why it is here.
fn without_reason(manifest: &str) -> Vec<String> {
    manifest
        .lines()
        .skip_while(|line| *line != "[workspace.dependencies]")
        .skip(1)
        .take_while(|line| !line.starts_with('['))
        .filter(|line| line.contains('=') && !line.starts_with('#') && !line.contains("path ="))
        .filter(|line| !line.contains(" # "))
        .map(|line| format!("Cargo.toml: no reason given for `{line}`"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(package: &str, name: &str, kind: Option<&str>) -> Option<String> {
        let dependency = Dependency { name: name.into(), kind: kind.map(Into::into) };
        complaint(package, &dependency)
    }

    #[test]
    fn a_heavy_dependency_stays_with_its_owner() {
        assert_eq!(said("store", "sqlx", None), None);
        assert_eq!(said("domain", "serde", None), None);
        assert!(said("mediation", "sqlx", None).is_some());
        assert_eq!(said("mediation", "sqlx", Some("dev")), None);
    }

    #[test]
    fn services_never_import_each_other() {
        assert!(said("mediation", "moderation", None).is_some());
        assert!(said("seal", "store", None).is_some());
        assert_eq!(said("moderation", "store", None), None);
        assert_eq!(said("store", "store", Some("dev")), None);
    }

    #[test]
    fn a_dependency_without_a_reason_is_named() {
        let manifest =
            "[workspace.dependencies]\nserde = \"1\" # JSON\nhex = \"0.4\"\n[profile.dev]\n";
        assert_eq!(without_reason(manifest).len(), 1);
    }
}
