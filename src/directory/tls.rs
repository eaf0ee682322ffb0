//! TLS as the system trusts it, and what to say of a certificate that is not trusted.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use ldap3::LdapError;
use ring::digest;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{
    CryptoProvider, WebPkiSupportedAlgorithms, ring as provider, verify_tls12_signature,
    verify_tls13_signature,
};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, OtherError, RootCertStore,
    SignatureScheme,
};
use rustls_platform_verifier::Verifier;
use x509_parser::prelude::{FromDer as _, GeneralName, X509Certificate};

use super::error::DirectoryError;
use super::search::{clean, said};
use crate::model::Endpoint;

/// The settings for one connection, and the certificate that came.
#[derive(Debug)]
pub(super) struct Tls {
    pub(super) config: Arc<ClientConfig>,
    seen: Arc<Mutex<Option<Vec<u8>>>>,
    has_own_authorities: bool,
}

impl Tls {
    /// TLS as rustls does it by default, with the system's authorities and those of the file.
    pub(super) fn new(own: Option<&[u8]>) -> Result<Self, DirectoryError> {
        let crypto = Arc::new(provider::default_provider());
        let own_authorities = own.map(|bytes| authorities(bytes, &crypto)).transpose()?;
        let system = Verifier::new(crypto.clone()).ok();
        if system.is_none() && own_authorities.is_none() {
            return Err(DirectoryError::NoTrust);
        }
        let seen = Arc::new(Mutex::new(None));
        let schemes = crypto.signature_verification_algorithms;
        let witness = Witness { own_authorities, system, schemes, seen: seen.clone() };
        let config = ClientConfig::builder_with_provider(crypto)
            .with_safe_default_protocol_versions()
            .map_err(|_| DirectoryError::NoTrust)?
            // The word is rustls' for any verifier that is not its own; this one is the system's.
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(witness))
            .with_no_client_auth();
        Ok(Self { config: Arc::new(config), seen, has_own_authorities: own.is_some() })
    }

    /// What the library's error before or during TLS means.
    pub(super) fn error(&self, endpoint: &Endpoint, error: LdapError) -> DirectoryError {
        let server = endpoint.to_string();
        let no_tls = |server, reason: &str| DirectoryError::NoTls { server, reason: reason.into() };
        match error {
            LdapError::LdapResult { result } => {
                DirectoryError::NoStartTls { server, reason: said(&result) }
            }
            LdapError::Io { source } => {
                match source.get_ref().and_then(|inner| inner.downcast_ref()) {
                    Some(rustls::Error::InvalidCertificate(error)) => self.refusal(endpoint, error),
                    Some(rustls::Error::InvalidMessage(_)) => {
                        no_tls(server, "it answered with something else")
                    }
                    Some(_) => {
                        no_tls(server, "it does not take TLS 1.2 or 1.3 as this machine offers it")
                    }
                    None => no_tls(server, "it closed the connection"),
                }
            }
            LdapError::DNSName { .. } => DirectoryError::HostNotFound {
                host: endpoint.host.clone(),
                reason: "it cannot stand in a certificate".into(),
            },
            _ => no_tls(server, "it closed the connection"),
        }
    }

    fn refusal(&self, endpoint: &Endpoint, error: &CertificateError) -> DirectoryError {
        let server = endpoint.to_string();
        let certificate = self.seen.lock().unwrap_or_else(PoisonError::into_inner).take();
        let certificate = certificate.as_deref().map(describe).unwrap_or_default();
        let fault = match error {
            CertificateError::UnknownIssuer => {
                CertificateFault::NotTrusted { own_authorities: self.has_own_authorities }
            }
            CertificateError::NotValidForName => {
                CertificateFault::OtherName { host: endpoint.host.clone(), names: Vec::new() }
            }
            CertificateError::NotValidForNameContext { presented, .. } => {
                let names = presented.iter().map(|name| bare_name(name)).collect();
                CertificateFault::OtherName { host: endpoint.host.clone(), names }
            }
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
                CertificateFault::OutOfDate("has expired")
            }
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
                CertificateFault::OutOfDate("is not valid yet")
            }
            CertificateError::BadEncoding => CertificateFault::Bad("it is damaged"),
            CertificateError::Revoked => CertificateFault::Bad("it was revoked"),
            CertificateError::BadSignature => {
                CertificateFault::Bad("its signature does not hold, or its key is too short")
            }
            CertificateError::UnsupportedSignatureAlgorithmContext { .. }
            | CertificateError::UnsupportedSignatureAlgorithmForPublicKeyContext { .. } => {
                CertificateFault::Bad(
                    "its signature is of a kind that is no longer trusted, such as SHA-1",
                )
            }
            CertificateError::InvalidPurpose | CertificateError::InvalidPurposeContext { .. } => {
                CertificateFault::Bad("it is not one for a server")
            }
            other => match windows_words(other) {
                // Of a chain that ends nowhere Windows says something else than of one that ends at
                // an authority that it does not trust.
                Some((_, CHAINING)) => {
                    CertificateFault::NotTrusted { own_authorities: self.has_own_authorities }
                }
                Some((words, number)) => {
                    CertificateFault::Windows(format!("{} ({number:#010X})", clean(&words)))
                }
                None => CertificateFault::Bad(
                    "it is an authority's own, or of an old form (X.509 v1), or signed in a way that is no longer trusted",
                ),
            },
        };
        DirectoryError::Certificate { server, fault, certificate }
    }
}

