"""What the stores of Windows want to know: winget, Scoop, Chocolatey.

Sources of the forms: Microsoft, "Windows Package Manager manifest schema 1.10.0"; Scoop, "App
Manifests"; Chocolatey, "Create Packages".
"""

import hashlib
import json
import pathlib

from .common import SUMMARY, WINDOWS, zipped

IDENTIFIER = "credspec.credspec"
SCHEMA = "1.10.0"


def winget(release, stem, url, digest):
    head = f"PackageIdentifier: {IDENTIFIER}\nPackageVersion: {release.version}\n"
    def tail(kind):
        return f"ManifestType: {kind}\nManifestVersion: {SCHEMA}\n"
    yield "", head + "DefaultLocale: en-US\n" + tail("version")
    yield ".installer", head + (
        "InstallerType: zip\nNestedInstallerType: portable\nNestedInstallerFiles:\n"
        f"  - RelativeFilePath: {stem}\\credspec.exe\n    PortableCommandAlias: credspec\n"
        f"Installers:\n  - Architecture: x64\n    InstallerUrl: {url}\n    InstallerSha256: {digest.upper()}\n"
    ) + tail("installer")
    yield ".locale.en-US", head + (
        "PackageLocale: en-US\nPublisher: The authors of credspec\nPackageName: credspec\n"
        f"License: {release.licence}\nShortDescription: {SUMMARY}\n"
    ) + tail("defaultLocale")


def make(release):
    stem = f"credspec-{release.version}-{WINDOWS}"
    name = f"{stem}.zip"
    digest = hashlib.sha256((release.destination / name).read_bytes()).hexdigest()
    url = f"{release.downloads}/{name}"
    files = [
        (f"winget/{IDENTIFIER}{suffix}.yaml", text) for suffix, text in winget(release, stem, url, digest)
    ]
    scoop = {
        "version": release.version,
        "description": SUMMARY,
        "homepage": release.page or release.downloads,
        "license": release.licence.replace(" OR ", "|"),
        "architecture": {"64bit": {"url": url, "hash": digest, "extract_dir": stem}},
        "bin": "credspec.exe",
    }
    files.append(("scoop/credspec.json", json.dumps(scoop, indent=4) + "\n"))
    templates = pathlib.Path(release.source) / "packaging/chocolatey"
    for path in sorted(path for path in templates.rglob("*") if path.is_file()):
        text = path.read_text(encoding="utf-8")
        values = {
            "VERSION": release.version, "SUMMARY": SUMMARY, "URL": url, "SHA256": digest,
            "PAGE": release.page or release.downloads,
        }
        for key, value in values.items():
            text = text.replace(f"@{key}@", value)
        files.append((f"chocolatey/{path.relative_to(templates)}", text))
    packed = zipped([(name, text.encode(), False) for name, text in files], release.moment, release.level)
    (release.destination / f"credspec-{release.version}-windows-stores.zip").write_bytes(packed)
