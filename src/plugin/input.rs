//! PluginInput, written and read back as the plug-in's own parser reads it.

use std::fmt;

use serde_json::{Map, Value};

use super::definition::{Field, KeyCase, LastSeparator, Plugin, Rest, SecondEquals, Shape};
use super::value::FieldValue;
use crate::model::{PluginInput, Severity, rules};

rules! {
    pub(crate) PLUGIN_INPUT {
        name: "plugin-input",
        severity: Severity::Warning,
        summary: "PluginInput does not fit its plug-in",
        why: "Each plug-in reads its input by a grammar of its own; this one would read something else, or fail.",
        notice: "The plug-in gives no password, and the container cannot log on.",
        cure: "`credspec plugins ID` shows the grammar with an example.",
        bad: Some(r#""PluginInput": "ObjectId=7c1a5f0e-3b52-4c7d-9a41-60b9d5f2e813""#),
        good: Some(
            r#""PluginInput": "SecretUri=https://contoso-gmsa.vault.azure.net/secrets/webapp01;ObjectId=7c1a5f0e-3b52-4c7d-9a41-60b9d5f2e813;""#,
        ),
    }
}

/// What is wrong with an input, or with a value that was to become part of one. No value is
/// repeated: it may be a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    /// The id of the field, where one is meant.
    pub field: Option<String>,
    /// What is wrong, in words that follow a colon.
    pub reason: String,
    /// What to do about it.
    pub cure: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.field {
            Some(field) => write!(f, "`{field}`: {}", self.reason),
            None => f.write_str(&self.reason),
        }
    }
}

impl Fault {
    fn of(field: &Field, reason: impl Into<String>, cure: impl Into<String>) -> Self {
        Self { field: Some(field.id.clone()), reason: reason.into(), cure: cure.into() }
    }

    fn whole(reason: impl Into<String>, cure: impl Into<String>) -> Self {
        Self { field: None, reason: reason.into(), cure: cure.into() }
    }
}

/// Field ids with their values.
type Values = Vec<(String, FieldValue)>;

/// Between pairs, and between a key and its value.
const SEPARATOR: char = ';';
const EQUALS: char = '=';

impl Plugin {
    /// Joins values to the plug-in's input. An optional field that is absent or empty is left out.
    ///
    /// # Errors
    ///
    /// [`Fault`] for the first value that is not of its kind, or that the plug-in's parser would
    /// not read back as it is.
    pub(crate) fn build(&self, values: &[(String, FieldValue)]) -> Result<PluginInput, Fault> {
        let mut given = Vec::new();
        for field in &self.fields {
            let value =
                values.iter().find(|(id, _)| *id == field.id).map(|(_, value)| value.expose());
            match value {
                Some("") | None if field.optional => {}
                None => {
                    return Err(Fault::of(
                        field,
                        "it is missing",
                        format!("give {}", field.meaning),
                    ));
                }
                Some(value) => {
                    self.accept(field, value)?;
                    given.push((field, value));
                }
            }
        }
        let keyed =
            || given.iter().map(|(field, value)| (field.key.clone().unwrap_or_default(), *value));
        let input = match self.input.shape {
            Shape::Pairs => {
                let pairs = keyed().map(|(key, value)| format!("{key}{EQUALS}{value}"));
                PluginInput::Text(pairs.collect::<Vec<_>>().join(&SEPARATOR.to_string()))
            }
            Shape::Sequence => {
                let steps =
                    steps(self).map_err(|reason| Fault::whole(reason, "correct the definition"))?;
                let text = steps.iter().fold(String::new(), |text, step| {
                    let value = given.iter().find(|(field, _)| field.id == step.field.id);
                    text + value.map_or("", |(_, value)| *value) + step.literal
                });
                PluginInput::Text(text)
            }
            Shape::JsonText => {
                let pairs = keyed()
                    .map(|(key, value)| format!("{}: {}", Value::from(key), Value::from(value)));
                PluginInput::Text(format!("{{{}}}", pairs.collect::<Vec<_>>().join(", ")))
            }
            Shape::JsonObject => {
                PluginInput::Object(keyed().map(|(key, value)| (key, value.into())).collect())
            }
        };
        // Whatever the checks above forget, the plug-in's own reading decides.
        let written = given.iter().map(|(field, value)| (field.id.clone(), (*value).into()));
        match self.read(&input) {
            Ok(read) if read == written.collect::<Values>() => Ok(input),
            Ok(_) => Err(Fault::whole(
                "the plug-in would read something else than was given",
                "use other values",
            )),
            Err(mut faults) => Err(faults.swap_remove(0)),
        }
    }

