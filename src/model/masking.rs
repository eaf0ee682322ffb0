//! Which values may be shown, by the names of their keys: where a spec names its plug-in, or a key
//! sounds like a secret, nothing is shown but what is known to hold none.

use super::alike::alike;

/// What may be shown of what stands below a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shown {
    /// Its value, where that is no list and no object.
    Value,
    /// Its values, where they stand in a list.
    Values,
    /// Whatever is known by its own key.
    Known,
    /// As [`Known`](Self::Known), but only what a `HostAccountConfig` has.
    KnownOfHost,
    /// The same, below a key that nobody knows: it may be that block by another name.
    Unknown,
    /// Nothing.
    Nothing,
}

/// Keys of objects and lists that hold what is known.
const HOLDERS: [&str; 9] = [
    "ActiveDirectoryConfig",
    "DomainJoinConfig",
    "GroupManagedServiceAccounts",
    "credspec",
    "spec",
    "metadata",
    "items",
    "gmsaCredentialSpec",
    "CmsPlugins",
];

/// Keys whose values are no secrets: of credential specs, and of the objects that hold them.
const KNOWN: [&str; 11] = [
    "Sid",
    "MachineAccountName",
    "Guid",
    "DnsTreeName",
    "DnsName",
    "NetBiosName",
    "Name",
    "Scope",
    "apiVersion",
    "kind",
    "namespace",
];

/// The same where the value is a list.
const KNOWN_LIST: [&str; 1] = ["CmsPlugins"];

/// The same inside of `HostAccountConfig`, and elsewhere where they are misplaced.
const KNOWN_OF_HOST: [&str; 2] = ["PortableCcgVersion", "PluginGUID"];

/// Parts of words that people write over secrets.
const SECRET: [&str; 9] =
    ["input", "secret", "passw", "passphrase", "pwd", "token", "login", "credential", "apikey"];
/// Words that hold one of these, and no secret.
const NO_SECRET: [&str; 4] =
    ["gmsacredentialspec", "gmsacredentialspecname", "credentialspec", "credentialspecs"];

impl Shown {
    /// What may be shown below `key`, which stands where `around` holds.
    pub(crate) fn below(around: Self, key: &str) -> Self {
        match around {
            Self::KnownOfHost | Self::Unknown if is_among(&KNOWN_OF_HOST, key) => Self::Value,
            Self::Known => Self::of(key),
            _ => Self::Nothing,
        }
    }

    /// What may be shown of an element of a list of which this may be.
    #[must_use]
    pub(crate) fn element(self) -> Self {
        match self {
            Self::Values => Self::Value,
            Self::Known => Self::Known,
            _ => Self::Nothing,
        }
    }

    /// What may be shown of the value at a JSON pointer. Source: RFC 6901.
    pub(crate) fn at(pointer: &str) -> Self {
        pointer.split('/').skip(1).fold(Self::Known, |around, step| {
            let is_index = step.bytes().all(|byte| byte.is_ascii_digit());
            if is_index { around.element() } else { Self::below(around, step) }
        })
    }

    /// Whether the text of the value at a JSON pointer may be shown. One that is not what its key wants
    /// may have been meant for another, such as an input in the place of the GUID.
    pub(crate) fn shows(pointer: &str, text: &str) -> bool {
        const LONGEST_OTHER: usize = 4;
        let key = pointer.rsplit('/').next().unwrap_or_default();
        let is_of_host = is_among(&KNOWN_OF_HOST, key);
        let has_form = text.chars().all(|c| c.is_ascii_alphanumeric() || "{}-".contains(c));
        let count = |is: fn(&u8) -> bool| text.bytes().filter(is).count();
        let is_in_braces = text.starts_with('{') && text.ends_with('}');
        let has_parts = count(|byte| *byte == b'-') >= 3 && count(u8::is_ascii_digit) >= 6;
        let is_guid = has_form && (is_in_braces || has_parts);
        let is_shown = matches!(Self::at(pointer), Self::Value | Self::Values);
        is_shown && (!is_of_host || is_guid || text.len() <= LONGEST_OTHER)
    }

    /// The same at the top of a document.
    pub(crate) fn of(key: &str) -> Self {
        if is_among(&KNOWN, key) || is_among(&KNOWN_OF_HOST, key) {
            return Self::Value;
        }
        if is_among(&KNOWN_LIST, key) {
            return Self::Values;
        }
        // Most keys have no slip, and to look for one takes time.
        if is_among(&HOLDERS, key) {
            return Self::Known;
        }
        match key {
            "HostAccountConfig" => return Self::KnownOfHost,
            "PluginInput" => return Self::Nothing,
            _ => {}
        }
        // An escape in a key may stand for any letter.
        if key.contains('\\') {
            return Self::Nothing;
        }
        let word = key.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
        let is_slip_of = |known: &str| !alike(known, [&word]).is_empty();
        if NO_SECRET.contains(&word.as_str()) {
            return Self::Known;
        }
        if SECRET.iter().any(|part| word.contains(part))
            || is_slip_of("plugininput")
            || is_slip_of("password")
        {
            return Self::Nothing;
        }
        if word.contains("hostaccount") || is_slip_of("hostaccountconfig") {
            return Self::KnownOfHost;
        }
        // Whatever nobody knows may be the host's block by another name.
        let holds = |holder: &&str| is_slip_of(&holder.to_lowercase());
        if HOLDERS.iter().any(holds) { Self::Known } else { Self::Unknown }
    }
}

fn is_among(known: &[&str], key: &str) -> bool {
    known.iter().any(|known| known.eq_ignore_ascii_case(key))
}

/// Whether the name of a key may be shown: somebody may have written a value in its place.
pub(crate) fn is_name(key: &str) -> bool {
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
        for key in ["Sid", "Name", "PluginGUID"] {
            assert_eq!(Shown::of(key), Shown::Value, "{key}");
        }
        let host = "/ActiveDirectoryConfig/HostAccountConfig";
        assert!(Shown::shows(
            &format!("{host}/PluginGUID"),
            "{GDMA0342-266A-4D1P-831J-20990E82944F}"
        ));
        assert!(!Shown::shows(&format!("{host}/PluginGUID"), "contoso.com:svc:hunter2"));
        assert!(!Shown::shows(
            &format!("{host}/PluginGUID/0"),
            "{GDMA0342-266A-4D1P-831J-20990E82944F}"
        ));
        assert!(!Shown::shows(&format!("{host}/PluginGUID/Name"), "x"));
        assert!(
            Shown::shows("/CmsPlugins/0", "ActiveDirectory")
                && Shown::shows("/items/0/credspec/DomainJoinConfig/Sid", "x")
        );
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
