// What is wrong with a server's certificate, for a person: libldap only says that something is.
// Pure, but for the clock.
#pragma once

#include <string>
#include <string_view>

namespace sitewide {

/// `der`: the certificate of a server that was refused, for `host`, a name or an IP address.
std::string certificate_fault(std::string_view der, const std::string& host);

}  // namespace sitewide
