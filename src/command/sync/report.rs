//! What `sync` tells, in each form.

use anyhow::{Context as _, Result};

use crate::Io;
use crate::cli::{ReportFormat, SyncArgs};
use crate::command::of_findings;
use crate::command::validate::in_pipeline;
use crate::render::sync::{Synced, checked, human, report, summary};
use crate::render::{self, json};

/// The published schema of what is printed for machines.
pub(crate) const SCHEMA_TEXT: &str = include_str!("../../../schemas/sync-report.schema.json");

pub(super) fn write_report(
    args: &SyncArgs,
    rows: &[Synced],
    diffs: &str,
    io: &mut Io<'_>,
) -> Result<()> {
    let as_checked = rows.iter().map(|one| checked(one, args.check));
    let text = match in_pipeline(args.format) {
        ReportFormat::Json => json::text(&report(rows, args.check)),
        ReportFormat::Auto | ReportFormat::Human => {
            let told = rows.iter().map(|one| human(one, args.check)).collect::<String>();
            render::defused(&format!("{told}{diffs}{}", summary(rows, args.check)))
        }
        other => of_findings(other, as_checked)?,
    };
    io.stdout.write_all(text.as_bytes()).context("writing the report")
}

#[cfg(test)]
mod tests {
    use crate::render::sync::Report;

    #[test]
    fn the_published_schema_of_sync_report_is_that_of_the_types() {
        crate::document::schema::tests::compare::<Report<'_>>("sync-report", super::SCHEMA_TEXT);
    }
}
