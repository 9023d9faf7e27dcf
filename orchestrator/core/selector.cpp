#include "orchestrator/core/selector.h"

#include <algorithm>

namespace sitewide {
namespace {

using Operator = Requirement::Operator;

bool is_blank(char c) { return c == ' ' || c == '\t'; }
bool is_special(char c) {
  return c == ',' || c == '(' || c == ')' || c == '=' || c == '!' || c == '"' || c == '\'';
}

/// requirements = requirement *( "," requirement )
/// requirement  = key | "!" key | key ("=" | "==" | "!=") value | key ("in" | "notin") "(" value *(
/// "," value ) ")"
class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  Selector parse() {
    if (skip_blanks(); at_end()) fail(position_, 1, "the selector is empty");
    while (!error_) {
      requirement();
      if (error_ || at_end()) break;
      if (!take(',')) {
        fail_here("expected `,` or the end");
        break;
      }
      skip_blanks();
    }
    if (error_) return {{}, error_};
    return {std::move(requirements_), std::nullopt};
  }

 private:
  void requirement() {
    Requirement found;
    const bool negated = take('!');
    skip_blanks();
    found.column = static_cast<std::uint32_t>(position_ + 1);
    found.key = word("a label");
    if (error_) return;
    skip_blanks();
    if (negated) {
      found.test = Operator::absent;
    } else {
      operation(found);
    }
    skip_blanks();
    requirements_.push_back(std::move(found));
  }

  void operation(Requirement& found) {
    if (take("!=")) {
      found.test = Operator::not_in;
      single_value(found);
    } else if (take("==") || take('=')) {
      found.test = Operator::in;
      single_value(found);
    } else if (at_end() || text_[position_] == ',') {
      found.test = Operator::exists;
    } else {
      const std::size_t begin = position_;
      const std::string name = word("`=`, `!=`, `in` or `notin`");
      if (error_) return;
      if (name != "in" && name != "notin") {
        fail(begin, name.size(), "expected `=`, `!=`, `in`, `notin` or `,`, found `" + name + "`");
        return;
      }
      found.test = name == "in" ? Operator::in : Operator::not_in;
      value_list(found);
    }
  }

  void single_value(Requirement& found) {
    skip_blanks();
    found.values.push_back(word("a value"));
  }

  void value_list(Requirement& found) {
    skip_blanks();
    if (!take('(')) return fail_here("expected `(` after `in` or `notin`");
    do {
      skip_blanks();
      found.values.push_back(word("a value"));
      if (error_) return;
      skip_blanks();
    } while (take(','));
    if (!take(')')) fail_here("expected `,` or `)`");
  }

  std::string word(std::string_view what) {
    const std::size_t begin = position_;
    while (!at_end() && !is_blank(text_[position_]) && !is_special(text_[position_])) ++position_;
    if (position_ == begin) fail_here("expected " + std::string(what));
    return std::string(text_.substr(begin, position_ - begin));
  }

  bool at_end() const { return position_ >= text_.size(); }
  void skip_blanks() {
    while (!at_end() && is_blank(text_[position_])) ++position_;
  }
  bool take(char c) {
    if (at_end() || text_[position_] != c) return false;
    ++position_;
    return true;
  }
  bool take(std::string_view token) {
    if (text_.substr(position_, token.size()) != token) return false;
    position_ += token.size();
    return true;
  }
  void fail_here(std::string message) {
    if (at_end()) {
      message += ", but the selector ends here";
    } else {
      message += ", found `" + std::string(1, text_[position_]) + "`";
    }
    fail(position_, 1, std::move(message));
  }
  void fail(std::size_t at, std::size_t length, std::string message) {
    if (error_) return;
    error_ = SelectorError{static_cast<std::uint32_t>(at + 1), static_cast<std::uint32_t>(length),
                           std::move(message)};
  }

  std::string_view text_;
  std::size_t position_ = 0;
  std::vector<Requirement> requirements_;
  std::optional<SelectorError> error_;
};

bool contains(const std::vector<std::string>& sorted, std::string_view value) {
  const auto found = std::lower_bound(sorted.begin(), sorted.end(), value);
  return found != sorted.end() && *found == value;
}

}  // namespace

Selector parse_selector(std::string_view text) { return Parser(text).parse(); }

Matcher::Matcher(const Selector& selector, const ClientTable& clients) : clients_(clients) {
  for (const Requirement& requirement : selector.requirements) {
    Test test;
    test.test = requirement.test;
    const auto column = clients.find_column(requirement.key);
    if (requirement.key == "name" || requirement.key == "address") {
      test.source = requirement.key == "name" ? Source::name : Source::address;
      test.values = requirement.values;
      std::sort(test.values.begin(), test.values.end());
    } else if (column) {
      test.source = Source::label;
      test.column = *column;
      for (const std::string& value : requirement.values) {
        if (const auto id = clients.find_value(value)) test.ids.push_back(*id);
      }
      std::sort(test.ids.begin(), test.ids.end());
    } else {
      unknown_.push_back(requirement);
    }
    tests_.push_back(std::move(test));
  }
}

bool Matcher::matches(std::uint32_t client) const {
  for (const Test& test : tests_) {
    if (!passes(test, client)) return false;
  }
  return true;
}

bool Matcher::passes(const Test& test, std::uint32_t client) const {
  bool present = false;
  bool listed = false;
  if (test.source == Source::label) {
    const std::uint32_t id = clients_.cell_id(client, test.column);
    present = id != 0;
    listed = std::binary_search(test.ids.begin(), test.ids.end(), id);
  } else if (test.source != Source::nothing) {
    present = true;
    const bool by_name = test.source == Source::name;
    listed = contains(test.values, by_name ? clients_.name(client) : clients_.address(client));
  }
  switch (test.test) {
    case Operator::in:
      return listed;
    case Operator::not_in:
      return !listed;
    case Operator::exists:
      return present;
    case Operator::absent:
      return !present;
  }
  return false;
}

}  // namespace sitewide
