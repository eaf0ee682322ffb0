//! Names by which the files of a directory lead to one another.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use super::texts::{Input, Texts};
pub(super) use crate::check::references::beside;
use crate::check::references::{self, Names};
use crate::document::Finding;
use crate::model::name::name_key;
use crate::model::{SpecPlace, path_text};
use crate::parallel;

/// What is said of each input. Only whoever names a directory says that what is in
/// it belongs together.
pub(super) fn findings(texts: &Texts<'_>) -> HashMap<SpecPlace, Vec<Finding>> {
    let is_manifest = |input: &Input, is_yaml: bool| {
        let extension = input.place.file().and_then(Path::extension);
        let has = |word: &str| extension.is_some_and(|own| own.eq_ignore_ascii_case(word));
        let is_of = if is_yaml { has("yaml") || has("yml") } else { has("json") };
        input.is_found && is_of
    };
    // Most directories hold specs and no manifests: those are not read twice.
    let mut all = read(texts, |input| is_manifest(input, true));
    if !all.iter().any(|(.., names)| names.lead_elsewhere()) {
        return HashMap::new();
    }
    all.extend(read(texts, |input| is_manifest(input, false)));
    let files = texts.inputs.iter().filter_map(|input| input.place.file());
    let files = files.filter_map(Path::file_name).map(|name| name_key(&path_text(Path::new(name))));
    let found = references::findings(&all, &files.collect::<HashSet<_>>());
    let place = |at: usize| texts.inputs.get(at).map(|input| input.place.clone());
    found.into_iter().filter_map(|(at, findings)| Some((place(at)?, findings))).collect()
}

fn read(texts: &Texts<'_>, is_wanted: impl Fn(&Input) -> bool) -> Vec<(usize, String, Names)> {
    let of = |(at, input): (usize, &Input)| {
        let directory = path_text(input.place.file()?.parent()?);
        let bytes = texts.read(&input.place).ok()?;
        Some((at, directory, references::names(&input.place.input_name(), &bytes)?))
    };
    let inputs = texts.inputs.iter().enumerate().filter(|(_, input)| is_wanted(input));
    parallel::each(inputs.collect(), of).into_iter().flatten().collect()
}
