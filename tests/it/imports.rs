//! Which source file imports which: the graph that `floors` holds to its rules.
//!
//! Read from the text, not by a compiler: paths that begin with `crate`, `self`, `super` or the name of
//! a module that is declared in the same file, in `use` declarations and in code. A parent that
//! declares a module or exports its names again does not import it by that; whoever imports a name
//! that is exported again imports the file that defines it.

use std::collections::{BTreeMap, BTreeSet};

/// The place of a module in the crate: `["directory", "error"]`.
type Path = Vec<String>;

/// A name that a `use` declaration brings, the path that it stands for, and whether it is brought for
/// others as well.
struct Use {
    name: String,
    path: Path,
    is_public: bool,
}

/// What one file says.
struct Source {
    module: Path,
    uses: Vec<Use>,
    /// Paths in code, from the crate's root on.
    named: Vec<Path>,
}

/// From each file to those that it imports, by their paths below `src` without suffix.
pub(crate) type Graph = BTreeMap<String, BTreeSet<String>>;

/// The graph of files: each by its path below `src` without suffix, and its code.
pub(crate) fn graph(files: &[(String, String)]) -> Graph {
    let modules = files.iter().map(|(name, _)| module_of(name)).collect::<BTreeSet<_>>();
    let sources = files.iter().map(|(name, code)| {
        let source = Reader::new(name, code, &modules).read();
        (name.clone(), source)
    });
    let sources = sources.collect::<BTreeMap<_, _>>();
    let known = files
        .iter()
        .map(|(name, _)| (module_of(name), (name.as_str(), &sources[name])))
        .collect::<BTreeMap<_, _>>();
    let mut graph = Graph::new();
    for (name, source) in &sources {
        let own = |path: &[String]| path.starts_with(&source.module);
        let uses = source.uses.iter().filter(|one| !(one.is_public && own(&one.path)));
        let paths = uses.map(|one| &one.path).chain(&source.named);
        let targets = paths.filter_map(|path| resolve(&known, path, 0).map(str::to_owned));
        graph.insert(name.clone(), targets.filter(|target| target != name).collect());
    }
    graph
}

/// Circles, each as the files that all import each other on some way, with a shortest way round.
pub(crate) fn circles(graph: &Graph) -> Vec<(BTreeSet<String>, Vec<String>)> {
    let reach = graph.keys().map(|from| (from, reached(graph, from))).collect::<BTreeMap<_, _>>();
    let mut found = Vec::<(BTreeSet<String>, Vec<String>)>::new();
    for (from, to) in &reach {
        if !to.contains_key(*from) || found.iter().any(|(all, _)| all.contains(*from)) {
            continue;
        }
        let all = to.keys().filter(|other| reach[other].contains_key(*from)).cloned().collect();
        let mut way = vec![(*from).clone()];
        while let Some(before) = to.get(&way[way.len() - 1]) {
            way.push(before.clone());
            if before == *from {
                break;
            }
        }
        way.reverse();
        found.push((all, way));
    }
    found
}

/// The files that `from` reaches, each with the one before it on a shortest way.
fn reached(graph: &Graph, from: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut next = vec![from.to_owned()];
    while !next.is_empty() {
        let mut further = Vec::new();
        for here in next {
            for to in &graph[&here] {
                if !found.contains_key(to) {
                    found.insert(to.clone(), here.clone());
                    further.push(to.clone());
                }
            }
        }
        next = further;
    }
    found
}

fn module_of(file: &str) -> Path {
    match file {
        "lib" => Vec::new(),
        _ => file.split('/').map(str::to_owned).collect(),
    }
}

/// The file that defines what a path from the crate's root names; none where it is another crate's.
fn resolve<'a>(
    known: &BTreeMap<Path, (&'a str, &'a Source)>,
    path: &[String],
    depth: usize,
) -> Option<&'a str> {
    let length = (0..=path.len()).rev().find(|length| known.contains_key(&path[..*length]))?;
    let (file, source) = known[&path[..length]];
    let Some(name) = path.get(length) else { return Some(file) };
    let again = source.uses.iter().find(|one| one.name == *name && depth < 8);
    again.and_then(|one| resolve(known, &one.path, depth + 1)).or(Some(file))
}

