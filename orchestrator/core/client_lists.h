// Two structures that keep a million clients cheap: ClientLists, where each client stands in at
// most one of many queues, and Timers, a heap with one entry a client. Both cost O(1) or O(log n) a
// change and depend only on the order of the changes made, so a replay rebuilds them exactly. Pure.
#pragma once

#include <cstdint>
#include <vector>

#include "orchestrator/core/schedule.h"
#include "orchestrator/core/time.h"

namespace sitewide {

/// First-in first-out queues of clients; a client is in one of them or in none.
class ClientLists {
 public:
  ClientLists(std::uint32_t clients, std::uint32_t lists);

  /// Takes the client out of where it is and puts it at the end (or the front) of `list`.
  void push_back(std::uint32_t list, std::uint32_t client);
  void push_front(std::uint32_t list, std::uint32_t client);
  /// Takes the client out of its list; nothing happens when it is in none.
  void remove(std::uint32_t client);
  bool contains(std::uint32_t list, std::uint32_t client) const {
    return links_[client].list == list;
  }
  /// The list a client stands in, or kNone.
  std::uint32_t list_of(std::uint32_t client) const { return links_[client].list; }

  std::uint32_t front(std::uint32_t list) const {
    return heads_[list].first;
  }  ///< kNone when empty
  std::uint32_t next(std::uint32_t client) const { return links_[client].next; }
  std::uint32_t size(std::uint32_t list) const { return heads_[list].size; }
  bool empty(std::uint32_t list) const { return heads_[list].size == 0; }

 private:
  struct Link {
    std::uint32_t previous = kNone, next = kNone, list = kNone;
  };
  struct Head {
    std::uint32_t first = kNone, last = kNone, size = 0;
  };
  std::vector<Link> links_;
  std::vector<Head> heads_;
};

/// The earliest due time over clients; one time a client at most. Equal times come in client order.
class Timers {
 public:
  explicit Timers(std::uint32_t clients) : position_(clients, kNone) {}

  void set(std::uint32_t client, Timestamp due);
  void cancel(std::uint32_t client);
  bool empty() const { return heap_.empty(); }
  std::uint32_t size() const { return static_cast<std::uint32_t>(heap_.size()); }
  std::uint32_t first() const { return heap_.empty() ? kNone : heap_.front().client; }
  Timestamp first_due() const { return heap_.empty() ? kNever : heap_.front().due; }
  /// When the client is due, or kNever.
  Timestamp due(std::uint32_t client) const;

 private:
  struct Entry {
    Timestamp due;
    std::uint32_t client;
    friend bool operator<(const Entry& a, const Entry& b) {
      return a.due != b.due ? a.due < b.due : a.client < b.client;
    }
  };
  void place(std::size_t index, Entry entry);
  void sift(std::size_t index);

  std::vector<Entry> heap_;
  std::vector<std::uint32_t> position_;
};

}  // namespace sitewide
