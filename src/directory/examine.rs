//! What there is to see of accounts and of those who may read their passwords: each question a search of
//! its own, so that one that is refused takes no other along, and all that do not wait for one another's
//! answers in one flight.

use std::collections::HashSet;

use futures_util::future::{join_all, try_join_all};
use ldap3::Scope;

use super::connect::Connection;
use super::distinguished_name::dns_name_of;
use super::entry::{Entry, attribute};
use super::filter;
use super::search::{self, Search};
use super::steps::Deadline;
use crate::model::examined::{
    ExaminedAccount, ExaminedController, ExaminedDomain, ExaminedGroup, ExaminedLogin,
    ExaminedPrincipal, ExaminedRootKey, PrincipalKind, Seen, SpnOwner, ToExamine, machine_of,
};
use crate::model::name::without_domain;
use crate::model::{AccountError, AccountRef, Domain, Moment, SecurityDescriptor, Sid};

/// What a server may send for one object, in bytes: a group with as many members as Windows sends at once,
/// 1500, is the most of it. Source: [MS-ADTS] 3.1.1.3.4.6, `MaxValRange`.
const OBJECT_BYTES: usize = 512 << 10;
/// Objects that one filter asks for.
const MOST_AT_ONCE: usize = 50;
/// Searches of one kind that are under way at a time, which bounds what a server has to hold ready.
const MOST_SEARCHES: usize = 8;
/// Groups that are walked through in all, and how deep they are nested; of more, nothing is said.
const MOST_GROUPS: usize = 5000;
const MOST_LEVELS: usize = 10;
/// How deep groups are walked where the directory tells all groups of a host itself: the picture is all
/// that they are needed for.
const DRAWN_LEVELS: usize = 3;
/// Members of one group that are read, any of which may be a group itself; and of all groups.
const MOST_MEMBERS: usize = 5000;
const MOST_MEMBERS_IN_ALL: usize = 20_000;
/// Root keys and controllers that are read: a forest has one key, and a controller for each site.
const MOST_LISTED: usize = 500;
/// Of a controller that keeps no passwords. Source: [MS-ADTS] 3.1.1.3.4.3,
/// `LDAP_CAP_ACTIVE_DIRECTORY_PARTIAL_SECRETS_OID`.
const PARTIAL_SECRETS: &str = "1.2.840.113556.1.4.1920";

/// Groups, and those in them, as far as they have been walked.
#[derive(Debug, Default)]
struct Walk {
    known: HashSet<String>,
    all: Vec<ExaminedGroup>,
    /// Those whose members have not been looked at.
    level: Vec<ExaminedGroup>,
    members: usize,
}

impl Walk {
    fn from(trustees: &[ExaminedGroup]) -> Self {
        let mut walk = Self::default();
        walk.add(trustees.to_vec());
        walk
    }

    /// The next level, without what is known already and what is no group.
    fn add(&mut self, mut found: Vec<ExaminedGroup>) {
        let known = &mut self.known;
        found.retain(|one| one.is_group && known.insert(one.distinguished_name.to_lowercase()));
        self.level = found;
    }

    /// All groups; those that were not walked to their end say so.
    fn end(mut self) -> Vec<ExaminedGroup> {
        for group in &mut self.level {
            group.is_cut |= !group.members.is_empty();
        }
        self.all.append(&mut self.level);
        self.all
    }
}

impl Connection {
    async fn seen(&self, deadline: Deadline, search: Search<'_>) -> Seen<Vec<Entry>> {
        let server = self.endpoint.to_string();
        let most = if search.scope == Scope::Base { 1 } else { MOST_AT_ONCE };
        self.allow(OBJECT_BYTES * most);
        let answer = search::few(&self.ldap, &server, search);
        let answer = self.within(deadline, "answering a search", answer).await;
        answer.map_err(|error| self.explain(error).to_string())
    }

