//! Findings about a file as a whole: it cannot be read or written, or more is wrong with it than is shown.

use crate::document::Finding;
use crate::model::{Severity, rules};

rules! {
    pub(crate) UNREADABLE {
        name: "unreadable",
        severity: Severity::Error,
        summary: "the file cannot be read",
        why: "It does not exist, or you have no permission to read it.",
        notice: "Nothing is known of it.",
        cure: "Check the path, and who may read it.",
        bad: None,
        good: None,
    }
    pub(crate) UNWRITABLE {
        name: "unwritable",
        severity: Severity::Error,
        summary: "the file cannot be written (--fix)",
        why: "It is a link, may not be written, was changed meanwhile, or the disk is full: it stays as it was.",
        notice: "What could be fixed for certain is still there; other files are fixed all the same.",
        cure: "Check who may write there, and the space on the disk.",
        bad: None,
        good: None,
    }
    pub(crate) INTERNAL_ERROR {
        name: "internal-error",
        severity: Severity::Error,
        summary: "an internal error of credspec",
        why: "The program failed where it should have checked: the file may be right or wrong.",
        notice: "The other files are checked all the same.",
        cure: "Please report it, with the file if you can.",
        bad: None,
        good: None,
    }
    pub(crate) TOO_MANY_FINDINGS {
        name: "too-many-findings",
        severity: Severity::Warning,
        summary: "there are more findings than are shown",
        why: "One mistake often makes many; the first hundred are shown, errors before all else.",
        notice: "Nothing: the exit code already counts the findings that are not shown.",
        cure: "Fix those above first.",
        bad: None,
        good: None,
    }
}

/// Most findings that are reported of one text. Errors come first, so that those that are left out do
/// not change the verdict.
const MOST_FINDINGS: usize = 100;

/// No more findings than people read, in the order of the text.
pub(super) fn shortened(mut findings: Vec<Finding>) -> Vec<Finding> {
    if findings.len() <= MOST_FINDINGS {
        return findings;
    }
    let more = findings.len() - MOST_FINDINGS;
    // Errors decide, and come first.
    findings.sort_by_key(|finding| finding.severity != Severity::Error);
    findings.truncate(MOST_FINDINGS);
    findings.sort_by_key(Finding::start);
    let message = format!("{more} more findings in this file are not shown");
    let more = Finding::new(&TOO_MANY_FINDINGS, message);
    findings.push(more.help("fix those above first: often one mistake causes many"));
    findings
}
