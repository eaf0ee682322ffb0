//! Amazon ECS: the container definition, and the lines that store a spec. Source: aws/amazon-ecs-agent,
//! `credentialspec`; Amazon ECS developer guide, "Using gMSAs".

use serde_json::{Result, json};

use super::item::{Item, Wishes};
use crate::model::platform::SSM_ADVANCED_BYTES;
use crate::model::{Layout, Platform, posix_word};

/// What the place of a spec begins with where hosts are in the domain, and where they are not.
const JOINED: &str = "credentialspec:";
const DOMAINLESS: &str = "credentialspecdomainless:";

/// The part of a task definition, and the lines that store the specs.
pub(super) fn task(
    platform: Platform,
    items: &[Item],
    wishes: &Wishes,
) -> Result<(String, String)> {
    let containers = items.iter().map(|one| {
        let arn = wishes
            .arn
            .clone()
            .unwrap_or_else(|| format!("arn:aws:ssm:REGION:ACCOUNT:parameter{}", one.name));
        let has_plugin = one.spec.active_directory_config.host_account_config.is_some();
        let prefix = if has_plugin { DOMAINLESS } else { JOINED };
        json!({ "name": one.service, "credentialSpecs": [format!("{prefix}{arn}")] })
    });
    let containers = containers.collect::<Vec<_>>();
    let text = Layout::Indented.print(&json!({ "containerDefinitions": containers }))?;
    let mut next = String::from("next: store the spec, in a parameter or in a bucket");
    next += match &wishes.arn {
        Some(_) => ":\n",
        None => ", and put region and account into its ARN:\n",
    };
    for one in items {
        next += &lines(platform, one, wishes);
    }
    Ok((text, next))
}

/// The lines that store one spec. An agent on Windows reads a parameter without decrypting it, so that its type is
/// String on both sides.
fn lines(platform: Platform, one: &Item, wishes: &Wishes) -> String {
    let (id, size) = (platform.row().id, one.compact.len());
    // Not the file that it is made from, which may have another form.
    let file = format!("{}.{id}.json", one.service);
    let joined = if wishes.domain_joined { " --domain-joined" } else { "" };
    let mut text = format!("  credspec export {id} SPEC{joined} --spec -o {file}\n");
    let standard = platform.row().most_bytes.unwrap_or(SSM_ADVANCED_BYTES);
    if size <= SSM_ADVANCED_BYTES {
        let tier = if size <= standard { "Standard" } else { "Advanced" };
        let name = posix_word(&one.name);
        text += &format!(
            "  aws ssm put-parameter --name {name} --type String --tier {tier} --overwrite --value file://{file}\n"
        );
    }
    let key = format!("s3://BUCKET{}.json", one.name);
    text + &format!("  aws s3 cp {file} {key}      ARN: arn:aws:s3:::BUCKET{}.json\n", one.name)
}
