#include "plans/document.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <exception>
#include <sstream>
#include <unordered_map>

#include "orchestrator/base/text.h"
#include "plans/source_text.h"

namespace sitewide {
namespace {

/// Thrown through yaml-cpp to end a reading; the problem has been reported.
struct Stop : std::exception {};

/// Builds the tree from yaml-cpp's events. yaml-cpp's marks count bytes, so they are offsets into
/// the source.
class TreeBuilder : public YAML::EventHandler {
 public:
  TreeBuilder(const SourceText& source, Problems& problems)
      : source_(source), problems_(problems) {}

  Node take() {
    // When reading stopped half-way, what is open is closed as it stands.
    while (!open_.empty()) close();
    return std::move(root_);
  }

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t) override {
    Node node;
    node.place = place(mark, 1);
    count_node(node.place);
    add(std::move(node));
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    refuse(place(mark, source_.token_length(offset(mark))), "aliases are not allowed in a plan",
           "write the value out where it is needed; `defaults:` holds what groups share");
    Node node;
    node.kind = Node::Kind::refused;
    node.place = place(mark, 1);
    count_node(node.place);
    add(std::move(node));
  }
  void OnAnchor(const YAML::Mark& mark, const std::string& name) override {
    refuse(place(mark, name.size() + 1), "anchors are not allowed in a plan",
           "delete `&" + escaped(name, 40) + "` and write the value out where it is needed");
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    const std::size_t at = after_properties(mark, tag, anchor);
    Node node;
    node.kind = Node::Kind::scalar;
    node.text = value;
    node.quoted = tag == "!" && source_.at(at) != '!';
    const bool as_written = !node.quoted && !value.empty() && source_.from(at).starts_with(value);
    node.place = source_.place(at, as_written ? value.size() : source_.token_length(at));
    check_scalar(node);
    count_node(node.place);
    add(std::move(node));
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(Node::Kind::list, mark, tag, anchor);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(Node::Kind::map, mark, tag, anchor);
  }
  void OnMapEnd() override { close(); }

 private:
  /// A list or a map that is not finished yet.
  struct Frame {
    Node node;
    bool has_key = false;  // map: the key was read, its value comes next
    std::string key;
    Place key_place;
    bool key_refused = false;
    std::unordered_map<std::string, Place> seen;
  };

  static std::size_t offset(const YAML::Mark& mark) { return static_cast<std::size_t>(mark.pos); }
  Place place(const YAML::Mark& mark, std::size_t bytes) const {
    return source_.place(offset(mark), bytes);
  }

  /// Where the value itself begins; reports a tag before it. yaml-cpp marks the anchor or tag if
  /// there is one.
  std::size_t after_properties(const YAML::Mark& mark, const std::string& tag,
                               YAML::anchor_t anchor) {
    std::size_t at = offset(mark);
    while (source_.at(at) == '&' || source_.at(at) == '!') {
      const std::string_view token = source_.from(at).substr(0, SourceText::kLongestToken);
      const std::size_t length = std::min(token.find_first_of(" \t\r\n"), token.size());
      if (source_.at(at) == '!') report_tag(source_.place(at, length));
      at += length;
      at += std::min(source_.from(at).find_first_not_of(" \t\r\n"), source_.from(at).size());
    }
    const bool plain_tag = tag.empty() || tag == "?" || tag == "!";
    if (at == offset(mark) && !plain_tag && anchor == 0) report_tag(place(mark, 1));
    return at;
  }

  void report_tag(const Place& where) {
    refuse(where, "tags are not allowed in a plan",
           "delete the tag; every value is read as its key requires");
  }

  void check_scalar(const Node& node) {
    if (!is_utf8(node.text)) {
      refuse(node.place, "the text is not UTF-8", "save the file as UTF-8");
    }
    std::string visible = node.text;
    std::replace_if(
        visible.begin(), visible.end(), [](char c) { return c == '\n' || c == '\t'; }, ' ');
    if (has_control_character(visible)) {
      refuse(node.place, "the text holds a control character: `" + escaped(node.text, 60) + "`",
             "in double quotes a backslash is an escape; write Windows paths in single quotes");
    }
    const char last = node.quoted || node.text.empty() ? '\0' : node.text.back();
    const char opening = last == '}' ? '{' : last == ']' ? '[' : '\0';
    if (opening != '\0' && node.text.find(opening) == std::string::npos) {
      refuse(node.place, std::string("`") + last + "` closes nothing",
             "delete it, or write the text in quotes if it belongs to it");
    }
  }

