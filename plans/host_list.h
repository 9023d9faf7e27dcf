// HostList: the JSON that `ansible-inventory --list` prints, as a Listing. Pure.
//
// Hosts are those of `_meta.hostvars` and of every group's `hosts`. `ansible_host` is the address.
// A variable is a label when its name can be one and its value is a text, a number or a boolean;
// membership of a group, through its `children` too, is the label `group.NAME` with the value
// `yes`. Left out, counted and said: lists and maps, templates, values of several lines, names that
// no label has, and secrets: whatever is vaulted or has a name like `db_password`. Ansible's own
// variables are no labels but for `ansible_user` and `ansible_port`; older inventories' variables
// `ansible_ssh_host`, `…_user` and `…_port` stand for these where they are missing.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "orchestrator/base/result.h"
#include "plans/listing.h"

namespace sitewide {

/// `wanted`: the variables that become labels; empty: all that can. An Error when the text is no
/// JSON or not of this form; what is wrong with single hosts is in Listing::faults.
Result<Listing> read_host_list(std::string_view json, const std::vector<std::string>& wanted);

}  // namespace sitewide
