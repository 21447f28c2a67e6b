// hourglass import, hourglass export
#include "cli/commands.hpp"
#include "cli/part_file.hpp"
#include "cli/problem.hpp"
#include "cli/progress.hpp"
#include "cli/row_counter.hpp"
#include "cli/show.hpp"
#include "cli/table.hpp"
#include "cli/user_filters.hpp"

#include <fcntl.h>
#include <iostream>
#include <memory>
#include <sys/stat.h>
#include <unistd.h>

namespace hourglass::cli {

namespace {

constexpr auto users_path = "/user_token/";
constexpr auto import_path = "/user_token/import/";
constexpr auto export_path = "/user_token/export/";

class File {
public:
    explicit File(int descriptor) : descriptor_(descriptor) {}
    ~File() {
        if (descriptor_ > STDERR_FILENO) ::close(descriptor_);
    }
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    int get() const { return descriptor_; }

private:
    int descriptor_;
};

bool is_csv(const std::string& format, const std::string& file) {
    return format.empty() ? file.ends_with(".csv") : format == "csv";
}

void add_format_flag(CLI::App& command, std::string& format) {
    command.add_option("--format", format, "ndjson or csv; otherwise csv for a name that ends in .csv")
        ->check(CLI::IsMember({"ndjson", "csv"}));
}

// ---- import

struct ImportOptions {
    std::string file;
    std::string format;
    std::string mode;
    std::string upsert;
    bool is_dry_run{};
};

// What came back of an import, and what is shown of it.
class ImportReport {
public:
    ImportReport(Progress& progress, std::optional<std::uint64_t> octets)
        : progress_(progress), octets_(octets) {}

    void take(const Json& line) {
        if (line.contains("summary")) {
            summary_ = line["summary"];
            return;
        }
        ++rows_;
        if (line.value("status", "") == "error") complain(line);
        show();
    }

    void note_sent(std::uint64_t octets) {
        sent_ = octets;
        show();
    }

    // Null: the answer had none.
    const Json& summary() const { return summary_; }

private:
    void complain(const Json& line) {
        progress_.clear();
        const auto sentences = sentences_of(line.value("errors", Json::object()).dump());
        for (const auto& sentence : sentences)
            std::cerr << "line " << shown(line.value("line", Json())) << ": " << printable(sentence) << '\n';
    }

    void show() {
        const auto share = octets_ && *octets_ > 0
                               ? std::optional(static_cast<double>(sent_) / static_cast<double>(*octets_))
                               : std::nullopt;
        progress_.show(rows_, share);
    }