/// Reads one file, word by word.
struct Reader<'a> {
    words: Vec<&'a str>,
    at: usize,
    /// Modules within the file that are open here, with the depth of braces in which they stand.
    within: Vec<(String, usize)>,
    depth: usize,
    modules: &'a BTreeSet<Path>,
    source: Source,
}

impl<'a> Reader<'a> {
    fn new(file: &str, code: &'a str, modules: &'a BTreeSet<Path>) -> Self {
        let source = Source { module: module_of(file), uses: Vec::new(), named: Vec::new() };
        Self { words: words(code), at: 0, within: Vec::new(), depth: 0, modules, source }
    }

    fn read(mut self) -> Source {
        while let Some(word) = self.words.get(self.at).copied() {
            match word {
                "{" => self.depth += 1,
                "}" => {
                    self.depth -= 1;
                    self.within.pop_if(|(_, depth)| *depth == self.depth);
                }
                "mod" if self.word(2) == "{" => {
                    self.within.push((self.word(1).to_owned(), self.depth));
                    self.at += 1;
                }
                "use" => {
                    let is_public = self.is_public();
                    self.at += 1;
                    self.tree(&[], is_public);
                    continue;
                }
                _ if is_name(word) && self.at > 0 && [".", "::"].contains(&self.word_before()) => {}
                // `pub(in crate::a)` imports nothing.
                "in" if self.at > 0 && self.word_before() == "(" => {
                    while ![")", ""].contains(&self.word(0)) {
                        self.at += 1;
                    }
                }
                _ if is_name(word) && self.word(1) == "::" => {
                    let mut path = vec![word.to_owned()];
                    while self.word(1) == "::" && is_name(self.word(2)) {
                        path.push(self.word(2).to_owned());
                        self.at += 2;
                    }
                    let absolute = self.absolute(&path);
                    self.source.named.extend(absolute);
                }
                _ => {}
            }
            self.at += 1;
        }
        self.source
    }

    fn word(&self, ahead: usize) -> &'a str {
        self.words.get(self.at + ahead).copied().unwrap_or_default()
    }

    fn word_before(&self) -> &'a str {
        self.words[self.at - 1]
    }

    /// Whether the `use` here is preceded by `pub` or `pub(…)`.
    fn is_public(&self) -> bool {
        let before = &self.words[..self.at];
        before.ends_with(&["pub"])
            || before.len() > 3 && before.ends_with(&[")"]) && before[before.len() - 4] == "pub"
    }

    /// One branch of a `use` declaration below `prefix`, up to what follows it.
    fn tree(&mut self, prefix: &[String], is_public: bool) {
        let mut path = prefix.to_vec();
        loop {
            match self.word(0) {
                "{" => {
                    self.at += 1;
                    while !["}", ""].contains(&self.word(0)) {
                        self.tree(&path, is_public);
                        if self.word(0) == "," {
                            self.at += 1;
                        }
                    }
                    self.at += 1;
                    return;
                }
                "::" => self.at += 1,
                "self" if !path.is_empty() => self.at += 1,
                name if is_name(name) && name != "as" => {
                    path.push(name.to_owned());
                    self.at += 1;
                }
                "*" => self.at += 1,
                _ => break,
            }
        }
        let mut name = path.last().cloned().unwrap_or_default();
        if self.word(0) == "as" {
            self.word(1).clone_into(&mut name);
            self.at += 2;
        }
        if let Some(path) = self.absolute(&path) {
            self.source.uses.push(Use { name, path, is_public });
        }
    }

    /// The path from the crate's root on; none where it begins with something else than a module.
    fn absolute(&self, path: &[String]) -> Option<Path> {
        let mut from = self.source.module.clone();
        from.extend(self.within.iter().map(|(name, _)| name.clone()));
        let mut rest = path;
        match path.first()?.as_str() {
            "crate" => from.clear(),
            "self" | "super" => {
                while rest.first().is_some_and(|word| word == "super") {
                    from.pop();
                    rest = &rest[1..];
                }
                if rest.len() < path.len() {
                    return Some([&from, rest].concat());
                }
            }
            name => {
                let child = [&from[..], &[name.to_owned()]].concat();
                return self.modules.contains(&child).then(|| [&from, rest].concat());
            }
        }
        Some([&from, &rest[1..]].concat())
    }
}

