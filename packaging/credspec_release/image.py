"""A container image, as a tar of the OCI layout: the static program and nothing else.

`packaging/Dockerfile` says the same to those who build it themselves.
Source of the form: OCI Image Format Specification 1.1, "Image Layout" and "Image Configuration".
"""

import hashlib
import json
import time

from .common import STATIC, STATIC_ARM, compressed, tar, texts

ARCHITECTURES = {STATIC: "amd64", STATIC_ARM: "arm64"}
# Nobody in particular: nothing belongs to this number, and it is not root.
USER = "65532:65532"


def encoded(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()


def make(release, target):
    blobs = {}

    def blob(kind, data):
        digest = hashlib.sha256(data).hexdigest()
        blobs[digest] = data
        return {"mediaType": kind, "digest": f"sha256:{digest}", "size": len(data)}

    files = [("credspec", release.programs[target], True)]
    files += [(f"licences/{name}", data, False) for name, data in texts(release) if name.startswith("LICENSE")]
    files.append(("licences/THIRD-PARTY-LICENCES.txt", release.notices[target], False))
    plain = tar(files, release.moment)
    layer = blob("application/vnd.oci.image.layer.v1.tar+gzip", compressed(plain, release.level))
    created = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(release.moment))
    labels = {
        "org.opencontainers.image.title": "credspec",
        "org.opencontainers.image.version": release.version,
        "org.opencontainers.image.licenses": release.licence,
    }
    if release.page:
        labels["org.opencontainers.image.source"] = release.page
    config = blob("application/vnd.oci.image.config.v1+json", encoded({
        "architecture": ARCHITECTURES[target],
        "os": "linux",
        "created": created,
        "config": {"Entrypoint": ["/credspec"], "User": USER, "WorkingDir": "/work", "Labels": labels},
        "rootfs": {"type": "layers", "diff_ids": [f"sha256:{hashlib.sha256(plain).hexdigest()}"]},
        "history": [{"created": created, "created_by": "credspec"}],
    }))
    manifest = blob("application/vnd.oci.image.manifest.v1+json", encoded({
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": config,
        "layers": [layer],
    }))
    manifest["annotations"] = {"org.opencontainers.image.ref.name": release.version}
    layout = [
        ("oci-layout", encoded({"imageLayoutVersion": "1.0.0"}), False),
        ("index.json", encoded({
            "schemaVersion": 2,
            "mediaType": "application/vnd.oci.image.index.v1+json",
            "manifests": [manifest],
        }), False),
    ]
    layout += [(f"blobs/sha256/{digest}", data, False) for digest, data in sorted(blobs.items())]
    path = release.destination / f"credspec-{release.version}-{ARCHITECTURES[target]}.oci.tar"
    path.write_bytes(tar(layout, release.moment))
