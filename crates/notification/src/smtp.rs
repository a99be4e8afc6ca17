//! Sending by SMTP: a handful of kept connections, several messages at once, and a verdict on
//! each that says nothing but whether to try again.

use std::{
    io,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use lettre::{
    Address, Message,
    transport::smtp::{
        Error as SmtpError,
        authentication::{Credentials, Mechanism},
        client::AsyncSmtpConnection,
        commands::{Data, Mail, Noop, Rcpt, Rset},
        extension::{ClientId, Extension, MailParameter},
    },
};
use tokio::{
    sync::Semaphore,
    time::{Instant, timeout},
};

use crate::{
    config::{self, Tls},
    wire::{self, Trust},
};

/// How long one step of a conversation may take. RFC 5321 §4.5.3.2 asks for five minutes and
/// more; a notice is not worth holding one of few connections that long, and it is tried again.
const STEP: Duration = Duration::from_mins(1);
/// How long a goodbye may take.
const GOODBYE: Duration = Duration::from_secs(1);
/// How long a connection nobody uses is kept; servers close theirs after a minute or more.
const KEEP: Duration = Duration::from_secs(20);

/// Why a message was not taken. Server texts are left out on purpose: they repeat addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// This address will never take it (5xx to the recipient or to the message).
    #[error("refused for good, code {code}")]
    Refused {
        /// The reply code, 0 if the address is not one this server can be given.
        code: u16,
    },
    /// Anything else: the network, the server's mood, our own standing with it.
    #[error("not sent, {stage}, code {code}")]
    Later {
        /// How far the conversation got.
        stage: &'static str,
        /// The reply code, 0 if there was none.
        code: u16,
    },
}

/// A mail server, with its kept connections.
#[derive(Clone)]
pub struct Smtp {
    inner: Arc<Inner>,
}

struct Inner {
    host: String,
    port: u16,
    tls: Tls,
    trust: Option<Trust>,
    credentials: Option<Credentials>,
    from: Address,
    hello: String,
    at_once: Semaphore,
    idle: Mutex<Vec<(AsyncSmtpConnection, Instant)>>,
}

impl Smtp {
    /// Reads the password and the trusted roots; connects to nothing yet.
    pub fn open(config: &config::Smtp, at_once: usize) -> io::Result<Self> {
        let trust = match config.tls {
            Tls::None => None,
            _ => Some(Trust::load(&config.host, config.ca_file.as_deref())?),
        };
        let credentials = match (&config.username, &config.password_file) {
            (Some(username), Some(file)) => {
                let password = std::fs::read_to_string(file)?;
                let password = password.trim_end_matches(['\r', '\n']).to_owned();
                Some(Credentials::new(username.clone(), password))
            }
            _ => None,
        };
        let from: Address = config.from.parse().map_err(io::Error::other)?;
        Ok(Self {
            inner: Arc::new(Inner {
                host: config.host.clone(),
                port: config.port,
                tls: config.tls,
                trust,
                credentials,
                hello: from.domain().to_owned(),
                from,
                at_once: Semaphore::new(at_once),
                idle: Mutex::new(Vec::new()),
            }),
        })
    }

    /// The address messages come from.
    pub fn from(&self) -> &Address {
        &self.inner.from
    }

    /// Sends one message to one address, over a kept connection if there is one.
    ///
    /// Never sends twice by itself: once the message has begun to travel, a broken connection is
    /// `Later`, and it is the caller's decision to try again (with the same `Message-ID`).
    pub async fn send(&self, to: &Address, message: &Message) -> Result<(), Failure> {
        let inner = &*self.inner;
        let _turn = inner.at_once.acquire().await.map_err(|_| later("closed"))?;
        let mut connection = match inner.take_idle().await {
            Some(connection) => connection,
            None => inner.connect().await?,
        };
        let result = inner.converse(&mut connection, to, message).await;
        match result {
            Ok(()) | Err(Failure::Refused { .. }) => inner.keep(connection, result.is_err()).await,
            Err(Failure::Later { .. }) => hang_up(connection).await,
        }
        result
    }

