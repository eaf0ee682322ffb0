//! `credspec domain`: the facts of a domain, to look at or to record.

use std::path::Path;

use anyhow::{Context as _, Result};
use schemars::JsonSchema;
use serde::Serialize;

use crate::cli::{DomainArgs, DomainFormat};
use crate::intent::{login, settings};
use crate::model::Domain;
use crate::prompt::Prompt;
use crate::render::json::{self, DomainRow, VERSION};
use crate::{Exit, Io};

/// The published schema of what is printed for machines.
pub(crate) const SCHEMA_TEXT: &str = include_str!("../../schemas/domain-report.schema.json");

/// What `domain --format json` prints.
#[derive(Debug, Serialize, JsonSchema)]
struct Report<'a> {
    /// The version of this form: it goes up when a member is taken away or means something else.
    version: u32,
    domain: DomainRow<'a>,
}

pub(crate) fn run(args: &DomainArgs, config: Option<&Path>, io: &mut Io<'_>) -> Result<Exit> {
    let effective = settings::load(config)?;
    let mut connection = args.connection.clone();
    if args.name.is_some() {
        connection.domain.clone_from(&args.name);
    }
    let mut connection = effective.connection(&connection, !args.offline)?;
    let asked = connection.domain.clone();
    let domain = if args.offline {
        effective.recorded(asked.as_ref())?.1.clone()
    } else {
        io.tell(&effective.not_followed().unwrap_or_default());
        let prompt = io.has_person.then(|| Prompt::at_terminal(io.stderr_colour));
        let (mut directory, _) =
            login::connect(&mut connection, None, &effective, prompt.as_ref(), io)?;
        let mut watch = |step: &str| io.step(step);
        directory.domain(connection.domain.as_ref(), &mut watch)?
    };
    let text = match args.format {
        DomainFormat::Human => human(&domain),
        DomainFormat::Toml => toml(&domain),
        DomainFormat::Json => {
            let report = Report { version: VERSION, domain: json::domain(&domain) };
            json::text(&report)
        }
    };
    io.stdout.write_all(text.as_bytes()).context("writing the facts")?;
    Ok(Exit::Fine)
}

fn human(domain: &Domain) -> String {
    let Domain { sid, guid, dns_name, forest_dns_name, netbios_name } = domain;
    format!(
        "domain    {dns_name} ({netbios_name}), forest {forest_dns_name}\nsid       {sid}\nguid      {guid}\n"
    )
}

/// The table as the settings file takes it. The values hold nothing that TOML would escape: their
/// types refuse quotes, backslashes and control characters.
fn toml(domain: &Domain) -> String {
    let Domain { sid, guid, dns_name, forest_dns_name, netbios_name } = domain;
    format!(
        "[domains.\"{dns_name}\"]\nsid = \"{sid}\"\nguid = \"{guid}\"\ndns-name = \"{dns_name}\"\n\
         forest-dns-name = \"{forest_dns_name}\"\nnetbios-name = \"{netbios_name}\"\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_schema_of_domain_report_is_that_of_the_types() {
        crate::document::schema::tests::compare::<Report<'_>>("domain-report", SCHEMA_TEXT);
    }
}
