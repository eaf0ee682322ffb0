//! What there is to see of an account and of those who may read its password: each question a search of
//! its own, so that one that is refused takes no other along.

use std::collections::HashSet;

use futures_util::future::join_all;
use ldap3::Scope;

use super::connect::Connection;
use super::entry::{Entry, attribute};
use super::error::{AnswerError, DirectoryError};
use super::filter;
use super::search::{self, Search};
use super::steps::Deadline;
use crate::model::examined::{
    Examined, ExaminedAccount, ExaminedController, ExaminedGroup, ExaminedLogin, ExaminedPrincipal,
    PrincipalKind, Seen,
};
use crate::model::{Domain, Guid, Moment, SecurityDescriptor, Sid};

/// What a server may send for one object, in bytes: a group with as many members as Windows sends at once,
/// 1500, is the most of it. Source: [MS-ADTS] 3.1.1.3.4.6, `MaxValRange`.
const OBJECT_BYTES: usize = 512 << 10;
/// Objects that one filter asks for.
const MOST_AT_ONCE: usize = 50;
/// Groups that are walked through, and how deep they are nested; of more, nothing is said.
const MOST_GROUPS: usize = 500;
const MOST_LEVELS: usize = 10;
/// Members of one level of groups, any of which may be a group itself.
const MOST_MEMBERS: usize = 5000;

impl Connection {
    async fn seen(&self, deadline: Deadline, search: Search<'_>) -> Seen<Vec<Entry>> {
        let server = self.endpoint.to_string();
        let most = if search.scope == Scope::Base { 1 } else { MOST_AT_ONCE };
        self.allow(OBJECT_BYTES * most);
        let answer = search::few(&self.ldap, &server, search);
        let answer = self.within(deadline, "answering a search", answer).await;
        answer.map_err(|error| self.explain(error).to_string())
    }

