//! `credspec.toml`: what a company writes down once; and definitions of plug-ins in files.
//!
//! Text in, values or findings out; finding and reading the file is for others.

mod declared;
mod plugin;
mod reading;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer};

use self::declared::SyncSettings;
pub(crate) use self::declared::{DeclaredSpec, NO_PLUGIN};
pub(crate) use self::plugin::{PLUGIN_DEFINITION, UNKNOWN_PLUGIN};
pub(crate) use self::plugin::{is_definition, parse_plugin};
pub(crate) use self::reading::{ConfigError, PLUGIN_SCHEMA_TEXT, SCHEMA_TEXT};
use self::reading::{SCHEMA, read, source, text_is, unread};
use crate::document::{Finding, Levels};
use crate::model::{
    DnsName, DnsServer, Domain, DomainRef, List, Malformed, Rule, Server, Severity, UserName,
    path_text, rules,
};
use crate::plugin::{Catalogue, Plugin};

/// The rules that settings and definitions of plug-ins alone are held to.
pub(crate) fn rules() -> impl Iterator<Item = &'static Rule> {
    [RULES, declared::RULES, plugin::RULES, reading::RULES].into_iter().flatten().copied()
}

rules! {
    pub(crate) UNKNOWN_RULE {
        name: "unknown-rule",
        severity: Severity::Error,
        summary: "there is no rule of this name",
        why: "deny, warn and allow take names of rules, and there is no rule with this name.",
        notice: "Nothing is checked.",
        cure: "Write the name as `credspec explain` lists it.",
        bad: None,
        good: None,
    }
    PATH_MALFORMED {
        name: "path-malformed",
        severity: Severity::Error,
        summary: "a path holds a control character",
        why: r"In double quotes TOML reads `\t` and `\n` as characters of their own, as in `C:\temp`.",
        notice: "The settings are not used.",
        cure: "Write a backslash twice in double quotes, or use single quotes.",
        bad: None,
        good: None,
    }
    NOT_SETTINGS {
        name: "not-settings",
        severity: Severity::Error,
        summary: "the file cannot be read as settings",
        why: "The schema accepts it and the program does not: that is a fault of credspec.",
        notice: "The settings are not used.",
        cure: "Compare the values with `credspec schema config`, and report it.",
        bad: None,
        good: None,
    }
}

/// Largest settings file, in bytes.
pub(crate) const LARGEST_BYTES: usize = 1 << 20;

/// The settings file of credspec, credspec.toml. A flag or an environment variable counts more.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", default)]
#[schemars(deny_unknown_fields)]
pub(crate) struct Settings {
    /// Domain controller: HOST, ldaps://HOST[:PORT], or ldap://HOST for port 389. Several, separated
    /// by spaces, are tried in order. Without one DNS names them.
    #[serde(deserialize_with = "from_text")]
    #[schemars(with = "String")]
    pub server: Option<List<Server>>,
    /// Address of a DNS server to ask instead of the system's; several are separated by spaces.
    #[serde(deserialize_with = "from_text")]
    #[schemars(with = "String")]
    pub dns_server: Option<List<DnsServer>>,
    /// Domains, besides that of the accounts and its forest, in which the host names of domain
    /// controllers may lie that DNS names; several are separated by spaces.
    #[serde(deserialize_with = "from_text")]
    #[schemars(with = "String")]
    pub host_suffix: Option<List<DnsName>>,
    /// Domain of the accounts, by its DNS or NetBIOS name.
    #[serde(deserialize_with = "from_text")]
    #[schemars(with = "String")]
    pub domain: Option<DomainRef>,
    /// Who asks: user@domain, DOMAIN\user, or a distinguished name.
    #[serde(deserialize_with = "from_text")]
    #[schemars(with = "String")]
    pub user: Option<UserName>,
    /// How to log on: kerberos is with the ticket one has; simple is by name and password, inside
    /// TLS; auto is simple where a user is named, and else kerberos.
    #[schemars(with = "Auth")]
    pub auth: Option<Auth>,
    /// File that holds the password. The password itself has no place in this file.
    #[schemars(with = "String")]
    pub password_file: Option<PathBuf>,
    /// Certificates of authorities to trust besides the system's.
    #[schemars(with = "String")]
    pub ca_file: Option<PathBuf>,
    /// Longest time for finding a controller, logging on and asking, in seconds.
    #[schemars(with = "f64", range(min = 0.1, max = 3600.0))]
    pub timeout: Option<f64>,
    /// The CredentialSpecs directory.
    #[schemars(with = "String")]
    pub directory: Option<PathBuf>,
    /// Docker's root.
    #[schemars(with = "String")]
    pub docker_root: Option<PathBuf>,
    /// Plug-in that new specs get unless another, or none, is asked for: an id, or the file of a
    /// definition.
    #[schemars(with = "String")]
    pub default_plugin: Option<String>,
    /// Values of plug-ins' fields: a table for each plug-in, by its id.
    pub plugin_input: BTreeMap<String, BTreeMap<String, String>>,
    /// A company's own plug-ins.
    #[serde(rename = "plugin")]
    pub plugins: Vec<Plugin>,
    /// Specs that `sync` keeps true.
    #[serde(rename = "spec")]
    pub specs: Vec<DeclaredSpec>,
    /// How it keeps them.
    pub sync: SyncSettings,
    /// What `validate` makes of rules; its flags come on top.
    pub validate: Levels,
    /// Recorded facts of domains, by any name; --offline builds from them.
    pub domains: BTreeMap<String, Domain>,
}

