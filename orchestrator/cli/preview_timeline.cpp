#include "orchestrator/cli/preview_timeline.h"

#include <algorithm>

#include "orchestrator/base/text.h"

namespace sitewide {
namespace {

constexpr std::size_t kMostMoments = 60;
constexpr std::size_t kFirstMoments = 40;
constexpr std::size_t kMostRows = 2000;

std::string seconds(Timestamp at) {
  return format_timestamp(std::chrono::floor<std::chrono::seconds>(at));
}

struct Span {
  Timestamp begin = kNever;
  Timestamp end{};
};

std::uint32_t group_of(const Subject& subject) {
  const bool group = subject.kind == Subject::Kind::group || subject.kind == Subject::Kind::wave;
  return group ? subject.index : kNone;
}

// From the first moment that a group is named in to the last one.
std::vector<Span> spans_of(const PreviewFacts& facts) {
  std::vector<Span> spans(facts.plan.compiled.schedule.groups.size());
  for (const ForecastMoment& moment : facts.forecast.moments) {
    const std::uint32_t g = group_of(moment.subject);
    if (g == kNone) continue;
    spans[g].begin = std::min(spans[g].begin, moment.at);
    spans[g].end = std::max(spans[g].end, moment.at);
  }
  return spans;
}

std::string bar_of(const std::string& name, const Span& span, const Forecast& forecast) {
  const double whole = std::max(1.0, static_cast<double>((forecast.end - forecast.start).count()));
  const auto at = [&](Timestamp when) {
    return std::to_string(static_cast<double>((when - forecast.start).count()) * 1000.0 / whole);
  };
  const std::string what = name + ": " + seconds(span.begin) + " to " + seconds(span.end);
  const double width =
      std::max(2.0, static_cast<double>((span.end - span.begin).count()) * 1000.0 / whole);
  return "<figure><figcaption>" + what +
         "</figcaption><svg viewBox=\"0 0 1000 16\" preserveAspectRatio=\"none\" role=\"img\" "
         "aria-label=\"" +
         what + "\"><rect class=\"track\" width=\"1000\" height=\"16\"/><rect class=\"span\" x=\"" +
         at(span.begin) + "\" width=\"" + std::to_string(width) +
         "\" height=\"16\"/></svg></figure>\n";
}

}  // namespace

std::string timeline_in_words(const PreviewFacts& facts) {
  std::string text = "Timeline, if all goes well and things last as assumed\n";
  const auto& moments = facts.forecast.moments;
  for (std::size_t i = 0; i < moments.size(); ++i) {
    if (moments.size() > kMostMoments && i == kFirstMoments) {
      const std::size_t left = moments.size() - kMostMoments;
      text += "  … " + count_of(left, "further moment") + "\n";
      i += left;
    }
    text += "  " + seconds(moments[i].at) + "  " + escaped(moments[i].text) + "\n";
  }
  return text + "  " + seconds(facts.forecast.end) + "  " + spoken(name_of(facts.forecast.result)) +
         "\n\n";
}

std::string_view timeline_style() {
  return "figure { margin: .5rem 0; } figcaption { font-size: .9rem; }\n"
         "figure svg { display: block; width: 100%; height: 1rem; }\n"
         ".track { fill: var(--band); stroke: var(--edge); } .span { fill: var(--busy); }\n";
}

std::string timeline_section(const PreviewFacts& facts) {
  const auto& groups = facts.plan.compiled.schedule.groups;
  std::string text = "<h2>Timeline</h2>\n<p>If all goes well and things last as assumed.</p>\n";
  const std::vector<Span> spans = spans_of(facts);
  for (std::size_t g = 0; g < spans.size(); ++g) {
    const std::string name = html_escaped(escaped(groups[g].plan.name));
    if (spans[g].begin < kNever) text += bar_of(name, spans[g], facts.forecast);
  }
  text +=
      "<div class=\"scroll\"><table><caption>What happens when, in UTC</caption><thead><tr>"
      "<th scope=\"col\">Time</th><th scope=\"col\">What</th></tr></thead><tbody>\n";
  const auto& moments = facts.forecast.moments;
  for (std::size_t i = 0; i < std::min(moments.size(), kMostRows); ++i) {
    text += "<tr><td class=\"time\">" + seconds(moments[i].at) + "</td><td>" +
            html_escaped(escaped(moments[i].text)) + "</td></tr>\n";
  }
  text += "</tbody></table></div>\n";
  if (moments.size() > kMostRows)
    text += "<p>… " + count_of(moments.size() - kMostRows, "further moment") + "</p>\n";
  return text;
}

}  // namespace sitewide
