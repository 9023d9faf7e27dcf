#include "plans/payload.h"

#include <algorithm>
#include <cstdint>
#include <map>

#include "orchestrator/base/text.h"
#include "plans/read_file.h"

namespace sitewide {
namespace {

constexpr std::uint64_t kPayloadBytes = 1ULL << 30;
/// Articles print stamps of one build that are up to half a day apart, in unknown zones (see
/// plans/README.md).
constexpr Duration kDateTolerance = std::chrono::hours(24);

/// The largest fragment of the family has 2,451 bytes (Q193269); it goes into the schedule as it
/// is.
/// The largest fragment of an article, Hotfix.map of Q254228, has 248,281 bytes.
constexpr std::size_t kFragmentBytes = 512 << 10;

std::uint32_t little_endian(std::string_view bytes, std::size_t at, std::size_t size) {
  std::uint32_t value = 0;
  if (at > bytes.size() || size > bytes.size() - at) return 0;
  for (std::size_t i = 0; i < size; ++i) {
    value |= static_cast<std::uint32_t>(static_cast<std::uint8_t>(bytes[at + i])) << (8 * i);
  }
  return value;
}

/// What is kept of a payload once it was read.
struct Payload {
  std::string failure;  // why it could not be read
  Digest digest;
  std::uint64_t size = 0;
  ProgramFacts facts;
};

Payload read_payload(const std::string& path) {
  Payload payload;
  const auto bytes = read_file(path, kPayloadBytes);
  if (!bytes) {
    payload.failure = bytes.error().message;
    return payload;
  }
  payload.digest = sha256(*bytes);
  payload.size = bytes->size();
  payload.facts = program_facts(*bytes);
  return payload;
}

std::string platform_of(std::uint16_t machine) {
  if (machine == 0x14c) return "x86";
  if (machine == 0x184) return "alpha";
  if (machine == 0x162 || machine == 0x166) return "mips";
  return "an unknown CPU";
}

std::string day(Timestamp at) { return format_timestamp(at).substr(0, 10); }

class Vetting {
 public:
  Vetting(PlannedFile& file, const Payload& payload, Problems& problems)
      : file_(file), payload_(payload), problems_(problems) {}

  void run() {
    check_digest();
    check_program();
    check_size_and_date();
    file_.size = payload_.size;
    file_.size_within = 0;
    file_.digest = payload_.digest;
  }

 private:
  void check_digest() {
    if (file_.digest == Digest{} || file_.digest == payload_.digest) return;
    error("the payload of " + name() + " was altered: its SHA-256 is " + payload_.digest.brief() +
              "…, not " + file_.digest.brief() + "…",
          "fetch it again; correct `sha256` only if you know why it changed");
  }

  void check_program() {
    const ProgramFacts& facts = payload_.facts;
    if (facts.kind == ProgramFacts::Kind::compressed || file_.source.ends_with('_')) {
      return error("the payload of " + name() + " is still compressed",
                   "expand it, for instance by `msexpand`");
    }
    if (facts.kind == ProgramFacts::Kind::pe) {
      const std::string platform = platform_of(facts.machine);
      if (platform == file_.platform) return;
      return error("the payload of " + name() + " is a program for " + platform,
                   "swap the `source` of the platforms");
    }
    const bool is_16_bit =
        facts.kind == ProgramFacts::Kind::dos || facts.kind == ProgramFacts::Kind::windows16;
    if (is_16_bit && file_.platform != "x86") {
      error("the payload of " + name() + " is a 16-bit program",
            "16-bit programs are for x86 alone");
    }
  }

