use std::collections::HashSet;

use proptest::prelude::*;

use super::number::Number;
use super::*;

fn names(text: &str) -> Vec<&'static str> {
    in_text(text).into_iter().map(|code| code.name.as_str()).collect()
}

fn known(word: &str) -> Option<&'static str> {
    match read(word) {
        Word::Known(code) => Some(&code.name),
        Word::Unknown(_) | Word::Other => None,
    }
}

fn unknown(word: &str) -> String {
    match read(word) {
        Word::Unknown(forms) => forms,
        other => panic!("{word}: {other:?}"),
    }
}

#[test]
fn each_number_and_each_symbol_has_one_row() {
    let (mut numbers, mut symbols) = (HashSet::new(), HashSet::new());
    for code in all() {
        assert!(!code.name.is_empty() && !code.numbers.is_empty(), "{code:?}");
        assert!(!code.meaning.is_empty() && !code.cure.is_empty() && !code.source.is_empty());
        for forms in &code.numbers {
            assert!(symbols.insert(forms.symbol), "{} twice", forms.symbol);
        }
        let own =
            code.numbers.iter().map(|one| format!("{:?}", one.number)).collect::<HashSet<_>>();
        for number in own {
            assert!(numbers.insert(number.clone()), "{number} has two rows");
        }
    }
}

/// What no document and no thread says is not told as if one did.
#[test]
fn what_follows_from_a_name_alone_is_worded_may() {
    for code in all().filter(|code| code.source.contains("follows from")) {
        let told = code.causes.iter().chain([&code.meaning]).any(|text| text.contains("may"));
        assert!(told, "{code:?}");
    }
}

#[test]
fn a_row_is_found_from_each_of_its_forms() {
    for code in all() {
        let name = Some(code.name.as_str());
        assert_eq!(known(&code.name), name);
        for number in &code.numbers {
            assert_eq!(known(number.symbol), name);
            assert_eq!(known(&number.symbol.to_lowercase()), name);
            if let Number::Event(event) = number.number {
                let xml = format!(
                    "<Provider Name='Microsoft-Windows-Containers-CCG'/><EventID>{event}</EventID>"
                );
                assert_eq!(names(&xml), [code.name.as_str()]);
                continue;
            }
            for form in &number.forms {
                assert_eq!(known(form), name, "{form}");
                assert_eq!(known(&form.to_uppercase()), name, "{form}");
                assert_eq!(known(&format!("#{form},")), name, "{form}");
                if number.number != Number::Win32(0) {
                    assert_eq!(
                        names(&format!("x failed: Error {form}.\r\n")),
                        [code.name.as_str()],
                        "{form}"
                    );
                    assert_eq!(names(&format!("Error: ({form})")), [code.name.as_str()], "{form}");
                }
            }
        }
    }
}

#[test]
fn forms_that_tools_print_are_read() {
    for (word, name) in [
        ("1787", "error-no-trust-sam-account"),
        ("0x6FB", "error-no-trust-sam-account"),
        ("0x8007052e", "error-logon-failure"),
        ("8007052E", "error-logon-failure"),
        ("-2147023570", "error-logon-failure"),
        ("0xFFFFFFFF8007052E", "error-logon-failure"),
        ("52e", "error-logon-failure"),
        ("0xC007052E", "error-logon-failure"),
        ("0xd0020017", "rpc-s-server-unavailable"),
        ("3489792023", "rpc-s-server-unavailable"),
        ("#3489661095", "status-bad-validation-class"),
        ("80070005", "error-access-denied"),
        ("ERROR_NO_LOGON_SERVERS", "error-no-logon-servers"),
        ("e_accessdenied", "error-access-denied"),
        ("CCG-8", "ccg-8"),
    ] {
        assert_eq!(known(word), Some(name), "{word}");
    }
    for word in ["", "-", "0x", "x", "1787x", "--5", "sid-of-account", "1.5", "é", "beefdead"] {
        assert!(matches!(read(word), Word::Other), "{word}");
    }
}

#[test]
fn an_unknown_number_is_told_in_its_other_forms() {
    assert_eq!(
        unknown("1234"),
        "it is Win32 error 1234 (0x4d2), whose HRESULT is 0x800704d2 (-2147023662)"
    );
    assert!(unknown("0x800704D2").starts_with("it is the HRESULT of Win32 error 1234 (0x4d2)"));
    assert!(unknown("0xC0000001").contains("NTSTATUS whose HRESULT is 0xd0000001"));
    assert!(unknown("0xD0000001").contains("HRESULT of NTSTATUS 0xc0000001"));
    assert!(unknown("0x80041234").starts_with("it is HRESULT 0x80041234"));
    assert!(unknown("70000").contains("no failure"));
    assert!(unknown("0x80070000").contains("HRESULT 0x80070000"));
    assert!(unknown("99999999999999999999").contains("longer than 32 bits"));
    assert!(unknown("-99999999999").contains("longer than 32 bits"));
    // 775 is a sub-code of LDAP in hexadecimal only where it is said to be.
    assert!(unknown("775").contains("Win32 error 775"));
}

