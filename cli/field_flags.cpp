#include "cli/field_flags.hpp"

namespace hourglass::cli {

void add_text_flags(CLI::App& command, Json& body, std::span<const FieldFlag> flags) {
    for (const auto& row : flags) {
        command.add_option_function<std::string>(
            row.flag,
            [&body, field = row.field](const std::string& text) {
                body[field] = text.empty() ? Json(nullptr) : Json(text);
            },
            std::string(row.help) + "; \"\" for none");
    }
}

}  // namespace hourglass::cli
