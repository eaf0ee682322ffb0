//! Brings flags, environment and settings file together: the first that says something counts.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::setting::{self, SETTINGS, Setting, Subject, Values};
use crate::check;
use crate::cli::{ConnectionArgs, PlaceArgs};
use crate::config::{self, Settings};
use crate::model::{
    AccountRef, AccountRefs, Accounts, DnsName, Domain, DomainRef, List, ServiceAccount, SpecPlace,
    alike, path_text,
};
use crate::plugin::{Catalogue, Plugin};
use crate::store::{self, CredentialSpecs, DockerRoot, Owner, StoreError};
use crate::usage::{self, UsageError};
use anyhow::{Context as _, Result};

/// The settings file, and all plug-ins that are known with it.
#[derive(Debug)]
pub(crate) struct EffectiveSettings {
    /// The file, where there is one.
    pub(crate) path: Option<PathBuf>,
    /// Whom the file belongs to, where it was only found and belongs to another user.
    foreign_owner: Option<String>,
    pub(crate) settings: Settings,
    pub(crate) catalogue: Catalogue,
}

/// A variable's value. One that is empty is not set: pipelines pass on what they lack as nothing.
pub(crate) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// The same where it need not be text.
fn raw_variable(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}

/// Variables that no row has, and that may hold other bytes than UTF-8: a path, and the password, which
/// is looked at by whoever reads it.
const NOT_TEXT: [&str; 2] = ["CREDSPEC_CONFIG", super::password::PASSWORD];

