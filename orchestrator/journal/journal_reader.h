// JournalReader: reads a journal, also while a controller writes it, and never writes or
// checkpoints anything. For resume, views and audits. One thread an object; calls block on the
// disk.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "orchestrator/journal/chain.h"

namespace sitewide {

class Database;

/// An event of a journal, mostly the last, and the chain's value there. Before the first event: 0,
/// and the chain's root.
struct ChainHead {
  std::int64_t seq = 0;
  Digest chain;

  friend bool operator==(const ChainHead&, const ChainHead&) = default;
};

class JournalReader {
 public:
  /// Called with each event; the Record is reused. An error ends the reading and is handed on.
  using Visit = std::function<Result<>(const Record&)>;

  /// Errors are of kind journal: missing, damaged, not a journal, of a newer schema.
  static Result<JournalReader> open(const std::filesystem::path& file);
  JournalReader(JournalReader&&) noexcept;
  JournalReader& operator=(JournalReader&&) noexcept;
  ~JournalReader();

  Result<JournalHeader> header();
  /// The schedule's text as it was stored.
  Result<std::string> schedule();

  /// Visits the events after `from` in order, as they stood at the call, by default all, and proves
  /// of each before its visit that nothing was altered, removed or added since it was written; the
  /// error names the first event that does not fit. Returns the last one visited (`from` when there
  /// was none): to follow a live journal, call it again with that. `visit` may be empty.
  Result<ChainHead> verify_chain(const Visit& visit = {}, const ChainHead& from = {});

  /// The kind of the last event that is none of `passed_over`; empty when there is none. Cheap,
  /// whatever the journal's length.
  Result<std::string> last_kind(std::span<const std::string_view> passed_over);

  /// What the program of the attempt that event `seq` ended printed; nothing when nothing was
  /// captured.
  Result<std::optional<Output>> output(std::int64_t seq);

 private:
  explicit JournalReader(std::unique_ptr<Database> database);
  std::unique_ptr<Database> database_;
};

/// As JournalReader::verify_chain, on a connection that is open already.
Result<ChainHead> verify_chain(Database& database, const JournalReader::Visit& visit,
                               const ChainHead& from = {});

}  // namespace sitewide