  void open(Node::Kind kind, const YAML::Mark& mark, const std::string& tag,
            YAML::anchor_t anchor) {
    Frame frame;
    frame.node.kind = kind;
    frame.node.place = source_.place(after_properties(mark, tag, anchor), 1);
    if (open_.size() >= kDocumentDepth) {
      refuse(frame.node.place,
             "lists and maps are nested more than " + std::to_string(kDocumentDepth) + " deep",
             "no plan needs that; look for a bracket that is not closed");
      throw Stop();
    }
    count_node(frame.node.place);
    open_.push_back(std::move(frame));
  }

  void close() {
    Node node = std::move(open_.back().node);
    open_.pop_back();
    add(std::move(node));
  }

  void count_node(const Place& where) {
    if (++nodes_ <= kDocumentNodes) return;
    refuse(where, "the file holds more than " + with_separators(kDocumentNodes) + " values",
           "put the clients into a CSV file and name it under `inventory`");
    throw Stop();
  }

  void add(Node node) {
    if (open_.empty()) {
      root_ = std::move(node);
      return;
    }
    Frame& frame = open_.back();
    if (frame.node.is_list()) {
      frame.node.items.push_back(std::move(node));
    } else if (!frame.has_key) {
      add_key(frame, node);
    } else {
      add_value(frame, std::move(node));
    }
  }

  void add_key(Frame& frame, const Node& node) {
    frame.has_key = true;
    frame.key_place = node.place;
    frame.key_refused = true;
    if (node.kind == Node::Kind::refused) return;
    if (!node.is_scalar() || node.text.empty()) {
      refuse(node.place, "a key must be a plain word",
             node.is_map() ? "write `{name}` in quotes if you mean a placeholder" : "");
      return;
    }
    if (node.text == "<<" && !node.quoted) {
      refuse(node.place, "merge keys are not allowed in a plan",
             "`defaults:` holds what groups share");
      return;
    }
    const auto [first, is_new] = frame.seen.emplace(node.text, node.place);
    if (!is_new) {
      problems_.push_back({Problem::Severity::error, node.place,
                           "duplicate key `" + escaped(node.text, 60) + "`",
                           "delete one of the two", first->second, "first defined here"});
      return;
    }
    frame.key = node.text;
    frame.key_refused = false;
  }

  static void add_value(Frame& frame, Node node) {
    frame.has_key = false;
    if (frame.key_refused) return;
    if (node.kind == Node::Kind::null) node.place = frame.key_place;
    frame.node.entries.push_back({std::move(frame.key), frame.key_place, std::move(node)});
  }

  void refuse(const Place& where, std::string message, std::string help) {
    problems_.push_back(
        {Problem::Severity::error, where, std::move(message), std::move(help), {}, {}});
  }

  const SourceText& source_;
  Problems& problems_;
  Node root_;
  std::vector<Frame> open_;
  std::size_t nodes_ = 0;
};

/// Says where a second document would begin, and throws at it.
class NothingMore : public YAML::EventHandler {
 public:
  NothingMore(const SourceText& source, Problems& problems)
      : source_(source), problems_(problems) {}
  void OnDocumentStart(const YAML::Mark& mark) override {
    const auto at = static_cast<std::size_t>(mark.pos);
    const bool separated = source_.from(at).substr(0, 3) == "---";
    const std::size_t length = separated ? 3 : source_.token_length(at);
    problems_.push_back({Problem::Severity::error,
                         source_.place(at, length),
                         separated ? "a second document begins here"
                                   : "this does not belong to what stands before it",
                         separated
                             ? "a plan is one document; delete `---` or move the rest"
                             : "look at the indentation of this line and of the one before it",
                         {},
                         {}});
    throw Stop();
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark&, YAML::anchor_t) override {}
  void OnAlias(const YAML::Mark&, YAML::anchor_t) override {}
  void OnScalar(const YAML::Mark&, const std::string&, YAML::anchor_t,
                const std::string&) override {}
  void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                       YAML::EmitterStyle::value) override {}
  void OnSequenceEnd() override {}
  void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                  YAML::EmitterStyle::value) override {}
  void OnMapEnd() override {}

 private:
  const SourceText& source_;
  Problems& problems_;
};

