//! A folder instead of a mail server: one `.eml` file per message, for the demo and for trying out.

use std::{io, path::PathBuf};

use domain::id::NoticeId;
use lettre::Message;

/// A folder that receives messages.
#[derive(Clone, Debug)]
pub struct Outbox {
    folder: PathBuf,
}

impl Outbox {
    /// Makes the folder if it is not there.
    pub fn open(folder: PathBuf) -> io::Result<Self> {
        std::fs::create_dir_all(&folder)?;
        Ok(Self { folder })
    }

    /// Writes one message. A second writing of the same notice replaces the first, whole.
    pub async fn put(&self, notice: NoticeId, message: &Message) -> io::Result<()> {
        let unfinished = self.folder.join(format!(".{notice}.part"));
        tokio::fs::write(&unfinished, message.formatted()).await?;
        tokio::fs::rename(&unfinished, self.folder.join(format!("{notice}.eml"))).await
    }
}
