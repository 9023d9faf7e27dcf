// One article's hotfix rolled out on a lab that is made for it, and back.
#pragma once

#include <string>

namespace sitewide::test {

struct ArticleLab {
  std::string method;                 ///< `upgrade_bat` or `site_wide`
  std::string language = "00000409";  ///< of the site and its clients
  std::string clients = "";           ///< `nt=4,win95=2`; empty: of the systems with files for them
  /// Files that the article supplies without telling where clients hold them: they come with the
  /// copy lists, and stay.
  bool leaves_new_files = false;
  bool has_files = true;  ///< false: it changes a setting of the site, and then its clients
};

/// Runs the article's plan: every target of its table holds the payload's bytes, on the site, on
/// each logon server and on each client. Runs it again: nothing changes. Rolls it back: the planned
/// files, Sms.ini, System.map and the server's folders are as before.
void rolls_out_and_back(const std::string& article, const ArticleLab& lab);

}  // namespace sitewide::test
