#include "orchestrator/cli/complete.h"

#include <algorithm>

#include "orchestrator/base/text.h"

namespace sitewide {
namespace {

constexpr std::size_t kCandidatesMax = 2000;

// `--a`, `=`, `b` of bash and `--a=b` of the others become `--a`, `b`. `joined` is the `--a=` that
// the last word began with: what completes it must begin with it too.
std::vector<std::string> apart(const std::vector<std::string>& words, std::string& joined) {
  std::vector<std::string> result;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    const bool last = i + 1 == words.size();
    const std::size_t equals = word.find('=');
    if (word == "=" && !result.empty() && result.back().starts_with("--")) {
      if (last) result.emplace_back();
    } else if (word.starts_with("--") && equals != word.npos) {
      result.push_back(word.substr(0, equals));
      result.push_back(word.substr(equals + 1));
      if (last) joined = word.substr(0, equals + 1);
    } else {
      result.push_back(word);
    }
  }
  return result;
}

const ManualOption* find_option(const std::vector<ManualOption>& options, const std::string& name) {
  for (const ManualOption& option : options) {
    if (std::find(option.names.begin(), option.names.end(), name) != option.names.end())
      return &option;
  }
  return nullptr;
}

// The line as far as it is written.
struct WrittenLine {
  const ManualCommand* command = nullptr;
  std::vector<std::string> words;              // positional, after the command
  std::vector<const ManualOption*> used;       // options that stand already
  const ManualOption* awaits_value = nullptr;  // the option whose value comes next
  bool only_words = false;                     // after `--`
};

WrittenLine read_line(const Manual& manual, const std::vector<std::string>& words) {
  WrittenLine line;
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    const std::string& word = words[i];
    if (line.awaits_value != nullptr) {
      line.awaits_value = nullptr;
    } else if (word == "--") {
      line.only_words = true;
    } else if (!line.only_words && word.starts_with("-")) {
      const ManualOption* option = find_option(manual.options, word);
      if (option == nullptr && line.command != nullptr)
        option = find_option(line.command->options, word);
      if (option == nullptr) continue;
      line.used.push_back(option);
      if (!option->value.empty()) line.awaits_value = option;
    } else if (line.command == nullptr) {
      line.command = manual.find(word);
    } else {
      line.words.push_back(word);
    }
  }
  return line;
}

class Completer {
 public:
  Completer(const Manual& manual, const KnownNames& names, std::string prefix, std::string joined)
      : manual_(manual), names_(names), prefix_(std::move(prefix)), joined_(std::move(joined)) {}

  Completion take() { return std::move(result_); }

  void commands() {
    for (const ManualCommand& command : manual_.commands) {
      if (!command.hidden) add(command.name, command.description);
    }
  }
  void pages() {
    commands();
    add("plan", "the plan language");
    add("events", "what --json prints");
  }
  void options(const std::vector<ManualOption>& options, const WrittenLine& line) {
    for (const ManualOption& option : options) {
      const bool used = std::find(line.used.begin(), line.used.end(), &option) != line.used.end();
      if (used && !option.repeatable) continue;
      for (const std::string& name : option.names) {
        if (name.starts_with("--") && !is_offered(name)) add(name, option.description);
      }
    }
  }
  void values(const ManualOption& option, const WrittenLine& line) {
    const std::string rollout = line.words.empty() ? "" : line.words.front();
    if (line.command != nullptr && line.command->name == "approve" && option.names.empty() &&
        option.value != "ID")
      return approval(option, line);
    for (const std::string& choice : option.choices) add(choice, "");
    const std::string& value = option.value;
    if (value == "PLAN") result_.files = Completion::Files::plans;
    if (value == "FILE") result_.files = Completion::Files::files;
    if (value == "DIR") result_.files = Completion::Files::folders;
    if (value == "ID" && names_.rollouts) add_all(names_.rollouts());
    if (value == "ARTICLE" && names_.articles) add_all(names_.articles());
    if (value == "PAGE") pages();
    if ((value == "GROUP" || value == "SUBJECT") && names_.groups)
      for (const std::string& name : names_.groups(rollout)) add(name, "group");
    if ((value == "CLIENT" || value == "SUBJECT") && names_.clients)
      for (const std::string& name : names_.clients(rollout)) add(name, "client");
  }

 private:
  // `approve ID GROUP NAME`: of groups only those with an approval, and only the names of theirs.
  void approval(const ManualOption& option, const WrittenLine& line) {
    if (option.value == "GROUP" && names_.gates) add_all(names_.gates(line.words[0]));
    if (option.value == "NAME" && names_.approvals)
      for (const std::string& name : names_.approvals(line.words[0], line.words[1]))
        add(name, "approval");
  }
  // A command's --help is everybody's too.
  bool is_offered(const std::string& word) const {
    const auto same = [&](const Candidate& one) { return one.word == joined_ + word; };
    return std::any_of(result_.candidates.begin(), result_.candidates.end(), same);
  }
  void add(const std::string& word, const std::string& description) {
    if (!word.starts_with(prefix_) || result_.candidates.size() >= kCandidatesMax) return;
    result_.candidates.push_back({joined_ + word, description});
  }
  void add_all(const std::vector<Candidate>& candidates) {
    for (const Candidate& one : candidates) add(one.word, one.description);
  }

  const Manual& manual_;
  const KnownNames& names_;
  std::string prefix_, joined_;
  Completion result_;
};

}  // namespace

Completion complete(const Manual& manual, const std::vector<std::string>& words,
                    const KnownNames& names) {
  std::string joined;
  std::vector<std::string> line_words = apart(words, joined);
  if (line_words.empty()) line_words.emplace_back();
  const std::string& prefix = line_words.back();
  const WrittenLine line = read_line(manual, line_words);
  Completer completer(manual, names, prefix, joined);
  if (line.awaits_value != nullptr) {
    completer.values(*line.awaits_value, line);
  } else if (prefix.starts_with("-") && !line.only_words) {
    if (line.command != nullptr) completer.options(line.command->options, line);
    completer.options(manual.options, line);
  } else if (line.command == nullptr) {
    completer.commands();
  } else if (line.words.size() < line.command->words.size()) {
    completer.values(line.command->words[line.words.size()], line);
  }
  return completer.take();
}

std::string value_given(const std::vector<std::string>& words, const std::string& option) {
  std::string joined, value;
  const std::vector<std::string> line = apart(words, joined);
  for (std::size_t i = 0; i + 2 < line.size(); ++i) {  // the word being written is no value yet
    if (line[i] == option) value = line[i + 1];
  }
  return value;
}

std::string completion_lines(const Completion& completion) {
  std::string text;
  for (const Candidate& one : completion.candidates) {
    // Names come from plans and journals: none may end a line or a column.
    if (has_control_character(one.word)) continue;
    text += one.word + "\t" + escaped(one.description) + "\n";
  }
  switch (completion.files) {
    case Completion::Files::none:
      break;
    case Completion::Files::plans:
      return text + ":plans\n";
    case Completion::Files::files:
      return text + ":files\n";
    case Completion::Files::folders:
      return text + ":folders\n";
  }
  return text;
}

}  // namespace sitewide
