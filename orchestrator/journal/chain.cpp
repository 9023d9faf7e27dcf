#include "orchestrator/journal/chain.h"

#include <bit>
#include <cstring>

namespace sitewide {
namespace {

// Canonical bytes: numbers as eight bytes, least significant first; texts as their length and their
// bytes. So no two different rows have the same bytes.
void append_number(std::string& bytes, std::uint64_t number) {
  if constexpr (std::endian::native == std::endian::big) number = __builtin_bswap64(number);
  char digits[sizeof number];  // whole, for there are nine in every event that is read
  std::memcpy(digits, &number, sizeof digits);
  bytes.append(digits, sizeof digits);
}

void append_text(std::string& bytes, std::string_view text) {
  append_number(bytes, text.size());
  bytes += text;
}

std::string_view view_of(const Digest& digest) {
  return {reinterpret_cast<const char*>(digest.bytes.data()), digest.bytes.size()};
}

}  // namespace

Digest Chain::root(const JournalHeader& header, std::string_view schedule) {
  std::string bytes = "sitewide journal\n";
  append_text(bytes, header.rollout);
  append_text(bytes, header.instance);
  append_text(bytes, header.host);
  append_number(bytes, static_cast<std::uint64_t>(header.created.time_since_epoch().count()));
  append_text(bytes, header.engine_version);
  append_number(bytes, static_cast<std::uint64_t>(header.event_format));
  append_text(bytes, header.plan_path);
  bytes += view_of(header.plan_digest);
  bytes += view_of(header.schedule_digest);
  bytes += view_of(sha256(schedule));
  return sha256(bytes);
}

const Digest& Chain::extend(const Record& record, const Output* output) {
  bytes_.assign(view_of(head_));
  append_number(bytes_, static_cast<std::uint64_t>(record.seq));
  append_number(bytes_, static_cast<std::uint64_t>(record.at.time_since_epoch().count()));
  append_text(bytes_, record.kind);
  append_text(bytes_, record.subject);
  append_text(bytes_, record.step);
  append_number(bytes_, record.attempt);
  append_text(bytes_, record.outcome);
  append_text(bytes_, record.detail);
  if (output != nullptr) {
    append_number(bytes_, output->total_bytes);
    append_text(bytes_, output->head);
    append_text(bytes_, output->tail);
  }
  head_ = sha256(bytes_);
  return head_;
}

}  // namespace sitewide
