//! What starting a plug-in fails with, and what plug-ins answer: mostly numbers of COM.

use super::domain::READ_LOG;
use super::number::Number::{HResult, NtStatus, Win32};
use super::row::Row;

const INSTALLED: &str = "credspec plugins --installed";
/// Where the keys of a plug-in stand, by its class ID.
const KEYS: &[&str] = &[
    "reg query \"HKLM\\SYSTEM\\CurrentControlSet\\Control\\CCG\\COMClasses\"",
    "reg query \"HKLM\\SOFTWARE\\Classes\\CLSID\\{CLSID}\" /s",
];
const VALIDATE: &str = "credspec validate contoso_webapp01.json";
/// Where what a number means in this place follows from its name alone.
const BY_NAME: &str = "[MS-ERREF] 2.1; what it means here follows from the name";

pub(super) const ROWS: &[Row] = &[
    Row {
        numbers: &[
            (Win32(87), "ERROR_INVALID_PARAMETER"),
            (HResult(0x8007_0057), "E_INVALIDARG"),
            (NtStatus(0xC000_000D), "STATUS_INVALID_PARAMETER"),
        ],
        summary: "a parameter is incorrect",
        meaning: "From a plug-in: it cannot read the `PluginInput` of the spec. The plug-in for Azure Key Vault answers so.",
        causes: &["a part of `PluginInput` is missing, misspelled, or in the wrong order or form"],
        cure: "Check the spec, and look at what the plug-in takes.",
        commands: &[VALIDATE, "credspec plugins akv"],
        source: "the source of the plug-in for Azure Key Vault",
    },
    Row {
        numbers: &[(Win32(13), "ERROR_INVALID_DATA")],
        summary: "the data is invalid",
        meaning: "The secret that the plug-in reads, or the spec, may be in the wrong form.",
        causes: &[
            "the secret may not be of the form `contoso.com\\svc-ccg:PASSWORD`",
            "the spec may not be UTF-8, or no JSON",
        ],
        cure: "Check the spec, and write the secret again.",
        commands: &[VALIDATE, READ_LOG],
        source: "[MS-ERREF] 2.2; what it means here follows from the name",
    },
    Row {
        numbers: &[(HResult(0x8000_4005), "E_FAIL")],
        summary: "unspecified error",
        meaning: "The plug-in may have failed without a reason that it could give by a number.",
        causes: &["whatever the plug-in does: only its own log tells"],
        cure: "Read the plug-in's own log (`logFile=` in the input of some), and the log on the host.",
        commands: &[READ_LOG],
        source: BY_NAME,
    },
    Row {
        numbers: &[(HResult(0x8013_1500), "COR_E_EXCEPTION")],
        summary: "a plug-in in .NET threw an exception",
        meaning: "The plug-in is written in .NET, and may have thrown an exception of no particular type.",
        causes: &[
            "`PluginInput` may be in the wrong form",
            "the plug-in may not be allowed to read its store, or not reach it",
        ],
        cure: "Check the spec, and read the plug-in's own log.",
        commands: &[VALIDATE, READ_LOG],
        source: "the name is that of .NET; what it means here follows from it",
    },
    Row {
        numbers: &[(HResult(0x8000_401A), "CO_E_RUNAS_LOGON_FAILURE")],
        summary: "the plug-in is to run as a user who cannot be logged on",
        meaning: "From the event 4 (\"the configured identity is incorrect\"): the COM application of the plug-in is set to run as the interactive user, and nobody is logged on. It works while somebody is.",
        causes: &["the identity of the COM application is \"interactive user\""],
        cure: "Set its identity to Network Service: in `dcomcnfg`, Component Services, COM+ Applications, Properties, Identity.",
        commands: &["dcomcnfg", READ_LOG],
        source: "microsoft/Windows-Containers#293",
    },
    Row {
        numbers: &[(HResult(0x8004_0154), "REGDB_E_CLASSNOTREG")],
        summary: "the COM class of the plug-in is not registered",
        meaning: "Container Credential Guard may find no class by the GUID that the spec names.",
        causes: &[
            "the plug-in may not be installed on this host",
            "`PluginGUID` in the spec may be that of another plug-in",
        ],
        cure: "Install the plug-in on each host, and compare its GUID with that of the spec.",
        commands: &[INSTALLED, KEYS[0], KEYS[1]],
        source: BY_NAME,
    },
    Row {
        numbers: &[(HResult(0x8004_0152), "REGDB_E_KEYMISSING")],
        summary: "a key is missing in the registry",
        meaning: "The registration of the plug-in may be incomplete.",
        causes: &["its key below `Control\\CCG\\COMClasses` may be missing, or stand elsewhere"],
        cure: "Register the plug-in again, and look at its keys.",
        commands: &[INSTALLED, KEYS[0], KEYS[1]],
        source: BY_NAME,
    },
    Row {
        numbers: &[
            (Win32(126), "ERROR_MOD_NOT_FOUND"),
            (NtStatus(0xC000_0135), "STATUS_DLL_NOT_FOUND"),
        ],
        summary: "a DLL is not found",
        meaning: "The DLL of the plug-in, or one that it needs, may be missing.",
        causes: &[
            "the file that `InprocServer32` names may have been moved or deleted",
            "what it was built with (.NET, the C++ runtime) may not be installed on the host",
        ],
        cure: "Look at the path in the registry, and install what is missing.",
        commands: &[KEYS[1]],
        source: "[MS-ERREF] 2.2; what it means here follows from the name",
    },
    Row {
        numbers: &[(HResult(0x8008_0005), "CO_E_SERVER_EXEC_FAILURE")],
        summary: "the process for the plug-in does not start",
        meaning: "COM may have been unable to start the surrogate process that the plug-in runs in.",
        causes: &["the `AppID` of the plug-in may lack `DllSurrogate`, or the right to launch it"],
        cure: "Register the plug-in again as its documentation says.",
        commands: &[KEYS[1], "reg query \"HKLM\\SOFTWARE\\Classes\\AppID\\{APPID}\" /s"],
        source: BY_NAME,
    },
];
