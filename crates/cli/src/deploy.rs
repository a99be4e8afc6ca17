//! `deploy/` held to what it says: every file in it is parsed here, every setting it names exists,
//! and what it promises about logins, realms and folders stands in it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use yaml_rust2::{Yaml, YamlLoader};

use crate::config::{self, Config};

/// Every file there is; one that is not in this list is checked by nobody. `database/letter.sql` is
/// run by the drill of `archive.md`, in `tests/it`.
const FILES: [&str; 17] = [
    "Dockerfile",
    "README.md",
    "archive.md",
    "backup.sh",
    "compose.yaml",
    "config/mediation.toml",
    "config/migrate.toml",
    "config/moderation.toml",
    "config/notification.toml",
    "config/verify.toml",
    "database/letter.sql",
    "database/logins.sh",
    "purge.sh",
    "restore.sh",
    "try-out/dex-family.yaml",
    "try-out/dex-staff.yaml",
    "try-out/prepare",
];
/// The processes and jobs, each with the login that its own configuration must name.
const LOGINS: [(&str, &str); 5] = [
    ("migrate", "migrator_login"),
    ("mediation", "api_login"),
    ("moderation", "worker_login"),
    ("notification", "notifier_login"),
    ("verify", "verifier_login"),
];
/// Where the image keeps the pages.
const PAGES: &str = "/usr/local/share/postern";

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn text(name: &str) -> String {
    let path = repository().join("deploy").join(name);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn yaml(name: &str) -> Yaml {
    YamlLoader::load_from_str(&text(name)).unwrap().remove(0)
}

fn loaded(path: &Path) -> Config {
    config::load(path).unwrap_or_else(|refused| panic!("{}: {refused:?}", path.display()))
}

fn example(name: &str) -> Config {
    loaded(&repository().join("deploy/config").join(format!("{name}.toml")))
}

/// The texts of a list.
fn texts(list: &Yaml) -> Vec<&str> {
    list.as_vec().into_iter().flatten().map(|one| one.as_str().unwrap()).collect()
}

/// A service's setting, its own or the one it merges in.
fn setting<'a>(service: &'a Yaml, name: &str) -> &'a Yaml {
    let own = &service[name];
    if own.is_badvalue() { &service["<<"][name] } else { own }
}

/// The services that run `postern`, with the role of each.
fn roles(compose: &Yaml) -> Vec<(&str, &Yaml)> {
    let services = compose["services"].as_hash().unwrap().iter();
    services
        .map(|(name, service)| (name.as_str().unwrap(), service))
        .filter(|(_, service)| setting(service, "image").as_str() == Some("postern"))
        .collect()
}

#[test]
fn every_file_of_deploy_is_one_that_these_tests_read() {
    let tracked = Command::new("git")
        .args(["ls-files", "--cached", "--others", "--exclude-standard", "."])
        .current_dir(repository().join("deploy"))
        .output()
        .unwrap();
    let tracked = String::from_utf8(tracked.stdout).unwrap();
    assert_eq!(tracked.lines().collect::<BTreeSet<_>>(), BTreeSet::from(FILES));
}

#[test]
fn every_script_of_deploy_is_well_formed() {
    for name in FILES.iter().filter(|name| text(name).starts_with("#!")) {
        let path = repository().join("deploy").join(name);
        assert!(text(name).contains("\nset -euo pipefail\n"), "{name} stops at the first failure");
        let read = Command::new("bash").arg("-n").arg(&path).output().unwrap();
        assert!(read.status.success(), "{name}: {}", String::from_utf8_lossy(&read.stderr));
    }
}

