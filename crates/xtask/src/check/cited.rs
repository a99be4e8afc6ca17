//! `SECURITY.md` says how each promise is tested: every test it names exists, and runs.

use std::collections::BTreeSet;
use std::path::Path;

/// The page.
pub const PAGE: &str = "SECURITY.md";
/// Where its tests are named; what stands in backquotes below is a test.
const SECTION: &str = "## How each promise is tested\n";
/// What a test begins with in TypeScript and JavaScript.
const TITLES: [&str; 2] = ["test(\"", "journey(\""];

/// Adds the tests of one file that run: a Rust function's name, or a title.
pub fn collect(name: &str, text: &str, tests: &mut BTreeSet<String>) {
    let lines = text.lines().map(str::trim_start);
    if Path::new(name).extension().is_some_and(|it| it == "rs") {
        let mut attributes: Vec<&str> = Vec::new();
        for line in lines.filter(|line| !line.starts_with("//")) {
            if line.starts_with("#[") {
                attributes.push(line);
                continue;
            }
            let runs = attributes.iter().any(|attribute| attribute.ends_with("test]"))
                && !attributes.iter().any(|attribute| attribute.contains("ignore"));
            attributes.clear();
            let function = line.split_once("fn ").and_then(|(_, rest)| rest.split_once('('));
            tests.extend(function.filter(|_| runs).map(|(name, _)| name.to_owned()));
        }
    } else if name.ends_with(".test.ts") || name.ends_with(".test.js") {
        for line in lines {
            let title = TITLES.iter().find_map(|start| line.strip_prefix(start));
            let title = title.and_then(|rest| rest.split_once('"'));
            let runs = title.filter(|(_, options)| !options.contains("skip:"));
            tests.extend(runs.map(|(title, _)| title.to_owned()));
        }
    }
}

/// What the page cites and is no test.
pub fn missing(page: &str, tests: &BTreeSet<String>) -> Vec<String> {
    let Some((_, section)) = page.split_once(SECTION) else {
        return vec![format!("{PAGE} has no section \"{}\"", SECTION.trim())];
    };
    let rows = section.lines().filter(|line| line.starts_with('|'));
    let cited: Vec<&str> = rows.flat_map(|row| row.split('`').skip(1).step_by(2)).collect();
    if cited.is_empty() {
        return vec![format!("{PAGE} names no test")];
    }
    let unknown = cited.into_iter().filter(|cited| !tests.contains(*cited));
    let found =
        |cited| format!("{PAGE} names the test `{cited}`, which there is not or never runs");
    unknown.map(found).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_that_the_page_names_and_that_is_gone_or_never_runs_is_found() {
        let mut tests = BTreeSet::new();
        collect("a.rs", "#[test]\nfn holds() {}\n\nfn helps() {}\n", &mut tests);
        collect("b.rs", "#[tokio::test]\n#[should_panic]\nasync fn breaks() {}\n", &mut tests);
        collect("b.rs", "#[tokio::test]\n#[ignore]\nasync fn waits() {}\n", &mut tests);
        collect("b.rs", "#[ignore = \"long\"]\n#[test]\nfn sleeps() {}\n", &mut tests);
        collect("c.test.ts", "test(\"a sentence\", () => {\n", &mut tests);
        collect("c.test.ts", "test.skip(\"another\", () => {\n", &mut tests);
        collect("c.test.ts", "test(\"a third\", { skip: true }, () => {\n", &mut tests);
        collect("d.test.js", "  journey(\"a way\", async () => {\n", &mut tests);
        let page = |cited: &str| format!("`x`\n{SECTION}\n`not here`\n| a | {cited} |\n");
        let found = |cited: &str| missing(&page(cited), &tests);
        assert_eq!(found("`holds` `breaks` `a sentence` `a way`"), [""; 0]);
        for gone in
            ["`helps`", "`waits`", "`sleeps`", "`another`", "`a third`", "`holds` `x`", "none"]
        {
            assert_eq!(found(gone).len(), 1, "{gone}");
        }
        assert_eq!(missing("nothing", &tests).len(), 1);
    }
}
