"""What every form has in common: the release, and files with one time and plain rights."""

import dataclasses
import gzip
import io
import pathlib
import subprocess
import tarfile
import time
import zipfile

STATIC = "x86_64-unknown-linux-musl"
STATIC_ARM = "aarch64-unknown-linux-musl"
KERBEROS = "x86_64-unknown-linux-gnu"
WINDOWS = "x86_64-pc-windows-gnu"
TARGETS = [STATIC, STATIC_ARM, KERBEROS, WINDOWS]

SUMMARY = "Makes and judges credential specs, the identity of Windows containers in Active Directory"


@dataclasses.dataclass
class Release:
    source: pathlib.Path  # the commit's files
    destination: pathlib.Path
    version: str
    licence: str  # as SPDX has it
    page: str  # where the project is, or nothing
    downloads: str  # where the archives will be, or nothing
    moment: int  # the commit's time, in seconds since 1970
    notices: dict  # texts of others' licences, by target
    programs: dict  # bytes of the program, by target
    level: int  # of compression


def output(*command, cwd=None, env=None):
    return subprocess.run(command, cwd=cwd, env=env, check=True, stdout=subprocess.PIPE).stdout


def texts(release):
    """Name and bytes of what accompanies every program."""
    found = sorted(release.source.glob("LICENSE*")) + [release.source / "README.md"]
    return [(path.name, path.read_bytes()) for path in found]


def manuals(release):
    return [(path.name, path.read_bytes()) for path in sorted(release.source.glob("man/*.1"))]


def completions(release):
    return [(path.name, path.read_bytes()) for path in sorted(release.source.glob("completions/*"))]


def tar(files, moment):
    """A tar of (name, bytes, is a program)."""
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, content, is_program in files:
            entry = tarfile.TarInfo(name)
            entry.size, entry.mtime, entry.mode = len(content), moment, 0o755 if is_program else 0o644
            archive.addfile(entry, io.BytesIO(content))
    return data.getvalue()


def compressed(data, level):
    return gzip.compress(data, level, mtime=0)


def zipped(files, moment, level):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, content, is_program in files:
            entry = zipfile.ZipInfo(name, time.gmtime(moment)[:6])
            entry.create_system, entry.compress_type = 3, zipfile.ZIP_DEFLATED
            entry.external_attr = (0o100755 if is_program else 0o100644) << 16
            archive.writestr(entry, content, compresslevel=level)
    return data.getvalue()
