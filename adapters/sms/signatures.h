// Signatures: the 37 known ways in which an SMS 1.2 rollout goes wrong (F01 to F37), each with the
// Knowledge Base articles that describe it, what is wrong, what cures it, and where Sitewide sees
// it. One that nothing within reach shows says so and why. adapters/sms/README.md has the table.
//
// Recognisers (client/signatures.h, client/configuration_request.h, site/signatures.h,
// log_signatures.h) only add words to what a step waits for or failed on: nothing is decided by
// them, and one that cannot look says nothing. Pure; any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace sitewide::sms {

/// In the order of their numbers: the first is F01.
enum class Failure : std::uint8_t {
  component_in_use = 1,
  restart_pending,
  restart_unprompted,
  file_missing,
  endless_restarts,
  request_failed,
  request_backlog,
  cut_short,
  mixed_inventory,
  server_skipped,
  server_full,
  stranded_files,
  manager_rights,
  library_in_use,
  damaged_map,
  component_copy,
  other_system,
  windows_moved,
  network_type,
  ini_locked,
  ini_blank,
  settings_lost,
  client_removed,
  smsrun_twice,
  setup_aborted,
  compressed_file,
  wrong_cpu,
  wrong_twin,
  put_back,
  other_server,
  package_agent,
  false_report,
  lock_outs,
  redirector,
  driver_left,
  cloned_id,
  script_skipped,
};

struct Signature {
  Failure failure;
  std::string_view severity;  ///< `blocks`, `stalls`, `harms` (data or a regression), `noise`
  std::string_view articles;  ///< the most telling first: `Q168463, Q166771`
  std::string_view wrong;     ///< what is wrong; a lowercase fragment
  std::string_view cure;      ///< what to do; a lowercase fragment
  std::string_view seen;      ///< where Sitewide sees it, and in which step; empty: nowhere
  std::string_view unseen;    ///< why it cannot be seen; empty: it can
};

/// All of them, in the order of their numbers.
std::span<const Signature> all_signatures();
const Signature& signature_of(Failure failure);

/// `F01`.
std::string id_of(Failure failure);

/// `component in use: Pcmwin32.exe (F01, Q168463): stop it or …`. `evidence` is what was seen, and
/// stands for the signature's own words; it is escaped and bounded already. At most 200 bytes are
/// added to it.
std::string told(Failure failure, std::string_view evidence = {});
/// As told(), with the article and the cure of a special case of the failure.
std::string told(Failure failure, std::string_view evidence, std::string_view article,
                 std::string_view cure);

}  // namespace sitewide::sms
