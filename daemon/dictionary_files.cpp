#include "daemon/dictionary_files.hpp"

#include "radius/dictionary_builtin.hpp"
#include "radius/dictionary_file.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>

namespace hourglass::daemon {

namespace {

constexpr std::size_t file_octets_max = 16u << 20;

std::optional<std::string> read_text(const std::string& path) {
    namespace fs = std::filesystem;
    std::error_code error;
    if (!fs::is_regular_file(path, error) || fs::file_size(path, error) > file_octets_max)
        return std::nullopt;
    std::ifstream file(path, std::ios::binary);
    if (!file) return std::nullopt;
    return std::string(std::istreambuf_iterator<char>(file), {});
}

std::shared_ptr<radius::Dictionary> make_builtin() {
    auto dictionary = std::make_shared<radius::Dictionary>();
    radius::add_builtin(*dictionary);
    return dictionary;
}

std::string warning_of(const std::string& path, const std::string& sentence) {
    return "Attributes are known by the built-in dictionary and yours only: " + sentence +
           " (radius.dictionary_base is " + path + ", from the package freeradius-common)";
}

}  // namespace

LoadedDictionary load_dictionary(const Settings& settings) {
    auto dictionary = make_builtin();
    std::string warning;
    const auto& base = settings.radius_dictionary_base;
    try {
        if (!base.empty()) radius::read_dictionary(*dictionary, base, read_text);
    } catch (const radius::DictionaryError& error) {
        warning = warning_of(base, error.what());
        dictionary = make_builtin();
    }
    try {
        for (const auto& path : settings.radius_dictionary)
            radius::read_dictionary(*dictionary, path, read_text);
    } catch (const radius::DictionaryError& error) {
        throw SettingsError(error.what());
    }
    return {std::move(dictionary), std::move(warning)};
}

}  // namespace hourglass::daemon
