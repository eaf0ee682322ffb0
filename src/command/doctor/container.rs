//! The running container: what is asked in it.

use super::specs::Spec;
use crate::cli::DoctorArgs;
use crate::client_program;
use crate::doctor::Check;
use crate::doctor::container::{self, Answers, Expected, Others};
use crate::model::examined::ExaminedDomain;
use crate::model::name::same_name;
use crate::model::{ContainerPlace, DomainRef};
use crate::render::doctor::Diagnosis;

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
    let mut ask = |arguments: Vec<String>| {
        step(&format!("{client} {}", arguments.join(" ")));
        client_program::run(client, &arguments)
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
