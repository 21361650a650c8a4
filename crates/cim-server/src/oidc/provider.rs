//! The identity provider: where people are sent, and what its answer says of them. Waits on the thread that asks.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use cim_city::FederatedPerson;
use jiff::Timestamp;
use openidconnect::core::{
    CoreAuthDisplay, CoreAuthPrompt, CoreAuthenticationFlow, CoreErrorResponseType, CoreGenderClaim,
    CoreJsonWebKey, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm, CoreProviderMetadata,
    CoreRevocableToken, CoreRevocationErrorResponse, CoreTokenIntrospectionResponse, CoreTokenType,
};
use openidconnect::url::Url;
use openidconnect::{
    AdditionalClaims, AuthorizationCode, Client, ClientId, CsrfToken, EmptyExtraTokenFields,
    EndpointMaybeSet, EndpointNotSet, EndpointSet, IdTokenClaims, IdTokenFields, IssuerUrl, Nonce,
    PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope, StandardErrorResponse, StandardTokenResponse,
    TokenResponse as _,
};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::options::OidcOptions;
use super::outward::Outward;
use super::transit::Transit;

/// So long the provider's own description of itself is believed; a key that is not in it is asked for at once.
const DESCRIBED: Duration = Duration::from_mins(10);
/// Signatures that only the provider can make.
const SIGNATURES: [CoreJwsSigningAlgorithm; 6] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

/// What a provider says beside the usual: groups, mostly.
#[derive(Debug, Serialize, Deserialize)]
struct OtherClaims(HashMap<String, Json>);

impl AdditionalClaims for OtherClaims {}

type Claims = IdTokenClaims<OtherClaims, CoreGenderClaim>;
type TokenFields = IdTokenFields<
    OtherClaims,
    EmptyExtraTokenFields,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJwsSigningAlgorithm,
>;
type RelyingParty = Client<
    OtherClaims,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    StandardTokenResponse<TokenFields, CoreTokenType>,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// Why nobody is vouched for.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ProviderError {
    /// It does not answer, or not as a provider does.
    #[error("the identity provider does not answer as one: {0}")]
    Unavailable(String),
    /// It answers, and what it says is refused.
    #[error("the identity provider's answer is refused: {0}")]
    Refused(String),
}

/// The provider and what it said of itself.
pub(crate) struct Provider {
    options: OidcOptions,
    outward: Outward,
    described: Mutex<Option<(Instant, CoreProviderMetadata)>>,
}

impl Provider {
    pub(crate) fn new(options: OidcOptions) -> Self {
        let outward = Outward::trusting(options.authority_pem.as_deref());
        Self { options, outward, described: Mutex::new(None) }
    }

    pub(crate) fn options(&self) -> &OidcOptions {
        &self.options
    }

    /// Where somebody is sent, and what has to fit when they come back.
    pub(crate) fn way_there(&self) -> Result<(Url, Transit), ProviderError> {
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let asked = self.client()?;
        let asked = asked.authorize_url(
            CoreAuthenticationFlow::AuthorizationCode,
            CsrfToken::new_random,
            Nonce::new_random,
        );
        let asked = asked.add_scope(Scope::new("profile".to_owned())).set_pkce_challenge(challenge);
        let (url, state, nonce) = asked.url();
        let transit = Transit {
            state: state.into_secret(),
            nonce: nonce.secret().clone(),
            verifier: verifier.into_secret(),
            begun_at: Timestamp::now(),
        };
        Ok((url, transit))
    }

