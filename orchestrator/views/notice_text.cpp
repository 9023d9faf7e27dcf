// A notice as JSON and as a mail.
#include <array>
#include <boost/json.hpp>

#include "orchestrator/base/text.h"
#include "orchestrator/views/json_text.h"
#include "orchestrator/views/notice.h"

namespace sitewide {
namespace {

namespace json = boost::json;

constexpr std::size_t kMailLine = 76;
constexpr std::size_t kSubjectLimit = 150;

std::uint32_t count(const StateCounts& counts, ClientState state) {
  return counts[static_cast<std::size_t>(state)];
}
std::uint32_t total(const StateCounts& counts) {
  std::uint32_t sum = 0;
  for (const std::uint32_t each : counts) sum += each;
  return sum;
}
std::uint32_t on_target(const StateCounts& counts) {
  return count(counts, ClientState::upgraded) + count(counts, ClientState::already_current);
}

std::string id_of(const Notice& notice) {
  return notice.rollout + "/" + std::to_string(notice.seq);
}

json::object counts_object(const StateCounts& counts) {
  json::object by_state;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] > 0) by_state[name_of(static_cast<ClientState>(i))] = counts[i];
  }
  return by_state;
}

json::object data_of(const Notice& notice) {
  json::object data;
  data["rollout"] = json_string(notice.rollout);
  data["plan"] = json_string(notice.plan);
  data["host"] = json_string(notice.host);
  data["seq"] = notice.seq;
  data["occasion"] = name_of(notice.occasion);
  data["level"] = name_of(notice.level);
  data["state"] = name_of(notice.state);
  data["what"] = json_string(notice.what);
  data["where"] = json_string(notice.where);
  data["why"] = json_string(notice.why);
  data["clients"] = total(notice.counts);
  data["on_target"] = on_target(notice.counts);
  data["counts"] = counts_object(notice.counts);
  json::array next;
  for (const std::string& command : notice.next) next.push_back(json_string(command));
  data["next"] = std::move(next);
  return data;
}

// A header line holds ASCII; what is not becomes an encoded word (RFC 2047), broken between
// characters.
std::string header_text(const std::string& text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  bool plain = true;
  for (const char c : text) plain = plain && static_cast<unsigned char>(c) < 0x80;
  if (plain) return text;
  std::string line = "=?utf-8?Q?";
  std::size_t begin = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool starts_character = (byte & 0xC0U) != 0x80;
    if (starts_character && line.size() - begin > 50) {
      line += "?=\n =?utf-8?Q?";
      begin = line.size();
    }
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (letter) {
      line += c;
    } else {
      line += '=';
      line += kHex[byte >> 4U];
      line += kHex[byte & 15U];
    }
  }
  return line + "?=";
}

// Broken at blanks; lines after the first begin with `indent`.
std::string wrapped(const std::string& text, const std::string& indent) {
  std::string result;
  std::size_t column = indent.size();
  for (const std::string_view word : split(text, ' ')) {
    if (column > indent.size() && column + 1 + word.size() > kMailLine) {
      result += "\n" + indent;
      column = indent.size();
    } else if (column > indent.size()) {
      result += ' ';
      ++column;
    }
    result += word;
    column += word.size();
  }
  return result;
}

}  // namespace

std::string_view type_of(const Notice& notice) {
  switch (notice.occasion) {
    case Occasion::start:
      return "sitewide.rollout.started";
    case Occasion::halt:
      return notice.halts ? "sitewide.rollout.halted" : "sitewide.rollout.paused";
    case Occasion::breach:
      return "sitewide.rollout.breached";
    case Occasion::approval:
      return "sitewide.rollout.approval_needed";
    case Occasion::needs_hands:
      return "sitewide.rollout.needs_hands";
    case Occasion::rollback:
      return "sitewide.rollout.rollback_finished";
    case Occasion::end:
      return "sitewide.rollout.ended";
  }
  return {};
}

std::string cloud_event(const Notice& notice, const NoticeSource& source) {
  json::object event;
  event["specversion"] = "1.0";
  event["id"] = json_string(id_of(notice));
  event["source"] = json_string("/sitewide/" + source.unique_name);
  event["type"] = type_of(notice);
  event["subject"] = json_string(notice.subject);
  event["time"] = format_timestamp(std::chrono::floor<std::chrono::seconds>(notice.at));
  event["datacontenttype"] = "application/json";
  event["data"] = data_of(notice);
  return json_text(event);
}

std::string mail_of(const Notice& notice, const NoticeSource& source, const Email& email,
                    std::size_t index) {
  const std::string at = format_timestamp(std::chrono::floor<std::chrono::seconds>(notice.at));
  std::string mail;
  if (!email.from.empty()) mail += "From: " + email.from + "\n";
  mail += "To: " + join(email.to, ",\n ") + "\n";
  mail += "Subject: " +
          header_text("[sitewide] " + escaped(notice.rollout + ": " + notice.what, kSubjectLimit)) +
          "\n";
  // The same for every try, so that a mailbox that looks keeps one.
  mail += "Message-ID: <" + source.unique_name + "." + std::to_string(notice.seq) + "." +
          std::to_string(index) + "@sitewide.invalid>\n";
  mail += "Auto-Submitted: auto-generated\nMIME-Version: 1.0\n";
  mail += "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n";
  const std::string indent(9, ' ');
  mail += wrapped(notice.what, "") + "\n\n";
  mail += "Where:   " + wrapped(notice.where, indent) + "\n";
  if (!notice.why.empty()) mail += "Why:     " + wrapped(notice.why, indent) + "\n";
  mail += "Clients: " +
          wrapped(std::to_string(on_target(notice.counts)) + " of " +
                      count_of(total(notice.counts), "client") + " on target (" +
                      describe_counts(notice.counts) + ")",
                  indent) +
          "\n";
  mail += "Rollout: " +
          wrapped(escaped(notice.rollout) + ", " + spoken(name_of(notice.state)) +
                      (notice.host.empty() ? "" : ", controlled on " + notice.host),
                  indent) +
          "\n";
  mail += "When:    " + at + "\n\nRun next:\n";
  for (const std::string& command : notice.next) mail += "  " + command + "\n";
  return mail;
}

}  // namespace sitewide