    /// All objects below `base` that some filters find, several filters at a time.
    async fn seen_by(
        &self,
        deadline: Deadline,
        base: &str,
        filters: &[String],
        attributes: &[&str],
    ) -> Seen<Vec<Entry>> {
        let mut found = Vec::new();
        for some in filters.chunks(MOST_SEARCHES) {
            let searches = some.iter().map(|filter| {
                let scope = Scope::Subtree;
                self.seen(deadline, Search { base, scope, filter, attributes })
            });
            found.extend(try_join_all(searches).await?.into_iter().flatten());
        }
        Ok(found)
    }

    /// One object, by its distinguished name; `None` where it is not there or not shown.
    async fn object(
        &self,
        deadline: Deadline,
        dn: &str,
        attributes: &[&str],
    ) -> Seen<Option<Entry>> {
        let search = Search { base: dn, scope: Scope::Base, filter: filter::ANYTHING, attributes };
        Ok(self.seen(deadline, search).await?.into_iter().next())
    }

    /// Whether this user is handed the password of an account, which is thrown away unseen. Only where the
    /// caller asks for the proof: a controller may write each reading into its log.
    pub(super) async fn reads_password(&self, deadline: Deadline, dn: &str) -> Seen<bool> {
        let found = self.object(deadline, dn, &[attribute::MANAGED_PASSWORD]).await?;
        Ok(found.is_some_and(|entry| entry.had(attribute::MANAGED_PASSWORD)))
    }

    /// What the controller says of itself.
    async fn controller(&self, deadline: Deadline) -> Seen<ExaminedController> {
        let root = self.object(deadline, "", attribute::CONTROLLER).await?;
        let now = Moment::now();
        let server = self.endpoint.to_string();
        let Some(root) = root else {
            return Ok(ExaminedController { server, ..Default::default() });
        };
        let text = |name| root.text(name).ok();
        let clock = text(attribute::CURRENT_TIME).and_then(Moment::of_generalized_time);
        let mut capabilities = root.texts(attribute::CAPABILITIES).peekable();
        let are_shown = capabilities.peek().is_some();
        Ok(ExaminedController {
            server,
            functionality: text(attribute::FUNCTIONALITY).and_then(|text| text.parse().ok()),
            clock: clock.map(|clock| (clock, now)),
            vendor: text(attribute::VENDOR).map(str::to_owned),
            is_read_only: are_shown.then(|| capabilities.any(|one| one == PARTIAL_SECRETS)),
        })
    }

    /// All controllers of the forest, and their levels.
    async fn controllers(&self, deadline: Deadline) -> Seen<Vec<(String, Option<u32>)>> {
        let base = format!("CN=Sites,{}", self.root.configuration());
        let search = Search {
            base: &base,
            scope: Scope::Subtree,
            filter: filter::CONTROLLERS,
            attributes: attribute::CONTROLLER_LEVEL,
        };
        let mut found = self.seen(deadline, search).await?;
        found.truncate(MOST_LISTED);
        // The settings of a controller stand below the server that they are of.
        let name = |dn: &str| {
            let server = dn.split(',').nth(1).and_then(|part| part.split_once('='));
            server.map_or_else(|| dn.to_owned(), |(_, name)| name.to_owned())
        };
        let level = |entry: &Entry| entry.flags(attribute::BEHAVIOR_VERSION).ok();
        Ok(found.iter().map(|entry| (name(&entry.dn), level(entry))).collect())
    }

    /// The root keys of the Key Distribution Service that this user may see.
    async fn root_keys(&self, deadline: Deadline) -> Seen<Vec<ExaminedRootKey>> {
        let base = format!(
            "CN=Master Root Keys,CN=Group Key Distribution Service,CN=Services,{}",
            self.root.configuration()
        );
        let search = Search {
            base: &base,
            scope: Scope::OneLevel,
            // The class of the keys is not shown to everybody, and a filter that names it finds none.
            filter: filter::ANYTHING,
            attributes: attribute::ROOT_KEY,
        };
        let mut found = self.seen(deadline, search).await?;
        found.truncate(MOST_LISTED);
        let key = |entry: &Entry| {
            Some(ExaminedRootKey {
                guid: entry.dn.split_once(',')?.0.split_once('=')?.1.parse().ok()?,
                use_start: file_time(entry, attribute::USE_START),
                created: file_time(entry, attribute::CREATED),
            })
        };
        Ok(found.iter().filter_map(key).collect())
    }

