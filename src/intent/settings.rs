//! Brings flags, environment and settings file together: the first that says something counts.

use std::borrow::Cow;
use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use anyhow::{Context as _, Result};
use clap::ValueEnum as _;

use crate::check;
use crate::cli::{AuthArg, ConnectionArgs, PlaceArgs, seconds};
use crate::config::{self, Auth, Settings};
use crate::io::Io;
use crate::model::{DnsName, Domain, DomainRef, List, Malformed, Server, alike, path_text};
use crate::plugin::{Catalogue, Plugin};
use crate::store::{self, CredentialSpecs, DockerRoot, Owner};
use crate::usage::{self, UsageError};

/// The settings file, and all plug-ins that are known with it.
#[derive(Debug)]
pub(crate) struct InForce {
    /// The file, where there is one.
    pub(crate) path: Option<PathBuf>,
    /// Whom the file belongs to, where it was only found and belongs to another user.
    stranger: Option<String>,
    pub(crate) settings: Settings,
    pub(crate) catalogue: Catalogue,
}

/// A setting as the flag that it stands for.
pub(crate) fn auth(setting: Auth) -> AuthArg {
    match setting {
        Auth::Auto => AuthArg::Auto,
        Auth::Kerberos => AuthArg::Kerberos,
        Auth::Simple => AuthArg::Simple,
    }
}

/// A variable's value. One that is empty is not set: pipelines pass on what they lack as nothing.
pub(crate) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// The same where it is a path, which need not be text.
pub(crate) fn path_variable(name: &str) -> Option<PathBuf> {
    std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from)
}

/// Variables that may hold other bytes than UTF-8: paths, and the password, which is looked at by
/// whoever reads it.
const NOT_TEXT: [&str; 5] = [
    "CREDSPEC_CONFIG",
    "CREDSPEC_PASSWORD_FILE",
    "CREDSPEC_CA_FILE",
    "CREDSPEC_DIRECTORY",
    super::password::PASSWORD,
];

/// Refuses a variable of ours that is not text, which would else be taken for one that is not set.
fn refuse_other_than_text() -> Result<(), UsageError> {
    let ours = std::env::vars_os().filter_map(|(name, value)| {
        let name = name.into_string().ok().filter(|name| name.starts_with("CREDSPEC_"))?;
        (value.to_str().is_none() && !NOT_TEXT.contains(&name.as_str())).then_some(name)
    });
    match ours.min() {
        None => Ok(()),
        Some(name) => Err(UsageError::new(
            &usage::ENVIRONMENT,
            format!("the value of {name} is not UTF-8"),
            "set it right, or take it out of the environment",
        )),
    }
}

/// The variable that stands for a flag.
pub(crate) fn variable_of(flag: &str) -> String {
    format!("CREDSPEC_{}", flag.to_uppercase().replace('-', "_"))
}

/// Reads the file that was named, else the one that is found.
pub(crate) fn load(named: Option<&Path>) -> Result<InForce> {
    refuse_other_than_text()?;
    let named = named.map(Path::to_owned).or_else(|| path_variable("CREDSPEC_CONFIG"));
    let is_named = named.is_some();
    let path = named.or_else(|| store::settings_file(&std::env::current_dir().ok()?));
    let (settings, owner) = match &path {
        Some(path) => {
            let read = store::read_owned(path, config::LARGEST_BYTES);
            let (bytes, owner) = read.context("reading the settings")?;
            (config::parse(path, &bytes, &check::rule_names())?, owner)
        }
        None => (Settings::default(), Owner::Trusted),
    };
    let catalogue = Catalogue::with(&settings.plugins);
    let stranger = match owner {
        Owner::Other(name) if !is_named => Some(name),
        _ => None,
    };
    Ok(InForce { path, stranger, settings, catalogue })
}

/// Settings that decide where a login goes, and which one.
const OF_LOGIN: [&str; 6] = ["server", "dns-server", "domain", "user", "ca-file", "host-suffix"];

/// Whether a setting decides where a login goes.
pub(crate) fn is_of_login(name: &str) -> bool {
    OF_LOGIN.contains(&name)
}

impl InForce {
    /// Whether the file was only found, and belongs to another user: it does not decide where a login
    /// goes.
    pub(crate) fn is_of_stranger(&self) -> bool {
        self.stranger.is_some()
    }