  void check_size_and_date() {
    const auto& built = payload_.facts.built;
    const bool is_older = file_.date && built && *built < *file_.date - kDateTolerance;
    const bool is_later = file_.date && built && *built > *file_.date + kDateTolerance;
    const std::string said_by = file_.or_later ? "the article" : "the plan";
    if (is_older) {
      error("the payload of " + name() + " was built on " + day(*built) + ", before " +
                day(*file_.date) + " that " + said_by + " gives",
            "an older build lacks the fix");
    }
    if (file_.size != 0 && !has_size() && !(file_.or_later && is_later)) {
      const std::string around = file_.size_within == 0
                                     ? ""
                                     : ", rounded to KB: " + with_separators(file_.size_within) +
                                           " more or fewer are the same";
      error("the payload of " + name() + " has " + with_separators(payload_.size) + " bytes, " +
                said_by + " gives " + with_separators(file_.size) + around,
            file_.or_later ? "a later build may differ, but this one does not say that it is later"
                           : "");
    }
    // A later build than the article's must not be staged under the article's date.
    if (built && (!file_.date || (file_.or_later && is_later))) file_.date = *built;
  }

  bool has_size() const {
    const std::uint64_t larger = std::max(file_.size, payload_.size);
    return larger - std::min(file_.size, payload_.size) <= file_.size_within;
  }

  std::string name() const { return escaped(file_.name, 80) + " (" + file_.platform + ")"; }

  void error(std::string message, std::string help) {
    problems_.push_back(
        {Problem::Severity::error, file_.place, std::move(message), std::move(help), {}, {}});
  }

  PlannedFile& file_;
  const Payload& payload_;
  Problems& problems_;
};

/// The bytes of fragments of System.map are kept with the schedule.
void read_fragments(Plan& plan, Problems& problems) {
  for (MapEdit& edit : plan.hotfix.parts.map) {
    if (edit.fragment.empty()) continue;
    auto bytes = read_file(edit.fragment, kFragmentBytes);
    std::string failure = bytes ? std::string() : bytes.error().message;
    if (bytes) edit.fragment_text = std::move(*bytes);
    if (failure.empty() && !is_utf8(edit.fragment_text)) failure = "it is no plain text";
    if (failure.empty()) continue;
    problems.push_back({Problem::Severity::error,
                        edit.place,
                        "cannot use the fragment " + escaped(edit.fragment, 400) + ": " + failure,
                        "it lies in the hotfix's `payload` folder, or beside a plan without one",
                        {},
                        {}});
  }
}

}  // namespace

ProgramFacts program_facts(std::string_view bytes) {
  ProgramFacts facts;
  using namespace std::string_view_literals;
  if (bytes.starts_with("SZDD\x88\xf0\x27\x33"sv) || bytes.starts_with("KWAJ\x88\xf0\x27\xd1"sv)) {
    facts.kind = ProgramFacts::Kind::compressed;
    return facts;
  }
  if (!bytes.starts_with("MZ")) return facts;
  facts.kind = ProgramFacts::Kind::dos;
  const std::size_t header = little_endian(bytes, 0x3c, 4);
  const std::string_view signature = bytes.substr(std::min(header, bytes.size()), 4);
  if (signature.starts_with("NE") || signature.starts_with("LE") || signature.starts_with("LX")) {
    facts.kind = ProgramFacts::Kind::windows16;
  } else if (signature == "PE\0\0"sv) {
    facts.kind = ProgramFacts::Kind::pe;
    facts.machine = static_cast<std::uint16_t>(little_endian(bytes, header + 4, 2));
    const std::uint32_t built = little_endian(bytes, header + 8, 4);
    if (built != 0) facts.built = Timestamp(std::chrono::seconds(built));
  }
  return facts;
}

void check_payload(Plan& plan, Problems& problems) {
  read_fragments(plan, problems);
  std::map<std::string, Payload> payloads;
  for (PlannedFile& file : plan.hotfix.files) {
    if (file.source.empty()) continue;
    auto found = payloads.find(file.source);
    if (found == payloads.end())
      found = payloads.emplace(file.source, read_payload(file.source)).first;
    const Payload& payload = found->second;
    if (payload.failure.empty()) {
      Vetting(file, payload, problems).run();
      continue;
    }
    problems.push_back(
        {Problem::Severity::error,
         file.place,
         "cannot read the payload " + escaped(file.source, 400) + ": " + payload.failure,
         "paths are relative to the plan",
         {},
         {}});
  }
}

}  // namespace sitewide
