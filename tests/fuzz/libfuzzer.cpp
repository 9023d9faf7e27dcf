// One target as a libFuzzer program: SITEWIDE_FUZZ_TARGET is its name.
#include <cstddef>
#include <cstdint>

#include "tests/fuzz/targets.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  sitewide::fuzz::SITEWIDE_FUZZ_TARGET({reinterpret_cast<const char*>(data), size});
  return 0;
}
