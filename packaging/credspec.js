#!/usr/bin/env node
// Runs the program that fits this machine, with this call's arguments and streams.
'use strict';
const { spawnSync } = require('child_process');
const { existsSync } = require('fs');
const { join } = require('path');

const place = `${process.platform}-${process.arch}`;
const name = process.platform === 'win32' ? 'credspec.exe' : 'credspec';
const program = join(__dirname, place, name);
if (!existsSync(program)) {
  console.error(`error: this package has no program for ${place}`);
  process.exit(3);
}
const done = spawnSync(program, process.argv.slice(2), { stdio: 'inherit' });
if (done.error) {
  console.error(`error: ${program} cannot be run: ${done.error.message}`);
  process.exit(3);
}
if (done.signal) {
  process.kill(process.pid, done.signal);
}
process.exit(done.status);
