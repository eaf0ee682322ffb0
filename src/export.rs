//! How a platform is told of specs: text from specs and a choice. Pure: the same specs give the same text.

mod aws;
mod docker;
mod input;
mod item;
mod kubernetes;
mod others;

use serde_json::Result;

pub(crate) use input::adapted;
pub(crate) use item::{Holder, Item, Names, Wishes};

use crate::model::{Layout, NameRule, Platform};

/// What is printed.
#[derive(Debug)]
pub(crate) struct Export {
    /// The product.
    pub(crate) text: String,
    /// What is to be done with it, for people.
    pub(crate) next: String,
}

/// Whether the whole spec stands in what is printed, with the input of its plug-in.
pub(crate) fn holds_spec(platform: Platform, wishes: &Wishes) -> bool {
    let is_told_whole = match platform {
        Platform::Kubernetes => !wishes.pod,
        Platform::Containerd => true,
        Platform::CloudFoundry => return false,
        _ => wishes.raw,
    };
    is_told_whole || wishes.spec
}

/// Tells `platform` of specs, in their order.
///
/// # Errors
///
/// Only where a value refuses to be serialised, which none does.
pub(crate) fn export(platform: Platform, items: &[Item], wishes: &Wishes) -> Result<Export> {
    if wishes.spec {
        return Ok(Export { text: specs(platform, items)?, next: String::new() });
    }
    let (text, next) = match platform {
        Platform::Docker => (docker::run(items, wishes.raw), docker::next(items, wishes.raw)),
        Platform::Compose => (docker::compose(items, wishes.raw)?, docker::next(items, wishes.raw)),
        Platform::Swarm => (docker::stack(items)?, docker::service(items)),
        Platform::Kubernetes => kubernetes::objects(items, wishes)?,
        Platform::EcsWindows | Platform::EcsLinux => aws::task(platform, items, wishes)?,
        Platform::ServiceFabric => (others::service_fabric(items), docker::next(items, false)),
        Platform::Nomad => (others::nomad(items, wishes.raw)?, docker::next(items, wishes.raw)),
        Platform::CloudFoundry => others::cloud_foundry(items)?,
        Platform::Containerd => (others::containerd(items)?, String::new()),
    };
    Ok(Export { text, next })
}

/// What `platform` is given of one spec: the object that carries it, where it takes one, else the spec itself in the
/// form that it takes.
///
/// # Errors
///
/// As [`export`].
pub(crate) fn product(platform: Platform, item: &Item) -> Result<String> {
    let is_told_whole = matches!(platform.row().name, NameRule::Object | NameRule::None);
    let wishes = Wishes { spec: !is_told_whole, ..Wishes::default() };
    Ok(export(platform, std::slice::from_ref(item), &wishes)?.text)
}

/// The specs themselves: one as it is laid out in a file, several on a line each.
fn specs(platform: Platform, items: &[Item]) -> Result<String> {
    // A parameter has room for so many bytes.
    let is_counted = platform.row().name == NameRule::Parameter;
    let layout = if items.len() > 1 || is_counted { Layout::Compact } else { Layout::Indented };
    let texts = items.iter().map(|one| match platform {
        Platform::CloudFoundry => layout.print(&others::without_plugin(&one.spec)),
        _ => layout.print(&one.spec),
    });
    texts.collect()
}
