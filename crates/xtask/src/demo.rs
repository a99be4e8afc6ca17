//! `cargo xtask demo`: the whole of Postern on this machine, until Ctrl-C.

mod journey;
mod town;

pub use town::{FAMILIES, STAFF};

use std::path::{Path, PathBuf};

use tokio::signal::unix::{SignalKind, signal};
use xtask::folder;
use xtask::outbox;
use xtask::postgres::{self, Durability};
use xtask::stack::{Database, Options as StackOptions, Stack};

use crate::step::{Failure, cargo, run as step};
use crate::{install, web};

/// What was asked for on the command line.
#[derive(Debug)]
pub struct Options {
    /// Throw the earlier data away first.
    pub fresh: bool,
    /// One letter's whole way, then stop.
    pub check: bool,
    /// The text of that letter.
    pub letter: Option<PathBuf>,
}

/// Installs what is missing, builds, starts everything, and stops it at the end.
pub fn run(options: &Options) -> Result<(), Failure> {
    install::for_demo()?;
    step("building postern", &mut cargo(["build", "--quiet", "--package", "cli"]))?;
    let name = if options.check { "check" } else { "demo" };
    let folder = folder::state()?.join(name);
    if options.fresh || options.check {
        postgres::discard(&folder.join("postgres"))?;
        discard(&folder)?;
    }
    // The check has no browser.
    let pages = if options.check { None } else { Some(web::build()?) };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let durability = if options.check { Durability::Disposable } else { Durability::Durable };
        let stack = Stack::start(
            &folder,
            StackOptions {
                database: Database::Private(durability),
                pages,
                family_names: town::FAMILIES.map(str::to_owned).to_vec(),
                staff_names: town::STAFF.map(str::to_owned).to_vec(),
                ..StackOptions::default()
            },
        );
        let mut interrupt = signal(SignalKind::interrupt())?;
        let mut terminate = signal(SignalKind::terminate())?;
        tokio::select! {
            done = everything(options, stack, &folder) => done,
            _ = interrupt.recv() => Ok(()),
            _ = terminate.recv() => Ok(()),
        }
    })?;
    if options.check {
        discard(&folder)?;
    } else {
        println!("\nStopped. `cargo xtask demo` goes on from here; `--fresh` begins again.");
    }
    Ok(())
}

async fn everything(
    options: &Options,
    stack: impl Future<Output = Result<Stack, xtask::stack::Error>>,
    folder: &Path,
) -> Result<(), Failure> {
    let mut stack = stack.await?;
    if options.check {
        return Box::pin(journey::run(&mut stack, options.letter.as_deref())).await;
    }
    let town = Box::pin(town::Town::find_or_build(&mut stack, folder)).await?;
    town.print();
    let mail = outbox::show(stack.outbox())?;
    println!("\nFamilies  {}", stack.family().origin);
    println!("Staff     {}", stack.staff().origin);
    println!("Mail      http://localhost:{}", mail.address().port());
    println!("Logs      {}", stack.logs().display());
    println!("\nCtrl-C stops everything.");
    std::future::pending().await
}

fn discard(folder: &Path) -> Result<(), Failure> {
    match std::fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}
