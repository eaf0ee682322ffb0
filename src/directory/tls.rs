//! TLS as the system trusts it, and what to say of a certificate that is not trusted.

use std::net::IpAddr;
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

use super::error::{CertificateFault, ConnectionError, DirectoryError};
use super::shown_text::{clean, said};
use crate::model::Endpoint;

/// The settings for one connection, and the certificate that came.
#[derive(Debug)]
pub(super) struct Tls {
    pub(super) config: Arc<ClientConfig>,
    trust: Arc<Trust>,
    seen: Arc<Mutex<Seen>>,
}

/// The certificates that a server has shown, its own first.
type Seen = Vec<CertificateDer<'static>>;

impl Tls {
    /// TLS as rustls does it by default, with the system's authorities and those of the file, for a
    /// certificate that names the host of `endpoint`.
    pub(super) fn new(own: Option<&[u8]>, endpoint: &Endpoint) -> Result<Self, DirectoryError> {
        let crypto = Arc::new(provider::default_provider());
        let own_authorities = own.map(|bytes| authorities(bytes, &crypto)).transpose()?;
        let system = Verifier::new(crypto.clone()).ok();
        if system.is_none() && own_authorities.is_none() {
            return Err(ConnectionError::NoTrust.into());
        }
        let trust = Arc::new(Trust { own_authorities, system });
        let seen = Arc::new(Mutex::new(Seen::new()));
        let recorder = CertificateRecorder {
            trust: trust.clone(),
            address: endpoint.host.parse::<IpAddr>().map(ServerName::from).ok(),
            schemes: crypto.signature_verification_algorithms,
            seen: seen.clone(),
        };
        let mut config = ClientConfig::builder_with_provider(crypto)
            .with_safe_default_protocol_versions()
            .map_err(|_| ConnectionError::NoTrust)?
            // The word is rustls' for any verifier that is not its own; this one is the system's.
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(recorder))
            .with_no_client_auth();
        // An address is not named there. Source: RFC 6066, 3.
        config.enable_sni = endpoint.host.parse::<IpAddr>().is_err();
        Ok(Self { config: Arc::new(config), trust, seen })
    }

    /// Whether the certificate that the server has shown is valid for this name as well.
    pub(super) fn is_for(&self, name: &str) -> bool {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let (Some((own, others)), Ok(name)) = (seen.split_first(), ServerName::try_from(name))
        else {
            return false;
        };
        self.trust.verify(own, others, &name, &[], UnixTime::now()).is_ok()
    }

    /// What the library's error before or during TLS means.
    pub(super) fn error(&self, endpoint: &Endpoint, error: LdapError) -> DirectoryError {
        let server = endpoint.to_string();
        let no_tls =
            |server, reason: &str| ConnectionError::NoTls { server, reason: reason.into() };
        match error {
            LdapError::LdapResult { result } => {
                ConnectionError::NoStartTls { server, reason: said(&result) }.into()
            }
            LdapError::Io { source } => {
                match source.get_ref().and_then(|inner| inner.downcast_ref()) {
                    Some(rustls::Error::InvalidCertificate(error)) => self.refusal(endpoint, error),
                    Some(rustls::Error::InvalidMessage(_)) => {
                        no_tls(server, "it answered with something else").into()
                    }
                    Some(_) => no_tls(
                        server,
                        "no common TLS version, cipher suite or signature algorithm; supported are TLS 1.2 and 1.3 with RSA, P-256, P-384 and Ed25519 certificates",
                    ).into(),
                    None => no_tls(server, "it closed the connection").into(),
                }
            }
            LdapError::DNSName { .. } => ConnectionError::HostNotFound {
                host: endpoint.host.clone(),
                reason: "it is not a valid TLS server name".into(),
            }
            .into(),
            _ => no_tls(server, "it closed the connection").into(),
        }
    }

    fn refusal(&self, endpoint: &Endpoint, error: &CertificateError) -> DirectoryError {
        let server = endpoint.to_string();
        let seen = std::mem::take(&mut *self.seen.lock().unwrap_or_else(PoisonError::into_inner));
        let certificate = seen.first().map(|own| describe(own)).unwrap_or_default();
        let not_trusted = || untrusted(&seen, self.trust.own_authorities.is_some());
        let fault = match error {
            CertificateError::UnknownIssuer => not_trusted(),
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
            CertificateError::BadEncoding => CertificateFault::Bad("it is damaged".into()),
            CertificateError::Revoked => CertificateFault::Bad("it was revoked".into()),
            CertificateError::BadSignature => CertificateFault::Bad(
                "its signature, or that of an authority above it, does not match, or the key is too short"
                    .into(),
            ),
            CertificateError::UnsupportedSignatureAlgorithmContext { .. }
            | CertificateError::UnsupportedSignatureAlgorithmForPublicKeyContext { .. } => {
                CertificateFault::Bad(unverifiable(&seen))
            }
            CertificateError::InvalidPurpose | CertificateError::InvalidPurposeContext { .. } => {
                CertificateFault::Bad("it is not one for a server".into())
            }
            other => match windows_words(other) {
                // Of a chain that ends nowhere Windows says something else than of one that ends at
                // an authority that it does not trust.
                Some((_, CHAINING)) => not_trusted(),
                Some((words, number)) => {
                    CertificateFault::Windows(format!("{} ({number:#010X})", clean(&words)))
                }
                None => CertificateFault::Bad(breach(other)),
            },
        };
        DirectoryError::Certificate { server, fault, certificate }
    }
}

