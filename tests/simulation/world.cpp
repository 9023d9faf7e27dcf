#include "tests/simulation/world.h"

#include <algorithm>

namespace sitewide::simulation {

using std::chrono::hours;
using std::chrono::minutes;

World::World(const Schedule& schedule, const Layout& layout, Timestamp start, std::uint64_t seed,
             Chance& chance, const WorldBugs& bugs)
    : schedule_(schedule),
      layout_(layout),
      seed_(seed),
      chance_(chance),
      bugs_(bugs),
      true_(start),
      clients_(layout.clients.size()),
      sites_(schedule.sites.size()),
      changes_(schedule.sites.size()) {
  for (std::size_t i = 0; i < std::max<std::size_t>(1, schedule.hotfix.files.size()); ++i)
    planned_.push_back("new" + std::to_string(i));
  make_sites(start);
  make_clients(start);
}

void World::make_sites(Timestamp start) {
  const auto& files = schedule_.hotfix.files;
  for (std::uint32_t s = 0; s < sites_.size(); ++s) {
    SiteTruth& site = sites_[s];
    for (std::size_t i = 0; i < planned_.size(); ++i) {
      const bool fresh = i < files.size() && files[i].name.starts_with(kFresh);
      site.source.push_back(fresh ? "" : "old" + std::to_string(i));
    }
    site.original = site.source;
    site.servers.resize(schedule_.sites[s].plan.logon_servers.size());
    for (ServerTruth& server : site.servers) server.files = site.source;
    if (!chance_.strikes(Mishap::site_meddled, spot(s))) continue;
    at(start + chance_.dice(spot(18, s)).up_to(hours(24)), {[this, s] {
                                                              meddle(sites_[s]);
                                                              meets(Kind::site_meddled);
                                                              site_changes(s, false);
                                                            },
                                                            false,
                                                            {}});
  }
}

// What is planned for the client, and what it holds before we come: what its site serves, its own,
// or nothing.
void World::make_files(std::uint32_t c) {
  ClientTruth& client = clients_[c];
  client.planned = planned_;
  if (!layout_.clients[c].served || schedule_.name != kVarious) return;
  const SiteTruth& site = sites_[layout_.clients[c].site];
  const std::string_view platform = schedule_.clients.label(c, "platform");
  Dice dice = chance_.dice(spot(16, c));
  for (std::size_t i = 0; i < planned_.size(); ++i) {
    const PlannedFile& file = schedule_.hotfix.files[i];
    const bool its = file.platform.empty() || file.platform == platform;
    if (!its || file.on_client.empty()) client.planned[i].clear();
    std::string& before = client.original[i];
    before = client.planned[i].empty() ? "" : site.original[i];
    if (!before.empty() && dice.per_mille(100)) before = "own" + std::to_string(i);
    if (i > 0 && dice.per_mille(100)) before.clear();
  }
}

void World::make_clients(Timestamp start) {
  for (std::uint32_t c = 0; c < clients_.size(); ++c) {
    ClientTruth& client = clients_[c];
    Dice dice = chance_.dice(spot(1, c));
    client.current_before = chance_.strikes(Mishap::is_current, spot(c));
    client.broken = chance_.strikes(Mishap::client_broken, spot(c));
    for (std::size_t i = 0; i < planned_.size(); ++i) {
      const bool has = layout_.clients[c].served || dice.per_mille(900);
      client.original.push_back(has ? (dice.half() ? "old" : "own") + std::to_string(i) : "");
      // What the site serves now is what its clients hold.
      if (layout_.clients[c].served) client.original.back() = "old" + std::to_string(i);
    }
    make_files(c);
    if (client.current_before) client.original = client.planned;
    client.files = client.original;
    // Its files may be current and its setting not.
    if (client.current_before && chance_.dice(spot(6, c)).half()) client.original_setting = "new";
    client.setting = client.original_setting;
    if (layout_.clients[c].site != kNone && !sites_[layout_.clients[c].site].servers.empty()) {
      const auto& servers = sites_[layout_.clients[c].site].servers;
      client.server = dice.below(static_cast<std::uint32_t>(servers.size()));
    }
    if (chance_.strikes(Mishap::component_in_use, spot(c)))
      client.in_use_until = start + dice.up_to(hours(12));
    if (chance_.strikes(Mishap::sick, spot(c))) {
      Dice ails = chance_.dice(spot(17, c));
      client.well_from = ails.half() ? kNever : start + ails.up_to(hours(24));
    }
    if (chance_.strikes(Mishap::meddled, spot(c))) {
      at(start + chance_.dice(spot(19, c)).up_to(hours(24)),
         {[this, c] { meddle(clients_[c]), meets(Kind::client_meddled); }, false, {}});
    }
    if (!chance_.strikes(Mishap::client_off, spot(c))) continue;
    client.off_from = start + dice.up_to(hours(6)) - minutes(120);
    client.off_until = dice.half() ? client.off_from + dice.up_to(hours(10)) : kNever;
  }
}

Spot World::spot_of(const Action& action) const {
  const auto times = times_.find(key_of(action));
  const Subject& subject = action.subject;
  const std::uint64_t gate =
      subject.kind == Subject::Kind::gate ? 100 * (subject.wave + 1ULL) + subject.position : 0;
  return spot(static_cast<std::uint64_t>(subject.kind) * 100000 + subject.index + (gate << 32),
              static_cast<std::uint64_t>(action.step) * 1000 + action.attempt,
              times == times_.end() ? 0 : times->second,
              static_cast<std::uint64_t>(action.purpose));
}

bool World::off(const Subject& subject) const {
  if (subject.kind != Subject::Kind::client) return false;
  const ClientTruth& client = clients_[subject.index];
  return true_ >= client.off_from && true_ < client.off_until;
}

bool World::has_files_back(std::uint32_t c) const {
  const ClientTruth& client = clients_[c];
  if (client.files == client.original) return true;
  const SiteTruth* site = serves(c);
  if (site == nullptr || !site->went_back) return false;
  for (std::size_t i = 0; i < client.files.size(); ++i) {
    const std::string& there = client.files[i];
    const bool left_over = !client.kept && site->original[i].empty() && there == client.planned[i];
    const bool from_site = !site->original[i].empty() && there == site->original[i];
    if (there != client.original[i] && !from_site && !left_over) return false;
  }
  return true;
}

// The site that its client has its files from; null when it has none.
const SiteTruth* World::serves(std::uint32_t c) const {
  const Layout::Client& where = layout_.clients[c];
  if (!where.served || where.site == kNone || sites_[where.site].servers.empty()) return nullptr;
  return &sites_[where.site];
}

bool World::is_set(std::uint32_t c) const {
  const bool configures = layout_.clients[c].served && !schedule_.hotfix.parts.client.empty();
  return !configures || clients_[c].setting == "new";
}

std::uint32_t World::running(std::uint32_t group, bool restores) const {
  std::uint32_t count = 0;
  const auto counts = [&](const Key& key) {
    const auto& [subject, step, attempt] = key;
    if (subject.kind != Subject::Kind::client || (step == Step::restore) != restores) return false;
    return group == kNone || layout_.clients[subject.index].owner == group;
  };
  for (const Key& key : reads_) count += counts(key) ? 1 : 0;
  for (const auto& [key, launch] : launches_) {
    const bool runs = launch.state == Launch::State::running;
    if (runs && !launch.unheard && !launch.given_up && !launch.stray && counts(key)) ++count;
  }
  return count;
}

std::string World::held_by(const Subject& subject) const {
  if (subject.kind == Subject::Kind::client) {
    const ClientTruth& client = clients_[subject.index];
    return in_words(client.files) + (is_well(subject.index) ? "" : ", sick") +
           (is_set(subject.index) ? "" : ", set " + client.setting) +
           (client.armed() ? ", " + client.phase : "") + (client.broken ? ", broken" : "") +
           (off(subject) ? ", off" : "");
  }
  if (subject.kind != Subject::Kind::site) return {};
  const SiteTruth& site = sites_[subject.index];
  std::string words = in_words(site.source) + ", map " + std::to_string(site.map) +
                      (site.stopped ? ", stopped" : "");
  for (const ServerTruth& server : site.servers)
    words += " | " + in_words(server.files) + ", list " + std::to_string(server.list);
  return words;
}

void World::at(Timestamp when, Pending pending) {
  pending_.emplace(std::max(when, true_), std::move(pending));
}

// What a program printed, seldom as much as is kept.
void World::print(const Action& action, Answer& answer) {
  Dice dice = chance_.dice(spot_of(action) + 2);
  if (schedule_.name != kVarious || action.purpose != Purpose::execute || !dice.per_mille(100))
    return;
  answer.output.head.assign(dice.per_mille(20) ? 8192 : dice.between(1, 80), 'o');
  answer.output.tail.assign(answer.output.head.size() < 8192 ? 0 : dice.between(1, 57344), 't');
  answer.output.total_bytes = answer.output.head.size() + answer.output.tail.size();
  meets(Kind::output);
}

void World::answer_at(Timestamp when, const Action& action, Answer answer) {
  print(action, answer);
  const bool twice = chance_.strikes(Mishap::answer_twice, spot_of(action));
  at(when, {[this, action, answer, twice] {
              reads_.erase(key_of(action));
              if (answers_ == nullptr || (life_ != nullptr && !life_->touch())) return;
              delivered_ = true;
              answers_->deliver(action, answer);
              if (twice) answers_->deliver(action, answer);
            },
            true, key_of(action), action.purpose});
}

void World::start(const Action& action, Answers& answers) {
  if (life_ != nullptr && !life_->touch()) return;
  answers_ = &answers;
  const Purpose purpose = action.purpose;
  if (purpose == Purpose::execute && witness != nullptr) witness->action_starts(action);
  ++times_[key_of(action)];
  if (purpose == Purpose::execute) {
    execute(action);
  } else if (bugs_.launches_twice && purpose != Purpose::poll) {
    launches_[key_of(action)].state = Launch::State::sent;
    begins(key_of(action));
    look(action);
  } else {
    look(action);
  }
  if (life_ != nullptr) life_->touch();
}

void World::stop(const Action& action) {
  if (life_ != nullptr && !life_->touch()) return;
  if (launches_.contains(key_of(action)) && action.purpose == Purpose::execute) return;
  for (auto it = pending_.begin(); it != pending_.end();) {
    const bool its = it->second.answer && it->second.key == key_of(action);
    it = its ? pending_.erase(it) : std::next(it);
  }
  reads_.erase(key_of(action));
}

// Children of the controller end where they are; what was sent elsewhere goes on.
void World::cancel(const Action& action) {
  if (life_ != nullptr && !life_->touch()) return;
  const Key key = key_of(action);
  const auto awaited = [&](const auto& entry) {  // a look at it goes on
    return entry.second.answer && entry.second.key == key &&
           entry.second.purpose == Purpose::execute;
  };
  const bool waits = std::erase_if(pending_, awaited) > 0;
  Answer answer;
  answer.outcome.kind = OutcomeKind::cancelled;
  const auto launch = launches_.find(key);
  if (launch != launches_.end()) {
    answer.kind = Answer::Kind::in_doubt;
    end_child(key);
  }
  if (waits) answer_at(true_ + std::chrono::seconds(5), action, answer);
}

// A child that runs leaves half of its effect, if it would have done so.
void World::end_child(const Key& key) {
  Launch& launch = launches_.at(key);
  const bool alive = launch.state == Launch::State::sent || launch.state == Launch::State::running;
  if (!alive || !launch.child) return;
  if (launch.state == Launch::State::running && launch.half) take_effect(key, true);
  launch.state = Launch::State::gone;
}

Duration World::jump() {
  const Duration by = jump_;
  jump_ = {};
  return bugs_.hides_jumps ? Duration{} : by;
}

void World::run_until(Timestamp until, bool until_delivered) {
  delivered_ = false;
  while (!pending_.empty() && pending_.begin()->first <= until) {
    if (delivered_ && until_delivered && pending_.begin()->first > true_) return;
    true_ = std::max(true_, pending_.begin()->first);
    const Pending next = std::move(pending_.begin()->second);
    pending_.erase(pending_.begin());
    next.happens();
  }
  if (!(delivered_ && until_delivered) && until < kNever) true_ = std::max(true_, until);
}

void World::wait(Timestamp until) {
  if (on_wait) on_wait();
  if (life_ != nullptr && life_->dead()) return;
  const Timestamp truly = until >= kNever ? kNever : until - moved_;
  run_until(truly, true);
  if (life_ != nullptr && life_->dead()) return;
  if (until >= kNever && pending_.empty() && !delivered_ && on_parked) on_parked();
}

void World::controller_died() {
  answers_ = nullptr;
  jump_ = {};  // the next one reads its clocks anew
  std::erase_if(pending_, [](const auto& entry) { return entry.second.answer; });
  reads_.clear();
  for (const auto& [key, launch] : launches_) end_child(key);
}

}  // namespace sitewide::simulation
