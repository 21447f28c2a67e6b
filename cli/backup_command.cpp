// hourglass backup: everything that must not be lost into one file, encrypted here, so that the key of it is
// never with the daemon.
#include "cli/backup_key.hpp"
#include "cli/commands.hpp"
#include "cli/part_file.hpp"
#include "cli/progress.hpp"
#include "cli/show.hpp"
#include "cli/table.hpp"

#include <ctime>
#include <filesystem>
#include <memory>
#include <vector>

namespace hourglass::cli {

namespace {

constexpr auto backup_path = "/backup/";
constexpr std::size_t head_octets_max = 64 * 1024;
constexpr std::string_view dated_prefix = "hourglass-";
constexpr std::string_view dated_suffix = ".backup";

struct BackupOptions {
    std::string file;
    BackupKeyOptions key;
    std::size_t keep{};  // 0: all
    bool may_overwrite{};
};

// The first line of what the daemon sends; the rest passes by.
class HeadReader {
public:
    void take(std::string_view piece) {
        if (is_complete_) return;
        const auto end = piece.find('\n');
        line_ += piece.substr(0, end);
        is_complete_ = end != piece.npos || line_.size() > head_octets_max;
    }
    std::optional<Json> head() const {
        auto head = Json::parse(line_, nullptr, false);
        const bool is_head = is_complete_ && head.is_object() && head.contains("hourglass_backup");
        return is_head ? std::optional(std::move(head)) : std::nullopt;
    }

private:
    std::string line_;
    bool is_complete_ = false;
};

bool is_dated(const std::filesystem::path& path) {
    const auto name = path.filename().string();
    return name.starts_with(dated_prefix) && name.ends_with(dated_suffix);
}

// In a directory, so that their order is that of their times.
std::string dated_name(const std::filesystem::path& directory) {
    const auto now = std::time(nullptr);
    std::tm utc{};
    gmtime_r(&now, &utc);
    std::array<char, 32> text{};
    const auto size = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H%M%SZ", &utc);
    return directory /
           (std::string(dated_prefix) + std::string(text.data(), size) + std::string(dated_suffix));
}

void remove_oldest(const std::filesystem::path& directory, std::size_t keep) {
    std::vector<std::filesystem::path> backups;
    for (const auto& entry : std::filesystem::directory_iterator(directory)) {
        if (entry.is_regular_file() && is_dated(entry.path())) backups.push_back(entry.path());
    }
    std::ranges::sort(backups);
    while (backups.size() > keep) {
        std::filesystem::remove(backups.front());
        backups.erase(backups.begin());
    }
}

ExitStatus back_up(Context& context, const BackupOptions& options) {
    context.api.expect_token();
    const bool is_directory = std::filesystem::is_directory(options.file);
    const auto name = is_directory ? dated_name(options.file) : options.file;
    if (options.keep > 0 && !is_directory)
        throw Failure(ExitStatus::usage, "--keep is for a directory, and " + name + " is none.");
    if (name != "-" && !options.may_overwrite && std::filesystem::exists(name))
        throw Failure(ExitStatus::usage, name + " is there already.", "Say --force to replace it.");
    const auto key = key_for_new_backup(options.key);

    PartFile file(name, PartFile::Readers::owner);
    Progress progress("octets");
    std::uint64_t octets = 0;
    Sealer sealer(key, [&](std::string_view sealed) {
        file.write(sealed);
        octets += sealed.size();
    });
    HeadReader reader;
    context.api.download(backup_path, {}, [&](std::string_view piece) {
        reader.take(piece);
        sealer.write(piece);
        progress.show(octets, std::nullopt);
    });
    const auto head = reader.head();
    if (!head) throw Failure(ExitStatus::unavailable, "What the daemon sent is no backup.");
    sealer.finish();
    file.complete();
    progress.clear();
    if (is_directory && options.keep > 0) remove_oldest(options.file, options.keep);
    if (file.is_stdout()) return ExitStatus::ok;

    const auto taken_at = head->value("taken_at", Json());
    const auto users = head->value("users", Json());
    if (context.as_json) {
        print_json(context.out,
                   {
                       {"file",     name    },
                       {"octets",   octets  },
                       {"taken_at", taken_at},
                       {"users",    users   }
        });
    } else {
        context.out << name << ": " << shown(users) << " users as of " << shown(taken_at) << ", " << octets
                    << " octets.\n";
    }
    return ExitStatus::ok;
}

}  // namespace

void add_backup_command(CLI::App& line, Command& chosen) {
    auto options = std::make_shared<BackupOptions>();
    auto* command = line.add_subcommand(
        "backup", "Write all that must not be lost to an encrypted file, on the daemon's machine");
    command
        ->add_option("file", options->file,
                     "Where to; a directory: a file in it, named by the time; - for standard output")
        ->required();
    add_backup_key_options(*command, options->key);
    command->add_option("--keep", options->keep, "In a directory: as many of the newest stay, older ones go")
        ->check(CLI::PositiveNumber);
    command->add_flag("--force", options->may_overwrite, "Replace a file that is there already");
    command->callback(
        [&chosen, options] { chosen = [options](Context& context) { return back_up(context, *options); }; });
}

}  // namespace hourglass::cli
