// Where a session that runs would have logged in from, as far as its reports tell: so that the conditions of
// profiles can be looked at again.
#pragma once

#include "radius/login_origin.hpp"
#include "store/sessions.hpp"

namespace hourglass::radius {

class SessionOrigin {
public:
    SessionOrigin() = default;  // nothing is known
    explicit SessionOrigin(const store::UserSession& session);

    // A view of this and of the session.
    LoginOrigin get() const;

private:
    std::string_view nas_name_;
    boost::asio::ip::address address_;
    std::vector<std::uint8_t> request_;  // an Access-Request, signed by nobody
};

}  // namespace hourglass::radius