#[test]
fn each_role_logs_in_as_itself_alone_and_the_realm_is_pinned_where_it_counts() {
    for (name, login) in LOGINS {
        let config = example(name);
        let urls: Vec<String> = [
            config.migrate.map(|section| section.database_url),
            config.mediation.map(|section| section.database_url),
            config.moderation.map(|section| section.database_url),
            config.notification.map(|section| section.database_url),
            config.verify.map(|section| section.database_url),
        ]
        .into_iter()
        .flatten()
        .collect();
        assert_eq!(urls.len(), 1, "{name}.toml holds the section of its own role and no other");
        let url: url::Url = urls[0].parse().unwrap();
        assert_eq!(url.username(), login);
        assert!(urls[0].ends_with("sslmode=verify-full"), "{name} checks whom it talks to");
        let made = include_str!("../../store/src/roles.sql");
        let role = login.trim_end_matches("_login");
        assert!(made.contains(&format!("'{role}'")), "roles.sql makes {login}");
    }
    assert_eq!(example("moderation").moderation.unwrap().agency.len(), 1, "with its realm");
    assert_eq!(example("notification").notification.unwrap().agency.len(), 1, "with its realm");
    assert!(text("config/verify.toml").contains("realm ="), "with its realm");
    for name in ["mediation", "migrate"] {
        assert!(!text(&format!("config/{name}.toml")).contains("realm ="), "{name} pins nothing");
    }
    let passwords = text("database/logins.sh");
    assert!(passwords.contains("for role in migrator api worker notifier records verifier; do"));
}

#[test]
fn each_container_is_one_role_with_its_own_settings_and_writes_nothing() {
    let compose = yaml("compose.yaml");
    let found = roles(&compose);
    let names: BTreeSet<&str> = found.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, LOGINS.iter().map(|(name, _)| *name).collect());
    for (name, service) in found {
        assert_eq!(setting(service, "read_only").as_bool(), Some(true), "{name}");
        assert_eq!(texts(setting(service, "cap_drop")), ["ALL"], "{name}");
        let options = texts(setting(service, "security_opt"));
        assert_eq!(options, ["no-new-privileges:true"], "{name}");
        let file = format!("/etc/postern/{name}.toml");
        let command = if name == "verify" { &["log", name][..] } else { &[name] };
        assert_eq!(texts(&service["command"]), [command, &["--config", &file]].concat(), "{name}");
        // Its own settings, read-only, and nothing else: not the pages, not another's keys.
        let own = format!("./try-out/state/{name}:/etc/postern:ro");
        assert_eq!(texts(&service["volumes"]), [own], "{name}");
        assert!(service["ports"].is_badvalue(), "{name} is published by the network's container");
    }
}

#[test]
fn what_is_published_is_on_loopback_and_the_database_is_not() {
    let compose = yaml("compose.yaml");
    for (name, service) in compose["services"].as_hash().unwrap() {
        for port in texts(&service["ports"]) {
            assert!(port.starts_with("127.0.0.1:"), "{name:?} publishes {port}");
        }
    }
    assert!(compose["services"]["database"]["ports"].is_badvalue());
    assert_eq!(texts(&compose["services"]["database"]["networks"]), ["inside"]);
    assert_eq!(compose["networks"]["inside"]["internal"].as_bool(), Some(true));
    let secrets: BTreeSet<&str> =
        compose["secrets"].as_hash().unwrap().keys().map(|name| name.as_str().unwrap()).collect();
    let given = texts(&compose["services"]["database"]["secrets"]);
    assert_eq!(secrets, given.into_iter().collect());
}

#[test]
fn the_pages_are_the_images_own_and_nobody_in_it_may_write_them() {
    let dockerfile = text("Dockerfile");
    assert!(dockerfile.contains("chmod -R a-w,a+rX build"));
    for (site, config) in
        ["family", "staff"].iter().zip(example("mediation").mediation.unwrap().sites)
    {
        let folder = format!("{PAGES}/{site}");
        assert_eq!(config.client_folder.as_deref(), Some(Path::new(&folder)));
        let copied = format!("COPY --from=pages /build/web/build/{site} {folder}\n");
        assert!(dockerfile.contains(&copied), "{copied}");
    }
    // Copied by root, and the account that runs is another one.
    let last = dockerfile.lines().filter(|line| line.starts_with("USER ")).collect::<Vec<_>>();
    assert_eq!(last, ["USER 10001:10001"]);
    assert!(dockerfile.contains(&format!("FROM rust:{}-slim", env!("CARGO_PKG_RUST_VERSION"))));
    for copied in dockerfile.lines().filter_map(|line| line.strip_prefix("COPY ")) {
        if copied.starts_with("--from") {
            continue;
        }
        let (from, _) = copied.rsplit_once(' ').unwrap();
        for source in from.split(' ') {
            assert!(repository().join(source).exists(), "the Dockerfile copies {source}");
        }
    }
}

