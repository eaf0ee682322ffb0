//! Records of a Windows event log as XML, the way `wevtutil qe LOG /f:xml` and `Get-WinEvent`'s `ToXml()`
//! print them: elements `<Event>` one after the other, with or without a root around them, with or without
//! other text between them.
//!
//! Only the records of Container Credential Guard are kept. What is read is not trusted: it is cut into
//! pieces at each `<Event`, and each piece is read once, so that the work grows with the length of the text
//! alone; no entity is expanded but the five of XML and numbers of characters.
//! Source: Microsoft, "Event Schema" (elements of `System`, `EventData`, `UserData`, `RenderingInfo`).

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::{BytesRef, BytesStart, Event};

use super::encoding::{UTF8_MARK, utf16};
use crate::model::{CcgEvent, Moment};

/// Largest export that is read, in bytes. The log itself has at most 1 MiB (1052672 bytes, as it is
/// shipped); as XML, and in UTF-16, it is several times as large.
pub(crate) const LARGEST_EXPORT: usize = 16 << 20;
/// How an .evtx file begins. Source: libyal/libevtx, "Windows XML Event Log (EVTX) format".
const EVTX: &[u8] = b"ElfFile\0";
/// Who writes the records. Source: Microsoft, "Troubleshoot gMSAs for Windows containers".
const PROVIDER: &str = "Microsoft-Windows-Containers-CCG";
/// More elements within each other than these no record has.
const MOST_LEVELS: usize = 16;
/// More values than these are not kept of one record: the sentences have three.
const MOST_VALUES: usize = 16;
/// Longer values than this are cut. It is longer than any error's text.
const LONGEST_VALUE: usize = 1024;

/// What an export holds.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Export {
    /// The records of Container Credential Guard.
    pub events: Vec<CcgEvent>,
    /// How many records others wrote.
    pub others: usize,
    /// How many records cannot be read.
    pub broken: usize,
}

/// Why a text is no export of a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NoExport {
    /// It is the log's own file, in its own format.
    Evtx,
    /// It is larger than any export.
    TooLarge,
    /// It holds no `<Event>`.
    NoEvent,
}

/// The records in a text. A text of nothing is what an empty log prints.
///
/// # Errors
///
/// [`NoExport`], where it is something else.
pub(crate) fn events(bytes: &[u8]) -> Result<Export, NoExport> {
    if bytes.starts_with(EVTX) {
        return Err(NoExport::Evtx);
    }
    if bytes.len() > LARGEST_EXPORT {
        return Err(NoExport::TooLarge);
    }
    let text = text_of(bytes);
    let mut export = Export::default();
    let mut has_any = false;
    for piece in pieces(&text) {
        has_any = true;
        match record(piece) {
            Some(Record::Own(event)) => export.events.push(event),
            Some(Record::Other) => export.others += 1,
            None => export.broken += 1,
        }
    }
    // A root without records is an empty log as well.
    let is_empty = text.trim().is_empty() || text.contains("<Events");
    if has_any || is_empty { Ok(export) } else { Err(NoExport::NoEvent) }
}

/// The text, in whatever encoding Windows wrote it. A character that cannot be read does not hide the rest.
fn text_of(bytes: &[u8]) -> Cow<'_, str> {
    let Some((_, is_big)) = utf16(bytes) else {
        return String::from_utf8_lossy(bytes.strip_prefix(UTF8_MARK).unwrap_or(bytes));
    };
    let unit = |pair: &[u8; 2]| {
        if is_big { u16::from_be_bytes(*pair) } else { u16::from_le_bytes(*pair) }
    };
    let (pairs, _) = bytes.as_chunks::<2>();
    char::decode_utf16(pairs.iter().map(unit))
        .map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect::<String>()
        .into()
}

/// The parts of a text that each begin with `<Event` as a whole word, up to the next. Within a record the
/// sign `<` is written as an entity, so that a record is never cut.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    const START: &str = "<Event";
    let is_start = |at: &usize| {
        let next = text.as_bytes().get(at + START.len());
        next.is_some_and(|byte| byte.is_ascii_whitespace() || matches!(byte, b'>' | b'/'))
    };
    let mut starts = text.match_indices(START).map(|(at, _)| at).filter(is_start).peekable();
    let mut pieces = Vec::new();
    while let Some(start) = starts.next() {
        let end = starts.peek().copied().unwrap_or(text.len());
        pieces.push(&text[start..end]);
    }
    pieces.into_iter()
}

