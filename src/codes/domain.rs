//! What `nltest`, `klist` and the start of a container say about the domain: whether a controller is found,
//! and whether it takes the container for the account.

use super::number::Number::{HResult, NtStatus, Win32};
use super::row::Row;

/// Where the reason stands when Windows itself gives none.
pub(super) const READ_LOG: &str = "wevtutil qe Microsoft-Windows-Containers-CCG/Admin /c:20 /rd:true /f:text | credspec explain -";
/// Whether the domain is found by the DNS of the container, and of the host.
const FIND_CONTROLLER: &[&str] = &[
    "docker exec CONTAINER nslookup -type=SRV _ldap._tcp.dc._msdcs.contoso.com",
    "docker exec CONTAINER nltest /dsgetdc:contoso.com",
    "Resolve-DnsName -Type SRV _ldap._tcp.dc._msdcs.contoso.com",
    "Test-NetConnection dc1.contoso.com -Port 88",
    "Test-NetConnection dc1.contoso.com -Port 389",
];
/// Who may read the password, and whether this host is among them.
pub(super) const READERS: &[&str] = &[
    "Get-ADServiceAccount WebApp01 -Properties PrincipalsAllowedToRetrieveManagedPassword",
    "Test-ADServiceAccount WebApp01",
    "klist -li 0x3e7 purge",
];

