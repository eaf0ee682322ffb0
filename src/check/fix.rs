//! Fixes what is certain, and leaves every other byte as it is.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use serde_json::Value;

use super::checked::Checked;
use super::checker::check_completely;
use super::contents::documents;
use crate::document::encoding::NOT_UTF_8;
use crate::document::{
    DUPLICATE_KEY, Finding, Levels, NOT_JSON, decode, member, push_member, yaml,
};
use crate::plugin::Catalogue;

/// Mending one thing may show the next, such as a value below a key that was misspelt. More rounds
/// than these no text needs.
const MOST_ROUNDS: usize = 16;

/// How sure a change must be to be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Certainty {
    /// Certain: nothing else can have been meant.
    Certain,
    /// Likely at least: what the help of a finding says.
    Likely,
}

/// A text that was fixed.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Fixed {
    /// The text as UTF-8 without a mark.
    pub text: String,
    /// How many findings were fixed.
    pub count: usize,
}

/// The text with all fixed that is certain, or likely, and that the caller does not allow. `None` where
/// nothing is to be fixed.
pub(crate) fn fix_text(
    name: &str,
    bytes: &[u8],
    catalogue: &Catalogue,
    levels: &Levels,
    certainty: Certainty,
) -> Option<Fixed> {
    let (source, mut of_bytes) = decode(name, bytes);
    levels.apply(&mut of_bytes);
    let mut text = source.text().to_owned();
    if text.is_empty() {
        return None;
    }
    let findings_of = |text: &str| {
        let Checked { mut findings, .. } = check_completely(name, text.as_bytes(), catalogue);
        levels.apply(&mut findings);
        findings
    };
    if of_bytes.iter().any(|finding| *finding.rule == NOT_UTF_8) {
        return None;
    }
    let mut count = of_bytes.len();
    let mut findings = findings_of(&text);
    for _ in 0..MOST_ROUNDS {
        let Some((fixed, made)) = changed(name, &text, &findings, certainty) else { break };
        let left = findings_of(&fixed);
        // Mending must leave a document what it is.
        if broken(&left) > broken(&findings) {
            break;
        }
        (text, findings) = (fixed, left);
        count += made;
    }
    // Text that stays as it is is written again for its bytes alone, where those are told of.
    (text != source.text() || !of_bytes.is_empty()).then_some(Fixed { text, count })
}

/// How often the text is not what it should be as a document.
fn broken(findings: &[Finding]) -> usize {
    let rules = [&NOT_JSON, &yaml::NOT_YAML, &DUPLICATE_KEY];
    findings.iter().filter(|finding| rules.contains(&finding.rule)).count()
}

/// What fixes a finding, as far as that is so certain.
fn edits(finding: &Finding, certainty: Certainty) -> &[Edit] {
    match certainty {
        Certainty::Likely if finding.edits.is_empty() => &finding.suggestions,
        _ => &finding.edits,
    }
}

/// The text with all edits made that change nothing but what they name, and how many findings these
/// are for. Where together they change more, each is tried for itself.
fn changed(
    name: &str,
    text: &str,
    findings: &[Finding],
    certainty: Certainty,
) -> Option<(String, usize)> {
    /// More edits than these are not tried one by one: then none is made.
    const MOST_TRIED: usize = 64;
    let all = findings.iter().map(|finding| edits(finding, certainty));
    let all = all.filter(|edits| !edits.is_empty()).collect::<Vec<_>>();
    let changed = applied(text, &all.concat())?;
    if changes_only(name, text, &changed, &all.concat()) {
        return Some((changed, all.len()));
    }
    if all.len() > MOST_TRIED {
        return None;
    }
    let is_certain = |edits: &&&[Edit]| {
        applied(text, edits).is_some_and(|changed| changes_only(name, text, &changed, edits))
    };
    let some = all.iter().filter(is_certain).copied().collect::<Vec<_>>();
    let (count, some) = (some.len(), some.concat());
    let changed =
        applied(text, &some).filter(|changed| changes_only(name, text, changed, &some))?;
    Some((changed, count))
}

/// A part of the text, and what stands there instead.
type Edit = (Range<usize>, String);

