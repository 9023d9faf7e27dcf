#include "adapters/prometheus_answer.h"

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <limits>
#include <optional>

#include "orchestrator/base/text.h"
#include "orchestrator/core/gate.h"

namespace sitewide {
namespace {

namespace json = boost::json;

constexpr std::size_t kDeepest = 16;
constexpr std::size_t kShown = 200;

Error not_an_answer(std::string why) { return {ErrorKind::invalid, std::move(why)}; }

std::string text_of(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
}

// As Prometheus writes numbers: `1`, `0.25`, `1e+06`, `+Inf`, `-Inf`, `NaN`.
std::optional<double> number_of(std::string_view text) {
  constexpr double kInfinite = std::numeric_limits<double>::infinity();
  if (text == "NaN") return std::numeric_limits<double>::quiet_NaN();
  if (text == "+Inf" || text == "Inf") return kInfinite;
  if (text == "-Inf") return -kInfinite;
  const std::size_t begin = text.starts_with('-') ? 1 : 0;
  if (text.size() <= begin || text[begin] < '0' || text[begin] > '9') return std::nullopt;
  double value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return std::nullopt;
  return value;
}

// `[1700000000.123, "0.25"]`.
std::optional<double> value_of(const json::value* pair) {
  if (pair == nullptr || !pair->is_array() || pair->as_array().size() != 2) return std::nullopt;
  const json::value& value = pair->as_array()[1];
  return value.is_string() ? number_of(value.as_string()) : std::nullopt;
}

std::string name_of_series(const json::value* metric) {
  if (metric == nullptr || !metric->is_object()) return {};
  std::string labels;
  for (const auto& [label, value] : metric->as_object()) {
    if (label == "__name__" || !value.is_string()) continue;
    labels += (labels.empty() ? "" : ",") + std::string(label) + "=\"" +
              std::string(value.as_string()) + "\"";
  }
  return text_of(metric->as_object(), "__name__") + (labels.empty() ? "" : "{" + labels + "}");
}

Result<std::vector<Sample>> vector_of(const json::value& result) {
  if (!result.is_array()) return not_an_answer("its result is no list");
  std::vector<Sample> samples;
  for (const json::value& element : result.as_array()) {
    const json::object* series = element.if_object();
    const auto value = series == nullptr ? std::nullopt : value_of(series->if_contains("value"));
    if (!value) return not_an_answer("one of its series has no value");
    samples.push_back({name_of_series(series->if_contains("metric")), *value});
  }
  return samples;
}

std::string shown(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.6g", value);
  return text;
}

}  // namespace

Result<std::vector<Sample>> parse_prometheus(std::string_view body) {
  json::parse_options options;
  options.max_depth = kDeepest;
  boost::system::error_code error;
  const json::value whole = json::parse(body, error, {}, options);
  const json::object* answer = error ? nullptr : whole.if_object();
  if (answer == nullptr) return not_an_answer("it is not a JSON object");
  if (text_of(*answer, "status") == "error")
    return not_an_answer("Prometheus says: " + escaped(text_of(*answer, "error"), kShown));
  const json::value* data = answer->if_contains("data");
  if (text_of(*answer, "status") != "success" || data == nullptr || !data->is_object())
    return not_an_answer("it is not what Prometheus answers to a query");
  const std::string type = text_of(data->as_object(), "resultType");
  const json::value* result = data->as_object().if_contains("result");
  if (result == nullptr) return not_an_answer("it has no result");
  if (type == "vector") return vector_of(*result);
  if (type != "scalar")
    return not_an_answer("its result is of type `" + escaped(type, 40) +
                         "`; the query must give a vector or a scalar");
  const auto value = value_of(result);
  if (!value) return not_an_answer("its scalar has no value");
  return std::vector<Sample>{{"", *value}};
}

Outcome judge_samples(const std::vector<Sample>& samples, const Inquiry& inquiry) {
  Outcome outcome;
  const auto least = parse_decimal(inquiry.at_least);
  const auto most = parse_decimal(inquiry.at_most);
  const auto distance = [&](double value) {  // how far outside the bounds
    return std::max({0.0, least ? *least - value : 0.0, most ? value - *most : 0.0});
  };
  if (samples.empty()) {
    outcome.kind = inquiry.empty_fails ? OutcomeKind::failed : OutcomeKind::inconclusive;
    outcome.reason = "the result is empty";
    return outcome;
  }
  const Sample* worst = &samples.front();
  for (const Sample& sample : samples) {
    if (std::isnan(sample.value)) {
      outcome.kind = OutcomeKind::inconclusive;
      outcome.reason = escaped(sample.series, kShown) + " is no number";
      return outcome;
    }
    if (distance(sample.value) > distance(worst->value)) worst = &sample;
  }
  const std::string count = std::to_string(samples.size()) + " series";
  const bool within = distance(worst->value) <= 0;
  const std::string series = worst->series.empty() ? "it" : escaped(worst->series, kShown);
  outcome.facts["value"] = shown(worst->value);
  if (!within) outcome.kind = OutcomeKind::failed;
  if (within && samples.size() > 1) {
    outcome.reason = "each of " + count + " is within the bounds";
    return outcome;
  }
  outcome.reason = series + " is " + shown(worst->value);
  if (samples.size() > 1) outcome.reason += ", the worst of " + count;
  return outcome;
}

std::string query_form(std::string_view query) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string text = "query=";
  for (const char c : query) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                       c == '-' || c == '.' || c == '_' || c == '~';
    const auto byte = static_cast<unsigned char>(c);
    if (plain) {
      text += c;
    } else {
      text += '%';
      text += kDigits[byte >> 4];
      text += kDigits[byte & 15];
    }
  }
  return text;
}

}  // namespace sitewide
