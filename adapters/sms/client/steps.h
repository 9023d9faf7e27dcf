// The steps of an SMS client that only read and write files (Q237690, Q166771). Each is one
// blocking function with its purposes in it; see sms/steps.h for how they are run, and run.h for
// the two that run programs. Pool only.
//
// Record in the store of originals: `client/pc001`, made by back_up before anything is done to the
// client.
#pragma once

#include <optional>

#include "adapters/sms/client/state.h"
#include "adapters/sms/manifest.h"
#include "adapters/sms/work.h"

namespace sitewide::sms {

/// Reads Sms.ini and the planned files: on_target when all of them have their digest. Refuses a
/// client without Sms.ini or on its way out of SMS (Q154752), of another operating system than the
/// inventory says (Q171329), or without a planned file.
Result<Answer> inspect(const Work& work);

/// Keeps each planned file's bytes, or its absence, Sms.ini and SetupPhase; the first record
/// stands.
Result<Answer> back_up(const Work& work);

/// Polls for the DONE predicate (proof.h); pending says what is missing. A client that left SMS has
/// failed.
Result<Answer> converge(const Work& work);

/// Polls once more, some time after the client was proven: ok when the files are what they shall be
/// and Client Setup is at rest; failed when one of them is not, or the client left SMS; pending
/// while Client Setup is at work on it, for as long as that may last. A copy list that is newer
/// than its last one says nothing against it.
Result<Answer> recheck(const Work& work);

/// As converge, on the files before: the client's own, or the site's, which Client Setup brings
/// after an undone force.
Result<Answer> converge_originals(const Work& work);

/// The health check `pcm_log`: polls Pcmwin.log for a look-up after `proven_at` (Q237690).
Result<Answer> pcm_health(const Work& work);

/// Puts files and SetupPhase back, by compare-and-swap, and proves it. A file that is neither the
/// original nor the hotfix (or a half-written copy of it) needs hands. Once the rollout has forced
/// the site, CopyListVersion is set to that of the logon server's list, or the next log-on would
/// bring the hotfix again (Q166771).
Result<Answer> restore(const Work& work);

/// What is said of a client that is on its way out of SMS (F23, Q154752).
std::string leaving_words(const ClientState& client);

/// The client's state; an Error of kind refused when it is no SMS client, or leaving SMS.
Result<ClientState> require_client(Files& drive_c);

/// The manifest of the operation's client; nothing when it was never backed up.
Result<std::optional<ClientManifest>> client_manifest(const Work& work);

/// The CopyListVersion on the client's logon server for its operating system; nothing when it
/// cannot be read.
std::optional<std::string> served_copy_list_version(const Work& work, const ClientState& client);

}  // namespace sitewide::sms