/// How to log on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(inline)]
pub(crate) enum Auth {
    Auto,
    Kerberos,
    Simple,
}

/// Reads settings; `path` is the file's, for reports and for the paths in it. `rule_names` are those
/// that may be given a level.
///
/// # Errors
///
/// [`ConfigError`] with everything that was found.
pub(crate) fn parse(
    path: &Path,
    bytes: &[u8],
    rule_names: &[&'static str],
) -> Result<Settings, ConfigError> {
    let name = path_text(path);
    let (text, located) = read(&name, bytes, &SCHEMA)?;
    let mut findings = Vec::new();
    text_is::<List<Server>>(&located, "/server", &mut findings);
    text_is::<List<DnsServer>>(&located, "/dns-server", &mut findings);
    text_is::<List<DnsName>>(&located, "/host-suffix", &mut findings);
    text_is::<DomainRef>(&located, "/domain", &mut findings);
    text_is::<UserName>(&located, "/user", &mut findings);
    declared::malformed(&located, &mut findings);
    let wrong = |findings| Err(ConfigError::new(source(&name, &text, &located, None), findings));
    if !findings.is_empty() {
        return wrong(findings);
    }
    let mut settings: Settings = match serde_json::from_value(located.value.clone()) {
        Ok(settings) => settings,
        Err(_) => return wrong(vec![unread(&NOT_SETTINGS)]),
    };
    let builtin = Catalogue::default();
    for (index, own) in settings.plugins.iter().enumerate() {
        let pointer = format!("/plugin/{index}");
        let earlier = settings.plugins[..index].iter().map(|other| &other.id);
        if builtin.get(&own.id).is_some() || earlier.into_iter().any(|id| *id == own.id) {
            findings.push(plugin::taken(own).at(located.place(&format!("{pointer}/id"))));
        }
        findings.extend(plugin::mistakes(own, &pointer, &located));
    }
    let catalogue = Catalogue::with(&settings.plugins);
    for (id, values) in &settings.plugin_input {
        plugin::input_findings(&catalogue, id, values, &located, &mut findings);
    }
    declared::mistakes(&settings.specs, &settings.sync, &catalogue, &located, &mut findings);
    if let Some(id) = settings.default_plugin.as_deref().filter(|id| !is_definition(id))
        && catalogue.get(id).is_none()
    {
        findings.push(plugin::unknown_plugin(&catalogue, id).at(located.place("/default-plugin")));
    }
    if let Some((name, near)) = settings.validate.unknown(rule_names) {
        let list = ["deny", "warn", "allow"].map(|list| format!("/validate/{list}"));
        let place = list.iter().find_map(|list| {
            let names = located.value.pointer(list)?.as_array()?;
            let index = names.iter().position(|known| known.as_str() == Some(name))?;
            located.place(&format!("{list}/{index}"))
        });
        let help = near.first().map(|near| format!("did you mean `{near}`?"));
        let help = help.unwrap_or_else(|| "`credspec explain` lists all rules".into());
        let finding = Finding::new(&UNKNOWN_RULE, format!("there is no rule `{name}`"));
        findings.push(finding.help(help).at(place));
    }
    for key in PATHS {
        let pointer = format!("/{key}");
        let text = located.value.pointer(&pointer).and_then(|value| value.as_str());
        let text = text.unwrap_or_default();
        if let Some(found) = text.chars().find(|c| c.is_control()) {
            let message = format!("no path holds `{}`", found.escape_default());
            let help = "in double quotes a backslash is written twice; in single quotes once";
            let finding = Finding::new(&PATH_MALFORMED, message);
            findings.push(finding.help(help).at(located.place(&pointer)));
        }
    }
    if !findings.is_empty() {
        let source = source(&name, &text, &located, Some(&catalogue));
        return Err(ConfigError::new(source, findings));
    }
    settings.resolve(path.parent().unwrap_or(Path::new("")));
    Ok(settings)
}

fn from_text<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: FromStr<Err = Malformed>,
{
    let text = String::deserialize(deserializer)?;
    text.parse().map(Some).map_err(serde::de::Error::custom)
}

/// The settings that are paths.
const PATHS: [&str; 4] = ["password-file", "ca-file", "directory", "docker-root"];

impl Settings {
    /// Paths in the file are meant from the file's own directory.
    fn resolve(&mut self, base: &Path) {
        let paths = [
            &mut self.password_file,
            &mut self.ca_file,
            &mut self.directory,
            &mut self.docker_root,
        ];
        for path in paths.into_iter().flatten() {
            *path = base.join(&path);
        }
        let named = self.specs.iter_mut().filter_map(|spec| spec.plugin.as_mut());
        for named in
            self.default_plugin.iter_mut().chain(named).filter(|named| is_definition(named))
        {
            *named = base.join(&*named).display().to_string();
        }
    }

    /// The recorded domain that `asked` names; without a name, the only one.
    pub(crate) fn recorded(&self, asked: Option<&DomainRef>) -> Option<&Domain> {
        match asked {
            Some(asked) => self.domains.values().find(|domain| asked.is(domain)),
            None if self.domains.len() == 1 => self.domains.values().next(),
            None => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONTOSO: &str = r#"
[domains."contoso.com"]
sid = "S-1-5-21-702590844-1001920913-2680819671"
guid = "56d9b66c-d746-4f87-bd26-26760cfdca2e"
dns-name = "contoso.com"
forest-dns-name = "contoso.com"
netbios-name = "CONTOSO"
"#;

    const OWN: &str = r#"
[[plugin]]
id = "contoso-vault"
title = "Contoso's own"
guid = "{11111111-2222-3333-4444-555555555555}"
runs-on = "our hosts"
secret-format = "user:password"
source = "wiki"

[plugin.input]
shape = "sequence"
template = "{safe}/{entry}"

[[plugin.field]]
id = "safe"
meaning = "name of the safe"
kind = "text"
example = "gmsa"

[[plugin.field]]
id = "entry"
meaning = "name of the entry"
kind = "text"
example = "webapp01"
"#;

    fn read(text: &str) -> Result<Settings, ConfigError> {
        parse(Path::new("/etc/credspec.toml"), text.as_bytes(), &["scope-missing"])
    }

    #[test]
    fn the_published_schema_is_that_of_the_types() {
        crate::document::schema::tests::compare::<Settings>("config", SCHEMA_TEXT);
    }

    #[test]
    fn the_published_schema_of_a_plug_in_is_that_of_the_type() {
        use super::reading::PLUGIN_SCHEMA_TEXT;
        crate::document::schema::tests::compare::<Plugin>("plugin", PLUGIN_SCHEMA_TEXT);
    }

    #[test]
    fn a_recorded_domain_is_found_by_either_name() {
        let settings = read(CONTOSO).unwrap();
        for name in ["contoso.com", "CONTOSO", "Contoso.Com"] {
            assert!(settings.recorded(Some(&name.parse().unwrap())).is_some(), "{name}");
        }
        assert!(settings.recorded(None).is_some());
        assert!(settings.recorded(Some(&"fabrikam.com".parse().unwrap())).is_none());
    }

    #[test]
    fn all_settings_are_read_and_paths_are_the_files_own() {
        let text = format!(
            "server = \"dc1.contoso.com dc2\"\ndns-server = \"10.0.0.53\"\ndomain = \"contoso.com\"\nuser = \"ci@contoso.com\"\n\
             auth = \"simple\"\npassword-file = \"pw.txt\"\nca-file = \"/ca.pem\"\ntimeout = 2.5\n\
             default-plugin = \"contoso-vault\"\n[plugin-input.contoso-vault]\nsafe = \"gmsa\"\n{OWN}{CONTOSO}"
        );
        let settings = read(&text).unwrap();
        assert_eq!(settings.password_file, Some("/etc/pw.txt".into()));
        assert_eq!(settings.ca_file, Some("/ca.pem".into()));
        assert_eq!(settings.plugin_input["contoso-vault"]["safe"], "gmsa");
        assert_eq!(settings.plugins[0].fields.len(), 2);
        assert_eq!((settings.timeout, settings.auth), (Some(2.5), Some(Auth::Simple)));
    }

    #[test]
    fn mistakes_are_reported_with_their_place() {
        for (text, rule, at) in [
            (CONTOSO.replace("netbios-name", "netbios-nam"), "misspelled-key", "netbios-nam "),
            (CONTOSO.replace("guid", "#"), "missing-key", "\"contoso.com\"]"),
            (CONTOSO.replace("9671", "9671-1110"), "sid-of-account", "\"S-1-5"),
            (CONTOSO.replace("[domains", "[domain"), "wrong-type", "domain."),
            (CONTOSO.replace("sid = \"", "sid = "), "not-toml", "S-1"),
            (format!("{CONTOSO}\nsid = 1"), "not-toml", "sid = 1"),
            ("sever = \"dc1\"".into(), "unknown-key", "sever"),
            ("server = \"http://dc1\"".into(), "server-malformed", "\"http"),
            ("server = \"ldaps://ci:hunter2@dc1\"".into(), "login-in-server", "\"ldaps"),
            ("server = ldaps://ci:hunter2@dc1".into(), "not-toml", "ldaps"),
            ("pwd = \"hunter2".into(), "not-toml", ""),
            ("[plugin-input.cloudfoundry]\npwd = \"hunter2\"".into(), "unknown-key", "pwd"),
            ("domain = \"a b\"".into(), "netbios-name-malformed", "\"a b"),
            ("timeout = 0".into(), "wrong-value", "0"),
            ("timeout = \"1\"".into(), "wrong-type", "\"1\""),
            ("auth = \"ntlm\"".into(), "wrong-value", "\"ntlm"),
            ("dns-server = \"dns1\"".into(), "dns-server-malformed", "\"dns1"),
            ("passwd = \"hunter2\"".into(), "unknown-key", "passwd"),
            ("password = \"hunter2\"".into(), "password-in-settings", "password"),
            ("default-plugin = \"akvv\"".into(), "unknown-plugin", "\"akvv"),
            ("[validate]\nallow = [\"scope-mising\"]".into(), "unknown-rule", "\"scope-mising"),
            ("[plugin-input.akvv]\na = \"b\"".into(), "unknown-plugin", "akvv"),
            ("[plugin-input.akv]\nclient-id = \"b\"".into(), "unknown-key", "client-id"),
            ("[plugin-input.akv]\nobject-id = \"b\"".into(), "plugin-input", "\"b\""),
            (
                "[plugin-input.sdk-stub]\npassword = \"hunter2\"".into(),
                "password-in-settings",
                "password",
            ),
            (OWN.replace("{safe}/{entry}", "{safe}/{entri}"), "plugin-definition", "\"{safe}"),
            (OWN.replace("{safe}/{entry}", "{safe}{entry}"), "plugin-definition", "\"{safe}"),
            (OWN.replace("{safe}/", ""), "plugin-definition", "\"{entry}"),
            (OWN.replace("\"gmsa\"", "\"a/b\""), "plugin-definition", "\"a/b\""),
            (
                OWN.replace(
                    "kind = \"text\"\nexample = \"gmsa\"",
                    "kind = \"texts\"\nexample = \"gmsa\"",
                ),
                "wrong-value",
                "\"texts",
            ),
            (OWN.replace("\"sequence\"", "\"pairs\""), "plugin-definition", "\"{safe}"),
            (OWN.replace("contoso-vault", "akv"), "plugin-definition", "\"akv"),
            (OWN.replace("contoso-vault", "Contoso Vault"), "malformed", "\"Contoso V"),
            (
                OWN.replace("{1111", "1111").replace("5555}", "5555"),
                "plugin-guid-without-braces",
                "\"1111",
            ),
            (OWN.replace("meaning = \"name of the safe\"\n", ""), "missing-key", "[[plugin.field"),
            (format!("{OWN}{OWN}"), "plugin-definition", "\"contoso-vault"),
        ] {
            let error = read(&text).unwrap_err();
            let finding = &error.findings[0];
            assert_eq!(finding.rule.name, rule, "{text}: {}", finding.message);
            let start = finding.place.as_ref().unwrap().start;
            assert!(text[start..].starts_with(at), "{}: {}", finding.message, &text[start..]);
            assert!(!error.source.masked().contains("hunter2"), "{}", error.source.masked());
        }
    }

    #[test]
    fn a_definition_stands_in_a_file_of_its_own_as_well() {
        let alone = OWN.replace("[[plugin]]\n", "").replace("plugin.", "");
        let plugin = parse_plugin(Path::new("ours.toml"), alone.as_bytes()).unwrap();
        assert_eq!((plugin.id.as_str(), plugin.offered), ("contoso-vault", true));
        let error =
            parse_plugin(Path::new("ours.toml"), alone.replace("[input]", "[inputs]").as_bytes());
        assert_eq!(error.unwrap_err().findings[0].rule.name, "misspelled-key");
    }
}
