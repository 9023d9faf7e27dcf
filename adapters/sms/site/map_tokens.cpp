#include "adapters/sms/site/map_tokens.h"

#include <algorithm>

#include "orchestrator/base/text.h"

namespace sitewide::sms {
namespace {

bool is_word(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

}  // namespace

bool MapTokens::at_mark(char mark) const {
  return current_.kind == MapToken::Kind::mark && current_.text[0] == mark;
}

bool MapTokens::at_word(std::string_view word) const {
  return current_.kind == MapToken::Kind::word && equals_ignoring_case(current_.text, word);
}

void MapTokens::advance() {
  at_ = std::min(text_.find_first_not_of(" \t\r\n", at_), text_.size());
  current_ = {};
  current_.span = {at_, at_};
  if (at_ == text_.size()) return;
  if (text_[at_] == '"') return take_quoted();
  std::size_t length = 0;
  while (at_ + length < text_.size() && is_word(text_[at_ + length])) ++length;
  current_.kind = length > 0 ? MapToken::Kind::word : MapToken::Kind::mark;
  length = std::max<std::size_t>(length, 1);
  current_.text = text_.substr(at_, length);
  at_ += length;
  current_.span.end = at_;
}

/// A quote that is never closed ends with its line, so that one damaged entry does not swallow the
/// rest.
void MapTokens::take_quoted() {
  const std::size_t begin = at_;
  const std::size_t end = std::min(text_.find_first_of("\"\n", begin + 1), text_.size());
  const bool closed = end < text_.size() && text_[end] == '"';
  at_ = closed ? end + 1 : end;
  current_ = {MapToken::Kind::quoted, text_.substr(begin + 1, end - begin - 1), {begin, at_}};
}

}  // namespace sitewide::sms