/// Whether the documents of two texts differ in nothing but what the edits name.
fn changes_only(name: &str, old: &str, new: &str, edits: &[Edit]) -> bool {
    let (Some(before), Some(after)) = (documents(name, old), documents(name, new)) else {
        // What is no document has no values; a mark before one is not part of it.
        return documents(name, old).is_none();
    };
    if before.len() != after.len() {
        return false;
    }
    let mut parts = HashMap::<_, Vec<_>>::new();
    for (index, document) in before.iter().enumerate() {
        for (place, pointer, is_key) in document.parts() {
            parts.entry((place.start, place.end)).or_default().push((index, pointer, is_key));
        }
    }
    let lists = before.iter().map(|document| document.entries(old)).collect::<Vec<_>>();
    let mut named = vec![HashSet::new(); before.len()];
    for (place, new) in edits {
        let at = parts.get(&(place.start, place.end)).map(Vec::as_slice).unwrap_or_default();
        for (index, pointer, is_key) in at {
            named[*index].insert((*pointer).to_owned());
            if *is_key {
                // What stood under the old key must stand under the new one.
                let parent = pointer.rsplit_once('/').map_or("", |(parent, _)| parent);
                let renamed = format!("{parent}{}", member(new.trim_matches(['"', '\''])));
                let (old, new) = (&before[*index].value, &after[*index].value);
                if old.pointer(pointer) != new.pointer(&renamed) {
                    return false;
                }
                named[*index].insert(renamed);
            }
        }
        if at.is_empty() {
            // What adds an entry or takes one away stands in the list of entries.
            for (named, lists) in named.iter_mut().zip(&lists) {
                let is_there =
                    |lines: &Range<usize>| lines.start <= place.start && place.end <= lines.end;
                let around = lists.iter().filter(|(_, lines)| is_there(lines));
                named.extend(around.map(|(list, _)| list.clone()));
            }
        }
    }
    before.iter().zip(&after).zip(&named).all(|((before, after), named)| {
        let mut changed = Vec::new();
        changes(&before.value, &after.value, &mut String::new(), &mut changed);
        // The part itself is named, or one that it is in.
        let is_named = |pointer: &String| {
            let ends = pointer.match_indices('/').map(|(at, _)| at).chain([pointer.len()]);
            ends.into_iter().any(|end| named.contains(&pointer[..end]))
        };
        changed.iter().all(is_named)
    })
}

/// The pointers of all parts in which two values differ.
fn changes(old: &Value, new: &Value, pointer: &mut String, found: &mut Vec<String>) {
    let length = pointer.len();
    match (old, new) {
        _ if old == new => {}
        (Value::Object(old), Value::Object(new)) => {
            let gone = old.keys().filter(|key| !new.contains_key(*key));
            for key in new.keys().chain(gone) {
                push_member(pointer, key);
                match (old.get(key), new.get(key)) {
                    (Some(old), Some(new)) => changes(old, new, pointer, found),
                    _ => found.push(pointer.clone()),
                }
                pointer.truncate(length);
            }
        }
        (Value::Array(old), Value::Array(new)) if old.len() == new.len() => {
            for (index, (old, new)) in old.iter().zip(new).enumerate() {
                push_member(pointer, &index.to_string());
                changes(old, new, pointer, found);
                pointer.truncate(length);
            }
        }
        _ => found.push(pointer.clone()),
    }
}

