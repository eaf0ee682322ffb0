//! `explain` with numbers, with several arguments, and with pasted text.

use crate::runner::Sandbox;

const NLTEST: &str = "Flags: 80 HAS_IP  HAS_TIMESERV\r\nTrusted DC Name \\\\dc1.contoso.com\r\n\
    Trusted DC Connection Status Status = 1311 0x51f ERROR_NO_LOGON_SERVERS\r\n\
    Trust Verification Status = 1787 0x6fb ERROR_NO_TRUST_SAM_ACCOUNT\r\n\
    The command completed successfully\r\n";

#[test]
fn all_forms_of_a_number_lead_to_one_explanation() {
    let sandbox = Sandbox::new();
    let told = sandbox.run(&["explain", "1787"]).code(0).stderr("").stdout;
    for part in [
        "error-no-trust-sam-account: ",
        "0xc000018b",
        "1. userAccountControl",
        "-bor 0x1000",
        "windows-containers-AD#7",
    ] {
        assert!(told.contains(part), "`{part}` is missing in {told}");
    }
    for form in [
        "0x6fb",
        "0x800706FB",
        "-2147023109",
        "0xc000018b",
        "-1073741429",
        "0xD000018B",
        "error_no_trust_sam_account",
        "STATUS_NO_TRUST_SAM_ACCOUNT",
        "error-no-trust-sam-account",
        "Status = 1787 0x6fb ERROR_NO_TRUST_SAM_ACCOUNT",
        "0xc000018b/-1073741429",
    ] {
        sandbox.run(&["explain", form]).code(0).stderr("").stdout(&told);
    }
}

#[test]
fn names_and_numbers_may_be_mixed() {
    let args =
        ["explain", "no-kdc", "3489792023", "sid-of-account", "0x8007052e", "1722", "no-kdc"];
    let told = Sandbox::new().run(&args).code(0).stdout;
    let starts = [
        "no-kdc (",
        "\nrpc-s-server-unavailable: ",
        "\nsid-of-account (",
        "\nerror-logon-failure: ",
    ];
    let places = starts.map(|start| told.find(start).unwrap_or_else(|| panic!("{start}: {told}")));
    assert!(places.is_sorted(), "{told}");
    assert_eq!(told.matches("rpc-s-server-unavailable: ").count(), 1, "{told}");
    assert_eq!(told.matches("no-kdc (").count(), 1, "{told}");
    let json = Sandbox::new().run(&[&args[..], &["--format", "json"]].concat()).code(0).json();
    let names = |part: &str| {
        let rows = json[part].as_array().unwrap().iter();
        rows.map(|row| row["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names("codes"), ["rpc-s-server-unavailable", "error-logon-failure"]);
    assert_eq!(
        (names("rules"), names("errors")),
        (vec!["sid-of-account".into()], vec!["no-kdc".into()])
    );
}

#[test]
fn pasted_text_is_explained_in_its_order() {
    let sandbox = Sandbox::new();
    let names = |input: &[u8]| {
        let json = sandbox.run_with(&["explain", "-", "--format", "json"], input).code(0).json();
        let rows = json["codes"].as_array().unwrap().iter();
        rows.map(|row| row["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let both = ["error-no-logon-servers", "error-no-trust-sam-account"];
    assert_eq!(names(NLTEST.as_bytes()), both);
    // As Windows PowerShell writes it, and with a byte that is no text.
    let utf16 = NLTEST.encode_utf16().flat_map(u16::to_le_bytes);
    assert_eq!(names(&[0xFF, 0xFE].into_iter().chain(utf16).collect::<Vec<_>>()), both);
    assert_eq!(names(&[b"caf\xe9 ", NLTEST.as_bytes()].concat()), both);
    let event = "<Event><System><Provider Name='Microsoft-Windows-Containers-CCG'/><EventID>8</EventID></System>\
        <EventData><Data>-2147023570</Data></EventData></Event>";
    assert_eq!(names(event.as_bytes()), ["ccg-8", "error-logon-failure"]);
    let told = sandbox.run_with(&["explain", "-", "ccg-2"], NLTEST.as_bytes()).code(0).stdout;
    assert!(told.starts_with("error-no-logon-servers: ") && told.contains("\nccg-2: "), "{told}");
}

#[test]
fn what_is_not_known_is_not_guessed_at() {
    let sandbox = Sandbox::new();
    sandbox.run(&["explain", "0x800704d2"]).code(2).stdout("").says(&[
        "nothing is known here of the number `0x800704d2`: it is the HRESULT of Win32 error 1234 (0x4d2)",
        "certutil -error",
    ]);
    let json = sandbox.run(&["explain", "1787", "-1234", "--format", "json"]).code(2).json();
    assert_eq!(json["error"]["kind"], "unknown-number");
    sandbox
        .run(&["explain", "ERROR_NO_LOGON_SERVER"])
        .code(2)
        .says(&["there is no rule", "did you mean `error-no-logon-servers`?"]);
    let text = b"NAME READY STATUS RESTARTS\nweb 1/1 Running 5\n";
    let json = sandbox.run_with(&["explain", "-", "--format", "json"], text).code(2).json();
    assert_eq!(json["error"]["kind"], "nothing-to-explain");
    sandbox.run(&["explain", "-", "-"]).code(2).says(&["named more than once"]);
}

/// One line, or one mark after another, costs no more than many lines do.
#[test]
fn long_texts_end() {
    let sandbox = Sandbox::new();
    let long = ["error 1 ", "<EventID", "<Event containers-ccg ", "event id          "]
        .map(|part| part.repeat((1 << 18) / part.len()) + "\nerror 1787");
    for text in long {
        sandbox.run_with(&["explain", "-"], text.as_bytes()).code(0);
    }
    let outcome =
        sandbox.run_with(&["explain", "-"], format!("{NLTEST}{}", " ".repeat(1 << 20)).as_bytes());
    outcome.code(0).says(&["the rest is not read"]);
}

#[test]
fn each_row_is_listed_and_complete() {
    let sandbox = Sandbox::new();
    let listed = sandbox.run(&["explain"]).code(0).stdout;
    let json = sandbox.run(&["explain", "--format", "json"]).code(0).json();
    let rows = json["codes"].as_array().unwrap();
    assert!(rows.len() > 40, "{}", rows.len());
    for row in rows {
        let name = row["name"].as_str().unwrap();
        assert!(listed.contains(&format!("\n{name} ")), "{name} is not in the table");
        let is_plain = |c: char| c == '-' || c.is_ascii_lowercase() || c.is_ascii_digit();
        assert!(name.chars().all(is_plain), "{name}");
        for part in ["rules", "settings", "errors"] {
            assert!(json[part].as_array().unwrap().iter().all(|one| one["name"] != name), "{name}");
        }
        let told = sandbox.run(&["explain", name]).code(0).stdout;
        for part in ["What it means here", "What to do", "Source"] {
            assert!(told.contains(part), "{told}");
        }
    }
}
