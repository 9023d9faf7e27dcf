// The keys of a source of the inventory.
#include "plans/keys.h"
#include "plans/keys_shared.h"

namespace sitewide {
namespace {

constexpr std::string_view kScopes[] = {"base", "one", "subtree"};

const Key kBindKeys[] = {
    {.name = "dn",
     .scalar = Scalar::text,
     .required = true,
     .description = "The distinguished name, or, for Active Directory, also `user@domain`."},
    {.name = "password",
     .form = Form::section,
     .section = &secret_section(),
     .required = true,
     .description = "Where the password is. It needs `ldaps://` or `start_tls`."},
};
constexpr LaterKey kLaterBind[] = {
    {"kerberos", "use a password, or a `command` source that asks with a ticket"}};
const Section kBind = {"bind", "As whom the directory is asked.", kBindKeys, kLaterBind};

const Key kLdapKeys[] = {
    {.name = "url",
     .scalar = Scalar::text,
     .required = true,
     .description = "`ldaps://HOST` or `ldap://HOST`, with a port where it is not the usual one."},
    {.name = "base",
     .scalar = Scalar::text,
     .required = true,
     .description = "The distinguished name below which entries are searched."},
    {.name = "filter",
     .scalar = Scalar::text,
     .fallback = "\"(objectClass=*)\"",
     .description = "Which entries are clients."},
    {.name = "scope",
     .scalar = Scalar::word,
     .words = kScopes,
     .fallback = "\"subtree\"",
     .description = "How far below `base`: itself, its children, everything."},
    {.name = "attributes",
     .form = Form::map,
     .scalar = Scalar::text,
     .required = true,
     .description = "`name`, `address` and labels → the attribute that holds each."},
    {.name = "bind",
     .form = Form::section,
     .section = &kBind,
     .description = "As whom it is asked. Default: as nobody."},
    {.name = "start_tls",
     .scalar = Scalar::flag,
     .fallback = "false",
     .description = "An `ldap://` connection is secured before anything else is said."},
    kCaFile,
    {.name = "page_size",
     .scalar = Scalar::positive,
     .fallback = "500",
     .description = "Entries that are asked for at a time; Active Directory gives 1,000 at most."},
};
const Section kLdap = {"ldap", "A directory that lists clients.", kLdapKeys, {}};

const Key kInventoryKeys[] = {
    {.name = "file",
     .scalar = Scalar::path,
     .choice = true,
     .description = "A CSV file with the columns name, address, and labels."},
    {.name = "hosts",
     .form = Form::list,
     .scalar = Scalar::pattern,
     .choice = true,
     .description = "Names with ranges: pc[001-040].hq."},
    {.name = "ansible",
     .scalar = Scalar::path,
     .choice = true,
     .description = "An Ansible inventory: INI, YAML, a folder or a script; read by "
                    "`ansible-inventory --list`."},
    {.name = "command",
     .form = Form::list,
     .scalar = Scalar::argument,
     .choice = true,
     .description = "A program that prints what `ansible-inventory --list` prints."},
    {.name = "ldap",
     .form = Form::section,
     .section = &kLdap,
     .choice = true,
     .description = "An LDAP directory or Active Directory."},
    {.name = "labels",
     .form = Form::map,
     .scalar = Scalar::label_value,
     .description = "Labels of clients that have none of that name from the source."},
    {.name = "variables",
     .form = Form::list,
     .scalar = Scalar::label_key,
     .description = "ansible, command: host variables that become labels. Default: all that can."},
    {.name = "within",
     .scalar = Scalar::positive_duration,
     .fallback = "\"1m\"",
     .description = "ansible, command, ldap: how long the answer may take."},
    {.name = "merge",
     .scalar = Scalar::flag,
     .fallback = "false",
     .description = "Clients that an earlier source lists may stand here again, and get what they "
                    "lack. Default: that is an error."},
};

}  // namespace

const Section& inventory_section() {
  static const Section section = {
      "inventory source", "Where clients are listed.", kInventoryKeys, {}};
  return section;
}

}  // namespace sitewide