/// The text with every edit made that no other touches; `None` where there is none.
fn applied(text: &str, edits: &[Edit]) -> Option<String> {
    let mut edits = edits.iter().collect::<Vec<_>>();
    edits.sort_by_key(|(place, _)| (place.start, place.end));
    let mut fixed = String::with_capacity(text.len());
    let mut end = 0;
    for (place, new) in edits {
        if place.start >= end {
            fixed += &text[end..place.start];
            fixed += new;
            end = place.end;
        }
    }
    fixed += &text[end..];
    (fixed != text).then_some(fixed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fixed(text: &str) -> Option<String> {
        at("", text.as_bytes(), &Levels::default())
    }

    fn at(name: &str, bytes: &[u8], levels: &Levels) -> Option<String> {
        let fixed = fix_text(name, bytes, &Catalogue::default(), levels, Certainty::Certain);
        fixed.map(|fixed| fixed.text)
    }

    /// A spec of which the value of `key` is `value`; entries of `Web` with these scopes.
    fn spec(key: &str, value: &str, scopes: &[&str]) -> String {
        let entries = scopes
            .iter()
            .map(|scope| format!("\n  {{ \"Name\": \"Web\", \"Scope\": \"{scope}\" }}"));
        let entries = entries.collect::<Vec<_>>().join(",");
        let text = format!(
            r#"{{"CmsPlugins": ["ActiveDirectory"], "DomainJoinConfig": {{
  "Sid": "S-1-5-21-1-2-3", "MachineAccountName": "Web", "Guid": "244818ae-87ac-4fcd-92ec-e79e5252348a",
  "DnsTreeName": "contoso.com", "DnsName": "contoso.com", "NetBiosName": "CONTOSO" }},
  "ActiveDirectoryConfig": {{ "GroupManagedServiceAccounts": [{entries}
  ], "HostAccountConfig": {{"PortableCcgVersion": "1",
  "PluginGUID": "{{e4781092-f116-4b79-b55e-28eb6a224e26}}", "PluginInput": "a:b" }} }} }}"#
        );
        let Some(at) = text.find(&format!("\"{key}\"")) else { return text };
        let start = text[at..].find(": ").map_or(at, |colon| at + colon + 2);
        let end = text[start..].find([',', '\n', '}']).map_or(text.len(), |end| start + end);
        let end = if text[start..].starts_with("\"{") { start + 40 } else { end };
        format!("{}{value}{}", &text[..start], &text[end..])
    }

    const BOTH: &[&str] = &["contoso.com", "CONTOSO"];

    #[test]
    fn what_is_certain_is_mended_and_nothing_else() {
        let right = spec("", "", BOTH);
        assert_eq!(fixed(&right), None);
        for (key, wrong) in [
            ("MachineAccountName", "\"Web$\""),
            ("Guid", "\"{244818ae-87ac-4fcd-92ec-e79e5252348a}\""),
            ("Guid", "\"244818ae87ac4fcd92ece79e5252348a\""),
            ("PortableCcgVersion", "1"),
            ("PluginGUID", "\"e4781092-f116-4b79-b55e-28eb6a224e26\""),
            ("PluginGUID", "\"{e4781092f1164b79b55e28eb6a224e26}\""),
            ("PluginGUID", "\"{{e4781092-f116-4b79-b55e-28eb6a224e26}}\""),
            ("Guid", "\"{{244818ae-87ac-4fcd-92ec-e79e5252348a}}\""),
        ] {
            assert_eq!(fixed(&spec(key, wrong, BOTH)).as_deref(), Some(&*right), "{key}: {wrong}");
        }
        for scopes in [
            &["contoso.com"][..],
            &["contoso.com", "contoso.com"],
            &["contoso.com", "CONTOSO", "CONTOSO"],
        ] {
            assert_eq!(fixed(&spec("", "", scopes)).as_deref(), Some(&*right), "{scopes:?}");
        }
        let cases = right.replace("\"Sid\"", "\"SID\"").replace("\"Name\"", "\"name\"");
        assert_eq!(fixed(&cases).as_deref(), Some(&*right));
        assert_eq!(fixed(&format!("\u{feff}{right}")).as_deref(), Some(&*right));
        let units = right.encode_utf16().flat_map(u16::to_le_bytes);
        let utf16 = [0xff, 0xfe].into_iter().chain(units).collect::<Vec<_>>();
        let found = at("", &utf16, &Levels::default());
        assert_eq!(found.as_deref(), Some(&*right));
    }

    #[test]
    fn what_is_doubtful_and_what_is_allowed_stays() {
        for text in ["", "{", "{} // no", &spec("Sid", "\"S-1-5-21-1-2-3-4\"", BOTH)] {
            assert_eq!(fixed(text), None, "{text}");
        }
        let levels = Levels { allow: vec!["scope-missing".into()], ..Levels::default() };
        let marked = format!("\u{feff}{}", spec("", "", BOTH));
        let mark = Levels { allow: vec!["byte-order-mark".into()], ..Levels::default() };
        assert_eq!(at("", marked.as_bytes(), &mark), None);
        let single = spec("", "", &["CONTOSO"]);
        assert_eq!(at("", single.as_bytes(), &levels), None);
    }

    const MANIFEST: &str = r#"# Made by hand.
kind: GMSACredentialSpec
apiVersion: windows.k8s.io/v1
metadata: {name: web}
credspec:
  CmsPlugins: [ActiveDirectory]
  DomainJoinConfig:
    Sid: S-1-5-21-1-2-3
    MachineAccountName: Web    # the farm
    Guid: "244818ae-87ac-4fcd-92ec-e79e5252348a"
    DnsTreeName: contoso.com
    DnsName: 'contoso.com'
    NetBiosName: CONTOSO
  ActiveDirectoryConfig:
    GroupManagedServiceAccounts:
    - Name: Web
      Scope: contoso.com
    - Name: Web
      Scope: CONTOSO
    HostAccountConfig:
      PortableCcgVersion: "1"
      PluginGUID: '{e4781092-f116-4b79-b55e-28eb6a224e26}'
      PluginInput: a:b