/// Why a certificate is refused.
#[derive(Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the fields are the words of the sentences below")]
pub enum CertificateFault {
    /// It comes from an authority that is not trusted here.
    NotTrusted { own_authorities: bool },
    /// It is for other names.
    OtherName { host: String, names: Vec<String> },
    /// Its time is over, or has not come.
    OutOfDate(&'static str),
    /// It is wrong in another way.
    Bad(&'static str),
    /// Windows refuses it, in its own words.
    Windows(String),
}

impl CertificateFault {
    /// A stable word in kebab-case.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::NotTrusted { .. } => "certificate-not-trusted",
            Self::OtherName { .. } => "certificate-for-other-name",
            Self::OutOfDate(_) => "certificate-out-of-date",
            Self::Bad(_) | Self::Windows(_) => "certificate-bad",
        }
    }

    /// What to do about it.
    pub(super) fn cure(&self) -> String {
        const CA: &str = "give the certificate of your domain's authority with --ca-file (on a domain controller: `certutil -ca.cert ca.cer`)";
        match self {
            Self::NotTrusted { own_authorities: false } => CA.into(),
            Self::NotTrusted { own_authorities: true } => {
                format!("the file given by --ca-file holds another authority: {CA}")
            }
            Self::OtherName { names, .. } if names.is_empty() => "issue the domain controller a certificate with its DNS name as subject alternative name".into(),
            Self::OtherName { .. } => {
                "name the domain controller with --server as its certificate does".into()
            }
            Self::OutOfDate(_) => {
                "renew the domain controller's certificate, or set this machine's clock".into()
            }
            Self::Windows(_) => "see what `certutil -verify` says of it, and that this machine reaches the authority's list of revoked certificates".into(),
            Self::Bad(_) => {
                "issue the domain controller a certificate for server authentication".into()
            }
        }
    }
}

/// In words that follow "the certificate of HOST".
impl fmt::Display for CertificateFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotTrusted { .. } => {
                f.write_str("comes from an authority that this machine does not trust")
            }
            Self::OtherName { host, names } if names.is_empty() => {
                write!(f, "names no host at all, and so not `{host}`")
            }
            Self::OtherName { host, names } => {
                const MOST_NAMES: usize = 8;
                let some = names.iter().take(MOST_NAMES).map(String::as_str).collect::<Vec<_>>();
                write!(f, "is not for `{host}` but for {}", some.join(", "))?;
                match names.len().saturating_sub(MOST_NAMES) {
                    0 => Ok(()),
                    more => write!(f, " and {more} more"),
                }
            }
            Self::OutOfDate(reason) => f.write_str(reason),
            Self::Bad(reason) => write!(f, "cannot be accepted: {reason}"),
            Self::Windows(words) => write!(f, "cannot be accepted: Windows says `{words}`"),
        }
    }
}

/// `CERT_E_CHAINING`. Source: Microsoft, "COM Error Codes (Security and Setup)".
const CHAINING: u32 = 0x800b_010a;

/// What Windows has against a certificate, in its own words, and their number; the library passes
/// both on as one text.
fn windows_words(error: &CertificateError) -> Option<(String, u32)> {
    let CertificateError::Other(OtherError(error)) = error else { return None };
    let text = error.to_string();
    let (words, number) = text.rsplit_once(" (os error ")?;
    let number = number.strip_suffix(')')?.parse().ok().map(i32::cast_unsigned)?;
    Some((words.trim().trim_end_matches('.').to_owned(), number))
}