    Progress& progress_;
    std::optional<std::uint64_t> octets_;  // of the file
    std::uint64_t sent_ = 0;
    std::uint64_t rows_ = 0;
    Json summary_;
};

void print_summary(Context& context, const ImportOptions& options, const Json& summary) {
    if (context.as_json) return print_json(context.out, summary);
    const auto count = [&](const char* status) { return shown(summary.value(status, Json(0))); };
    context.out << (options.is_dry_run ? "Nothing was written. Would be: " : "") << count("created")
                << " created, " << count("updated") << " updated, " << count("unchanged") << " unchanged, "
                << count("error") << " refused.\n";
}

ExitStatus import_users(Context& context, const ImportOptions& options) {
    const bool from_stdin = options.file == "-";
    const File file(from_stdin ? STDIN_FILENO : ::open(options.file.c_str(), O_RDONLY | O_CLOEXEC));
    if (file.get() < 0) throw cannot("read", options.file);
    struct stat status{};
    const bool has_size = ::fstat(file.get(), &status) == 0 && S_ISREG(status.st_mode);

    Query query;
    if (options.is_dry_run) query.emplace_back("dry_run", "true");
    if (!options.mode.empty()) query.emplace_back("mode", options.mode);
    if (!options.upsert.empty()) query.emplace_back("upsert", options.upsert);

    Progress progress;
    ImportReport report(progress,
                        has_size ? std::optional(static_cast<std::uint64_t>(status.st_size)) : std::nullopt);
    JsonLines lines([&](const Json& line) { report.take(line); });
    context.api.upload(
        import_path, query, is_csv(options.format, options.file) ? "text/csv" : "application/x-ndjson",
        file.get(), [&](std::string_view piece) { lines.take(piece); },
        [&](std::uint64_t octets) { report.note_sent(octets); });
    progress.clear();

    const auto& summary = report.summary();
    if (summary.is_null()) {
        throw Failure(ExitStatus::unavailable, "The daemon broke off: not every row may have been imported.",
                      "With --upsert username the same file can be imported again.");
    }
    print_summary(context, options, summary);
    const bool is_atomic = summary.contains("is_written");
    const bool is_unwritten = is_atomic && !options.is_dry_run && !summary.value("is_written", false);
    if (summary.contains("detail")) std::cerr << "hourglass: " << printable(shown(summary["detail"])) << '\n';
    if (is_unwritten) std::cerr << "hourglass: Nothing was imported, as --mode atomic asks.\n";
    const bool is_complete = summary.value("is_complete", false) && summary.value("error", 0) == 0;
    return is_complete ? ExitStatus::ok : ExitStatus::refused;
}

void add_import(CLI::App& line, Command& chosen) {
    auto options = std::make_shared<ImportOptions>();
    auto* command = line.add_subcommand("import", "Create and update users from a file, by the million");
    command->add_option("file", options->file, "Rows of users, NDJSON or CSV; - for standard input")
        ->required();
    add_format_flag(*command, options->format);
    command->add_flag("--dry-run", options->is_dry_run, "Check everything, write nothing");
    command
        ->add_option("--mode", options->mode,
                     "best_effort (default): good rows are written; atomic: all or none")
        ->check(CLI::IsMember({"best_effort", "atomic"}));
    command->add_option("--upsert", options->upsert, "Update the user with the same: username or external_id")
        ->check(CLI::IsMember({"username", "external_id"}));
    command->callback([&chosen, options] {
        chosen = [options](Context& context) { return import_users(context, *options); };
    });
}

// ---- export

struct ExportOptions {
    std::string file = "-";
    std::string format;
    Query filters;
    bool with_credentials{};
};

// nullopt: nobody could say.
std::optional<std::uint64_t> count_users(Api& api, Query filters) {
    filters.emplace_back("limit", "1");
    const auto page = api.get(users_path, filters);
    const auto count = page.find("count");
    if (count == page.end() || !count->is_number_unsigned()) return std::nullopt;
    return count->get<std::uint64_t>();
}

ExitStatus export_users(Context& context, const ExportOptions& options) {
    context.api.expect_token();
    const bool as_csv = is_csv(options.format, options.file);
    auto query = options.filters;
    const auto count = count_users(context.api, query);
    query.emplace_back("format", as_csv ? "csv" : "ndjson");
    if (options.with_credentials) query.emplace_back("with_credentials", "true");

    PartFile file(options.file,
                  options.with_credentials ? PartFile::Readers::owner : PartFile::Readers::everyone);
    Progress progress;
    RowCounter counter(as_csv);
    context.api.download(export_path, query, [&](std::string_view piece) {
        file.write(piece);
        counter.take(piece);
        const auto share =
            count && *count > 0
                ? std::optional(static_cast<double>(counter.rows()) / static_cast<double>(*count))
                : std::nullopt;
        progress.show(counter.rows(), share);
    });
    file.complete();
    progress.clear();
    if (!file.is_stdout() && !context.as_json) context.out << counter.rows() << " users exported.\n";
    return ExitStatus::ok;
}

void add_export(CLI::App& line, Command& chosen) {
    auto options = std::make_shared<ExportOptions>();
    auto* command = line.add_subcommand("export", "Write users to a file that import reads");
    command->add_option("file", options->file, "Where to; standard output otherwise");
    add_format_flag(*command, options->format);
    add_user_filter_flags(*command, options->filters);
    command->add_flag("--with-credentials", options->with_credentials,
                      "Passwords too, encrypted under the daemon's key; for an administrator's token");
    command->callback([&chosen, options] {
        chosen = [options](Context& context) { return export_users(context, *options); };
    });
}

}  // namespace

void add_transfer_commands(CLI::App& line, Command& chosen) {
    add_import(line, chosen);
    add_export(line, chosen);
}

}  // namespace hourglass::cli
