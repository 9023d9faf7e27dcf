#include "orchestrator/cli/view_signals.h"

#include <array>
#include <csignal>

namespace sitewide {
namespace {

constexpr std::array<int, 7> kSignals = {SIGINT,   SIGTERM, SIGHUP, SIGQUIT,
                                         SIGWINCH, SIGTSTP, SIGCONT};

std::array<volatile std::sig_atomic_t, kSignals.size()> arrived{};
std::array<struct sigaction, kSignals.size()> before{};

extern "C" void count_signal(int signal) {
  for (std::size_t i = 0; i < kSignals.size(); ++i) {
    if (kSignals[i] == signal) arrived[i] = arrived[i] + 1;
  }
}

// Without SA_RESTART: a wait for a key ends when one comes.
void count_on(int signal, struct sigaction* was) {
  struct sigaction action {};
  action.sa_handler = count_signal;
  sigemptyset(&action.sa_mask);
  sigaction(signal, &action, was);
}

}  // namespace

ViewSignals::ViewSignals() {
  for (std::size_t i = 0; i < kSignals.size(); ++i) {
    arrived[i] = 0;
    count_on(kSignals[i], &before[i]);
  }
}

ViewSignals::~ViewSignals() {
  for (std::size_t i = 0; i < kSignals.size(); ++i) sigaction(kSignals[i], &before[i], nullptr);
}

int ViewSignals::taken(int signal) {
  for (std::size_t i = 0; i < kSignals.size(); ++i) {
    if (kSignals[i] != signal) continue;
    sigset_t held;
    sigset_t was;
    sigemptyset(&held);
    sigaddset(&held, signal);
    sigprocmask(SIG_BLOCK, &held, &was);
    const int count = arrived[i];
    arrived[i] = 0;
    sigprocmask(SIG_SETMASK, &was, nullptr);
    return count;
  }
  return 0;
}

void ViewSignals::stop_here() {
  std::signal(SIGTSTP, SIG_DFL);
  std::raise(SIGTSTP);
  count_on(SIGTSTP, nullptr);
}

}  // namespace sitewide
