//! Which values may be shown, by the names of their keys: where a spec names its plug-in, or a key
//! sounds like a secret, nothing is shown but what is known to hold none.

use super::alike::alike;

/// What may be shown of what stands below a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// Its value.
    Value,
    /// Whatever is known by its own key.
    Known,
    /// As [`Known`](Self::Known), but only what a `HostAccountConfig` has.
    KnownOfHost,
    /// Nothing.
    Nothing,
}

/// Keys whose values are no secrets: of credential specs, and of the objects that hold them.
const KNOWN: [&str; 12] = [
    "Sid",
    "MachineAccountName",
    "Guid",
    "DnsTreeName",
    "DnsName",
    "NetBiosName",
    "Name",
    "Scope",
    "CmsPlugins",
    "apiVersion",
    "kind",
    "namespace",
];

/// The same inside of `HostAccountConfig`, and elsewhere where they are misplaced.
const KNOWN_OF_HOST: [&str; 2] = ["PortableCcgVersion", "PluginGUID"];

/// Parts of words that people write over secrets.
const SECRET: [&str; 6] = ["input", "secret", "passw", "pwd", "token", "login"];

impl Shown {
    /// What may be shown below `key`, which stands where `around` holds.
    pub fn below(around: Self, key: &str) -> Self {
        match around {
            Self::KnownOfHost if is_among(&KNOWN_OF_HOST, key) => Self::Value,
            Self::KnownOfHost | Self::Nothing => Self::Nothing,
            Self::Value | Self::Known => Self::of(key),
        }
    }

    /// What may be shown of the value at a JSON pointer. Source: RFC 6901.
    pub fn at(pointer: &str) -> Self {
        let steps = pointer.split('/').skip(1).filter(|step| step.parse::<usize>().is_err());
        steps.fold(Self::Known, Self::below)
    }

    /// The same at the top of a document.
    pub fn of(key: &str) -> Self {
        if is_among(&KNOWN, key) || is_among(&KNOWN_OF_HOST, key) {
            return Self::Value;
        }
        // An escape in a key may stand for any letter.
        if key.contains('\\') {
            return Self::Nothing;
        }
        let word = key.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
        let is_slip_of = |known: &str| !alike(known, [&word]).is_empty();
        if SECRET.iter().any(|part| word.contains(part))
            || is_slip_of("plugininput")
            || is_slip_of("password")
        {
            return Self::Nothing;
        }
        if word.contains("hostaccount") || is_slip_of("hostaccountconfig") {
            return Self::KnownOfHost;
        }
        Self::Known
    }
}

fn is_among(known: &[&str], key: &str) -> bool {
    known.iter().any(|known| known.eq_ignore_ascii_case(key))
}

/// Whether the name of a key may be shown: somebody may have written a value in its place.
pub fn is_name(key: &str) -> bool {
    const LONGEST: usize = 40;
    key.len() <= LONGEST && key.chars().all(|c| c.is_alphabetic() || "_- $".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_known_is_shown_of_a_plug_in() {
        for key in [
            "PluginInput",
            "PluginInpt",
            "PluginInputs",
            "Input",
            "secret",
            "pwd",
            "PluginInput ",
            "PLUGININPUT",
            "password",
            "passwrd",
            "Pasword",
            "Plugin\\u0049nput",
            "loginName",
        ] {
            assert_eq!(Shown::of(key), Shown::Nothing, "{key}");
        }
        for key in ["HostAccountConfig", "hostaccountconfig", "HostAcountConfig", "HostAccount"] {
            assert_eq!(Shown::of(key), Shown::KnownOfHost, "{key}");
        }
        for key in ["Sid", "Name", "PluginGUID", "CmsPlugins"] {
            assert_eq!(Shown::of(key), Shown::Value, "{key}");
        }
        for key in [
            "ActiveDirectoryConfig",
            "DomainJoinConfig",
            "GroupManagedServiceAccounts",
            "metadata",
            "credspec",
        ] {
            assert_eq!(Shown::of(key), Shown::Known, "{key}");
        }
        let inside = Shown::of("HostAccountConfig");
        assert_eq!(Shown::below(inside, "PluginGUID"), Shown::Value);
        for key in ["Name", "x", "HostAccountConfig"] {
            assert_eq!(Shown::below(inside, key), Shown::Nothing, "{key}");
        }
    }
}
