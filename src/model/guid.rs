//! Globally unique identifiers: of a domain, bare; of a plug-in, in braces.

use std::fmt;
use std::str::FromStr;

use uuid::Uuid;

use super::malformed::{Malformed, shown};
use super::rule::{Severity, rules};
use super::text_value::text_value;

rules! {
    pub(crate) GUID_MALFORMED {
        name: "guid-malformed",
        severity: Severity::Error,
        summary: "Guid is not a GUID",
        why: "It has 32 hexadecimal digits in groups of 8-4-4-4-12.",
        notice: "The container does not start.",
        cure: "`(Get-ADDomain).ObjectGUID` shows it.",
        bad: Some(r#""Guid": "244818ae-87ac-4fcd-92ec""#),
        good: Some(r#""Guid": "244818ae-87ac-4fcd-92ec-e79e5252348a""#),
    }
    pub(crate) GUID_IN_BRACES {
        name: "guid-in-braces",
        severity: Severity::Error,
        summary: "Guid is written in braces",
        why: "The domain's GUID is written without them, unlike the plug-in's.",
        notice: "The container does not start.",
        cure: "Remove the braces; `--fix` does so.",
        bad: Some(r#""Guid": "{244818ae-87ac-4fcd-92ec-e79e5252348a}""#),
        good: Some(r#""Guid": "244818ae-87ac-4fcd-92ec-e79e5252348a""#),
    }
    pub(crate) PLUGIN_GUID_MALFORMED {
        name: "plugin-guid-malformed",
        severity: Severity::Error,
        summary: "PluginGUID is not a GUID",
        why: "It is the CLSID of a COM class on the container hosts.",
        notice: "The plug-in is not called.",
        cure: "Write the GUID that the plug-in's own documentation gives.",
        bad: Some(r#""PluginGUID": "{CCC2A336-D7F3-4818-A213}""#),
        good: Some(r#""PluginGUID": "{CCC2A336-D7F3-4818-A213-272B7924213E}""#),
    }
    pub(crate) PLUGIN_GUID_WITHOUT_BRACES {
        name: "plugin-guid-without-braces",
        severity: Severity::Error,
        summary: "PluginGUID has no braces",
        why: "Windows looks the class up by its name in the registry, which has them.",
        notice: "The plug-in is never called, and nothing says why.",
        cure: "Put it in braces; `--fix` does so.",
        bad: Some(r#""PluginGUID": "CCC2A336-D7F3-4818-A213-272B7924213E""#),
        good: Some(r#""PluginGUID": "{ccc2a336-d7f3-4818-a213-272b7924213e}""#),
    }
    pub(crate) PLUGIN_GUID_PLACEHOLDER {
        name: "plugin-guid-placeholder",
        severity: Severity::Error,
        summary: "PluginGUID is the documentation's placeholder",
        why: "Microsoft's sample shows a GUID with letters that no GUID has, on purpose.",
        notice: "The plug-in is not called.",
        cure: "Write the GUID of the plug-in that the hosts have installed: `credspec plugins`.",
        bad: Some(r#""PluginGUID": "{GDMA0342-266A-4D1P-831J-20990E82944F}""#),
        good: Some(r#""PluginGUID": "{CCC2A336-D7F3-4818-A213-272B7924213E}""#),
    }
}

/// The objectGUID of a domain, written in lower case without braces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Guid(Uuid);

text_value!(
    Guid,
    "GUID of the domain object (not of the account), without braces.",
    "^[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}$",
    36,
    "244818ae-87ac-4fcd-92ec-e79e5252348a"
);

impl Guid {
    /// Whether all of it is zero. Source: RFC 9562, 5.9.
    pub(crate) fn is_nil(&self) -> bool {
        self.0.is_nil()
    }

    /// Whether no directory would make it: one digit throughout but zero, or digits that count up.
    pub(crate) fn is_stand_in(&self) -> bool {
        /// Where each group, or the last one, goes on is not agreed on.
        const COUNTING: [&str; 3] = [
            "12345678123412341234123456789012",
            "12345678123412341234123456789abc",
            "12345678123456781234567812345678",
        ];
        let digits = self.0.as_simple().to_string();
        let is_one = digits.chars().all(|digit| digits.starts_with(digit));
        (is_one && !self.is_nil()) || COUNTING.contains(&digits.as_str())
    }

    /// Reads `objectGUID`: the first three groups little-endian, the rest in order.
    /// Source: [MS-DTYP] 2.3.4.2. `None` unless there are sixteen bytes.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        Uuid::from_slice_le(bytes).ok().map(Self)
    }
}

impl FromStr for Guid {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        let wrong = |kind, reason: String, cure: String| -> Result<Self, Malformed> {
            Err(Malformed::new(kind, "the GUID of a domain", reason, cure))
        };
        let bare = without_braces(text).map(|inside| without_braces(inside).unwrap_or(inside));
        match (hyphenated(text), bare) {
            (Ok(guid), _) => Ok(Self(guid)),
            (Err(_), Some(bare)) if hyphenated(bare).is_ok() => {
                let cure = format!("write it without them: `{bare}`");
                let found = wrong(&GUID_IN_BRACES, "it is in braces".into(), cure);
                found.map_err(|wrong| wrong.meaning(bare))
            }
            (Err(reason), _) => {
                let cure = "write 32 hexadecimal digits in groups of 8-4-4-4-12";
                let found = wrong(&GUID_MALFORMED, reason, cure.into());
                match grouped(text) {
                    Some(meant) => found.map_err(|wrong| wrong.meaning(meant)),
                    None => found,
                }
            }
        }
    }
}

impl fmt::Display for Guid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.as_hyphenated().fmt(f)
    }
}

fn without_braces(text: &str) -> Option<&str> {
    text.strip_prefix('{')?.strip_suffix('}')
}

fn is_hyphenated(text: &str) -> bool {
    hyphenated(text).is_ok()
}

/// 32 digits without a dash, in groups.
fn grouped(text: &str) -> Option<String> {
    let is_bare = text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_bare.then(|| {
        let group = |from: usize, to: usize| &text[from..to];
        [group(0, 8), group(8, 12), group(12, 16), group(16, 20), group(20, 32)].join("-")
    })
}

/// The CLSID of a Container Credential Guard plug-in, in braces, as it was spelled.
#[derive(Debug, Clone)]
pub(crate) struct PluginGuid {
    guid: Uuid,
    text: String,
}

text_value!(
    PluginGuid,
    "CLSID of the Container Credential Guard plug-in, in braces.",
    r"^\{[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}\}$",
    38,
    "{CCC2A336-D7F3-4818-A213-272B7924213E}"
);

/// What Microsoft's documentation shows in place of a plug-in's GUID since 2021: no GUID, on
/// purpose. Source: MicrosoftDocs/Virtualization-Documentation, manage-serviceaccounts.md.
const DOCUMENTATION_PLACEHOLDER: &str = "{GDMA0342-266A-4D1P-831J-20990E82944F}";

impl FromStr for PluginGuid {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        let wrong = |kind, reason: String, cure: String| -> Result<Self, Malformed> {
            Err(Malformed::new(kind, "the GUID of a plug-in in braces", reason, cure))
        };
        if text.eq_ignore_ascii_case(DOCUMENTATION_PLACEHOLDER) {
            return wrong(
                &PLUGIN_GUID_PLACEHOLDER,
                "it is the placeholder of Microsoft's documentation, and stands for no plug-in"
                    .into(),
                "write the GUID of the plug-in that the container hosts have installed; \
                 `credspec plugins` lists those that are known"
                    .into(),
            );
        }
        let bare = without_braces(text);
        // A template that adds braces of its own makes two pairs.
        if let Some(inside) = bare.filter(|bare| without_braces(bare).is_some_and(is_hyphenated)) {
            let cure = format!("write `{inside}`");
            let found = wrong(&PLUGIN_GUID_MALFORMED, "it is in two pairs of braces".into(), cure);
            return found.map_err(|wrong| wrong.meaning(inside));
        }
        match (bare.map(hyphenated), hyphenated(text)) {
            (Some(Ok(guid)), _) => Ok(Self { guid, text: text.to_owned() }),
            (_, Ok(_)) => wrong(
                &PLUGIN_GUID_WITHOUT_BRACES,
                "it has no braces, and Windows then does not call the plug-in".into(),
                format!("write `{{{text}}}`"),
            )
            .map_err(|wrong| wrong.meaning(format!("{{{text}}}"))),
            (inner, Err(outer)) => wrong(
                &PLUGIN_GUID_MALFORMED,
                inner.and_then(Result::err).unwrap_or(outer),
                "write 32 hexadecimal digits in groups of 8-4-4-4-12, in braces".into(),
            )
            .map_err(|wrong| match grouped(bare.unwrap_or(text)) {
                Some(meant) => wrong.meaning(format!("{{{meant}}}")),
                None => wrong,
            }),
        }
    }
}

impl PluginGuid {
    /// Takes a GUID with or without braces and keeps its letter case.
    ///
    /// # Errors
    ///
    /// [`Malformed`] as for `FromStr`, but for missing braces, which are added.
    pub(crate) fn with_braces(text: &str) -> Result<Self, Malformed> {
        match text.parse() {
            Err(Malformed { rule, .. }) if *rule == PLUGIN_GUID_WITHOUT_BRACES => {
                format!("{{{text}}}").parse()
            }
            other => other,
        }
    }
}

impl fmt::Display for PluginGuid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Letter case does not tell two plug-ins apart.
impl PartialEq for PluginGuid {
    fn eq(&self, other: &Self) -> bool {
        self.guid == other.guid
    }
}

impl Eq for PluginGuid {}

/// Exactly 8-4-4-4-12: `Uuid` alone would take five other spellings. The error says what is wrong.
fn hyphenated(text: &str) -> Result<Uuid, String> {
    if let Some(letter) = text.chars().find(|c| !c.is_ascii_hexdigit() && !"-{}".contains(*c)) {
        return Err(format!("`{}` is not a hexadecimal digit", shown(letter)));
    }
    let groups = text.split('-').map(str::len).collect::<Vec<_>>();
    if groups != [8, 4, 4, 4, 12] || text.contains(['{', '}']) {
        return Err("its digits are not in groups of 8-4-4-4-12".into());
    }
    Uuid::try_parse(text).map_err(|_| "it does not read as a GUID".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of [MS-DTYP] 2.3.4.3 has the form; these bytes are the lab's domain.
    #[test]
    fn the_first_three_groups_are_little_endian_in_bytes() {
        let bytes = [
            0xae, 0x18, 0x48, 0x24, 0xac, 0x87, 0xcd, 0x4f, 0x92, 0xec, 0xe7, 0x9e, 0x52, 0x52,
            0x34, 0x8a,
        ];
        let guid = Guid::from_bytes(&bytes).unwrap();
        assert_eq!(guid.to_string(), "244818ae-87ac-4fcd-92ec-e79e5252348a");
        assert_eq!(Guid::from_bytes(&bytes[1..]), None);
    }

    #[test]
    fn a_domain_guid_is_bare_and_comes_out_in_lower_case() {
        let guid: Guid = "244818AE-87AC-4FCD-92EC-E79E5252348A".parse().unwrap();
        assert_eq!(guid.to_string(), "244818ae-87ac-4fcd-92ec-e79e5252348a");
        let braced = "{244818ae-87ac-4fcd-92ec-e79e5252348a}".parse::<Guid>().unwrap_err();
        assert!(braced.reason.contains("braces"), "{braced}");
        for text in [
            "",
            "244818ae87ac4fcd92ece79e5252348a",
            "urn:uuid:244818ae-87ac-4fcd-92ec-e79e5252348a",
            "244818ae-87ac-4fcd-92ec-e79e5252348",
            "244818ag-87ac-4fcd-92ec-e79e5252348a",
        ] {
            assert!(text.parse::<Guid>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_plugin_guid_keeps_its_spelling_and_needs_its_braces() {
        let text = "{f919de1a-efc4-4902-b7e5-56a314a87262}";
        let guid: PluginGuid = text.parse().unwrap();
        assert_eq!(guid.to_string(), text);
        assert_eq!(guid, text.to_uppercase().parse().unwrap());
        let bare = text.trim_matches(['{', '}']);
        assert_eq!(bare.parse::<PluginGuid>().unwrap_err().rule, &PLUGIN_GUID_WITHOUT_BRACES);
        assert_eq!(PluginGuid::with_braces(bare).unwrap().to_string(), text);
        assert_eq!(
            DOCUMENTATION_PLACEHOLDER.to_lowercase().parse::<PluginGuid>().unwrap_err().rule,
            &PLUGIN_GUID_PLACEHOLDER
        );
        let letter = "{CCC2A336-D7F3-4818-A213-272B7924213G}".parse::<PluginGuid>().unwrap_err();
        assert!(letter.reason.contains("`G`"), "{letter}");
    }
}
