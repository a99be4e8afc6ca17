//! The API's own description, driven by schemathesis against running processes with real sessions:
//! no answer is a failure of ours, and none is other than described.
//!
//! `cargo xtask test` installs it where Python is, and names it in `POSTERN_SCHEMATHESIS`; without
//! it the test is left out by name.

use std::ffi::OsStr;
use std::process::Command;

use client::Api;
use xtask::seed::Person;
use xtask::stack::Site;

use crate::scene::{Scene, on_test_cluster, run, scratch};

/// Signing out would end the session that the others need.
const ENDS_SESSIONS: &str = "sign-out|sign-in";
/// Requests drawn by chance, a few for each route.
const DRAWN: &str = "fuzzing";
/// And each boundary and each wrong form of every field.
const EVERY_FORM: &str = "coverage,fuzzing";
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
            ("nobody", stack.family(), stranger.cookies(), DRAWN),
            ("a member", stack.family(), api(&scene.beth), EVERY_FORM),
            ("a coordinator", stack.staff(), api(&agency.coordinators[0]), EVERY_FORM),
            ("an administrator", stack.staff(), api(&agency.administrator), DRAWN),
        ];
        for (who, site, cookies, phases) in people {
            let within = if cookies.is_empty() { 401 } else { 200 };
            assert_eq!(session(site, &cookies).await, within, "{who} begins");
            assert!(conforms(&program, site, &cookies, phases), "as {who}: see above");
            assert_eq!(session(site, &cookies).await, within, "{who} was there to the end");
        }
    });
}

/// What asking who is signed in answers.
async fn session(site: &Site, cookies: &str) -> u16 {
    let request = reqwest::Client::new().get(format!("{}/api/session", site.origin));
    request.header("cookie", cookies).send().await.unwrap().status().as_u16()
}

fn conforms(program: &OsStr, site: &Site, cookies: &str, phases: &str) -> bool {
    let folder = scratch();
    let mut command = Command::new(program);
    command
        .current_dir(folder.path())
        .args(["run", &format!("{}/api/openapi.json", site.origin)])
        .args(["--phases", phases, "--max-examples", "5"])
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
