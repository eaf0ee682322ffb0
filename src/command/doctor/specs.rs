//! The specs that are given: the accounts that they name, and what is said of them.

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::Io;
use crate::cli::DoctorArgs;
use crate::command::named_specs::{self, NamedSpec, Text, called};
use crate::doctor::{self, Check, Verdict};
use crate::document::Finding;
use crate::intent::settings::EffectiveSettings;
use crate::model::name::same_name;
use crate::model::{AccountRef, AccountRefs, CredentialSpec, Domain, PluginGuid, Severity};
use crate::usage::{self, Missing, UsageError, all_missing};

/// A spec that was named.
pub(super) struct Spec {
    /// The name that it has in reports.
    name: String,
    /// The text that it stands in, as commands name it.
    word: String,
    parsed: Option<CredentialSpec>,
    /// How many errors it has.
    errors: usize,
    /// The file that is this spec alone, and what it holds.
    file: Option<(PathBuf, Vec<u8>)>,
}

impl Spec {
    /// The file that is this spec alone, and what it holds.
    pub(super) fn file(&self) -> Option<(&Path, &[u8])> {
        self.file.as_ref().map(|(path, bytes)| (path.as_path(), bytes.as_slice()))
    }

    /// Whether the spec is about this account.
    pub(super) fn names(&self, account: &str) -> bool {
        let Some(spec) = &self.parsed else { return false };
        let entries = spec.active_directory_config.group_managed_service_accounts.iter();
        let main = &spec.domain_join_config.machine_account_name;
        entries.map(|entry| &entry.name).any(|name| same_name(name.as_str(), account))
            || same_name(main.as_str(), account)
    }

    /// The DNS name of its domain.
    pub(super) fn domain(&self) -> Option<String> {
        let spec = self.parsed.as_ref()?;
        Some(spec.domain_join_config.dns_name.to_string())
    }

    /// Whom a container with the spec is: its account and the DNS name of its domain.
    pub(super) fn identity(&self) -> Option<(String, String)> {
        let account = &self.parsed.as_ref()?.domain_join_config.machine_account_name;
        Some((account.to_string(), self.domain()?))
    }

    /// Both names of its domain.
    pub(super) fn domain_names(&self) -> Option<[String; 2]> {
        let domain = &self.parsed.as_ref()?.domain_join_config;
        Some([domain.dns_name.to_string(), domain.netbios_name.to_string()])
    }

    /// The plug-in of a host outside the domain.
    pub(super) fn plugin_guid(&self) -> Option<&PluginGuid> {
        let config = &self.parsed.as_ref()?.active_directory_config;
        config.host_account_config.as_ref().map(|host| &host.plugin_guid)
    }

    /// That it is of another domain than the one that was asked.
    pub(super) fn of_another_domain(&self, own: &str, asked: &str) -> Check {
        let sentence = format!("{} is of {own}, and {asked} was asked", self.name);
        let cure = format!("credspec doctor --domain {own} {}", self.word);
        Check { verdict: Verdict::Unknown, ..doctor::of_spec(sentence, cure) }
    }

    /// What is said of a spec that names no account.
    pub(super) fn unreadable(&self) -> Option<Check> {
        if self.parsed.is_some() {
            return None;
        }
        let sentence = format!("{} names no account, and has {} errors", self.name, self.errors);
        Some(doctor::of_spec(sentence, format!("credspec validate {}", self.word)))
    }
}

/// Reads them; of several the one that `--name` says.
pub(super) fn specs(
    args: &DoctorArgs,
    effective: &EffectiveSettings,
    io: &mut Io<'_>,
) -> Result<Vec<Spec>> {
    let texts = named_specs::texts(&args.specs, effective, io)?;
    if let Some(name) = &args.name {
        let all = texts.iter().flat_map(Text::specs).collect::<Vec<_>>();
        return Ok(vec![of_named(called(name, &all)?)]);
    }
    let mut found = Vec::new();
    for text in &texts {
        found.extend(text.specs().map(of_named));
        if text.checked.each.is_empty() {
            found.push(Spec {
                name: text.name.clone(),
                word: text.word(),
                parsed: None,
                errors: text.checked.count(Severity::Error),
                file: None,
            });
        }
    }
    Ok(found)
}

