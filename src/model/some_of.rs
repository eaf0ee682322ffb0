//! A list that a sentence has room for.

/// The first names of a list, at most `most`, and how many more there are.
pub(crate) fn some_of<T: AsRef<str>>(names: impl IntoIterator<Item = T>, most: usize) -> String {
    let (mut some, mut more) = (String::new(), 0_usize);
    for (index, name) in names.into_iter().enumerate() {
        match index {
            0 => name.as_ref().clone_into(&mut some),
            index if index < most => some.extend([", ", name.as_ref()]),
            _ => more += 1,
        }
    }
    if more == 0 { some } else { format!("{some} and {more} more") }
}
