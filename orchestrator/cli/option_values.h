// Option values: what the tables of the command line say, as plain values. With options.cpp the one
// place that knows CLI11.
#pragma once

#include <CLI/CLI.hpp>
#include <map>
#include <string>
#include <vector>

#include "orchestrator/cli/manual.h"

namespace sitewide {

/// The closed lists that options take their values from.
using Choices = std::map<const CLI::Option*, std::vector<std::string>>;

/// Its options, and its positional arguments in order.
std::vector<ManualOption> options_of(const CLI::App& app, const Choices& choices);
std::vector<ManualOption> words_of(const CLI::App& app, const Choices& choices);

std::vector<std::string> command_names(const CLI::App& app);
/// `--name` of each option of both.
std::vector<std::string> option_names(const CLI::App& app, const CLI::App& sub);

/// The sentence about the first positional argument of `command` that was not given; empty when
/// that is not what `error`, the name of CLI11's, means.
std::string missing_word(const CLI::App& app, const std::string& command, const std::string& error);

}  // namespace sitewide
