// The certificate of the API and what is said of one that cannot be used, before any client meets it.
#pragma once

#include "daemon/settings.hpp"

#include <boost/asio/ssl/context.hpp>

#include <chrono>
#include <memory>
#include <string>

namespace hourglass::daemon {

struct TlsCertificate {
    std::shared_ptr<boost::asio::ssl::context>
        context;  // TLS 1.2 and 1.3, HTTP/1.1 by ALPN; null: plain HTTP
    std::chrono::sys_seconds expires_at;
};

// Of PEM files: the certificate, those between it and its root behind it; and its key. Throws SettingsError
// with a sentence for the operator if they cannot be read, do not belong together or are not valid at `now`.
TlsCertificate load_certificate(const std::string& certificate, const std::string& key,
                                std::chrono::sys_seconds now);

// As the settings have it; without a context if they name none.
TlsCertificate load_certificate(const Settings& settings);

}  // namespace hourglass::daemon
