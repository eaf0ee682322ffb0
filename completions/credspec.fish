# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_credspec_global_optspecs
    string join \n config= no-input v/verbose h/help V/version
end

function __fish_credspec_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_credspec_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_credspec_using_subcommand
    set -l cmd (__fish_credspec_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c credspec -n "__fish_credspec_needs_command" -l config -d 'Settings file [env: CREDSPEC_CONFIG]' -r -F
complete -c credspec -n "__fish_credspec_needs_command" -l no-input -d 'Never prompt, even at a terminal'
complete -c credspec -n "__fish_credspec_needs_command" -s v -l verbose -d 'Show each step of the connection to the directory, with its time'
complete -c credspec -n "__fish_credspec_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c credspec -n "__fish_credspec_needs_command" -s V -l version -d 'Print version'
complete -c credspec -n "__fish_credspec_needs_command" -f -a "man" -d 'Print the manual page of the program, or of a command'
complete -c credspec -n "__fish_credspec_needs_command" -f -a "completions" -d 'Print completions for a shell'
complete -c credspec -n "__fish_credspec_needs_command" -f -a "help" -d 'Print the help of a command, or a page of the book'
complete -c credspec -n "__fish_credspec_needs_command" -f -a "new" -d 'Make a credential spec from what Active Directory says'
complete -c credspec -n "__fish_credspec_needs_command" -f -a "validate" -d 'Check credential specs: files, directories, or standard input'
complete -c credspec -n "__fish_credspec_needs_command" -f -a "export" -d 'Print specs as a platform takes them, such as Kubernetes'
complete -c credspec -n "__fish_credspec_needs_command" -f -a "sync" -d 'Keep the specs declared in credspec.toml as Active Directory says'
complete -c credspec -n "__fish_credspec_needs_command" -f -a "doctor" -d 'Check whether an identity will work, and if not, why'
complete -c credspec -n "__fish_credspec_needs_command" -f -a "domain" -d 'Show a domain\'s SID, GUID and names, also for the settings file'
complete -c credspec -n "__fish_credspec_needs_command" -f -a "config" -d 'Show the effective settings and the source of each'
complete -c credspec -n "__fish_credspec_needs_command" -f -a "list" -d 'Show the credential specs in Docker\'s directory'
complete -c credspec -n "__fish_credspec_needs_command" -f -a "plugins" -d 'Show the plug-ins for hosts outside the domain, or one of them'
complete -c credspec -n "__fish_credspec_needs_command" -f -a "explain" -d 'Explain rules, errors, and numbers that containers or hosts show'
complete -c credspec -n "__fish_credspec_needs_command" -f -a "schema" -d 'Print the JSON Schema of specs, settings, plug-ins or reports'
complete -c credspec -n "__fish_credspec_using_subcommand man" -l config -d 'Settings file [env: CREDSPEC_CONFIG]' -r -F
complete -c credspec -n "__fish_credspec_using_subcommand man" -l no-input -d 'Never prompt, even at a terminal'
complete -c credspec -n "__fish_credspec_using_subcommand man" -s v -l verbose -d 'Show each step of the connection to the directory, with its time'
complete -c credspec -n "__fish_credspec_using_subcommand man" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c credspec -n "__fish_credspec_using_subcommand man" -s V -l version -d 'Print version'
complete -c credspec -n "__fish_credspec_using_subcommand completions" -l config -d 'Settings file [env: CREDSPEC_CONFIG]' -r -F
complete -c credspec -n "__fish_credspec_using_subcommand completions" -l no-input -d 'Never prompt, even at a terminal'
complete -c credspec -n "__fish_credspec_using_subcommand completions" -s v -l verbose -d 'Show each step of the connection to the directory, with its time'
complete -c credspec -n "__fish_credspec_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c credspec -n "__fish_credspec_using_subcommand completions" -s V -l version -d 'Print version'
complete -c credspec -n "__fish_credspec_using_subcommand help" -l config -d 'Settings file [env: CREDSPEC_CONFIG]' -r -F
complete -c credspec -n "__fish_credspec_using_subcommand help" -l no-input -d 'Never prompt, even at a terminal'
complete -c credspec -n "__fish_credspec_using_subcommand help" -s v -l verbose -d 'Show each step of the connection to the directory, with its time'
complete -c credspec -n "__fish_credspec_using_subcommand help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c credspec -n "__fish_credspec_using_subcommand help" -s V -l version -d 'Print version'
complete -c credspec -n "__fish_credspec_using_subcommand new" -l account -d 'Group managed service account' -r
complete -c credspec -n "__fish_credspec_using_subcommand new" -l additional-account -d 'Another account that the container may use' -r
complete -c credspec -n "__fish_credspec_using_subcommand new" -l domain -d 'Domain of the account' -r
complete -c credspec -n "__fish_credspec_using_subcommand new" -l server -d 'Domain controller' -r -f -a "(__fish_print_hostnames)"
complete -c credspec -n "__fish_credspec_using_subcommand new" -l dns-server -d 'DNS server to ask instead of the system\'s' -r
complete -c credspec -n "__fish_credspec_using_subcommand new" -l user -d 'User to log on as, with a password' -r
complete -c credspec -n "__fish_credspec_using_subcommand new" -l auth -d 'How to log on' -r -f -a "auto\t'By name and password where a user or a password is given or there is no usable ticket, else with the Kerberos ticket'
kerberos\t'With the Kerberos ticket that one has'
simple\t'By name and password, inside TLS'"
complete -c credspec -n "__fish_credspec_using_subcommand new" -l password-file -d 'File that holds the password' -r -F
complete -c credspec -n "__fish_credspec_using_subcommand new" -l ca-file -d 'CA certificates to trust in addition to the system\'s trust store' -r -F
complete -c credspec -n "__fish_credspec_using_subcommand new" -l timeout -d 'Timeout in seconds for locating a domain controller' -r
complete -c credspec -n "__fish_credspec_using_subcommand new" -l password -d 'Refused' -r
complete -c credspec -n "__fish_credspec_using_subcommand new" -l from -d 'Use an existing spec' -r -F
complete -c credspec -n "__fish_credspec_using_subcommand new" -l name -d 'With --from' -r
complete -c credspec -n "__fish_credspec_using_subcommand new" -l target -d 'The platform that the spec is for' -r -f -a "docker\t'A file in Docker\'s CredentialSpecs directory'
compose\t'Docker Compose: `security_opt` of a service'
swarm\t'A config of a Docker swarm: less than 1000 KiB'
kubernetes\t'The payload of a GMSACredentialSpec: 64 KiB'
ecs-windows\t'Amazon ECS with Windows containers, from an SSM parameter: 4096 bytes'
ecs-linux\t'Amazon ECS with Linux containers, likewise'
service-fabric\t'Service Fabric: a `SecurityOption` of the application\'s manifest'
nomad\t'Nomad\'s Docker driver: `security_opt` of a task'
cloudfoundry\t'Cloud Foundry: properties of the BOSH job ccg-plugin'
containerd\t'containerd: `windows.credentialSpec` of an OCI config.json'"
complete -c credspec -n "__fish_credspec_using_subcommand new" -l plugin -d 'Plug-in for hosts outside the domain' -r
complete -c credspec -n "__fish_credspec_using_subcommand new" -l plugin-input -d 'A field of the plug-in\'s input' -r
complete -c credspec -n "__fish_credspec_using_subcommand new" -l plugin-input-file -d 'A field whose value stands in a file' -r
complete -c credspec -n "__fish_credspec_using_subcommand new" -l plugin-guid -d 'GUID of a plug-in that has no definition' -r
complete -c credspec -n "__fish_credspec_using_subcommand new" -l plugin-input-raw -d 'PluginInput for --plugin-guid, written unchanged' -r
complete -c credspec -n "__fish_credspec_using_subcommand new" -s o -l output -d 'File to write, or - for standard output' -r -F
complete -c credspec -n "__fish_credspec_using_subcommand new" -l file-name -d 'Name of the file in the CredentialSpecs directory' -r
complete -c credspec -n "__fish_credspec_using_subcommand new" -l registry -d 'Write it to the registry of this Windows machine' -r
complete -c credspec -n "__fish_credspec_using_subcommand new" -l directory -d 'The CredentialSpecs directory' -r -f -a "(__fish_complete_directories)"
complete -c credspec -n "__fish_credspec_using_subcommand new" -l docker-root -d 'Docker\'s data root' -r -f -a "(__fish_complete_directories)"
complete -c credspec -n "__fish_credspec_using_subcommand new" -l format -d 'Format of the report' -r -f -a "human\t'For people'
json\t'For machines: one JSON object on standard output, for an error as well'"
complete -c credspec -n "__fish_credspec_using_subcommand new" -l config -d 'Settings file [env: CREDSPEC_CONFIG]' -r -F
complete -c credspec -n "__fish_credspec_using_subcommand new" -l offline -d 'Use the facts recorded in the settings file'
complete -c credspec -n "__fish_credspec_using_subcommand new" -l allow-secret-in-spec -d 'Write a spec that holds a password'
complete -c credspec -n "__fish_credspec_using_subcommand new" -l no-plugin -d 'No plug-in, whatever the settings say'
complete -c credspec -n "__fish_credspec_using_subcommand new" -l create-directory -d 'Create the directory if it is missing'
complete -c credspec -n "__fish_credspec_using_subcommand new" -l force -d 'Overwrite an existing file that has different content'
complete -c credspec -n "__fish_credspec_using_subcommand new" -l compact -d 'Write the spec as one line'
complete -c credspec -n "__fish_credspec_using_subcommand new" -l dry-run -d 'Write nothing, and print the spec'
complete -c credspec -n "__fish_credspec_using_subcommand new" -l no-input -d 'Never prompt, even at a terminal'
complete -c credspec -n "__fish_credspec_using_subcommand new" -s v -l verbose -d 'Show each step of the connection to the directory, with its time'
complete -c credspec -n "__fish_credspec_using_subcommand new" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c credspec -n "__fish_credspec_using_subcommand new" -s V -l version -d 'Print version'
complete -c credspec -n "__fish_credspec_using_subcommand validate" -l directory -d 'The CredentialSpecs directory' -r -f -a "(__fish_complete_directories)"
complete -c credspec -n "__fish_credspec_using_subcommand validate" -l docker-root -d 'Docker\'s data root' -r -f -a "(__fish_complete_directories)"
complete -c credspec -n "__fish_credspec_using_subcommand validate" -l deny -d 'Report a rule\'s findings as errors' -r
complete -c credspec -n "__fish_credspec_using_subcommand validate" -l warn -d 'Report a rule\'s findings as warnings' -r
complete -c credspec -n "__fish_credspec_using_subcommand validate" -l allow -d 'Do not report a rule\'s findings' -r
complete -c credspec -n "__fish_credspec_using_subcommand validate" -l target -d 'Also check the limits of one platform' -r -f -a "docker\t'A file in Docker\'s CredentialSpecs directory'
compose\t'Docker Compose: `security_opt` of a service'
swarm\t'A config of a Docker swarm: less than 1000 KiB'
kubernetes\t'The payload of a GMSACredentialSpec: 64 KiB'
ecs-windows\t'Amazon ECS with Windows containers, from an SSM parameter: 4096 bytes'
ecs-linux\t'Amazon ECS with Linux containers, likewise'
service-fabric\t'Service Fabric: a `SecurityOption` of the application\'s manifest'
nomad\t'Nomad\'s Docker driver: `security_opt` of a task'
cloudfoundry\t'Cloud Foundry: properties of the BOSH job ccg-plugin'
containerd\t'containerd: `windows.credentialSpec` of an OCI config.json'"
complete -c credspec -n "__fish_credspec_using_subcommand validate" -l domain -d 'Domain of the account' -r
complete -c credspec -n "__fish_credspec_using_subcommand validate" -l server -d 'Domain controller' -r -f -a "(__fish_print_hostnames)"
complete -c credspec -n "__fish_credspec_using_subcommand validate" -l dns-server -d 'DNS server to ask instead of the system\'s' -r
complete -c credspec -n "__fish_credspec_using_subcommand validate" -l user -d 'User to log on as, with a password' -r
complete -c credspec -n "__fish_credspec_using_subcommand validate" -l auth -d 'How to log on' -r -f -a "auto\t'By name and password where a user or a password is given or there is no usable ticket, else with the Kerberos ticket'
kerberos\t'With the Kerberos ticket that one has'
simple\t'By name and password, inside TLS'"
complete -c credspec -n "__fish_credspec_using_subcommand validate" -l password-file -d 'File that holds the password' -r -F
complete -c credspec -n "__fish_credspec_using_subcommand validate" -l ca-file -d 'CA certificates to trust in addition to the system\'s trust store' -r -F
complete -c credspec -n "__fish_credspec_using_subcommand validate" -l timeout -d 'Timeout in seconds for locating a domain controller' -r
complete -c credspec -n "__fish_credspec_using_subcommand validate" -l password -d 'Refused' -r
complete -c credspec -n "__fish_credspec_using_subcommand validate" -l format -d 'Format of the report' -r -f -a "auto\t'github or azure in a pipeline of theirs, else human'
human\t'For people'
json\t'For machines: one JSON object, whose schema `credspec schema` prints'
github\t'Annotations of GitHub Actions'
azure\t'Logging commands of Azure Pipelines'
sarif\t'SARIF 2.1.0'
junit\t'JUnit\'s XML'"
complete -c credspec -n "__fish_credspec_using_subcommand validate" -l report -d 'Also write a report to a file' -r
complete -c credspec -n "__fish_credspec_using_subcommand validate" -l config -d 'Settings file [env: CREDSPEC_CONFIG]' -r -F
complete -c credspec -n "__fish_credspec_using_subcommand validate" -l online -d 'Also check against Active Directory'
complete -c credspec -n "__fish_credspec_using_subcommand validate" -l fix -d 'Fix problems that have one safe fix'
complete -c credspec -n "__fish_credspec_using_subcommand validate" -l diff -d 'Show what --fix changes'
complete -c credspec -n "__fish_credspec_using_subcommand validate" -l unsafe -d 'With --fix or --diff'
complete -c credspec -n "__fish_credspec_using_subcommand validate" -s q -l quiet -d 'Print errors only, and nothing if there are none'
complete -c credspec -n "__fish_credspec_using_subcommand validate" -l no-input -d 'Never prompt, even at a terminal'
complete -c credspec -n "__fish_credspec_using_subcommand validate" -s v -l verbose -d 'Show each step of the connection to the directory, with its time'
complete -c credspec -n "__fish_credspec_using_subcommand validate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c credspec -n "__fish_credspec_using_subcommand validate" -s V -l version -d 'Print version'
complete -c credspec -n "__fish_credspec_using_subcommand export" -l name -d 'Of several specs, the one of this name' -r
complete -c credspec -n "__fish_credspec_using_subcommand export" -l rbac -d 'kubernetes' -r
complete -c credspec -n "__fish_credspec_using_subcommand export" -l arn -d 'ecs-windows, ecs-linux' -r
complete -c credspec -n "__fish_credspec_using_subcommand export" -s o -l output -d 'File to write, or - for standard output' -r -F
complete -c credspec -n "__fish_credspec_using_subcommand export" -l config -d 'Settings file [env: CREDSPEC_CONFIG]' -r -F
complete -c credspec -n "__fish_credspec_using_subcommand export" -l pod -d 'kubernetes'
complete -c credspec -n "__fish_credspec_using_subcommand export" -l raw -d 'docker, compose, nomad'
complete -c credspec -n "__fish_credspec_using_subcommand export" -l domain-joined -d 'ecs-windows, ecs-linux'
complete -c credspec -n "__fish_credspec_using_subcommand export" -l spec -d 'Print the spec itself'
complete -c credspec -n "__fish_credspec_using_subcommand export" -l allow-secret-in-spec -d 'Print a spec that holds a password'
complete -c credspec -n "__fish_credspec_using_subcommand export" -l force -d 'Overwrite an existing file that has different content'
complete -c credspec -n "__fish_credspec_using_subcommand export" -l no-input -d 'Never prompt, even at a terminal'
complete -c credspec -n "__fish_credspec_using_subcommand export" -s v -l verbose -d 'Show each step of the connection to the directory, with its time'
complete -c credspec -n "__fish_credspec_using_subcommand export" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c credspec -n "__fish_credspec_using_subcommand export" -s V -l version -d 'Print version'
complete -c credspec -n "__fish_credspec_using_subcommand sync" -l only -d 'Only the spec of this account' -r
complete -c credspec -n "__fish_credspec_using_subcommand sync" -l adopt -d 'Print the' -r -F
complete -c credspec -n "__fish_credspec_using_subcommand sync" -l domain -d 'Domain of the account' -r
complete -c credspec -n "__fish_credspec_using_subcommand sync" -l server -d 'Domain controller' -r -f -a "(__fish_print_hostnames)"
complete -c credspec -n "__fish_credspec_using_subcommand sync" -l dns-server -d 'DNS server to ask instead of the system\'s' -r
complete -c credspec -n "__fish_credspec_using_subcommand sync" -l user -d 'User to log on as, with a password' -r
complete -c credspec -n "__fish_credspec_using_subcommand sync" -l auth -d 'How to log on' -r -f -a "auto\t'By name and password where a user or a password is given or there is no usable ticket, else with the Kerberos ticket'
kerberos\t'With the Kerberos ticket that one has'
simple\t'By name and password, inside TLS'"
complete -c credspec -n "__fish_credspec_using_subcommand sync" -l password-file -d 'File that holds the password' -r -F
complete -c credspec -n "__fish_credspec_using_subcommand sync" -l ca-file -d 'CA certificates to trust in addition to the system\'s trust store' -r -F
complete -c credspec -n "__fish_credspec_using_subcommand sync" -l timeout -d 'Timeout in seconds for locating a domain controller' -r
complete -c credspec -n "__fish_credspec_using_subcommand sync" -l password -d 'Refused' -r
complete -c credspec -n "__fish_credspec_using_subcommand sync" -l format -d 'Format of the report' -r -f -a "auto\t'github or azure in a pipeline of theirs, else human'
human\t'For people'
json\t'For machines: one JSON object, whose schema `credspec schema` prints'
github\t'Annotations of GitHub Actions'
azure\t'Logging commands of Azure Pipelines'
sarif\t'SARIF 2.1.0'
junit\t'JUnit\'s XML'"
complete -c credspec -n "__fish_credspec_using_subcommand sync" -l config -d 'Settings file [env: CREDSPEC_CONFIG]' -r -F
complete -c credspec -n "__fish_credspec_using_subcommand sync" -l check -d 'Write nothing'
complete -c credspec -n "__fish_credspec_using_subcommand sync" -l offline -d 'Take the domain\'s facts from the settings file'
complete -c credspec -n "__fish_credspec_using_subcommand sync" -l no-input -d 'Never prompt, even at a terminal'
complete -c credspec -n "__fish_credspec_using_subcommand sync" -s v -l verbose -d 'Show each step of the connection to the directory, with its time'
complete -c credspec -n "__fish_credspec_using_subcommand sync" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c credspec -n "__fish_credspec_using_subcommand sync" -s V -l version -d 'Print version'
complete -c credspec -n "__fish_credspec_using_subcommand doctor" -l name -d 'Of several specs, the one of this name' -r
complete -c credspec -n "__fish_credspec_using_subcommand doctor" -l account -d 'Group managed service account to check' -r
complete -c credspec -n "__fish_credspec_using_subcommand doctor" -l host -d 'Host that must be able to read the password' -r
complete -c credspec -n "__fish_credspec_using_subcommand doctor" -l portable-user -d 'User that must be able to read the password' -r
complete -c credspec -n "__fish_credspec_using_subcommand doctor" -l reach -d 'Name that clients use for the service' -r
complete -c credspec -n "__fish_credspec_using_subcommand doctor" -l secret -d 'Secret of the plug-in' -r -F
complete -c credspec -n "__fish_credspec_using_subcommand doctor" -l plugin -d 'Plug-in that reads the secret' -r
complete -c credspec -n "__fish_credspec_using_subcommand doctor" -l container -d 'Running container that nltest and klist are asked in' -r
complete -c credspec -n "__fish_credspec_using_subcommand doctor" -l pod -d 'The same for a pod, through kubectl' -r
complete -c credspec -n "__fish_credspec_using_subcommand doctor" -l events -d 'Records of the log Microsoft-Windows-Containers-CCG/Admin of a host' -r -F
complete -c credspec -n "__fish_credspec_using_subcommand doctor" -l only -d 'Check this group only' -r -f -a "account\t'The account itself'
readers\t'Who may read its password'
hosts\t'The hosts of --host'
user\t'The user of --portable-user'
secret\t'The secret of --secret'
domain\t'Domain controllers and keys'
network\t'DNS and the controllers\' ports, as seen from here'
windows\t'The Windows host that this runs on'
log\t'The log of Container Credential Guard'
container\t'What only the container can show'"
complete -c credspec -n "__fish_credspec_using_subcommand doctor" -l deny -d 'Report a check as failed' -r
complete -c credspec -n "__fish_credspec_using_subcommand doctor" -l warn -d 'Report a check as a warning' -r
complete -c credspec -n "__fish_credspec_using_subcommand doctor" -l allow -d 'Do not report a check' -r
complete -c credspec -n "__fish_credspec_using_subcommand doctor" -l domain -d 'Domain of the account' -r
complete -c credspec -n "__fish_credspec_using_subcommand doctor" -l server -d 'Domain controller' -r -f -a "(__fish_print_hostnames)"
complete -c credspec -n "__fish_credspec_using_subcommand doctor" -l dns-server -d 'DNS server to ask instead of the system\'s' -r
complete -c credspec -n "__fish_credspec_using_subcommand doctor" -l user -d 'User to log on as, with a password' -r
complete -c credspec -n "__fish_credspec_using_subcommand doctor" -l auth -d 'How to log on' -r -f -a "auto\t'By name and password where a user or a password is given or there is no usable ticket, else with the Kerberos ticket'
kerberos\t'With the Kerberos ticket that one has'
simple\t'By name and password, inside TLS'"
complete -c credspec -n "__fish_credspec_using_subcommand doctor" -l password-file -d 'File that holds the password' -r -F
complete -c credspec -n "__fish_credspec_using_subcommand doctor" -l ca-file -d 'CA certificates to trust in addition to the system\'s trust store' -r -F
complete -c credspec -n "__fish_credspec_using_subcommand doctor" -l timeout -d 'Timeout in seconds for locating a domain controller' -r
complete -c credspec -n "__fish_credspec_using_subcommand doctor" -l password -d 'Refused' -r
complete -c credspec -n "__fish_credspec_using_subcommand doctor" -l format -d 'Format of the report' -r -f -a "auto\t'github or azure in a pipeline of theirs, else human'
human\t'For people'
json\t'For machines: one JSON object, whose schema `credspec schema` prints'
github\t'Annotations of GitHub Actions'
azure\t'Logging commands of Azure Pipelines'
sarif\t'SARIF 2.1.0'
junit\t'JUnit\'s XML'
mermaid\t'Who may read the password, as a Mermaid diagram for a page of Markdown'"
complete -c credspec -n "__fish_credspec_using_subcommand doctor" -l config -d 'Settings file [env: CREDSPEC_CONFIG]' -r -F
complete -c credspec -n "__fish_credspec_using_subcommand doctor" -l prove -d 'Log on as the portable user and read the password'
complete -c credspec -n "__fish_credspec_using_subcommand doctor" -l plan -d 'Print what is missing as a PowerShell script'
complete -c credspec -n "__fish_credspec_using_subcommand doctor" -l this-host -d 'Check the Windows host that this runs on'
complete -c credspec -n "__fish_credspec_using_subcommand doctor" -l no-input -d 'Never prompt, even at a terminal'
complete -c credspec -n "__fish_credspec_using_subcommand doctor" -s v -l verbose -d 'Show each step of the connection to the directory, with its time'
complete -c credspec -n "__fish_credspec_using_subcommand doctor" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c credspec -n "__fish_credspec_using_subcommand doctor" -s V -l version -d 'Print version'
complete -c credspec -n "__fish_credspec_using_subcommand domain" -l domain -d 'Domain of the account' -r
complete -c credspec -n "__fish_credspec_using_subcommand domain" -l server -d 'Domain controller' -r -f -a "(__fish_print_hostnames)"
complete -c credspec -n "__fish_credspec_using_subcommand domain" -l dns-server -d 'DNS server to ask instead of the system\'s' -r
complete -c credspec -n "__fish_credspec_using_subcommand domain" -l user -d 'User to log on as, with a password' -r
complete -c credspec -n "__fish_credspec_using_subcommand domain" -l auth -d 'How to log on' -r -f -a "auto\t'By name and password where a user or a password is given or there is no usable ticket, else with the Kerberos ticket'
kerberos\t'With the Kerberos ticket that one has'
simple\t'By name and password, inside TLS'"
complete -c credspec -n "__fish_credspec_using_subcommand domain" -l password-file -d 'File that holds the password' -r -F
complete -c credspec -n "__fish_credspec_using_subcommand domain" -l ca-file -d 'CA certificates to trust in addition to the system\'s trust store' -r -F
complete -c credspec -n "__fish_credspec_using_subcommand domain" -l timeout -d 'Timeout in seconds for locating a domain controller' -r
complete -c credspec -n "__fish_credspec_using_subcommand domain" -l password -d 'Refused' -r
complete -c credspec -n "__fish_credspec_using_subcommand domain" -l format -d 'Output format' -r -f -a "human\t'For people'
json\t'For machines'
toml\t'A table to paste into credspec.toml'"
complete -c credspec -n "__fish_credspec_using_subcommand domain" -l config -d 'Settings file [env: CREDSPEC_CONFIG]' -r -F
complete -c credspec -n "__fish_credspec_using_subcommand domain" -l offline -d 'Use the facts recorded in the settings file'
complete -c credspec -n "__fish_credspec_using_subcommand domain" -l no-input -d 'Never prompt, even at a terminal'
complete -c credspec -n "__fish_credspec_using_subcommand domain" -s v -l verbose -d 'Show each step of the connection to the directory, with its time'
complete -c credspec -n "__fish_credspec_using_subcommand domain" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c credspec -n "__fish_credspec_using_subcommand domain" -s V -l version -d 'Print version'
complete -c credspec -n "__fish_credspec_using_subcommand config" -l domain -d 'Domain of the account' -r
complete -c credspec -n "__fish_credspec_using_subcommand config" -l server -d 'Domain controller' -r -f -a "(__fish_print_hostnames)"
complete -c credspec -n "__fish_credspec_using_subcommand config" -l dns-server -d 'DNS server to ask instead of the system\'s' -r
complete -c credspec -n "__fish_credspec_using_subcommand config" -l user -d 'User to log on as, with a password' -r
complete -c credspec -n "__fish_credspec_using_subcommand config" -l auth -d 'How to log on' -r -f -a "auto\t'By name and password where a user or a password is given or there is no usable ticket, else with the Kerberos ticket'
kerberos\t'With the Kerberos ticket that one has'
simple\t'By name and password, inside TLS'"
complete -c credspec -n "__fish_credspec_using_subcommand config" -l password-file -d 'File that holds the password' -r -F
complete -c credspec -n "__fish_credspec_using_subcommand config" -l ca-file -d 'CA certificates to trust in addition to the system\'s trust store' -r -F
complete -c credspec -n "__fish_credspec_using_subcommand config" -l timeout -d 'Timeout in seconds for locating a domain controller' -r
complete -c credspec -n "__fish_credspec_using_subcommand config" -l password -d 'Refused' -r
complete -c credspec -n "__fish_credspec_using_subcommand config" -l directory -d 'The CredentialSpecs directory' -r -f -a "(__fish_complete_directories)"
complete -c credspec -n "__fish_credspec_using_subcommand config" -l docker-root -d 'Docker\'s data root' -r -f -a "(__fish_complete_directories)"
complete -c credspec -n "__fish_credspec_using_subcommand config" -l plugin -d 'Which plug-in `new` would take' -r
complete -c credspec -n "__fish_credspec_using_subcommand config" -l format -d 'Output format' -r -f -a "human\t'For people'
json\t'For machines: one JSON object on standard output, for an error as well'"
complete -c credspec -n "__fish_credspec_using_subcommand config" -l config -d 'Settings file [env: CREDSPEC_CONFIG]' -r -F
complete -c credspec -n "__fish_credspec_using_subcommand config" -l no-input -d 'Never prompt, even at a terminal'
complete -c credspec -n "__fish_credspec_using_subcommand config" -s v -l verbose -d 'Show each step of the connection to the directory, with its time'
complete -c credspec -n "__fish_credspec_using_subcommand config" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c credspec -n "__fish_credspec_using_subcommand config" -s V -l version -d 'Print version'
complete -c credspec -n "__fish_credspec_using_subcommand list" -l directory -d 'The CredentialSpecs directory' -r -f -a "(__fish_complete_directories)"
complete -c credspec -n "__fish_credspec_using_subcommand list" -l docker-root -d 'Docker\'s data root' -r -f -a "(__fish_complete_directories)"
complete -c credspec -n "__fish_credspec_using_subcommand list" -l format -d 'Output format' -r -f -a "human\t'For people'
json\t'For machines: one JSON object on standard output, for an error as well'"
complete -c credspec -n "__fish_credspec_using_subcommand list" -l config -d 'Settings file [env: CREDSPEC_CONFIG]' -r -F
complete -c credspec -n "__fish_credspec_using_subcommand list" -l no-input -d 'Never prompt, even at a terminal'
complete -c credspec -n "__fish_credspec_using_subcommand list" -s v -l verbose -d 'Show each step of the connection to the directory, with its time'
complete -c credspec -n "__fish_credspec_using_subcommand list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c credspec -n "__fish_credspec_using_subcommand list" -s V -l version -d 'Print version'
complete -c credspec -n "__fish_credspec_using_subcommand plugins" -l format -d 'Output format' -r -f -a "human\t'For people'
json\t'For machines: one JSON object on standard output, for an error as well'"
complete -c credspec -n "__fish_credspec_using_subcommand plugins" -l config -d 'Settings file [env: CREDSPEC_CONFIG]' -r -F
complete -c credspec -n "__fish_credspec_using_subcommand plugins" -l installed -d 'List the plug-ins that are registered on this Windows machine'
complete -c credspec -n "__fish_credspec_using_subcommand plugins" -l no-input -d 'Never prompt, even at a terminal'
complete -c credspec -n "__fish_credspec_using_subcommand plugins" -s v -l verbose -d 'Show each step of the connection to the directory, with its time'
complete -c credspec -n "__fish_credspec_using_subcommand plugins" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c credspec -n "__fish_credspec_using_subcommand plugins" -s V -l version -d 'Print version'
complete -c credspec -n "__fish_credspec_using_subcommand explain" -l format -d 'Output format' -r -f -a "human\t'For people'
json\t'For machines: one JSON object on standard output, for an error as well'"
complete -c credspec -n "__fish_credspec_using_subcommand explain" -l config -d 'Settings file [env: CREDSPEC_CONFIG]' -r -F
complete -c credspec -n "__fish_credspec_using_subcommand explain" -l no-input -d 'Never prompt, even at a terminal'
complete -c credspec -n "__fish_credspec_using_subcommand explain" -s v -l verbose -d 'Show each step of the connection to the directory, with its time'
complete -c credspec -n "__fish_credspec_using_subcommand explain" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c credspec -n "__fish_credspec_using_subcommand explain" -s V -l version -d 'Print version'
complete -c credspec -n "__fish_credspec_using_subcommand schema" -l config -d 'Settings file [env: CREDSPEC_CONFIG]' -r -F
complete -c credspec -n "__fish_credspec_using_subcommand schema" -l no-input -d 'Never prompt, even at a terminal'
complete -c credspec -n "__fish_credspec_using_subcommand schema" -s v -l verbose -d 'Show each step of the connection to the directory, with its time'
complete -c credspec -n "__fish_credspec_using_subcommand schema" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c credspec -n "__fish_credspec_using_subcommand schema" -s V -l version -d 'Print version'
