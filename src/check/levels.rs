//! What the caller makes of rules: allowed, a warning, or an error.

use schemars::JsonSchema;
use serde::Deserialize;

use super::finding::{Finding, Severity};
use super::rules::RULES;
use crate::model::alike;

/// All warnings, as the name of a rule to deny.
pub const WARNINGS: &str = "warnings";

/// Names of rules, for each level that they are given. The stricter counts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", default)]
#[schemars(deny_unknown_fields)]
pub struct Levels {
    /// Rules whose findings are errors; `warnings` means every warning.
    pub deny: Vec<String>,
    /// Rules whose findings are warnings.
    pub warn: Vec<String>,
    /// Rules whose findings are not told.
    pub allow: Vec<String>,
}

impl Levels {
    /// The first name that no rule has, and those that it may be a slip of.
    pub fn unknown(&self) -> Option<(&str, Vec<&'static str>)> {
        let is_known = |name: &String| RULES.iter().any(|rule| rule.name == name);
        let deny = self.deny.iter().filter(|name| *name != WARNINGS);
        let name = deny.chain(&self.warn).chain(&self.allow).find(|name| !is_known(name))?;
        Some((name, alike(name, RULES.iter().map(|rule| rule.name))))
    }

    /// The findings at the levels that the caller gives them.
    pub fn apply(&self, findings: &mut Vec<Finding>) {
        let names =
            |list: &[String], finding: &Finding| list.iter().any(|name| name == finding.rule);
        findings.retain_mut(|finding| {
            if names(&self.deny, finding) {
                finding.severity = Severity::Error;
            } else if names(&self.warn, finding) {
                finding.severity = Severity::Warning;
            } else if names(&self.allow, finding) {
                return false;
            }
            if finding.severity == Severity::Warning
                && self.deny.iter().any(|name| name == WARNINGS)
            {
                finding.severity = Severity::Error;
            }
            true
        });
    }
}

#[cfg(test)]
mod tests {
    use Severity::{Error, Note, Warning};

    use super::*;

    #[test]
    fn the_stricter_level_counts() {
        let judge = |levels: Levels| {
            let mut findings = vec![
                Finding::error("sid-of-account", ""),
                Finding::warning("scope-missing", ""),
                Finding::note("plugin-unknown", ""),
            ];
            levels.apply(&mut findings);
            findings.iter().map(|finding| finding.severity).collect::<Vec<_>>()
        };
        let list = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        assert_eq!(judge(Levels::default()), [Error, Warning, Note]);
        let deny = Levels { deny: list(&["warnings"]), ..Levels::default() };
        assert_eq!(judge(deny), [Error, Error, Note]);
        let mixed = Levels {
            deny: list(&["plugin-unknown"]),
            warn: list(&["sid-of-account"]),
            allow: list(&["plugin-unknown", "scope-missing"]),
        };
        assert_eq!(judge(mixed), [Warning, Error]);
        let slip = Levels { allow: list(&["scope-mising"]), ..Levels::default() };
        assert_eq!(slip.unknown().unwrap().1[0], "scope-missing");
    }
}
