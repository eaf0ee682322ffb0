//! The shapes that machines read. Fields are only ever added; `version` changes if one must go.

use std::borrow::Borrow;
use std::cell::{Cell, RefCell};
use std::io::{self, Write};
use std::rc::Rc;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::ser::{Formatter, PrettyFormatter, Serializer};

use super::visible::is_hostile;
use crate::check::Checked;
use crate::document::{Finding, Source};
use crate::model::{Domain, Severity};

/// Writes a value as indented JSON, in which no character moves the cursor or turns a line round, and no
/// runner of a pipeline finds a command; and a line break.
///
/// # Errors
///
/// As `to`.
pub(crate) fn print(to: &mut dyn Write, value: &impl Serialize) -> io::Result<()> {
    let mut serializer = Serializer::with_formatter(&mut *to, Escaping(PrettyFormatter::new()));
    value.serialize(&mut serializer)?;
    to.write_all(b"\n")
}

/// The same as text.
pub(crate) fn text(value: &impl Serialize) -> String {
    let mut bytes = Vec::new();
    // A vector takes all that is written to it.
    let _ = print(&mut bytes, value);
    String::from_utf8(bytes).unwrap_or_default()
}

/// Writes what people must not see raw as escapes.
struct Escaping<'a>(PrettyFormatter<'a>);

impl Formatter for Escaping<'_> {
    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        to: &mut W,
        text: &str,
    ) -> io::Result<()> {
        let mut rest = text;
        let mut last = '\0';
        let mut is_unseen = |c: char| {
            // Commands of Azure begin with two of them.
            let is_second = c == '#' && last == '#';
            last = c;
            is_second || is_hostile(c)
        };
        while let Some((at, c)) = rest.char_indices().find(|(_, c)| is_unseen(*c)) {
            to.write_all(&rest.as_bytes()[..at])?;
            for unit in c.encode_utf16(&mut [0; 2]) {
                write!(to, "\\u{unit:04x}")?;
            }
            rest = &rest[at + c.len_utf8()..];
        }
        to.write_all(rest.as_bytes())
    }

    fn begin_array<W: ?Sized + Write>(&mut self, to: &mut W) -> io::Result<()> {
        self.0.begin_array(to)
    }

    fn end_array<W: ?Sized + Write>(&mut self, to: &mut W) -> io::Result<()> {
        self.0.end_array(to)
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, to: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_array_value(to, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, to: &mut W) -> io::Result<()> {
        self.0.end_array_value(to)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, to: &mut W) -> io::Result<()> {
        self.0.begin_object(to)
    }

    fn end_object<W: ?Sized + Write>(&mut self, to: &mut W) -> io::Result<()> {
        self.0.end_object(to)
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, to: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_object_key(to, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, to: &mut W) -> io::Result<()> {
        self.0.begin_object_value(to)
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, to: &mut W) -> io::Result<()> {
        self.0.end_object_value(to)
    }
}

/// Version of all shapes in this module.
pub(crate) const VERSION: u32 = 1;

/// The published schema of reports.
pub(crate) const REPORT_TEXT: &str = include_str!("../../schemas/report.schema.json");

/// The published schema of errors.
pub(crate) const ERROR_REPORT_TEXT: &str = include_str!("../../schemas/error-report.schema.json");

/// What `--format json` prints for an error.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct ErrorReport {
    /// The version of this form: it goes up when a member is taken away or means something else.
    pub(crate) version: u32,
    pub(crate) error: Failure,
}

/// What ended a run.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Failure {
    /// A stable word in kebab-case, which `credspec explain` explains.
    pub(crate) kind: &'static str,
    /// What happened.
    pub(crate) message: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) help: Option<String>,
    /// The exit code.
    pub(crate) exit_code: u8,
    /// What was found in the settings, or in a spec that was not written.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub(crate) findings: Vec<FindingRow>,
}

/// What `validate --format json` prints.
#[derive(Serialize, JsonSchema)]
#[serde(bound = "")]
pub(crate) struct Report<I: Iterator<Item = File>> {
    /// The version of this form: it goes up when a member is taken away or means something else.
    version: u32,
    #[schemars(with = "Vec<File>")]
    /// Each file in which something was found, or that was named.
    files: Made<I>,
    #[schemars(with = "usize")]
    /// How many findings are errors.
    errors: Counted,
    #[schemars(with = "usize")]
    /// How many are warnings.
    warnings: Counted,
    #[schemars(with = "usize")]
    /// How many are notes.
    notes: Counted,
    /// What was found in a directory and passed over.
    #[schemars(with = "Vec<Skipped>", default)]
    skipped: Noted,
}

/// A file that was passed over.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct Skipped {
    /// Its path.
    path: String,
    /// `no-spec` or `template`.
    reason: &'static str,
}

/// Files that are noted while the list before them is written.
#[derive(Clone, Default)]
struct Noted(Rc<RefCell<Vec<Skipped>>>);

impl Serialize for Noted {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        RefCell::borrow(&self.0).serialize(serializer)
    }
}

