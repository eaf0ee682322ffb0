use super::*;
use crate::doctor::Verdict;

const EXPECTED: Expected<'_> = Expected { account: "WebApp01", domain: "contoso.com" };
const TICKET_OF_ACCOUNT: &str = "\r\nCurrent LogonId is 0:0x3e4\r\nA ticket to krbtgt has been retrieved successfully.\r\n\r\nCached Tickets: (1)\r\n\r\n#0>\tClient: webapp01$ @ CONTOSO.COM\r\n\tServer: krbtgt/CONTOSO.COM @ CONTOSO.COM\r\n";

fn others(query: &str, verify: &str, ticket: &str) -> Others {
    Others { query: Ok(query.into()), verify: Ok(verify.into()), ticket: Ok(ticket.into()) }
}

fn told(parent_domain: Seen<String>, others: Option<Others>) -> Vec<(Verdict, String)> {
    let answers = Answers { place: "the container web".into(), parent_domain, others };
    let checks = checks(&answers, EXPECTED);
    checks.into_iter().map(|check| (check.verdict, check.sentence)).collect()
}

fn spec_of(text: &str) -> (Verdict, String) {
    told(Ok(text.into()), None).remove(0)
}

fn channel_of(query: &str, verify: &str) -> (Verdict, String) {
    told(Ok(String::new()), Some(others(query, verify, ""))).remove(1)
}

fn ticket_of(text: &str) -> (Verdict, String) {
    told(Ok(String::new()), Some(others("", "", text))).remove(2)
}

const FAILED: Verdict = Verdict::Bad(Severity::Error);

#[test]
fn the_spec_is_told_by_the_domain_that_it_names() {
    for (text, verdict, part) in [
        ("contoso.com. (1)\r\nThe command completed successfully\r\n", Verdict::Ok, "a spec of"),
        ("CONTOSO.COM\r\nThe command completed successfully\r\n", Verdict::Ok, "a spec of"),
        ("Defaulted container \"web\" out of: web, log\ncontoso.com. (1)\n", Verdict::Ok, "spec"),
        ("fabrikam.com. (1)\r\n", FAILED, "a spec of fabrikam.com, not of contoso.com"),
        (
            "\n\nGetting parent domain failed: Status = 1722 0x6ba RPC_S_SERVER_UNAVAILABLE\r\n",
            FAILED,
            "no spec was given to the container web",
        ),
        (
            "Getting parent domain failed: Status = 5 0x5 ERROR_ACCESS_DENIED\n",
            Verdict::Unknown,
            "says 5: access is denied",
        ),
        ("Getting parent domain failed: Status = 4242 0x1092 X\n", Verdict::Unknown, "says 4242"),
        ("Error: No such container: web\n", Verdict::Unknown, "no answer, but: Error: No such"),
        (
            "Error response from daemon: container 1f is not running\n",
            Verdict::Unknown,
            "not running",
        ),
        (
            "OCI runtime exec failed: exec failed: \"nltest\": executable file not found in $PATH: unknown\n",
            Verdict::Unknown,
            "it has no nltest",
        ),
        (
            "container 40c1 encountered an error during CreateProcess: failure in a Windows system call: The system cannot find the file specified. (0x2)",
            Verdict::Unknown,
            "it has no nltest",
        ),
        ("Error from server (NotFound): pods \"web\" not found\n", Verdict::Unknown, "NotFound"),
        ("Forbidden\n", Verdict::Unknown, "Forbidden"),
        ("", Verdict::Unknown, "nothing was said"),
    ] {
        let (found, sentence) = spec_of(text);
        assert_eq!(found, verdict, "{text}: {sentence}");
        assert!(sentence.contains(part), "{sentence}");
        let is_answer = is_answer(&Ok(text.into()));
        assert_eq!(
            is_answer,
            !sentence.contains("no answer, but") && verdict != Verdict::Unknown
                || text.contains("Status ="),
            "{text}"
        );
    }
    let all = told(Err("there is no docker on the PATH".into()), None);
    assert!(all.iter().all(|(verdict, _)| *verdict == Verdict::Unknown), "{all:?}");
    assert_eq!(all[0].1, "the container web: there is no docker on the PATH");
}

