// The keys of a login on SMB servers.
#include "plans/keys.h"

namespace sitewide {
namespace {

const Key kSmbKeys[] = {
    {.name = "user",
     .scalar = Scalar::text,
     .description = "Who logs in. Default: a guest, or with `kerberos` who the ticket is for."},
    {.name = "domain",
     .scalar = Scalar::text,
     .description = "The user's Windows domain. Default: the server's own accounts."},
    {.name = "password",
     .form = Form::section,
     .section = &secret_section(),
     .description = "Where the user's password is."},
    {.name = "kerberos",
     .scalar = Scalar::flag,
     .fallback = "false",
     .description = "Logs in with the ticket that the controller's user holds, and never with a "
                    "password."},
    {.name = "encrypt",
     .scalar = Scalar::flag,
     .fallback = "false",
     .description = "Encrypts all that is sent; without it messages are signed."},
};

}  // namespace

const Section& smb_section() {
  static const Section section = {"smb", "How SMB servers are logged in on.", kSmbKeys, {}};
  return section;
}

}  // namespace sitewide
