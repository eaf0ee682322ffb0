
use builtin;
use str;

set edit:completion:arg-completer[credspec] = {|@words|
    fn spaces {|n|
        builtin:repeat $n ' ' | str:join ''
    }
    fn cand {|text desc|
        edit:complex-candidate $text &display=$text' '(spaces (- 14 (wcswidth $text)))$desc
    }
    var command = 'credspec'
    for word $words[1..-1] {
        if (str:has-prefix $word '-') {
            break
        }
        set command = $command';'$word
    }
    var completions = [
        &'credspec'= {
            cand --config 'Settings file [env: CREDSPEC_CONFIG]'
            cand --no-input 'Never prompt, even at a terminal'
            cand -v 'Show each step of the connection to the directory, with its time'
            cand --verbose 'Show each step of the connection to the directory, with its time'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
            cand man 'Print the manual page of the program, or of a command'
            cand completions 'Print completions for a shell'
            cand new 'Make a credential spec from what Active Directory says'
            cand validate 'Check credential specs: files, directories, or standard input'
            cand export 'Print specs as a platform takes them: Kubernetes, Compose, swarm, Amazon ECS and others'
            cand sync 'Keep the specs that credspec.toml declares true against Active Directory'
            cand doctor 'Check whether an identity will work: the account, who may read its password, hosts, keys'
            cand domain 'Show a domain''s SID, GUID and names, also as TOML for the settings file'
            cand config 'Show the effective settings and the source of each'
            cand list 'Show the credential specs in Docker''s directory'
            cand plugins 'Show the plug-ins for hosts outside the domain, or one with its fields'
            cand explain 'Explain rules and errors of the program, and numbers that containers and hosts print'
            cand schema 'Print the JSON Schema of specs, settings, plug-in definitions, or reports'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'credspec;man'= {
            cand --config 'Settings file [env: CREDSPEC_CONFIG]'
            cand --no-input 'Never prompt, even at a terminal'
            cand -v 'Show each step of the connection to the directory, with its time'
            cand --verbose 'Show each step of the connection to the directory, with its time'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'credspec;completions'= {
            cand --config 'Settings file [env: CREDSPEC_CONFIG]'
            cand --no-input 'Never prompt, even at a terminal'
            cand -v 'Show each step of the connection to the directory, with its time'
            cand --verbose 'Show each step of the connection to the directory, with its time'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'credspec;new'= {
            cand --account 'Group managed service account'
            cand --additional-account 'Another account that the container may use'
            cand --domain 'Domain of the account, by its DNS or NetBIOS name'
            cand --server 'Domain controller'
            cand --dns-server 'DNS server to ask instead of the system''s'
            cand --user 'User to log on as, with a password'
            cand --auth 'How to log on'
            cand --password-file 'File that holds the password, or - for standard input'
            cand --ca-file 'CA certificates to trust in addition to the system''s trust store'
            cand --timeout 'Timeout in seconds for locating a domain controller, logging on and querying'
            cand --password 'Refused'
            cand --from 'Use an existing spec'
            cand --name 'With --from, of several specs the one of this name'
            cand --target 'The platform that the spec is for'
            cand --plugin 'Plug-in for hosts outside the domain'
            cand --plugin-input 'A field of the plug-in''s input'
            cand --plugin-input-file 'A field whose value stands in a file, or in - for standard input'
            cand --plugin-guid 'GUID of a plug-in that has no definition'
            cand --plugin-input-raw 'PluginInput for --plugin-guid, written unchanged'
            cand -o 'File to write, or - for standard output'
            cand --output 'File to write, or - for standard output'
            cand --file-name 'Name of the file in the CredentialSpecs directory'
            cand --registry 'Write it to the registry of this Windows machine, under this name, instead of a file'
            cand --directory 'The CredentialSpecs directory'
            cand --docker-root 'Docker''s data root'
            cand --format 'Format of the report'
            cand --config 'Settings file [env: CREDSPEC_CONFIG]'
            cand --offline 'Use the facts recorded in the settings file, without asking a directory'
            cand --allow-secret-in-spec 'Write a spec that holds a password, for plug-ins that take it there'
            cand --no-plugin 'No plug-in, whatever the settings say'
            cand --create-directory 'Create the directory if it is missing'
            cand --force 'Overwrite an existing file that has different content'
            cand --compact 'Write the spec as one line'
            cand --dry-run 'Write nothing, and print the spec'
            cand --no-input 'Never prompt, even at a terminal'
            cand -v 'Show each step of the connection to the directory, with its time'
            cand --verbose 'Show each step of the connection to the directory, with its time'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'credspec;validate'= {
            cand --directory 'The CredentialSpecs directory'
            cand --docker-root 'Docker''s data root'
            cand --deny 'Report a rule''s findings as errors'
            cand --warn 'Report a rule''s findings as warnings'
            cand --allow 'Do not report a rule''s findings'
            cand --target 'Also check the limits of one platform'
            cand --domain 'Domain of the account, by its DNS or NetBIOS name'
            cand --server 'Domain controller'
            cand --dns-server 'DNS server to ask instead of the system''s'
            cand --user 'User to log on as, with a password'
            cand --auth 'How to log on'
            cand --password-file 'File that holds the password, or - for standard input'
            cand --ca-file 'CA certificates to trust in addition to the system''s trust store'
            cand --timeout 'Timeout in seconds for locating a domain controller, logging on and querying'
            cand --password 'Refused'
            cand --format 'Format of the report'
            cand --report 'Also write a report to a file'
            cand --config 'Settings file [env: CREDSPEC_CONFIG]'
            cand --online 'Also check against Active Directory'
            cand --fix 'Fix problems that have one safe fix, and report the rest'
            cand --diff 'Show what --fix changes'
            cand --unsafe 'With --fix or --diff'
            cand -q 'Print errors only, and nothing if there are none'
            cand --quiet 'Print errors only, and nothing if there are none'
            cand --no-input 'Never prompt, even at a terminal'
            cand -v 'Show each step of the connection to the directory, with its time'
            cand --verbose 'Show each step of the connection to the directory, with its time'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'credspec;export'= {
            cand --name 'Of several specs, the one of this name'
            cand --rbac 'kubernetes'
            cand --arn 'ecs-windows, ecs-linux'
            cand -o 'File to write, or - for standard output'
            cand --output 'File to write, or - for standard output'
            cand --config 'Settings file [env: CREDSPEC_CONFIG]'
            cand --pod 'kubernetes'
            cand --raw 'docker, compose, nomad'
            cand --domain-joined 'ecs-windows, ecs-linux'
            cand --spec 'Print the spec itself, in the form that the platform takes'
            cand --allow-secret-in-spec 'Print a spec that holds a password, for plug-ins that take it there'
            cand --force 'Overwrite an existing file that has different content'
            cand --no-input 'Never prompt, even at a terminal'
            cand -v 'Show each step of the connection to the directory, with its time'
            cand --verbose 'Show each step of the connection to the directory, with its time'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'credspec;sync'= {
            cand --only 'Only the spec of this account'
            cand --adopt 'Print the'
            cand --domain 'Domain of the account, by its DNS or NetBIOS name'
            cand --server 'Domain controller'
            cand --dns-server 'DNS server to ask instead of the system''s'
            cand --user 'User to log on as, with a password'
            cand --auth 'How to log on'
            cand --password-file 'File that holds the password, or - for standard input'
            cand --ca-file 'CA certificates to trust in addition to the system''s trust store'
            cand --timeout 'Timeout in seconds for locating a domain controller, logging on and querying'
            cand --password 'Refused'
            cand --format 'Format of the report'
            cand --config 'Settings file [env: CREDSPEC_CONFIG]'
            cand --check 'Write nothing'
            cand --offline 'Take the domain''s facts from the settings file'
            cand --no-input 'Never prompt, even at a terminal'
            cand -v 'Show each step of the connection to the directory, with its time'
            cand --verbose 'Show each step of the connection to the directory, with its time'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'credspec;doctor'= {
            cand --name 'Of several specs, the one of this name'
            cand --account 'Group managed service account to check'
            cand --host 'Container host in the domain that must be able to read the password'
            cand --portable-user 'User of a plug-in that must be able to read the password'
            cand --reach 'Name that clients use for the service, such as web.contoso.com'
            cand --secret 'Secret of the plug-in, as its store holds it, or - for standard input'
            cand --plugin 'Plug-in that reads the secret'
            cand --container 'Running container that nltest and klist are asked in, through docker'
            cand --pod 'The same for a pod, through kubectl'
            cand --events 'Records of the log Microsoft-Windows-Containers-CCG/Admin of a host, as XML, or - for standard input'
            cand --only 'Check this group only'
            cand --deny 'Report a check as failed'
            cand --warn 'Report a check as a warning'
            cand --allow 'Do not report a check'
            cand --domain 'Domain of the account, by its DNS or NetBIOS name'
            cand --server 'Domain controller'
            cand --dns-server 'DNS server to ask instead of the system''s'
            cand --user 'User to log on as, with a password'
            cand --auth 'How to log on'
            cand --password-file 'File that holds the password, or - for standard input'
            cand --ca-file 'CA certificates to trust in addition to the system''s trust store'
            cand --timeout 'Timeout in seconds for locating a domain controller, logging on and querying'
            cand --password 'Refused'
            cand --format 'Format of the report'
            cand --config 'Settings file [env: CREDSPEC_CONFIG]'
            cand --prove 'Log on as the portable user and read the password, which is thrown away unseen'
            cand --plan 'Print what is still missing as a PowerShell script to be reviewed, in place of the report'
            cand --this-host 'Check the Windows host that this runs on, and its log'
            cand --no-input 'Never prompt, even at a terminal'
            cand -v 'Show each step of the connection to the directory, with its time'
            cand --verbose 'Show each step of the connection to the directory, with its time'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'credspec;domain'= {
            cand --domain 'Domain of the account, by its DNS or NetBIOS name'
            cand --server 'Domain controller'
            cand --dns-server 'DNS server to ask instead of the system''s'
            cand --user 'User to log on as, with a password'
            cand --auth 'How to log on'
            cand --password-file 'File that holds the password, or - for standard input'
            cand --ca-file 'CA certificates to trust in addition to the system''s trust store'
            cand --timeout 'Timeout in seconds for locating a domain controller, logging on and querying'
            cand --password 'Refused'
            cand --format 'Output format'
            cand --config 'Settings file [env: CREDSPEC_CONFIG]'
            cand --offline 'Use the facts recorded in the settings file, without asking a directory'
            cand --no-input 'Never prompt, even at a terminal'
            cand -v 'Show each step of the connection to the directory, with its time'
            cand --verbose 'Show each step of the connection to the directory, with its time'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'credspec;config'= {
            cand --domain 'Domain of the account, by its DNS or NetBIOS name'
            cand --server 'Domain controller'
            cand --dns-server 'DNS server to ask instead of the system''s'
            cand --user 'User to log on as, with a password'
            cand --auth 'How to log on'
            cand --password-file 'File that holds the password, or - for standard input'
            cand --ca-file 'CA certificates to trust in addition to the system''s trust store'
            cand --timeout 'Timeout in seconds for locating a domain controller, logging on and querying'
            cand --password 'Refused'
            cand --directory 'The CredentialSpecs directory'
            cand --docker-root 'Docker''s data root'
            cand --plugin 'Which plug-in `new` would take'
            cand --format 'Output format'
            cand --config 'Settings file [env: CREDSPEC_CONFIG]'
            cand --no-input 'Never prompt, even at a terminal'
            cand -v 'Show each step of the connection to the directory, with its time'
            cand --verbose 'Show each step of the connection to the directory, with its time'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'credspec;list'= {
            cand --directory 'The CredentialSpecs directory'
            cand --docker-root 'Docker''s data root'
            cand --format 'Output format'
            cand --config 'Settings file [env: CREDSPEC_CONFIG]'
            cand --no-input 'Never prompt, even at a terminal'
            cand -v 'Show each step of the connection to the directory, with its time'
            cand --verbose 'Show each step of the connection to the directory, with its time'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'credspec;plugins'= {
            cand --format 'Output format'
            cand --config 'Settings file [env: CREDSPEC_CONFIG]'
            cand --installed 'List the plug-ins that are registered on this Windows machine'
            cand --no-input 'Never prompt, even at a terminal'
            cand -v 'Show each step of the connection to the directory, with its time'
            cand --verbose 'Show each step of the connection to the directory, with its time'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'credspec;explain'= {
            cand --format 'Output format'
            cand --config 'Settings file [env: CREDSPEC_CONFIG]'
            cand --no-input 'Never prompt, even at a terminal'
            cand -v 'Show each step of the connection to the directory, with its time'
            cand --verbose 'Show each step of the connection to the directory, with its time'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'credspec;schema'= {
            cand --config 'Settings file [env: CREDSPEC_CONFIG]'
            cand --no-input 'Never prompt, even at a terminal'
            cand -v 'Show each step of the connection to the directory, with its time'
            cand --verbose 'Show each step of the connection to the directory, with its time'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'credspec;help'= {
            cand man 'Print the manual page of the program, or of a command'
            cand completions 'Print completions for a shell'
            cand new 'Make a credential spec from what Active Directory says'
            cand validate 'Check credential specs: files, directories, or standard input'
            cand export 'Print specs as a platform takes them: Kubernetes, Compose, swarm, Amazon ECS and others'
            cand sync 'Keep the specs that credspec.toml declares true against Active Directory'
            cand doctor 'Check whether an identity will work: the account, who may read its password, hosts, keys'
            cand domain 'Show a domain''s SID, GUID and names, also as TOML for the settings file'
            cand config 'Show the effective settings and the source of each'
            cand list 'Show the credential specs in Docker''s directory'
            cand plugins 'Show the plug-ins for hosts outside the domain, or one with its fields'
            cand explain 'Explain rules and errors of the program, and numbers that containers and hosts print'
            cand schema 'Print the JSON Schema of specs, settings, plug-in definitions, or reports'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'credspec;help;man'= {
        }
        &'credspec;help;completions'= {
        }
        &'credspec;help;new'= {
        }
        &'credspec;help;validate'= {
        }
        &'credspec;help;export'= {
        }
        &'credspec;help;sync'= {
        }
        &'credspec;help;doctor'= {
        }
        &'credspec;help;domain'= {
        }
        &'credspec;help;config'= {
        }
        &'credspec;help;list'= {
        }
        &'credspec;help;plugins'= {
        }
        &'credspec;help;explain'= {
        }
        &'credspec;help;schema'= {
        }
        &'credspec;help;help'= {
        }
    ]
    $completions[$command]
}
