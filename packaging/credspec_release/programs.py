"""The programs, built from the commit's files, and the licences of all that is in them."""

import json
import os
import pathlib
import subprocess

from .common import KERBEROS, WINDOWS, output

# Puts the list of what is built in into the program, where scanners look for it.
AUDITABLE = "0.7.7"
SECTION = b".dep-v0"
LICENCE_NAMES = ("LICENSE", "LICENCE", "COPYING", "NOTICE", "UNLICENSE")


def features(target):
    return ["--features", "kerberos"] if target == KERBEROS else []


def auditable(cache):
    """The folder of `cargo auditable`, built once."""
    place = cache / f"cargo-auditable-{AUDITABLE}"
    if not (place / "bin/cargo-auditable").exists():
        subprocess.run(
            ["cargo", "install", "--quiet", "--locked", "--version", AUDITABLE, "--root", place, "cargo-auditable"],
            check=True, env=os.environ | {"CARGO_TARGET_DIR": str(place / "target")},
        )
    return place / "bin"


def build(source, target, moment):
    """The program, for one target, without this machine's paths in it, and with the commit's time where C has one."""
    home = os.environ.get("CARGO_HOME", os.path.expanduser("~/.cargo"))
    toolchain = output("rustc", "--print", "sysroot").decode().strip()
    paths = [(toolchain, "/rust"), (home, "/cargo"), (str(source), "/credspec")]
    environment = os.environ | {
        f"CARGO_TARGET_{target.upper().replace('-', '_')}_RUSTFLAGS":
            " ".join(f"--remap-path-prefix={path}={name}" for path, name in paths),
        # The same for what is written in C.
        f"CFLAGS_{target.replace('-', '_')}":
            " ".join(f"-ffile-prefix-map={path}={name}" for path, name in paths),
        "SOURCE_DATE_EPOCH": str(moment),
        "CREDSPEC_WINDOWS_CACHE": str(source / "target"),
        "CREDSPEC_PACKAGING_CACHE": str(source / "target/packaging"),
        "CARGO_TARGET_DIR": str(source / "target"),
        # As `cargo auditable` sets them, but for the wrapper's path: Cargo makes names of symbols from it.
        "RUSTC_WORKSPACE_WRAPPER": "cargo-auditable",
        "CARGO_AUDITABLE_ORIG_ARGS": json.dumps({"offline": False, "locked": True, "frozen": False, "config": []}),
        "PATH": f"{auditable(source / 'target/packaging')}{os.pathsep}{os.environ['PATH']}",
    }
    commands = {WINDOWS: ["tests/windows/cargo"], KERBEROS: ["cargo"]}
    command = commands.get(target, ["packaging/cargo", target]) + ["build", "--release", "--locked"]
    if target == KERBEROS:
        command += ["--target", target]
    subprocess.run(command + features(target), cwd=source, check=True, env=environment)
    name = "credspec.exe" if target == WINDOWS else "credspec"
    program = (source / "target" / target / "release" / name).read_bytes()
    if SECTION not in program:
        raise SystemExit(f"release: {name} for {target} holds no list of what is built in")
    return program


def built_in(source, target):
    """Cargo's description of each package that is built in, by name."""
    metadata = json.loads(output(
        "cargo", "metadata", "--format-version=1", "--locked", "--filter-platform", target,
        *features(target), cwd=source,
    ))
    packages = {package["id"]: package for package in metadata["packages"]}
    # Metadata has features of other targets too; the tree has those of this one.
    tree = output(
        "cargo", "tree", "--locked", "--edges=normal", "--target", target, "--prefix=none", "--format={p}",
        *features(target), cwd=source,
    ).decode()
    used = {tuple(line.split()[:2]) for line in tree.splitlines() if line}
    root = metadata["resolve"]["root"]
    found = [
        package for package in packages.values()
        if (package["name"], f"v{package['version']}") in used and package["id"] != root
    ]
    return sorted(found, key=lambda one: (one["name"], one["version"]))


def licences(packages):
    """The licence of each package, with its text as its authors ship it."""
    parts = []
    for package in packages:
        folder = pathlib.Path(package["manifest_path"]).parent
        names = sorted(
            path for path in folder.iterdir()
            if path.is_file() and path.name.upper().startswith(LICENCE_NAMES)
        )
        parts.append(f"{'=' * 78}\n{package['name']} {package['version']}: {package['license']}\n")
        if package.get("repository"):
            parts.append(f"{package['repository']}\n")
        parts += [f"\n{path.read_text(encoding='utf-8', errors='replace').strip()}\n" for path in names]
        parts.append("\n")
    return "".join(parts).encode()
