//! Why a server's certificate is refused.

use crate::model::{ErrorRow, error_kinds, some_of};

/// Most names of a certificate that are told.
const MOST_NAMES: usize = 8;

error_kinds! {
    CERTIFICATE_NOT_TRUSTED { "certificate-not-trusted", 3,
        "the certificate of the server comes from an authority that is not trusted here",
        "Give the certificate of your domain's authority with --ca-file (on a domain controller: `certutil -ca.cert ca.cer`)." }
    CERTIFICATE_FOR_OTHER_NAME { "certificate-for-other-name", 3,
        "the certificate of the server is for another name",
        "Name the domain controller with --server as its certificate does." }
    CERTIFICATE_OUT_OF_DATE { "certificate-out-of-date", 3,
        "the certificate of the server has expired, or is not valid yet",
        "Renew it, or set the clock of this machine." }
    CERTIFICATE_BAD { "certificate-bad", 3,
        "the certificate of the server cannot be accepted",
        "Issue the domain controller a certificate for server authentication." }
}

/// Why a certificate is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum CertificateFault {
    /// It comes from an authority that is not trusted here.
    NotTrusted { own_authorities: bool },
    /// The certificate of its authority is neither trusted here nor shown by the server.
    Unchained { issuer: String, own_authorities: bool },
    /// It vouches for itself alone.
    SelfSigned,
    /// It is for other names.
    OtherName { host: String, names: Vec<String> },
    /// Its time is over, or has not come.
    OutOfDate(&'static str),
    /// It is wrong in another way.
    Bad(String),
    /// Windows refuses it, in its own words.
    Windows(String),
}

impl CertificateFault {
    /// Kind, words that follow "the certificate of HOST", and cure.
    pub(super) fn row(&self) -> ErrorRow {
        const CA: &str = "give the certificate of your domain's authority with --ca-file (on a domain controller: `certutil -ca.cert ca.cer`)";
        match self {
            Self::NotTrusted { own_authorities } => ErrorRow::new(
                CERTIFICATE_NOT_TRUSTED.name,
                "comes from an authority that this machine does not trust",
                if *own_authorities {
                    format!("the file given by --ca-file holds another authority: {CA}")
                } else {
                    CA.into()
                },
            ),
            Self::Unchained { issuer, own_authorities } => ErrorRow::new(
                CERTIFICATE_NOT_TRUSTED.name,
                format!(
                    "is issued by `{issuer}`, whose own certificate is neither trusted here nor sent by the server"
                ),
                format!(
                    "{}give the certificate of `{issuer}` with --ca-file (on a domain controller: `certutil -ca.cert ca.cer`); if that authority is below one that is trusted here, the server can be set up to send its certificate",
                    if *own_authorities {
                        "the file given by --ca-file does not hold it: "
                    } else {
                        ""
                    }
                ),
            ),
            Self::SelfSigned => ErrorRow::new(
                CERTIFICATE_NOT_TRUSTED.name,
                "is self-signed, and not trusted here",
                "issue the domain controller a certificate by your domain's authority; or trust this one alone: save it to a file, compare its fingerprint, and give it with --ca-file",
            ),
            Self::OtherName { host, names } if names.is_empty() => ErrorRow::new(
                CERTIFICATE_FOR_OTHER_NAME.name,
                format!("names no host at all, and so not `{host}`"),
                "issue the domain controller a certificate with its DNS name as subject alternative name",
            ),
            Self::OtherName { host, names } => ErrorRow::new(
                CERTIFICATE_FOR_OTHER_NAME.name,
                format!("is not for `{host}` but for {}", some_of(names, MOST_NAMES)),
                "name the domain controller with --server as its certificate does",
            ),
            Self::OutOfDate(reason) => ErrorRow::new(
                CERTIFICATE_OUT_OF_DATE.name,
                *reason,
                "renew the domain controller's certificate, or set this machine's clock",
            ),
            Self::Bad(reason) => ErrorRow::new(
                CERTIFICATE_BAD.name,
                format!("cannot be accepted: {reason}"),
                "issue the domain controller a certificate for server authentication",
            ),
            Self::Windows(words) => ErrorRow::new(
                CERTIFICATE_BAD.name,
                format!("cannot be accepted: Windows says `{words}`"),
                "see what `certutil -verify` says of it, and that this machine reaches the CA's certificate revocation list (CRL)",
            ),
        }
    }
}
