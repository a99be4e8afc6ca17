//! The development provider against the relying party that the mediation API uses.

#![allow(clippy::unwrap_used, reason = "a test that cannot set its scene fails")]

use openidconnect::core::{CoreClient, CoreProviderMetadata, CoreResponseType};
use openidconnect::{
    AuthenticationFlow, AuthorizationCode, ClientId, CsrfToken, IssuerUrl, Nonce,
    OAuth2TokenResponse, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, TokenResponse,
};
use xtask::provider::{Client, Error, Fault, Provider};

const REDIRECT: &str = "http://localhost:1/callback";

fn provider() -> Provider {
    let client = Client { id: "family".into(), redirect_uri: REDIRECT.into() };
    Provider::start(Provider::any_port(), client, vec!["Grace & Ada".into()]).unwrap()
}

fn http() -> openidconnect::reqwest::Client {
    openidconnect::reqwest::ClientBuilder::new()
        .redirect(openidconnect::reqwest::redirect::Policy::none())
        .build()
        .unwrap()
}

/// Signs in as `name` and gives the subject that a careful relying party accepts.
async fn sign_in(provider: &Provider, name: &str) -> Result<String, String> {
    let http = http();
    let issuer = IssuerUrl::new(provider.issuer().into()).unwrap();
    let metadata =
        CoreProviderMetadata::discover_async(issuer, &http).await.map_err(|e| e.to_string())?;
    let client = CoreClient::from_provider_metadata(metadata, ClientId::new("family".into()), None)
        .set_redirect_uri(RedirectUrl::new(REDIRECT.into()).unwrap());
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let (url, state, nonce) = client
        .authorize_url(
            AuthenticationFlow::<CoreResponseType>::AuthorizationCode,
            CsrfToken::new_random,
            Nonce::new_random,
        )
        .set_pkce_challenge(challenge)
        .add_extra_param("login_hint", name)
        .url();
    let (code, returned) = follow(url.as_str()).await;
    assert_eq!(&returned, state.secret());
    let tokens = client
        .exchange_code(AuthorizationCode::new(code))
        .map_err(|e| e.to_string())?
        .set_pkce_verifier(PkceCodeVerifier::new(verifier.into_secret()))
        .request_async(&http)
        .await
        .map_err(|e| e.to_string())?;
    let verifier = client.id_token_verifier();
    let token = tokens.id_token().ok_or("no id token")?;
    let claims = token.claims(&verifier, &nonce).map_err(|e| e.to_string())?;
    let expected = openidconnect::AccessTokenHash::from_token(
        tokens.access_token(),
        token.signing_alg().map_err(|e| e.to_string())?,
        token.signing_key(&verifier).map_err(|e| e.to_string())?,
    )
    .map_err(|e| e.to_string())?;
    assert_eq!(claims.access_token_hash(), Some(&expected));
    assert!(claims.auth_time().is_some());
    Ok(claims.subject().to_string())
}

async fn follow(url: &str) -> (String, String) {
    let answer = http().get(url).send().await.unwrap();
    let target = answer.headers()["location"].to_str().unwrap();
    let target = url::Url::parse(target).unwrap();
    let field = |name: &str| {
        let found = target.query_pairs().find(|(key, _)| key == name);
        found.map(|(_, value)| value.into_owned()).unwrap_or_default()
    };
    (field("code"), field("state"))
}

#[tokio::test]
async fn a_script_signs_in_by_name_and_is_the_same_person_each_time() {
    let provider = provider();
    let first = sign_in(&provider, "Grace").await.unwrap();
    assert_eq!(first, sign_in(&provider, " grace ").await.unwrap());
    assert_eq!(first, provider.subject("Grace"));
    assert_ne!(first, sign_in(&provider, "Ada").await.unwrap());
}

#[tokio::test]
async fn each_lie_is_refused_by_the_relying_party() {
    let provider = provider();
    for fault in
        [Fault::WrongNonce, Fault::WrongAudience, Fault::Expired, Fault::ForeignKey, Fault::Broken]
    {
        provider.set_fault(fault);
        assert!(sign_in(&provider, "Grace").await.is_err(), "{fault:?}");
    }
    provider.set_fault(Fault::None);
    assert!(sign_in(&provider, "Grace").await.is_ok());
}

#[test]
fn nobody_but_this_machine_can_reach_it() {
    let client = Client { id: "family".into(), redirect_uri: REDIRECT.into() };
    let everywhere = "0.0.0.0:0".parse().unwrap();
    let refused = Provider::start(everywhere, client, Vec::new());
    assert!(matches!(refused, Err(Error::NotLoopback(_))), "{refused:?}");
}

fn request(provider: &Provider, more: &str) -> String {
    let challenge = "a".repeat(43);
    format!(
        "{}/authorize?client_id=family&response_type=code&scope=openid&state=s&nonce=n\
         &redirect_uri=http%3A%2F%2Flocalhost%3A1%2Fcallback&code_challenge={challenge}\
         &code_challenge_method=S256{more}",
        provider.issuer(),
    )
}

#[tokio::test]
async fn a_person_is_offered_names_and_may_cancel() {
    let provider = provider();
    let page = http().get(request(&provider, "")).send().await.unwrap();
    let page = page.text().await.unwrap();
    assert!(page.contains("Grace &amp; Ada"), "{page}");
    assert!(page.contains("login_hint=Grace+%26+Ada"), "{page}");

    let cancelled = http().get(request(&provider, "&cancel=yes")).send().await.unwrap();
    let target = cancelled.headers()["location"].to_str().unwrap();
    assert_eq!(target, format!("{REDIRECT}?error=access_denied&state=s"));
}

#[tokio::test]
async fn a_code_goes_only_to_the_known_address_and_works_once() {
    let provider = provider();
    let elsewhere =
        request(&provider, "&login_hint=Grace").replace("localhost%3A1", "localhost%3A2");
    let refused = http().get(elsewhere).send().await.unwrap();
    assert_eq!(refused.status(), 400);

    let (code, _) = follow(&request(&provider, "&login_hint=Grace")).await;
    let redeem = |verifier: &'static str| {
        let form = [
            ("grant_type", "authorization_code"),
            ("client_id", "family"),
            ("redirect_uri", REDIRECT),
            ("code_verifier", verifier),
            ("code", &code),
        ];
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        http().post(format!("{}/token", provider.issuer())).body(body).send()
    };
    // The wrong verifier is refused, and the code is gone with it.
    assert_eq!(redeem("wrong").await.unwrap().status(), 400);
    assert_eq!(redeem("wrong").await.unwrap().status(), 400);
}
