$ErrorActionPreference = 'Stop'
# Chocolatey makes a command of each program that it unpacks here.
$arguments = @{
    PackageName    = 'credspec'
    Url64bit       = '@URL@'
    Checksum64     = '@SHA256@'
    ChecksumType64 = 'sha256'
    UnzipLocation  = Split-Path -Parent $MyInvocation.MyCommand.Definition
}
Install-ChocolateyZipPackage @arguments