    /// Whether one value can stand in the input.
    ///
    /// # Errors
    ///
    /// [`Fault`] that says why not.
    pub(crate) fn accept(&self, field: &Field, value: &str) -> Result<(), Fault> {
        let wrong = |reason: String| {
            let example =
                if field.secret { String::new() } else { format!(", such as `{}`", field.example) };
            Err(Fault::of(field, reason, format!("give {}{example}", field.words())))
        };
        if let Some(reason) = field.kind.refuse(value) {
            return wrong(reason);
        }
        if !field.secret && value.trim() != value {
            return wrong("a space stands at its start or end, and would become part of it".into());
        }
        match self.input.shape {
            Shape::Pairs if value.contains(SEPARATOR) => {
                wrong(format!("the plug-in takes a `{SEPARATOR}` for the end of the value"))
            }
            Shape::Pairs
                if self.input.second_equals == SecondEquals::Cut && value.contains(EQUALS) =>
            {
                wrong(format!("the plug-in cuts the value at a second `{EQUALS}`"))
            }
            Shape::Sequence => match self.forbidden_in(field, value) {
                Some(literal) => {
                    wrong(format!("the plug-in takes a `{literal}` for the end of the value"))
                }
                None => field.refuse(value).map_or(Ok(()), wrong),
            },
            _ => field.refuse(value).map_or(Ok(()), wrong),
        }
    }

    /// What of the template stands in a value where its parser would not expect it.
    fn forbidden_in(&self, field: &Field, value: &str) -> Option<&str> {
        let steps = steps(self).ok()?;
        let is_last = steps.last().is_some_and(|step| step.field.id == field.id);
        let literals = steps.iter().map(|step| step.literal).filter(|literal| !literal.is_empty());
        let mut literals: Vec<&str> = literals.collect();
        if is_last {
            let last = if self.input.rest == Rest::Kept { None } else { literals.pop() };
            literals = last.into_iter().collect();
        }
        literals.into_iter().find(|literal| value.contains(*literal))
    }

