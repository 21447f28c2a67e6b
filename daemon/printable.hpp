// Texts that came from a packet or a request, as a log line may show them: no octet of them ends the line,
// opens another field, drives a terminal or reverses the order of what is read.
#pragma once

#include <string>
#include <string_view>

namespace hourglass::daemon {

// Appends `text`. Control and format characters, and octets that are no UTF-8, become \xNN, a line feed \n, a
// backslash two; with `is_quoted` a quotation mark gets a backslash.
void append_printable(std::string& out, std::string_view text, bool is_quoted);

// Whether append_printable would leave it as it is, and it has no space, "=" or quotation mark.
bool is_one_word(std::string_view text);

}  // namespace hourglass::daemon
