// hourglass restore: decrypts a backup and gives it to `hourglassd --restore`, which fills an empty store
// with it. The daemon is not running meanwhile: it would answer NASes from a store that is not there yet.
#include "cli/backup_key.hpp"
#include "cli/commands.hpp"
#include "cli/daemon_program.hpp"
#include "cli/part_file.hpp"
#include "cli/progress.hpp"
#include "cli/show.hpp"
#include "cli/table.hpp"

#include <array>
#include <fcntl.h>
#include <memory>
#include <unistd.h>

namespace hourglass::cli {

namespace {

constexpr std::size_t read_octets = 64 * 1024;
constexpr std::size_t head_octets_max = 64 * 1024;

struct RestoreOptions {
    std::string file;
    BackupKeyOptions key;
    std::string settings;
    bool is_check{};
};

std::string sentence_of(SealFailure failure) {
    switch (failure) {
        case SealFailure::none:
            return {};
        case SealFailure::no_backup:
            return "is no backup made by \"hourglass backup\"";
        case SealFailure::newer_format:
            return "was made by a newer hourglass, and this one cannot read it";
        case SealFailure::damaged_head:
            return "is damaged in its first octets";
        case SealFailure::other_kind_of_key:
            return "was encrypted with the other kind of key, a passphrase or a key file";
        case SealFailure::wrong_key:
            return "was encrypted with another key";
        case SealFailure::changed:
            return "is damaged: its octets are not those that were written";
        case SealFailure::cut_short:
            return "is cut short: its end is missing";
    }
    return {};
}

class Input {
public:
    explicit Input(const std::string& name)
        : name_(name), descriptor_(name == "-" ? STDIN_FILENO : ::open(name.c_str(), O_RDONLY | O_CLOEXEC)) {
        if (descriptor_ < 0) throw cannot("read", name);
    }
    ~Input() {
        if (descriptor_ != STDIN_FILENO) ::close(descriptor_);
    }
    Input(const Input&) = delete;
    Input& operator=(const Input&) = delete;

    // Empty: the end.
    std::string_view read_some() {
        while (true) {
            const auto octets = ::read(descriptor_, buffer_.data(), buffer_.size());
            if (octets >= 0) return {buffer_.data(), static_cast<std::size_t>(octets)};
            if (errno != EINTR) throw cannot("read", name_);
        }
    }

private:
    std::string name_;
    int descriptor_;
    std::array<char, read_octets> buffer_{};
};

// All of the backup's text goes to `take`. Throws Failure if it is not whole.
void open_backup(const RestoreOptions& options, const std::function<void(std::string_view)>& take) {
    Input input(options.file);
    Progress progress("octets");
    Opener opener([&](SealingKey::Kind kind) { return key_for_backup(options.key, kind); }, take);
    std::uint64_t octets = 0;
    auto failure = SealFailure::none;
    while (failure == SealFailure::none) {
        const auto piece = input.read_some();
        if (piece.empty()) break;
        octets += piece.size();
        failure = opener.read(piece);
        progress.show(octets, std::nullopt);
    }
    if (failure == SealFailure::none) failure = opener.finish();
    if (failure != SealFailure::none)
        throw Failure(ExitStatus::refused, options.file + " " + sentence_of(failure) + ".");
}

ExitStatus check(Context& context, const RestoreOptions& options) {
    std::string line;
    std::uint64_t octets = 0;
    open_backup(options, [&](std::string_view text) {
        octets += text.size();
        if (line.size() < head_octets_max) line += text;
    });
    line.resize(std::min(line.find('\n'), line.size()));
    const auto head = Json::parse(line, nullptr, false);
    if (!head.is_object()) throw Failure(ExitStatus::refused, options.file + " holds no backup.");
    const auto part = [&](const char* name) { return head.value(name, Json()); };
    if (context.as_json) {
        print_json(context.out, {
                                    {"taken_at", part("taken_at")},
                                    {"version",  part("version") },
                                    {"schema",   part("schema")  },
                                    {"users",    part("users")   },
                                    {"octets",   octets          }
        });
    } else {
        context.out << options.file << " is whole: " << printable(shown(part("users"))) << " users as of "
                    << printable(shown(part("taken_at"))) << ", by hourglassd "
                    << printable(shown(part("version"))) << ".\n";
    }
    return ExitStatus::ok;
}

ExitStatus restore(Context& context, const RestoreOptions& options) {
    if (options.is_check) return check(context, options);
    std::vector<std::string> arguments{"--restore"};
    if (!options.settings.empty()) arguments.insert(arguments.end(), {"--config", options.settings});
    std::optional<DaemonProgram> daemon;
    open_backup(options, [&](std::string_view text) {
        if (!daemon) daemon.emplace(arguments);
        daemon->write(text);
    });
    if (daemon->wait() != 0)
        throw Failure(ExitStatus::refused, "The restore did not end well: hourglassd says why.");
    return ExitStatus::ok;
}

}  // namespace

void add_restore_command(CLI::App& line, Command& chosen) {
    auto options = std::make_shared<RestoreOptions>();
    auto* command = line.add_subcommand(
        "restore", "Fill the empty store of a daemon that is not running from a backup; for root");
    command->add_option("file", options->file, "What \"hourglass backup\" wrote; - for standard input")
        ->required();
    add_backup_key_options(*command, options->key);
    command->add_option("--config", options->settings,
                        "The daemon's settings file, if it is not where it usually is");
    command->add_flag("--check", options->is_check, "Only look whether the file is whole, and what it holds");
    command->callback(
        [&chosen, options] { chosen = [options](Context& context) { return restore(context, *options); }; });
}

}  // namespace hourglass::cli
