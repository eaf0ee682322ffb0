//! What `new` is to do: from flags, variables and the settings file, by one function that neither prints nor
//! writes. What is still open is filled in by the questions. Knows nothing of what a directory says.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use crate::cli::{ConnectionArgs, Format, NewArgs, PlaceArgs};
use crate::intent::login;
use crate::intent::password::refuse_typed_password;
use crate::intent::plugin::{PluginPlan, Which};
use crate::intent::settings::EffectiveSettings;
use crate::model::{
    AccountRef, AccountRefs, DomainRef, FileName, FileOrDash, Layout, NameRule, Platform,
    RegistryName, SpecPlace,
};
use crate::store;
use crate::usage::{self, Missing, UsageError, all_missing};

/// What `new` is to do.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) source: Source,
    pub(super) plugin: PluginPlan,
    pub(super) destination: Destination,
    /// The platform that the spec is for, where one is named.
    pub(super) target: Option<Target>,
    pub(super) layout: Layout,
    /// Whether a file with other content may be replaced.
    pub(super) force: bool,
    /// Whether nothing is written.
    pub(super) dry_run: bool,
    pub(super) format: Format,
    /// The settings file that the command line names.
    pub(super) config: Option<PathBuf>,
}

/// Where the facts come from, and of which accounts.
#[derive(Debug)]
pub(super) enum Source {
    /// An existing spec: of several the one of this `name`, which is no name any more once it has chosen one. `object` is
    /// the manifest around the one that was read.
    Spec { place: SpecPlace, directory: PlaceArgs, name: Option<String>, object: Option<String> },
    /// Domains that the settings file records: the one that is named, or the only one.
    Recorded { domain: Option<DomainRef>, accounts: Wanted },
    /// A domain controller.
    Directory { connection: Box<ConnectionArgs>, accounts: Wanted },
}

/// The accounts of a new spec.
#[derive(Debug, Clone)]
pub(super) enum Wanted {
    Named(AccountRefs),
    /// A person is asked for the first, and for others where flags name none.
    Open {
        additional: Vec<AccountRef>,
    },
}

impl Wanted {
    /// The accounts, unless a person is to be asked.
    fn named(&self) -> Option<&AccountRefs> {
        match self {
            Self::Named(accounts) => Some(accounts),
            Self::Open { .. } => None,
        }
    }

    /// The accounts, where nobody can be asked any more.
    pub(super) fn required(&self) -> Result<&AccountRefs, UsageError> {
        self.named().ok_or_else(|| all_missing(&[account_missing()]))
    }

    /// The domain that the first account's name tells.
    pub(super) fn own_domain(&self) -> Option<&DomainRef> {
        self.named()?.main.domain.as_ref()
    }
}

/// For whom a spec is made.
#[derive(Debug)]
pub(super) struct Target {
    pub(super) platform: Platform,
    /// The name that the platform gets, where somebody chose one.
    pub(super) name: Option<String>,
}

impl Target {
    /// What is left of a name once a spec has been read.
    pub(super) fn after(&mut self, source: &Source) {
        if let Source::Spec { name, .. } = source {
            self.name.clone_from(name);
        }
    }

    /// Whether what it gets is a file of Docker's.
    pub(super) fn is_file(&self) -> bool {
        self.platform.row().name == NameRule::File
    }
}

/// Where the spec goes.
#[derive(Debug)]
pub(super) enum Destination {
    Stdout,
    /// The registry of this machine, under this name.
    Registry(RegistryName),
    File(PathBuf),
    /// Docker's CredentialSpecs directory; without a name, under one that is made of domain and account.
    Docker {
        place: PlaceArgs,
        file_name: Option<FileName>,
        create_directory: bool,
    },
}

impl Destination {
    /// The file or standard output that was named.
    pub(super) fn named(output: &FileOrDash) -> Result<Self> {
        let Some(path) = output.file() else { return Ok(Self::Stdout) };
        // Windows takes some of these for devices, and cuts others; the spec is for a Windows host.
        if let Some(name) = path.file_name().and_then(std::ffi::OsStr::to_str) {
            name.parse::<FileName>().context("looking at --output")?;
        }
        Ok(Self::File(path.to_owned()))
    }

    fn new(args: &NewArgs, target: Option<&Target>) -> Result<Self> {
        let target = target.filter(|target| !target.is_file());
        if let (Some(target), None) = (target, &args.output) {
            return Self::of_target(args, target);
        }
        match (&args.output, &args.registry) {
            (Some(FileOrDash::Dash), _) if args.format == Format::Json => Err(UsageError::new(
                &usage::TWO_PRODUCTS,
                "both the spec (--output -) and the report (--format json) would go to standard output",
                "leave one of them out: the report holds the spec",
            )
            .into()),
            (Some(output), _) => Self::named(output),
            (None, Some(_)) if !store::registry::IS_HERE => Err(UsageError::new(
                &usage::NO_REGISTRY,
                "--registry is for the Windows machine that the containers run on: this one has no registry",
                "write a file with --output; on that machine, `credspec new --from FILE --registry NAME` takes it over",
            )
            .into()),
            (None, Some(name)) => Ok(Self::Registry(name.clone())),
            (None, None) => Ok(Self::Docker {
                place: args.place.clone(),
                file_name: args.file_name.clone(),
                create_directory: args.create_directory,
            }),
        }
    }
}