    /// Reads an input as the plug-in does.
    ///
    /// # Errors
    ///
    /// Every [`Fault`] that it has, at least one.
    pub(crate) fn read(&self, input: &PluginInput) -> Result<Values, Vec<Fault>> {
        let (values, mut faults) = match (self.input.shape, input) {
            (Shape::JsonObject, PluginInput::Object(object)) => self.read_object(object),
            (Shape::JsonObject, PluginInput::Text(_)) => {
                return Err(vec![Fault::whole(
                    "it is text, and must be an object",
                    "write `{ \"Key\": \"value\" }`, not in quotes",
                )]);
            }
            (_, PluginInput::Object(_)) => {
                return Err(vec![Fault::whole(
                    "it is an object, and must be text",
                    "write it as text in double quotes",
                )]);
            }
            (Shape::Pairs, PluginInput::Text(text)) => self.read_pairs(text),
            (Shape::Sequence, PluginInput::Text(text)) => match self.read_sequence(text) {
                Ok(values) => (values, Vec::new()),
                Err(fault) => return Err(vec![fault]),
            },
            (Shape::JsonText, PluginInput::Text(text)) => {
                match serde_json::from_str::<Map<String, Value>>(text) {
                    Ok(object) => self.read_object(&object),
                    Err(_) => {
                        return Err(vec![Fault::whole(
                            "the text is not a JSON object",
                            "write JSON into the text: `\"{\\\"key\\\": \\\"value\\\"}\"`",
                        )]);
                    }
                }
            }
        };
        for field in &self.fields {
            match values.iter().find(|(id, _)| *id == field.id) {
                Some((_, value)) => faults.extend(self.accept(field, value.expose()).err()),
                None if field.optional
                    || faults.iter().any(|fault| fault.field.as_ref() == Some(&field.id)) => {}
                None => {
                    let cure = format!("add it: {}", field.meaning);
                    faults.push(Fault {
                        field: Some(field.id.clone()),
                        reason: "it is missing".into(),
                        cure,
                    });
                }
            }
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let in_order =
            self.fields.iter().filter_map(|field| values.iter().find(|(id, _)| *id == field.id));
        Ok(in_order.cloned().collect())
    }

    fn read_pairs(&self, text: &str) -> (Values, Vec<Fault>) {
        let (mut values, mut faults) = (Values::new(), Vec::new());
        let parts = text.split(SEPARATOR).collect::<Vec<_>>();
        for (index, part) in parts.iter().enumerate() {
            let number = index + 1;
            if part.is_empty() && number == parts.len() && index > 0 {
                if self.input.last_separator == LastSeparator::Refused {
                    faults.push(Fault::whole(
                        format!("it ends in `{SEPARATOR}`, on which the plug-in's parser fails"),
                        format!("take the last `{SEPARATOR}` away"),
                    ));
                }
                continue;
            }
            let Some((key, value)) = part.split_once(EQUALS) else {
                faults.push(Fault::whole(
                    format!("part {number} has no `{EQUALS}`"),
                    format!("write `key{EQUALS}value`, with `{SEPARATOR}` between them"),
                ));
                continue;
            };
            self.take(key, value, &mut values, &mut faults);
        }
        (values, faults)
    }

    fn read_object(&self, object: &Map<String, Value>) -> (Values, Vec<Fault>) {
        let (mut values, mut faults) = (Values::new(), Vec::new());
        for (key, value) in object {
            match value.as_str() {
                Some(value) => self.take(key, value, &mut values, &mut faults),
                None => faults.push(Fault::whole(
                    format!("the value of `{key}` is not text"),
                    "write the value in double quotes",
                )),
            }
        }
        (values, faults)
    }

    /// One key with its value, as they stand.
    fn take(&self, key: &str, value: &str, values: &mut Values, faults: &mut Vec<Fault>) {
        let is = |field: &&Field, key: &str| match (&field.key, self.input.key_case) {
            (Some(known), KeyCase::Exact) => known == key,
            (Some(known), KeyCase::Ignored) => known.eq_ignore_ascii_case(key),
            (None, _) => false,
        };
        if let Some(field) = self.fields.iter().find(|field| is(field, key)) {
            if values.iter().any(|(id, _)| *id == field.id) {
                faults.push(Fault::of(field, "it stands twice", "keep one of them"));
            } else {
                values.push((field.id.clone(), value.into()));
            }
            return;
        }
        let trimmed = self.fields.iter().find(|field| is(field, key.trim()));
        let other_case = self.fields.iter().find(|field| {
            field.key.as_ref().is_some_and(|known| known.eq_ignore_ascii_case(key.trim()))
        });
        faults.push(match (trimmed, other_case) {
            (Some(field), _) => Fault::of(
                field,
                "a space stands beside its key, and the plug-in then does not know it",
                "take the space away",
            ),
            (None, Some(field)) => Fault::of(
                field,
                "its key is not written as the plug-in expects it",
                format!("letter case counts: write `{}`", field.key.as_deref().unwrap_or_default()),
            ),
            (None, None) => {
                let known = self.fields.iter().filter_map(|field| field.key.as_deref());
                Fault::whole(
                    "it holds a key that the plug-in does not know",
                    format!(
                        "the keys are {}",
                        known.map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ")
                    ),
                )
            }
        });
    }

    fn read_sequence(&self, text: &str) -> Result<Values, Fault> {
        let template = self.input.template.as_deref().unwrap_or_default();
        let form = || format!("write `{template}`, without the braces");
        let mut values = Values::new();
        let mut rest = text;
        for step in steps(self).map_err(|reason| Fault::whole(reason, "correct the definition"))? {
            let value = if step.literal.is_empty() {
                std::mem::take(&mut rest)
            } else {
                let Some((value, after)) = rest.split_once(step.literal) else {
                    let reason = format!("no `{}` follows `{}`", step.literal, step.field.id);
                    return Err(Fault::whole(reason, form()));
                };
                rest = after;
                value
            };
            values.push((step.field.id.clone(), value.into()));
        }
        Ok(values)
    }
}

/// A field of a template, and what stands after it; nothing after the last.
pub(super) struct Step<'a> {
    field: &'a Field,
    literal: &'a str,
}

