// What an ssh_config asks for that libssh must not do in this process. Blocks for the files.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sitewide::ssh {

/// Whether a line of an ssh_config is a `Match` with `exec`. Pure.
bool is_match_exec(std::string_view line);

/// Where a `Match exec` stands in the file or in what it includes, `FILE line N`; in the user's and
/// the system's when `config` is empty. libssh would fork for it, in a process of many threads and
/// without a limit of time, and take its exit from whoever reaps our programs.
std::optional<std::string> find_match_exec(const std::string& config);

}  // namespace sitewide::ssh
