//! Why Kerberos does not come about: what its library says, in words.

/// Why Kerberos does not come about.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    /// What the library's own words hold in this case: MIT Kerberos, `krb5_err.et`; [MS-ERREF] on
    /// Windows.
    #[cfg_attr(
        not(any(windows, feature = "kerberos")),
        allow(dead_code, reason = "never read then")
    )]
    words: &'static [&'static str],
    /// A stable word in kebab-case.
    pub kind: &'static str,
    /// What is wrong.
    pub meaning: &'static str,
    /// What to do.
    pub cure: &'static str,
}

/// There is none, which is no fault: whoever has none logs on in another way.
pub(crate) const NO_TICKET: &Fault = &Fault {
    words: &[
        "No Kerberos credentials available",
        "No credentials cache found",
        "credentials cache file",
        "Can't find client principal",
        "No credentials were supplied",
        "SEC_E_NO_CREDENTIALS",
    ],
    kind: "no-ticket",
    meaning: "there is no Kerberos ticket",
    cure: if cfg!(windows) {
        "start the program as a user of the domain (`runas /netonly`), or log on by name and password: --user with --password-file"
    } else {
        "get one with `kinit user@REALM`, or log on by name and password: --user with --password-file"
    },
};

const FAULTS: &[Fault] = &[
    Fault {
        words: &["Ticket expired", "credentials have expired", "credential has expired"],
        kind: "ticket-expired",
        meaning: "the Kerberos ticket has expired",
        cure: "get a new one with `kinit`",
    },
    Fault {
        words: &["Clock skew", "not yet valid", "time skew"],
        kind: "clock-skew",
        meaning: "the clocks of this machine and of the domain controller are too far apart for Kerberos",
        cure: "set this machine's clock; Kerberos allows five minutes",
    },
    Fault {
        words: &["Improper format of Kerberos configuration file", "configuration file"],
        kind: "kerberos-settings",
        meaning: "the Kerberos configuration (krb5.conf) cannot be read",
        cure: "check krb5.conf, or the file that KRB5_CONFIG names",
    },
    Fault {
        words: &["not found in Kerberos database", "S_PRINCIPAL_UNKNOWN", "TARGET_UNKNOWN"],
        kind: "service-unknown",
        meaning: "no service principal name (SPN) `ldap/HOST` is registered for that host name",
        cure: "name the domain controller with --server by its full DNS name, not by an address or an alias",
    },
    Fault {
        words: &[
            "Cannot contact any KDC",
            "Cannot find KDC",
            "Cannot resolve",
            "KDC for realm",
            "NO_LOGON_SERVERS",
        ],
        kind: "no-kdc",
        meaning: "no Kerberos server (KDC) of the realm can be reached",
        cure: "check that DNS, or krb5.conf, names the realm's KDC, and that port 88 is open to it",
    },
];

const OTHER: &Fault = &Fault {
    words: &[],
    kind: "kerberos-failed",
    meaning: "the login by Kerberos fails",
    cure: "see what `klist` and `kinit` say, or log on by name and password: --user with --password-file",
};

/// The fault that the library's words tell.
#[cfg(any(windows, feature = "kerberos", test))]
pub(crate) fn fault(said: &str) -> &'static Fault {
    let is = |fault: &&Fault| fault.words.iter().any(|words| said.contains(words));
    [NO_TICKET, KEYTAB_UNUSABLE].into_iter().chain(FAULTS).find(is).unwrap_or(OTHER)
}

/// The cache that is there is none.
pub(crate) const CACHE_UNUSABLE: &Fault = &Fault {
    words: &[],
    kind: "ticket-cache-unusable",
    meaning: "the Kerberos credential cache cannot be used",
    cure: "get a ticket with `kinit`, or name the right cache with KRB5CCNAME",
};

/// The key that there is brings none; the library does not say why.
pub(crate) const KEYTAB_UNUSABLE: &Fault = &Fault {
    words: &["eytab", "ey table", "Preauthentication failed"],
    kind: "keytab-unusable",
    meaning: "no Kerberos ticket can be obtained with the keytab",
    cure: "`kinit -k -t KEYTAB PRINCIPAL` says why: the key may be an older one than the account has, the clocks may differ, or no KDC can be reached",
};

/// Nobody answered.
pub(crate) const NO_ANSWER: &Fault = &Fault {
    words: &[],
    kind: "ticket-timeout",
    meaning: "the Kerberos library has no ticket in time: its credential cache, or a KDC, does not answer",
    cure: "check what `klist` says, and that the realm's KDC can be reached",
};

/// All of them.
pub(crate) fn faults() -> impl Iterator<Item = &'static Fault> {
    [NO_TICKET, KEYTAB_UNUSABLE, CACHE_UNUSABLE, NO_ANSWER].into_iter().chain(FAULTS).chain([OTHER])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_librarys_words_choose_the_sentence() {
        for (said, kind) in [
            (
                "gssapi major error No credentials were supplied: No Kerberos credentials available (default cache: FILE:/x)",
                "no-ticket",
            ),
            ("minor error Ticket expired", "ticket-expired"),
            ("Clock skew too great", "clock-skew"),
            ("Server ldap/x@Y not found in Kerberos database", "service-unknown"),
            ("Cannot contact any KDC for realm 'CONTOSO.COM'", "no-kdc"),
            ("Keytab contains no suitable keys for ci@CONTOSO.COM", "keytab-unusable"),
            ("Improper format of Kerberos configuration file", "kerberos-settings"),
            ("something else", "kerberos-failed"),
        ] {
            assert_eq!(fault(said).kind, kind, "{said}");
        }
    }
}