    /// A host or a user by its name, without the groups of its token.
    async fn login(
        &self,
        deadline: Deadline,
        kind: PrincipalKind,
        asked: &str,
    ) -> ExaminedPrincipal {
        // Whether a domain before it is this one is for the judge to say.
        let name = without_domain(asked);
        let filter = match kind {
            PrincipalKind::Host => filter::host(name),
            PrincipalKind::PortableUser => filter::user(name),
        };
        let search = Search {
            base: &self.root.domain,
            scope: Scope::Subtree,
            filter: &filter,
            attributes: attribute::LOGIN,
        };
        let found = self.seen(deadline, search).await;
        // A principal name counts more than the name of an account.
        let is_principal = |entry: &&Entry| {
            entry.text(attribute::PRINCIPAL_NAME).is_ok_and(|own| own.eq_ignore_ascii_case(name))
        };
        // The name of an account serves where the domain behind it is this one.
        let suffix = name.split_once('@').map(|(_, suffix)| suffix);
        let own = dns_name_of(&self.root.domain);
        let is_here = suffix.is_none_or(|suffix| {
            own.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(suffix))
        });
        let best = |entries: &[Entry]| {
            let by_account = || entries.first().filter(|_| is_here);
            entries.iter().find(is_principal).or_else(by_account).map(login)
        };
        let found = found.map(|entries| best(&entries));
        ExaminedPrincipal { kind, asked: asked.to_owned(), found }
    }

    /// Adds the groups of their tokens, which a server computes for one object alone.
    async fn tokens(&self, deadline: Deadline, principals: &mut [ExaminedPrincipal]) {
        let logins = principals.iter_mut().filter_map(|one| one.found.as_mut().ok()?.as_mut());
        join_all(logins.map(|login| async {
            let token = self.object(deadline, &login.distinguished_name, attribute::TOKEN).await;
            let token = token.ok().flatten();
            let groups = token.iter().flat_map(|entry| entry.bytes(attribute::TOKEN_GROUPS));
            let groups = groups.filter_map(Sid::from_bytes).collect::<Vec<_>>();
            // Everybody is in some group: none at all means that they are not shown.
            login.token_groups = (!groups.is_empty()).then_some(groups);
        }))
        .await;
    }

    /// The objects of SIDs; those that the directory does not have are left out.
    async fn trustees(&self, deadline: Deadline, sids: &[Sid]) -> Seen<Vec<ExaminedGroup>> {
        let filters = sids.chunks(MOST_AT_ONCE).map(filter::sids).collect::<Vec<_>>();
        let found = self.seen_by(deadline, &self.root.domain, &filters, attribute::GROUP).await?;
        self.groups(deadline, &found).await
    }

    /// Groups as they were found, with the members that did not come at once.
    async fn groups(&self, deadline: Deadline, found: &[Entry]) -> Seen<Vec<ExaminedGroup>> {
        try_join_all(found.iter().map(|entry| async {
            let mut group = group(entry);
            let mut next = entry.next_value(attribute::MEMBER);
            while let Some(from) = next.filter(|from| *from < MOST_MEMBERS) {
                let range = format!("{};range={from}-*", attribute::MEMBER);
                let more = self.object(deadline, &entry.dn, &[&range]).await?;
                let Some(more) = more else { break };
                let before = group.members.len();
                group.members.extend(more.texts(attribute::MEMBER).map(str::to_owned));
                next = more.next_value(attribute::MEMBER);
                // A server that says the same again has no end.
                if group.members.len() == before || next.is_some_and(|next| next <= from) {
                    break;
                }
            }
            group.is_cut = next.is_some();
            Ok(group)
        }))
        .await
    }

    /// Goes down so many levels.
    async fn walk_on(&self, deadline: Deadline, walk: &mut Walk, levels: usize) -> Seen<()> {
        for _ in 0..levels {
            let mut unknown = HashSet::new();
            let members = walk.level.iter().flat_map(|one| &one.members);
            let next = members
                .filter(|dn| !walk.known.contains(&dn.to_lowercase()) && unknown.insert(*dn))
                .map(String::as_str)
                .collect::<Vec<_>>();
            walk.members += next.len();
            let is_too_much = walk.members > MOST_MEMBERS_IN_ALL || walk.all.len() > MOST_GROUPS;
            if walk.level.is_empty() || is_too_much {
                break;
            }
            let filters = next.chunks(MOST_AT_ONCE).map(filter::groups_named).collect::<Vec<_>>();
            let base = &self.root.domain;
            let found = self.seen_by(deadline, base, &filters, attribute::GROUP).await?;
            let found = self.groups(deadline, &found).await?;
            walk.all.append(&mut walk.level);
            walk.add(found);
        }
        Ok(())
    }

    /// All objects that have one of these service principal names: of the domain, or of the forest where a
    /// global catalogue is asked.
    async fn spn_owners(
        &self,
        deadline: Deadline,
        base: &str,
        names: &[String],
    ) -> Seen<Vec<SpnOwner>> {
        let filters = names.chunks(MOST_AT_ONCE).map(filter::service_principal_names);
        let filters = filters.collect::<Vec<_>>();
        let entries = self.seen_by(deadline, base, &filters, attribute::SPN_OWNER).await?;
        let wanted = names.iter().map(|name| name.to_lowercase()).collect::<HashSet<_>>();
        let mut known = HashSet::new();
        let mut owners = Vec::new();
        for entry in &entries {
            let name = entry.text(attribute::SAM_ACCOUNT_NAME).unwrap_or(&entry.dn);
            for spn in entry.texts(attribute::SPN) {
                let key = spn.to_lowercase();
                if wanted.contains(&key) && known.insert((entry.dn.to_lowercase(), key)) {
                    owners.push(SpnOwner {
                        name: name.to_owned(),
                        distinguished_name: entry.dn.clone(),
                        service_principal_name: spn.to_owned(),
                    });
                }
            }
        }
        Ok(owners)
    }

    /// Computers that are called as the hosts in `host/` names are.
    async fn machines(&self, deadline: Deadline, spns: &[String]) -> Seen<Vec<String>> {
        let hosts = spns.iter().filter_map(|spn| machine_of(spn));
        let mut hosts = hosts.map(str::to_lowercase).collect::<Vec<_>>();
        hosts.sort_unstable();
        hosts.dedup();
        let filters = hosts.chunks(MOST_AT_ONCE).map(filter::computers).collect::<Vec<_>>();
        let found = self.seen_by(deadline, &self.root.domain, &filters, attribute::NAME).await?;
        let name = |entry: &Entry| entry.text(attribute::SAM_ACCOUNT_NAME).ok().map(str::to_owned);
        Ok(found.iter().filter_map(name).collect())
    }

    /// All there is to see in one domain. `catalogue` is a connection to a global catalogue, or why there is
    /// none; `None` where the domain is the only one of its forest.
    pub(super) async fn examined(
        &self,
        domain: Domain,
        accounts: Vec<(AccountRef, Result<ExaminedAccount, AccountError>)>,
        asked: &ToExamine,
        catalogue: Option<Seen<Self>>,
        deadline: Deadline,
    ) -> ExaminedDomain {
        let found = || accounts.iter().filter_map(|(_, found)| found.as_ref().ok());
        let sids = trustees_of(found());
        let mut spns = asked.service_principal_names.clone();
        spns.extend(found().flat_map(|one| &one.service_principal_names).cloned());
        spns.sort_unstable();
        spns.dedup();
        let (spn_asker, base, unasked_domains) = match &catalogue {
            None => (self, self.root.domain.as_str(), None),
            // A global catalogue is searched from above all domains.
            Some(Ok(catalogue)) => (catalogue, "", None),
            Some(Err(reason)) => (self, self.root.domain.as_str(), Some(reason.clone())),
        };
        let logins = asked.principals.iter().map(|(kind, name)| self.login(deadline, *kind, name));
        let (controller, controllers, root_keys, mut principals, trustees, spn_owners, machines) = tokio::join!(
            self.controller(deadline),
            self.controllers(deadline),
            self.root_keys(deadline),
            join_all(logins),
            self.trustees(deadline, &sids),
            spn_asker.spn_owners(deadline, base, &spns),
            self.machines(deadline, &spns),
        );
        let mut walk = Walk::from(trustees.as_deref().unwrap_or_default());
        let (first, ()) = tokio::join!(
            self.walk_on(deadline, &mut walk, 1),
            self.tokens(deadline, &mut principals)
        );
        let are_shown = principals.iter().all(|one| match &one.found {
            Ok(Some(login)) => login.token_groups.is_some(),
            _ => true,
        });
        let levels = if are_shown { DRAWN_LEVELS } else { MOST_LEVELS };
        let walked = match first {
            Ok(()) => self.walk_on(deadline, &mut walk, levels - 1).await,
            Err(reason) => Err(reason),
        };
        let groups = trustees.as_ref().map_err(Clone::clone).and(walked).map(|()| walk.end());
        ExaminedDomain {
            domain,
            controller,
            controllers,
            root_keys,
            accounts,
            trustees,
            groups,
            principals,
            spn_owners,
            machines,
            unasked_domains,
        }
    }
}