/// Whose record it is.
enum Record {
    Own(CcgEvent),
    Other,
}

/// A record while it is read.
#[derive(Default)]
struct Reading {
    event: CcgEvent,
    id: Option<u32>,
    provider: Option<String>,
    /// The names of the elements that are open.
    open: Vec<String>,
    /// The text of the innermost one.
    text: String,
    /// Whether an element ended since the innermost one began: it is no leaf.
    has_children: bool,
}

/// The record that a piece begins with; `None` where it is not whole, or not XML.
fn record(piece: &str) -> Option<Record> {
    let mut reader = Reader::from_str(piece);
    let mut reading = Reading::default();
    loop {
        match reader.read_event().ok()? {
            Event::Start(start) => reading.begins(&start)?,
            Event::Empty(start) => {
                reading.begins(&start)?;
                reading.ends()?;
            }
            Event::End(_) => reading.ends()?,
            Event::Text(text) => reading.says(&text.decode().ok()?),
            Event::CData(text) => reading.says(&text.decode().ok()?),
            Event::GeneralRef(reference) => reading.says(&character(&reference)?),
            Event::Eof => return None,
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
        }
        if reading.open.is_empty() {
            return reading.done();
        }
    }
}

/// What a reference stands for: a character. Any other stays as it is written.
fn character(reference: &BytesRef<'_>) -> Option<String> {
    if let Some(c) = reference.resolve_char_ref().ok()? {
        return Some(c.into());
    }
    let name = reference.decode().ok()?;
    Some(match name.as_ref() {
        "lt" => "<".into(),
        "gt" => ">".into(),
        "amp" => "&".into(),
        "apos" => "'".into(),
        "quot" => "\"".into(),
        other => format!("&{other};"),
    })
}

impl Reading {
    fn begins(&mut self, start: &BytesStart<'_>) -> Option<()> {
        let name = String::from_utf8_lossy(start.local_name().as_ref()).into_owned();
        if self.open.len() >= MOST_LEVELS {
            return None;
        }
        self.text.clear();
        self.has_children = false;
        match (self.parent(), name.as_str()) {
            ("System", "Provider") => self.provider = attribute(start, "Name"),
            ("System", "TimeCreated") => {
                let time = attribute(start, "SystemTime");
                self.event.time = time.as_deref().and_then(Moment::of_xml_time);
            }
            _ => {}
        }
        self.open.push(name);
        Some(())
    }

    /// The name of the innermost element that is open, which only counts at the second level.
    fn parent(&self) -> &str {
        match &self.open[..] {
            [_, name] => name,
            _ => "",
        }
    }

    fn says(&mut self, text: &str) {
        let room = LONGEST_VALUE.saturating_sub(self.text.len());
        self.text += &text[..text.floor_char_boundary(room)];
    }

    fn ends(&mut self) -> Option<()> {
        let name = self.open.pop()?;
        let text = std::mem::take(&mut self.text);
        let is_leaf = !std::mem::replace(&mut self.has_children, true);
        let is_value = is_leaf
            && self.open.len() >= 2
            && self.open.get(1).is_some_and(|part| part == "EventData" || part == "UserData");
        if is_value {
            if self.event.values.len() < MOST_VALUES {
                self.event.values.push(text.trim().to_owned());
            }
            return Some(());
        }
        match (self.parent(), name.as_str()) {
            ("System", "EventID") => self.id = text.trim().parse().ok(),
            ("System", "EventRecordID") => self.event.record = text.trim().parse().ok(),
            ("System", "Computer") => self.event.computer = Some(text.trim().to_owned()),
            ("RenderingInfo", "Message") => self.event.message = Some(text.trim().to_owned()),
            _ => {}
        }
        Some(())
    }

    fn done(self) -> Option<Record> {
        let (id, provider) = (self.id?, self.provider?);
        if !provider.eq_ignore_ascii_case(PROVIDER) {
            return Some(Record::Other);
        }
        Some(Record::Own(CcgEvent { id, ..self.event }))
    }
}