fn of_named(one: NamedSpec<'_>) -> Spec {
    let text = one.text;
    let own = one.held.name.as_deref().filter(|_| text.checked.each.len() > 1);
    let name = own.map_or_else(|| text.name.clone(), |own| format!("{own} in {}", text.name));
    let is_error = |finding: &&Finding| finding.severity == Severity::Error;
    let errors = text.checked.of(one.held).filter(is_error).count();
    let path = text.path.clone().filter(|_| one.is_alone());
    let file = path.map(|path| (path, text.bytes.clone()));
    Spec { name, word: text.word(), parsed: one.spec().cloned(), errors, file }
}

/// The accounts that are asked about: those that are named, and those of the specs, each once.
pub(super) fn accounts(args: &DoctorArgs, specs: &[Spec]) -> Option<AccountRefs> {
    let mut all = args.accounts.clone();
    for spec in specs.iter().filter_map(|spec| spec.parsed.as_ref()) {
        let domain = &spec.domain_join_config;
        // A file does not choose where a login goes: accounts of other domains are left out.
        let is_home = |scope: &str| {
            same_name(scope, domain.dns_name.as_str())
                || same_name(scope, domain.netbios_name.as_str())
        };
        let entries = spec.active_directory_config.group_managed_service_accounts.iter();
        let others = entries.filter(|entry| is_home(entry.scope.as_str())).map(|entry| &entry.name);
        for name in std::iter::once(&domain.machine_account_name).chain(others) {
            if !all.iter().any(|one| one.name.is(name) && one.domain.is_none()) {
                all.push(AccountRef { name: name.clone(), domain: None, has_dollar: false });
            }
        }
    }
    let mut all = all.into_iter();
    Some(AccountRefs { main: all.next()?, additional: all.collect() })
}

pub(super) fn no_account(specs: &[Spec]) -> UsageError {
    if let Some(spec) = specs.first() {
        return UsageError::new(
            &usage::INPUT_MISSING,
            format!("{} has errors, so that it names no account", spec.name),
            format!("see `credspec validate {}`, or name the account: --account NAME", spec.word),
        );
    }
    all_missing(&[Missing {
        name: "account".into(),
        flag: "--account NAME".into(),
        meaning: "the group managed service account, or a spec that names it".into(),
        ways: "    --account NAME\n    credspec doctor SPEC.json\n    credspec doctor --events FILE, or --this-host: no account is needed\n".into(),
    }])
}

/// What `validate` says of a spec, in one line.
pub(super) fn of_spec(spec: &Spec, served: &Domain) -> Check {
    let name = &spec.name;
    let errors = spec.errors;
    let differs = spec.parsed.as_ref().map(|spec| &spec.domain_join_config).filter(|domain| {
        domain.sid != served.sid
            || domain.guid != served.guid
            || !domain.dns_name.is(&served.dns_name)
    });
    let validate = format!("credspec validate --online {}", spec.word);
    let bad = |sentence: String| {
        let verdict = Verdict::Bad(Severity::Error);
        Check { verdict, ..doctor::of_spec(sentence, validate.clone()) }
    };
    match (errors, differs) {
        (0, None) => Check {
            verdict: Verdict::Ok,
            ..doctor::of_spec(format!("{name} is right, and of this domain"), validate)
        },
        (0, Some(_)) => bad(format!("{name} has other facts than {}", served.dns_name)),
        (1, _) => bad(format!("{name} has an error")),
        (errors, _) => bad(format!("{name} has {errors} errors")),
    }
}
