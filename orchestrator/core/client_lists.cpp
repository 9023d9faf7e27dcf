#include "orchestrator/core/client_lists.h"

namespace sitewide {

ClientLists::ClientLists(std::uint32_t clients, std::uint32_t lists)
    : links_(clients), heads_(lists) {}

void ClientLists::push_back(std::uint32_t list, std::uint32_t client) {
  remove(client);
  Head& head = heads_[list];
  links_[client] = {head.last, kNone, list};
  (head.last == kNone ? head.first : links_[head.last].next) = client;
  head.last = client;
  ++head.size;
}

void ClientLists::push_front(std::uint32_t list, std::uint32_t client) {
  remove(client);
  Head& head = heads_[list];
  links_[client] = {kNone, head.first, list};
  (head.first == kNone ? head.last : links_[head.first].previous) = client;
  head.first = client;
  ++head.size;
}

void ClientLists::remove(std::uint32_t client) {
  Link& link = links_[client];
  if (link.list == kNone) return;
  Head& head = heads_[link.list];
  (link.previous == kNone ? head.first : links_[link.previous].next) = link.next;
  (link.next == kNone ? head.last : links_[link.next].previous) = link.previous;
  --head.size;
  link = {};
}

void Timers::set(std::uint32_t client, Timestamp due) {
  const std::uint32_t at = position_[client];
  if (at == kNone) {
    heap_.push_back({due, client});
    position_[client] = static_cast<std::uint32_t>(heap_.size() - 1);
    sift(heap_.size() - 1);
  } else {
    heap_[at].due = due;
    sift(at);
  }
}

void Timers::cancel(std::uint32_t client) {
  const std::uint32_t at = position_[client];
  if (at == kNone) return;
  position_[client] = kNone;
  const Entry last = heap_.back();
  heap_.pop_back();
  if (at == heap_.size()) return;
  place(at, last);
  sift(at);
}

Timestamp Timers::due(std::uint32_t client) const {
  const std::uint32_t at = position_[client];
  return at == kNone ? kNever : heap_[at].due;
}

void Timers::place(std::size_t index, Entry entry) {
  heap_[index] = entry;
  position_[entry.client] = static_cast<std::uint32_t>(index);
}

// Moves the entry at `index` up or down until the heap holds again.
void Timers::sift(std::size_t index) {
  const Entry entry = heap_[index];
  while (index > 0 && entry < heap_[(index - 1) / 2]) {
    place(index, heap_[(index - 1) / 2]);
    index = (index - 1) / 2;
  }
  for (std::size_t child = 2 * index + 1; child < heap_.size(); child = 2 * index + 1) {
    if (child + 1 < heap_.size() && heap_[child + 1] < heap_[child]) ++child;
    if (!(heap_[child] < entry)) break;
    place(index, heap_[child]);
    index = child;
  }
  place(index, entry);
}

}  // namespace sitewide
