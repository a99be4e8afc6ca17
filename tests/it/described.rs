//! The API's own description, driven by schemathesis against running processes with real sessions:
//! no answer is a failure of ours, and none is other than described.
//!
//! `cargo xtask test` installs it where Python is, and names it in `POSTERN_SCHEMATHESIS`; without
//! it the test is left out by name.

use std::process::Command;

use client::Api;
use xtask::seed::Person;
use xtask::stack::Site;

use crate::scene::{Scene, on_test_cluster, run, scratch};

/// Signing out would end the session that the others need.
const ENDS_SESSIONS: &str = "sign-out|sign-in";
/// What is looked for. Its other checks judge taste, or want credentials that it can vary.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,\
    response_schema_conformance";

#[test]
fn the_api_answers_as_it_is_described_whatever_it_is_asked() {
    let program = std::env::var_os("POSTERN_SCHEMATHESIS");
    let program = program.expect("POSTERN_SCHEMATHESIS is not set: run `cargo xtask test`");
    run(async {
        // Of its own: whatever is asked here may end somebody's session or use up a limit.
        let folder = scratch();
        let scene = Scene::found(folder.path(), on_test_cluster()).await;
        let (stack, agency) = (&scene.stack, &scene.agency);
        let stranger = Api::new(stack.family().origin.parse().unwrap());
        let api = |person: &Person| person.account.api.cookies();
        let people = [
            ("nobody", stack.family(), stranger.cookies()),
            ("a member", stack.family(), api(&scene.beth)),
            ("a coordinator", stack.staff(), api(&agency.coordinators[0])),
            ("a lead", stack.staff(), api(&agency.leads[0])),
            ("an administrator", stack.staff(), api(&agency.administrator)),
        ];
        for (who, site, cookies) in people {
            assert!(conforms(&program, site, &cookies), "as {who}: see above");
        }
    });
}

fn conforms(program: &std::ffi::OsStr, site: &Site, cookies: &str) -> bool {
    let folder = scratch();
    let mut command = Command::new(program);
    command
        .current_dir(folder.path())
        .args(["run", &format!("{}/api/openapi.json", site.origin)])
        .args(["--phases", "examples,coverage,fuzzing", "--max-examples", "15"])
        .args(["--seed", "1", "--generation-deterministic", "--no-shrink"])
        .args(["--checks", CHECKS, "--continue-on-failure"])
        .args(["--suppress-health-check", "all", "--warnings", "off"])
        .args(["--exclude-path-regex", ENDS_SESSIONS])
        .args(["--header", &format!("Origin:{}", site.origin)])
        .args(["--output-truncate", "true"]);
    if !cookies.is_empty() {
        command.args(["--header", &format!("Cookie:{cookies}")]);
    }
    let output = command.output().expect("schemathesis starts");
    if !output.status.success() {
        println!("{}", String::from_utf8_lossy(&output.stdout));
        println!("{}", String::from_utf8_lossy(&output.stderr));
    }
    output.status.success()
}
