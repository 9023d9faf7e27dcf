// Program files: the head of any file is read without harm.
#include "plans/payload.h"
#include "tests/fuzz/property.h"
#include "tests/fuzz/targets.h"

namespace sitewide::fuzz {

void payload(std::string_view input) {
  const ProgramFacts facts = program_facts(input);
  using Kind = ProgramFacts::Kind;
  holds(facts.kind == Kind::pe || (facts.machine == 0 && !facts.built), "only PE files name a CPU",
        input);
  holds(facts.kind == Kind::other || input.size() >= 2, "a program has a head", input);
  const ProgramFacts longer = program_facts(std::string(input) + std::string(64, '\0'));
  if (facts.kind == Kind::pe) {
    holds(longer.kind == facts.kind && longer.machine == facts.machine, "its tail does not count",
          input);
  }
}

}  // namespace sitewide::fuzz
