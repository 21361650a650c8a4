//! Signing in at the district's identity provider: `OpenID` Connect, authorization code with PKCE.

mod options;
mod outward;
mod provider;
mod transit;

pub use options::{OidcError, OidcOptions};
pub(crate) use provider::{Provider, ProviderError};
pub(crate) use transit::{TransitSeal, forget};
