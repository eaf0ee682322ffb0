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

use std::sync::OnceLock;

pub(crate) use definition::{Field, Platform, Plugin, Shape};
pub(crate) use input::Fault;
pub(crate) use input::{PLUGIN_INPUT, RULES};
pub(crate) use secret_form::{SecretDomain, SecretForm, SecretShape};
pub(crate) use value::FieldValue;

use crate::model::PluginGuid;

/// Definitions that are part of the program, in the order in which they are shown.
static BUILTIN: [Builtin; 10] = [
    Builtin::of(include_str!("plugin/builtin/akv.toml")),
    Builtin::of(include_str!("plugin/builtin/aws-linux.toml")),
    Builtin::of(include_str!("plugin/builtin/aws-windows.toml")),
    Builtin::of(include_str!("plugin/builtin/cloudfoundry.toml")),
    Builtin::of(include_str!("plugin/builtin/fiftynine.toml")),
    Builtin::of(include_str!("plugin/builtin/rancher.toml")),
    Builtin::of(include_str!("plugin/builtin/macsux.toml")),
    Builtin::of(include_str!("plugin/builtin/sdk-stub.toml")),
    Builtin::of(include_str!("plugin/builtin/tkgi.toml")),
    Builtin::of(include_str!("plugin/builtin/vault.toml")),
];

/// A definition that is read where it is asked for: most files name one plug-in or none, and to read all takes longer
/// than to judge a file.
struct Builtin {
    text: &'static str,
    guid: OnceLock<&'static str>,
    row: OnceLock<Option<Plugin>>,
}

impl Builtin {
    const fn of(text: &'static str) -> Self {
        Self { text, guid: OnceLock::new(), row: OnceLock::new() }
    }

    fn row(&self) -> Option<&Plugin> {
        self.row.get_or_init(|| toml::from_str(self.text).ok()).as_ref()
    }

    fn id(&self) -> &'static str {
        self.value("id")
    }

    fn guid(&self) -> &'static str {
        self.guid.get_or_init(|| self.value("guid"))
    }

    /// What stands in the text behind the key, without reading the rest; a test holds it to the row.
    fn value(&self, key: &str) -> &'static str {
        let mut lines = self.text.lines();
        let own = lines.find_map(|line| line.strip_prefix(key)?.strip_prefix(" = \""));
        own.and_then(|own| own.strip_suffix('"')).unwrap_or_default()
    }
}

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

    /// All of them: those that are offered first.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Plugin> {
        offered_first(BUILTIN.iter().filter_map(Builtin::row).chain(&self.own).collect())
            .into_iter()
    }

    /// The plug-in with this id.
    pub(crate) fn get(&self, id: &str) -> Option<&Plugin> {
        let builtin = BUILTIN.iter().filter(|one| one.id() == id).filter_map(Builtin::row);
        builtin.chain(&self.own).find(|row| row.id == id)
    }

    /// Every plug-in with this GUID; there may be several, with different grammars.
    pub(crate) fn with_guid<'a>(&'a self, guid: &PluginGuid) -> Vec<&'a Plugin> {
        let text = guid.to_string();
        let builtin = BUILTIN.iter().filter(|one| one.guid().eq_ignore_ascii_case(&text));
        let known = builtin.filter_map(Builtin::row).chain(&self.own);
        offered_first(known.filter(|row| row.guid == *guid).collect())
    }
}

fn offered_first(mut rows: Vec<&Plugin>) -> Vec<&Plugin> {
    rows.sort_by_key(|row| !row.offered);
    rows
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_builtin_definition_is_read_and_right() {
        for builtin in &BUILTIN {
            let row = toml::from_str::<Plugin>(builtin.text).unwrap();
            assert_eq!(row.mistakes(), [], "{}", row.id);
            assert_eq!((builtin.id(), builtin.guid()), (&*row.id, &*row.guid.to_string()));
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
        let catalogue = Catalogue::default();
        let ids = catalogue.all().map(|row| &row.id).collect::<HashSet<_>>();
        assert_eq!(ids.len(), BUILTIN.len(), "ids are unique");
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
