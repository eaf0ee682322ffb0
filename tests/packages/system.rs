//! What a system's own package manager or a container runtime installs.

use std::env;
use std::fs;
use std::path::Path;

use crate::{SPEC, VERSION, artefact, output};

/// Where the package's files must be, in both forms.
const FILES: &[&str] = &[
    "/usr/bin/credspec",
    "/usr/share/bash-completion/completions/credspec",
    "/usr/share/fish/vendor_completions.d/credspec.fish",
];

/// In a copy of the bare Debian: installed, run with a ticket where there is a domain, removed.
pub(crate) fn a_bare_debian_installs_the_deb(release: &Path) {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("debian").display().to_string();
    output("cp", &["-a", &env::var("CREDSPEC_DEBIAN_ROOT").unwrap(), &root]);
    let package = artefact(release, "credspec_", "_amd64.deb");
    fs::copy(package, format!("{root}/credspec.deb")).unwrap();
    let inside = |words: &[&str]| output("chroot", &[&[root.as_str()], words].concat());
    inside(&["dpkg", "--install", "/credspec.deb"]);
    assert_eq!(inside(&["credspec", "--version"]).trim(), format!("credspec {VERSION}"));
    let listed = inside(&["dpkg", "--listfiles", "credspec"]);
    let own = ["/usr/share/zsh/vendor-completions/_credspec", "/usr/share/doc/credspec/copyright"];
    for file in FILES.iter().chain(&own) {
        assert!(listed.lines().any(|line| line == *file), "{file}: {listed}");
    }
    let needs = inside(&["dpkg-query", "--show", "--showformat=${Depends}", "credspec"]);
    assert!(needs.contains("libgssapi-krb5-2") && needs.contains("libc6"), "{needs}");
    let ca = env::var("CREDSPEC_LAB_CA");
    assert!(
        ca.is_ok() || env::var("CREDSPEC_LAB").is_err(),
        "the lab is required, and is not there"
    );
    if let Ok(ca) = ca {
        let cache = env::var("KRB5CCNAME").unwrap();
        for (name, path) in [
            ("ca.pem", ca.as_str()),
            ("krb5.conf", &env::var("KRB5_CONFIG").unwrap()),
            ("ticket", cache.trim_start_matches("FILE:")),
            ("etc/resolv.conf", "/etc/resolv.conf"),
            ("etc/hosts", "/etc/hosts"),
        ] {
            fs::copy(path, format!("{root}/{name}")).unwrap();
        }
        let spec = inside(&[
            "env",
            "KRB5_CONFIG=/krb5.conf",
            "KRB5CCNAME=/ticket",
            "CREDSPEC_CA_FILE=/ca.pem",
            "credspec",
            "new",
            "--account=WebApp01",
            "--server=dc1.contoso.com",
            "--auth=kerberos",
            "-o",
            "-",
        ]);
        assert!(spec.contains("WebApp01"), "{spec}");
    }
    inside(&["dpkg", "--purge", "credspec"]);
    assert!(!Path::new(&format!("{root}/usr/bin/credspec")).exists());
}

pub(crate) fn the_rpm_has_its_files_and_needs(release: &Path) {
    let package = artefact(release, "credspec-", ".x86_64.rpm").display().to_string();
    let listed = output("rpm", &["-qpl", &package]);
    let own = ["/usr/share/zsh/site-functions/_credspec", "/usr/share/licenses/credspec/LICENSE"];
    for file in FILES.iter().chain(&own) {
        assert!(listed.lines().any(|line| line == *file), "{file}: {listed}");
    }
    let needs = output("rpm", &["-qp", "--requires", &package]);
    assert!(needs.contains("libgssapi_krb5.so.2()(64bit)"), "{needs}");
    let about = output("rpm", &["-qp", "--queryformat", "%{VERSION} %{LICENSE}", &package]);
    assert_eq!(about, format!("{VERSION} {}", env!("CARGO_PKG_LICENSE")));
    // The payload is what was packed: each file against the sum that the package says.
    output("rpm", &["-K", "--nosignature", &package]);
}

/// Without a daemon: buildah takes the image in and runs it, with the specs mounted.
pub(crate) fn the_image_runs(release: &Path) {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path();
    let storage = [
        "--storage-driver=vfs".to_owned(),
        format!("--root={}/root", place.display()),
        format!("--runroot={}/run", place.display()),
    ];
    let buildah = |words: &[String]| output("buildah", &[&storage[..], words].concat());
    let image = artefact(release, "credspec-", "-amd64.oci.tar").display().to_string();
    let name = buildah(&["from".to_owned(), format!("oci-archive:{image}")]).trim().to_owned();
    let run = |words: &[&str]| {
        let volume = format!("--volume={SPEC}:/work:ro");
        let begin = ["run", "--isolation=chroot", &volume, &name, "--", "/credspec"];
        let words: Vec<String> = begin.iter().chain(words).map(|&word| word.to_owned()).collect();
        buildah(&words)
    };
    assert_eq!(run(&["--version"]).trim(), format!("credspec {VERSION}"));
    run(&["validate", "/work"]);
    let about = buildah(&["inspect".to_owned(), name.clone()]);
    assert!(about.contains("65532:65532"), "{about}");
}
