"""`npx credspec`: one package with the programs, and a script that runs the one that fits."""

import json

from .common import STATIC, STATIC_ARM, SUMMARY, WINDOWS, compressed, tar, texts

# Node's names. Source: Node.js, "process.platform" and "process.arch".
PLACES = {STATIC: "linux-x64", STATIC_ARM: "linux-arm64", WINDOWS: "win32-x64"}


def make(release):
    shipped = [target for target in PLACES if target in release.programs]
    package = {
        "name": "credspec",
        "version": release.version,
        "description": SUMMARY,
        "license": f"({release.licence})",
        "bin": {"credspec": "credspec.js"},
        "os": sorted({PLACES[target].split("-")[0] for target in shipped}),
        "cpu": sorted({PLACES[target].split("-")[1] for target in shipped}),
        "engines": {"node": ">=18"},
    }
    if release.page:
        package["repository"] = {"type": "git", "url": f"git+{release.page}.git"}
    files = [
        ("package.json", (json.dumps(package, indent=2) + "\n").encode(), False),
        ("credspec.js", (release.source / "packaging/credspec.js").read_bytes(), True),
    ]
    files += [(name, data, False) for name, data in texts(release)]
    for target in shipped:
        name = "credspec.exe" if target == WINDOWS else "credspec"
        files.append((f"{PLACES[target]}/{name}", release.programs[target], True))
        files.append((f"{PLACES[target]}/THIRD-PARTY-LICENCES.txt", release.notices[target], False))
    files = sorted((f"package/{name}", data, is_program) for name, data, is_program in files)
    path = release.destination / f"credspec-{release.version}.tgz"
    path.write_bytes(compressed(tar(files, release.moment), release.level))