pub(super) const ROWS: &[Row] = &[
    Row {
        numbers: &[(Win32(0), "NERR_Success")],
        summary: "no error",
        meaning: "From `nltest /sc_verify` in a container, with `Trust Verification Status = 0`: the account's password is right, and a domain controller accepts it. The last line, \"The command completed successfully\", says nothing: it is there after failures as well.",
        causes: &[],
        cure: "Nothing. If the application still cannot log on to others, look at the user that it runs as (Network Service or Local System), and at service principal names.",
        commands: &["docker exec CONTAINER klist get krbtgt"],
        source: "Microsoft, \"Troubleshoot gMSAs for Windows containers\"",
    },
    Row {
        numbers: &[
            (Win32(1722), "RPC_S_SERVER_UNAVAILABLE"),
            (NtStatus(0xC002_0017), "RPC_NT_SERVER_UNAVAILABLE"),
        ],
        summary: "the RPC server is unavailable",
        meaning: "From `docker run` or containerd (`winapi error #3489792023`, 0xc0020017): Container Credential Guard on the host could not give the container an identity; its log has the reason. From `nltest /parentdomain` in a container: no credential spec was given to it. From `nltest /sc_verify`: the RPC ports of the domain controller may be closed.",
        causes: &[
            "no domain controller is reached from the host",
            "the plug-in's secret holds a wrong user or password, or is in the wrong form",
            "the plug-in cannot be started",
            "the container was started without a spec: `docker compose` ignores the key `credential_spec`",
            "a firewall may close TCP 135 or 49152-65535 between container and domain controller",
        ],
        cure: "Where the container does not start, read the log on the host and let it be explained. Where it runs, check that its spec was given at its start.",
        commands: &[
            READ_LOG,
            "docker exec CONTAINER nltest /parentdomain",
            "docker inspect --format '{{.HostConfig.SecurityOpt}}' CONTAINER",
        ],
        source: "microsoft/Windows-Containers#221, #520, #541; Kubernetes, \"Configure GMSA for Windows Pods and containers\"",
    },
    Row {
        numbers: &[
            (Win32(1726), "RPC_S_CALL_FAILED"),
            (NtStatus(0xC002_001B), "RPC_NT_CALL_FAILED"),
        ],
        summary: "the remote procedure call failed",
        meaning: "The process that the plug-in runs in ended while Container Credential Guard was asking it.",
        causes: &["the plug-in crashes"],
        cure: "Look for the crash in the Application log, and read the plug-in's own log.",
        commands: &[
            "Get-WinEvent -LogName Application -MaxEvents 50 | Where-Object LevelDisplayName -eq Error",
            READ_LOG,
        ],
        source: "microsoft/Windows-Containers#541",
    },
    Row {
        numbers: &[
            (Win32(1311), "ERROR_NO_LOGON_SERVERS"),
            (NtStatus(0xC000_005E), "STATUS_NO_LOGON_SERVERS"),
            (HResult(0x8009_0311), "SEC_E_NO_AUTHENTICATING_AUTHORITY"),
        ],
        summary: "no domain controller answers",
        meaning: "The container, or the host, finds no domain controller to log on to.",
        causes: &[
            "the DNS server of the container does not know the domain",
            "a port is closed on the way: 53, 88 or 389, TCP and UDP",
            "at the first start of a container it may pass by itself",
            "a wrong user name or password of the plug-in's user was seen behind it: the host's log tells",
        ],
        cure: "Give the container a DNS server that knows the domain, open the ports from the network of the containers, and verify again.",
        commands: &[
            FIND_CONTROLLER[0],
            FIND_CONTROLLER[1],
            FIND_CONTROLLER[3],
            "docker exec CONTAINER nltest /sc_reset:contoso.com",
        ],
        source: "microsoft/SDN#339; kubernetes/kubernetes#99862; Koubek/nav-docker-examples#5",
    },
    Row {
        numbers: &[
            (Win32(1355), "ERROR_NO_SUCH_DOMAIN"),
            (NtStatus(0xC000_00DF), "STATUS_NO_SUCH_DOMAIN"),
        ],
        summary: "the domain is not found",
        meaning: "The name of the domain may lead nowhere from where it is asked: the container, or the host where Container Credential Guard reports it.",
        causes: &[
            "the DNS server of the container or of the host may not know the domain",
            "the domain may be misspelled in the spec (`DnsName`), in the plug-in's secret, or in the command",
        ],
        cure: "Ask DNS from both places, and compare the spec with the directory.",
        commands: &[
            FIND_CONTROLLER[0],
            FIND_CONTROLLER[2],
            "credspec validate --online --domain contoso.com contoso_webapp01.json",
        ],
        source: "[MS-ERREF] 2.2; what it means here follows from the name",
    },
    Row {
        numbers: &[
            (Win32(5), "ERROR_ACCESS_DENIED"),
            (HResult(0x8007_0005), "E_ACCESSDENIED"),
            (NtStatus(0xC000_0022), "STATUS_ACCESS_DENIED"),
        ],
        summary: "access is denied",
        meaning: "From `klist`: it does not run as Network Service or Local System, which alone have the account's identity. From `nltest /sc_verify`: the domain controller may refuse the account's password. From Container Credential Guard: the host or the plug-in's user may not be allowed to read the password, or the plug-in may not be started.",
        causes: &[
            "the command runs as another user than Network Service or Local System",
            "the host, or the plug-in's user, may not read the account's password",
            "before Windows Server 2019: several containers may use one account at once",
            "`Sid` or `Guid` in the spec may be those of another domain",
            "the plug-in's user may not start the COM class, or not read the vault",
        ],
        cure: "Run the command as Network Service. If it is not that, look at who may read the password: a host that was added to a group needs a restart, or new tickets.",
        commands: &[
            "docker exec --user \"NT AUTHORITY\\NETWORK SERVICE\" CONTAINER klist get krbtgt",
            READERS[0],
            READERS[1],
            READERS[2],
        ],
        source: "Microsoft, \"Troubleshoot gMSAs for Windows containers\"; the rest follows from the name ([MS-ERREF] 2.2)",
    },
    Row {
        numbers: &[
            (Win32(1787), "ERROR_NO_TRUST_SAM_ACCOUNT"),
            (NtStatus(0xC000_018B), "STATUS_NO_TRUST_SAM_ACCOUNT"),
        ],
        summary: "the domain controller has no machine account for the container",
        meaning: "The container has an identity, and the domain controller does not take it for that of a machine. Kerberos alone may still work.",
        causes: &[
            "userAccountControl of the account lacks the bit 0x1000 (WORKSTATION_TRUST_ACCOUNT): unconstrained delegation was set over it",
            "another account has the same name without the `$`",
            "the account may be of another domain than the spec says",
            "`Sid` or `Guid` in the spec may be those of another domain",
        ],
        cure: "Set the bit again, then start the container anew. Rename what has the same name.",
        commands: &[
            "$account = Get-ADServiceAccount WebApp01 -Properties userAccountControl",
            "'{0:x}' -f $account.userAccountControl",
            "Set-ADObject $account -Replace @{ userAccountControl = ($account.userAccountControl -band 0x7FFFC5FF) -bor 0x1000 }",
            "Get-ADObject -Filter \"sAMAccountName -eq 'WebApp01'\"",
        ],
        source: "plooploops/windows-containers-AD#7; Microsoft, \"Troubleshoot gMSAs for Windows containers\"",
    },
    Row {
        numbers: &[
            (Win32(1786), "ERROR_NO_TRUST_LSA_SECRET"),
            (NtStatus(0xC000_018A), "STATUS_NO_TRUST_LSA_SECRET"),
        ],
        summary: "the container has no password for its account",
        meaning: "Container Credential Guard may have given the container no password of the account.",
        causes: &[
            "the host, or the plug-in's user, may not be allowed to read the password",
            "the plug-in may have failed",
        ],
        cure: "Read the log on the host; look at who may read the password.",
        commands: &[READ_LOG, READERS[0], READERS[1]],
        source: "[MS-ERREF] 2.2; what it means here follows from the name",
    },
    Row {
        numbers: &[
            (Win32(1789), "ERROR_TRUSTED_RELATIONSHIP_FAILURE"),
            (NtStatus(0xC000_018D), "STATUS_TRUSTED_RELATIONSHIP_FAILURE"),
        ],
        summary: "the secure channel to the domain is broken",
        meaning: "The container had or asked for a secure channel under the account's name, and the domain controller does not accept it.",
        causes: &[
            "several containers use the account at once, each with a secure channel under the same name",
            "`Sid` or `Guid` in the spec may be those of another domain",
        ],
        cure: "Set the channel up again; a random host name for each container was reported to help. Each application may have an account of its own.",
        commands: &[
            "docker exec CONTAINER nltest /sc_reset:contoso.com",
            "docker exec CONTAINER nltest /sc_verify:contoso.com",
        ],
        source: "microsoft/Windows-Containers#405",
    },
    Row {
        numbers: &[(Win32(1396), "ERROR_WRONG_TARGET_NAME")],
        summary: "the target account name is incorrect",
        meaning: "The ticket may have been made for another account than the one that answers.",
        causes: &["one service principal name may stand on two accounts of the forest"],
        cure: "Look for the name in the whole forest, and take it from all accounts but one.",
        commands: &["setspn -F -Q http/mysite.contoso.com", "setspn -F -X"],
        source: "[MS-ERREF] 2.2; what it means here follows from the name",
    },
    Row {
        numbers: &[
            (Win32(1398), "ERROR_TIME_SKEW"),
            (NtStatus(0xC000_0133), "STATUS_TIME_DIFFERENCE_AT_DC"),
        ],
        summary: "the clocks differ",
        meaning: "The clock of the host and that of the domain controller differ by more than Kerberos allows, which is five minutes.",
        causes: &["the host may take its time from elsewhere than the domain"],
        cure: "Synchronise the host's clock with the domain.",
        commands: &["w32tm /stripchart /computer:dc1.contoso.com /samples:3", "w32tm /resync"],
        source: "[MS-ADTS] (MaxClockSkew); [MS-ERREF] 2.2",
    },
    Row {
        numbers: &[
            (Win32(53), "ERROR_BAD_NETPATH"),
            (NtStatus(0xC000_00BE), "STATUS_BAD_NETWORK_PATH"),
        ],
        summary: "the network path is not found",
        meaning: "The name of a domain controller may not resolve, or its port for files may be closed.",
        causes: &[
            "DNS may not know the name of the domain controller",
            "TCP 445 or 139 may be closed on the way",
        ],
        cure: "Ask DNS for the name, and try the port, from where the error comes.",
        commands: &[
            "Resolve-DnsName dc1.contoso.com",
            "Test-NetConnection dc1.contoso.com -Port 445",
        ],
        source: "[MS-ERREF] 2.2; what it means here follows from the name",
    },
    Row {
        numbers: &[
            (Win32(8207), "ERROR_DS_UNAVAILABLE"),
            (NtStatus(0xC000_02A6), "STATUS_DS_UNAVAILABLE"),
        ],
        summary: "the directory service is unavailable",
        meaning: "From Container Credential Guard: the host found no domain controller, since the answer of DNS is too large for UDP and its way over TCP is closed.",
        causes: &["TCP 53 is closed: a large domain's SRV records do not fit in 512 bytes"],
        cure: "Open TCP 53 from the hosts to the domain's DNS servers.",
        commands: &[
            "Resolve-DnsName -Type SRV _ldap._tcp.dc._msdcs.contoso.com -TcpOnly",
            "Test-NetConnection 10.0.0.4 -Port 53",
        ],
        source: "MicrosoftDocs/azure-aks-docs#245",
    },
    Row {
        numbers: &[(Win32(8250), "ERROR_DS_SERVER_DOWN")],
        summary: "the directory server is down",
        meaning: "The domain controller may not be reached by LDAP.",
        causes: &["TCP 389 may be closed between the host and the domain controller"],
        cure: "Open the port from the hosts.",
        commands: &["Test-NetConnection dc1.contoso.com -Port 389"],
        source: "[MS-ERREF] 2.2; what it means here follows from the name",
    },
    Row {
        numbers: &[(HResult(0x8009_000D), "NTE_NO_KEY")],
        summary: "there is no KDS root key that is in effect",
        meaning: "From `New-ADServiceAccount`: the forest has no root key from which passwords are made, or none that has come into effect.",
        causes: &[
            "no root key was ever added",
            "it was added less than ten hours ago, or with a time to come",
        ],
        cure: "Add one, once in a forest, and wait ten hours before the account is made.",
        commands: &["Get-KdsRootKey", "Add-KdsRootKey -EffectiveImmediately"],
        source: "lithnet/access-manager#14; Microsoft, \"Create gMSAs for Windows containers\"; measured with Samba 4.22",
    },
    Row {
        numbers: &[(NtStatus(0xC000_00A7), "STATUS_BAD_VALIDATION_CLASS")],
        summary: "the validation information class is invalid",
        meaning: "From `docker run` with a plug-in (`winapi error #3489661095`): the container does not start after Container Credential Guard instantiated the plug-in. The report has no answer; what leads to it is not known.",
        causes: &[],
        cure: "Read the log on the host for what follows the event 1, and the plug-in's own log.",
        commands: &[READ_LOG],
        source: "microsoft/Windows-Containers#544",
    },
];