/// The value of an attribute; `None` where it is not there, or not readable.
fn attribute(start: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = start.try_get_attribute(name).ok()??;
    let text = std::str::from_utf8(&found.value).ok()?;
    Some(unescape(text).ok()?.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXPORT: &str = include_str!("../../tests/events/failed_then_fetched.xml");

    fn read(text: &str) -> Export {
        events(text.as_bytes()).unwrap()
    }

    fn one(system: &str, rest: &str) -> String {
        format!(
            "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System>\
             <Provider Name='{PROVIDER}'/>{system}</System>{rest}</Event>"
        )
    }

    #[test]
    fn the_export_of_a_log_is_read() {
        let export = read(EXPORT);
        let ids = export.events.iter().map(|event| event.id).collect::<Vec<_>>();
        assert_eq!((ids, export.others, export.broken), (vec![2, 1, 8], 1, 0));
        let last = &export.events[2];
        assert_eq!(last.values[0], "WebApp01");
        assert_eq!(last.values[2], "0x8007052e");
        assert_eq!(last.time.unwrap().to_string(), "2026-11-24 08:00 UTC");
        assert_eq!((last.record, last.computer.as_deref()), (Some(41), Some("HOST01")));
    }

    #[test]
    fn encodings_a_root_and_other_text_change_nothing() {
        let wanted = read(EXPORT);
        let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>();
        assert_eq!(events(&utf16(&format!("\u{feff}{EXPORT}"))).unwrap(), wanted);
        assert_eq!(events(&utf16(EXPORT)).unwrap(), wanted);
        let root = format!("\u{feff}<?xml version='1.0'?>\n<Events>{EXPORT}</Events>");
        assert_eq!(read(&root), wanted);
        let text = format!("PS C:\\> wevtutil qe LOG <all> & more\r\n{EXPORT}\nPS C:\\> <");
        assert_eq!(read(&text), wanted);
    }

    #[test]
    fn what_is_no_export_is_said_to_be_none() {
        assert_eq!(events(b"ElfFile\0\0\0"), Err(NoExport::Evtx));
        assert_eq!(events(b"Event[0]:\n  Event ID: 8"), Err(NoExport::NoEvent));
        assert_eq!(events(b"<EventLog/>"), Err(NoExport::NoEvent));
        assert_eq!(events(&vec![b' '; LARGEST_EXPORT + 1]), Err(NoExport::TooLarge));
        for empty in ["", "\r\n", "<Events></Events>"] {
            assert_eq!(read(empty), Export::default());
        }
    }

    #[test]
    fn a_broken_record_hides_no_other() {
        let whole = one("<EventID Qualifiers='0'>2</EventID>", "");
        for broken in [
            "<Event><System></Event>",
            "<Event><!-- ",
            "<Event>",
            "<Event/>",
            "<Event a='>",
            "<Event><System><Provider Name='x'/></System></Event>",
            "<Event>&#xffffff;</Event>",
        ] {
            let export = read(&format!("{broken}\n{whole}"));
            assert_eq!((export.events.len(), export.broken), (1, 1), "{broken}");
        }
        let deep = format!("<Event>{}", "<a>".repeat(100));
        assert_eq!(read(&deep).broken, 1);
    }

    #[test]
    fn values_are_read_and_no_entity_is_expanded() {
        let declared = "<!DOCTYPE x [<!ENTITY e 'eeee'>]>";
        let id = "<EventID>6</EventID>";
        let text =
            one(id, "<EventData><Data Name='a'>&lt;a&gt; &#65;&amp;&e;</Data><Data/></EventData>");
        let export = read(&format!("{declared}{text}"));
        assert_eq!(export.events[0].values, ["<a> A&&e;", ""]);
        let nested = "<UserData><X xmlns='y'><P>{1}</P><Q><R>r</R></Q></X></UserData>\
                      <RenderingInfo Culture='en-US'><Message>told</Message></RenderingInfo>";
        let event = &read(&one(id, nested)).events[0];
        assert_eq!(event.values, ["{1}", "r"]);
        assert_eq!(event.message.as_deref(), Some("told"));
        let long = format!(
            "<EventData>{}</EventData>",
            format!("<Data>{}</Data>", "ä".repeat(5000)).repeat(50)
        );
        let event = &read(&one(id, &long)).events[0];
        assert_eq!(event.values.len(), MOST_VALUES);
        assert!(event.values.iter().all(|value| value.len() <= LONGEST_VALUE));
    }

    proptest::proptest! {
        #[test]
        fn nothing_makes_it_panic(bytes: Vec<u8>) {
            let _ = events(&bytes);
        }

        #[test]
        fn no_change_of_an_export_makes_it_panic(
            at in 0..EXPORT.len(),
            length in 0_usize..40,
            put in "[<>&;!'\"/a?\\[\\]-]{0,12}",
        ) {
            let mut bytes = EXPORT.as_bytes().to_vec();
            bytes.splice(at..(at + length).min(EXPORT.len()), put.bytes());
            let _ = events(&bytes);
        }
    }
}
