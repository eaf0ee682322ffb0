//! The program from outside: what it prints, where, and how it ends.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]

mod bless;
mod book;
mod catalogue;
mod config;
mod doctor;
mod events;
mod exit;
mod explain;
mod export;
mod fake_ad;
mod floors;
mod forged;
mod fuzzed;
mod generated;
mod hostile_directory;
mod imports;
mod integrations;
mod list;
mod made_spec;
mod new;
mod plugins;
mod prompt;
mod readme;
mod runner;
mod secrets;
mod streams;
mod survives;
mod sync;
mod target;
mod terminal;
mod validate;
mod wire;
mod words;
