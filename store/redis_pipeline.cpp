#include "store/redis_connection.hpp"

#include <boost/container/small_vector.hpp>

#include <new>

namespace hourglass::store {
namespace {

constexpr std::size_t usual_arguments = 24;

}  // namespace

Pipeline& Pipeline::add(std::initializer_list<std::string_view> command) {
    return add(std::span(command.begin(), command.size()));
}

Pipeline& Pipeline::add(std::span<const std::string_view> command) {
    boost::container::small_vector<const char*, usual_arguments> texts;
    boost::container::small_vector<std::size_t, usual_arguments> lengths;
    for (const auto argument : command) {
        texts.push_back(argument.empty() ? "" : argument.data());
        lengths.push_back(argument.size());
    }
    char* formatted = nullptr;
    const auto octets =
        redisFormatCommandArgv(&formatted, static_cast<int>(command.size()), texts.data(), lengths.data());
    if (octets < 0) throw std::bad_alloc();
    bytes_.append(formatted, static_cast<std::size_t>(octets));
    redisFreeCommand(formatted);
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
    boost::container::small_vector<std::string_view, usual_arguments> command{"EVALSHA", script.sha1,
                                                                              key_count};
    command.insert(command.end(), keys.begin(), keys.end());
    command.insert(command.end(), arguments.begin(), arguments.end());
    return add(std::span<const std::string_view>(command.data(), command.size()));
}

}  // namespace hourglass::store
