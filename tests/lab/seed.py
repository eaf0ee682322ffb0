#!/usr/bin/python3
"""Provisions and fills a domain of the lab: seed.py root|child TARGET CERTIFICATES ADDRESS.

Works on files alone: nothing listens, nothing is asked over a network. TARGET becomes a complete
directory tree of one domain controller that `samba -s TARGET/etc/smb.conf` serves: dc1 of
contoso.com, or dc2 of its child emea.contoso.com. Samba cannot make a child by itself, so the two
are provisioned apart, as if they were of one forest, and each is told of the other. SIDs and the domain's GUID are fixed, so that every lab everywhere gives the same answers.
"""

import logging
import os
import struct
import sys
import uuid

import ldb
import samba.provision
from samba.auth import system_session
from samba.dcerpc import security
from samba.ndr import ndr_pack
from samba.param import LoadParm
from samba.provision import provision
from samba.provision.sambadns import SRVRecord
from samba.samdb import SamDB

WHICH, TARGET, CERTIFICATES, ADDRESS = sys.argv[1:]

FOREST = "contoso.com"
FOREST_BASE = "DC=contoso,DC=com"
if WHICH == "child":
    HOST, DOMAIN, NETBIOS = "dc2", "emea.contoso.com", "EUROPE"
    DOMAIN_SID = "S-1-5-21-4000000000-3000000000-2000000000"
    DOMAIN_GUID = "66666666-7777-8888-9999-000000000000"
else:
    HOST, DOMAIN, NETBIOS = "dc1", FOREST, "CONTOSO"
    DOMAIN_SID = "S-1-5-21-1111111111-2222222222-3333333333"
    # Its sixteen bytes happen to be valid UTF-8: a client that sorts attribute values by looking
    # at their content takes this GUID for text.
    DOMAIN_GUID = "11111111-2222-3333-4444-555555555555"
BASE = ",".join(f"DC={label}" for label in DOMAIN.split("."))
PARTITIONS = f"CN=Partitions,CN=Configuration,{FOREST_BASE}"

# Throwaway values of a machine that exists for a second; `run` shows them to people.
ADMINISTRATOR_PASSWORD = "Lab.Administrator.1"
READER_PASSWORD = "Lab.Reader.1"
STATE_PASSWORD = "Lab.State.1"

# userAccountControl bits. Source: [MS-ADTS] 2.2.16.
ACCOUNT_DISABLE, NORMAL_ACCOUNT, WORKSTATION_TRUST = 0x2, 0x200, 0x1000

# FILETIMEs. Source: [MS-DTYP] 2.3.3. The second is in the year 2111.
LONG_AGO, FAR_OFF = 134300000000000000, 161225952000000000

SERVICE_ACCOUNTS = f"CN=Managed Service Accounts,{BASE}"
COMPUTERS = f"CN=Computers,{BASE}"
CONFIGURATION = f"CN=Configuration,{FOREST_BASE}"
KEY_SERVICE = f"CN=Group Key Distribution Service,CN=Services,{CONFIGURATION}"
ROOT_KEY = "6d2a2c5e-0000-4444-8888-000000000001"
USERS = f"CN=Users,{BASE}"


def configuration():
    directories = {
        "private dir": "private",
        "state directory": "state",
        "cache directory": "cache",
        "lock directory": "lock",
        "pid directory": "run",
        "ncalrpc dir": "ncalrpc",
        "winbindd socket directory": "winbindd",
        "ntp signd socket directory": "ntp",
        "binddns dir": "bind-dns",
    }
    for name in [*directories.values(), "etc", "log"]:
        # Samba refuses to start unless these two are closed to others.
        mode = 0o750 if name in ("ntp", "winbindd") else 0o755
        os.makedirs(f"{TARGET}/{name}", mode=mode, exist_ok=True)
    settings = {
        "netbios name": HOST.upper(),
        "workgroup": NETBIOS,
        "realm": DOMAIN.upper(),
        "server role": "active directory domain controller",
        # DNS is the root's alone, and its Kerberos would not know the child's names.
        "server services": "ldap, cldap, kdc, dns" if WHICH == "root" else "ldap, cldap",
        "interfaces": f"{ADDRESS}/8",
        "bind interfaces only": "yes",
        "disable netbios": "yes",
        # Nothing may leave the loopback interface.
        "dns forwarder": "",
        "allow dns updates": "disabled",
        "dns update command": "/bin/true",
        "spn update command": "/bin/true",
        "samba kcc command": "/bin/true",
        "log file": f"{TARGET}/log/samba",
        "tls keyfile": f"{CERTIFICATES}/{HOST}.key",
        "tls certfile": f"{CERTIFICATES}/{HOST}.pem",
        "tls cafile": f"{CERTIFICATES}/ca.pem",
        # As a hardened domain: no simple bind without TLS, and Kerberos is sealed or inside TLS.
        "ldap server require strong auth": "allow_sasl_over_tls",
        **{key: f"{TARGET}/{name}" for key, name in directories.items()},
    }
    lines = ["[global]", *(f"{key} = {value}" for key, value in settings.items())]
    lines += ["[sysvol]", f"path = {TARGET}/state/sysvol"]
    lines += ["[netlogon]", f"path = {TARGET}/state/sysvol/{DOMAIN}/scripts"]
    path = f"{TARGET}/etc/smb.conf"
    with open(path, "w", encoding="utf-8") as out:
        out.write("\n".join(lines) + "\n")
    return path


