//! TLS of our own: a certificate chain and its key from files.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{self, ServerConfig};

/// A certificate with its key, ready to answer with.
#[derive(Clone)]
pub struct Tls(pub(crate) TlsAcceptor);

/// Why there is no TLS.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// The file is not there, or no PEM.
    #[error(
        "{file} cannot be read as PEM: it must hold the certificate chain, the server's own certificate first"
    )]
    Certificates {
        /// The file.
        file: PathBuf,
        /// What is wrong.
        source: rustls::pki_types::pem::Error,
    },
    /// No certificate is in the file.
    #[error("{file} holds no certificate")]
    NoCertificate {
        /// The file.
        file: PathBuf,
    },
    /// The file with the key is not there, or no PEM with one.
    #[error(
        "{file} holds no private key that can be read (PKCS#8, PKCS#1 or SEC1, as PEM, without a password)"
    )]
    Key {
        /// The file.
        file: PathBuf,
        /// What is wrong.
        source: rustls::pki_types::pem::Error,
    },
    /// The two do not go together.
    #[error("certificate and key do not go together")]
    Pair(#[source] rustls::Error),
}

impl Tls {
    /// Reads the chain, and the key out of its own file or the same one.
    pub fn read(chain: &Path, key: &Path) -> Result<Self, TlsError> {
        let unreadable = |source| TlsError::Certificates { file: chain.to_owned(), source };
        let certificates = CertificateDer::pem_file_iter(chain).map_err(unreadable)?;
        let certificates = certificates.collect::<Result<Vec<_>, _>>().map_err(unreadable)?;
        if certificates.is_empty() {
            return Err(TlsError::NoCertificate { file: chain.to_owned() });
        }
        let private = PrivateKeyDer::from_pem_file(key)
            .map_err(|source| TlsError::Key { file: key.to_owned(), source })?;
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .and_then(|builder| builder.with_no_client_auth().with_single_cert(certificates, private))
            .map_err(TlsError::Pair)?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self(TlsAcceptor::from(Arc::new(config))))
    }
}

impl std::fmt::Debug for Tls {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Tls")
    }
}