fn is_name(word: &str) -> bool {
    word.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// The words of a text in Rust without comments and literals.
fn words(code: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = code;
    while let Some(first) = rest.chars().next() {
        let is_part = |c: char| c.is_alphanumeric() || c == '_';
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if let Some(length) = literal(rest) {
            length
        } else if is_part(first) {
            let length = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
            found.push(&rest[..length]);
            length
        } else {
            let length = if rest.starts_with("::") { 2 } else { first.len_utf8() };
            found.extend(Some(&rest[..length]).filter(|word| !word.trim().is_empty()));
            length
        };
        rest = &rest[length..];
    }
    found
}

/// The length of the text or character that `rest` begins with, if it does.
fn literal(rest: &str) -> Option<usize> {
    let raw = rest.trim_start_matches(['b', 'c']);
    if raw.len() + 1 >= rest.len() && raw.starts_with("r\"") | raw.starts_with("r#") {
        let hashes = raw[1..].find(|c| c != '#')?;
        let start = rest.len() - raw.len() + 1 + hashes;
        rest[start..].strip_prefix('"')?;
        let end = format!("\"{}", "#".repeat(hashes));
        return rest[start + 1..].find(&end).map(|at| start + 1 + at + end.len());
    }
    let quote = rest.chars().next().filter(|c| ['"', '\''].contains(c))?;
    let mut inner = rest[1..].char_indices();
    while let Some((at, c)) = inner.next() {
        match c {
            '\\' => drop(inner.next()),
            // A lifetime: no quote follows the first character.
            _ if quote == '\'' && at == 0 && !rest[1 + c.len_utf8()..].starts_with('\'') => {
                return None;
            }
            c if c == quote => return Some(at + 2),
            _ => {}
        }
    }
    None
}

#[test]
fn paths_are_read_in_all_their_forms() {
    let file = |name: &str, code: &str| (name.to_owned(), code.to_owned());
    let files = [
        file("lib", "pub mod a; pub mod b; pub use crate::a::Second as Shown;"),
        file("a", "mod one; mod two; pub use one::{First, Other as Second}; use self::two::Third;"),
        file("a/one", "use super::two::{\n    self,\n    Third,\n};\nfn f() { let x = 'x'; }"),
        file(
            "a/two",
            "mod inner { use super::Here; }\n// use crate::b;\nconst T: &str = \"crate::b\";",
        ),
        file(
            "b",
            "use crate::{Shown, a::First}; fn f<'a>() { crate::a::Second::new(); a::not(); }",
        ),
        file("c", "fn f() { super::b::g(); std::crate_name::x() }"),
    ];
    let graph = graph(&files);
    let of = |name: &str| graph[name].iter().map(String::as_str).collect::<Vec<_>>();
    assert_eq!(of("lib"), Vec::<&str>::new());
    assert_eq!(of("a"), ["a/two"]);
    assert_eq!(of("a/one"), ["a/two"]);
    assert_eq!(of("a/two"), Vec::<&str>::new());
    assert_eq!(of("b"), ["a/one"]);
    assert_eq!(of("c"), ["b"]);
    assert_eq!(circles(&graph), []);
}

#[test]
fn a_circle_is_found_with_a_way_round() {
    let edges = [("a", "b"), ("b", "c"), ("c", "b"), ("c", "d")];
    let mut graph = Graph::new();
    for (from, to) in edges {
        graph.entry(from.to_owned()).or_default().insert(to.to_owned());
        graph.entry(to.to_owned()).or_default();
    }
    let found = circles(&graph);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].0.iter().collect::<Vec<_>>(), ["b", "c"]);
    assert_eq!(found[0].1, ["b", "c", "b"]);
}
