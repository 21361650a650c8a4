//! Asking the identity provider: the one address that this server asks of its own accord, and no other, wherever it points.

use std::sync::Arc;
use std::time::Duration;

use openidconnect::{HttpRequest, HttpResponse};
use ureq::Agent;
use ureq::tls::{PemItem, RootCerts, TlsConfig, parse_pem};

/// Whoever signs in waits no longer.
const PATIENCE: Duration = Duration::from_secs(5);
/// No answer of a provider is longer.
const LONGEST_ANSWER_BYTES: u64 = 1 << 20;

/// Why an answer did not come.
#[derive(Debug, thiserror::Error)]
#[error("the identity provider did not answer")]
pub(crate) struct NoAnswer(#[source] Box<ureq::Error>);

/// What asks.
#[derive(Debug, Clone)]
pub(crate) struct Outward(Agent);

impl Outward {
    /// Trusts the authority that is given, or Mozilla's list.
    pub(crate) fn trusting(authority_pem: Option<&[u8]>) -> Self {
        let mut tls = TlsConfig::builder();
        if let Some(pem) = authority_pem {
            let certificates = parse_pem(pem).filter_map(|item| match item {
                Ok(PemItem::Certificate(certificate)) => Some(certificate),
                _ => None,
            });
            tls = tls.root_certs(RootCerts::Specific(Arc::new(certificates.collect())));
        }
        let config = Agent::config_builder()
            .tls_config(tls.build())
            .timeout_global(Some(PATIENCE))
            .http_status_as_error(false)
            .max_redirects(0)
            .build();
        Self(config.new_agent())
    }

    /// Asks, and waits on this thread.
    pub(crate) fn ask(&self, request: HttpRequest) -> Result<HttpResponse, NoAnswer> {
        let no_answer = |error| NoAnswer(Box::new(error));
        let (parts, body) = self.0.run(request).map_err(no_answer)?.into_parts();
        let read = body.into_with_config().limit(LONGEST_ANSWER_BYTES).read_to_vec().map_err(no_answer)?;
        Ok(HttpResponse::from_parts(parts, read))
    }
}
