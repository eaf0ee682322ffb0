use super::*;
use crate::doctor::Verdict;
use crate::document::events::events;
use crate::model::Moment;

const AKV: &str = "{CCC2A336-D7F3-4818-A213-272B7924213E}";

/// A record at a second, with its values.
fn at(second: u64, id: u32, values: &[&str]) -> CcgEvent {
    let ticks = i64::try_from(second).unwrap() * 10_000_000;
    CcgEvent {
        id,
        time: Some(Moment::of_file_time(ticks)),
        record: Some(second),
        computer: Some("HOST01".into()),
        values: values.iter().map(|value| (*value).to_owned()).collect(),
        message: None,
    }
}

/// Verdict and sentence of each check.
fn told(events: &[CcgEvent]) -> Vec<(String, String)> {
    checks(events).into_iter().map(|check| (check.verdict.to_string(), check.sentence)).collect()
}

fn verdicts(events: &[CcgEvent]) -> Vec<String> {
    told(events).into_iter().map(|(verdict, _)| verdict).collect()
}

#[test]
fn the_newest_record_decides() {
    let fetched = |second| at(second, 2, &["WebApp01", AKV]);
    let failed = |second| at(second, 8, &["WebApp01", AKV, "0x8007052e"]);
    assert_eq!(verdicts(&[failed(1), fetched(2)]), ["ok"]);
    assert_eq!(verdicts(&[fetched(2), failed(1), failed(0)]), ["ok"]);
    assert_eq!(verdicts(&[fetched(1), failed(2), at(3, 7, &[])]), ["failed"]);
    // Others are others.
    let other = at(3, 2, &["WebApp02", AKV]);
    assert_eq!(verdicts(&[failed(1), other]), ["ok", "failed"]);
    let elsewhere = CcgEvent { computer: Some("host02".into()), ..fetched(3) };
    let told = told(&[failed(1), elsewhere]);
    assert_eq!(told[0].0, "failed");
    assert!(told[0].1.starts_with("host01: WebApp01: ") && told[1].0 == "ok", "{told:?}");
    // Of one second: the log's own number tells.
    let same = CcgEvent { record: Some(9), ..failed(1) };
    assert_eq!(verdicts(&[same.clone(), fetched(1)]), ["failed"]);
    assert_eq!(verdicts(&[fetched(1), same]), ["failed"]);
}

#[test]
fn a_plug_in_that_fails_is_told_until_it_works() {
    let plugin = |second, id, more: &[&str]| at(second, id, &[&[AKV], more].concat());
    let fetched = |second| at(second, 2, &["WebApp01", AKV]);
    for id in [4, 6] {
        assert_eq!(verdicts(&[fetched(1), plugin(2, id, &["0x80070005"])]), ["failed"]);
        assert_eq!(verdicts(&[plugin(1, id, &["0x80070005"]), fetched(2)]), ["ok"]);
    }
    assert_eq!(verdicts(&[plugin(1, 4, &[]), plugin(2, 1, &[])]), ["unknown"]);
    assert_eq!(verdicts(&[plugin(1, 6, &[]), plugin(2, 1, &[])]), ["failed"]);
    let refused = at(3, 8, &["WebApp01", AKV, "x"]);
    assert_eq!(verdicts(&[plugin(1, 4, &[]), plugin(2, 6, &[]), refused]), ["failed"]);
    // The braces may be missing, and letters may be of either case.
    let bare = AKV.trim_matches(['{', '}']).to_lowercase();
    assert_eq!(verdicts(&[plugin(1, 6, &[]), at(2, 2, &["WebApp01", &bare])]), ["ok"]);
}

#[test]
fn a_spec_that_is_not_read_is_a_note_once_another_worked() {
    assert_eq!(verdicts(&[at(1, 3, &["0x80070057"])]), ["failed"]);
    let fetched = at(2, 2, &["WebApp01", AKV]);
    assert_eq!(verdicts(&[at(1, 3, &[]), fetched.clone()]), ["ok", "note"]);
    assert_eq!(verdicts(&[at(3, 9, &[AKV]), fetched]), ["failed", "ok"]);
}

#[test]
fn numbers_are_explained_and_others_shown_as_they_are() {
    let told = |reason: &str| {
        let check = checks(&[at(1, 8, &["WebApp01", AKV, reason])]).remove(0);
        (check.sentence, check.cure.unwrap())
    };
    for number in ["0x8007052e", "2147943726", "-2147023570", "1326"] {
        let (sentence, cure) = told(number);
        assert!(sentence.contains(number) && cure.contains("error-logon-failure"), "{sentence}");
        assert!(cure.contains("credspec explain ccg-8"), "{cure}");
    }
    let (sentence, cure) = told("Die Anmeldung ist ungültig.");
    assert!(sentence.ends_with(": Die Anmeldung ist ungültig."), "{sentence}");
    assert!(cure.contains("possible cause: the password in the secret is wrong"), "{cure}");
    assert!(told("0x87654321").0.contains("HRESULT"));
}

#[test]
fn what_is_not_described_is_a_note_and_no_attempt_is_unknown() {
    let known = [at(1, 5, &["a\u{1b}[2Jb"]), at(2, 77, &[])];
    let told = told(&known);
    assert_eq!(told.iter().map(|(verdict, _)| verdict.as_str()).collect::<Vec<_>>(), ["note"; 2]);
    assert!(told[1].1.contains("(event 5, ") && told[1].1.contains("a\u{1b}[2Jb"));
    let many = (100..200).map(|id| at(1, id, &[])).collect::<Vec<_>>();
    assert_eq!(verdicts(&many).len(), MOST_UNKNOWN);
    assert_eq!(verdicts(&[]), ["unknown"]);
    assert_eq!(verdicts(&[at(1, 1, &[AKV]), at(2, 7, &[])]), ["unknown"]);
    let missing = of_log(&CcgLog::Missing);
    assert_eq!(missing[0].verdict, Verdict::Bad(Severity::Note));
    assert_eq!(missing[0].rule.name, "ccg-log-missing");
    assert_eq!(of_log(&CcgLog::Unknown("x".into()))[0].verdict, Verdict::Unknown);
}

#[test]
fn a_failure_that_came_right_later_is_ok() {
    let text = include_bytes!("../../../tests/events/failed_then_fetched.xml");
    let told = told(&events(text).unwrap().events);
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].0, "ok");
    assert!(told[0].1.contains("2026-11-25 16:51 UTC"), "{told:?}");
}

proptest::proptest! {
    #[test]
    fn any_records_are_judged(
        ids in proptest::collection::vec((0_u32..11, 0_u64..5, ".{0,12}", ".{0,12}"), 0..30)
    ) {
        let events = ids.iter().map(|(id, second, one, other)| {
            at(*second, *id, &[one.as_str(), AKV, other.as_str()])
        });
        proptest::prop_assert!(!checks(&events.collect::<Vec<_>>()).is_empty());
    }
}