/// A verifier that trusts the authorities of a file and no others.
fn authorities(
    bytes: &[u8],
    crypto: &Arc<CryptoProvider>,
) -> Result<Arc<WebPkiServerVerifier>, DirectoryError> {
    let damaged =
        || DirectoryError::NoAuthority { reason: "a certificate in it is damaged".into() };
    let mut roots = RootCertStore::empty();
    for certificate in certificates(bytes)? {
        roots.add(certificate).map_err(|_| damaged())?;
    }
    let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), crypto.clone());
    verifier.build().map_err(|_| damaged())
}

/// Trusts what the authorities of the file have signed, and what the system trusts; and keeps the
/// certificate so that it can be shown.
#[derive(Debug)]
struct Witness {
    own_authorities: Option<Arc<WebPkiServerVerifier>>,
    system: Option<Verifier>,
    schemes: WebPkiSupportedAlgorithms,
    seen: Arc<Mutex<Option<Vec<u8>>>>,
}

impl ServerCertVerifier for Witness {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        // Kept whatever the verdict: the signature of the handshake may be refused later.
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = Some(end_entity.to_vec());
        let unknown = rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer);
        let mut verdict = Err(unknown.clone());
        if let Some(own) = &self.own_authorities {
            verdict =
                own.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now);
        }
        match &self.system {
            // What the file's authorities have signed, and is wrong, is no better for the system.
            Some(system) if verdict.as_ref().is_err_and(|error| *error == unknown) => system
                .verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now),
            _ => verdict,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, cert, dss, &self.schemes)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, cert, dss, &self.schemes)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.schemes.supported_schemes()
    }
}

/// A certificate for people, a line each: whom it names, who signed it, and its fingerprint.
fn describe(der: &[u8]) -> String {
    let mut lines = Vec::new();
    if let Ok((_, certificate)) = X509Certificate::from_der(der) {
        let names = certificate.subject_alternative_name().ok().flatten();
        let names = names.into_iter().flat_map(|names| &names.value.general_names);
        let names = names.filter_map(|name| match name {
            GeneralName::DNSName(name) => Some((*name).to_owned()),
            GeneralName::IPAddress(bytes) => address(bytes),
            _ => None,
        });
        let names = names.collect::<Vec<_>>().join(", ");
        lines.push(format!("subject      {}", certificate.subject()));
        lines.push(format!("issuer       {}", certificate.issuer()));
        lines.push(format!("names        {}", if names.is_empty() { "none" } else { &names }));
    }
    let hash = digest::digest(&digest::SHA256, der);
    let hash = hash.as_ref().iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>();
    lines.push(format!("SHA-256      {}", hash.join(":")));
    // Names are the server's own words, and may be long or hold anything.
    lines.iter().map(|line| format!("\n    {}", clean(line))).collect()
}

/// An address as a certificate holds it. Source: RFC 5280, 4.2.1.6.
fn address(bytes: &[u8]) -> Option<String> {
    let four = <[u8; 4]>::try_from(bytes).map(std::net::IpAddr::from);
    let address = four.or_else(|_| <[u8; 16]>::try_from(bytes).map(std::net::IpAddr::from));
    address.ok().map(|address| address.to_string())
}

/// Certificates in PEM, or a single one in DER, as `certutil` and the Windows dialogs save it.
fn certificates(bytes: &[u8]) -> Result<Vec<CertificateDer<'static>>, DirectoryError> {
    /// The tag of a SEQUENCE in DER, which a certificate is. Source: X.690, 8.9; RFC 5280, 4.1.
    const SEQUENCE: u8 = 0x30;
    if bytes.first() == Some(&SEQUENCE) {
        return Ok(vec![CertificateDer::from(bytes.to_vec())]);
    }
    let found = CertificateDer::pem_slice_iter(bytes).collect::<Result<Vec<_>, _>>();
    match found {
        Ok(found) if !found.is_empty() => Ok(found),
        Ok(_) => Err(DirectoryError::NoAuthority {
            reason: "there is no PEM block of that kind in it".into(),
        }),
        Err(_) => {
            Err(DirectoryError::NoAuthority { reason: "a PEM block in it is damaged".into() })
        }
    }
}

/// The verifier shows names as `DnsName("dc1.contoso.com")`; people want the inner part.
fn bare_name(presented: &str) -> String {
    presented
        .split('"')
        .nth(1)
        .or_else(|| presented.split(['(', ')']).nth(1))
        .unwrap_or(presented)
        .to_owned()
}
