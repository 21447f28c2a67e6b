#include "daemon/backup_head.hpp"

#include "store/hex.hpp"
#include "store/schema.hpp"
#include "store/secret_box.hpp"

#include <nlohmann/json.hpp>

#include <stdexcept>

namespace hourglass::daemon {
namespace {

using Json = nlohmann::json;

constexpr int newest_format = 1;

}  // namespace

BackupHead parse_backup_head(std::string_view line) {
    const auto head = Json::parse(line, nullptr, false);
    if (!head.is_object() || !head.contains("hourglass_backup"))
        throw std::runtime_error("This is no backup of hourglassd.");
    BackupHead found;
    try {
        found.version = head.at("version");
        if (head.at("hourglass_backup").get<int>() > newest_format) {
            throw std::runtime_error("The backup was made by hourglassd " + found.version +
                                     ", in a form that this one does not know yet.");
        }
        found.schema = head.at("schema");
        found.taken_at = head.at("taken_at");
        found.database = head.at("database");
        found.secret_key = head.at("secret_key");
        found.first_token = head.at("first_token");
    } catch (const Json::exception&) {
        throw std::runtime_error("The head of the backup lacks what it should tell.");
    }
    store::SecretBox::Key key{};
    if (!store::from_hex(found.secret_key, key))
        throw std::runtime_error("The head of the backup holds no secret key.");
    const auto reason = store::why_unusable({.version = found.schema});
    if (!reason.empty()) throw std::runtime_error("The backup cannot be restored here. " + reason);
    return found;
}

}  // namespace hourglass::daemon
