#include "plans/diagnostics.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "orchestrator/base/text.h"
#include "plans/json_text.h"
#include "plans/snippet.h"

namespace sitewide {
namespace {

std::string_view word(Problem::Severity severity) {
  return severity == Problem::Severity::error ? "error" : "warning";
}

std::string path_of(const Place& place, const std::vector<SourceFile>& files) {
  return place.source < files.size() ? escaped(files[place.source].path) : std::string("?");
}

std::string spot(const Place& place, const std::vector<SourceFile>& files) {
  std::string text = path_of(place, files);
  if (place.line == 0) return text;
  return text + ":" + std::to_string(place.line) + ":" + std::to_string(place.column);
}

/// The lines of the files, each read at most once. One that may hold a secret is never shown,
/// whichever problem points into it.
class Lines {
 public:
  Lines(const std::vector<SourceFile>& files, const Problems& problems)
      : files_(files), texts_(files.size()) {
    for (const Problem& problem : problems) {
      if (problem.near_secret) hidden_.insert({problem.place.source, problem.place.line});
    }
  }

  bool is_shown(const Place& place) const {
    return place.line != 0 && !hidden_.contains({place.source, place.line});
  }

  std::string_view line(const Place& place) {
    if (place.source >= files_.size() || place.line == 0) return {};
    FileLines& text = texts_[place.source];
    if (!text.loaded) text.load(files_[place.source]);
    return text.line(place.line);
  }

 private:
  const std::vector<SourceFile>& files_;
  std::vector<FileLines> texts_;
  std::set<std::pair<std::uint32_t, std::uint32_t>> hidden_;  // file, line
};

std::string full(const Problem& problem, const std::vector<SourceFile>& files, Lines& lines,
                 bool colour) {
  const Paint paint(colour);
  const bool is_error = problem.severity == Problem::Severity::error;
  std::string text = is_error ? paint.error("error") : paint.warning("warning");
  text += paint.strong(": " + escaped(problem.message)) + "\n";
  std::vector<Mark> marks;
  if (lines.is_shown(problem.place))
    marks.push_back({problem.place, lines.line(problem.place), {}, true});
  std::optional<Mark> elsewhere;
  if (problem.related && lines.is_shown(*problem.related)) {
    Mark mark{*problem.related, lines.line(*problem.related), problem.related_label, false};
    if (problem.related->source == problem.place.source) {
      marks.push_back(mark);
    } else {
      elsewhere = mark;
    }
  }
  const Gutter gutter(marks, elsewhere, paint);
  text += gutter.arrow("-->", spot(problem.place, files));
  if (!marks.empty()) text += gutter.snippet(marks);
  if (elsewhere) {
    text += gutter.arrow(":::", spot(elsewhere->place, files));
    text += gutter.snippet({*elsewhere});
  }
  if (!problem.help.empty()) text += gutter.help(escaped(problem.help));
  return text + "\n";
}

std::string concise(const Problem& problem, const std::vector<SourceFile>& files) {
  std::string text = spot(problem.place, files) + ": ";
  text += word(problem.severity);
  text += ": " + escaped(problem.message);
  if (!problem.help.empty()) text += " (" + escaped(problem.help) + ")";
  return text + "\n";
}

std::string json_place(const Place& place, const std::vector<SourceFile>& files) {
  return "\"file\":" + json_text(place.source < files.size() ? files[place.source].path : "") +
         ",\"line\":" + std::to_string(place.line) + ",\"column\":" + std::to_string(place.column) +
         ",\"length\":" + std::to_string(place.length);
}

std::string json(const Problem& problem, const std::vector<SourceFile>& files) {
  std::string text = R"({"v":1,"type":"diagnostic","level":)" + json_text(word(problem.severity)) +
                     "," + json_place(problem.place, files) +
                     ",\"msg\":" + json_text(problem.message);
  if (!problem.help.empty()) text += ",\"help\":" + json_text(problem.help);
  if (problem.related) {
    text += ",\"related\":{" + json_place(*problem.related, files) +
            ",\"msg\":" + json_text(problem.related_label) + "}";
  }
  return text + "}\n";
}

std::string summary(const std::string& path, const Problems& problems, std::size_t begin,
                    std::size_t end) {
  std::size_t errors = 0;
  for (std::size_t i = begin; i < end; ++i) {
    if (problems[i].severity == Problem::Severity::error) ++errors;
  }
  const std::size_t warnings = end - begin - errors;
  std::string text = path + ": ";
  if (errors > 0) text += count_of(errors, "error");
  if (errors > 0 && warnings > 0) text += ", ";
  if (warnings > 0) text += count_of(warnings, "warning");
  return text + "\n";
}

}  // namespace

void sort_problems(Problems& problems) {
  const auto order = [](const Problem& problem) {
    const Place& place = problem.place;
    return std::tie(place.source, place.line, place.column);
  };
  std::stable_sort(problems.begin(), problems.end(),
                   [&](const Problem& a, const Problem& b) { return order(a) < order(b); });
  const auto same = [&](const Problem& a, const Problem& b) {
    return order(a) == order(b) && a.message == b.message;
  };
  problems.erase(std::unique(problems.begin(), problems.end(), same), problems.end());
}

bool has_errors(const Problems& problems) {
  return std::any_of(problems.begin(), problems.end(), [](const Problem& problem) {
    return problem.severity == Problem::Severity::error;
  });
}

std::string render(Problems problems, const std::vector<SourceFile>& files,
                   const DiagnosticOptions& options) {
  sort_problems(problems);
  std::string text;
  std::string summaries;
  Lines lines(files, problems);
  for (std::size_t begin = 0; begin < problems.size();) {
    std::size_t end = begin;
    while (end < problems.size() && problems[end].place.source == problems[begin].place.source) {
      if (options.format == DiagnosticFormat::json) {
        text += json(problems[end], files);
      } else if (end - begin < options.cap) {
        text += options.format == DiagnosticFormat::full
                    ? full(problems[end], files, lines, options.colour)
                    : concise(problems[end], files);
      }
      ++end;
    }
    const std::string path = path_of(problems[begin].place, files);
    if (end - begin > options.cap) {
      summaries += path + ": and " + std::to_string(end - begin - options.cap) + " more\n";
    }
    summaries += summary(path, problems, begin, end);
    begin = end;
  }
  return options.format == DiagnosticFormat::json ? text : text + summaries;
}

}  // namespace sitewide
