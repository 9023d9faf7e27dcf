#include "orchestrator/journal/owner.h"

#include <unistd.h>

#include <charconv>

#include "orchestrator/base/text.h"
#include "orchestrator/journal/machine.h"

namespace sitewide {

Owner this_process(Timestamp now) { return {host_name(), ::getpid(), user_name(), now}; }

std::string describe(const Owner& owner) {
  return "pid " + std::to_string(owner.pid) + " of " + escaped(owner.user, 64) + " on " +
         escaped(owner.host, 64) + ", since " + format_timestamp(owner.since);
}

std::string encode_owner(const Owner& owner) {
  return owner.host + '\n' + std::to_string(owner.pid) + '\n' + owner.user + '\n' +
         format_timestamp(owner.since) + '\n';
}

std::optional<Owner> parse_owner(std::string_view text) {
  const auto lines = split(text, '\n');
  if (lines.size() != 5) return std::nullopt;
  Owner owner;
  owner.host = lines[0];
  owner.user = lines[2];
  std::from_chars(lines[1].data(), lines[1].data() + lines[1].size(), owner.pid);
  const auto since = parse_timestamp(lines[3]);
  if (!since) return std::nullopt;
  owner.since = *since;
  // One text for one owner: a process 0012x is none.
  return encode_owner(owner) == text ? std::optional(std::move(owner)) : std::nullopt;
}

}  // namespace sitewide