#[test]
fn the_channel_is_judged_by_its_numbers_and_not_by_the_last_line() {
    let good = "Flags: b0 HAS_IP  HAS_TIMESERV\r\nTrusted DC Name \\\\dc1.contoso.com\r\nTrusted DC Connection Status Status = 0 0x0 NERR_Success\r\nTrust Verification Status = 0 0x0 NERR_Success\r\nThe command completed successfully\r\n";
    let up = "Flags: 0 \r\nConnection Status = 0 0x0 NERR_Success\r\nThe command completed successfully\r\n";
    let down = up.replace("0 0x0 NERR_Success", "1311 0x51f ERROR_NO_LOGON_SERVERS");
    assert_eq!(
        channel_of(up, good),
        (Verdict::Ok, "dc1.contoso.com accepts the account's password".into())
    );
    let (verdict, sentence) = channel_of(&down, good);
    assert!(verdict == Verdict::Ok && sentence.ends_with("the channel was down: 1311"));
    for number in ["1787 0x6fb ERROR_NO_TRUST_SAM_ACCOUNT", "5 0x5 ERROR_ACCESS_DENIED", "9999 X"] {
        let bad = good.replace(
            "Verification Status = 0 0x0 NERR_Success",
            &format!("Verification Status = {number}"),
        );
        let (verdict, sentence) = channel_of(up, &bad);
        let first = number.split(' ').next().unwrap();
        assert_eq!(verdict, FAILED, "{sentence}");
        assert!(sentence.contains(&format!("says {first}")), "{sentence}");
    }
    let failed = |number: &str| format!("I_NetLogonControl failed: Status = {number}\r\n");
    assert_eq!(channel_of(up, &failed("1355 0x54b ERROR_NO_SUCH_DOMAIN")).0, FAILED);
    assert_eq!(channel_of(up, &failed("5 0x5 ERROR_ACCESS_DENIED")).0, Verdict::Unknown);
    // The line alone says nothing, nor does half of an answer.
    assert_eq!(channel_of(up, "The command completed successfully\r\n").0, Verdict::Unknown);
    let half = good.replace("Trust Verification Status", "x");
    assert_eq!(channel_of(up, &half).0, Verdict::Unknown);
}

#[test]
fn a_ticket_is_that_of_the_account_or_explained() {
    assert_eq!(
        ticket_of(TICKET_OF_ACCOUNT),
        (Verdict::Ok, "it gets a Kerberos ticket for WebApp01$".into())
    );
    let (verdict, sentence) = ticket_of(&TICKET_OF_ACCOUNT.replace("webapp01$", "other$"));
    assert_eq!(verdict, FAILED);
    assert_eq!(sentence, "its ticket is that of other$ @ CONTOSO.COM, not of WebApp01$");
    assert_eq!(ticket_of(&TICKET_OF_ACCOUNT.replace("CONTOSO", "FABRIKAM")).0, FAILED);
    let failed = "Current LogonId is 0:0x3e7\r\nError calling API LsaCallAuthenticationPackage (GetTicket substatus): 1311\r\n\r\nklist failed with 0xc000005e/-1073741730: There are currently no logon servers available.\r\n";
    let (verdict, sentence) = ticket_of(failed);
    assert_eq!(
        (verdict, sentence.as_str()),
        (FAILED, "`klist get krbtgt` fails: no domain controller answers")
    );
    let refused = "Current LogonId is 0:0x5d2c\r\nError calling API LsaCallAuthenticationPackage (GetTicket substatus): 0x5\r\n\r\nklist failed with 0xc0000022/-1073741790: denied\r\n";
    assert_eq!(ticket_of(refused).0, Verdict::Unknown);
    assert_eq!(
        ticket_of("Current LogonId is 0:0x3e7\r\n\r\nCached Tickets: (0)\r\n").0,
        Verdict::Unknown
    );
    assert_eq!(ticket_of("Error: 1311 of something else").0, Verdict::Unknown);
}

#[test]
fn what_is_told_is_short() {
    let long = "é".repeat(4000);
    for text in [long.clone(), format!("Client: {long} @ {long}")] {
        assert!(spec_of(&text).1.len() < 500 && ticket_of(&text).1.len() < 800);
    }
}
