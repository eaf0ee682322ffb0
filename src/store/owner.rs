//! Whom a file belongs to: whoever runs this or rules the machine, or somebody else.

use std::fs::Metadata;
use std::path::Path;

/// Whom a file belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Owner {
    /// Whoever runs this, or the machine's administrator.
    Trusted,
    /// Somebody else, in words: `user 1001`.
    Other(String),
}

/// The owner of the file, and of the link that leads to it, where one is another's. One that is not
/// there, or cannot be asked about, is nobody's.
#[cfg(unix)]
pub(super) fn of(path: &Path) -> Owner {
    use std::os::unix::fs::MetadataExt as _;
    const ROOT: u32 = 0;
    let found = [path.symlink_metadata(), path.metadata()];
    let owners = found.into_iter().filter_map(|found| Some(found.ok()?.uid()));
    let mut others = owners.filter(|owner| ![ROOT, own_number()].contains(owner));
    others.next().map_or(Owner::Trusted, |owner| Owner::Other(format!("user {owner}")))
}

/// The number of the user who runs this.
#[cfg(unix)]
pub(crate) fn own_number() -> u32 {
    rustix::process::geteuid().as_raw()
}

/// Windows has no such numbers.
#[cfg(not(unix))]
pub(crate) fn own_number() -> u32 {
    0
}

/// The same by the security identifier in the file's security descriptor. What an administrator makes
/// belongs to the group of administrators. Source: [MS-DTYP] 2.4.2.4, well-known SIDs.
#[cfg(windows)]
pub(super) fn of(path: &Path) -> Owner {
    use windows_permissions::constants::{SeObjectType, SecurityInformation};
    use windows_permissions::{utilities, wrappers};
    /// SYSTEM, the administrators, and Windows itself (TrustedInstaller).
    const TRUSTED: [&str; 3] = [
        "S-1-5-18",
        "S-1-5-32-544",
        "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464",
    ];
    let unknown = || Owner::Other("an owner that cannot be asked for".into());
    let Ok(found) = wrappers::GetNamedSecurityInfo(
        path.as_os_str(),
        SeObjectType::SE_FILE_OBJECT,
        SecurityInformation::Owner,
    ) else {
        return unknown();
    };
    let Some(owner) = found.owner().map(ToString::to_string) else { return unknown() };
    let own = utilities::current_process_sid().map(|sid| sid.to_string());
    if TRUSTED.contains(&owner.as_str()) || own.is_ok_and(|own| own == owner) {
        Owner::Trusted
    } else {
        Owner::Other(format!("`{owner}`"))
    }
}

#[cfg(not(any(unix, windows)))]
pub(super) fn of(_: &Path) -> Owner {
    Owner::Other("an owner that cannot be asked for".into())
}

/// Whether this is the null device, which stands for no settings at all.
pub(super) fn is_null_device(found: &Metadata) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _};
        // What it is called differs; its number is that of the file of that name.
        let null = std::fs::metadata("/dev/null");
        found.file_type().is_char_device() && null.is_ok_and(|null| null.rdev() == found.rdev())
    }
    #[cfg(not(unix))]
    {
        let _ = found;
        false
    }
}
