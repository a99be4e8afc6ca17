//! A running agency, its families, and how a test gets one.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use seal::contact::Language;
use seal::statement::{Role, Side};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tokio::sync::OnceCell;
use xtask::seed::{Agency, Guest, Letterbox, Person};
use xtask::stack::{Database, Options, Stack};

use crate::behind::Behind;

/// One runtime for all tests: connections that they share outlive each of them.
static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().expect("threads"));

/// Runs a test.
pub fn run<T>(test: impl Future<Output = T>) -> T {
    RUNTIME.block_on(test)
}

/// An agency at work, with two people who write to each other.
pub struct Scene {
    pub stack: Stack,
    pub agency: Agency,
    /// An adoptive parent, on side A.
    pub beth: Person,
    /// A birth mother, on side B.
    pub kerry: Person,
    pub letterbox: Letterbox,
}

/// The agency that most tests share. Nobody may change its people, teams or arrangement, or stop
/// its processes; those end with this process.
pub async fn shared() -> &'static Scene {
    static SHARED: OnceCell<Scene> = OnceCell::const_new();
    let found = || async { Scene::found(&kept_folder(), on_test_cluster()).await };
    Box::pin(SHARED.get_or_init(found)).await
}

/// A stack in a database of its own on the cluster that `cargo xtask test` started.
pub fn on_test_cluster() -> Options {
    let variable = store::testing::URL_VARIABLE;
    let url = std::env::var(variable);
    let url = url.unwrap_or_else(|_| panic!("{variable} is not set: run `cargo xtask test`"));
    Options { database: Database::On(url), ..Options::default() }
}

/// A folder for one test, removed with it. Its path is short enough for a socket, and PostgreSQL's
/// own account may pass through it.
pub fn scratch() -> TempDir {
    let folder = tempfile::Builder::new().prefix("it").tempdir().unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    folder
}

/// What is shared is never dropped, so its folder stays until a later run finds its owner gone.
fn kept_folder() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    for left in fs::read_dir(folder).into_iter().flatten().flatten() {
        let owner = left.file_name().to_string_lossy().strip_prefix("it-").map(str::to_owned);
        if owner.is_some_and(|process| !Path::new("/proc").join(process).exists()) {
            let _ = fs::remove_dir_all(left.path());
        }
    }
    folder.join(format!("it-{}", std::process::id()))
}

impl Scene {
    /// Starts a stack and founds the agency in it.
    pub async fn found(folder: &Path, options: Options) -> Self {
        let stack = Box::pin(Stack::start(folder, options)).await.unwrap();
        Self::found_in(stack).await
    }

    /// Founds the agency in a stack that has none.
    pub async fn found_in(mut stack: Stack) -> Self {
        let agency = Box::pin(Agency::found(&mut stack, &mut |_| {})).await.unwrap();
        let (beth, kerry, letterbox) = two_people(&stack, &agency, ["Beth", "Kerry"]).await;
        Self { stack, agency, beth, kerry, letterbox }
    }

    /// Looks behind the scene.
    pub async fn behind(&self) -> Behind {
        Behind::of(&self.stack).await
    }

    /// Two more people, in an arrangement of their own.
    pub async fn two_more(&self, names: [&str; 2]) -> (Person, Person, Letterbox) {
        two_people(&self.stack, &self.agency, names).await
    }
}

/// An adoptive parent and a birth mother join; their notices go to `name@example.org`.
pub async fn two_people(
    stack: &Stack,
    agency: &Agency,
    names: [&str; 2],
) -> (Person, Person, Letterbox) {
    let mut first = Person::family(stack, names[0]).await.unwrap();
    let mut second = Person::family(stack, names[1]).await.unwrap();
    let [to_first, to_second] = names.map(address);
    let mut guests = [
        guest(&mut first, Side::A, Role::AdoptiveParent, &to_first),
        guest(&mut second, Side::B, Role::BirthParent, &to_second),
    ];
    let letterbox = Box::pin(agency.open_letterbox(1, &mut guests)).await.unwrap();
    (first, second, letterbox)
}

/// Where somebody's notices go.
pub fn address(name: &str) -> String {
    format!("{}@example.org", name.to_lowercase())
}

fn guest<'a>(person: &'a mut Person, side: Side, role: Role, address: &'a str) -> Guest<'a> {
    Guest { person, side, role, contact: Some((address, Language::En)) }
}
