// The rules of the source tree that no compiler and no formatter checks. Each is a pure function of
// one file; tidy_test.cpp runs all over the tree, and each over a small text that breaks it.
#pragma once

#include "tests/tidy/source_file.h"

namespace sitewide::tidy {

/// Who may include whom: folders by layer, each library by the files that wrap it, paths from the
/// root (include_rules.cpp has the tables).
std::vector<Finding> check_includes(const SourceFile& file);
/// What would make the core impure: clocks, chance, threads, files, logs, coroutines, and
/// containers without a fixed order.
std::vector<Finding> check_core_words(const SourceFile& file);
/// File, function and line limits.
std::vector<Finding> check_sizes(const SourceFile& file);
/// A header begins with a comment that says its job, and is included once.
std::vector<Finding> check_header(const SourceFile& file);
/// A promise for later names the issue that keeps it.
std::vector<Finding> check_promises(const SourceFile& file);
/// Arguments that g++ 12.2 miscompiles inside a co_await or co_spawn statement: double frees.
std::vector<Finding> check_coroutines(const SourceFile& file);
/// The lab judges the SMS adapter, so neither may lean on the other.
std::vector<Finding> check_lab_apart(const SourceFile& file);

}  // namespace sitewide::tidy
