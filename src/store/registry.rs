//! What Windows keeps in its registry: specs, the plug-ins that are registered, Docker's service.
//! Other systems have no registry: there nothing is found, and nothing can be written.

use super::error::StoreError;
use super::write::{How, Written};
use crate::model::RegistryName;
use crate::model::name::same_name;

/// Where Docker looks for specs in the registry, and how people name it.
/// Source: moby, `daemon/oci_windows.go`.
pub(crate) const SPECS: &str =
    r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Virtualization\Containers\CredentialSpecs";

/// Whether this system has one.
pub(crate) const IS_HERE: bool = cfg!(windows);

/// A plug-in that Windows may start to get an account's password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Registered {
    /// Its COM class, as the registry writes it: in braces.
    pub class: String,
    /// The file that holds it, where it is a DLL.
    pub dll: Option<String>,
    /// The COM+ application that it is part of, by name or by identifier.
    pub application: Option<String>,
}

/// A spec in the registry: its name, and its text where it is one.
pub(crate) type Kept = (String, Result<String, StoreError>);

/// The text of a spec in the registry; Windows takes letters of either case for the same.
///
/// # Errors
///
/// [`StoreError`] where there is no registry, no such value, or one that is no text.
pub(crate) fn spec(name: &RegistryName) -> Result<Vec<u8>, StoreError> {
    if !IS_HERE {
        return Err(StoreError::NoRegistry);
    }
    let is_it = |kept: &Kept| same_name(&kept.0, name.as_str());
    match specs()?.into_iter().find(is_it) {
        Some((_, text)) => text.map(String::into_bytes),
        None => Err(StoreError::Registry {
            path: format!(r"{SPECS}\{name}"),
            reason: "there is no value of this name".into(),
            is_writing: false,
        }),
    }
}

#[cfg(not(windows))]
pub(crate) use nowhere::{docker_command, machine_domain, plugins, specs, write};
#[cfg(windows)]
pub(crate) use windows::{
    docker_command, has, keys, machine_domain, number, plugins, specs, value, write,
};

#[cfg(not(windows))]
mod nowhere {
    use super::{How, Kept, Registered, StoreError, Written};

    /// All specs in the registry, sorted by name.
    ///
    /// # Errors
    ///
    /// None: there is no registry.
    #[expect(clippy::unnecessary_wraps, reason = "as on Windows")]
    pub(crate) fn specs() -> Result<Vec<Kept>, StoreError> {
        Ok(Vec::new())
    }

    /// Puts a spec into the registry.
    ///
    /// # Errors
    ///
    /// [`StoreError::NoRegistry`].
    pub(crate) fn write(_: &str, _: &str, _: How) -> Result<Written, StoreError> {
        Err(StoreError::NoRegistry)
    }

    /// The plug-ins that are registered.
    ///
    /// # Errors
    ///
    /// [`StoreError::NoRegistry`].
    pub(crate) fn plugins() -> Result<Vec<Registered>, StoreError> {
        Err(StoreError::NoRegistry)
    }

    /// The command line of Docker's service.
    pub(crate) fn docker_command() -> Option<String> {
        None
    }

    /// The domain that this machine is in.
    pub(crate) fn machine_domain() -> Option<String> {
        None
    }
}

#[cfg(windows)]
mod windows {
    use std::io;
    use std::path::PathBuf;

    use windows_registry::{Key, LOCAL_MACHINE, Type};

    use super::{How, Kept, Registered, SPECS, StoreError, Written};
    use crate::model::windows_host::PLUGIN_CLASSES;
    use crate::store::write::exists;

    /// The name under which people know [`LOCAL_MACHINE`].
    const ROOT: &str = r"HKLM\";
    /// What COM knows of a class, and of an application. Source: Microsoft, "COM Registry Keys".
    const COM_CLASSES: &str = r"HKLM\SOFTWARE\Classes\CLSID";
    const COM_APPLICATIONS: &str = r"HKLM\SOFTWARE\Classes\AppID";
    /// Docker's service. Source: moby, `cmd/dockerd/service_windows.go`.
    const SERVICE: &str = r"HKLM\SYSTEM\CurrentControlSet\Services\docker";
    /// The machine's own domain, in `Domain`. Source: Microsoft, "TCP/IP configuration parameters".
    const NETWORK: &str = r"HKLM\SYSTEM\CurrentControlSet\Services\Tcpip\Parameters";