/// All SIDs that the accounts' descriptors name, each once.
fn trustees_of<'a>(accounts: impl Iterator<Item = &'a ExaminedAccount>) -> Vec<Sid> {
    let mut known = HashSet::new();
    let mut sids = Vec::new();
    for bytes in accounts.filter_map(|one| one.readers.as_deref()) {
        let Ok(descriptor) = SecurityDescriptor::parse(bytes) else { continue };
        for sid in descriptor.entries().iter().filter_map(|ace| ace.trustee.as_ref()) {
            if known.insert(sid.to_string()) {
                sids.push(sid.clone());
            }
        }
    }
    sids
}

/// A FILETIME; `None` for never, and where it is not shown.
fn file_time(entry: &Entry, name: &str) -> Option<Moment> {
    entry.text(name).ok().and_then(Moment::of_file_time_text)
}

/// An account as its object shows it, beside which `twin` has the same name.
pub(super) fn account(entry: &Entry, twin: Option<String>) -> ExaminedAccount {
    let text = |name| entry.text(name).ok().map(str::to_owned);
    let bytes = |name| entry.bytes(name).next().map(<[u8]>::to_vec);
    let name = entry.text(attribute::SAM_ACCOUNT_NAME).unwrap_or_default();
    ExaminedAccount {
        name: name.trim_end_matches('$').to_owned(),
        distinguished_name: entry.dn.clone(),
        user_account_control: entry.flags(attribute::USER_ACCOUNT_CONTROL).ok(),
        readers: bytes(attribute::READERS),
        password_id: bytes(attribute::PASSWORD_ID),
        encryption_types: entry.flags(attribute::ENCRYPTION_TYPES).ok(),
        service_principal_names: entry.texts(attribute::SPN).map(str::to_owned).collect(),
        dns_host_name: text(attribute::DNS_HOST_NAME),
        twin,
        silo: text(attribute::SILO),
    }
}

fn login(entry: &Entry) -> ExaminedLogin {
    let number = |name| entry.flags(name).ok();
    ExaminedLogin {
        name: entry.text(attribute::SAM_ACCOUNT_NAME).unwrap_or_default().to_owned(),
        distinguished_name: entry.dn.clone(),
        sid: entry.sid(attribute::OBJECT_SID).ok(),
        primary_group: number(attribute::PRIMARY_GROUP),
        user_account_control: number(attribute::USER_ACCOUNT_CONTROL),
        computed: number(attribute::COMPUTED_CONTROL),
        expires: file_time(entry, attribute::EXPIRES),
        must_change: entry.text(attribute::PASSWORD_LAST_SET).ok().map(|text| text == "0"),
        password_expires: file_time(entry, attribute::PASSWORD_EXPIRES),
        logon_hours: entry.bytes(attribute::LOGON_HOURS).next().map(<[u8]>::to_vec),
        encryption_types: number(attribute::ENCRYPTION_TYPES),
        silo: entry.text(attribute::SILO).ok().map(str::to_owned),
        workstations: entry.text(attribute::WORKSTATIONS).ok().map(str::to_owned),
        token_groups: None,
    }
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
        is_cut: false,
    }
}
