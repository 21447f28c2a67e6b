#include "daemon/tls_certificate.hpp"

#include "daemon/credentials.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <fstream>
#include <string_view>

namespace hourglass::daemon {

namespace {

namespace ssl = boost::asio::ssl;

// Forward secrecy and authenticated encryption only; what TLS 1.3 has is so anyhow.
constexpr const char* tls12_ciphers = "ECDHE+AESGCM:ECDHE+CHACHA20";
constexpr std::string_view http11_protocol = "\x08http/1.1";

// RFC 7301 section 3.2: who offers protocols, but not ours, is told so.
int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* chosen_octets,
                    const unsigned char* offered, unsigned int offered_octets, void*) {
    unsigned char* match = nullptr;
    const auto* ours = reinterpret_cast<const unsigned char*>(http11_protocol.data());
    const auto outcome =
        SSL_select_next_proto(&match, chosen_octets, ours, http11_protocol.size(), offered, offered_octets);
    *chosen = match;
    return outcome == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

// Instead of asking for the passphrase on the terminal.
int know_no_passphrase(char*, int, int, void*) {
    return -1;
}

std::shared_ptr<ssl::context> make_context() {
    auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
    auto* const handle = context->native_handle();
    SSL_CTX_set_min_proto_version(handle, TLS1_2_VERSION);
    SSL_CTX_set_cipher_list(handle, tls12_ciphers);
    SSL_CTX_set_options(handle, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    SSL_CTX_set_mode(handle, SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_session_cache_mode(handle, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_alpn_select_cb(handle, choose_protocol, nullptr);
    SSL_CTX_set_default_passwd_cb(handle, know_no_passphrase);
    return context;
}

[[noreturn]] void refuse(const std::string& setting, const std::string& path, const std::string& reason) {
    throw SettingsError("The file " + path + " (" + setting + ") " + reason + ".");
}

void require_readable(const std::string& setting, const std::string& path) {
    const std::ifstream file(path);
    if (!file) refuse(setting, path, std::string("cannot be read: ") + std::strerror(errno));
}

std::chrono::sys_seconds to_time(const ASN1_TIME* time) {
    std::tm utc{};
    if (ASN1_TIME_to_tm(time, &utc) != 1) return {};
    return std::chrono::sys_seconds(std::chrono::seconds(timegm(&utc)));
}

std::string date_of(std::chrono::sys_seconds time) {
    const std::chrono::year_month_day date(std::chrono::floor<std::chrono::days>(time));
    std::array<char, 24> text{};
    std::snprintf(text.data(), text.size(), "%04d-%02u-%02u", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
    return text.data();
}

}  // namespace

TlsCertificate load_certificate(const std::string& certificate, const std::string& key,
                                std::chrono::sys_seconds now) {
    constexpr auto certificate_setting = "api.tls_certificate";
    constexpr auto key_setting = "api.tls_key";
    require_readable(certificate_setting, certificate);
    require_readable(key_setting, key);

    auto context = make_context();
    auto* const handle = context->native_handle();
    ERR_clear_error();
    if (SSL_CTX_use_certificate_chain_file(handle, certificate.c_str()) != 1)
        refuse(certificate_setting, certificate, "holds no certificate in PEM");
    if (SSL_CTX_use_PrivateKey_file(handle, key.c_str(), SSL_FILETYPE_PEM) != 1) {
        const bool is_other = ERR_GET_REASON(ERR_peek_last_error()) == X509_R_KEY_VALUES_MISMATCH;
        refuse(key_setting, key,
               is_other ? "does not belong to the certificate " + certificate
                        : "holds no key in PEM that can be read without a passphrase");
    }
    if (SSL_CTX_check_private_key(handle) != 1)
        refuse(key_setting, key, "does not belong to the certificate " + certificate);
    ERR_clear_error();

    const auto* const x509 = SSL_CTX_get0_certificate(handle);
    const auto valid_from = to_time(X509_get0_notBefore(x509));
    const auto expires_at = to_time(X509_get0_notAfter(x509));
    if (expires_at <= now)
        refuse(certificate_setting, certificate,
               "holds a certificate that expired on " + date_of(expires_at));
    if (valid_from > now)
        refuse(certificate_setting, certificate,
               "holds a certificate that is valid from " + date_of(valid_from));
    return {.context = std::move(context), .expires_at = expires_at};
}

TlsCertificate load_certificate(const Settings& settings) {
    if (settings.api_tls_certificate.empty()) return {};
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    return load_certificate(find_credential(settings.api_tls_certificate),
                            find_credential(settings.api_tls_key), now);
}

}  // namespace hourglass::daemon
