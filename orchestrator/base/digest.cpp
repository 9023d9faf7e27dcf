#include "orchestrator/base/digest.h"

#include <openssl/evp.h>

#include "orchestrator/base/check.h"

namespace sitewide {
namespace {

constexpr char kHexDigits[] = "0123456789abcdef";

int hex_value(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
  if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
  return -1;
}

// Fetched once: every EVP_sha256() at an init looks the method up anew in OpenSSL 3.
const EVP_MD* sha256_method() {
  static const EVP_MD* const method = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  return method;
}

}  // namespace

std::string Digest::hex() const {
  std::string text;
  text.reserve(2 * bytes.size());
  for (const std::uint8_t byte : bytes) {
    text += kHexDigits[byte >> 4];
    text += kHexDigits[byte & 15];
  }
  return text;
}

std::optional<Digest> Digest::parse(std::string_view text) {
  Digest digest;
  if (text.size() != 2 * digest.bytes.size()) return std::nullopt;
  for (std::size_t i = 0; i < digest.bytes.size(); ++i) {
    const int high = hex_value(text[2 * i]);
    const int low = hex_value(text[2 * i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    digest.bytes[i] = static_cast<std::uint8_t>(high * 16 + low);
  }
  return digest;
}

struct Sha256::Context {
  EVP_MD_CTX* evp = EVP_MD_CTX_new();
  Context() { start(); }
  ~Context() { EVP_MD_CTX_free(evp); }
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  void start() {
    check(evp != nullptr && EVP_DigestInit_ex2(evp, sha256_method(), nullptr) == 1,
          "OpenSSL offers SHA-256");
  }
  void update(std::string_view bytes) {
    check(EVP_DigestUpdate(evp, bytes.data(), bytes.size()) == 1, "SHA-256 update");
  }
  Digest finish() {
    Digest digest;
    check(EVP_DigestFinal_ex(evp, digest.bytes.data(), nullptr) == 1, "SHA-256 finish");
    return digest;
  }
};

Sha256::Sha256() : context_(std::make_unique<Context>()) {}

Sha256::~Sha256() = default;

void Sha256::update(std::string_view bytes) { context_->update(bytes); }

Digest Sha256::finish() {
  const Digest digest = context_->finish();
  context_->start();
  return digest;
}

Digest sha256(std::string_view bytes) {
  // One object a thread: the journal chains many short rows, and making a context costs more than
  // hashing one. It is always between two digests here.
  thread_local Sha256 hasher;
  hasher.update(bytes);
  return hasher.finish();
}

}  // namespace sitewide
