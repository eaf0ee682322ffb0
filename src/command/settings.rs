//! Brings flags, environment and settings file together: the first that says something counts.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, Result};

use super::UsageError;
use crate::cli::{AuthArg, ConnectionArgs, PlaceArgs};
use crate::config::{self, Auth, Settings};
use crate::plugin::{Catalogue, Plugin};
use crate::store;

/// The settings file, and all plug-ins that are known with it.
#[derive(Debug)]
pub(super) struct InForce {
    /// The file, where there is one.
    pub(super) path: Option<PathBuf>,
    pub(super) settings: Settings,
    pub(super) catalogue: Catalogue,
}

/// Reads the file that was named, else the one that is found.
pub(super) fn load(named: Option<&Path>) -> Result<InForce> {
    let path = match named {
        Some(path) => Some(path.to_owned()),
        None => std::env::current_dir().ok().and_then(|here| store::settings_file(&here)),
    };
    let settings = match &path {
        Some(path) => {
            let bytes = store::read(path, config::LARGEST_BYTES).context("reading the settings")?;
            config::parse(path, &bytes)?
        }
        None => Settings::default(),
    };
    let catalogue = Catalogue::with(&settings.plugins);
    Ok(InForce { path, settings, catalogue })
}

impl InForce {
    /// What flags and environment leave open.
    pub(super) fn complete(&self, args: &mut ConnectionArgs) {
        let settings = &self.settings;
        fill(&mut args.server, settings.server.as_ref());
        fill(&mut args.domain, settings.domain.as_ref());
        fill(&mut args.user, settings.user.as_ref());
        fill(&mut args.ca_file, settings.ca_file.as_ref());
        fill(&mut args.auth, settings.auth.map(|Auth::Simple| AuthArg::Simple).as_ref());
        fill(&mut args.timeout, settings.timeout.map(Duration::from_secs_f64).as_ref());
        // The password itself, in the environment, counts more than a file that the settings name.
        if std::env::var_os(super::login::PASSWORD).is_none() {
            fill(&mut args.password_file, settings.password_file.as_ref());
        }
    }

    /// What flags and environment leave open of the directory's place.
    pub(super) fn place(&self, args: &PlaceArgs) -> PlaceArgs {
        let mut args = args.clone();
        if args.docker_root.is_none() {
            fill(&mut args.directory, self.settings.directory.as_ref());
            fill(&mut args.docker_root, self.settings.docker_root.as_ref());
        }
        args
    }

    /// The plug-in by its id, or from the file of its definition.
    pub(super) fn plugin(&mut self, named: &str) -> Result<Plugin> {
        let is_file = named.contains(['/', '\\']) || Path::new(named).extension().is_some();
        if is_file {
            let path = Path::new(named);
            let bytes = store::read(path, config::LARGEST_BYTES)
                .context("reading the plug-in's definition")?;
            let plugin = config::parse_plugin(path, &bytes)?;
            // It stands beside what is known, so that the proof of the spec knows it too.
            let own = self.settings.plugins.iter().chain([&plugin]).cloned().collect::<Vec<_>>();
            self.catalogue = Catalogue::with(&own);
            return Ok(plugin);
        }
        if let Some(plugin) = self.catalogue.get(named) {
            return Ok(plugin.clone());
        }
        let likeness =
            |plugin: &&Plugin| (strsim::jaro_winkler(&plugin.id, named) * 1000.0).round();
        let nearest = self.catalogue.all().max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
        let nearest = nearest.filter(|plugin| likeness(plugin) >= 800.0);
        let known =
            self.catalogue.all().map(|plugin| plugin.id.as_str()).collect::<Vec<_>>().join(", ");
        let cure = match nearest {
            Some(plugin) => format!("did you mean `{}`? The plug-ins are: {known}", plugin.id),
            None => format!(
                "the plug-ins are: {known}; for another give --plugin-guid with --plugin-input-raw, or \
                 the file of its definition"
            ),
        };
        Err(UsageError::new("unknown-plugin", format!("there is no plug-in `{named}`"), cure)
            .into())
    }
}

fn fill<T: Clone>(value: &mut Option<T>, from_file: Option<&T>) {
    if value.is_none() {
        *value = from_file.cloned();
    }
}
