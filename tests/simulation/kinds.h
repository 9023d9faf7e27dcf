// Kinds: what a simulated rollout meets that needs several things to come together, counted so that
// a change of the generator that loses one is seen. Pure.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "orchestrator/core/schedule.h"

namespace sitewide::simulation {

enum class Kind : std::uint8_t {
  // --- of the plan ---
  unrecorded_transport,  ///< no record tells of an upgrade that was never heard of
  sms_groups_abreast,    ///< two SMS groups, neither after the other
  file_new_to_site,      ///< a file that sites do not have before
  file_of_a_platform,    ///< a file that some clients get and others do not
  map_edit,              ///< System.map is edited
  services,              ///< services of the site are stopped for its stage
  command_with_site,     ///< clients of a command group that lie on a site
  site_attempts,         ///< a site with other attempts than the default
  zoned_window,          ///< a window in a zone of its own
  health,                ///< a health check
  // --- of the world ---
  launch_outlives_look,  ///< it arrives, or goes on, after a look that found nothing
  stray_takes_effect,    ///< and has its way
  put_back_once_more,    ///< a client gets its originals twice
  breach_abreast,        ///< an SMS group breaches while another one is in the middle of a wave
  site_file_deleted,     ///< undoing a site deletes what was new to it
  client_file_deleted,   ///< restoring a client deletes what was new to it
  restored_after_map_edit,
  services_started_by_look,
  health_fails,
  client_meddled,
  site_meddled,
  changed_by_others,  ///< a restore or unstage is refused for it
  long_jump,          ///< the clock jumps by more than a day
  output,             ///< an answer with captured output
};
inline constexpr std::size_t kKinds = 24;
using Met = std::array<std::uint32_t, kKinds>;  ///< how often, by kind

std::string_view name_of(Kind kind);
/// Adds what the plan has.
void count_plan(const Schedule& schedule, Met& met);

/// Beginning of the names of files that sites do not have before.
inline constexpr std::string_view kFresh = "fresh";
/// Name of plans that have more than the first generator gave.
inline constexpr std::string_view kVarious = "various";

}  // namespace sitewide::simulation
