// The steps of an SMS site (Q237690, Q166771). Each is one blocking function with the purposes
// execute, poll and recover in it; see steps.h for how they are run. Pool only.
//
// Records in the store of originals: `site/HQ` (what stood where; made by stage before its first
// write) and `force-<attempt>/HQ`, `force_originals-<attempt>/HQ` (System.map's time and the copy
// lists before that force), `system_map/HQ` (System.map before the rollout edited it).
#pragma once

#include <optional>

#include "adapters/sms/manifest.h"
#include "adapters/sms/work.h"

namespace sitewide::sms {

/// Puts every file into its folder of the site server, the originals kept first; what is right
/// already is not written. Refuses an older date over a newer one (a day apart is taken for the
/// same: the articles' own dates differ by zones and misprints, Q193269 and Q245816), another CPU's
/// binary, a compressed file, a file that somebody changed since, and a System.map that does not
/// take the hotfix's edits.
Result<Answer> stage(const Work& work);
/// All of stage but the writing: what it would refuse is refused, and the originals are kept.
Result<> prepare_stage(const Work& work);
/// Whether every file is in its place, and the originals are on record.
Result<bool> is_staged(const Work& work);
/// Puts the originals back, by compare-and-swap, and deletes files that were new. The copies of
/// those on logon servers stay (Maintenance Manager never deletes, Q193746) and are reported in
/// `left_on_logon_servers`.
Result<Answer> unstage(const Work& work);
/// What unstage would refuse, and what force_originals would after it.
Result<> prepare_unstage(const Work& work);
/// Whether every original is in its place.
Result<bool> is_unstaged(const Work& work);

/// Polls until every logon server holds every file (step P3 of Q237690).
Result<Answer> replicate(const Work& work);
/// Whether that is so still: an Error of kind refused when the site itself holds another file than
/// what was staged, of kind io when a logon server does.
Result<> is_still_replicated(const Work& work);
/// As replicate, with what stood there before; files that were new are not waited for.
Result<Answer> replicate_originals(const Work& work);

/// Gives System.map a later time and changes no byte of it (Q166771), but for the edits that the
/// hotfix names, which are a force themselves (Q254532). A force reaches every client of the site,
/// so what it would bring them is looked at once more before. What stood there is kept first;
/// force_originals puts it back, and a map that somebody else changed since needs hands.
Result<Answer> force(const Work& work);
/// What force_originals would refuse: System.map is neither what this rollout made of it nor what
/// it found. Nothing goes back before that is known, for a site without its force is half undone.
Result<> map_can_go_back(const Work& work);
/// Polls until each logon server shows a new CopyListVersion in each copy list.
Result<Answer> regenerate(const Work& work);

/// The manifest `site/NAME`; nothing when stage never recorded one.
Result<std::optional<SiteManifest>> site_manifest(const Work& work);

/// Whether a force of this rollout is on record for the site, in whatever group.
Result<bool> was_forced(const Work& work);
/// The same of a force that undid it.
Result<bool> were_originals_forced(const Work& work);

}  // namespace sitewide::sms