/// Why no authority that is trusted vouches for these certificates.
fn untrusted(seen: &[CertificateDer<'_>], own_authorities: bool) -> CertificateFault {
    let last = seen.last().and_then(|last| X509Certificate::from_der(last).ok());
    match last.map(|(_, last)| (last.subject().to_string(), last.issuer().to_string())) {
        Some((subject, issuer)) if subject == issuer && seen.len() == 1 => {
            CertificateFault::SelfSigned
        }
        Some((subject, issuer)) if subject != issuer => {
            CertificateFault::Unchained { issuer: clean(&issuer), own_authorities }
        }
        _ => CertificateFault::NotTrusted { own_authorities },
    }
}

/// The first signature in a chain that cannot be verified here, in words.
fn unverifiable(seen: &[CertificateDer<'_>]) -> String {
    /// Source: RFC 8017, appendix C; RFC 3279, 2.2.3.
    const OUTDATED: [(&str, &str); 4] = [
        ("1.2.840.113549.1.1.4", "MD5 with RSA"),
        ("1.2.840.113549.1.1.5", "SHA-1 with RSA"),
        ("1.2.840.10045.4.1", "SHA-1 with ECDSA"),
        ("1.2.840.10040.4.3", "SHA-1 with DSA"),
    ];
    /// Source: RFC 8017, appendix C.
    const PSS: &str = "1.2.840.113549.1.1.10";
    let kinds = seen.iter().filter_map(|one| {
        let (_, certificate) = X509Certificate::from_der(one).ok()?;
        Some(certificate.signature_algorithm.algorithm.to_id_string())
    });
    let kinds = kinds.collect::<Vec<_>>();
    let outdated = kinds.iter().find_map(|kind| OUTDATED.iter().find(|(known, _)| kind == known));
    if let Some((_, words)) = outdated {
        return format!("it is signed in a way that is no longer trusted, {words}");
    }
    if kinds.iter().any(|kind| kind == PSS) {
        return "it is signed with RSASSA-PSS, with a hash or a length of the salt that cannot be verified here: the salt must be as long as the hash".into();
    }
    "it is signed with a kind of key or hash that cannot be verified here; RSA, P-256, P-384 and Ed25519 can be".into()
}

/// What a certificate is refused for, where rustls has no type for it but its verifier's own word.
fn breach(error: &CertificateError) -> String {
    let said = format!("{error:?}");
    let known = [
        ("CaUsedAsEndEntity", "it is the certificate of an authority, not of a server"),
        ("UnsupportedCertVersion", "it is of an old form (X.509 v1)"),
        ("NameConstraint", "an authority above it may not issue certificates for such names"),
        ("PathLen", "an authority above it may not have others below it"),
        ("MaximumPathBuild", "the chain of authorities above it is too long"),
        ("UnsupportedCriticalExtension", "it has a critical extension that is not known here"),
    ];
    let found = known.iter().find(|(word, _)| said.contains(word));
    found.map_or_else(
        || format!("the verifier says `{}`", clean(&said)),
        |(_, words)| (*words).into(),
    )
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
) -> Result<Arc<WebPkiServerVerifier>, ConnectionError> {
    let damaged =
        || ConnectionError::NoAuthority { reason: "a certificate in it is damaged".into() };
    let mut roots = RootCertStore::empty();
    for certificate in certificates(bytes)? {
        roots.add(certificate).map_err(|_| damaged())?;
    }
    let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), crypto.clone());
    verifier.build().map_err(|_| damaged())
}

