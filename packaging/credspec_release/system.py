"""The .deb and the .rpm: the program with Kerberos, which uses the system's library.

Made by Debian's own dpkg-deb and rpmbuild. Both put each file where its kind belongs.
"""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import time

from .common import KERBEROS, SUMMARY, completions, manuals, output, texts

# Where each shell looks. Source: bash-completion's README; zsh's and fish's of Debian and Fedora.
COMPLETIONS = {
    "credspec.bash": "usr/share/bash-completion/completions/credspec",
    "_credspec": {"deb": "usr/share/zsh/vendor-completions/_credspec", "rpm": "usr/share/zsh/site-functions/_credspec"},
    "credspec.fish": "usr/share/fish/vendor_completions.d/credspec.fish",
}
# Who answers for the package.
MAINTAINER = "The authors of credspec <credspec@users.noreply.github.com>"


def files(release, kind):
    """Path, bytes and rights of all that is installed."""
    yield "usr/bin/credspec", release.programs[KERBEROS], 0o755
    for name, data in completions(release):
        place = COMPLETIONS.get(name)
        if place:
            yield place if isinstance(place, str) else place[kind], data, 0o644
    for name, data in manuals(release):
        yield f"usr/share/man/man1/{name}", data, 0o644
    documents = "usr/share/doc/credspec"
    licences = [data.decode() for name, data in texts(release) if name.startswith("LICENSE")]
    licences.append(release.notices[KERBEROS].decode())
    if kind == "deb":
        yield f"{documents}/copyright", f"\n{'=' * 78}\n".join(licences).encode(), 0o644
    else:
        yield "usr/share/licenses/credspec/LICENSE", f"\n{'=' * 78}\n".join(licences).encode(), 0o644
    yield f"{documents}/README.md", dict(texts(release))["README.md"], 0o644


def lay(root, release, kind):
    """Writes the files below a folder, with the commit's time."""
    for path, data, mode in files(release, kind):
        place = root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
        place.chmod(mode)
    for folder, _, _ in os.walk(root):
        os.chmod(folder, 0o755)


def needed(program):
    """Packages of Debian that the program's libraries are in, with the versions its symbols need."""
    with tempfile.TemporaryDirectory() as folder:
        place = pathlib.Path(folder)
        (place / "debian").mkdir()
        (place / "debian/control").write_text("Source: credspec\n\nPackage: credspec\nArchitecture: amd64\n")
        (place / "credspec").write_bytes(program)
        (place / "credspec").chmod(0o755)
        found = output("dpkg-shlibdeps", "-O", "-ecredspec", cwd=place).decode()
    return re.search(r"^shlibs:Depends=(.*)$", found, re.MULTILINE).group(1)


def make_deb(release):
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder) / "credspec"
        lay(root, release, "deb")
        size = sum(path.stat().st_size for path in root.rglob("*") if path.is_file()) // 1024
        control = [
            "Package: credspec", f"Version: {release.version}", "Section: admin", "Priority: optional",
            "Architecture: amd64", f"Maintainer: {MAINTAINER}", f"Installed-Size: {size}",
            f"Depends: {needed(release.programs[KERBEROS])}", "Recommends: ca-certificates, krb5-user",
        ]
        if release.page:
            control.append(f"Homepage: {release.page}")
        control += [
            f"Description: {SUMMARY}",
            " This build logs on by name and password, and with the Kerberos ticket one has.", "",
        ]
        (root / "DEBIAN").mkdir(mode=0o755)
        (root / "DEBIAN/control").write_text("\n".join(control))
        path = release.destination / f"credspec_{release.version}_amd64.deb"
        environment = os.environ | {"SOURCE_DATE_EPOCH": str(release.moment)}
        subprocess.run(
            ["dpkg-deb", "--root-owner-group", "-Zxz", f"-z{release.level}", "--threads-max=1", "--build", root, path],
            check=True, env=environment, stdout=subprocess.DEVNULL,
        )


def make_rpm(release):
    with tempfile.TemporaryDirectory() as folder:
        top = pathlib.Path(folder)
        root = top / "root"
        lay(root, release, "rpm")
        names = "\n".join(f"/{path}" for path, _, _ in files(release, "rpm"))
        day = time.strftime("%a %b %d %Y", time.gmtime(release.moment))
        # The libraries that it needs, rpmbuild reads from the program.
        spec = f"""Name: credspec
Version: {release.version}
Release: 1
Summary: {SUMMARY}
License: {release.licence}
{f'URL: {release.page}' if release.page else ''}
Recommends: krb5-workstation

%description
{SUMMARY}.
This build logs on by name and password, and with the Kerberos ticket one has.

%install
cp -a {root}/. %{{buildroot}}/

%files
{names}

%changelog
* {day} {MAINTAINER} - {release.version}-1
- See CHANGELOG.md.
"""
        (top / "credspec.spec").write_text(spec)
        macros = {
            "_topdir": str(top), "_buildhost": "localhost", "_build_id_links": "none",
            "debug_package": "%{nil}", "__os_install_post": "%{nil}", "_binary_payload": f"w{release.level}.gzdio",
            "use_source_date_epoch_as_buildtime": "1", "clamp_mtime_to_source_date_epoch": "1",
        }
        command = ["rpmbuild", "-bb", "--quiet", "--target", "x86_64-linux"]
        for name, value in macros.items():
            command += ["--define", f"{name} {value}"]
        environment = os.environ | {"SOURCE_DATE_EPOCH": str(release.moment)}
        subprocess.run(command + [top / "credspec.spec"], check=True, env=environment, stdout=subprocess.DEVNULL)
        made = next((top / "RPMS").rglob("*.rpm"))
        shutil.copyfile(made, release.destination / f"credspec-{release.version}-1.x86_64.rpm")
