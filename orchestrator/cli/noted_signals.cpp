#include "orchestrator/cli/noted_signals.h"

namespace sitewide {
namespace {

volatile std::sig_atomic_t noted = 0;

void note(int number) { noted = number; }

}  // namespace

NotedSignals::NotedSignals() {
  noted = 0;
  struct sigaction action {};
  action.sa_handler = note;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  for (std::size_t i = 0; i < kSignals.size(); ++i) sigaction(kSignals[i], &action, &before_[i]);
}

NotedSignals::~NotedSignals() {
  for (std::size_t i = 0; i < kSignals.size(); ++i) sigaction(kSignals[i], &before_[i], nullptr);
}

std::optional<ExitCode> NotedSignals::came() const {
  if (noted == 0) return std::nullopt;
  return noted == SIGTERM ? ExitCode::terminated : ExitCode::interrupted;
}

}  // namespace sitewide
