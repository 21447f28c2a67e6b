#include "daemon/journal_files.hpp"

#include "store/decimal.hpp"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <string>
#include <sys/stat.h>
#include <unistd.h>

namespace hourglass::daemon {

namespace {

constexpr std::string_view segment_suffix = ".journal";
constexpr std::string_view damaged_suffix = ".damaged";
constexpr std::string_view set_aside_name = "set-aside";
constexpr mode_t private_directory = 0700;
constexpr mode_t private_file = 0600;

error_code last_error() {
    return {errno, boost::system::system_category()};
}

error_code write_all(const File& file, std::string_view octets) {
    while (!octets.empty()) {
        const auto written = ::write(file.get(), octets.data(), octets.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return last_error();
        octets.remove_prefix(static_cast<std::size_t>(written));
    }
    return {};
}

error_code append_durably(const File& file, std::string_view octets) {
    if (const auto failure = write_all(file, octets)) return failure;
    if (::fdatasync(file.get()) != 0) return last_error();
    return {};
}

// nullopt for a file of another kind.
std::optional<std::uint64_t> segment_of(const std::filesystem::path& path) {
    if (path.extension() != segment_suffix) return std::nullopt;
    return store::parse_decimal<std::uint64_t>(path.stem().string());
}

}  // namespace

JournalFiles::JournalFiles(std::filesystem::path directory, Log& log)
    : directory_(std::move(directory)), log_(log) {
    if (::mkdir(directory_.c_str(), private_directory) != 0 && errno != EEXIST)
        throw std::system_error(errno, std::generic_category(), directory_.string());
    for (const auto& file : std::filesystem::directory_iterator(directory_)) {
        const auto segment = segment_of(file.path());
        if (!segment) continue;
        octets_of_segments_[*segment] = file.file_size();
        octets_ += file.file_size();
        next_ = std::max(next_, *segment + 1);
    }
}

error_code JournalFiles::append(std::string_view frames) {
    if (file_.get() < 0) {
        if (const auto failure = open_next()) return failure;
    }
    if (const auto failure = append_durably(file_, frames)) {
        take_back();
        return failure;
    }
    auto& octets = octets_of_segments_[current_];
    octets += frames.size();
    octets_ += frames.size();
    if (octets >= segment_octets_max) file_.close();
    return {};
}

// What is there of a write that failed takes no room on a full disk. After a failed fdatasync(2) nobody knows
// what of the file is on disk, so that what follows goes into another.
void JournalFiles::take_back() {
    const auto octets = octets_of_segments_[current_];
    const bool is_cut = octets > 0 && ::ftruncate(file_.get(), static_cast<off_t>(octets)) == 0;
    const bool is_gone = octets == 0 && !remove(current_, false);
    if (!is_cut && !is_gone)
        log_.warning("What a failed write left in the journal stays; it is replayed if it is whole");
    file_.close();
}

error_code JournalFiles::open_next() {
    const auto path = path_of(next_);
    File file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, private_file));
    if (file.get() < 0) return last_error();
    current_ = next_++;
    octets_of_segments_[current_] = 0;
    file_ = std::move(file);
    const auto failure = sync();
    if (failure) take_back();
    return failure;
}

std::optional<std::uint64_t> JournalFiles::oldest() {
    if (octets_of_segments_.empty()) return std::nullopt;
    const auto segment = octets_of_segments_.begin()->first;
    if (segment == current_) file_.close();
    return segment;
}

result<store::JournalContent> JournalFiles::read(std::uint64_t segment) const {
    const auto path = path_of(segment);
    store::JournalContent content;
    try {
        content = store::read_frames(read_file(path));
    } catch (const std::system_error& failure) {
        return error_code(failure.code());
    }
    const auto octets = std::to_string(content.damaged_octets + content.torn_octets);
    if (content.damaged_octets > 0)
        log_.error("The journal is damaged; what could be read of it is kept",
                   {
                       {"file",   path.native()},
                       {"octets", octets       }
        });
    else if (content.torn_octets > 0)
        log_.warning("The journal ends in the middle of a report, which was not acknowledged",
                     {
                         {"file",   path.native()},
                         {"octets", octets       }
        });
    return content;
}

error_code JournalFiles::remove(std::uint64_t segment, bool is_damaged) {
    const auto path = path_of(segment);
    auto damaged = path;
    damaged += damaged_suffix;
    const bool is_done =
        is_damaged ? ::rename(path.c_str(), damaged.c_str()) == 0 : ::unlink(path.c_str()) == 0;
    if (!is_done && errno != ENOENT) return last_error();
    octets_ -= octets_of_segments_[segment];
    octets_of_segments_.erase(segment);
    return {};
}

error_code JournalFiles::set_aside(std::string_view frames) {
    const auto path = directory_ / set_aside_name;
    const File file(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, private_file));
    if (file.get() < 0) return last_error();
    if (const auto failure = append_durably(file, frames)) return failure;
    return sync();
}

error_code JournalFiles::sync() const {
    try {
        sync_directory(directory_);
    } catch (const std::system_error& failure) {
        return failure.code();
    }
    return {};
}

std::vector<std::uint64_t> JournalFiles::numbers() const {
    std::vector<std::uint64_t> numbers;
    for (const auto& [number, octets] : octets_of_segments_)
        numbers.push_back(number);
    return numbers;
}

std::filesystem::path JournalFiles::path_of(std::uint64_t segment) const {
    constexpr std::size_t digits = 20;  // of the largest number, so that names sort
    const auto number = std::to_string(segment);
    return directory_ / (std::string(digits - number.size(), '0').append(number).append(segment_suffix));
}

}  // namespace hourglass::daemon
