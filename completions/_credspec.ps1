
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'credspec' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'credspec'
        for ($i = 1; $i -lt $commandElements.Count; $i++) {
            $element = $commandElements[$i]
            if ($element -isnot [StringConstantExpressionAst] -or
                $element.StringConstantType -ne [StringConstantType]::BareWord -or
                $element.Value.StartsWith('-') -or
                $element.Value -eq $wordToComplete) {
                break
        }
        $element.Value
    }) -join ';'

    $completions = @(switch ($command) {
        'credspec' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Settings file [env: CREDSPEC_CONFIG]')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt, even at a terminal')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show each step of the connection to the directory, with its time')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show each step of the connection to the directory, with its time')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Print the manual page of the program, or of a command')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print completions for a shell')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print the help of a command, or a page of the book')
            [CompletionResult]::new('new', 'new', [CompletionResultType]::ParameterValue, 'Make a credential spec from what Active Directory says')
            [CompletionResult]::new('validate', 'validate', [CompletionResultType]::ParameterValue, 'Check credential specs: files, directories, or standard input')
            [CompletionResult]::new('export', 'export', [CompletionResultType]::ParameterValue, 'Print specs as a platform takes them, such as Kubernetes')
            [CompletionResult]::new('sync', 'sync', [CompletionResultType]::ParameterValue, 'Keep the specs declared in credspec.toml as Active Directory says')
            [CompletionResult]::new('doctor', 'doctor', [CompletionResultType]::ParameterValue, 'Check whether an identity will work, and if not, why')
            [CompletionResult]::new('domain', 'domain', [CompletionResultType]::ParameterValue, 'Show a domain''s SID, GUID and names, also for the settings file')
            [CompletionResult]::new('config', 'config', [CompletionResultType]::ParameterValue, 'Show the effective settings and the source of each')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'Show the credential specs in Docker''s directory')
            [CompletionResult]::new('plugins', 'plugins', [CompletionResultType]::ParameterValue, 'Show the plug-ins for hosts outside the domain, or one of them')
            [CompletionResult]::new('explain', 'explain', [CompletionResultType]::ParameterValue, 'Explain rules, errors, and numbers that containers or hosts show')
            [CompletionResult]::new('schema', 'schema', [CompletionResultType]::ParameterValue, 'Print the JSON Schema of specs, settings, plug-ins or reports')
            break
        }
        'credspec;man' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Settings file [env: CREDSPEC_CONFIG]')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt, even at a terminal')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show each step of the connection to the directory, with its time')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show each step of the connection to the directory, with its time')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'credspec;completions' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Settings file [env: CREDSPEC_CONFIG]')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt, even at a terminal')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show each step of the connection to the directory, with its time')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show each step of the connection to the directory, with its time')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'credspec;help' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Settings file [env: CREDSPEC_CONFIG]')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt, even at a terminal')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show each step of the connection to the directory, with its time')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show each step of the connection to the directory, with its time')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'credspec;new' {
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Group managed service account')
            [CompletionResult]::new('--additional-account', '--additional-account', [CompletionResultType]::ParameterName, 'Another account that the container may use')
            [CompletionResult]::new('--domain', '--domain', [CompletionResultType]::ParameterName, 'Domain of the account')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Domain controller')
            [CompletionResult]::new('--dns-server', '--dns-server', [CompletionResultType]::ParameterName, 'DNS server to ask instead of the system''s')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User to log on as, with a password')
            [CompletionResult]::new('--auth', '--auth', [CompletionResultType]::ParameterName, 'How to log on')
            [CompletionResult]::new('--password-file', '--password-file', [CompletionResultType]::ParameterName, 'File that holds the password')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'CA certificates to trust in addition to the system''s trust store')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Timeout in seconds for locating a domain controller')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'Refused')
            [CompletionResult]::new('--from', '--from', [CompletionResultType]::ParameterName, 'Use an existing spec')
            [CompletionResult]::new('--name', '--name', [CompletionResultType]::ParameterName, 'With --from')
            [CompletionResult]::new('--target', '--target', [CompletionResultType]::ParameterName, 'The platform that the spec is for')
            [CompletionResult]::new('--plugin', '--plugin', [CompletionResultType]::ParameterName, 'Plug-in for hosts outside the domain')
            [CompletionResult]::new('--plugin-input', '--plugin-input', [CompletionResultType]::ParameterName, 'A field of the plug-in''s input')
            [CompletionResult]::new('--plugin-input-file', '--plugin-input-file', [CompletionResultType]::ParameterName, 'A field whose value stands in a file')
            [CompletionResult]::new('--plugin-guid', '--plugin-guid', [CompletionResultType]::ParameterName, 'GUID of a plug-in that has no definition')
            [CompletionResult]::new('--plugin-input-raw', '--plugin-input-raw', [CompletionResultType]::ParameterName, 'PluginInput for --plugin-guid, written unchanged')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'File to write, or - for standard output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'File to write, or - for standard output')
            [CompletionResult]::new('--file-name', '--file-name', [CompletionResultType]::ParameterName, 'Name of the file in the CredentialSpecs directory')
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'Write it to the registry of this Windows machine')
            [CompletionResult]::new('--directory', '--directory', [CompletionResultType]::ParameterName, 'The CredentialSpecs directory')
            [CompletionResult]::new('--docker-root', '--docker-root', [CompletionResultType]::ParameterName, 'Docker''s data root')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Format of the report')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Settings file [env: CREDSPEC_CONFIG]')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Use the facts recorded in the settings file')
            [CompletionResult]::new('--allow-secret-in-spec', '--allow-secret-in-spec', [CompletionResultType]::ParameterName, 'Write a spec that holds a password')
            [CompletionResult]::new('--no-plugin', '--no-plugin', [CompletionResultType]::ParameterName, 'No plug-in, whatever the settings say')
            [CompletionResult]::new('--create-directory', '--create-directory', [CompletionResultType]::ParameterName, 'Create the directory if it is missing')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Overwrite an existing file that has different content')
            [CompletionResult]::new('--compact', '--compact', [CompletionResultType]::ParameterName, 'Write the spec as one line')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Write nothing, and print the spec')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt, even at a terminal')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show each step of the connection to the directory, with its time')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show each step of the connection to the directory, with its time')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'credspec;validate' {
            [CompletionResult]::new('--directory', '--directory', [CompletionResultType]::ParameterName, 'The CredentialSpecs directory')
            [CompletionResult]::new('--docker-root', '--docker-root', [CompletionResultType]::ParameterName, 'Docker''s data root')
            [CompletionResult]::new('--deny', '--deny', [CompletionResultType]::ParameterName, 'Report a rule''s findings as errors')
            [CompletionResult]::new('--warn', '--warn', [CompletionResultType]::ParameterName, 'Report a rule''s findings as warnings')
            [CompletionResult]::new('--allow', '--allow', [CompletionResultType]::ParameterName, 'Do not report a rule''s findings')
            [CompletionResult]::new('--target', '--target', [CompletionResultType]::ParameterName, 'Also check the limits of one platform')
            [CompletionResult]::new('--domain', '--domain', [CompletionResultType]::ParameterName, 'Domain of the account')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Domain controller')
            [CompletionResult]::new('--dns-server', '--dns-server', [CompletionResultType]::ParameterName, 'DNS server to ask instead of the system''s')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User to log on as, with a password')
            [CompletionResult]::new('--auth', '--auth', [CompletionResultType]::ParameterName, 'How to log on')
            [CompletionResult]::new('--password-file', '--password-file', [CompletionResultType]::ParameterName, 'File that holds the password')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'CA certificates to trust in addition to the system''s trust store')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Timeout in seconds for locating a domain controller')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'Refused')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Format of the report')
            [CompletionResult]::new('--report', '--report', [CompletionResultType]::ParameterName, 'Also write a report to a file')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Settings file [env: CREDSPEC_CONFIG]')
            [CompletionResult]::new('--online', '--online', [CompletionResultType]::ParameterName, 'Also check against Active Directory')
            [CompletionResult]::new('--fix', '--fix', [CompletionResultType]::ParameterName, 'Fix problems that have one safe fix')
            [CompletionResult]::new('--diff', '--diff', [CompletionResultType]::ParameterName, 'Show what --fix changes')
            [CompletionResult]::new('--unsafe', '--unsafe', [CompletionResultType]::ParameterName, 'With --fix or --diff')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print errors only, and nothing if there are none')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print errors only, and nothing if there are none')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt, even at a terminal')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show each step of the connection to the directory, with its time')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show each step of the connection to the directory, with its time')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'credspec;export' {
            [CompletionResult]::new('--name', '--name', [CompletionResultType]::ParameterName, 'Of several specs, the one of this name')
            [CompletionResult]::new('--rbac', '--rbac', [CompletionResultType]::ParameterName, 'kubernetes')
            [CompletionResult]::new('--arn', '--arn', [CompletionResultType]::ParameterName, 'ecs-windows, ecs-linux')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'File to write, or - for standard output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'File to write, or - for standard output')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Settings file [env: CREDSPEC_CONFIG]')
            [CompletionResult]::new('--pod', '--pod', [CompletionResultType]::ParameterName, 'kubernetes')
            [CompletionResult]::new('--raw', '--raw', [CompletionResultType]::ParameterName, 'docker, compose, nomad')
            [CompletionResult]::new('--domain-joined', '--domain-joined', [CompletionResultType]::ParameterName, 'ecs-windows, ecs-linux')
            [CompletionResult]::new('--spec', '--spec', [CompletionResultType]::ParameterName, 'Print the spec itself')
            [CompletionResult]::new('--allow-secret-in-spec', '--allow-secret-in-spec', [CompletionResultType]::ParameterName, 'Print a spec that holds a password')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Overwrite an existing file that has different content')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt, even at a terminal')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show each step of the connection to the directory, with its time')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show each step of the connection to the directory, with its time')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'credspec;sync' {
            [CompletionResult]::new('--only', '--only', [CompletionResultType]::ParameterName, 'Only the spec of this account')
            [CompletionResult]::new('--adopt', '--adopt', [CompletionResultType]::ParameterName, 'Print the')
            [CompletionResult]::new('--domain', '--domain', [CompletionResultType]::ParameterName, 'Domain of the account')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Domain controller')
            [CompletionResult]::new('--dns-server', '--dns-server', [CompletionResultType]::ParameterName, 'DNS server to ask instead of the system''s')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User to log on as, with a password')
            [CompletionResult]::new('--auth', '--auth', [CompletionResultType]::ParameterName, 'How to log on')
            [CompletionResult]::new('--password-file', '--password-file', [CompletionResultType]::ParameterName, 'File that holds the password')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'CA certificates to trust in addition to the system''s trust store')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Timeout in seconds for locating a domain controller')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'Refused')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Format of the report')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Settings file [env: CREDSPEC_CONFIG]')
            [CompletionResult]::new('--check', '--check', [CompletionResultType]::ParameterName, 'Write nothing')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Take the domain''s facts from the settings file')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt, even at a terminal')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show each step of the connection to the directory, with its time')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show each step of the connection to the directory, with its time')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'credspec;doctor' {
            [CompletionResult]::new('--name', '--name', [CompletionResultType]::ParameterName, 'Of several specs, the one of this name')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Group managed service account to check')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'Host that must be able to read the password')
            [CompletionResult]::new('--portable-user', '--portable-user', [CompletionResultType]::ParameterName, 'User that must be able to read the password')
            [CompletionResult]::new('--reach', '--reach', [CompletionResultType]::ParameterName, 'Name that clients use for the service')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'Secret of the plug-in')
            [CompletionResult]::new('--plugin', '--plugin', [CompletionResultType]::ParameterName, 'Plug-in that reads the secret')
            [CompletionResult]::new('--container', '--container', [CompletionResultType]::ParameterName, 'Running container that nltest and klist are asked in')
            [CompletionResult]::new('--pod', '--pod', [CompletionResultType]::ParameterName, 'The same for a pod, through kubectl')
            [CompletionResult]::new('--events', '--events', [CompletionResultType]::ParameterName, 'Records of the log Microsoft-Windows-Containers-CCG/Admin of a host')
            [CompletionResult]::new('--only', '--only', [CompletionResultType]::ParameterName, 'Check this group only')
            [CompletionResult]::new('--deny', '--deny', [CompletionResultType]::ParameterName, 'Report a check as failed')
            [CompletionResult]::new('--warn', '--warn', [CompletionResultType]::ParameterName, 'Report a check as a warning')
            [CompletionResult]::new('--allow', '--allow', [CompletionResultType]::ParameterName, 'Do not report a check')
            [CompletionResult]::new('--domain', '--domain', [CompletionResultType]::ParameterName, 'Domain of the account')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Domain controller')
            [CompletionResult]::new('--dns-server', '--dns-server', [CompletionResultType]::ParameterName, 'DNS server to ask instead of the system''s')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User to log on as, with a password')
            [CompletionResult]::new('--auth', '--auth', [CompletionResultType]::ParameterName, 'How to log on')
            [CompletionResult]::new('--password-file', '--password-file', [CompletionResultType]::ParameterName, 'File that holds the password')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'CA certificates to trust in addition to the system''s trust store')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Timeout in seconds for locating a domain controller')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'Refused')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Format of the report')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Settings file [env: CREDSPEC_CONFIG]')
            [CompletionResult]::new('--prove', '--prove', [CompletionResultType]::ParameterName, 'Log on as the portable user and read the password')
            [CompletionResult]::new('--plan', '--plan', [CompletionResultType]::ParameterName, 'Print what is missing as a PowerShell script')
            [CompletionResult]::new('--this-host', '--this-host', [CompletionResultType]::ParameterName, 'Check the Windows host that this runs on')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt, even at a terminal')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show each step of the connection to the directory, with its time')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show each step of the connection to the directory, with its time')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'credspec;domain' {
            [CompletionResult]::new('--domain', '--domain', [CompletionResultType]::ParameterName, 'Domain of the account')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Domain controller')
            [CompletionResult]::new('--dns-server', '--dns-server', [CompletionResultType]::ParameterName, 'DNS server to ask instead of the system''s')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User to log on as, with a password')
            [CompletionResult]::new('--auth', '--auth', [CompletionResultType]::ParameterName, 'How to log on')
            [CompletionResult]::new('--password-file', '--password-file', [CompletionResultType]::ParameterName, 'File that holds the password')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'CA certificates to trust in addition to the system''s trust store')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Timeout in seconds for locating a domain controller')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'Refused')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Settings file [env: CREDSPEC_CONFIG]')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Use the facts recorded in the settings file')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt, even at a terminal')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show each step of the connection to the directory, with its time')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show each step of the connection to the directory, with its time')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'credspec;config' {
            [CompletionResult]::new('--domain', '--domain', [CompletionResultType]::ParameterName, 'Domain of the account')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Domain controller')
            [CompletionResult]::new('--dns-server', '--dns-server', [CompletionResultType]::ParameterName, 'DNS server to ask instead of the system''s')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User to log on as, with a password')
            [CompletionResult]::new('--auth', '--auth', [CompletionResultType]::ParameterName, 'How to log on')
            [CompletionResult]::new('--password-file', '--password-file', [CompletionResultType]::ParameterName, 'File that holds the password')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'CA certificates to trust in addition to the system''s trust store')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Timeout in seconds for locating a domain controller')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'Refused')
            [CompletionResult]::new('--directory', '--directory', [CompletionResultType]::ParameterName, 'The CredentialSpecs directory')
            [CompletionResult]::new('--docker-root', '--docker-root', [CompletionResultType]::ParameterName, 'Docker''s data root')
            [CompletionResult]::new('--plugin', '--plugin', [CompletionResultType]::ParameterName, 'Which plug-in `new` would take')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Settings file [env: CREDSPEC_CONFIG]')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt, even at a terminal')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show each step of the connection to the directory, with its time')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show each step of the connection to the directory, with its time')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'credspec;list' {
            [CompletionResult]::new('--directory', '--directory', [CompletionResultType]::ParameterName, 'The CredentialSpecs directory')
            [CompletionResult]::new('--docker-root', '--docker-root', [CompletionResultType]::ParameterName, 'Docker''s data root')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Settings file [env: CREDSPEC_CONFIG]')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt, even at a terminal')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show each step of the connection to the directory, with its time')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show each step of the connection to the directory, with its time')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'credspec;plugins' {
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Settings file [env: CREDSPEC_CONFIG]')
            [CompletionResult]::new('--installed', '--installed', [CompletionResultType]::ParameterName, 'List the plug-ins that are registered on this Windows machine')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt, even at a terminal')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show each step of the connection to the directory, with its time')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show each step of the connection to the directory, with its time')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'credspec;explain' {
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Settings file [env: CREDSPEC_CONFIG]')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt, even at a terminal')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show each step of the connection to the directory, with its time')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show each step of the connection to the directory, with its time')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'credspec;schema' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Settings file [env: CREDSPEC_CONFIG]')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt, even at a terminal')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show each step of the connection to the directory, with its time')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show each step of the connection to the directory, with its time')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
