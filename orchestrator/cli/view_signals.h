// ViewSignals: the signals that a view on a terminal answers to, as counters to be looked at
// between two frames. While one lives, none of them ends the process. Not more than one at a time.
#pragma once

namespace sitewide {

class ViewSignals {
 public:
  ViewSignals();
  /// What the signals did before they do again.
  ~ViewSignals();
  ViewSignals(const ViewSignals&) = delete;
  ViewSignals& operator=(const ViewSignals&) = delete;

  /// How often the signal came since it was asked for last: SIGINT, SIGTERM, SIGHUP, SIGQUIT,
  /// SIGWINCH, SIGTSTP, SIGCONT.
  int taken(int signal);
  /// Stops this process as ctrl-z does, until somebody lets it go on.
  void stop_here();
};

}  // namespace sitewide
