//! The plug-ins of Container Credential Guard that are known: which fields their input has, and
//! what their own parsers do to it.
//!
//! A plug-in is a row of data, built in or a company's own, in the same form. Nothing here knows
//! where a value comes from.

mod definition;
mod input;
mod kind;
mod mistakes;
mod secret_form;
mod value;

use std::sync::LazyLock;

pub(crate) use definition::{Field, Platform, Plugin, Shape};
pub(crate) use input::Fault;
pub(crate) use input::{PLUGIN_INPUT, RULES};
pub(crate) use secret_form::{SecretDomain, SecretForm, SecretShape};
pub(crate) use value::FieldValue;

use crate::model::PluginGuid;

/// Definitions that are part of the program, in the order in which they are shown.
const BUILTIN: &[&str] = &[
    include_str!("plugin/builtin/akv.toml"),
    include_str!("plugin/builtin/aws-linux.toml"),
    include_str!("plugin/builtin/aws-windows.toml"),
    include_str!("plugin/builtin/cloudfoundry.toml"),
    include_str!("plugin/builtin/fiftynine.toml"),
    include_str!("plugin/builtin/rancher.toml"),
    include_str!("plugin/builtin/macsux.toml"),
    include_str!("plugin/builtin/sdk-stub.toml"),
    include_str!("plugin/builtin/tkgi.toml"),
    include_str!("plugin/builtin/vault.toml"),
];

/// Read where one is asked for: most files name none.
static ROWS: LazyLock<Vec<Plugin>> =
    LazyLock::new(|| BUILTIN.iter().filter_map(|text| toml::from_str(text).ok()).collect());

/// All plug-ins that are known in one run.
#[derive(Debug, Clone, Default)]
pub(crate) struct Catalogue {
    own: Vec<Plugin>,
}

impl Catalogue {
    /// The built-in plug-ins, and these.
    pub(crate) fn with(own: &[Plugin]) -> Self {
        Self { own: own.to_vec() }
    }

    fn rows(&self) -> impl Iterator<Item = &Plugin> {
        ROWS.iter().chain(&self.own)
    }

    /// All of them: those that are offered first.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Plugin> {
        let offered = self.rows().filter(|row| row.offered);
        offered.chain(self.rows().filter(|row| !row.offered))
    }

    /// The plug-in with this id.
    pub(crate) fn get(&self, id: &str) -> Option<&Plugin> {
        self.rows().find(|row| row.id == id)
    }

    /// Every plug-in with this GUID; there may be several, with different grammars.
    pub(crate) fn with_guid<'a>(&'a self, guid: &PluginGuid) -> Vec<&'a Plugin> {
        self.all().filter(|row| row.guid == *guid).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_builtin_definition_is_read_and_right() {
        for text in BUILTIN {
            let row = toml::from_str::<Plugin>(text).unwrap();
            assert_eq!(row.mistakes(), [], "{}", row.id);
            assert!(
                row.takes_secret() != row.secret_format.is_some(),
                "{}: the secret is somewhere",
                row.id
            );
            assert!(
                row.secret.is_none() || row.secret_format.is_some(),
                "{}: its form is told to people as well",
                row.id
            );
        }
        assert_eq!(ROWS.len(), BUILTIN.len());
    }

    #[test]
    fn every_definition_in_the_folder_is_built_in() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/plugin/builtin");
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let id = path.file_stem().unwrap().to_str().unwrap();
            assert!(
                Catalogue::default().get(id).is_some(),
                "{} is built in under its name",
                path.display()
            );
        }
        let ids = ROWS.iter().map(|row| &row.id).collect::<HashSet<_>>();
        assert_eq!(ids.len(), ROWS.len(), "ids are unique");
        let catalogue = Catalogue::default();
        let shown = catalogue.all().map(|row| (!row.offered, &row.id)).collect::<Vec<_>>();
        assert!(shown.is_sorted(), "{shown:?}");
    }

    #[test]
    fn two_guids_are_shared_on_purpose() {
        let catalogue = Catalogue::default();
        let sharing = |id: &str| {
            let guid = &catalogue.get(id).unwrap().guid;
            catalogue.with_guid(guid).iter().map(|row| row.id.as_str()).collect::<Vec<_>>()
        };
        assert_eq!(sharing("tkgi"), ["fiftynine", "tkgi"]);
        assert_eq!(sharing("aws-linux"), ["aws-linux", "aws-windows"]);
        for id in ["akv", "cloudfoundry", "macsux", "rancher", "sdk-stub"] {
            assert_eq!(sharing(id), [id]);
        }
    }

    #[test]
    fn variables_are_named_after_plug_in_and_field() {
        let catalogue = Catalogue::default();
        let akv = catalogue.get("akv").unwrap();
        assert_eq!(
            akv.variable(akv.field("secret-uri").unwrap()),
            "CREDSPEC_PLUGIN_AKV_SECRET_URI"
        );
    }
}