    /// Where host names of domain controllers may lie.
    pub(crate) fn host_suffixes(&self) -> Vec<DnsName> {
        let list = self.settings.host_suffix.iter().filter(|_| !self.is_of_stranger());
        list.flat_map(|List(suffixes)| suffixes).cloned().collect()
    }

    /// Says which settings are not followed since the file belongs to another user.
    fn tell_not_followed(&self, io: &mut Io<'_>) {
        let (Some(owner), Some(path)) = (&self.stranger, &self.path) else { return };
        let settings = &self.settings;
        let set = [
            settings.server.is_some(),
            settings.dns_server.is_some(),
            settings.domain.is_some(),
            settings.user.is_some(),
            settings.ca_file.is_some(),
            settings.host_suffix.is_some(),
        ];
        let names = OF_LOGIN.iter().zip(set).filter(|(_, is_set)| *is_set);
        let names = names.map(|(name, _)| format!("`{name}`")).collect::<Vec<_>>();
        if !names.is_empty() {
            let path = path_text(path);
            io.tell(&format!(
                "warning: {} of `{path}` not followed: that file belongs to {owner}, and such settings decide where a login goes\n  help: if you trust the file, name it: --config '{path}', or CREDSPEC_CONFIG\n",
                names.join(", ")
            ));
        }
    }

    /// Adds what the environment says, then what the file says. With `for_login` somebody will be
    /// logged on: where to is not for the file of another user to decide, which is said.
    pub(crate) fn complete(
        &self,
        args: &mut ConnectionArgs,
        for_login: bool,
        io: &mut Io<'_>,
    ) -> Result<(), UsageError> {
        let mut settings = Cow::Borrowed(&self.settings);
        if for_login && self.is_of_stranger() {
            self.tell_not_followed(io);
            settings = Cow::Owned(Settings {
                server: None,
                dns_server: None,
                domain: None,
                user: None,
                ca_file: None,
                host_suffix: None,
                ..self.settings.clone()
            });
        }
        super::password::refuse_typed_password(args)?;
        read_list(&mut args.server, "server")?;
        read_list(&mut args.dns_server, "dns-server")?;
        read(&mut args.domain, "domain", str::parse)?;
        read(&mut args.user, "user", str::parse)?;
        read(&mut args.auth, "auth", |text| AuthArg::from_str(text, true))?;
        fill(&mut args.password_file, path_variable("CREDSPEC_PASSWORD_FILE").as_ref());
        fill(&mut args.ca_file, path_variable("CREDSPEC_CA_FILE").as_ref());
        read(&mut args.timeout, "timeout", seconds)?;
        fill_list(&mut args.server, settings.server.as_ref());
        fill_list(&mut args.dns_server, settings.dns_server.as_ref());
        fill(&mut args.domain, settings.domain.as_ref());
        fill(&mut args.user, settings.user.as_ref());
        // A name of spaces is none.
        args.user = args.user.take().filter(|user| !user.as_str().trim().is_empty());
        fill(&mut args.ca_file, settings.ca_file.as_ref());
        fill(&mut args.auth, settings.auth.map(auth).as_ref());
        fill(&mut args.timeout, settings.timeout.map(Duration::from_secs_f64).as_ref());
        // The password itself, in the environment, counts more than a file that the settings name.
        if super::password::from_environment().is_none() {
            fill(&mut args.password_file, settings.password_file.as_ref());
        }
        Ok(())
    }

    /// The same for the place of the CredentialSpecs directory.
    pub(crate) fn place(&self, args: &PlaceArgs) -> PlaceArgs {
        let mut args = args.clone();
        fill(&mut args.directory, path_variable("CREDSPEC_DIRECTORY").as_ref());
        if args.docker_root.is_none() {
            fill(&mut args.directory, self.settings.directory.as_ref());
            fill(&mut args.docker_root, self.settings.docker_root.as_ref());
        }
        args
    }

