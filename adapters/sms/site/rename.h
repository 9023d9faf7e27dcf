// Files of a site that are put aside under another name (Q256071, Q286819: a file in use can be
// renamed, and not replaced). Blocking; pool only.
//
// Record in the store of originals: `renamed/HQ`, what stood under each old name, made before the
// first rename.
#pragma once

#include "adapters/sms/manifest.h"
#include "adapters/sms/work.h"

namespace sitewide::sms {

/// Keeps what stands under each name that a `rename` part takes away. The first record stands.
/// Refused when something else has a new name already.
Result<> record_renames(const Work& work);

/// True when nothing is left to do: the file stands under its new name, or there never was one.
Result<bool> is_renamed(const Work& work, const SitePart& part);
/// Renames the file, by compare-and-swap. Refused when it was changed since, or when something else
/// has the new name.
Result<> rename_file(const Work& work, const SitePart& part);
/// True when the file has its old name again, or never had another.
Result<bool> is_renamed_back(const Work& work, const SitePart& part);
/// Gives the file its old name back; where its bytes stand there again already, the copy goes.
Result<> rename_back(const Work& work, const SitePart& part);

/// Whether `path` is missing because a `rename` part took it away.
Result<bool> was_put_aside(const Work& work, std::string_view path);

}  // namespace sitewide::sms