/// The template, taken apart; the error says what is wrong with it.
pub(super) fn steps(plugin: &Plugin) -> Result<Vec<Step<'_>>, String> {
    let template = plugin.input.template.as_deref().ok_or("a sequence needs a template")?;
    let mut found: Vec<Step<'_>> = Vec::new();
    for part in template.split('{').skip(1) {
        let (id, literal) = part.split_once('}').ok_or("a brace in the template is not closed")?;
        if literal.contains('}') {
            return Err("a brace in the template closes nothing".into());
        }
        let field = plugin
            .field(id)
            .ok_or_else(|| format!("the template names `{id}`, which is no field"))?;
        if found.iter().any(|step| step.field.id == id) {
            return Err(format!("the template names `{id}` twice"));
        }
        found.push(Step { field, literal });
    }
    if !template.starts_with('{') {
        return Err("the template does not start with a field".into());
    }
    let between = found.split_last().map_or(&found[..], |(_, before)| before);
    if between.iter().any(|step| step.literal.is_empty())
        || found.last().is_some_and(|step| !step.literal.is_empty())
    {
        return Err(
            "in the template something stands between two fields, and nothing after the last"
                .into(),
        );
    }
    match plugin
        .fields
        .iter()
        .find(|field| field.optional || !found.iter().any(|step| step.field.id == field.id))
    {
        Some(field) if field.optional => {
            Err(format!("the field `{}` is optional, which no sequence can say", field.id))
        }
        Some(field) => Err(format!("the template does not name `{}`", field.id)),
        None => Ok(found),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::plugin::Catalogue;

    fn plugin(id: &str) -> Plugin {
        Catalogue::default().get(id).unwrap().clone()
    }

    fn build(id: &str, values: &[&str]) -> Result<PluginInput, Fault> {
        let plugin = plugin(id);
        let values = plugin
            .fields
            .iter()
            .zip(values)
            .map(|(field, value)| (field.id.clone(), (*value).into()));
        plugin.build(&values.collect::<Vec<_>>())
    }

    fn text(text: &str) -> PluginInput {
        PluginInput::Text(text.to_owned())
    }

    const GUID: &str = "7c1a5f0e-3b52-4c7d-9a41-60b9d5f2e813";
    const ARN: &str = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:a-b";

    #[test]
    fn inputs_are_joined_as_each_plug_in_expects() {
        let url = "https://v.vault.azure.net/secrets/n";
        assert_eq!(
            build("akv", &[GUID, url]),
            Ok(text(&format!("ObjectId={GUID};SecretUri={url}")))
        );
        assert_eq!(
            build("fiftynine", &["vlt", GUID, "s", "C:\\l.txt"]),
            Ok(text(&format!(
                "keyVaultName=vlt;clientId={GUID};keyVaultSecret=s;logFile=C:\\l.txt"
            )))
        );
        assert_eq!(
            build("fiftynine", &["vlt", GUID, "s", ""]),
            Ok(text(&format!("keyVaultName=vlt;clientId={GUID};keyVaultSecret=s")))
        );
        assert_eq!(build("rancher", &["a", "b"]), Ok(text("a:b")));
        assert_eq!(
            build("aws-windows", &[ARN]),
            Ok(text(&format!("{{\"credentialArn\": \"{ARN}\"}}")))
        );
        let object = serde_json::json!({ "CredentialArn": ARN });
        assert_eq!(
            build("aws-linux", &[ARN]),
            Ok(PluginInput::Object(object.as_object().unwrap().clone()))
        );
        assert_eq!(build("cloudfoundry", &["d", "u", "p=;@"]), Ok(text("d:u:p=;@")));
        assert_eq!(build("macsux", &["u", "d", "p@ss"]), Ok(text("u@d:p@ss")));
        assert_eq!(build("sdk-stub", &["d", "u", "p:q"]), Ok(text("d:u:p:q")));
        assert_eq!(
            build("tkgi", &["d", "u", "p", ""]),
            Ok(text("DOMAINNAME=d;USERNAME=u;PASSWORD=p"))
        );
    }

    #[test]
    fn what_a_parser_would_cut_is_refused() {
        let url = "https://v.vault.azure.net/secrets/n";
        for (id, values, field) in [
            ("akv", &[GUID, "https://v.vault.azure.net/secrets/n;x"][..], "secret-uri"),
            ("akv", &[&format!("{GUID} "), url], "object-id"),
            ("akv", &["x", url], "object-id"),
            ("akv", &[GUID], "secret-uri"),
            ("fiftynine", &["vlt", GUID, "a=b", ""], "key-vault-secret"),
            ("fiftynine", &["v;w", GUID, "a", ""], "key-vault-name"),
            ("fiftynine", &[" v", GUID, "a", ""], "key-vault-name"),
            ("rancher", &["a", "b:c"], "secret"),
            ("rancher", &["A", "b"], "namespace"),
            ("cloudfoundry", &["d", "u", "p:q"], "password"),
            ("cloudfoundry", &["d:e", "u", "p"], "domain"),
            ("macsux", &["u@v", "d", "p"], "username"),
            ("macsux", &["u", "d@e", "p"], "domain"),
            ("macsux", &["u", "d", "p:q"], "password"),
            ("sdk-stub", &["d", "u:v", "p"], "username"),
            ("tkgi", &["d", "u", "p=q", ""], "password"),
            ("aws-windows", &["secret"], "credential-arn"),
        ] {
            let fault = build(id, values).unwrap_err();
            assert_eq!(fault.field.as_deref(), Some(field), "{id} {values:?}: {fault}");
            assert!(!fault.cure.is_empty());
        }
    }

    #[test]
    fn what_stands_in_the_field_is_read_as_the_plug_in_reads_it() {
        let faults = |id: &str, input: &str| {
            let faults = plugin(id).read(&text(input)).err().unwrap_or_default();
            faults.iter().map(ToString::to_string).collect::<Vec<_>>().join(" | ")
        };
        let akv = format!("objectid={GUID};SECRETURI=https://v.vault.azure.net/secrets/n?a=b");
        assert_eq!(faults("akv", &akv), "");
        assert_eq!(faults("akv", &format!("{akv};")), "");
        assert!(
            faults("akv", &akv.replace(';', "; "))
                .contains("`secret-uri`: a space stands beside its key")
        );
        assert!(
            faults("akv", &format!("{akv};x=y")).contains("a key that the plug-in does not know")
        );
        assert!(faults("akv", "ObjectId=x").contains("`secret-uri`: it is missing"));
        assert!(faults("akv", "").contains("has no `=`"));
        let fiftynine = format!("keyVaultName=vlt;clientId={GUID};keyVaultSecret=s");
        assert_eq!(faults("fiftynine", &fiftynine), "");
        assert!(faults("fiftynine", &format!("{fiftynine};")).contains("it ends in `;`"));
        // The form in the plug-in's own documentation.
        let comma = faults("fiftynine", &format!("{fiftynine},logFile=c:\\y"));
        assert_eq!(comma, "`key-vault-secret`: the plug-in cuts the value at a second `=`");
        assert!(
            faults("fiftynine", &format!("{fiftynine};clientid={GUID}"))
                .contains("`client-id`: it stands twice")
        );
        assert!(faults("rancher", "a").contains("no `:` follows `namespace`"));
        assert!(faults("rancher", "a:b:c").contains("`secret`"));
        assert!(
            faults("macsux", "contoso.com:svc:<password>").contains("no `@` follows `username`")
        );
        let other_case = faults("aws-windows", &format!("{{\"CredentialArn\": \"{ARN}\"}}"));
        assert!(other_case.contains("`credential-arn`: its key is not written"), "{other_case}");
        assert!(faults("aws-windows", ARN).contains("not a JSON object"));
        assert!(faults("aws-windows", "{\"credentialArn\": 1}").contains("is not text"));
        assert!(faults("aws-linux", ARN).contains("must be an object"));
    }

    proptest! {
        /// Every input that is accepted prints, and parses back to itself.
        #[test]
        fn what_is_built_is_read_back(
            index in 0..Catalogue::default().all().count(),
            texts in prop::collection::vec("[ -~äß服]{1,12}|[a-z:;=@]{1,6}", 4),
            real in prop::collection::vec(any::<bool>(), 4),
        ) {
            let catalogue = Catalogue::default();
            let plugin = catalogue.all().nth(index).unwrap();
            let values = plugin.fields.iter().zip(texts.iter().zip(real)).map(|(field, (text, real))| {
                (field.id.clone(), FieldValue::from(if real { field.example.as_str() } else { text.as_str() }))
            });
            let values = values.collect::<Vec<_>>();
            if let Ok(input) = plugin.build(&values) {
                let read = plugin.read(&input).unwrap();
                prop_assert_eq!(&read, &values);
                prop_assert_eq!(plugin.build(&read).unwrap(), input);
            }
        }
    }
}
