#include "store/redis_pipeline.hpp"

#include <array>
#include <charconv>
#include <cstring>
#include <limits>

namespace hourglass::store {
namespace {

using Arguments = std::span<const std::string_view>;

constexpr std::string_view line_end = "\r\n";
// A kind, a number, the end of a line.
constexpr std::size_t header_octets_max =
    1 + std::numeric_limits<std::size_t>::digits10 + 1 + line_end.size();
constexpr std::size_t usual_octets = 512;

std::size_t octets_at_most(Arguments arguments) {
    std::size_t octets = 0;
    for (const auto argument : arguments)
        octets += header_octets_max + argument.size() + line_end.size();
    return octets;
}

char* put(char* out, std::string_view text) {
    if (!text.empty()) std::memcpy(out, text.data(), text.size());
    return out + text.size();
}

char* put_header(char* out, char kind, std::size_t number) {
    *out++ = kind;
    return put(std::to_chars(out, out + header_octets_max, number).ptr, line_end);
}

char* put_arguments(char* out, Arguments arguments) {
    for (const auto argument : arguments) {
        out = put(put_header(out, '$', argument.size()), argument);
        out = put(out, line_end);
    }
    return out;
}

// One command, given in parts.
template <std::size_t parts_count>
void append_command(std::string& bytes, const std::array<Arguments, parts_count>& parts) {
    std::size_t arguments = 0;
    std::size_t octets = header_octets_max;
    for (const auto part : parts) {
        arguments += part.size();
        octets += octets_at_most(part);
    }
    const auto before = bytes.size();
    if (before == 0) bytes.reserve(usual_octets);
    bytes.resize(before + octets);
    auto* out = put_header(bytes.data() + before, '*', arguments);
    for (const auto part : parts)
        out = put_arguments(out, part);
    bytes.resize(static_cast<std::size_t>(out - bytes.data()));
}

}  // namespace

Pipeline& Pipeline::add(std::initializer_list<std::string_view> command) {
    return add(std::span(command.begin(), command.size()));
}

Pipeline& Pipeline::add(std::span<const std::string_view> command) {
    append_command(bytes_, std::array{command});
    ++commands_;
    return *this;
}

Pipeline& Pipeline::run(const Script& script, std::initializer_list<std::string_view> keys,
                        std::initializer_list<std::string_view> arguments) {
    return run(script, std::span(keys.begin(), keys.size()), std::span(arguments.begin(), arguments.size()));
}

Pipeline& Pipeline::run(const Script& script, std::span<const std::string_view> keys,
                        std::span<const std::string_view> arguments) {
    const auto key_count = std::to_string(keys.size());
    const std::array<std::string_view, 3> head{"EVALSHA", script.sha1, key_count};
    append_command(bytes_, std::array<Arguments, 3>{head, keys, arguments});
    ++commands_;
    return *this;
}

}  // namespace hourglass::store
