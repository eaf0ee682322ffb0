"""What is built in, as CycloneDX has it: one list for each target.

Source of the form: CycloneDX 1.5, JSON reference.
"""

import hashlib
import json
import re
import time
import tomllib


def make(release, target, packages):
    lock = tomllib.loads((release.source / "Cargo.lock").read_text(encoding="utf-8"))
    sums = {(one["name"], one["version"]): one.get("checksum") for one in lock["package"]}
    components = []
    for package in packages:
        name = f"pkg:cargo/{package['name']}@{package['version']}"
        component = {
            "type": "library", "bom-ref": name, "name": package["name"], "version": package["version"],
            "purl": name,
        }
        if package["license"]:
            # An old way to write OR.
            expression = re.sub(r"\s*/\s*", " OR ", package["license"])
            component["licenses"] = [{"expression": expression}]
        checksum = sums[(package["name"], package["version"])]
        if checksum:
            component["hashes"] = [{"alg": "SHA-256", "content": checksum}]
        components.append(component)
    program = hashlib.sha256(release.programs[target]).hexdigest()
    bill = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {
            "timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(release.moment)),
            "component": {
                "type": "application",
                "bom-ref": f"pkg:cargo/credspec@{release.version}",
                "name": "credspec",
                "version": release.version,
                "purl": f"pkg:cargo/credspec@{release.version}",
                "licenses": [{"expression": release.licence}],
                "hashes": [{"alg": "SHA-256", "content": program}],
            },
        },
        "components": components,
    }
    path = release.destination / f"credspec-{release.version}-{target}.cdx.json"
    path.write_text(json.dumps(bill, indent=1) + "\n", encoding="utf-8")
