"""An archive for each target: the program, its manual and completions, all licences."""

from .common import WINDOWS, compressed, completions, manuals, tar, texts, zipped


def make(release, target):
    stem = f"credspec-{release.version}-{target}"
    name = "credspec.exe" if target == WINDOWS else "credspec"
    files = [(name, release.programs[target], True)]
    files += [(name, data, False) for name, data in texts(release)]
    files.append(("THIRD-PARTY-LICENCES.txt", release.notices[target], False))
    files += [(f"completions/{name}", data, False) for name, data in completions(release)]
    if target != WINDOWS:
        files += [(f"man/{name}", data, False) for name, data in manuals(release)]
    files = sorted((f"{stem}/{name}", data, is_program) for name, data, is_program in files)
    if target == WINDOWS:
        (release.destination / f"{stem}.zip").write_bytes(zipped(files, release.moment, release.level))
    else:
        (release.destination / f"{stem}.tar.gz").write_bytes(compressed(tar(files, release.moment), release.level))
