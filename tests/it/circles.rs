//! No two files import each other, by whatever way round: each can be read with what stands below it.

use std::collections::{BTreeMap, BTreeSet};

use crate::floors::files;

/// The code of each file, by its path below `src`: `directory/tls`. Comments are left out.
struct Sources(BTreeMap<String, String>);

impl Sources {
    fn read() -> Self {
        let without_comments = |code: String| {
            let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
            lines.collect::<Vec<_>>().join("\n")
        };
        Self(files().into_iter().map(|(name, code)| (name, without_comments(code))).collect())
    }

    /// The file that a path leads to, from the crate's root: through re-exports to where a name is
    /// defined.
    fn file_of(&self, path: &str) -> Option<String> {
        let mut file = String::new();
        for step in path.split("::") {
            let below = if file.is_empty() { step.to_owned() } else { format!("{file}/{step}") };
            if self.0.contains_key(&below) {
                file = below;
                continue;
            }
            let inside = if file.is_empty() { "lib" } else { &file };
            return match self.exported(inside).get(step) {
                // A macro is exported under its own name.
                Some(target) if target != path => self.file_of(target),
                _ => Some(file).filter(|file| !file.is_empty()),
            };
        }
        Some(file)
    }

    /// Names that a file exports from elsewhere, with the paths to them from the crate's root.
    fn exported(&self, file: &str) -> BTreeMap<String, String> {
        let code = &self.0[file];
        let mut found = BTreeMap::new();
        for mark in ["pub use ", "pub(crate) use ", "pub(super) use "] {
            for (at, _) in code.match_indices(mark) {
                let statement = code[at + mark.len()..].split(';').next().unwrap();
                for path in expanded(statement) {
                    let name = path.rsplit("::").next().unwrap().to_owned();
                    found.insert(name, absolute(file, &path));
                }
            }
        }
        found
    }

    /// The files that a file imports.
    fn imports(&self, file: &str) -> BTreeSet<String> {
        let code = &self.0[file];
        let mut paths = Vec::new();
        for (at, _) in code.match_indices("use ") {
            let before = code[..at].trim_end();
            let is_statement = before.is_empty() || before.ends_with([';', '}', '{', ']']);
            if is_statement && !before.ends_with("pub") {
                paths.extend(expanded(code[at + 4..].split(';').next().unwrap()));
            }
        }
        for mark in ["crate::", "super::"] {
            for (at, _) in code.match_indices(mark) {
                let is_path = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
                let end = code[at..].find(|c| !is_path(c)).map_or(code.len(), |end| at + end);
                let is_first = !code[..at].ends_with("super::") && !code[..at].ends_with('$');
                // `pub(in crate::a)` imports nothing.
                let is_first = is_first && !code[..at].ends_with("(in ");
                if is_first {
                    paths.push(code[at..end].trim_end_matches(':').to_owned());
                }
            }
        }
        let own =
            |path: &String| ["crate", "super", "self"].iter().any(|way| path.starts_with(way));
        let found = paths.iter().filter(|path| own(path));
        let found = found.filter_map(|path| self.file_of(&absolute(file, path)));
        found.filter(|other| other != file).collect()
    }
}

/// `a::{b, c::d as e}` as `a::b` and `a::c::d`.
fn expanded(statement: &str) -> Vec<String> {
    let statement = statement.split_whitespace().collect::<Vec<_>>().join(" ");
    let Some((before, rest)) = statement.split_once('{') else {
        let path = statement.split(" as ").next().unwrap().trim();
        return vec![path.trim_end_matches("::self").to_owned()];
    };
    let inner = rest.strip_suffix('}').unwrap_or(rest);
    let (mut depth, mut parts) = (0, vec![String::new()]);
    for c in inner.chars() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(String::new());
                continue;
            }
            _ => {}
        }
        parts.last_mut().unwrap().push(c);
    }
    let parts = parts.iter().map(|part| part.trim()).filter(|part| !part.is_empty());
    parts.flat_map(|part| expanded(&format!("{before}{part}"))).collect()
}

/// A path as it leads from the crate's root.
fn absolute(file: &str, path: &str) -> String {
    let mut base = if file == "lib" { Vec::new() } else { file.split('/').collect() };
    let mut steps = path.split("::").peekable();
    match steps.peek() {
        Some(&"crate") => {
            base.clear();
            steps.next();
        }
        Some(&"self") => {
            steps.next();
        }
        Some(&"super") => {
            while steps.peek() == Some(&"super") {
                base.pop();
                steps.next();
            }
        }
        // A module below, as `pub use` names it.
        _ => {}
    }
    base.into_iter().chain(steps).collect::<Vec<_>>().join("::")
}

/// The shortest way from a file back to itself, where there is one.
fn way_back(imports: &BTreeMap<String, BTreeSet<String>>, start: &str) -> Option<Vec<String>> {
    let mut ways = vec![vec![start.to_owned()]];
    let mut seen = BTreeSet::new();
    while !ways.is_empty() {
        let mut longer = Vec::new();
        for way in ways {
            for next in imports.get(way.last().unwrap()).into_iter().flatten() {
                let way = [&way[..], std::slice::from_ref(next)].concat();
                if next == start {
                    return Some(way);
                }
                if seen.insert(next.clone()) {
                    longer.push(way);
                }
            }
        }
        ways = longer;
    }
    None
}

#[test]
fn no_imports_go_in_a_circle() {
    let sources = Sources::read();
    let imports = sources.0.keys().map(|file| (file.clone(), sources.imports(file)));
    let imports = imports.collect::<BTreeMap<_, _>>();
    let count = imports.values().map(BTreeSet::len).sum::<usize>();
    assert!(count > 300, "{count} imports are seen");
    for (file, other) in [
        ("directory/tls", "directory/error"),
        ("directory/login", "model/user"),
        ("check/quick", "document/located"),
        ("command/new", "io"),
    ] {
        assert!(imports[file].contains(other), "{file} imports {other}: {:?}", imports[file]);
    }
    for file in sources.0.keys() {
        let way = way_back(&imports, file);
        assert!(way.is_none(), "a circle: {}", way.unwrap().join(" -> "));
    }
}
