"""`pip install credspec`: a wheel for each target, with the program as its script.

Source of the form: Python Packaging User Guide, "Binary distribution format".
"""

import base64
import hashlib

from .common import STATIC, STATIC_ARM, SUMMARY, WINDOWS, texts, zipped

# A static program runs beside any C library.
TAGS = {
    STATIC: ["manylinux_2_17_x86_64", "manylinux2014_x86_64", "musllinux_1_1_x86_64"],
    STATIC_ARM: ["manylinux_2_17_aarch64", "manylinux2014_aarch64", "musllinux_1_1_aarch64"],
    WINDOWS: ["win_amd64"],
}


def make(release, target):
    stem = f"credspec-{release.version}"
    info = f"{stem}.dist-info"
    name = "credspec.exe" if target == WINDOWS else "credspec"
    shipped = texts(release)
    licences = [name for name, _ in shipped if name.startswith("LICENSE")]
    licences.append("THIRD-PARTY-LICENCES.txt")
    metadata = [
        "Metadata-Version: 2.4", "Name: credspec", f"Version: {release.version}", f"Summary: {SUMMARY}",
        f"License-Expression: {release.licence}",
    ]
    metadata += [f"License-File: {name}" for name in licences]
    if release.page:
        metadata.append(f"Project-URL: Source, {release.page}")
    metadata += ["Description-Content-Type: text/markdown", ""]
    tags = TAGS[target]
    wheel = ["Wheel-Version: 1.0", "Generator: credspec", "Root-Is-Purelib: false"]
    wheel += [f"Tag: py3-none-{tag}" for tag in tags] + [""]
    readme = dict(shipped)["README.md"]
    files = [(f"{stem}.data/scripts/{name}", release.programs[target], True)]
    files += [
        (f"{info}/licenses/{name}", data, False) for name, data in shipped if name.startswith("LICENSE")
    ]
    files += [
        (f"{info}/licenses/THIRD-PARTY-LICENCES.txt", release.notices[target], False),
        (f"{info}/METADATA", "\n".join(metadata).encode() + b"\n" + readme, False),
        (f"{info}/WHEEL", "\n".join(wheel).encode(), False),
    ]
    record = []
    for path, data, _ in files:
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).decode().rstrip("=")
        record.append(f"{path},sha256={digest},{len(data)}\n")
    record.append(f"{info}/RECORD,,\n")
    files.append((f"{info}/RECORD", "".join(record).encode(), False))
    path = release.destination / f"{stem}-py3-none-{'.'.join(tags)}.whl"
    path.write_bytes(zipped(files, release.moment, release.level))
