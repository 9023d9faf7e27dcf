// What a client holds when its site was undone: what its site brings, and what no site takes away.
// Pool only.
#pragma once

#include <optional>
#include <vector>

#include "adapters/sms/client/proof.h"
#include "adapters/sms/client/state.h"
#include "adapters/sms/manifest.h"
#include "adapters/sms/work.h"

namespace sitewide::sms {

/// The files that a client ends with when the site was undone: its `own` from before, or the
/// site's, which is what Client Setup fetches. Both may be one.
Result<std::vector<ExpectedFile>> originals_on_client(const Work& work, const ClientState& client,
                                                      const std::optional<ClientManifest>& own);

/// What keeps a client of which nothing was kept from having its undone site's files, in words;
/// empty: nothing does.
Result<std::string> missing_originals(const Work& work, const ClientState& client);

/// `answer`, with the names of the files of the hotfix that stay on the client as its reason and as
/// a warning: those that its site did not have before. To take them away one would have to know
/// that they were not there before the force; copy lists of an edited System.map bring such
/// (Q166771). An error: the client could not be looked at.
Result<Answer> tell_what_stays(const Work& work, const ClientState& client, Answer answer);

}  // namespace sitewide::sms