/// `try-out/prepare` with a container engine that only pretends: what it writes is read as the
/// roles read it.
#[test]
fn what_prepare_writes_is_what_the_roles_and_the_issuers_expect() {
    let folder = tempfile::tempdir().unwrap();
    let deploy = folder.path().join("deploy");
    for name in FILES {
        let path = deploy.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::copy(repository().join("deploy").join(name), path).unwrap();
    }
    let programs = folder.path().join("programs");
    fs::create_dir(&programs).unwrap();
    for (name, script) in [("docker", DOCKER), ("openssl", OPENSSL)] {
        use std::os::unix::fs::PermissionsExt as _;
        let path = programs.join(name);
        fs::write(&path, script).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }
    let prepare = |arguments: &[&str]| {
        let path = format!("{}:{}", programs.display(), std::env::var("PATH").unwrap());
        let mut run = Command::new(deploy.join("try-out/prepare"));
        let output = run.args(arguments).env("PATH", path).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    prepare(&[]);
    let realm = "cd".repeat(32);
    prepare(&["pin", &realm]);

    let state = deploy.join("try-out/state");
    let written = |name: &str| loaded(&state.join(name).join(format!("{name}.toml")));
    let mediation = written("mediation").mediation.unwrap();
    let [moderation, notification] =
        ["moderation", "notification"].map(|name| (name, written(name)));
    let worker = moderation.1.moderation.unwrap().agency.remove(0);
    let notices = notification.1.notification.unwrap();
    assert_eq!(worker.realm.to_string(), realm);
    assert_eq!(notices.agency[0].realm, worker.realm);
    let verifier = written("verify").verify.unwrap();
    assert_eq!((verifier.agency, verifier.realm), (worker.agency, worker.realm));
    assert!(written("migrate").migrate.is_some());
    assert_eq!(notices.smtp.unwrap().host, "mail", "a service of the compose file");
    for (site, name) in mediation.sites.iter().zip(["family", "staff"]) {
        assert_eq!(site.agency, worker.agency);
        let dex = yaml(&format!("try-out/dex-{name}.yaml"));
        assert_eq!(dex["issuer"].as_str(), Some(&*site.issuer));
        let client = &dex["staticClients"][0];
        assert_eq!(client["id"].as_str(), Some(&*site.client_id));
        let callback = format!("{}/api/sign-in/callback", site.origin);
        assert_eq!(texts(&client["redirectURIs"]), [callback]);
        assert!(site.client_folder.is_some(), "the {name} site has its pages");
    }
    // Every file that the settings name is one that it makes.
    let made = |path: &Path| state.join("mediation").join(path.file_name().unwrap());
    assert!(mediation.sites.iter().all(|site| site.client_secret_file.is_none()));
    assert!(made(&mediation.gate_key_file).is_file());
    assert!(made(&mediation.bootstrap_token_file.unwrap()).is_file());
}

/// Makes the files it is asked for, empty.
const OPENSSL: &str = r#"#!/bin/sh
while [ $# -gt 0 ]; do
  case $1 in -out | -keyout) : > "$2" ;; esac
  shift
done
"#;

/// Prints a public key and makes the private file where it is told to.
const DOCKER: &str = r#"#!/bin/sh
[ "$1" = run ] || exit 0
while [ "$1" != --volume ]; do shift; done
state=${2%:/state}
shift 3
[ "$1" = keygen ] || exit 1
echo secret > "$state/${4#/state/}"
case $2 in
  log) printf 'ab%.0s' $(seq 32) ;;
  notifier) echo age1notifier ;;
esac
"#;