/// Refuses a variable of ours that is not text, which would else be taken for one that is not set.
fn refuse_other_than_text() -> Result<(), UsageError> {
    let ours = std::env::vars_os().filter_map(|(name, value)| {
        let name = name.into_string().ok().filter(|name| name.starts_with("CREDSPEC_"))?;
        let is_path = |row: &Setting| row.is_path && row.variable == Some(name.as_str());
        let may_be = NOT_TEXT.contains(&name.as_str()) || SETTINGS.iter().any(is_path);
        (value.to_str().is_none() && !may_be).then_some(name)
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

/// Reads the file that was named, else the one that is found.
pub(crate) fn load(named: Option<&Path>) -> Result<EffectiveSettings> {
    refuse_other_than_text()?;
    let named =
        named.map(Path::to_owned).or_else(|| raw_variable("CREDSPEC_CONFIG").map(PathBuf::from));
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
    let foreign_owner = match owner {
        Owner::Other(name) if !is_named => Some(name),
        _ => None,
    };
    Ok(EffectiveSettings { path, foreign_owner, settings, catalogue })
}

impl EffectiveSettings {
    /// Whether the file was only found, and belongs to another user: it does not decide where a login
    /// goes.
    pub(crate) fn is_of_stranger(&self) -> bool {
        self.foreign_owner.is_some()
    }

    /// Where host names of domain controllers may lie.
    pub(crate) fn host_suffixes(&self) -> Vec<DnsName> {
        let list = self.settings.host_suffix.iter().filter(|_| !self.is_of_stranger());
        list.flat_map(|List(suffixes)| suffixes).cloned().collect()
    }

    /// The warning for settings of a login that are not followed, since the file belongs to another user.
    pub(crate) fn not_followed(&self) -> Option<String> {
        let (owner, path) = (self.foreign_owner.as_ref()?, self.path.as_ref()?);
        let is_set = |row: &&Setting| row.is_of_login && (row.recorded)(&self.settings).is_some();
        let names = SETTINGS.iter().filter(is_set).map(|row| format!("`{}`", row.key));
        let names = names.collect::<Vec<_>>();
        let path = path_text(path);
        (!names.is_empty()).then(|| format!(
            "warning: {} of `{path}` ignored: the file is owned by another user ({owner}), and these settings decide which server receives your credentials\n  help: if you trust the file, name it: --config '{path}', or CREDSPEC_CONFIG\n",
            names.join(", ")
        ))
    }

    /// How a directory is reached: what the flags say, then the environment, then the file. With
    /// `for_login` somebody will be logged on: where to is not for the file of another user to decide
    /// ([`not_followed`](Self::not_followed)). Without it only the domain has an effect, which chooses
    /// among recorded ones.
    pub(crate) fn connection(
        &self,
        args: &ConnectionArgs,
        for_login: bool,
    ) -> Result<ConnectionArgs, UsageError> {
        super::password::refuse_typed_password(args)?;
        let follows = !(for_login && self.is_of_stranger());
        let mut values = Values { connection: args.clone(), ..Values::default() };
        let has_effect = |row: &&Setting| {
            row.subject == Subject::Connection && (for_login || row.name == "domain")
        };
        for row in SETTINGS.iter().filter(has_effect) {
            // The password itself, in the environment, counts more than a file that the settings name.
            let is_overridden =
                row.name == "password-file" && super::password::from_environment().is_some();
            let is_followed = !is_overridden && (follows || !row.is_of_login);
            self.take(row, &mut values, is_followed)?;
        }
        Ok(values.connection)
    }

    /// Takes what the variable of a setting says, else what the file says, unless that is not followed,
    /// where no flag has said it.
    fn take(
        &self,
        row: &Setting,
        values: &mut Values,
        is_followed: bool,
    ) -> Result<(), UsageError> {
        if !(row.given)(values).is_empty() {
            return Ok(());
        }
        if let Some((name, word)) = row.variable.and_then(|name| Some((name, raw_variable(name)?)))
        {
            return row.take(values, &word).map_err(|wrong| {
                let shown = setting::shown(row, &word.to_string_lossy());
                UsageError::new(
                    &usage::ENVIRONMENT,
                    format!("{name} is `{shown}`: {wrong}"),
                    format!("set it right, or give --{}", row.name),
                )
            });
        }
        if let Some(word) = (row.recorded)(&self.settings).filter(|_| is_followed) {
            // The file has been checked when it was read.
            let _ = row.take(values, &word);
        }
        Ok(())
    }

    /// The same for the place of the CredentialSpecs directory. Paths cannot be invalid.
    pub(crate) fn place(&self, args: &PlaceArgs) -> PlaceArgs {
        let mut values = Values { place: args.clone(), ..Values::default() };
        // Docker's root, on the command line, counts more than the file's directory.
        let is_followed = args.docker_root.is_none();
        for row in SETTINGS.iter().filter(|row| row.subject == Subject::Place) {
            let _ = self.take(row, &mut values, is_followed);
        }
        values.place
    }

    /// Where a text with specs stands, once Docker's directory is found.
    ///
    /// # Errors
    ///
    /// Where that directory is not there.
    pub(crate) fn located(
        &self,
        place: &SpecPlace,
        args: &PlaceArgs,
    ) -> Result<SpecPlace, StoreError> {
        let SpecPlace::Docker(name) = place else { return Ok(place.clone()) };
        let found = self.place(args).directory();
        Ok(SpecPlace::File(found.existing()?.join(name.as_str())))
    }

    /// The plug-in that flag, variable and settings lead to, in this order.
    pub(crate) fn named_plugin(&self, flag: Option<String>) -> Option<String> {
        let mut values = Values { plugin: flag, ..Values::default() };
        for row in SETTINGS.iter().filter(|row| row.subject == Subject::Plugin) {
            // Any text is one.
            let _ = self.take(row, &mut values, true);
        }
        values.plugin.filter(|id| !id.is_empty())
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

    /// Accounts as the settings state their domains: the main one's own, else `usual`, else the only one. That
    /// they exist is not verified. With them the file that records the domain.
    pub(crate) fn recorded_accounts(
        &self,
        named: &AccountRefs,
        usual: Option<&DomainRef>,
    ) -> Result<(&Path, Domain, Accounts), UsageError> {
        let (path, domain) = self.recorded(named.main.domain.as_ref().or(usual))?;
        let stated = |account: &AccountRef| -> Result<ServiceAccount, UsageError> {
            let own = match &account.domain {
                Some(other) if !other.is(domain) => self.recorded(Some(other))?.1,
                _ => domain,
            };
            Ok(ServiceAccount::stated(account.name.clone(), own.names()))
        };
        let others = named.additional.iter().map(stated).collect::<Result<Vec<_>, _>>()?;
        Ok((path, domain.clone(), Accounts::new(stated(&named.main)?, others)))
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
        let meant = self.catalogue.all().filter(|plugin| plugin.is_known_as(named));
        let meant = meant.map(|plugin| format!("`--plugin {}` ({})", plugin.id, plugin.title));
        let meant = meant.collect::<Vec<_>>().join(" or ");
        if !meant.is_empty() {
            let message = format!("there is no plug-in `{named}`");
            let cure = format!("write {meant}");
            return Err(UsageError::new(&config::UNKNOWN_PLUGIN, message, cure).into());
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

impl PlaceArgs {
    /// The CredentialSpecs directory that these arguments lead to.
    pub(crate) fn directory(&self) -> CredentialSpecs {
        let known =
            DockerRoot { directory: self.directory.as_deref(), root: self.docker_root.as_deref() };
        store::directory(known)
    }
}