    /// One object, by its distinguished name; `None` where it is not there or not shown.
    async fn object(
        &self,
        deadline: Deadline,
        dn: &str,
        attributes: &'static [&'static str],
    ) -> Seen<Option<Entry>> {
        let search = Search { base: dn, scope: Scope::Base, filter: filter::ANYTHING, attributes };
        Ok(self.seen(deadline, search).await?.into_iter().next())
    }

    /// What the controller says of itself.
    pub(super) async fn controller(&self, deadline: Deadline) -> Seen<ExaminedController> {
        let root = self.object(deadline, "", attribute::CONTROLLER).await?;
        let now = Moment::now();
        let server = self.endpoint.to_string();
        let Some(root) = root else {
            return Ok(ExaminedController { server, ..Default::default() });
        };
        let text = |name| root.text(name).ok();
        let clock = text(attribute::CURRENT_TIME).and_then(Moment::of_generalized_time);
        Ok(ExaminedController {
            server,
            functionality: text(attribute::FUNCTIONALITY).and_then(|text| text.parse().ok()),
            clock: clock.map(|clock| (clock, now)),
            vendor: text(attribute::VENDOR).map(str::to_owned),
        })
    }

    /// The account, by its distinguished name.
    pub(super) async fn account(&self, deadline: Deadline, dn: &str) -> Seen<ExaminedAccount> {
        let entry = self.object(deadline, dn, attribute::EXAMINED).await?;
        let entry = entry.ok_or_else(|| "the directory does not show it".to_owned())?;
        let name = entry.text(attribute::SAM_ACCOUNT_NAME).unwrap_or_default();
        Ok(ExaminedAccount {
            name: name.trim_end_matches('$').to_owned(),
            distinguished_name: dn.to_owned(),
            user_account_control: entry.flags(attribute::USER_ACCOUNT_CONTROL).ok(),
            readers: entry.bytes(attribute::READERS).next().map(<[u8]>::to_vec),
            password_id: entry.bytes(attribute::PASSWORD_ID).next().map(<[u8]>::to_vec),
            encryption_types: entry.flags(attribute::ENCRYPTION_TYPES).ok(),
            service_principal_names: entry.texts(attribute::SPN).map(str::to_owned).collect(),
            dns_host_name: entry.text(attribute::DNS_HOST_NAME).ok().map(str::to_owned),
            twin: None,
        })
    }

    /// A host or a user by its name, with all groups of its token.
    pub(super) async fn principal(
        &self,
        deadline: Deadline,
        kind: PrincipalKind,
        asked: &str,
    ) -> ExaminedPrincipal {
        let found = self.login(deadline, kind, asked).await;
        ExaminedPrincipal { kind, asked: asked.to_owned(), found }
    }

    async fn login(
        &self,
        deadline: Deadline,
        kind: PrincipalKind,
        asked: &str,
    ) -> Seen<Option<ExaminedLogin>> {
        let filter = match kind {
            PrincipalKind::Host => filter::host(asked),
            PrincipalKind::PortableUser => filter::user(asked),
        };
        let search = Search {
            base: &self.root.domain,
            scope: Scope::Subtree,
            filter: &filter,
            attributes: attribute::LOGIN,
        };
        let Some(entry) = self.seen(deadline, search).await?.into_iter().next() else {
            return Ok(None);
        };
        // It is computed for one object alone.
        let token = self.object(deadline, &entry.dn, attribute::TOKEN).await.ok().flatten();
        let groups = token.iter().flat_map(|entry| entry.bytes(attribute::TOKEN_GROUPS));
        let groups = groups.filter_map(Sid::from_bytes).collect::<Vec<_>>();
        let number = |name| entry.flags(name).ok();
        let must_change = entry.text(attribute::PASSWORD_LAST_SET).ok().map(|text| text == "0");
        Ok(Some(ExaminedLogin {
            name: entry.text(attribute::SAM_ACCOUNT_NAME).unwrap_or_default().to_owned(),
            distinguished_name: entry.dn.clone(),
            sid: entry.sid(attribute::OBJECT_SID).ok(),
            primary_group: number(attribute::PRIMARY_GROUP),
            user_account_control: number(attribute::USER_ACCOUNT_CONTROL),
            computed: number(attribute::COMPUTED_CONTROL),
            expires: file_time(&entry, attribute::EXPIRES),
            must_change,
            password_expires: file_time(&entry, attribute::PASSWORD_EXPIRES),
            logon_hours: entry.bytes(attribute::LOGON_HOURS).next().map(<[u8]>::to_vec),
            encryption_types: number(attribute::ENCRYPTION_TYPES),
            // Everybody is in some group: none at all means that they are not shown.
            token_groups: (!groups.is_empty()).then_some(groups),
        }))
    }

    /// The objects of SIDs; those that the directory does not have are left out.
    pub(super) async fn trustees(
        &self,
        deadline: Deadline,
        sids: &[Sid],
    ) -> Seen<Vec<ExaminedGroup>> {
        let mut found = Vec::new();
        for some in sids.chunks(MOST_AT_ONCE) {
            let filter = filter::sids(some);
            let search = Search {
                base: &self.root.domain,
                scope: Scope::Subtree,
                filter: &filter,
                attributes: attribute::GROUP,
            };
            found.extend(self.seen(deadline, search).await?.iter().map(group));
        }
        Ok(found)
    }

    /// These groups and all that are in them, level by level. Where they are too many or too deep, that is
    /// the answer: of a part nobody can say that somebody is not in it.
    pub(super) async fn groups_below(
        &self,
        deadline: Deadline,
        trustees: &[ExaminedGroup],
    ) -> Seen<Vec<ExaminedGroup>> {
        let mut known = HashSet::new();
        let mut all = Vec::new();
        let mut level = trustees.to_vec();
        for depth in 0.. {
            level.retain(|one| known.insert(one.distinguished_name.to_lowercase()) && one.is_group);
            if level.is_empty() {
                break;
            }
            if depth == MOST_LEVELS || all.len() + level.len() > MOST_GROUPS {
                return Err(format!(
                    "the groups that may read are more than {MOST_GROUPS}, or nested more than {MOST_LEVELS} deep"
                ));
            }
            let members = level.iter().flat_map(|one| &one.members);
            let mut unknown = HashSet::new();
            let next = members
                .filter(|dn| !known.contains(&dn.to_lowercase()) && unknown.insert(*dn))
                .collect::<Vec<_>>();
            if next.len() > MOST_MEMBERS {
                return Err(format!(
                    "the groups that may read have more than {MOST_MEMBERS} members"
                ));
            }
            let mut below = Vec::new();
            for some in next.chunks(MOST_AT_ONCE) {
                let filter = filter::groups_named(some.iter().map(|dn| dn.as_str()));
                let search = Search {
                    base: &self.root.domain,
                    scope: Scope::Subtree,
                    filter: &filter,
                    attributes: attribute::GROUP,
                };
                below.extend(self.seen(deadline, search).await?.iter().map(group));
            }
            all.append(&mut level);
            level = below;
        }
        Ok(all)
    }

    /// The root keys of the Key Distribution Service that this user may see.
    pub(super) async fn root_keys(&self, deadline: Deadline) -> Seen<Vec<Guid>> {
        let base = format!(
            "CN=Master Root Keys,CN=Group Key Distribution Service,CN=Services,{}",
            self.root.configuration()
        );
        let search = Search {
            base: &base,
            scope: Scope::OneLevel,
            // The class of the keys is not shown to everybody, and a filter that names it finds none.
            filter: filter::ANYTHING,
            attributes: attribute::NOTHING,
        };
        let found = self.seen(deadline, search).await?;
        let guid = |entry: &Entry| entry.dn.split_once(',')?.0.split_once('=')?.1.parse().ok();
        Ok(found.iter().filter_map(guid).collect())
    }

    /// Other objects of the domain that have one of these service principal names.
    pub(super) async fn same_spn(
        &self,
        deadline: Deadline,
        names: &[String],
        own_dn: &str,
    ) -> Seen<Vec<(String, String)>> {
        let mut found = Vec::new();
        for some in names.chunks(MOST_AT_ONCE) {
            let filter = filter::service_principal_names(some.iter().map(String::as_str));
            let search = Search {
                base: &self.root.domain,
                scope: Scope::Subtree,
                filter: &filter,
                attributes: attribute::SPN_OWNER,
            };
            let entries = self.seen(deadline, search).await?;
            for entry in entries.iter().filter(|one| !one.dn.eq_ignore_ascii_case(own_dn)) {
                let is_same = |spn: &&str| some.iter().any(|own| own.eq_ignore_ascii_case(spn));
                let owner = entry.text(attribute::SAM_ACCOUNT_NAME).unwrap_or(&entry.dn).to_owned();
                let same = entry.texts(attribute::SPN).filter(is_same);
                found.extend(same.map(|spn| (owner.clone(), spn.to_owned())));
            }
        }
        Ok(found)
    }

    /// All there is to see of one account: the object with this distinguished name, beside which the twin
    /// stands. `more_spns` are names that are looked for beside its own.
    ///
    /// # Errors
    ///
    /// [`DirectoryError`] where not even the account is shown.
    pub(super) async fn examined(
        &self,
        domain: Domain,
        (dn, twin): (String, Option<String>),
        principals: Vec<ExaminedPrincipal>,
        more_spns: &[String],
        deadline: Deadline,
    ) -> Result<Examined, DirectoryError> {
        let (controller, account, root_keys) = tokio::join!(
            self.controller(deadline),
            self.account(deadline, &dn),
            self.root_keys(deadline),
        );
        let account = account.map_err(|reason| AnswerError::Absent {
            server: self.endpoint.to_string(),
            what: format!("the account {dn} ({reason})"),
        })?;
        let descriptor =
            account.readers.as_deref().and_then(|bytes| SecurityDescriptor::parse(bytes).ok());
        let mut sids = Vec::new();
        for sid in descriptor
            .iter()
            .flat_map(SecurityDescriptor::entries)
            .filter_map(|ace| ace.trustee.as_ref())
        {
            if !sids.contains(sid) {
                sids.push(sid.clone());
            }
        }
        let spns = [&account.service_principal_names[..], more_spns].concat();
        let (trustees, same_spn) =
            tokio::join!(self.trustees(deadline, &sids), self.same_spn(deadline, &spns, &dn),);
        let groups = match &trustees {
            Ok(trustees) => self.groups_below(deadline, trustees).await,
            Err(reason) => Err(reason.clone()),
        };
        let account = ExaminedAccount { twin, ..account };
        Ok(Examined {
            domain,
            controller,
            account,
            trustees,
            groups,
            principals,
            root_keys,
            same_spn,
        })
    }

    /// All hosts and users at once.
    pub(super) async fn principals(
        &self,
        deadline: Deadline,
        asked: &[(PrincipalKind, String)],
    ) -> Vec<ExaminedPrincipal> {
        join_all(asked.iter().map(|(kind, name)| self.principal(deadline, *kind, name))).await
    }
}

/// A FILETIME; `None` for never, and where it is not shown.
fn file_time(entry: &Entry, name: &str) -> Option<Moment> {
    entry.text(name).ok().and_then(Moment::of_file_time_text)
}

fn group(entry: &Entry) -> ExaminedGroup {
    let is_group = entry.texts(attribute::OBJECT_CLASS).any(|class| class == "group");
    let of_dn = entry.dn.split(',').next().and_then(|first| Some(first.split_once('=')?.1));
    let name = entry.text(attribute::SAM_ACCOUNT_NAME).ok().or(of_dn);
    ExaminedGroup {
        sid: entry.sid(attribute::OBJECT_SID).ok(),
        name: name.unwrap_or_default().to_owned(),
        distinguished_name: entry.dn.clone(),
        is_group,
        group_type: entry.flags(attribute::GROUP_TYPE).ok(),
        members: entry.texts(attribute::MEMBER).map(str::to_owned).collect(),
        is_cut: entry.is_cut(attribute::MEMBER),
    }
}
