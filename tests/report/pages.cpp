// Writes the reports that report_test.py looks at in a browser: one in which all went well, one
// that halted with hostile text in it, one of 50,000 clients. Usage: report_pages FOLDER
#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "orchestrator/preview/forecast.h"
#include "orchestrator/views/report.h"
#include "tests/views/story.h"

namespace sitewide {
namespace {

using namespace std::chrono_literals;

constexpr std::uint32_t kManyClients = 50'000;
constexpr const char* kReasons[] = {"exit 41 from Upgrade.bat",
                                    "Pcmwin32.exe has other bytes than planned", "disk full",
                                    "component in use: SMSAPM32, 14 polls"};

Gate soak(Duration length) {
  Gate gate;
  gate.soak = length;
  return gate;
}
Gate approval(const std::string& name) {
  Gate gate;
  gate.kind = Gate::Kind::approval;
  gate.approval = name;
  return gate;
}

// Groups `canary` and `rest`, both by upgrade_bat in waves.
Plan two_group_plan() {
  Plan plan = small_plan();
  plan.description = "Pcmwin32 hangs when the redirector times out";
  plan.hotfix.id = "Q237690";
  for (Group& group : plan.groups) {
    group.method = Method::upgrade_bat;
    group.reaches_site = false;
    group.tolerate_failed = {5, true};
    group.tolerate_late = {5, true};
    group.on_breach = Scope::group;
  }
  plan.groups[0].waves = {{1, false}, {50, true}, {100, true}};
  plan.groups[0].after_wave = {soak(10min)};
  plan.groups[1].waves = {{20, true}};
  plan.groups[1].in_flight = 2000;
  plan.groups[1].before = {approval("change-board")};
  plan.limits.in_flight = 4000;
  return plan;
}

bool failed_as_supposed(const std::string& reason) {
  return reason.find("failed as supposed") != reason.npos;
}

// A forecast's events with what clients of a real rollout would say.
std::vector<JournaledEvent> told(std::vector<JournaledEvent> events) {
  for (JournaledEvent& event : events) {
    if (auto* finished = std::get_if<StepFinished>(&event.event);
        finished != nullptr && failed_as_supposed(finished->outcome.reason)) {
      const std::uint32_t kind = finished->subject.index % std::size(kReasons);
      finished->outcome.reason = kReasons[kind];
      finished->outcome.exit_code = kind == 0 ? 41 : -1;
    } else if (auto* settled = std::get_if<ClientSettled>(&event.event);
               settled != nullptr && failed_as_supposed(settled->reason)) {
      settled->reason = kReasons[settled->client % std::size(kReasons)];
    } else if (auto* approved = std::get_if<Approved>(&event.event)) {
      approved->by = {"anna", "opsbox", "tills are closed"};
    }
  }
  return events;
}

std::optional<Output> printed(std::int64_t seq) {
  if (seq % 3 != 0) return std::nullopt;
  Output output;
  output.head = "XCOPY \\\\S768AA0\\SMS_SHR\\X86.bin C:\\MS\\SMS\\Bin /E /Y\r\n" +
                std::to_string(seq) + " File(s) copied\r\n";
  output.total_bytes = output.head.size();
  return output;
}

ReportFacts facts_at(Timestamp written, int exit_code) {
  ReportFacts facts;
  facts.version = "0.1.0";
  facts.written = written;
  facts.chain_head = sha256("chain");
  facts.exit_code = exit_code;
  facts.plan_text = "version: 1\nname: q237690\n# </pre><script>alert(4)</script>\n";
  return facts;
}

void write(const std::string& folder, const std::string& name, const std::string& page) {
  std::ofstream out(folder + "/" + name, std::ios::binary);
  out << page;
  if (!out.flush()) {
    std::fprintf(stderr, "report_pages: cannot write %s/%s\n", folder.c_str(), name.c_str());
    std::exit(1);
  }
}

std::string page_of(std::uint32_t canaries, std::uint32_t rest, const Fates& fates, int exit_code) {
  const Schedule schedule = compiled(two_group_plan(), small_inventory(rest, "pc1", canaries));
  ForecastOptions options;
  options.start = *parse_timestamp("2026-11-23T14:00:00Z");
  options.keep_events = true;
  const std::vector<ProgressPoint> planned =
      progress_of(schedule, forecast(schedule, options).events);
  options.fates = fates;
  const std::vector<JournaledEvent> events = told(forecast(schedule, options).events);
  Rollout rollout(schedule);
  for (const JournaledEvent& event : events) rollout.apply(event.event, event.at);
  ReportFacts facts = facts_at(events.back().at + 1h, exit_code);
  facts.planned = planned;
  return html_report(schedule, rollout, events, printed, facts);
}

Fate few_go_wrong(std::uint32_t client) {
  if (client % 97 == 3) return Fate::fails;
  return client % 211 == 5 ? Fate::is_off : Fate::goes_well;
}

// Told by hand: orders, a pause, a change of controller, a client that says bad things, a breach.
std::string halted_page() {
  Plan plan = two_group_plan();
  plan.groups[0].tolerate_failed = {0, false};
  plan.groups[0].waves = {{1, false}, {100, true}};
  plan.groups[0].on_breach = Scope::wave;
  Story story(plan, small_inventory(30, "<b>pc1</b>&\"'\xff", 6));
  const auto minutes = [&](int count) { story.pass(std::chrono::minutes(count)); };
  minutes(2);
  story.end(Subject::site(0));
  minutes(6);
  story.end(Subject::site(0));
  story.bring(0, Step::converge);
  minutes(12);
  story.finish(0);
  minutes(4);
  story.order("pause");
  minutes(9);
  story.order("continue");
  minutes(7);
  story.start_controller(5min);
  minutes(4);
  for (std::uint32_t client = 1; client < 4; ++client) story.bring(client, Step::converge);
  minutes(8);
  story.finish(1);
  story.order("approve", "head-office", "change-board");
  story.bring(4, Step::trigger);
  const auto fails = [&] {
    const auto open = story.rollout.open_attempt(Subject::client(4));
    return open && open->step == Step::trigger;
  };
  while (fails()) {
    story.end(Subject::client(4), OutcomeKind::failed,
              "</script><img src=x onerror=alert(1)> exit 41", 41);
    minutes(20);
  }
  for (int round = 0; round < 20; ++round) {
    for (std::uint32_t client = 0; client < 6; ++client) story.finish(client);
    while (story.rollout.open_attempt(Subject::site(0))) story.end(Subject::site(0));
    minutes(2);
  }
  ReportFacts facts = facts_at(story.now, 11);
  const OutputLookup outputs = [](std::int64_t) {
    Output output;
    output.head = "</pre></script><script>alert(3)</script>\x1b[31m\nInsufficient disk space\r\n";
    output.total_bytes = output.head.size();
    return output;
  };
  return html_report(story.schedule, story.rollout, story.events, outputs, facts);
}

}  // namespace
}  // namespace sitewide

int main(int count, char** words) {
  if (count != 2) return 2;
  using namespace sitewide;
  const std::string folder = words[1];
  write(folder, "good.html", page_of(6, 34, {}, 0));
  write(folder, "halted.html", halted_page());
  write(folder, "many.html", page_of(50, kManyClients - 50, few_go_wrong, 10));
  return testing::Test::HasFailure() ? 1 : 0;
}