    /// All specs in the registry, sorted by name.
    ///
    /// # Errors
    ///
    /// [`StoreError::Registry`] where the key is there and cannot be read.
    pub(crate) fn specs() -> Result<Vec<Kept>, StoreError> {
        let Some(key) = open(SPECS)? else { return Ok(Vec::new()) };
        let values = key.values().map_err(|error| wrong(SPECS, error, false))?;
        let mut found = values
            // Docker looks for names, and the key's own value has none.
            .filter(|(name, _)| !name.is_empty())
            .map(|(name, value)| {
                let text = String::try_from(value).map_err(|_| StoreError::Registry {
                    path: format!(r"{SPECS}\{name}"),
                    reason: "it holds no text (REG_SZ)".into(),
                    is_writing: false,
                });
                (name, text)
            })
            .collect::<Vec<_>>();
        found.sort_by(|(one, _), (other, _)| one.cmp(other));
        Ok(found)
    }

    /// Puts a spec into the registry, as a file is put into a directory.
    ///
    /// # Errors
    ///
    /// [`StoreError`]; what stood there before stands there still.
    pub(crate) fn write(name: &str, text: &str, how: How) -> Result<Written, StoreError> {
        let path = format!(r"{SPECS}\{name}");
        // Windows writes with carriage returns or without; a value of one line is the same to all.
        let old = match open(SPECS)?.map(|key| key.get_value(name)) {
            None => None,
            Some(Err(error)) if is_missing(error.clone()) => None,
            Some(Err(error)) => return Err(wrong(&path, error, false)),
            Some(Ok(value)) => Some(String::try_from(value).unwrap_or_default()),
        };
        let written = match old {
            None => Written::Created,
            Some(old) if old == text => return Ok(Written::Unchanged),
            Some(_) if how.force => Written::Replaced,
            Some(old) => return Err(exists(&PathBuf::from(path), old.as_bytes(), text)),
        };
        if how.dry {
            return Ok(written);
        }
        let key = LOCAL_MACHINE.create(below(SPECS)).map_err(|error| wrong(SPECS, error, true))?;
        key.set_string(name, text).map_err(|error| wrong(&path, error, true))?;
        Ok(written)
    }

    /// The plug-ins that are registered.
    ///
    /// # Errors
    ///
    /// [`StoreError::Registry`] where the key is there and cannot be read.
    pub(crate) fn plugins() -> Result<Vec<Registered>, StoreError> {
        Ok(keys(PLUGIN_CLASSES)?.into_iter().map(registered).collect())
    }

    fn registered(class: String) -> Registered {
        let of_class = format!(r"{COM_CLASSES}\{class}");
        let of_class_is = |key: &str| text(&format!(r"{of_class}\{key}"), "");
        // The file of a .NET class is named beside the runtime that starts it.
        let code = text(&format!(r"{of_class}\InprocServer32"), "CodeBase");
        let dll = code.or_else(|| of_class_is("InprocServer32"));
        // COM+ starts its applications by their identifier: `dllhost.exe /ProcessID:{…}`.
        let started = of_class_is("LocalServer32").and_then(|line| {
            const FLAG: &str = "/processid:";
            let at = line.to_ascii_lowercase().find(FLAG)? + FLAG.len();
            Some(line[at..].trim().to_owned())
        });
        let application = text(&of_class, "AppID")
            .or(started)
            .map(|id| text(&format!(r"{COM_APPLICATIONS}\{id}"), "").unwrap_or(id));
        Registered { class, dll, application }
    }

    /// The command line of Docker's service.
    pub(crate) fn docker_command() -> Option<String> {
        text(SERVICE, "ImagePath")
    }