/// Whom to trust: what the authorities of the file have signed, and what the system trusts.
#[derive(Debug)]
struct Trust {
    own_authorities: Option<Arc<WebPkiServerVerifier>>,
    system: Option<Verifier>,
}

impl Trust {
    fn verify(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
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
}

/// Verifies a server's certificates, and keeps them so that they can be shown, and asked about.
#[derive(Debug)]
struct CertificateRecorder {
    trust: Arc<Trust>,
    /// The address that was named instead of a host name: the library cannot pass on every one (see
    /// `ldap3_faults::url`).
    address: Option<ServerName<'static>>,
    schemes: WebPkiSupportedAlgorithms,
    seen: Arc<Mutex<Seen>>,
}

impl ServerCertVerifier for CertificateRecorder {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let name = self.address.as_ref().unwrap_or(server_name);
        // Kept whatever the verdict: the signature of the handshake may be refused later.
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = [end_entity]
            .into_iter()
            .chain(intermediates)
            .map(|one| one.clone().into_owned())
            .collect();
        self.trust.verify(end_entity, intermediates, name, ocsp_response, now)
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
fn certificates(bytes: &[u8]) -> Result<Vec<CertificateDer<'static>>, ConnectionError> {
    /// The tag of a SEQUENCE in DER, which a certificate is. Source: X.690, 8.9; RFC 5280, 4.1.
    const SEQUENCE: u8 = 0x30;
    /// The object identifier of PKCS#7 signed data in DER. Source: RFC 2315, 14.
    const PKCS7: &[u8] = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02";
    let wrong = |reason: &str| Err(ConnectionError::NoAuthority { reason: reason.into() });
    let pkcs7 = "it is a bundle of the form PKCS#7 (.p7b); export each certificate as X.509 (.cer), or `openssl pkcs7 -print_certs`";
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return wrong("it is UTF-16, as Windows PowerShell writes it; save it as ASCII or UTF-8");
    }
    if bytes.first() == Some(&SEQUENCE) {
        // The identifier stands behind the header of the sequence.
        let head = &bytes[..bytes.len().min(32)];
        if head.windows(PKCS7.len()).any(|part| part == PKCS7) {
            return wrong(pkcs7);
        }
        return Ok(vec![CertificateDer::from(bytes.to_vec())]);
    }
    let found = CertificateDer::pem_slice_iter(bytes).collect::<Result<Vec<_>, _>>();
    let has = |label: &[u8]| bytes.windows(label.len()).any(|part| part == label);
    match found {
        Ok(found) if !found.is_empty() => Ok(found),
        Ok(_) if has(b"-----BEGIN PKCS7-----") || has(b"-----BEGIN CMS-----") => wrong(pkcs7),
        Ok(_) => wrong("there is no PEM block of that kind in it"),
        Err(_) => wrong("a PEM block in it is damaged"),
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
