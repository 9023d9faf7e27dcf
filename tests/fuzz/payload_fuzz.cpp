// Program files: what their heads say, held against a plain reading of the formats, byte by byte.
#include <array>

#include "plans/payload.h"
#include "tests/fuzz/property.h"
#include "tests/fuzz/targets.h"

namespace sitewide::fuzz {
namespace {

using Kind = ProgramFacts::Kind;

unsigned int byte_at(std::string_view bytes, std::size_t at) {
  return at < bytes.size() ? static_cast<unsigned char>(bytes[at]) : 0U;
}

/// As the formats' descriptions give it; bytes beyond the end count as none.
ProgramFacts plain_reading(std::string_view bytes) {
  constexpr std::array<unsigned int, 8> kSzdd{0x53, 0x5A, 0x44, 0x44, 0x88, 0xF0, 0x27, 0x33};
  constexpr std::array<unsigned int, 8> kKwaj{0x4B, 0x57, 0x41, 0x4A, 0x88, 0xF0, 0x27, 0xD1};
  bool szdd = true, kwaj = true;
  for (std::size_t i = 0; i < kSzdd.size(); ++i) {
    szdd = szdd && byte_at(bytes, i) == kSzdd[i];
    kwaj = kwaj && byte_at(bytes, i) == kKwaj[i];
  }
  ProgramFacts facts;
  if (szdd || kwaj) facts.kind = Kind::compressed;
  if (byte_at(bytes, 0) != 'M' || byte_at(bytes, 1) != 'Z') return facts;
  facts.kind = Kind::dos;
  std::size_t header = 0;
  if (bytes.size() >= 0x40) {
    for (std::size_t i = 4; i-- > 0;) header = header * 256 + byte_at(bytes, 0x3C + i);
  }
  const unsigned int first = byte_at(bytes, header), second = byte_at(bytes, header + 1);
  const bool is_16_bit =
      (first == 'N' && second == 'E') || (first == 'L' && (second == 'E' || second == 'X'));
  if (is_16_bit) facts.kind = Kind::windows16;
  const bool pe = first == 'P' && second == 'E' && header + 4 <= bytes.size() &&
                  byte_at(bytes, header + 2) == 0 && byte_at(bytes, header + 3) == 0;
  if (!pe) return facts;
  facts.kind = Kind::pe;
  if (header + 6 <= bytes.size()) {
    facts.machine =
        static_cast<std::uint16_t>(byte_at(bytes, header + 4) + byte_at(bytes, header + 5) * 256);
  }
  if (header + 12 > bytes.size()) return facts;
  std::int64_t seconds = 0;
  for (std::size_t i = 4; i-- > 0;) seconds = seconds * 256 + byte_at(bytes, header + 8 + i);
  if (seconds != 0) facts.built = Timestamp(std::chrono::seconds(seconds));
  return facts;
}

}  // namespace

void payload(std::string_view input) {
  const ProgramFacts facts = program_facts(input);
  const ProgramFacts plain = plain_reading(input);
  holds(facts.kind == plain.kind, "its kind is what its head says", input);
  holds(facts.machine == plain.machine, "its CPU is what its head says", input);
  holds(facts.built == plain.built, "its date is what its head says", input);
  const ProgramFacts longer = program_facts(std::string(input) + std::string(64, 'x'));
  if (facts.kind == Kind::pe && facts.machine != 0 && facts.built) {
    holds(
        longer.kind == facts.kind && longer.machine == facts.machine && longer.built == facts.built,
        "its tail does not count", input);
  }
}

}  // namespace sitewide::fuzz
