#include "tests/crash/trial.h"

#include <gmock/gmock.h>
#include <signal.h>

#include <algorithm>
#include <filesystem>
#include <stdexcept>
#include <thread>

#include "tests/crash/power.h"
#include "tests/support/event_log.h"
#include "tests/support/lab.h"
#include "tests/support/lab_check.h"

namespace sitewide::test {
namespace {

namespace fs = std::filesystem;

constexpr int kKilled = 128 + SIGKILL;
constexpr int kRefused = 4, kHalted = 11, kJournal = 15, kNeedsHands = 16;
constexpr int kCalmRuns = 3;
constexpr std::size_t kProgramBytes = 65536;  // what is larger is a program of the lab

std::string words(const Finished& run) {
  return "exit " + std::to_string(run.exit_code) + "\n" + run.out + run.err;
}

std::string list(const std::vector<std::string>& items) {
  std::string text;
  for (const std::string& item : items) text += (text.empty() ? "" : ", ") + item;
  return text;
}

bool tells_of_the_disk(const std::string& text) {
  for (const char* reason : {"No space left", "the disk is full", "Input/output error"}) {
    if (text.find(reason) != std::string::npos) return true;
  }
  return false;
}

std::vector<std::string> run_arguments(const CrashLab& lab) {
  return {"run", "--yes", lab.plan().string()};
}

EventLog events_of(const CrashLab& lab) {
  return EventLog(lab.run({"log", "latest", "--json"}).out);
}

/// Nothing when there is no such file.
std::string bytes_of(const fs::path& path) { return fs::exists(path) ? read_file(path) : ""; }

/// The lab is played meanwhile: a file may go between being listed and being read.
std::map<std::string, std::string> lasting_now(const CrashLab& lab) {
  for (int turn = 1;; ++turn) {
    try {
      return lab.lasting();
    } catch (const std::exception&) {
      if (turn == 20) throw;
    }
  }
}

/// The stand-ins may be a step behind a rollout that has ended.
std::vector<std::string> differing_at_last(const CrashLab& lab,
                                           const std::map<std::string, std::string>& files) {
  std::vector<std::string> differing;
  for (int turn = 0; turn < 100; ++turn) {
    differing = differences(files, lasting_now(lab));
    if (differing.empty()) return {};
    std::this_thread::sleep_for(std::chrono::milliseconds(turn < 20 ? 50 : 250));
  }
  return differing;
}

/// The files of labs that ended alike, once all of them hold the same and keep it: a forced update
/// goes on for a while with clients that nobody waits for.
std::map<std::string, std::string> settled(const std::vector<std::unique_ptr<CrashLab>>& labs) {
  std::vector<std::string> differing;
  for (int turn = 0; turn < 100; ++turn) {
    const auto files = lasting_now(*labs.front());
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    differing.clear();
    for (const auto& lab : labs) {
      const auto more = differences(files, lasting_now(*lab));
      differing.insert(differing.end(), more.begin(), more.end());
    }
    if (differing.empty()) return files;
  }
  throw std::runtime_error("undisturbed runs end differently: " + list(differing));
}

}  // namespace

Calm run_calm(const CrashLabs& labs, const CrashScenario& scenario) {
  Calm calm;
  std::map<Call, int> runs_with;
  std::vector<std::unique_ptr<CrashLab>> runs;
  for (int turn = 0; turn < kCalmRuns; ++turn) {
    runs.push_back(labs.copy("calm-" + std::to_string(turn)));
    const CrashLab& lab = *runs.back();
    const std::string log = (lab.root() / "calls.log").string();
    const Finished run = lab.run(run_arguments(lab), environment_to_count(log));
    if (run.exit_code != scenario.exit_code) throw std::runtime_error("calm run: " + words(run));
    calm.exit_code = run.exit_code;
    calm.client_states = events_of(lab).client_states();
    for (const Call& call : calls_in(read_file(log), lab.root().string())) {
      if (++runs_with[call] == 1) calm.calls.push_back(call);
    }
  }
  for (const auto& [call, count] : runs_with) {
    if (count == kCalmRuns) calm.always.insert(call);
  }
  calm.files = settled(runs);
  return calm;
}

Trial::Trial(const CrashLabs& labs, const Calm& calm, const std::string& name)
    : labs_(labs), calm_(calm), lab_(labs.copy(name)) {}

void Trial::expect(bool holds, const std::string& otherwise) {
  if (!holds) problems_.push_back(otherwise);
}

Finished Trial::run_to(const Point& point, std::vector<std::string> arguments,
                       const std::map<std::string, std::string>& more) {
  std::error_code ignored;
  fs::remove(log_file(), ignored);
  auto environment = environment_for(point, lab_->root().string(), log_file());
  environment.insert(more.begin(), more.end());
  return lab_->run(std::move(arguments), environment);
}

bool Trial::killed(const Finished& run, const std::string& what) {
  const bool reached = was_reached(bytes_of(log_file()));
  expect(reached == (run.exit_code == kKilled), what + " was not killed there: " + words(run));
  return reached;
}

Verdict Trial::verdict(bool reached) {
  if (!problems_.empty()) {
    problems_.push_back("its events:\n" + lab_->run({"log", "latest"}).out);
    if (getenv("SITEWIDE_KEEP_LABS") != nullptr) {
      write_file(lab_->root() / "kept", "");
      lab_->keep();
      problems_.push_back("kept in " + lab_->root().string());
    }
  }
  return {reached, problems_};
}

Verdict Trial::kill(const Point& point) {
  const Finished run = run_to(point, run_arguments(*lab_));
  const bool reached = killed(run, "the run");
  if (reached) {
    if (meddler_.after_the_kill) meddler_.after_the_kill(*lab_);
    expect_old_or_new();
    resume_to_the_end();
  } else {
    expect_calm_end(run);
  }
  return verdict(reached);
}

Verdict Trial::kill_twice(const Point& first, const Point& second) {
  const Finished run = run_to(first, run_arguments(*lab_));
  if (!killed(run, "the run")) return verdict(false);
  const Finished resume = run_to(second, {"resume", "latest"});
  const bool reached = killed(resume, "the resume");
  if (reached) {
    expect_old_or_new();
    resume_to_the_end();
  } else {
    expect_calm_end(resume);
  }
  return verdict(reached);
}

Verdict Trial::lose_power(const Point& point, const std::string& ignored) {
  const fs::path state = lab_->root() / "state";
  const fs::path kept = lab_->root() / "durable";
  fs::create_directory(kept);
  const Finished run =
      run_to(point, run_arguments(*lab_), environment_for_power(state, kept, ignored));
  const bool reached = killed(run, "the run");
  if (!reached) {
    expect_calm_end(run);
    return verdict(false);
  }
  const std::size_t before = events_of(*lab_).events().size();
  cut_power(state, kept);
  const std::size_t after = events_of(*lab_).events().size();
  // Right after a commit all that is written is confirmed; else the last turn need not be there.
  if (is_commit(point.call) && point.what == "after") {
    expect(after == before, "confirmed events are lost: " + std::to_string(after) +
                                " are left of " + std::to_string(before));
  }
  resume_to_the_end();
  return verdict(true);
}

Verdict Trial::fail_journal(const Point& point) {
  const Finished run = run_to(point, run_arguments(*lab_));
  const std::string log = bytes_of(log_file());
  const bool reached = was_reached(log);
  // SQLite passes over a folder that cannot be synced when it makes a file there; the journal syncs
  // it once more itself.
  const bool folder = point.call.call == "sync" && point.call.path.ends_with("-1");
  if (!folder) expect(went_on_after(log).empty(), "it went on: " + list(went_on_after(log)));
  if (run.exit_code != kJournal) {  // it had ended: only what tidies up may fail unheard
    expect_calm_end(run);
    return verdict(reached);
  }
  expect(reached, "exit 15 without a cause");
  expect(run.err.find((lab_->root() / "state").string()) != std::string::npos,
         "the words do not name the file: " + words(run));
  expect_old_or_new();
  resume_to_the_end();
  return verdict(reached);
}

Verdict Trial::fail_step(const Point& point) {
  const Finished run = run_to(point, run_arguments(*lab_));
  const bool reached = was_reached(bytes_of(log_file()));
  expect_calm_end(run);
  return verdict(reached);
}

Verdict Trial::fail_step_for_good(const Point& point) {
  const Finished run = run_to(point, run_arguments(*lab_));
  const bool reached = was_reached(bytes_of(log_file()));
  expect_old_or_new();
  if (run.exit_code == calm_.exit_code) {
    expect_calm_end(run);
    return verdict(reached);
  }
  expect(run.exit_code == kHalted || run.exit_code == kNeedsHands,
         "neither done nor halted: " + words(run));
  expect(tells_of_the_disk(run.out), "no reason: " + words(run));
  expect_sound();
  Finished end = lab_->run({"resume", "latest", "--retry-failed"});
  // When all that it had touched went back, the rollout has ended.
  if ((end.out + end.err).find("has ended: rolled back") != std::string::npos)
    end = lab_->run(run_arguments(*lab_));
  expect_calm_end(end);
  return verdict(reached);
}

// A rollout whose journal was never finished, or that nobody knows of, has touched nothing: then a
// new one is run.
void Trial::resume_to_the_end() {
  Finished end = lab_->run({"resume", "latest"});
  if (end.exit_code == kRefused || end.exit_code == kJournal) {
    const auto touched = differing_at_last(*lab_, labs_.original());
    expect(touched.empty(),
           "touched, and yet there is nothing to resume: " + list(touched) + "\n" + words(end));
    end = lab_->run(run_arguments(*lab_));
  }
  expect_calm_end(end);
}

void Trial::expect_calm_end(const Finished& end) {
  if (meddler_.at_the_end) meddler_.at_the_end(*lab_);
  expect(end.exit_code == calm_.exit_code, "another end: " + words(end));
  const EventLog log = events_of(*lab_);
  expect(log.client_states() == calm_.client_states, "clients ended in other states");
  const auto differing = differing_at_last(*lab_, calm_.files);
  expect(differing.empty(), "files differ from an undisturbed run's: " + list(differing));
  expect(log.triggered_twice().empty(), "triggered twice: " + list(log.triggered_twice()));
  expect_sound();
}

void Trial::expect_sound() {
  const auto left = left_temporaries(lab_->world());
  expect(left.empty(), "temporaries are left: " + list(left));
  const auto running = survivors(lab_->world());
  expect(running.empty(), "still running: " + list(running));
  const Finished audit = lab_->run({"audit", "latest"});
  expect(audit.exit_code == 0, "audit: " + words(audit));
}

void Trial::expect_old_or_new() {
  for (const auto& [path, old] : labs_.original()) {
    if (old.size() < kProgramBytes) continue;
    const std::string now = bytes_of(lab_->world() / path);
    expect(now == old || labs_.is_of_hotfix(now), path + " is neither the old nor the new file");
  }
}

}  // namespace sitewide::test