    /// The recorded domain that `asked` names, or the only one; and the file that records it.
    pub(crate) fn recorded(
        &self,
        asked: Option<&DomainRef>,
    ) -> Result<(&Path, &Domain), UsageError> {
        let Some(path) = &self.path else {
            return Err(UsageError::new(
                &usage::NO_SETTINGS,
                "--offline takes recorded facts, and there is no settings file",
                "give --config FILE or CREDSPEC_CONFIG; the file holds a table [domains.\"contoso.com\"], \
                 which `credspec domain --format toml` prints",
            ));
        };
        if let Some(domain) = self.settings.recorded(asked) {
            return Ok((path, domain));
        }
        let known = self.settings.domains.values().map(|domain| domain.dns_name.to_string());
        let known = known.collect::<Vec<_>>().join(", ");
        let known = if known.is_empty() { "none" } else { &known };
        let path = path_text(path);
        let (message, cure) = match (asked, self.settings.domains.len()) {
            (Some(asked), _) => (
                format!("`{path}` does not record the domain {asked}; it records: {known}"),
                "name one of them with --domain, or record it: `credspec domain --format toml`",
            ),
            (None, 0) => (
                format!("`{path}` records no domain"),
                "record it there: `credspec domain --format toml` prints the table",
            ),
            (None, _) => (
                format!("`{path}` records several domains: {known}"),
                "name one of them with --domain",
            ),
        };
        Err(UsageError::new(&usage::DOMAIN_NOT_RECORDED, message, cure))
    }

    /// The plug-in by its id, or from the file of its definition.
    pub(crate) fn plugin(&mut self, named: &str) -> Result<Plugin> {
        if config::is_definition(named) {
            let path = Path::new(named);
            let bytes = store::read(path, config::LARGEST_BYTES)
                .context("reading the plug-in's definition")?;
            let plugin = config::parse_plugin(path, &bytes)?;
            if self.catalogue.get(&plugin.id).is_some_and(|known| *known != plugin) {
                return Err(UsageError::new(
                    &config::PLUGIN_DEFINITION,
                    format!(
                        "`{named}` defines `{}`, and there is a plug-in of that id already",
                        plugin.id
                    ),
                    "give it another id",
                )
                .into());
            }
            // It stands beside what is known, so that the proof of the spec knows it too.
            let own = self.settings.plugins.iter().chain([&plugin]).cloned().collect::<Vec<_>>();
            self.catalogue = Catalogue::with(&own);
            return Ok(plugin);
        }
        if let Some(plugin) = self.catalogue.get(named) {
            return Ok(plugin.clone());
        }
        let nearest = alike(named, self.catalogue.all().map(|plugin| &plugin.id)).first().copied();
        let known =
            self.catalogue.all().map(|plugin| plugin.id.as_str()).collect::<Vec<_>>().join(", ");
        let cure = match nearest {
            Some(id) => format!("did you mean `{id}`? The plug-ins are: {known}"),
            None => format!(
                "the plug-ins are: {known}; for another give --plugin-guid with --plugin-input-raw, or \
                 the file of its definition"
            ),
        };
        Err(UsageError::new(
            &config::UNKNOWN_PLUGIN,
            format!("there is no plug-in `{named}`"),
            cure,
        )
        .into())
    }
}

/// Takes what the flag's variable says, where the flag is not given.
fn read<T, E: Display>(
    value: &mut Option<T>,
    flag: &str,
    parse: impl Fn(&str) -> Result<T, E>,
) -> Result<(), UsageError> {
    let name = variable_of(flag);
    let Some(text) = variable(&name).filter(|_| value.is_none()) else { return Ok(()) };
    *value = Some(parse(&text).map_err(|wrong| {
        // Whoever writes a password beside a name must not see it again.
        let shown = if flag == "user" { "…".into() } else { Server::without_login(&text) };
        UsageError::new(
            &usage::ENVIRONMENT,
            format!("{name} is `{shown}`: {wrong}"),
            format!("set it right, or give --{flag}"),
        )
    })?);
    Ok(())
}

/// The same for a flag that may be repeated.
fn read_list<T: FromStr<Err = Malformed>>(
    values: &mut Vec<T>,
    flag: &str,
) -> Result<(), UsageError> {
    let mut list = (!values.is_empty()).then(|| List(Vec::new()));
    read(&mut list, flag, str::parse)?;
    values.extend(list.map_or_else(Vec::new, |List(more)| more));
    Ok(())
}

fn fill_list<T: Clone>(values: &mut Vec<T>, from_file: Option<&List<T>>) {
    if values.is_empty() {
        values.extend(from_file.iter().flat_map(|List(more)| more.iter().cloned()));
    }
}

fn fill<T: Clone>(value: &mut Option<T>, from_file: Option<&T>) {
    if value.is_none() {
        *value = from_file.cloned();
    }
}

impl PlaceArgs {
    /// The CredentialSpecs directory that these arguments lead to.
    pub(crate) fn directory(&self) -> CredentialSpecs {
        let known =
            DockerRoot { directory: self.directory.as_deref(), root: self.docker_root.as_deref() };
        store::directory(known)
    }
}