/// A list that is made while it is written, so that it is never there as a whole.
pub(super) struct Made<I>(pub(super) RefCell<I>);

impl<T: Serialize, I: Iterator<Item = T>> Serialize for Made<I> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(&mut *self.0.borrow_mut())
    }
}

/// A number that is known once the list before it is written.
#[derive(Clone, Default)]
struct Counted(Rc<Cell<usize>>);

impl Serialize for Counted {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.get().serialize(serializer)
    }
}

/// One text that was checked.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct File {
    /// Its path, or what else it was named by.
    path: String,
    /// Whether there is no error in it.
    valid: bool,
    /// What was found, in the order of the text.
    findings: Vec<FindingRow>,
}

/// One finding. Lines and columns count from 1, columns in characters; `end_column` is the column
/// after the last character. All four are absent where the whole file is meant.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct FindingRow {
    /// The stable name of the rule, which `credspec explain` explains.
    rule: &'static str,
    severity: Severity,
    /// What is wrong.
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    /// What to do about it.
    help: Option<String>,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    place: Option<Place>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    /// Other places that have to do with it.
    related: Vec<Related>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Place {
    /// The line on which it begins.
    line: usize,
    /// The column in which it begins.
    column: usize,
    /// The line on which it ends.
    end_line: usize,
    /// The column after its last character.
    end_column: usize,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Related {
    /// What is at that place.
    message: String,
    #[serde(flatten)]
    place: Place,
}

/// Facts of a domain.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct DomainRow<'a> {
    /// The domain's SID, as `S-1-5-21-…`.
    sid: String,
    /// The `objectGUID` of the domain.
    guid: String,
    /// Its DNS name.
    dns_name: &'a str,
    /// The DNS name of its forest's root.
    forest_dns_name: &'a str,
    /// Its NetBIOS name.
    netbios_name: &'a str,
}

/// The facts of `domain`.
pub(crate) fn domain(domain: &Domain) -> DomainRow<'_> {
    DomainRow {
        sid: domain.sid.to_string(),
        guid: domain.guid.to_string(),
        dns_name: domain.dns_name.as_str(),
        forest_dns_name: domain.forest_dns_name.as_str(),
        netbios_name: domain.netbios_name.as_str(),
    }
}

/// The report on several texts, which are counted as they come.
pub(crate) fn report(
    checked: impl Iterator<Item: Borrow<Checked>>,
) -> Report<impl Iterator<Item = File>> {
    let [errors, warnings, notes] = [(); 3].map(|()| Counted::default());
    let counts = [
        (Severity::Error, errors.clone()),
        (Severity::Warning, warnings.clone()),
        (Severity::Note, notes.clone()),
    ];
    let skipped = Noted::default();
    let noted = skipped.clone();
    let files = checked.filter_map(move |one| {
        let one = one.borrow();
        let path = one.source.name().to_owned();
        if let Some(skip) = one.skipped() {
            noted.0.borrow_mut().push(Skipped { path, reason: skip.name() });
            return None;
        }
        for (severity, count) in &counts {
            count.0.set(count.0.get() + one.count(*severity));
        }
        let findings = findings(&one.source, &one.findings);
        Some(File { path, valid: one.is_valid(), findings })
    });
    Report { version: VERSION, files: Made(RefCell::new(files)), errors, warnings, notes, skipped }
}

/// What was found in one text.
pub(crate) fn findings(source: &Source, findings: &[Finding]) -> Vec<FindingRow> {
    let place = |range: &std::ops::Range<usize>| {
        let (start, end) = (source.position(range.start), source.position(range.end));
        Place { line: start.line, column: start.column, end_line: end.line, end_column: end.column }
    };
    let row = |finding: &Finding| FindingRow {
        rule: finding.rule.name,
        severity: finding.severity,
        message: finding.message.clone(),
        help: finding.help.clone(),
        place: finding.place.as_ref().map(place),
        related: finding
            .related
            .iter()
            .map(|(range, message)| Related { message: message.clone(), place: place(range) })
            .collect(),
    };
    findings.iter().map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_must_not_be_seen_raw_is_an_escape() {
        let text = "##vso[a\u{9b}b\u{7f}\u{202e}\u{e0041}größe\n\"";
        let printed = super::text(&[text]);
        assert!(
            printed.contains(r#"#\u0023vso[a\u009bb\u007f\u202e\udb40\udc41größe\n\""#),
            "{printed}"
        );
        assert_eq!(serde_json::from_str::<[String; 1]>(&printed).unwrap(), [text]);
    }

    #[test]
    fn the_published_schema_is_that_of_the_types() {
        crate::document::schema::tests::compare::<Report<std::iter::Empty<File>>>(
            "report",
            REPORT_TEXT,
        );
    }

    #[test]
    fn the_published_schema_of_errors_is_that_of_the_type() {
        crate::document::schema::tests::compare::<ErrorReport>("error-report", ERROR_REPORT_TEXT);
    }
}