def create_domain(path):
    parameters = LoadParm()
    parameters.load(path)
    logging.basicConfig(level=logging.ERROR)
    # In a user namespace only one id is mapped; the provisioner wants names for three.
    with open("/proc/self/uid_map", encoding="ascii") as mapping:
        whole = mapping.read().split()[2] == "4294967295"
    names = {} if whole else {"root": "root", "nobody": "root", "users": "root"}
    if WHICH == "child":
        # The forest's partitions are the root's, which one template of Samba's does not foresee.
        configuration_dn = f"CN=Configuration,{FOREST_BASE}"
        names |= {
            "rootdn": FOREST_BASE,
            "configdn": configuration_dn,
            "schemadn": f"CN=Schema,{configuration_dn}",
        }
        shipped = samba.provision.setup_path

        def setup_path(file):
            path = shipped(file)
            if file != "provision_configuration.ldif":
                return path
            with open(path, encoding="utf-8") as template:
                text = template.read().replace("CN=Configuration,${DOMAINDN}", "${CONFIGDN}")
            with open(f"{TARGET}/{file}", "w", encoding="utf-8") as out:
                out.write(text)
            return f"{TARGET}/{file}"

        samba.provision.setup_path = setup_path
    provision(
        logging.getLogger("provision"),
        system_session(),
        smbconf=path,
        lp=parameters,
        realm=DOMAIN.upper(),
        domain=NETBIOS,
        hostname=HOST,
        hostip=ADDRESS,
        adminpass=ADMINISTRATOR_PASSWORD,
        serverrole="active directory domain controller",
        dns_backend="SAMBA_INTERNAL",
        dom_for_fun_level=4,
        skip_sysvolacl=True,
        batch_mode=True,
        domainsid=security.dom_sid(DOMAIN_SID),
        domainguid=DOMAIN_GUID,
        **names,
    )
    parameters.set("dsdb:schema update allowed", "yes")
    return SamDB(
        url=parameters.private_path("sam.ldb"),
        session_info=system_session(),
        lp=parameters,
        flags=ldb.FLG_NOSYNC,
    )