/// yaml-cpp's messages in words that say what to look for.
struct Wording {
  std::string_view theirs, ours, help;
};
constexpr Wording kWordings[] = {
    {"illegal EOF in scalar", "the quotes are not closed", "add the closing quote"},
    {"illegal map value", "a `:` is not expected here",
     "write text that holds `: ` in quotes, and look at the indentation"},
    {"end of map not found", "this does not fit what stands before it",
     "look at the indentation, and for text after a closing quote"},
    {"end of map flow not found", "the `{` is not closed", "add the closing `}`"},
    {"end of sequence not found", "this does not fit the list before it",
     "every item of a list begins with `- ` in the same column"},
    {"end of sequence flow not found", "the `[` is not closed", "add the closing `]`"},
    {"illegal flow end", "this bracket closes nothing", "delete it"},
    {"illegal tab when looking for indentation", "a tab in the indentation", ""},
    {"illegal block entry", "a list item is not expected here", "look at the indentation"},
    {"illegal map key", "a key is not expected here", "look at the indentation"},
    {"unknown token", "this character cannot begin a value",
     "write text that begins with `@`, `` ` `` or `%` in quotes"},
};

Problem syntax_problem(const YAML::Exception& error, const SourceText& source) {
  const std::size_t at = error.mark.is_null() ? 0 : static_cast<std::size_t>(error.mark.pos);
  Problem problem;
  problem.place = source.place(at, source.token_length(at));
  problem.message = "this is not YAML: " + escaped(error.msg, 200);
  for (const Wording& wording : kWordings) {
    if (error.msg != wording.theirs) continue;
    problem.message = wording.ours;
    problem.help = wording.help;
  }
  if (source.indented_by_tab(at)) problem.help = "indent by spaces, not by tabs";
  return problem;
}

/// Every reading of yaml-cpp goes through here, because it throws.
template <class Reading>
bool guarded(const SourceText& source, Problems& problems, Reading reading) {
  try {
    reading();
    return true;
  } catch (const Stop&) {
    return false;
  } catch (const YAML::Exception& error) {
    problems.push_back(syntax_problem(error, source));
    return false;
  } catch (const std::exception& error) {
    problems.push_back({Problem::Severity::error,
                        source.place(0),
                        "this is not YAML: " + escaped(error.what(), 200),
                        {},
                        {},
                        {}});
    return false;
  }
}

}  // namespace

const Node* Node::find(std::string_view key) const {
  for (const Entry& entry : entries) {
    if (entry.key == key) return &entry.value;
  }
  return nullptr;
}

Document parse_document(std::string_view bytes, std::uint16_t source_number) {
  Document document;
  if (bytes.substr(0, 3) == "\xEF\xBB\xBF") bytes.remove_prefix(3);
  if (bytes.size() > kDocumentBytes) {
    document.complete = false;
    document.problems.push_back({Problem::Severity::error,
                                 {0, 0, 1, source_number},
                                 "the file is larger than 1 MiB",
                                 "put the clients into a CSV file and name it under `inventory`",
                                 {},
                                 {}});
    return document;
  }
  const SourceText source(bytes, source_number);
  // yaml-cpp takes 0x04 for the end of the file and passes other control characters on: none may
  // reach it.
  std::istringstream stream(source.without_bad_characters(document.problems));
  TreeBuilder builder(source, document.problems);
  NothingMore nothing_more(source, document.problems);
  document.complete = guarded(source, document.problems, [&] {
    // Each document is asked for once: `,` would be handed out as a document without end.
    YAML::Parser parser(stream);
    if (parser.HandleNextDocument(builder)) parser.HandleNextDocument(nothing_more);
  });
  document.root = builder.take();
  return document;
}

}  // namespace sitewide
