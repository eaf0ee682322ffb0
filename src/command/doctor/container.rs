//! The running container: what is asked in it.

use std::process::Command;
use std::time::Duration;

use super::specs::Spec;
use crate::cli::DoctorArgs;
use crate::doctor::Check;
use crate::doctor::container::{self, Answers, Expected, Others};
use crate::model::examined::ExaminedDomain;
use crate::model::name::same_name;
use crate::model::{ContainerPlace, DomainRef};
use crate::render::doctor::Diagnosis;
use crate::store::run;

/// How long a client may take: a controller that does not answer makes `nltest` wait for about as long.
const LONGEST: Duration = Duration::from_secs(15);
/// The most that is read of each of its two streams; `nltest` and `klist` say a few lines.
const LARGEST_BYTES: u64 = 1 << 16;

/// What came of each container that was named.
pub(super) fn diagnoses(
    args: &DoctorArgs,
    specs: &[Spec],
    seen: &[ExaminedDomain],
    step: &mut dyn FnMut(&str),
) -> Vec<Diagnosis> {
    let identity = identity(args, specs, seen);
    let places = args.container.iter().chain(&args.pod);
    let diagnoses = places.map(|place| {
        let checks = match &identity {
            Some((account, domain)) => checks(place, Expected { account, domain }, step),
            None => vec![container::of_no_domain(&place.to_string())],
        };
        let domain = identity.as_ref().map(|(_, domain)| domain.clone());
        Diagnosis { title: place.to_string(), domain, checks, ..Diagnosis::default() }
    });
    diagnoses.collect()
}

/// Whom the container should be: the first account that is asked about, and the DNS name of its domain.
fn identity(
    args: &DoctorArgs,
    specs: &[Spec],
    seen: &[ExaminedDomain],
) -> Option<(String, String)> {
    let Some(account) = args.accounts.first() else {
        return specs.iter().find_map(Spec::identity);
    };
    let name = account.name.to_string();
    let of_directory =
        seen.iter().find(|domain| domain.accounts.iter().any(|(wanted, _)| wanted == account));
    let of_directory = of_directory.map(|domain| domain.domain.dns_name.to_string());
    let own = match &account.domain {
        Some(DomainRef::Dns(name)) => Some(name.to_string()),
        Some(DomainRef::Netbios(_)) | None => None,
    };
    let identities = specs.iter().filter_map(Spec::identity);
    let mut of_specs = identities.filter(|(other, _)| same_name(other, &name));
    let domain = of_directory.or(own).or_else(|| of_specs.next().map(|(_, domain)| domain));
    Some((name, domain.or_else(|| args.connection.domain.as_ref().map(ToString::to_string))?))
}

fn checks(
    place: &ContainerPlace,
    expected: Expected<'_>,
    step: &mut dyn FnMut(&str),
) -> Vec<Check> {
    let client = place.client();
    let mut ask = |arguments: Vec<String>| -> Result<String, String> {
        step(&format!("{client} {}", arguments.join(" ")));
        let mut command = Command::new(client);
        let said = run(command.args(&arguments), LARGEST_BYTES, LONGEST)?;
        let [stdout, stderr] =
            [said.stdout, said.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        Ok(format!("{stdout}\n{stderr}"))
    };
    let parent_domain = ask(place.arguments(&container::PARENT_DOMAIN));
    // Where nobody answers the first question, the others would take as long for nothing.
    let others = container::is_answer(&parent_domain).then(|| Others {
        query: ask(place.arguments(&container::QUERY)),
        verify: ask(
            place.arguments(&container::verify(expected.domain).each_ref().map(String::as_str))
        ),
        ticket: ask(place.arguments_as_service(&container::TICKET_COMMAND)),
    });
    container::checks(&Answers { place: place.to_string(), parent_domain, others }, expected)
}
