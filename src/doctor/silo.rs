//! Authentication policy silos, which bound where somebody may log on.

use super::check::{Check, Group};
use crate::model::{Severity, powershell_word, rules};

rules! {
    SILO {
        name: "silo",
        severity: Severity::Warning,
        summary: "an authentication policy silo restricts where the account, host or user may log on (doctor)",
        why: "A policy of the silo can refuse tickets outside of it; whether it is enforced is set there.",
        notice: "Logons fail with KDC_ERR_POLICY where the policy is enforced and the other side is not in the silo.",
        cure: "See what the silo allows: `Get-ADAuthenticationPolicySilo`.",
        bad: None,
        good: None,
    }
}

/// That a silo is assigned, where one is. That none is shown says nothing: it may not be readable.
pub(super) fn silo(name: &str, silo: Option<&str>, group: Group) -> Option<Check> {
    let dn = silo?;
    let first = dn.split(',').next().and_then(|part| part.split_once('='));
    let word = first.map_or(dn, |(_, word)| word);
    let sentence = format!("{name} is assigned to the authentication policy silo {word}");
    let cure = format!("Get-ADAuthenticationPolicySilo {} -Properties *", powershell_word(dn));
    Some(Check::bad(&SILO, group, sentence).cure(cure))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_silo_that_is_shown_is_told() {
        assert!(silo("svc-ccg", None, Group::User).is_none());
        let dn = "CN=Tier 0,CN=AuthN Silos,CN=AuthN Policy Configuration,CN=Services,DC=x";
        let check = silo("svc-ccg", Some(dn), Group::User).unwrap();
        assert_eq!(check.verdict.to_string(), "warning");
        assert!(
            check.sentence.ends_with("the authentication policy silo Tier 0"),
            "{}",
            check.sentence
        );
    }
}
