//! What stands below the flags of each command: examples, exit codes, environment.

use crate::exit::exit_codes;

/// The exit codes, then whatever else a help text ends with.
macro_rules! help {
    ($($before:literal),* ; $($after:literal),*) => {
        concat!($($before, "\n",)* "\nExit codes:\n", exit_codes!(), $("\n", $after,)*)
    };
}

pub(super) const MAIN_HELP: &str = help!(
    "Example:",
    "  credspec new --account WebApp01 --domain contoso.com --user ci@contoso.com",
    "  credspec validate contoso_webapp01.json",
    "  credspec export kubernetes contoso_webapp01.json",
    "  credspec list";
    "",
    "Environment variables: see [env: ...] at each flag; NO_COLOR and CLICOLOR_FORCE control \
     colour. Pages of the book: see `credspec help --help`."
);

pub(super) const NEW_HELP: &str = help!(
    "Example:",
    "  credspec new --account WebApp01 --domain contoso.com --user ci@contoso.com \\",
    "               --password-file pw.txt --ca-file ca.pem",
    "  credspec new --account WebApp01 --plugin akv \\",
    "               --plugin-input object-id=GUID \\",
    "               --plugin-input secret-uri=https://VAULT.vault.azure.net/secrets/N",
    "  credspec new --account WebApp01 --offline --config credspec.toml -o -",
    "  credspec new --from contoso_webapp01.json --plugin akv -o with-plugin.json",
    "  credspec new --account WebApp01 --target kubernetes | kubectl apply -f -",
    "  credspec new                              asks for everything, at a terminal";
    "",
    "Flags override environment variables, which override credspec.toml. That file is \
     searched for in the working directory, above it, and in the user's configuration \
     directory.",
    "",
    "If neither a user nor a password is given, the Kerberos ticket is used to log on.",
    "",
    "Environment variables: CREDSPEC_PASSWORD holds the password where --password-file is not \
     given; CREDSPEC_PLUGIN_<ID>_<FIELD> a field of a plug-in's input, such as \
     CREDSPEC_PLUGIN_AKV_OBJECT_ID; the others stand beside their flags. There is no flag for \
     the password itself."
);

pub(super) const VALIDATE_HELP: &str = help!(
    "Example:",
    "  credspec validate contoso_webapp01.json",
    "  credspec validate --format json specs/ > report.json",
    "  credspec validate --deny warnings --allow plugin-unknown specs/",
    "  credspec validate --fix --diff specs/",
    "  credspec validate --online --domain contoso.com --user ci@contoso.com \\",
    "                    --password-file pw.txt specs/",
    "  kubectl get gmsacredentialspecs -o yaml | credspec validate -";
    "",
    "Warnings and notes do not change the exit code; --deny makes errors of them.",
    "",
    "Environment variables: CREDSPEC_PASSWORD and those beside the flags; NO_COLOR and \
     CLICOLOR_FORCE; GITHUB_ACTIONS and TF_BUILD for --format auto."
);

pub(super) const EXPORT_HELP: &str = help!(
    "Example:",
    "  credspec export kubernetes specs/ --rbac web/default | kubectl apply -f -",
    "  credspec export kubernetes contoso_webapp01.json --pod",
    "  credspec export docker --raw contoso_webapp01.json",
    "  credspec export compose contoso_webapp01.json -o compose.gmsa.yaml",
    "  credspec export ecs-linux contoso_webapp01.json",
    "  credspec export docker manifests.yaml --name webapp01 --spec -o webapp01.json";
    "",
    "A spec with errors is not exported. What is to be done with the output stands on \
     standard error. Where there are several specs: documents of YAML, services of one file, \
     or a line each.",
    "",
    "Environment variables: CREDSPEC_CONFIG names the settings file, which may define plug-ins."
);

pub(super) const EXPLAIN_HELP: &str = help!(
    "Example:",
    "  credspec explain",
    "  credspec explain sid-of-account",
    "  credspec explain 1787 0x8007052e -2147023570 STATUS_LOGON_FAILURE ccg-8",
    "  docker exec CONTAINER nltest /sc_verify:contoso.com | credspec explain -",
    "  wevtutil qe Microsoft-Windows-Containers-CCG/Admin /f:text | credspec explain -";
    "",
    "Numbers are taken in each form in which nltest, klist, Docker, containerd, Kubernetes \
     and the event log print them: decimal, hexadecimal, negative; Win32, NTSTATUS, HRESULT. \
     In text, what is not known is passed over; text in which nothing is known, and an \
     unknown name or number, exit with 2.",
    "",
    "Environment variables: none."
);

