//! "Did you mean": the names that somebody may have meant by a name that is not there.

use std::cmp::Reverse;

/// How alike two names must be for one to be taken for a slip of the other (Jaro-Winkler, 0 to
/// 1000): below this they have little in common.
const ALIKE: u32 = 850;

/// Those of `known` that look like `wanted`, the likeliest first. Letter case does not count.
pub(crate) fn alike<T: AsRef<str>>(wanted: &str, known: impl IntoIterator<Item = T>) -> Vec<T> {
    let wanted = wanted.to_lowercase();
    let likeness = |name: &str| {
        let alike = strsim::jaro_winkler(&wanted, &name.to_lowercase()) * 1000.0;
        // Between 0 and 1000, so nothing is lost.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "see above")]
        let alike = alike.round() as u32;
        alike
    };
    let mut near = known
        .into_iter()
        .map(|name| (likeness(name.as_ref()), name))
        .filter(|(alike, _)| *alike >= ALIKE)
        .collect::<Vec<_>>();
    near.sort_by_key(|(alike, _)| Reverse(*alike));
    near.into_iter().map(|(_, name)| name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_likeliest_names_come_first() {
        let names = ["WebApp02", "Orders", "WebApp01", "webapps", "WebApp10"];
        let near = alike("webapp1", names);
        assert!(near.len() == 4 && near[0].starts_with("WebApp"), "{near:?}");
        assert_eq!(alike("frontend", names), Vec::<&str>::new());
    }
}
