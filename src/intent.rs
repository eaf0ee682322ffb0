//! What the caller means: the settings in force, how to reach and log on to a directory, the password, and
//! the plug-in with its input; from flags, variables, the settings file and answers.

pub(crate) mod effect;
pub(crate) mod login;
pub(crate) mod password;
pub(crate) mod plugin;
pub(crate) mod setting;
pub(crate) mod settings;
mod ticket;