---
kind: Pod
"#;

    #[test]
    fn manifests_in_yaml_keep_their_comments_and_their_style() {
        let fixed = |text: &str| {
            let found = at("x.yaml", text.as_bytes(), &Levels::default());
            found.unwrap_or_else(|| text.to_owned())
        };
        assert_eq!(fixed(MANIFEST), MANIFEST);
        let crlf = MANIFEST.replace('\n', "\r\n");
        for (right, wrong) in [
            ("Web    #", "Web$    #"),
            (
                "\"244818ae-87ac-4fcd-92ec-e79e5252348a\"",
                "'{244818ae-87ac-4fcd-92ec-e79e5252348a}'",
            ),
            ("NetBiosName:", "NetBIOSName:"),
            ("\"1\"", "1"),
            ("'{e4781092-f116-4b79-b55e-28eb6a224e26}'", "'e4781092-f116-4b79-b55e-28eb6a224e26'"),
            ("    - Name: Web\n      Scope: CONTOSO\n", ""),
            ("      Scope: CONTOSO\n", "      Scope: contoso.com\n"),
            (
                "      Scope: CONTOSO\n",
                "      Scope: CONTOSO\n    - Name: Web\n      Scope: contoso\n",
            ),
        ] {
            let wrong = MANIFEST.replace(right, wrong);
            assert_ne!(wrong, MANIFEST);
            let quotes = |text: &str| text.replace('\'', "\"");
            assert_eq!(quotes(&fixed(&wrong)), quotes(MANIFEST), "{wrong}");
            let fixed = fixed(&wrong.replace('\n', "\r\n"));
            assert_eq!(quotes(&fixed), quotes(&crlf), "{wrong}");
        }
        // Where more hangs on a place than is seen there, people fix it.
        for (right, wrong) in [
            // A block of lines has no quotes; an entry with more than two scalars is not understood.
            (
                "\"244818ae-87ac-4fcd-92ec-e79e5252348a\"",
                "|-\n      244818ae87ac4fcd92ece79e5252348a",
            ),
            (
                "    - Name: Web\n      Scope: CONTOSO\n",
                "    - Name: &q Web\n      Scope: contoso.com\n    - Name: *q\n      Scope: CONTOSO\n",
            ),
            (
                "    - Name: Web\n      Scope: CONTOSO\n",
                "    - {Name: Web, Scope: CONTOSO\n      }\n    - {Name: Web, Scope: CONTOSO\n      }\n",
            ),
            (
                "      Scope: contoso.com\n    - Name: Web\n      Scope: CONTOSO\n",
                "      Scope: CONTOSO\n      Extra:\n        a: b\n",
            ),
            (
                "      Scope: contoso.com\n    - Name: Web\n      Scope: CONTOSO\n",
                "      Scope: &s CONTOSO\n",
            ),
            ("Web    #", "&n Web$    #"),
            ("\"1\"", "!!int 1"),
            ("    NetBiosName: CONTOSO\n", "    NetBiosName: CONTOSO\n    netbiosname: CONTOSO\n"),
        ] {
            let wrong = MANIFEST.replace(right, wrong);
            assert_ne!(wrong, MANIFEST);
            assert_eq!(fixed(&wrong), wrong);
        }
        let tab = MANIFEST.replace("\"1\"", "1\t# the only one");
        assert_eq!(fixed(&tab), MANIFEST.replace("\"1\"", "\"1\"\t# the only one"));
        let tight = MANIFEST.replace("{name: web}", "{name: web,labels: {}}");
        let wrong = tight.replace("Web    #", "Web$    #");
        assert_eq!(fixed(&wrong), tight);
        let tagged = MANIFEST.replace("Web    #", "!!str Web$    #");
        assert!([tagged.replace("Web$", "Web"), tagged.clone()].contains(&fixed(&tagged)));
        let comment = MANIFEST.replace("Scope: contoso.com\n", "Scope: contoso.com  # own\n");
        let comment = comment.replace("    - Name: Web\n      Scope: CONTOSO\n", "");
        assert_eq!(fixed(&comment), comment);
        let flow = MANIFEST.replace(
            "\n    - Name: Web\n      Scope: contoso.com\n    - Name: Web\n      Scope: CONTOSO\n",
            " [{Name: Web, Scope: CONTOSO}]\n",
        );
        assert_eq!(fixed(&flow), flow);
    }

    proptest::proptest! {
        /// Fixing what is fixed changes nothing, whatever the text.
        #[test]
        fn mending_twice_is_mending_once(text in "\\PC{0,40}", scopes in proptest::collection::vec("contoso.com|CONTOSO|contoso", 0..5)) {
            let scopes = scopes.iter().map(String::as_str).collect::<Vec<_>>();
            for text in [text.clone(), spec("Guid", &serde_json::Value::from(text).to_string(), &scopes)] {
                if let Some(once) = fixed(&text) {
                    proptest::prop_assert_eq!(fixed(&once), None, "{}", once);
                }
            }
        }
    }
}
