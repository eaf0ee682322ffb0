//! Why a certificate is refused, with its sentence and its cure.

use std::fmt;

use crate::model::error_kinds;

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
#[allow(missing_docs, reason = "the fields are the words of the sentences below")]
pub enum CertificateFault {
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
    /// A stable word in kebab-case.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::NotTrusted { .. } | Self::Unchained { .. } | Self::SelfSigned => {
                CERTIFICATE_NOT_TRUSTED.name
            }
            Self::OtherName { .. } => CERTIFICATE_FOR_OTHER_NAME.name,
            Self::OutOfDate(_) => CERTIFICATE_OUT_OF_DATE.name,
            Self::Bad(_) | Self::Windows(_) => CERTIFICATE_BAD.name,
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
            Self::Unchained { issuer, own_authorities } => format!(
                "{}give the certificate of `{issuer}` with --ca-file (on a domain controller: `certutil -ca.cert ca.cer`); if that authority is below one that is trusted here, the server can be set up to send its certificate",
                if *own_authorities { "the file given by --ca-file does not hold it: " } else { "" }
            ),
            Self::SelfSigned => "issue the domain controller a certificate by your domain's authority; or trust this one alone: save it to a file, compare its fingerprint, and give it with --ca-file".into(),
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
            Self::Unchained { issuer, .. } => write!(
                f,
                "is issued by `{issuer}`, whose own certificate is neither trusted here nor sent by the server"
            ),
            Self::SelfSigned => f.write_str("is self-signed, and not trusted here"),
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
