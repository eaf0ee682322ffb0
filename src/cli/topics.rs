//! Pages of the book that the program has with it: `credspec help TOPIC`.

use clap::builder::{PossibleValue, PossibleValuesParser};

/// A page: its name, what it is about, and its text.
type Topic = (&'static str, &'static str, &'static str);

macro_rules! topics {
    ($($name:literal: $words:literal,)+) => {
        &[$(($name, $words, include_str!(concat!("../../docs/src/", $name, ".md")))),+]
    };
}

const TOPICS: &[Topic] = topics! {
    "exit-codes": "What each exit code means",
    "first-container": "From nothing to a container that logs on",
    "kubernetes": "Objects, access, and what a pod names",
    "login": "How the program logs on, and finds a controller",
    "outside-the-domain": "Hosts that are not in the domain: plug-ins and their secrets",
    "pipelines": "GitHub, Azure DevOps, GitLab, Jenkins",
    "platforms": "What each platform takes",
    "powershell-module": "From the CredentialSpec PowerShell module",
    "settings": "The settings file, and all that is in it",
    "swarm-and-compose": "Docker Compose and a swarm",
    "windows": "What differs on Windows",
};

/// The text of a page.
pub(crate) fn page(name: &str) -> Option<&'static str> {
    TOPICS.iter().find(|(own, ..)| *own == name).map(|(.., text)| *text)
}

/// Takes the name of one of the commands, or of a page.
pub(super) fn name(commands: &[&'static str]) -> PossibleValuesParser {
    let commands = commands.iter().map(|name| PossibleValue::new(*name));
    let pages = TOPICS.iter().map(|(name, words, _)| PossibleValue::new(*name).help(*words));
    PossibleValuesParser::new(commands.chain(pages))
}
