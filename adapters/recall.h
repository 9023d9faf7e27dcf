// Recall: what a step has said of an attempt, so that what costs a look is looked for again only
// when something else was found, or after an hour. Only words are kept: losing them costs a look.
//
// Threads: any. Bounded: when it is full, everything is forgotten.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "orchestrator/core/time.h"

namespace sitewide {

class Recall {
 public:
  /// What was said of `key` at most an hour before `now`, when `found` was what was found; nothing
  /// when there is no such thing.
  std::optional<std::string> said(const std::string& key, std::string_view found,
                                  Timestamp now) const;
  /// Replaces what was said of `key`.
  void keep(const std::string& key, std::string found, std::string words, Timestamp now);
  void forget(const std::string& key);

 private:
  struct Said {
    std::string found, words;
    Timestamp at{};
  };
  mutable std::mutex mutex_;
  std::map<std::string, Said> said_;
};

}  // namespace sitewide