    /// Says goodbye on every kept connection.
    pub async fn close(&self) {
        let idle =
            std::mem::take(&mut *self.inner.idle.lock().unwrap_or_else(PoisonError::into_inner));
        for (connection, _) in idle {
            hang_up(connection).await;
        }
    }
}

impl Inner {
    async fn connect(&self) -> Result<AsyncSmtpConnection, Failure> {
        let address = (self.host.as_str(), self.port);
        let wire = wire::connect(address, self.tls, self.trust.as_ref(), &self.hello);
        let wire = match timeout(STEP, wire).await {
            Ok(Ok(wire)) => wire,
            Ok(Err(error)) => {
                // Says nothing about anybody: no address has been spoken yet.
                tracing::warn!(%error, "no mail connection");
                return Err(later("connecting"));
            }
            Err(_) => return Err(later("connecting")),
        };
        let hello = ClientId::Domain(self.hello.clone());
        let mut connection =
            step("greeting", AsyncSmtpConnection::connect_with_transport(Box::new(wire), &hello))
                .await?;
        if let Some(credentials) = &self.credentials {
            let mechanisms = [Mechanism::Plain, Mechanism::Login];
            step("signing in", connection.auth(&mechanisms, credentials)).await?;
        }
        Ok(connection)
    }

    /// A kept connection that still answers.
    async fn take_idle(&self) -> Option<AsyncSmtpConnection> {
        loop {
            let (mut connection, since) =
                self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop()?;
            // Asking costs a round trip; a connection used a moment ago is believed.
            if since.elapsed() < Duration::from_secs(1) {
                return Some(connection);
            }
            if since.elapsed() < KEEP && step("asking", connection.command(Noop)).await.is_ok() {
                return Some(connection);
            }
            hang_up(connection).await;
        }
    }

    async fn keep(&self, mut connection: AsyncSmtpConnection, reset: bool) {
        // After a refused recipient the server still waits for another one.
        if reset && step("resetting", connection.command(Rset)).await.is_err() {
            hang_up(connection).await;
            return;
        }
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push((connection, Instant::now()));
    }

    /// MAIL, RCPT, DATA, step by step, because who is at fault depends on the step: a refusal of
    /// the sender is ours to mend, a refusal of the recipient is the contact's.
    async fn converse(
        &self,
        connection: &mut AsyncSmtpConnection,
        to: &Address,
        message: &Message,
    ) -> Result<(), Failure> {
        let to_text: &str = to.as_ref();
        let mut parameters = Vec::new();
        if !to_text.is_ascii() {
            if !connection.server_info().supports_feature(Extension::SmtpUtfEight) {
                return Err(Failure::Refused { code: 0 });
            }
            parameters.push(MailParameter::SmtpUtfEight);
        }
        let mail = Mail::new(Some(self.from.clone()), parameters);
        step("naming the sender", connection.command(mail)).await?;
        let rcpt = Rcpt::new(to.clone(), Vec::new());
        step("naming the recipient", connection.command(rcpt)).await.map_err(for_good)?;
        step("offering the message", connection.command(Data)).await?;
        step("sending the message", connection.message(&message.formatted()))
            .await
            .map_err(for_good)?;
        Ok(())
    }
}

/// The codes that say something lasting about an address or the message to it. 530 and 535 (sign
/// in first), 503 and 504 (out of order) speak of us instead.
fn for_good(failure: Failure) -> Failure {
    match failure {
        Failure::Later { code: code @ 550..=556, .. } => Failure::Refused { code },
        other => other,
    }
}

/// QUIT, without waiting long for a server that no longer answers.
async fn hang_up(mut connection: AsyncSmtpConnection) {
    let _ = timeout(GOODBYE, connection.abort()).await;
}

fn later(stage: &'static str) -> Failure {
    Failure::Later { stage, code: 0 }
}

async fn step<T>(
    stage: &'static str,
    work: impl Future<Output = Result<T, SmtpError>>,
) -> Result<T, Failure> {
    match timeout(STEP, work).await {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(error)) => Err(Failure::Later { stage, code: error.status().map_or(0, u16::from) }),
        Err(_) => Err(later(stage)),
    }
}

#[cfg(test)]
mod tests;