impl Destination {
    /// What is no file of Docker's has no place in its directory, nor in the registry.
    fn of_target(args: &NewArgs, target: &Target) -> Result<Self> {
        let flags = [
            ("registry", args.registry.is_some()),
            ("file-name", args.file_name.is_some()),
            ("directory", args.place.directory.is_some()),
            ("docker-root", args.place.docker_root.is_some()),
            ("create-directory", args.create_directory),
        ];
        let id = target.platform.row().id;
        if let Some((flag, _)) = flags.iter().find(|(_, is_given)| *is_given) {
            return Err(UsageError::new(
                &usage::NO_EFFECT,
                format!("--{flag} has no effect with --target {id}: it takes no file of Docker's"),
                "leave it out, and name the file with --output",
            )
            .into());
        }
        if args.format == Format::Json {
            return Err(UsageError::new(
                &usage::TWO_PRODUCTS,
                format!(
                    "both what {id} gets and the report (--format json) would go to standard output"
                ),
                "name a file with --output",
            )
            .into());
        }
        Ok(Self::Stdout)
    }
}

impl Source {
    fn new(args: &NewArgs, effective: &EffectiveSettings) -> Result<Self> {
        // An existing spec has its facts: nothing that reaches a directory has an effect.
        if let Some(input) = &args.from {
            return Ok(Self::Spec {
                place: input.clone(),
                directory: args.place.clone(),
                name: args.name.clone(),
                object: None,
            });
        }
        let connection = effective.connection(&args.connection, !args.offline)?;
        let additional = args.additional_accounts.clone();
        let accounts = match args.account.clone().or_else(|| args.named.clone()) {
            Some(main) => Wanted::Named(AccountRefs { main, additional }),
            None => Wanted::Open { additional },
        };
        Ok(if args.offline {
            Self::Recorded { domain: connection.domain, accounts }
        } else {
            Self::Directory { connection: Box::new(connection), accounts }
        })
    }

    /// The accounts that are asked about: a spec that exists has its own.
    fn wanted(&self) -> Option<&Wanted> {
        match self {
            Self::Spec { .. } => None,
            Self::Recorded { accounts, .. } | Self::Directory { accounts, .. } => Some(accounts),
        }
    }

    /// Those that were named.
    pub(super) fn accounts(&self) -> impl Iterator<Item = &AccountRef> {
        self.wanted().and_then(Wanted::named).into_iter().flat_map(AccountRefs::iter)
    }

    /// How many of its parts stand in standard input.
    fn reads_of_stdin(&self) -> usize {
        usize::from(match self {
            Self::Spec { place, .. } => *place == SpecPlace::Dash,
            Self::Recorded { .. } => false,
            Self::Directory { connection, .. } => {
                connection.password_file == Some(FileOrDash::Dash)
            }
        })
    }
}

impl Plan {
    /// Decides what was meant.
    pub(super) fn new(
        args: &NewArgs,
        config: Option<&Path>,
        effective: &mut EffectiveSettings,
    ) -> Result<Self> {
        refuse_typed_password(&args.connection)?;
        let target = args.target.map(|platform| Target { platform, name: args.name.clone() });
        let plan = Self {
            destination: Destination::new(args, target.as_ref())?,
            target,
            source: Source::new(args, effective)?,
            plugin: PluginPlan::new(&args.plugin, args.from.is_some(), effective)?,
            layout: if args.compact { Layout::Compact } else { Layout::Indented },
            force: args.force,
            dry_run: args.dry_run,
            format: args.format,
            config: config.map(Path::to_owned),
        };
        if plan.source.reads_of_stdin() + plan.plugin.reads_of_stdin() > 1 {
            return Err(UsageError::two_readers().into());
        }
        Ok(plan)
    }

    /// Whether no account is named, so that a person is led through everything that is open.
    pub(super) fn is_open(&self) -> bool {
        self.source.wanted().is_some_and(|accounts| accounts.named().is_none())
    }

    /// Refuses a plan with anything open, where nobody can be asked for it.
    pub(super) fn refuse_missing(&self, effective: &EffectiveSettings) -> Result<()> {
        let mut missing = Vec::new();
        let mut no_ticket = None;
        if self.is_open() {
            missing.push(account_missing());
        }
        if let Source::Directory { connection, accounts } = &self.source {
            let (more, reason) = login::missing(connection, accounts.own_domain())?;
            missing.extend(more);
            no_ticket = reason;
        }
        missing.extend(self.plugin.missing(effective)?);
        if missing.is_empty() {
            return Ok(());
        }
        Err(login::after(all_missing(&missing), no_ticket.as_ref()).into())
    }

    /// Whether the plug-in of a spec that exists is left out or replaced.
    pub(super) fn changes_plugin(&self) -> bool {
        !matches!(self.plugin.which, Which::Unsaid)
    }
}

fn account_missing() -> Missing {
    Missing {
        name: "account".into(),
        flag: "--account NAME".into(),
        meaning: "the group managed service account".into(),
        ways: "    --account NAME\n".into(),
    }
}
