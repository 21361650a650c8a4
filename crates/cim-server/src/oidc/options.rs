//! How the identity provider is reached, from a file of the administrator.

use std::fmt;
use std::path::{Path, PathBuf};

use cim_city::{FederationRules, GroupRule};
use openidconnect::url::Url;
use serde::Deserialize;
use zeroize::Zeroizing;

/// The identity provider, and what its groups give.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OidcOptions {
    pub(crate) issuer: Url,
    pub(crate) client_id: String,
    pub(crate) client_secret: Option<ClientSecret>,
    /// What stands on the button.
    pub(crate) title: String,
    /// Where browsers reach this server, as the provider knows it.
    pub(crate) redirect: Url,
    /// The claim that holds what people type there.
    pub(crate) name_claim: String,
    /// The claim that holds their groups.
    pub(crate) groups_claim: String,
    /// Values of `amr` or `acr` that say that a second factor was given.
    pub(crate) second_factor: Vec<String>,
    /// The authority that signed the provider's certificate, PEM; none: Mozilla's list.
    pub(crate) authority_pem: Option<Vec<u8>>,
    pub(crate) rules: FederationRules,
}

/// A secret that nothing shows.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct ClientSecret(pub(crate) Zeroizing<String>);

impl fmt::Debug for ClientSecret {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("ClientSecret")
    }
}

/// Why the file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum OidcError {
    /// The file, or one that it names, cannot be read.
    #[error("{file} cannot be read")]
    File {
        /// The file.
        file: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file is not as it has to be.
    #[error("{file} is not as it has to be")]
    Shape {
        /// The file.
        file: PathBuf,
        /// What is wrong, and where.
        source: toml::de::Error,
    },
    /// An address is none, or crosses the network in the clear.
    #[error("`{field}` in {file} has to be an address with https (or http on this machine): {given}")]
    Address {
        /// The file.
        file: PathBuf,
        /// The field.
        field: &'static str,
        /// What was given.
        given: String,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Given {
    issuer: String,
    client_id: String,
    client_secret_file: Option<PathBuf>,
    title: String,
    address: String,
    #[serde(default = "usual_name_claim")]
    name_claim: String,
    #[serde(default = "usual_groups_claim")]
    groups_claim: String,
    #[serde(default = "usual_second_factor")]
    second_factor: Vec<String>,
    authority_file: Option<PathBuf>,
    #[serde(default)]
    creates_accounts: bool,
    #[serde(default, rename = "group")]
    groups: Vec<GroupRule>,
}

fn usual_name_claim() -> String {
    "preferred_username".to_owned()
}

fn usual_groups_claim() -> String {
    "groups".to_owned()
}

/// The values of RFC 8176 for which two things were asked, or one that nobody copies.
fn usual_second_factor() -> Vec<String> {
    ["mfa", "otp", "hwk", "sc"].map(str::to_owned).to_vec()
}

impl OidcOptions {
    /// Reads the file; files that it names lie beside it.
    pub fn read(file: &Path) -> Result<Self, OidcError> {
        let text = read(file)?;
        let given: Given =
            toml::from_str(&text).map_err(|source| OidcError::Shape { file: file.to_owned(), source })?;
        let address = |field, given: &str| {
            let refused = || OidcError::Address { file: file.to_owned(), field, given: given.to_owned() };
            Url::parse(given).ok().filter(is_safe).ok_or_else(refused)
        };
        let beside = |named: PathBuf| file.parent().unwrap_or(Path::new("")).join(named);
        let secret = given.client_secret_file.map(|named| read(&beside(named))).transpose()?;
        let authority = given.authority_file.map(|named| read(&beside(named))).transpose()?;
        let mut redirect = address("address", &given.address)?;
        redirect.set_path("/v1/session/oidc/callback");
        Ok(Self {
            issuer: address("issuer", &given.issuer)?,
            client_id: given.client_id,
            client_secret: secret.map(|secret| ClientSecret(Zeroizing::new(secret.trim().to_owned()))),
            title: given.title,
            redirect,
            name_claim: given.name_claim,
            groups_claim: given.groups_claim,
            second_factor: given.second_factor,
            authority_pem: authority.map(String::into_bytes),
            rules: FederationRules { creates_accounts: given.creates_accounts, groups: given.groups },
        })
    }
}

fn read(file: &Path) -> Result<String, OidcError> {
    std::fs::read_to_string(file).map_err(|source| OidcError::File { file: file.to_owned(), source })
}

/// Passwords and codes cross no network in the clear.
fn is_safe(url: &Url) -> bool {
    let is_here = matches!(url.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"));
    url.scheme() == "https" || url.scheme() == "http" && is_here
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(text: &str) -> Result<OidcOptions, String> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("oidc.toml");
        std::fs::write(folder.path().join("secret"), "s3cret\n").unwrap();
        std::fs::write(&file, text).unwrap();
        OidcOptions::read(&file).map_err(|error| {
            format!(
                "{error} {}",
                std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default()
            )
        })
    }

    const LEAST: &str = "issuer = 'https://login.example'\nclient_id = 'cim'\ntitle = 'District sign-in'\n\
        address = 'https://cim.example'\nclient_secret_file = 'secret'\n";

    #[test]
    fn the_least_is_enough_and_shows_no_secret() {
        let read = options(LEAST).unwrap();
        assert_eq!(read.redirect.as_str(), "https://cim.example/v1/session/oidc/callback");
        assert_eq!(read.client_secret.as_ref().unwrap().0.as_str(), "s3cret");
        assert_eq!((read.name_claim.as_str(), read.rules.creates_accounts), ("preferred_username", false));
        assert!(!format!("{read:?}").contains("s3cret"));
    }

    #[test]
    fn groups_give_roles_that_there_are() {
        let read = options(&format!("{LEAST}[[group]]\nname = 'zhifa'\nrole = 'officer'\ntowns = ['001']\n"))
            .unwrap();
        assert_eq!(read.rules.groups[0].name, "zhifa");
        assert!(
            options(&format!("{LEAST}[[group]]\nname = 'x'\nrole = 'king'\n")).unwrap_err().contains("king")
        );
    }

    #[test]
    fn what_would_cross_a_network_in_the_clear_is_refused() {
        for (wrong, named) in [
            (LEAST.replace("https://login", "http://login"), "issuer"),
            (LEAST.replace("https://cim", "http://cim"), "address"),
            (LEAST.replace("https://cim.example", "cim"), "address"),
            (LEAST.replace("title", "colour"), "colour"),
            (LEAST.replace("'secret'", "'nowhere'"), "nowhere"),
        ] {
            let told = options(&wrong).unwrap_err();
            assert!(told.contains(named), "{told}");
        }
        assert!(options(&LEAST.replace("https://login.example", "http://127.0.0.1:9")).is_ok());
    }
}
