// The words for states, levels and results. The sentences are in phrases.cpp.
#include "orchestrator/views/wording.h"

#include "orchestrator/base/text.h"

namespace sitewide {
namespace {

struct Glyph {
  std::string_view utf8, ascii;
  std::string_view in(Charset charset) const { return charset == Charset::utf8 ? utf8 : ascii; }
};

// In the order of ClientState.
constexpr std::array<Glyph, kClientStates> kClientGlyphs{{
    {"○", "."},  // waiting
    {"◌", ">"},  // inspecting
    {"◍", "b"},  // backing up
    {"▸", "t"},  // triggered
    {"↻", "~"},  // converging
    {"✔", "+"},  // upgraded
    {"=", "="},  // already current
    {"⊘", "!"},  // late
    {"?", "?"},  // in doubt
    {"✖", "x"},  // failed
    {"⊗", "X"},  // lost
    {"↺", "("},  // restoring
    {"↩", "<"},  // restored
    {"⚑", "#"},  // needs hands
    {"–", "-"},  // skipped
}};

}  // namespace

std::string_view glyph(ClientState state, Charset charset) {
  return kClientGlyphs[static_cast<std::size_t>(state)].in(charset);
}

std::string_view glyph(GroupState state, Charset charset) {
  switch (state) {
    case GroupState::waiting:
      return Glyph{"○", "."}.in(charset);
    case GroupState::running:
      return Glyph{"◌", ">"}.in(charset);
    case GroupState::soaking:
      return Glyph{"◔", ":"}.in(charset);
    case GroupState::awaiting_approval:
      return Glyph{"◇", "@"}.in(charset);
    case GroupState::checking:
      return Glyph{"◈", "?"}.in(charset);
    case GroupState::passed:
      return Glyph{"✔", "+"}.in(charset);
    case GroupState::halted:
      return Glyph{"✖", "x"}.in(charset);
    case GroupState::rolling_back:
      return Glyph{"↺", "("}.in(charset);
    case GroupState::rolled_back:
      return Glyph{"↩", "<"}.in(charset);
    case GroupState::skipped:
      return Glyph{"–", "-"}.in(charset);
  }
  return {};
}

std::string_view glyph(RolloutState state, Charset charset) {
  switch (state) {
    case RolloutState::running:
      return Glyph{"◌", ">"}.in(charset);
    case RolloutState::paused:
      return Glyph{"‖", "|"}.in(charset);
    case RolloutState::halted:
      return Glyph{"✖", "x"}.in(charset);
    case RolloutState::rolling_back:
      return Glyph{"↺", "("}.in(charset);
    case RolloutState::interrupted:
      return Glyph{"?", "?"}.in(charset);
    case RolloutState::completed:
      return Glyph{"✔", "+"}.in(charset);
    case RolloutState::completed_with_failures:
      return Glyph{"⚠", "!"}.in(charset);
    case RolloutState::rolled_back:
      return Glyph{"↩", "<"}.in(charset);
    case RolloutState::needs_hands:
      return Glyph{"⚑", "#"}.in(charset);
    case RolloutState::aborted:
      return Glyph{"■", "%"}.in(charset);
  }
  return {};
}

std::string_view glyph(SiteRecord::Phase phase, Charset charset) {
  switch (phase) {
    case SiteRecord::Phase::idle:
      return Glyph{"○", "."}.in(charset);
    case SiteRecord::Phase::staging:
      return Glyph{"◌", ">"}.in(charset);
    case SiteRecord::Phase::replicating:
      return Glyph{"↻", "~"}.in(charset);
    case SiteRecord::Phase::ready:
      return Glyph{"✔", "+"}.in(charset);
    case SiteRecord::Phase::undoing:
      return Glyph{"↺", "("}.in(charset);
    case SiteRecord::Phase::undone:
      return Glyph{"↩", "<"}.in(charset);
    case SiteRecord::Phase::failed:
      return Glyph{"✖", "x"}.in(charset);
  }
  return {};
}

std::string_view warning_of(const Outcome& outcome) {
  const auto warning = outcome.facts.find("warning");
  return warning == outcome.facts.end() ? std::string_view() : std::string_view(warning->second);
}

std::string_view name_of(Level level) {
  switch (level) {
    case Level::debug:
      return "debug";
    case Level::info:
      return "info";
    case Level::warning:
      return "warning";
    case Level::error:
      return "error";
  }
  return {};
}

std::string sentence(const Schedule& schedule, const Event& event) {
  return scope_of(schedule, event) + ": " + phrase(schedule, event);
}

std::string describe_counts(const StateCounts& counts) {
  std::string text;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] == 0) continue;
    if (!text.empty()) text += ", ";
    text += spoken(name_of(static_cast<ClientState>(i))) + " " + with_separators(counts[i]);
  }
  return text;
}

std::string glyph_counts(const StateCounts& counts, Charset charset) {
  std::string text;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const auto state = static_cast<ClientState>(i);
    if (counts[i] == 0 || state == ClientState::waiting) continue;
    if (!text.empty()) text += "  ";
    text += std::string(glyph(state, charset)) + " " + with_separators(counts[i]);
  }
  return text;
}

std::string describe_result(const Summary& summary) {
  std::string text = spoken(name_of(summary.state));
  if (!summary.halt_reason.empty()) text += " (" + escaped(summary.halt_reason, 400) + ")";
  text += ": " + with_separators(summary.on_target()) + " of " +
          count_of(summary.clients, "client") +
          (summary.clients == 1 ? " is on target" : " are on target");
  StateCounts rest = summary.counts;
  rest[static_cast<std::size_t>(ClientState::upgraded)] = 0;
  rest[static_cast<std::size_t>(ClientState::already_current)] = 0;
  for (std::size_t i = 0; i < rest.size(); ++i) {
    if (rest[i] == 0) continue;
    text += ", " + with_separators(rest[i]) + " " + spoken(name_of(static_cast<ClientState>(i)));
  }
  return text;
}

}  // namespace sitewide