#[test]
fn outputs_of_tools_are_read_in_their_order() {
    let nltest = "Flags: 80 HAS_IP  HAS_TIMESERV\nTrusted DC Name \\\\dc1.contoso.com\n\
        Trusted DC Connection Status Status = 0 0x0 NERR_Success\n\
        Trust Verification Status = 1787 0x6fb ERROR_NO_TRUST_SAM_ACCOUNT\nThe command completed successfully\n";
    assert_eq!(names(nltest), ["nerr-success", "error-no-trust-sam-account"]);
    let klist = "Current LogonId is 0:0x3e7\nTicket Flags 0x40e10000\n\
        Error calling API LsaCallAuthenticationPackage (GetTicket substatus): 0x51f\n\
        klist failed with 0xc000018b/-1073741429: a sentence\n";
    assert_eq!(names(klist), ["error-no-logon-servers", "error-no-trust-sam-account"]);
    let docker = "docker: Error response from daemon: hcs::CreateComputeSystem 566516d39128: winapi error #3489661095.";
    assert_eq!(names(docker), ["status-bad-validation-class"]);
    let json = "{\"Error\":-2147023174,\"ErrorMessage\":\"x\"} tid(b20) 80070005 Access is denied. (0xc0020017)";
    assert_eq!(names(json), ["rpc-s-server-unavailable", "error-access-denied"]);
    let ldap =
        "80090308: LdapErr: DSID-0C0903A9, comment: AcceptSecurityContext error, data 775, v1db1";
    assert_eq!(names(ldap), ["error-account-locked-out"]);
    assert_eq!(names("System error 53 has occurred."), ["error-bad-netpath"]);
}

#[test]
fn numbers_that_are_no_errors_are_passed_over() {
    for text in [
        "0.0.0.0:53->53/tcp  5 minutes ago  Up 13 hours",
        "NAME READY STATUS RESTARTS AGE\nweb-0 1/1 Running 5 87s",
        "error at 13:05:53 on 10.0.0.5, dialing dc1.contoso.com:53",
        "exit status 5; exit code 13; exited with error, exit code: 1311",
        "error in version 5.13 of {80070005-0000-0000-c000-000000000046}",
        "Flags: 0x5 LogonId 0:0x52e port 1722, pid 1311",
        "Event ID: 8\nSource: another",
        "Status = 0 0x0",
    ] {
        assert_eq!(names(text), Vec::<&str>::new(), "{text}");
    }
}

#[test]
fn events_are_read_as_text_as_xml_and_as_powershell_lists_them() {
    let text = "Event[0]:\n  Log Name: Microsoft-Windows-Containers-CCG/Admin\n  Event ID: 8\n  Description:\nreason 0x8007052e\n\
        Event[1]:\n  Log Name: System\n  Event ID: 3\n";
    assert_eq!(names(text), ["ccg-8", "error-logon-failure"]);
    let xml = "<Event xmlns='x'><System><Provider Name='Microsoft-Windows-Containers-CCG' Guid='{45e7dbc5}'/>\
        <EventID Qualifiers='0'>4</EventID></System><EventData><Data>2147746132</Data></EventData></Event>\
        <Event xmlns='x'><System><Provider Name='Other'/><EventID>6</EventID></System></Event>";
    assert_eq!(names(xml), ["ccg-4", "regdb-e-classnotreg"]);
    let list =
        "ProviderName : Microsoft-Windows-Containers-CCG\r\nId           : 6\r\nProcessId : 3\r\n";
    assert_eq!(names(list), ["ccg-6"]);
    let table = "   ProviderName: Microsoft-Windows-Containers-CCG\nTimeCreated   Id LevelDisplayName Message\n\
        11/25/2026 4:51:07 PM   1 Information Container\n11/25/2026 4:51:08 PM   8 Error Container";
    assert_eq!(names(table), ["ccg-1", "ccg-8"]);
    let sentence =
        "> Container Credential Guard failed to instantiate the plugin: {XXX}. Error: a sentence";
    assert_eq!(names(sentence), ["ccg-4"]);
}

proptest! {
    #[test]
    fn no_text_is_too_strange(text in ".{0,80}", number in any::<u32>()) {
        let _ = (read(&text), in_text(&text));
        for text in [format!("{number}"), format!("{number:#X}"), format!("{}", number.cast_signed())] {
            let is_known = matches!(read(&text), Word::Known(_));
            prop_assert!(is_known || matches!(read(&text), Word::Unknown(_)), "{text}");
            prop_assert!(is_known || in_text(&format!("error {text}")).is_empty(), "{text}");
        }
    }

    #[test]
    fn pieces_of_outputs_make_no_trouble(pieces in proptest::collection::vec(
        prop::sample::select(vec![
            "error", " ", "-", "0x", "8007052e", "1787", ":", ".", "\n", "é", "data ", "775", "<EventID", ">", "8",
            "containers-ccg", "Id", "event id", "Event[", "<Event ", "container credential guard ", "_", "\u{feff}",
        ]), 0..24)) {
        let _ = in_text(&pieces.concat());
    }
}
