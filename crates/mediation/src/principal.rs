//! Who is asking: the only way from a handler to the database.
//!
//! A handler names what it demands as an argument and gets a transaction already bound to the
//! agency and the account: [`Visitor`] (anybody), [`SignedIn`] (restricted sessions too), [`Proved`]
//! (keys opened), [`Member`] (proved, on the family site) or [`Staff`] (proved, on the staff site,
//! holding an effective staff certificate). Two round trips: begin, then authenticate.
//!
//! **Every handler ends with `tx.commit()`, readers too**: the session's last-seen minute is
//! written in the same transaction, and one that is dropped rolls back.

use std::marker::PhantomData;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use domain::id::{AccountId, AgencyId, ArrangementId, MembershipId, TeamId};
use jiff::Timestamp;
use seal::statement::Role;
use store::sessions::{Certificate, Holder, Session};
use store::{Actor, Store, StoreError, Tx, migrate};

use crate::config::Audience;
use crate::problem::Problem;
use crate::session;
use crate::state::{AppState, Site};

/// The store, openable from this module only.
pub struct Database(Store);

impl Database {
    /// Takes the store away from everybody else.
    pub fn new(store: Store) -> Self {
        Self(store)
    }

    /// Whether the database answers, and has every migration this program was written for.
    pub(crate) async fn is_ready(&self) -> Result<bool, StoreError> {
        let mut tx = self.0.begin_queues().await?;
        let applied = migrate::applied(&mut tx).await?;
        tx.commit().await?;
        Ok(applied >= migrate::newest())
    }
}

/// Anybody, signed in or not.
pub struct Visitor {
    /// Bound to the agency, acting as nobody.
    pub tx: Tx,
    /// The agency of the site.
    pub agency: AgencyId,
    /// The one time of this request.
    pub now: Timestamp,
}

/// Somebody with a session that satisfies the rule `R`.
pub struct Principal<R> {
    /// Bound to the agency and the account.
    pub tx: Tx,
    /// The agency of the site.
    pub agency: AgencyId,
    /// The one time of this request.
    pub now: Timestamp,
    /// The session, with the certificates in force.
    pub session: Session,
    rule: PhantomData<R>,
}

/// A session, restricted or not: session, account, gate and sign-out only.
pub type SignedIn = Principal<AnySession>;
/// A session whose keys were opened; certificates or none (somebody who is just joining).
pub type Proved = Principal<OpenedKeys>;
/// A proved session on the family site; certificates or none (somebody waiting to be certified).
pub type Member = Principal<Family>;
/// A proved session on the staff site with at least one staff certificate in force.
pub type Staff = Principal<Certified>;

/// What a session must be to become a principal.
pub trait Rule: Send + Sync {
    /// Refuses the sessions that do not satisfy the rule.
    fn admit(session: &Session, site: &Site) -> Result<(), Problem>;
}

/// The rule of [`SignedIn`].
pub struct AnySession;
/// The rule of [`Proved`].
pub struct OpenedKeys;
/// The rule of [`Member`].
pub struct Family;
/// The rule of [`Staff`].
pub struct Certified;

impl Rule for AnySession {
    fn admit(session: &Session, site: &Site) -> Result<(), Problem> {
        // The cookie's name holds the audience, but names are only names.
        if session.audience == site.audience { Ok(()) } else { Err(Problem::signed_out()) }
    }
}

impl Rule for OpenedKeys {
    fn admit(session: &Session, site: &Site) -> Result<(), Problem> {
        AnySession::admit(session, site)?;
        if session.proved { Ok(()) } else { Err(Problem::restricted()) }
    }
}

impl Rule for Family {
    fn admit(session: &Session, site: &Site) -> Result<(), Problem> {
        OpenedKeys::admit(session, site)?;
        if site.audience == Audience::Family { Ok(()) } else { Err(Problem::not_found()) }
    }
}

impl Rule for Certified {
    fn admit(session: &Session, site: &Site) -> Result<(), Problem> {
        OpenedKeys::admit(session, site)?;
        let certified = session.staff_certificates().next().is_some();
        if site.audience == Audience::Staff && certified {
            Ok(())
        } else {
            Err(Problem::not_found())
        }
    }
}

/// Whether a live session has this cookie's hash, and whether its keys were opened.
pub(crate) async fn is_proved(state: &AppState, hash: &[u8; 32]) -> Result<Option<bool>, Problem> {
    let Visitor { mut tx, now, .. } = Visitor::begin(state).await?;
    Ok(store::sessions::is_proved(&mut tx, hash, session::IDLE, now).await?)
}

impl Visitor {
    /// Begins a transaction for nobody in particular: the extractor, and sign-in, which needs two.
    pub(crate) async fn begin(state: &AppState) -> Result<Self, Problem> {
        let agency = state.agency();
        let tx = state.service().database.0.begin(agency, Actor::Nobody).await?;
        Ok(Self { tx, agency, now: state.now() })
    }
}

impl FromRequestParts<AppState> for Visitor {
    type Rejection = Problem;

    async fn from_request_parts(_: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        Self::begin(state).await
    }
}

impl<R: Rule> FromRequestParts<AppState> for Principal<R> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let hash =
            session::presented(&parts.headers, state.site()).ok_or_else(Problem::signed_out)?;
        let Visitor { mut tx, agency, now } = Visitor::begin(state).await?;
        let session = store::sessions::authenticate(&mut tx, &hash, session::IDLE, now)
            .await?
            .ok_or_else(Problem::signed_out)?;
        R::admit(&session, state.site())?;
        Ok(Self { tx, agency, now, session, rule: PhantomData })
    }
}

impl<R> Principal<R> {
    /// The signed-in account.
    pub fn account(&self) -> AccountId {
        self.session.account
    }
}

impl Member {
    /// The caller's certificate for a membership of theirs; 404 for anybody else's.
    pub fn membership(&self, id: MembershipId) -> Result<&Certificate, Problem> {
        self.session
            .certificates
            .iter()
            .find(|it| matches!(it.holder, Holder::Member { membership, .. } if membership == id))
            .ok_or_else(Problem::not_found)
    }

    /// The caller's certificate in an arrangement; 404 when they are not in it.
    pub fn in_arrangement(&self, id: ArrangementId) -> Result<&Certificate, Problem> {
        self.session
            .certificates
            .iter()
            .find(|it| matches!(it.holder, Holder::Member { arrangement, .. } if arrangement == id))
            .ok_or_else(Problem::not_found)
    }
}

impl Staff {
    /// A certificate in force that holds one of `roles`; 404 when there is none.
    pub fn with_role(&self, roles: &[Role]) -> Result<&Certificate, Problem> {
        self.session
            .staff_certificates()
            .find(|it| has_role(it, roles))
            .ok_or_else(Problem::not_found)
    }

    /// A certificate in force that holds one of `roles` in `team`; 404 when there is none.
    pub fn in_team(&self, team: TeamId, roles: &[Role]) -> Result<&Certificate, Problem> {
        self.session
            .staff_certificates()
            .find(|it| it.teams.contains(&team) && has_role(it, roles))
            .ok_or_else(Problem::not_found)
    }
}

fn has_role(certificate: &Certificate, roles: &[Role]) -> bool {
    certificate.roles.iter().any(|held| roles.iter().any(|role| role.as_str() == held))
}