    /// The domain that this machine is in.
    pub(crate) fn machine_domain() -> Option<String> {
        text(NETWORK, "Domain")
    }

    /// A value that may be there, and holds something.
    fn text(path: &str, name: &str) -> Option<String> {
        value(path, name).ok()?.filter(|text| !text.is_empty())
    }

    /// A text, where it is there; variables in it stand for their values where Windows would take them so.
    ///
    /// # Errors
    ///
    /// [`StoreError::Registry`] where it is there and cannot be read.
    pub(crate) fn value(path: &str, name: &str) -> Result<Option<String>, StoreError> {
        let Some(key) = open(path)? else { return Ok(None) };
        let text = match key.get_string(name) {
            Ok(text) => text,
            Err(error) if is_missing(error.clone()) => return Ok(None),
            Err(error) => return Err(wrong(&format!(r"{path}\{name}"), error, false)),
        };
        let is_with_variables = matches!(key.get_type(name), Ok(Type::ExpandString));
        Ok(Some(if is_with_variables { expanded(&text) } else { text }))
    }

    /// A number, where it is there.
    ///
    /// # Errors
    ///
    /// As [`value`].
    pub(crate) fn number(path: &str, name: &str) -> Result<Option<u32>, StoreError> {
        let Some(key) = open(path)? else { return Ok(None) };
        match key.get_u32(name) {
            Ok(number) => Ok(Some(number)),
            Err(error) if is_missing(error.clone()) => Ok(None),
            Err(error) => Err(wrong(&format!(r"{path}\{name}"), error, false)),
        }
    }

    /// Whether a key is there.
    ///
    /// # Errors
    ///
    /// As [`value`].
    pub(crate) fn has(path: &str) -> Result<bool, StoreError> {
        Ok(open(path)?.is_some())
    }

    /// The names of the keys below one, which need not be there.
    ///
    /// # Errors
    ///
    /// As [`value`].
    pub(crate) fn keys(path: &str) -> Result<Vec<String>, StoreError> {
        let Some(key) = open(path)? else { return Ok(Vec::new()) };
        Ok(key.keys().map_err(|error| wrong(path, error, false))?.collect())
    }

    /// Source: Microsoft, `ExpandEnvironmentStrings`: a variable that is not set stays as it is.
    fn expanded(text: &str) -> String {
        let mut whole = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('%') {
            whole += before;
            match after.split_once('%').map(|(name, after)| (std::env::var(name), name, after)) {
                Some((Ok(value), _, after)) => {
                    whole += &value;
                    rest = after;
                }
                _ => {
                    whole.push('%');
                    rest = after;
                }
            }
        }
        whole + rest
    }

    /// A key, where it is there.
    fn open(path: &str) -> Result<Option<Key>, StoreError> {
        match LOCAL_MACHINE.open(below(path)) {
            Ok(key) => Ok(Some(key)),
            Err(error) if is_missing(error.clone()) => Ok(None),
            Err(error) => Err(wrong(path, error, false)),
        }
    }

    fn below(path: &str) -> &str {
        path.strip_prefix(ROOT).unwrap_or(path)
    }

    fn is_missing(error: impl Into<io::Error>) -> bool {
        plain(error).kind() == io::ErrorKind::NotFound
    }

    fn wrong(path: &str, error: impl Into<io::Error>, is_writing: bool) -> StoreError {
        StoreError::registry(path, &plain(error), is_writing)
    }

    /// The library gives the system's errors as results of COM, in which the number is the lower
    /// half. Source: [MS-ERREF] 2.1, `FACILITY_WIN32`.
    fn plain(error: impl Into<io::Error>) -> io::Error {
        const WIN32: u32 = 0x8007_0000;
        let error = error.into();
        let code = error.raw_os_error().map_or(0, i32::cast_unsigned);
        if code & 0xffff_0000 == WIN32 {
            io::Error::from_raw_os_error((code & 0xffff).cast_signed())
        } else {
            error
        }
    }
}