pub(super) const LIST_HELP: &str = help!(
    "Example:",
    "  credspec list",
    "  credspec list --format json /srv/specs";
    "",
    "An invalid or unreadable file is listed with its problem, and does not change the exit \
     code. On Windows, specs that Docker finds in the registry are rows as well.",
    "",
    "Environment variables: CREDSPEC_DIRECTORY, and CREDSPEC_CONFIG for the settings file."
);

pub(super) const SCHEMA_HELP: &str = help!(
    "Example:",
    "  credspec schema > credential-spec.schema.json",
    "  credspec schema plugin > plugin.schema.json";
    "",
    "Environment variables: none."
);

pub(super) const PLUGINS_HELP: &str = help!(
    "Example:",
    "  credspec plugins",
    "  credspec plugins akv",
    "  credspec plugins --installed                   on a Windows container host",
    "  credspec plugins --format json ./ours.toml";
    "",
    "Environment variables: CREDSPEC_CONFIG names the settings file, which may define more."
);

pub(super) const DOCTOR_HELP: &str = help!(
    "Example:",
    "  credspec doctor contoso_webapp01.json --host HOST01 --host HOST02",
    "  credspec doctor contoso_webapp01.json --portable-user svc-ccg",
    "  credspec doctor --account WebApp01 --reach web.contoso.com --format json",
    "  credspec doctor contoso_webapp01.json --secret secret.txt --container web",
    "  credspec doctor --account WebApp01 --host HOST01 --plan > plan.ps1",
    "  credspec doctor --this-host                    on a Windows container host",
    "  credspec doctor --events events.xml            its log, read anywhere";
    "",
    "Nothing is written to the directory, and the password itself is never asked for. What \
     this user may not see is `unknown`, never `ok`. `credspec explain CHECK` says what a \
     check means.",
    "",
    "Environment variables: CREDSPEC_PASSWORD and those beside the flags; GITHUB_ACTIONS and \
     TF_BUILD for --format auto."
);

pub(super) const SYNC_HELP: &str = help!(
    "Example:",
    "  credspec sync                             writes what differs",
    "  credspec sync --check                     exit code 1 where anything differs",
    "  credspec sync --only WebApp01 --format json",
    "  credspec sync --adopt specs/ >> credspec.toml  declares what is there";
    "",
    "A declaration in credspec.toml, and its file below the same directory:",
    "  [[spec]]",
    "  account = \"WebApp01\"",
    "  plugin = \"akv\"",
    "  plugin-input = { secret-uri = \
     \"https://contoso-gmsa.vault.azure.net/secrets/webapp01\" }",
    "  output = \"specs/webapp01.json\"",
    "",
    "Environment variables: CREDSPEC_PASSWORD and those beside the flags; GITHUB_ACTIONS and \
     TF_BUILD for --format auto."
);

pub(super) const DOMAIN_HELP: &str = help!(
    "Example:",
    "  credspec domain contoso.com --user ci@contoso.com --password-file pw.txt",
    "  credspec domain --server dc1.contoso.com --format toml >> credspec.toml";
    "",
    "Environment variables: CREDSPEC_PASSWORD, and those beside the flags."
);

pub(super) const HELP_HELP: &str = help!(
    "Example:",
    "  credspec help sync                        as `credspec sync --help`",
    "  credspec help exit-codes";
    "",
    "Environment variables: none. Pages are those of the book, in Markdown."
);

pub(super) const CONFIG_HELP: &str = help!(
    "Example:",
    "  credspec config",
    "  credspec config --server dc2.contoso.com --format json";
    "",
    "Environment variables: the same as for `credspec new`. Passwords are never shown, only \
     whether one is set."
);

pub(super) const MAN_HELP: &str = help!(
    "Example:",
    "  credspec man new | man -l -",
    "  credspec man > /usr/local/share/man/man1/credspec.1";
    "",
    "Environment variables: none."
);

pub(super) const COMPLETIONS_HELP: &str = help!(
    "Example:",
    "  credspec completions bash > /etc/bash_completion.d/credspec",
    "  in PowerShell's $PROFILE, as a line of its own:",
    "  credspec completions powershell | Out-String | Invoke-Expression";
    "",
    "Environment variables: none."
);