class Seed:
    """The objects of the lab, in the words of an administrator."""

    def __init__(self, database):
        self.database = database

    def change(self, dn, attribute, values, how=ldb.FLAG_MOD_REPLACE, controls=()):
        message = ldb.Message(dn if isinstance(dn, ldb.Dn) else ldb.Dn(self.database, dn))
        message[attribute] = ldb.MessageElement(values, how, attribute)
        self.database.modify(message, controls=list(controls))

    def place(self, cn, container):
        """The DN of `cn` in `container`, whatever characters `cn` holds."""
        dn = ldb.Dn(self.database, container)
        dn.add_child("CN=x")
        dn.set_component(0, "CN", cn.encode())
        return dn

    def add(self, object_class, cn, container, sam_account_name, **attributes):
        self.database.add(
            {
                "dn": self.place(cn, container),
                "objectClass": object_class,
                "sAMAccountName": sam_account_name,
                "userAccountControl": str(WORKSTATION_TRUST),
                **attributes,
            }
        )

    def group_managed(self, cn, sam_account_name=None, **attributes):
        sam_account_name = sam_account_name or f"{cn}$"
        self.add(
            "msDS-GroupManagedServiceAccount",
            cn,
            SERVICE_ACCOUNTS,
            sam_account_name,
            **{
                "dNSHostName": f"{sam_account_name.rstrip('$').lower()}.{DOMAIN}",
                "msDS-ManagedPasswordInterval": "30",
                "msDS-SupportedEncryptionTypes": "28",
                **attributes,
            },
        )

    def user(self, name, password=STATE_PASSWORD, flags=NORMAL_ACCOUNT, **attributes):
        self.database.newuser(name, password)
        dn = f"CN={name},{USERS}"
        self.change(dn, "userAccountControl", [str(flags)])
        for attribute, value in attributes.items():
            # Some of these belong to the system and are refused without this control.
            self.change(dn, attribute, [value], controls=["relax:0"])

    def readers_of_password(self):
        """A security descriptor that lets the group WebHosts read a managed password."""
        self.add("computer", "HOST01", COMPUTERS, "HOST01$", dNSHostName=f"host01.{DOMAIN}")
        self.database.newgroup("WebHosts")
        self.change(
            f"CN=WebHosts,{USERS}", "member", [f"CN=HOST01,{COMPUTERS}"], ldb.FLAG_MOD_ADD
        )
        found = self.database.search(f"CN=WebHosts,{USERS}", ldb.SCOPE_BASE, attrs=["objectSid"])
        sid = self.database.schema_format_value("objectSid", found[0]["objectSid"][0]).decode()
        sddl = f"O:BAD:(A;;0xf01ff;;;{sid})"
        return ndr_pack(security.descriptor.from_sddl(sddl, security.dom_sid(DOMAIN_SID)))

    def sid_of(self, dn):
        found = self.database.search(dn, ldb.SCOPE_BASE, attrs=["objectSid"])
        return self.database.schema_format_value("objectSid", found[0]["objectSid"][0]).decode()

    def states_for_doctor(self):
        """Accounts of which each has one thing that is wrong, or one that only looks so."""
        self.add("computer", "HOST02", COMPUTERS, "HOST02$", dNSHostName=f"host02.{DOMAIN}")
        self.add("computer", "HOST03", COMPUTERS, "HOST03$", dNSHostName=f"host03.{DOMAIN}",
                 **{"msDS-SupportedEncryptionTypes": "24"})
        self.change(f"CN=HOST03,{COMPUTERS}", "userAccountControl",
                    [str(WORKSTATION_TRUST | ACCOUNT_DISABLE)])
        self.user("svc-ccg")
        self.user("svc-primary")
        # A group in a group, one in a circle, one that is no security group, and one with nobody in it.
        for name, kind in [("Outer", -2147483644), ("Circle", -2147483646), ("Posters", 2),
                           ("Idle", -2147483646), ("Primary", -2147483646)]:
            self.database.newgroup(name, grouptype=kind)
        member = lambda group, dn: self.change(
            f"CN={group},{USERS}", "member", [dn], ldb.FLAG_MOD_ADD)
        member("Outer", f"CN=WebHosts,{USERS}")
        member("Outer", f"CN=Circle,{USERS}")
        member("Circle", f"CN=Outer,{USERS}")
        member("Posters", f"CN=HOST01,{COMPUTERS}")
        # A primary group has its members elsewhere.
        member("Primary", f"CN=svc-primary,{USERS}")
        rid = self.sid_of(f"CN=Primary,{USERS}").rsplit("-", 1)[1]
        self.change(f"CN=svc-primary,{USERS}", "primaryGroupID", [rid])
        names = {
            "OUTER": f"CN=Outer,{USERS}",
            "POSTERS": f"CN=Posters,{USERS}",
            "IDLE": f"CN=Idle,{USERS}",
            "PRIMARY": f"CN=Primary,{USERS}",
            "WEBHOSTS": f"CN=WebHosts,{USERS}",
            "HOST01": f"CN=HOST01,{COMPUTERS}",
            "USER": f"CN=svc-ccg,{USERS}",
        }
        sids = {name: self.sid_of(dn) for name, dn in names.items()}
        sids["DELETED"] = f"{DOMAIN_SID}-99999"

        def readers(sddl):
            for name, sid in sids.items():
                sddl = sddl.replace(f"<{name}>", sid)
            return ndr_pack(security.descriptor.from_sddl(sddl, security.dom_sid(DOMAIN_SID)))

        good = "O:BAD:(A;;0x10;;;<WEBHOSTS>)(A;;0x10;;;<USER>)"
        hosts = lambda name: [f"host/{name}", f"host/{name.lower()}.{DOMAIN}"]
        for name, sddl, attributes in [
            ("DocGood", good, {}),
            ("DocNested", "O:BAD:(A;;0x10;;;<OUTER>)", {}),
            ("DocPosters", "O:BAD:(A;;0x10;;;<POSTERS>)", {}),
            ("DocIdle", "O:BAD:(A;;0x10;;;<IDLE>)", {}),
            ("DocPrimary", "O:BAD:(A;;0x10;;;<PRIMARY>)", {}),
            ("DocDeleted", "O:BAD:(A;;0x10;;;<DELETED>)", {}),
            ("DocDenied", "O:BAD:(D;;0x10;;;<HOST01>)(A;;0x10;;;<WEBHOSTS>)", {}),
            ("DocWide", "O:BAD:(A;;0x10;;;DC)(A;;0x10;;;AU)", {}),
            ("DocWrongRight", "O:BAD:(A;;0x100;;;<WEBHOSTS>)", {}),
            ("DocGeneric", "O:BAD:(A;;GA;;;<WEBHOSTS>)", {}),
            ("DocRc4", good, {"msDS-SupportedEncryptionTypes": "4"}),
            ("DocDes", good, {"msDS-SupportedEncryptionTypes": "3"}),
            ("DocUnset", good, {"msDS-SupportedEncryptionTypes": "0"}),
            ("DocDelegated", good, {"userAccountControl": str(WORKSTATION_TRUST | 0x80000)}),
            ("DocNoTrustFlag", good, {}),
            ("DocSpn", good, {}),
            ("DocWithALongName", good, {}),
            ("DocMachine", good, {"servicePrincipalName": hosts("DocMachine") + ["host/HOST02"]}),
        ]:
            self.group_managed(
                name,
                **{
                    "msDS-GroupMSAMembership": readers(sddl),
                    "servicePrincipalName": hosts(name),
                    **attributes,
                },
            )
            self.password_id(name, ROOT_KEY)
        self.group_managed("DocKeyGone", **{
            "msDS-GroupMSAMembership": readers(good),
            "servicePrincipalName": hosts("DocKeyGone"),
        })
        self.password_id("DocKeyGone", "6d2a2c5e-0000-4444-8888-00000000dead")
        self.group_managed("DocBroken", **{"msDS-GroupMSAMembership": b"\x01\x00\x04\x80broken"})

    def root_keys(self, keys):
        """Root keys of the Key Distribution Service, with the rights that Windows gives them, which this
        Samba does not have by itself: GUIDs, and since when they are used as a FILETIME."""
        sddl = (
            "D:(A;;RPLCLORC;;;AU)(A;;RPWPCRLCLOCCRCWDWOSW;;;EA)(A;;RPWPCRLCLOCCDCRCWDWOSDDTSW;;;SY)"
        )
        rights = ndr_pack(security.descriptor.from_sddl(sddl, security.dom_sid(DOMAIN_SID)))
        parent = f"CN=Master Root Keys,{KEY_SERVICE}"
        for dn in [KEY_SERVICE, parent]:
            self.database.add(
                {"dn": dn, "objectClass": "container", "nTSecurityDescriptor": rights}
            )
        for guid, since in keys:
            self.database.add(
                {
                    "dn": f"CN={guid},{parent}",
                    "objectClass": "msKds-ProvRootKey",
                    "msKds-CreateTime": str(since),
                    "msKds-UseStartTime": str(since),
                    "msKds-DomainID": f"CN={HOST.upper()},OU=Domain Controllers,{BASE}",
                    "msKds-Version": "1",
                    "msKds-RootKeyData": b"\1" * 64,
                    "msKds-PrivateKeyLength": "512",
                    "msKds-PublicKeyLength": "2048",
                    "msKds-SecretAgreementAlgorithmID": "DH",
                    "msKds-KDFAlgorithmID": "SP800_108_CTR_HMAC",
                }
            )

    def password_id(self, cn, root_key):
        """As if a password had been made from that root key. Source: [MS-GKDI] 2.2.4."""
        names = [(name + "\0").encode("utf-16-le") for name in (DOMAIN, FOREST)]
        head = struct.pack("<I4sIIII", 1, b"KDSK", 2, 364, 18, 24) + uuid.UUID(root_key).bytes_le
        value = head + struct.pack("<III", 0, len(names[0]), len(names[1])) + b"".join(names)
        self.change(f"CN={cn},{SERVICE_ACCOUNTS}", "msDS-ManagedPasswordId", [value])

    def hidden_members(self):
        """A user that may read a password by a group in a group, and one that may not."""
        for name in ["Readers", "Inner"]:
            self.database.newgroup(name)
        for group, dn in [("Readers", f"CN=Inner,{USERS}"), ("Inner", f"CN=svc-emea,{USERS}")]:
            if group == "Inner":
                self.user("svc-emea")
                self.user("svc-other")
            self.change(f"CN={group},{USERS}", "member", [dn], ldb.FLAG_MOD_ADD)
        sddl = f"O:BAD:(A;;0x10;;;{self.sid_of(f'CN=Readers,{USERS}')})"
        readers = security.descriptor.from_sddl(sddl, security.dom_sid(DOMAIN_SID))
        self.group_managed("DocHidden", **{
            "msDS-GroupMSAMembership": ndr_pack(readers),
            "servicePrincipalName": ["host/DocHidden", f"host/dochidden.{DOMAIN}"],
        })

    def harden(self):
        """As a domain whose administrators emptied this group: attributes of users are shown to few."""
        dn = f"CN=Pre-Windows 2000 Compatible Access,CN=Builtin,{BASE}"
        self.change(dn, "member", [], ldb.FLAG_MOD_REPLACE)

    def beneath_the_modules(self):
        """States that a domain gets into and that Samba refuses to be told."""
        settings = f"CN=NTDS Settings,CN=DC1,CN=Servers,CN=Default-First-Site-Name,CN=Sites,{CONFIGURATION}"
        for partition, dn, attribute, value in [
            (BASE, f"CN=DocNoTrustFlag,{SERVICE_ACCOUNTS}", "userAccountControl", "524288"),
            (BASE, f"CN=PlainUser,{USERS}", "servicePrincipalName", "host/DocSpn"),
            # As Windows Server 2016.
            (CONFIGURATION, settings, "msDS-Behavior-Version", "7"),
        ]:
            path = f"{TARGET}/private/sam.ldb.d/{partition.upper()}.ldb"
            raw = ldb.Ldb(path, options=["modules:"])
            message = ldb.Message(ldb.Dn(raw, dn))
            message[attribute] = ldb.MessageElement([value], ldb.FLAG_MOD_REPLACE, attribute)
            raw.modify(message)

    def kerberos_names(self):
        """Provisioning leaves the LDAP service names to a program that the lab does not run."""
        names = [f"ldap/{HOST}.{DOMAIN}", f"ldap/{HOST.upper()}", f"ldap/{HOST}.{DOMAIN}/{DOMAIN}"]
        dn = f"CN={HOST.upper()},OU=Domain Controllers,{BASE}"
        self.change(dn, "servicePrincipalName", names, ldb.FLAG_MOD_ADD)

    def delegated_class(self):
        """Windows Server 2025 has this class and Samba does not: it is made here, by its name."""
        schema = str(self.database.get_schema_basedn())
        self.database.add(
            {
                "dn": f"CN=ms-DS-Delegated-Managed-Service-Account,{schema}",
                "objectClass": "classSchema",
                "lDAPDisplayName": "msDS-DelegatedManagedServiceAccount",
                # From the range that anybody may use: the lab is the only place that has it.
                "governsID": "1.3.6.1.4.1.7165.4.255.1",
                "subClassOf": "computer",
                "objectClassCategory": "1",
                "possSuperiors": ["container", "organizationalUnit", "domainDNS"],
                "rDNAttID": "cn",
                "defaultObjectCategory": f"CN=ms-DS-Delegated-Managed-Service-Account,{schema}",
                "defaultSecurityDescriptor": "D:(A;;RPWPCRCCDCLCLORCWOWDSDDTSW;;;DA)(A;;RPLCLORC;;;AU)",
                "showInAdvancedViewOnly": "TRUE",
            }
        )
        self.database.set_schema_update_now()


    def controllers_in_dns(self):
        """Two controllers, the first of which does not exist; and the child's."""
        name = f"_ldap._tcp.dc._msdcs.{DOMAIN}"
        records = [SRVRecord(f"dc0.{DOMAIN}", 389, 0), SRVRecord(f"dc1.{DOMAIN}", 389, 10)]
        self.database.dns_replace(name, records)
        zone = f"DC={DOMAIN},CN=MicrosoftDNS,DC=DomainDnsZones,{BASE}"
        child = SRVRecord("dc2.emea.contoso.com", 389)
        self.database.add(
            {
                "dn": f"DC=_ldap._tcp.dc._msdcs.emea,{zone}",
                "objectClass": "dnsNode",
                "dnsRecord": ndr_pack(child),
            }
        )

    def other_domain(self, cn, base, dns_name, netbios_name):
        """Tells this domain of another in its forest."""
        self.database.add(
            {
                "dn": f"CN={cn},{PARTITIONS}",
                "objectClass": "crossRef",
                "nCName": base,
                "dnsRoot": dns_name,
                "nETBIOSName": netbios_name,
                # Only FLAG_CR_NTDS_NC: with the domain's bit Samba's Kerberos loses its way.
                "systemFlags": "1",
            },
            ["relax:0"],
        )


