// Work: what the blocking part of an SMS step works with, and how it answers. A Work owns what it
// holds or borrows it from services that outlive every step, because a job on the pool may outlive
// its caller. Blocking; pool only.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/files.h"
#include "adapters/originals.h"
#include "adapters/recall.h"
#include "orchestrator/base/result.h"
#include "orchestrator/core/operation.h"

namespace sitewide::sms {

/// A logon server's SMS_SHR.
struct Share {
  std::string server;
  std::shared_ptr<Files> files;
};

struct Work {
  Operation operation;
  std::shared_ptr<Files> files;       ///< the site server's <SMS_root>, or the client's drive C:
  std::shared_ptr<Files> site_files;  ///< of a client step: its site's <SMS_root>; null: no site
  std::vector<Share> shares;          ///< of the site's logon servers, in the plan's order
  Originals* originals = nullptr;
  std::function<Result<std::string>(const Digest&)> payload;
  Timestamp now{};
  std::shared_ptr<Recall> recall;  ///< null: nothing is remembered

  Purpose purpose() const { return operation.action.purpose; }
  /// True for the last look of a watch: what it waits for then is why it failed.
  bool at_deadline() const { return now >= operation.action.deadline; }
  /// True for recover and abandon: the step only says what became of the attempt.
  bool looks_back() const { return purpose() == Purpose::recover || purpose() == Purpose::abandon; }
};

/// One step's blocking part. An Error is answered by answer_for().
using BlockingStep = Result<Answer> (*)(const Work&);

/// `done`, with this outcome. Reasons are for a person: a lowercase fragment.
Answer ok(std::map<std::string, std::string> facts = {});
/// `done` and ok, found on looking back.
Answer recovered(std::map<std::string, std::string> facts = {});
Answer failed(std::string_view reason);
Answer refused(std::string_view reason);
Answer unreachable(std::string_view reason);
Answer pending(std::string_view reason);
Answer in_doubt(OutcomeKind kind, std::string_view reason);
Answer no_effect();

/// What an Error means: executing, it ends the attempt as `unreachable`, `refused` or `failed`;
/// looking (poll, recover), it says only that nothing could be seen, so the answer is in doubt, or
/// pending for a poll that got through.
Answer answer_for(Purpose purpose, const Error& error);

/// The bytes of a file that is put into the store of originals, or replaced, may not be more than
/// this.
inline constexpr std::size_t kMostFileBytes = std::size_t{256} << 20;
/// The most that is read of an INI file or a copy list …
inline constexpr std::size_t kMostTextBytes = std::size_t{1} << 20;
/// … and of a log or System.map. Larger ones are not judged.
inline constexpr std::size_t kMostLogBytes = std::size_t{16} << 20;

}  // namespace sitewide::sms
