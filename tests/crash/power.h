// The power goes: what was not synced is gone. crash_shim.c keeps what was durable of each file and
// folder when it was last synced; here the disk is put back to that. The model is a strict one:
// nothing that was not synced has survived, no byte and no name; names of files that were synced
// survive only if their folder was synced too. Plain kills show the other end, where all survives.
#pragma once

#include <filesystem>
#include <map>
#include <string>

namespace sitewide::test {

/// The program's environment in which what is durable below `root` is kept in `kept`, which must be
/// there. Syncs of files that match the shell pattern `ignored` count for nothing, as those of a
/// program that forgot them.
std::map<std::string, std::string> environment_for_power(const std::filesystem::path& root,
                                                         const std::filesystem::path& kept,
                                                         const std::string& ignored);

/// Puts `root` back to what was durable of it. Only where numbers of files are not used again, as
/// in memory.
void cut_power(const std::filesystem::path& root, const std::filesystem::path& kept);

}  // namespace sitewide::test