def fill_child(seed):
    seed.other_domain("CONTOSO", FOREST_BASE, FOREST, "CONTOSO")
    seed.group_managed("WebApp01")
    seed.group_managed("Berlin")
    seed.group_managed("Lyon")
    # A forest's users log on in each of its domains; here they are in both.
    seed.user("ci", READER_PASSWORD)
    seed.change(f"CN=ci,{USERS}", "userPrincipalName", [f"ci@{FOREST}"])
    # Two root keys, and neither is used yet.
    keys = ["6d2a2c5e-0000-4444-8888-000000000002", "6d2a2c5e-0000-4444-8888-000000000003"]
    seed.root_keys([(key, FAR_OFF) for key in keys])
    seed.change(f"CN=Administrator,{USERS}", "userPrincipalName", [f"administrator@{FOREST}"])
    seed.hidden_members()
    seed.harden()


def fill(seed):
    seed.controllers_in_dns()
    seed.other_domain("EUROPE", f"DC=emea,{BASE}", f"emea.{DOMAIN}", "EUROPE")
    seed.kerberos_names()
    readers = seed.readers_of_password()

    # Group managed service accounts as they are meant to be.
    seed.group_managed(
        "WebApp01",
        **{
            "msDS-GroupMSAMembership": readers,
            "servicePrincipalName": f"http/webapp01.{DOMAIN}",
        },
    )
    for cn in ["WebApp02", "webapps", "jenkins", "Orders-Api"]:
        seed.group_managed(cn)

    # Odd characters: in the account's own name, and in the CN alone.
    seed.group_managed("Parenthesis", "a(b)$")
    seed.group_managed("Space", "two words$")
    seed.group_managed("Script", "größe服務$")
    for number, cn in enumerate(["Star*Fish", "Comma, Inc", "Back\\slash", "Plus+Equals=", '"Q"']):
        seed.group_managed(cn, f"OddCn{number}$")

    # Near misses.
    seed.group_managed("Asleep", userAccountControl=str(WORKSTATION_TRUST | ACCOUNT_DISABLE))
    seed.group_managed("Twin")
    seed.user("Twin")
    seed.user("PlainUser")
    seed.add("msDS-ManagedServiceAccount", "Standalone", SERVICE_ACCOUNTS, "Standalone$")
    seed.change(
        f"CN=HOST01,{COMPUTERS}",
        "msDS-HostServiceAccount",
        [f"CN=Standalone,{SERVICE_ACCOUNTS}"],
        ldb.FLAG_MOD_ADD,
    )
    seed.delegated_class()
    seed.add("msDS-DelegatedManagedServiceAccount", "Delegated", SERVICE_ACCOUNTS, "Delegated$")

    seed.root_keys([(ROOT_KEY, LONG_AGO)])
    seed.states_for_doctor()

    # Who may log on, and who may not.
    seed.user("ci", READER_PASSWORD)
    seed.change(f"CN=ci,{USERS}", "userPrincipalName", [f"ci@{DOMAIN}"])
    seed.user("st-disabled", flags=NORMAL_ACCOUNT | ACCOUNT_DISABLE)
    seed.user("st-expired", accountExpires="116444736000000000")
    seed.user("st-mustchange", pwdLastSet="0")
    seed.user("st-hours", logonHours=b"\0" * 21)
    # In the year 2112: locked for as long as any lab lives.
    seed.user("st-locked", lockoutTime="161225952000000000")


def fleet(seed, count):
    """Accounts by the thousand, for whoever measures."""
    for number in range(count):
        seed.group_managed(f"Fleet{number:05}")


def main():
    database = create_domain(configuration())
    seed = Seed(database)
    if WHICH == "child":
        fill_child(seed)
    else:
        fill(seed)
        fleet(seed, int(os.environ.get("CREDSPEC_LAB_ACCOUNTS", "0")))
        seed.beneath_the_modules()


main()
