//! A spec from facts and a choice, proven by the same checks as any other. Pure.

use anyhow::{Context as _, Result};
use serde_json::Value;

use super::known::PLUGIN_BLOCK;
use crate::assemble::assemble;
use crate::check::plugin_input::{PLUGIN_INPUT_FOR_LINUX, SECRET_IN_SPEC};
use crate::check::{Checked, check, check_any};
use crate::command::InvalidSpec;
use crate::model::{Accounts, CredentialSpec, Domain, HostAccountConfig, Layout};
use crate::plugin::Catalogue;

/// What becomes of the plug-in's block.
pub(in crate::command) enum Block<'a> {
    /// A spec that exists keeps its own.
    Kept,
    Removed,
    Set(&'a HostAccountConfig),
}

/// A spec that works, as it is written.
pub(in crate::command) struct Proven {
    pub(in crate::command) text: String,
    pub(in crate::command) checked: Checked,
    value: Value,
    /// Whether a secret in the text could not be told from the rest.
    is_hidden: bool,
}

impl Proven {
    /// Makes a spec of facts, or changes the plug-in of the one that exists, and checks it.
    ///
    /// # Errors
    ///
    /// [`InvalidSpec`] with what is wrong with it.
    pub(in crate::command) fn new(
        (domain, accounts): (&Domain, &Accounts),
        existing: Option<Value>,
        block: &Block<'_>,
        layout: Layout,
        catalogue: &Catalogue,
    ) -> Result<Self> {
        let value = if let Some(spec) = existing {
            with_block(spec, block)?
        } else {
            let block = if let Block::Set(block) = block { Some((*block).clone()) } else { None };
            let spec = assemble(domain, accounts, block);
            serde_json::to_value(spec).context("laying out the spec")?
        };
        let text = layout.print(&value).context("laying out the spec")?;
        let mut checked = check("the new spec", text.as_bytes(), catalogue);
        // Whoever names the plug-in for Linux knows where the spec goes.
        checked.findings.retain(|one| *one.rule != PLUGIN_INPUT_FOR_LINUX);
        if checked.is_valid() {
            Ok(Self { text, checked, value, is_hidden: false })
        } else {
            Err(InvalidSpec(checked).into())
        }
    }

    /// The same as a platform gets it: in other words, or in an object around it.
    pub(super) fn given(mut self, text: String, value: Value, catalogue: &Catalogue) -> Self {
        if self.text != text {
            let within = check_any("the new spec", text.as_bytes(), catalogue);
            // What is not seen to hold the spec may hold its secret.
            self.is_hidden = within.specs == 0;
            self.checked.source = within.source;
        }
        Self { text, value, ..self }
    }

    /// Whether it holds a password, by a new plug-in or by one that was there: the check knows.
    pub(in crate::command) fn holds_secret(&self) -> bool {
        self.checked.findings.iter().any(|finding| *finding.rule == SECRET_IN_SPEC)
    }

    /// Its text to look at, without the secret that it may hold.
    pub(super) fn shown(&self) -> String {
        match (self.holds_secret(), self.is_hidden) {
            (false, _) => self.text.clone(),
            (true, false) => self.checked.source.masked(),
            (true, true) => "(not shown: it holds a password)\n".into(),
        }
    }

    /// The spec as a value.
    pub(in crate::command) fn value(&self) -> &Value {
        &self.value
    }

    /// The same in its own type.
    pub(in crate::command) fn spec(&self) -> Result<CredentialSpec> {
        serde_json::from_value(self.value.clone()).context("laying out the spec")
    }

    /// As a value, without a secret.
    pub(super) fn without_secret(&self) -> Value {
        let mut spec = self.value.clone();
        let input = spec.pointer_mut("/ActiveDirectoryConfig/HostAccountConfig/PluginInput");
        if let Some(input) = input.filter(|_| self.holds_secret()) {
            *input = "(not shown)".into();
        }
        spec
    }
}

/// The spec that exists with another plug-in, or none.
fn with_block(mut spec: Value, block: &Block<'_>) -> Result<Value> {
    if let Some(config) = spec.get_mut("ActiveDirectoryConfig").and_then(Value::as_object_mut) {
        match block {
            Block::Set(block) => {
                let block = serde_json::to_value(block).context("laying out the plug-in")?;
                config.insert(PLUGIN_BLOCK.to_owned(), block);
            }
            Block::Removed => {
                config.shift_remove(PLUGIN_BLOCK);
            }
            Block::Kept => {}
        }
    }
    Ok(spec)
}
