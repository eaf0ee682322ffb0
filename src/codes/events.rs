//! The events of Container Credential Guard, in the host's log Microsoft-Windows-Containers-CCG/Admin.

use super::domain::{READ_LOG, READERS};
use super::number::Number::Event;
use super::row::Row;

const VALIDATE: &str = "credspec validate contoso_webapp01.json";
const SOURCE: &str = "Microsoft, \"Troubleshoot gMSAs for Windows containers\", events of Container Credential Guard";

pub(super) const ROWS: &[Row] = &[
    Row {
        numbers: &[(Event(1), "CCG-1")],
        summary: "Container Credential Guard instantiated the plug-in",
        meaning: "All is well so far: the plug-in is registered and starts.",
        causes: &[],
        cure: "Nothing. If the container still fails, look for the events 6 and 8 after this one.",
        commands: &[READ_LOG],
        source: SOURCE,
    },
    Row {
        numbers: &[(Event(2), "CCG-2")],
        summary: "the account's credentials were fetched with the plug-in",
        meaning: "All is well on the side of the directory: the plug-in's user logs on and may read the account's password.",
        causes: &[],
        cure: "Nothing. If the container still cannot use its identity, look at its DNS and network.",
        commands: &["docker exec CONTAINER nltest /sc_verify:contoso.com"],
        source: SOURCE,
    },
    Row {
        numbers: &[(Event(3), "CCG-3")],
        summary: "the credential spec cannot be read",
        meaning: "Container Credential Guard does not understand the spec that the container was started with.",
        causes: &["the spec is not valid"],
        cure: "Check it.",
        commands: &[VALIDATE],
        source: SOURCE,
    },
    Row {
        numbers: &[(Event(4), "CCG-4")],
        summary: "the plug-in cannot be started",
        meaning: "The plug-in that the spec names is not registered as it should be on this host; the event's error says how.",
        causes: &[
            "the plug-in is not installed, or not listed below `Control\\CCG\\COMClasses`: \"Object was not found in registry\"",
            "its COM application runs as the interactive user, and nobody is logged on: \"the configured identity is incorrect\"",
            "its DLL, or one that it needs, may be missing",
        ],
        cure: "Compare what is installed with the GUID in the spec; let the event's number be explained.",
        commands: &["credspec plugins --installed", VALIDATE, READ_LOG],
        source: "Microsoft, \"Troubleshoot gMSAs for Windows containers\"; MicrosoftDocs/sdk-api#1040; microsoft/Windows-Containers#293",
    },
    Row {
        numbers: &[(Event(5), "CCG-5")],
        summary: "an event that no document describes",
        meaning: "Microsoft's list of these events leaves this number out. What it means is not known here.",
        causes: &[],
        cure: "Read the event's own text.",
        commands: &[
            "wevtutil qe Microsoft-Windows-Containers-CCG/Admin /q:\"*[System[EventID=5]]\" /f:text",
        ],
        source: SOURCE,
    },
    Row {
        numbers: &[(Event(6), "CCG-6")],
        summary: "the plug-in gave no credentials",
        meaning: "The plug-in started, and did not get a user and a password from its store; the event's error is the plug-in's.",
        causes: &[
            "`PluginInput` in the spec is wrong for this plug-in",
            "the host's identity may not read the secret",
            "the store, or the address that gives the host's identity, is not reached",
            "the secret is not of the form that the plug-in takes",
        ],
        cure: "Read the plug-in's own log; check the spec; let the event's number be explained.",
        commands: &[VALIDATE, "credspec plugins akv", READ_LOG],
        source: SOURCE,
    },
    Row {
        numbers: &[(Event(7), "CCG-7")],
        summary: "credentials are fetched again",
        meaning: "This is usual when the password of the account is renewed.",
        causes: &[],
        cure: "Nothing, if the event 2 follows. If the event 6 or 8 does, that is the error.",
        commands: &[READ_LOG],
        source: SOURCE,
    },
    Row {
        numbers: &[(Event(8), "CCG-8")],
        summary: "the account's credentials cannot be fetched with the plug-in",
        meaning: "The plug-in gave a user and a password, and with these the password of the account could not be read; the event's reason says why.",
        causes: &[
            "the password in the secret is wrong, or the user is disabled, locked or expired",
            "the user may not read the account's password",
            "no domain controller is found or reached from the host",
        ],
        cure: "Let the event's number be explained; look at the user, and at who may read the password.",
        commands: &[
            "credspec domain contoso.com --user svc-ccg@contoso.com --password-file pw.txt",
            READERS[0],
            "credspec validate --online --domain contoso.com contoso_webapp01.json",
        ],
        source: "Microsoft, \"Troubleshoot gMSAs for Windows containers\"; Azure/AKS#3849",
    },
    Row {
        numbers: &[(Event(9), "CCG-9")],
        summary: "the plug-in's GUID cannot be read",
        meaning: "`PluginGUID` in the spec is no GUID that Container Credential Guard understands.",
        causes: &["the braces are missing, or a character is wrong"],
        cure: "Write it as `{CCC2A336-D7F3-4818-A213-272B7924213E}` is written.",
        commands: &["credspec validate --fix contoso_webapp01.json"],
        source: SOURCE,
    },
];
