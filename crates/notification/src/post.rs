//! The two ways a message leaves: a mail server, or a folder.

use std::time::{Duration, SystemTime};

use domain::id::NoticeId;
use lettre::Address;
use tokio::time::timeout;

use crate::{
    Config, Error, config, message,
    outbox::Outbox,
    smtp::{Failure, Smtp},
    wording::{Language, Service, Words},
};

/// The whole of one sending. Shorter than a job's lease, so that nobody else sends it meanwhile.
const PATIENCE: Duration = Duration::from_mins(2);

/// Where messages go.
#[derive(Clone)]
pub(crate) enum Post {
    Smtp(Smtp),
    Outbox(Outbox),
}

impl Post {
    pub(crate) fn open(config: &Config) -> Result<Self, Error> {
        Ok(match (&config.smtp, &config.outbox) {
            (Some(smtp), _) => Self::Smtp(Smtp::open(smtp, config.at_once)?),
            (None, Some(folder)) => Self::Outbox(Outbox::open(folder.clone())?),
            (None, None) => {
                return Err(config::ConfigError("set one of `outbox` and `smtp`".into()).into());
            }
        })
    }

    /// Sends a notice to one address.
    pub(crate) async fn send(
        &self,
        notice: NoticeId,
        service: &Service,
        (words, language): (&Words, Language),
        to: &Address,
        at: SystemTime,
    ) -> Result<Result<(), Failure>, Error> {
        let build =
            |from: &Address| message::build(notice, words, language, (&service.name, from), to, at);
        match self {
            Self::Smtp(smtp) => {
                let message = build(smtp.from())?;
                let sending = timeout(PATIENCE, smtp.send(to, &message)).await;
                Ok(sending.unwrap_or(Err(Failure::Later { stage: "sending", code: 0 })))
            }
            Self::Outbox(outbox) => {
                let host = config::host_of(&service.origin).unwrap_or("localhost");
                let from = Address::new("notices", host).map_err(|_| message::Unbuildable)?;
                outbox.put(notice, &build(&from)?).await?;
                Ok(Ok(()))
            }
        }
    }

    pub(crate) async fn close(&self) {
        if let Self::Smtp(smtp) = self {
            smtp.close().await;
        }
    }
}
