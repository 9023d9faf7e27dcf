#include "adapters/certificate.h"

#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <array>
#include <memory>

#include "orchestrator/base/text.h"

namespace sitewide {
namespace {

struct Freed {
  void operator()(X509* certificate) const { ::X509_free(certificate); }
};

std::string name_of(const X509_NAME* name) {
  std::array<char, 256> text{};
  ::X509_NAME_oneline(name, text.data(), static_cast<int>(text.size()));
  return escaped(text.data(), 200);
}

}  // namespace

std::string certificate_fault(std::string_view der, const std::string& host) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(der.data());
  const std::unique_ptr<X509, Freed> certificate(
      ::d2i_X509(nullptr, &bytes, static_cast<long>(der.size())));
  if (!certificate) return "its certificate cannot be read";
  const X509* it = certificate.get();
  const std::string subject = "its certificate (" + name_of(::X509_get_subject_name(it)) + ") ";
  if (::X509_cmp_current_time(::X509_get0_notAfter(it)) < 0) return subject + "has expired";
  if (::X509_cmp_current_time(::X509_get0_notBefore(it)) > 0) return subject + "is not valid yet";
  const bool named =
      ::X509_check_host(certificate.get(), host.c_str(), host.size(), 0, nullptr) == 1 ||
      ::X509_check_ip_asc(certificate.get(), host.c_str(), 0) == 1;
  if (!named) return subject + "is not for " + escaped(host);
  return subject + "is not trusted: nobody that is vouches for it; it is issued by " +
         name_of(::X509_get_issuer_name(it)) + ", whose certificate belongs into `ca_file`";
}

}  // namespace sitewide
