// What Django's EmailValidator and URLValidator take for an address and a URL.
#pragma once

#include <string_view>

namespace hourglass::api {

bool is_email(std::string_view text);
// http, https, ftp or ftps.
bool is_url(std::string_view text);

}  // namespace hourglass::api
