// Wording: how events and states are said to a person. One sentence an event, one glyph and one
// word a state, the same in every view. Pure; everything that came from a client, a plan or an
// operator is escaped.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "orchestrator/core/event.h"
#include "orchestrator/core/schedule.h"
#include "orchestrator/core/summary.h"

namespace sitewide {

enum class Charset : std::uint8_t { utf8, ascii };

/// One cell wide; different for each state of a kind.
std::string_view glyph(ClientState state, Charset charset);
std::string_view glyph(GroupState state, Charset charset);
std::string_view glyph(RolloutState state, Charset charset);
std::string_view glyph(SiteRecord::Phase phase, Charset charset);

/// What an attempt that went well found amiss all the same (its fact `warning`); empty: nothing.
/// Not escaped.
std::string_view warning_of(const Outcome& outcome);

/// How much an event matters.
enum class Level : std::uint8_t { debug, info, warning, error };
std::string_view name_of(Level level);  ///< `debug`, `info`, `warning`, `error`
/// debug: only machines follow it (single attempts); info: a person does; warning and error: a
/// person should look.
Level level_of(const Event& event);

/// What the event belongs to for a person: the group's name, `site HQ`, or `rollout`.
std::string scope_of(const Schedule& schedule, const Event& event);
/// The event without its scope: `wave 2 of 3 starts: 8 clients`, `pc012 upgraded`.
std::string phrase(const Schedule& schedule, const Event& event);
/// The whole sentence: `canary: wave 2 of 3 starts: 8 clients`.
std::string sentence(const Schedule& schedule, const Event& event);

/// `upgraded 12, converging 3, failed 1`: the states that occur, in the order of ClientState.
std::string describe_counts(const StateCounts& counts);
/// `✔ 12 ↻ 3 ✖ 1`.
std::string glyph_counts(const StateCounts& counts, Charset charset);
/// How a rollout ended or stands, in one sentence: `completed with failures: 38 of 40 clients are
/// on target, 1 late, 1 needs hands`.
std::string describe_result(const Summary& summary);

}  // namespace sitewide
