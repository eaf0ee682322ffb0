//! The specs that a command line names: read from wherever they stand, and one of several chosen by its name.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use crate::Io;
use crate::check::{Checked, Held, check_each};
use crate::cli::PlaceArgs;
use crate::document::LARGEST_BYTES;
use crate::intent::settings::EffectiveSettings;
use crate::model::{CredentialSpec, SpecPlace, path_text, shell_word, some_of};
use crate::parallel;
use crate::store;
use crate::usage::{self, UsageError};

/// A text that was read, and the file that it stands in.
pub(super) struct Text {
    pub(super) checked: Checked,
    pub(super) name: String,
    pub(super) path: Option<PathBuf>,
    pub(super) bytes: Vec<u8>,
}

impl Text {
    /// The text as a command line names it.
    pub(super) fn word(&self) -> String {
        if self.name == SpecPlace::Dash.input_name() { "-".into() } else { shell_word(&self.name) }
    }

    /// The specs in it.
    pub(super) fn specs(&self) -> impl Iterator<Item = NamedSpec<'_>> {
        self.checked.each.iter().map(|held| NamedSpec { text: self, held })
    }
}

/// One of the specs of a text.
#[derive(Clone, Copy)]
pub(super) struct NamedSpec<'a> {
    pub(super) text: &'a Text,
    pub(super) held: &'a Held,
}

impl<'a> NamedSpec<'a> {
    /// Whether it is all of its text.
    pub(super) fn is_alone(self) -> bool {
        self.held.place.is_none()
    }

    /// The name of the file that is this spec and nothing else.
    pub(super) fn own_file(self) -> Option<&'a str> {
        let name = self.text.path.as_deref()?.file_name()?.to_str()?;
        Some(name).filter(|_| self.is_alone())
    }

    /// The spec, where nothing is wrong with it.
    pub(super) fn spec(self) -> Option<&'a CredentialSpec> {
        self.held.spec.as_ref().filter(|_| self.text.checked.is_usable(self.held))
    }

    fn account(self) -> Option<&'a str> {
        Some(self.held.spec.as_ref()?.domain_join_config.machine_account_name.as_str())
    }

    /// The name by which it is told from others.
    pub(super) fn shown(self) -> Option<&'a str> {
        self.held.name.as_deref().or(self.own_file()).or(self.account())
    }

    /// Whether somebody means this one by `name`.
    pub(super) fn is_called(self, name: &str) -> bool {
        self.has_name(name) || self.is_of(name)
    }

    /// Whether it, or its file, has this name.
    fn has_name(self, name: &str) -> bool {
        let stem = self.own_file().map(|file| file.rsplit_once('.').map_or(file, |(stem, _)| stem));
        let names = [self.held.name.as_deref(), self.own_file(), stem];
        names.into_iter().flatten().any(|own| own == name)
    }

    /// Whether it is a spec of this account.
    fn is_of(self, account: &str) -> bool {
        self.account().is_some_and(|own| own.eq_ignore_ascii_case(account))
    }
}

/// Reads one text, which should hold a spec.
pub(super) fn text(
    place: &SpecPlace,
    what: &str,
    directory: &PlaceArgs,
    effective: &EffectiveSettings,
    io: &mut Io<'_>,
) -> Result<Text> {
    let place = effective.located(place, directory)?;
    let name = place.input_name();
    let bytes = io.read_specs(&place, what)?;
    let checked = check_each(&name, &bytes, &effective.catalogue).named();
    Ok(Text { checked, name, path: place.file().map(Path::to_owned), bytes })
}

/// Reads all that is named; in directories, what holds specs.
pub(super) fn texts(
    places: &[SpecPlace],
    effective: &EffectiveSettings,
    io: &mut Io<'_>,
) -> Result<Vec<Text>> {
    if places.iter().filter(|one| **one == SpecPlace::Dash).count() > 1 {
        return Err(UsageError::two_readers().into());
    }
    let mut texts = Vec::new();
    for place in places {
        let directory = place.file().filter(|path| store::is_directory(path));
        let Some(directory) = directory else {
            texts.push(text(place, "the spec", &PlaceArgs::default(), effective, io)?);
            continue;
        };
        let paths = store::specs_in(directory, true).context("listing a directory")?;
        // Each is looked at, so that the error that is told is that of the first in order.
        let found = parallel::each(paths, |path| -> Result<_> {
            let bytes = store::read(&path, LARGEST_BYTES)?;
            let name = path_text(&path);
            let checked = check_each(&name, &bytes, &effective.catalogue);
            let has_spec = checked.skip.is_none();
            Ok(has_spec.then(|| Text { checked, name, path: Some(path), bytes }))
        });
        for text in found {
            texts.extend(text?);
        }
    }
    Ok(texts)
}

/// The one that somebody means by `name`: its own, or else its account's.
pub(super) fn called<'a>(name: &str, specs: &[NamedSpec<'a>]) -> Result<NamedSpec<'a>, UsageError> {
    let all = specs.iter().copied();
    let mut found = all.clone().filter(|one| one.has_name(name)).collect::<Vec<_>>();
    if found.is_empty() {
        found.extend(all.filter(|one| one.is_of(name)));
    }
    let mut found = found.into_iter();
    match (found.next(), found.count()) {
        (Some(one), 0) => Ok(one),
        (None, _) => {
            Err(not_chosen(format!("none of {} specs is called `{name}`", specs.len()), specs))
        }
        (Some(_), more) => Err(not_chosen(
            format!("{} of {} specs are called `{name}`", more + 1, specs.len()),
            specs,
        )),
    }
}

/// The error for several specs of which one is to be chosen.
pub(super) fn not_chosen(message: String, specs: &[NamedSpec<'_>]) -> UsageError {
    /// Most names that a message lists.
    const MOST: usize = 20;
    let names = specs.iter().map(|one| one.shown().unwrap_or("(one with errors)"));
    let names = some_of(names, MOST);
    UsageError::new(&usage::SPEC_NOT_CHOSEN, message, format!("there are: {names}"))
}
