//! Codes into tokens.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError};
use std::time::{Duration, SystemTime};

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openidconnect::core::{
    CoreGenderClaim, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm,
};
use openidconnect::{
    AccessToken, AdditionalClaims, Audience, IdToken, IdTokenClaims, IssuerUrl, Nonce,
    StandardClaims, SubjectIdentifier,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::{Fault, Grant, Shared, random};

/// The provider's own name for the sign-in, by which it could end it.
#[derive(Clone, Debug, Deserialize, Serialize)]
struct SessionId {
    sid: String,
}

impl AdditionalClaims for SessionId {}

type Token =
    IdToken<SessionId, CoreGenderClaim, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm>;

const LIFETIME: Duration = Duration::from_mins(5);

pub(super) async fn exchange(State(shared): State<Arc<Shared>>, body: String) -> Response {
    let form: HashMap<String, String> =
        url::form_urlencoded::parse(body.as_bytes()).into_owned().collect();
    let field = |name: &str| form.get(name).map_or("", String::as_str);
    let fault = *shared.fault.lock().unwrap_or_else(PoisonError::into_inner);
    if fault == Fault::Broken {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    }
    if field("grant_type") != "authorization_code" {
        return refuse("unsupported_grant_type");
    }
    if field("client_id") != shared.client.id {
        return refuse("invalid_client");
    }
    // Whatever comes of it, a code is used once.
    let grant = shared.codes.lock().unwrap_or_else(PoisonError::into_inner).remove(field("code"));
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(field("code_verifier")));
    let Some(grant) = grant.filter(|grant| {
        grant.redirect_uri == field("redirect_uri") && grant.challenge == challenge
    }) else {
        return refuse("invalid_grant");
    };
    let access = AccessToken::new(random());
    match token(&shared, grant, fault, &access) {
        Ok(token) => {
            let answer = json!({
                "access_token": access.secret(),
                "token_type": "Bearer",
                "expires_in": LIFETIME.as_secs(),
                "id_token": token,
            });
            ([(CACHE_CONTROL, "no-store")], Json(answer)).into_response()
        }
        Err(error) => {
            tracing::error!(%error, "no token could be made");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

fn token(
    shared: &Shared,
    grant: Grant,
    fault: Fault,
    access: &AccessToken,
) -> Result<Token, Box<dyn std::error::Error>> {
    #[expect(clippy::disallowed_methods, reason = "a development provider's own clock")]
    let now = SystemTime::now();
    let (now, audience, nonce) = match fault {
        Fault::Expired => (now - Duration::from_hours(1), &*shared.client.id, grant.nonce),
        Fault::WrongAudience => (now, "somebody-else", grant.nonce),
        Fault::WrongNonce => (now, &*shared.client.id, random()),
        _ => (now, &*shared.client.id, grant.nonce),
    };
    let key = match fault {
        Fault::ForeignKey => &shared.foreign,
        _ => &shared.key,
    };
    let claims = IdTokenClaims::new(
        IssuerUrl::new(shared.issuer.clone())?,
        vec![Audience::new(audience.to_owned())],
        (now + LIFETIME).into(),
        now.into(),
        StandardClaims::new(SubjectIdentifier::new(grant.subject)),
        SessionId { sid: random() },
    )
    .set_auth_time(Some(now.into()))
    .set_nonce(Some(Nonce::new(nonce)));
    let algorithm = CoreJwsSigningAlgorithm::EdDsa;
    Ok(Token::new(claims, &key.0, algorithm, Some(access), None)?)
}

fn refuse(error: &str) -> Response {
    (StatusCode::BAD_REQUEST, Json(json!({ "error": error }))).into_response()
}
