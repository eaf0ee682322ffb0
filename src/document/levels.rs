//! The level that the caller gives to rules: allowed, a warning, or an error.

use schemars::JsonSchema;
use serde::Deserialize;

use super::encoding::{EMPTY, NOT_UTF_8, TOO_LARGE, UTF_16};
use super::finding::Finding;
use super::json::NOT_JSON;
use super::yaml::NOT_YAML;
use crate::model::{Rule, Severity, alike};

/// All warnings, as the name of a rule to deny.
pub(crate) const WARNINGS: &str = "warnings";

/// Rules of bytes and syntax, which no level makes less: of a text that cannot be read nothing is known, and
/// settings that come with it must not pass it.
const UNREAD: [&Rule; 6] = [&NOT_UTF_8, &UTF_16, &TOO_LARGE, &EMPTY, &NOT_JSON, &NOT_YAML];

/// Names of rules, for each level that they are given. The stricter counts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", default)]
#[schemars(deny_unknown_fields)]
pub(crate) struct Levels {
    /// Rules whose findings are errors; `warnings` means every warning.
    pub deny: Vec<String>,
    /// Rules whose findings are warnings.
    pub warn: Vec<String>,
    /// Rules whose findings are not told.
    pub allow: Vec<String>,
}

impl Levels {
    /// The first name that none of the `known` rules has, and those that it may be a slip of.
    pub(crate) fn unknown(&self, known: &[&'static str]) -> Option<(&str, Vec<&'static str>)> {
        let deny = self.deny.iter().filter(|name| *name != WARNINGS);
        let is_unknown = |name: &&String| !known.contains(&name.as_str());
        let name = deny.chain(&self.warn).chain(&self.allow).find(is_unknown)?;
        Some((name, alike(name, known.iter().copied())))
    }

    /// The findings at the levels that the caller gives them. What an allowed finding covers is reported
    /// in its place, and so is what is more serious than a finding that was made less so.
    pub(crate) fn apply(&self, findings: &mut Vec<Finding>) {
        if *self != Self::default() {
            *findings = std::mem::take(findings).into_iter().flat_map(|one| self.of(one)).collect();
        }
    }

    fn of(&self, mut finding: Finding) -> Vec<Finding> {
        let level = self.level(&finding);
        let covers = std::mem::take(&mut finding.covers).into_iter().flat_map(|one| self.of(one));
        let (shown, kept): (Vec<_>, Vec<_>) =
            covers.partition(|one| level.is_none_or(|level| one.severity < level));
        finding.covers = kept;
        let own = level.map(|severity| Finding { severity, ..finding });
        own.into_iter().chain(shown).collect()
    }

    /// The severity of a finding; `None` where it is allowed.
    fn level(&self, finding: &Finding) -> Option<Severity> {
        let names = |list: &[String]| list.iter().any(|name| name == finding.rule.name);
        // What cannot be read is never right, whoever says so.
        if UNREAD.contains(&finding.rule) {
            return Some(finding.severity);
        }
        let severity = match finding.severity {
            _ if names(&self.deny) => Severity::Error,
            _ if names(&self.warn) => Severity::Warning,
            _ if names(&self.allow) => return None,
            severity => severity,
        };
        let are_warnings_denied = self.deny.iter().any(|name| name == WARNINGS);
        Some(match severity {
            Severity::Warning if are_warnings_denied => Severity::Error,
            severity => severity,
        })
    }
}

#[cfg(test)]
mod tests {
    use Severity::{Error, Note, Warning};

    use super::*;

    use crate::document::{BYTE_ORDER_MARK, DUPLICATE_KEY, KEY_LETTER_CASE, MISSING_KEY};

    static NOTE: crate::model::Rule =
        crate::model::Rule { name: "note", severity: Note, ..BYTE_ORDER_MARK };

    fn finding(rule: &'static crate::model::Rule) -> Finding {
        Finding::new(rule, "")
    }

    #[test]
    fn what_an_allowed_finding_covers_is_reported() {
        let list = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let found = |levels: &Levels| {
            let mut findings = vec![finding(&KEY_LETTER_CASE).covering([finding(&MISSING_KEY)])];
            levels.apply(&mut findings);
            findings.iter().map(|one| (one.rule.name, one.severity)).collect::<Vec<_>>()
        };
        assert_eq!(found(&Levels::default()), [("key-letter-case", Error)]);
        let allow = Levels { allow: list(&["key-letter-case"]), ..Levels::default() };
        assert_eq!(found(&allow), [("missing-key", Error)]);
        let warn = Levels { warn: list(&["key-letter-case"]), ..Levels::default() };
        assert_eq!(found(&warn), [("key-letter-case", Warning), ("missing-key", Error)]);
        let both = Levels { allow: list(&["key-letter-case", "missing-key"]), ..Levels::default() };
        assert_eq!(found(&both), []);
    }

    #[test]
    fn what_cannot_be_read_is_not_allowed_away() {
        for rule in UNREAD {
            let name = vec![rule.name.to_owned()];
            for levels in [
                Levels { allow: name.clone(), ..Levels::default() },
                Levels { warn: name.clone(), ..Levels::default() },
            ] {
                let mut findings = vec![finding(rule)];
                levels.apply(&mut findings);
                assert_eq!(findings, [finding(rule)], "{}", rule.name);
            }
        }
    }

    #[test]
    fn the_stricter_level_counts() {
        let severities = |levels: Levels| {
            let mut findings =
                vec![finding(&DUPLICATE_KEY), finding(&BYTE_ORDER_MARK), finding(&NOTE)];
            levels.apply(&mut findings);
            findings.iter().map(|finding| finding.severity).collect::<Vec<_>>()
        };
        let list = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        assert_eq!(severities(Levels::default()), [Error, Warning, Note]);
        let deny = Levels { deny: list(&["warnings"]), ..Levels::default() };
        assert_eq!(severities(deny), [Error, Error, Note]);
        let mixed = Levels {
            deny: list(&["note"]),
            warn: list(&["duplicate-key"]),
            allow: list(&["note", "byte-order-mark"]),
        };
        assert_eq!(severities(mixed), [Warning, Error]);
        let slip = Levels { allow: list(&["byte-order-mrk"]), ..Levels::default() };
        assert_eq!(slip.unknown(&["byte-order-mark"]).unwrap().1[0], "byte-order-mark");
    }
}