    /// Whom the provider vouches for with a code.
    pub(crate) fn person(&self, code: String, transit: Transit) -> Result<FederatedPerson, ProviderError> {
        let client = self.client()?;
        let ask = |request| self.outward.ask(request);
        let exchange = client
            .exchange_code(AuthorizationCode::new(code))
            .map_err(|error| ProviderError::Unavailable(error.to_string()))?
            .set_pkce_verifier(PkceCodeVerifier::new(transit.verifier));
        let answer = exchange.request(&ask).map_err(|error| match error {
            openidconnect::RequestTokenError::Request(error) => ProviderError::Unavailable(error.to_string()),
            other => ProviderError::Refused(other.to_string()),
        })?;
        let token = answer.id_token().ok_or_else(|| ProviderError::Refused("no ID token".to_owned()))?;
        let nonce = Nonce::new(transit.nonce);
        let verified = |client: &RelyingParty| {
            let verifier = client.id_token_verifier().set_allowed_algs(SIGNATURES);
            token.claims(&verifier, &nonce).and_then(|claims| {
                serde_json::to_value::<&Claims>(claims)
                    .map_err(|error| openidconnect::ClaimsVerificationError::Other(error.to_string()))
            })
        };
        let claims = verified(&client).or_else(|_first| {
            // The provider may sign with a new key since it described itself.
            self.forget();
            verified(&self.client()?).map_err(|error| ProviderError::Refused(error.to_string()))
        })?;
        person_of(&self.options, &claims)
    }

    fn client(&self) -> Result<RelyingParty, ProviderError> {
        let options = &self.options;
        let secret = options.client_secret.as_ref();
        let secret = secret.map(|secret| openidconnect::ClientSecret::new(secret.0.to_string()));
        let redirect = RedirectUrl::from_url(options.redirect.clone());
        let client_id = ClientId::new(options.client_id.clone());
        Ok(Client::from_provider_metadata(self.description()?, client_id, secret).set_redirect_uri(redirect))
    }

    fn description(&self) -> Result<CoreProviderMetadata, ProviderError> {
        let kept = self.described.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((_, known)) = kept.filter(|(at, _)| at.elapsed() < DESCRIBED) {
            return Ok(known);
        }
        let ask = |request| self.outward.ask(request);
        let issuer = self.options.issuer.as_str();
        // A bare address has a slash that the issuer's own name has not.
        let bare = issuer.strip_suffix('/').unwrap_or(issuer);
        let described = [bare, issuer].into_iter().map(|name| {
            let issuer = IssuerUrl::new(name.to_owned());
            let issuer = issuer.map_err(|error| ProviderError::Unavailable(error.to_string()))?;
            CoreProviderMetadata::discover(&issuer, &ask)
                .map_err(|error| ProviderError::Unavailable(error.to_string()))
        });
        let mut refused = None;
        for attempt in described {
            match attempt {
                Ok(known) => {
                    let kept = Some((Instant::now(), known.clone()));
                    *self.described.lock().unwrap_or_else(PoisonError::into_inner) = kept;
                    return Ok(known);
                }
                Err(error) => refused = Some(error),
            }
        }
        Err(refused.unwrap_or_else(|| ProviderError::Unavailable("no issuer".to_owned())))
    }

    fn forget(&self) {
        *self.described.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

/// Whom verified claims are about.
fn person_of(options: &OidcOptions, claims: &Json) -> Result<FederatedPerson, ProviderError> {
    let text = |name: &str| claims.get(name).and_then(Json::as_str).map(str::to_owned);
    let lacks = |name: &str| ProviderError::Refused(format!("the ID token lacks `{name}`"));
    let texts = |name: &str| -> BTreeSet<String> {
        match claims.get(name) {
            Some(Json::String(one)) => BTreeSet::from([one.clone()]),
            Some(Json::Array(some)) => some.iter().filter_map(Json::as_str).map(str::to_owned).collect(),
            _ => BTreeSet::new(),
        }
    };
    let (issuer, subject) =
        (text("iss").ok_or_else(|| lacks("iss"))?, text("sub").ok_or_else(|| lacks("sub"))?);
    let name = text(&options.name_claim).ok_or_else(|| lacks(&options.name_claim))?;
    let given = [texts("amr"), texts("acr")];
    let has_second_factor =
        options.second_factor.iter().any(|value| given.iter().any(|set| set.contains(value)));
    Ok(FederatedPerson {
        identity: format!("{issuer}#{subject}"),
        display_name: text("name").unwrap_or_else(|| name.clone()),
        name,
        groups: texts(&options.groups_claim),
        has_second_factor,
    })
}
