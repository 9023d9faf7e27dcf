// Command details: what help and manual say of a command beyond its one line: a paragraph, an
// example where the options have none, and the exit codes that it can give. Constant data.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sitewide {

struct CommandDetails {
  std::string_view paragraph;
  std::string_view example;  ///< lines, indented by two; empty: options.cpp has one
  std::vector<int> codes;    ///< ascending
};

/// Of the command of that name; empty for an unknown one.
CommandDetails details_of(std::string_view command);

}  // namespace sitewide
