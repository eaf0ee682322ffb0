//! Characters in an identity that nobody sees.

use super::spec_in_text::identity_where;
use crate::document::{Finding, Located, quoted};
use crate::model::{Severity, is_unseen, rules};

rules! {
    INVISIBLE_CHARACTER {
        name: "invisible-character",
        severity: Severity::Error,
        summary: "a name holds a character that is not seen",
        why: "Blanks of no width, hyphens that show at a line's end only, and marks of the direction of writing come along when a name is copied, and are part of it all the same.",
        notice: "The account or the domain is not found, though its name looks right.",
        cure: "Write the name again by hand.",
        bad: Some("\"MachineAccountName\": \"Web\u{200b}App01\""),
        good: Some(r#""MachineAccountName": "WébApp01""#),
    }
}

/// Whether a text holds one.
pub(super) fn holds_unseen(text: &str) -> bool {
    text.chars().any(is_unseen)
}

/// A finding for each part of the identity that holds one, and these parts: whatever else is wrong with
/// them is the same mistake.
pub(super) fn findings(located: &Located) -> (Vec<Finding>, Vec<String>) {
    let parts = identity_where(&located.value, holds_unseen);
    let finding = |(part, text): &(String, &str)| {
        let hidden = text.chars().find(|c| is_unseen(*c)).map_or(0, u32::from);
        let seen = text.chars().filter(|c| !is_unseen(*c)).collect::<String>();
        let message =
            format!("{} holds a character that is not seen: U+{hidden:04X}", quoted(text));
        let help =
            format!("write {} by hand: what is copied may bring such a character", quoted(&seen));
        let place = located.place(part);
        let edit = located.rewritten(place.clone(), &seen);
        Finding::new(&INVISIBLE_CHARACTER, message).help(help).at(place).likely_fixed_by(edit)
    };
    let findings = parts.iter().map(finding).collect();
    (findings, parts.into_iter().map(|(part, _)| part).collect())
}
