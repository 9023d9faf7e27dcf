// A world in which evidence of one known failure can be laid out, and looks at what is told of it.
// Each case of SmsSignature lays out one piece of evidence and names the words that must follow.
#pragma once

#include <gmock/gmock.h>

#include <ostream>
#include <string>
#include <vector>

#include "adapters/recall.h"
#include "adapters/sms/client/steps.h"
#include "adapters/sms/signatures.h"
#include "adapters/sms/site/steps.h"
#include "tests/adapters/sms_world.h"

namespace sitewide::sms {

class SignatureWorld : public SmsWorld {
 public:
  using SmsWorld::client_root;
  using SmsWorld::hotfix;
  using SmsWorld::ini_text;
  using SmsWorld::kOnSite;
  using SmsWorld::make_replicated;
  using SmsWorld::now;
  using SmsWorld::old;
  using SmsWorld::originals;
  using SmsWorld::root;
  using SmsWorld::run;
  using SmsWorld::set_time;
  using SmsWorld::site_root;
  using SmsWorld::work;
  using SmsWorld::write;
  using SmsWorld::write_ini;

  /// The client's Sms.ini with `from` replaced by `to`.
  void change_ini(const std::string& phase, const std::string& from, const std::string& to) const {
    std::string text = ini_text(phase);
    const std::size_t at = text.find(from);
    ASSERT_NE(at, std::string::npos) << from;
    text.replace(at, from.size(), to);
    write(client_root / "Sms.ini", text);
  }
  /// A file on the client's own logon server.
  std::filesystem::path on_server(const std::string& path) const { return root / "s768aa1" / path; }
  void setup_log(const std::string& text) const {
    write(client_root / "MS/SMS/LOGS/Cli_nt.log", text, "2026-03-01T09:59:00Z");
  }
  std::filesystem::path client_file() const { return client_root / "MS/SMS/BIN/pcmwin32.exe"; }

  Work watch(Step step) {
    Work result = work(step, Purpose::poll);
    result.site_files = std::make_shared<FolderFiles>(site_root.string());
    return result;
  }
  /// As if the step had waited for two hours.
  Work long_watch(Step step) {
    Work result = watch(step);
    const Duration begun = result.operation.site.replication_within - std::chrono::hours(2);
    result.operation.action.deadline = now + begun;
    return result;
  }
  std::string converging() { return told_by(run(converge, watch(Step::converge))); }
  std::string replicating() { return told_by(run(replicate, long_watch(Step::replicate))); }
  std::string regenerating() { return told_by(run(regenerate, long_watch(Step::regenerate))); }

  /// The reason and the warning of an answer.
  static std::string told_by(const Answer& answer) {
    const auto warning = answer.outcome.facts.find("warning");
    return answer.outcome.reason +
           (warning == answer.outcome.facts.end() ? "" : " WARNING " + warning->second);
  }
};

struct SignatureCase {
  Failure failure;
  /// What is told with the evidence; the signature's id must follow.
  std::string words;
  /// Makes the world in which somebody looks, without the evidence.
  void (*prepare)(SignatureWorld&);
  void (*show)(SignatureWorld&);
  std::string (*look)(SignatureWorld&);
};

std::vector<SignatureCase> client_signature_cases();
std::vector<SignatureCase> site_signature_cases();

inline void PrintTo(const SignatureCase& one, std::ostream* out) {
  *out << id_of(one.failure) << ": " << one.words;
}

class SmsSignature : public SignatureWorld, public testing::WithParamInterface<SignatureCase> {};

inline std::string name_of_case(const testing::TestParamInfo<SignatureCase>& info) {
  return id_of(info.param.failure) + "_" + std::to_string(info.index);
}

}  // namespace sitewide::sms
