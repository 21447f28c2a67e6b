#include "tests/integration/process.hpp"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sstream>
#include <stdexcept>
#include <sys/wait.h>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <utility>

namespace hourglass::test {

namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds poll_interval{10};

std::system_error failed(const std::string& what) {
    return {errno, std::system_category(), what};
}

class Descriptor {
public:
    explicit Descriptor(int fd) : fd_(fd) {}
    ~Descriptor() { close(); }
    Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    Descriptor& operator=(Descriptor&&) = delete;

    int get() const { return fd_; }
    void close() {
        if (fd_ >= 0) ::close(std::exchange(fd_, -1));
    }

private:
    int fd_;
};

struct Pipe {
    Descriptor read_end;
    Descriptor write_end;
};

Pipe make_pipe() {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) throw failed("pipe2");
    return {.read_end = Descriptor(ends[0]), .write_end = Descriptor(ends[1])};
}

std::vector<char*> pointers(const std::vector<std::string>& texts) {
    std::vector<char*> result;
    result.reserve(texts.size() + 1);
    for (const auto& text : texts)
        result.push_back(const_cast<char*>(text.c_str()));
    result.push_back(nullptr);
    return result;
}

pid_t spawn(const Arguments& arguments, const std::vector<std::string>& environment, int in, int out, int err,
            const std::vector<int>& descriptors = {}) {
    std::vector<std::string> variables{std::string("PATH=") + getenv("PATH"), "LANG=C.UTF-8"};
    variables.insert(variables.end(), environment.begin(), environment.end());
    for (const auto* name : {"ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"})
        if (const char* value = getenv(name)) variables.push_back(std::string(name) + "=" + value);

    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, err, STDERR_FILENO);
    int number = STDERR_FILENO;
    for (const int descriptor : descriptors)
        posix_spawn_file_actions_adddup2(&actions, descriptor, ++number);
    pid_t pid{};
    const auto argv = pointers(arguments);
    const auto envp = pointers(variables);
    const int error = posix_spawnp(&pid, argv[0], &actions, nullptr, argv.data(), envp.data());
    posix_spawn_file_actions_destroy(&actions);
    if (error != 0) throw std::system_error(error, std::system_category(), arguments[0]);
    return pid;
}

int exit_status_of(int status) {
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

// Appends what there is to `text`; closes at the end of the stream.
void drain(Descriptor& descriptor, std::string& text) {
    std::array<char, 65536> buffer{};
    const auto count = read(descriptor.get(), buffer.data(), buffer.size());
    if (count <= 0) return descriptor.close();
    text.append(buffer.data(), static_cast<std::size_t>(count));
}

void feed(Descriptor& descriptor, std::string& input) {
    const auto count = write(descriptor.get(), input.data(), input.size());
    if (count > 0) input.erase(0, static_cast<std::size_t>(count));
    if (count <= 0 || input.empty()) descriptor.close();
}

// Moves input and output until the program has closed both of its output streams. False at the deadline.
bool converse(Descriptor& to, Descriptor& from, Descriptor& errors, std::string input, Finished& finished,
              Clock::time_point deadline) {
    if (input.empty()) to.close();
    while (from.get() >= 0 || errors.get() >= 0) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
        if (left.count() <= 0) return false;
        std::array<pollfd, 3> ready{
            pollfd{.fd = to.get(),     .events = POLLOUT, .revents = 0},
            pollfd{.fd = from.get(),   .events = POLLIN,  .revents = 0},
            pollfd{.fd = errors.get(), .events = POLLIN,  .revents = 0}
        };
        poll(ready.data(), ready.size(), static_cast<int>(left.count()));
        if (ready[0].revents != 0) feed(to, input);
        if (ready[1].revents != 0) drain(from, finished.output);
        if (ready[2].revents != 0) drain(errors, finished.errors);
    }
    return true;
}

}  // namespace

Finished run(const Arguments& arguments, const RunOptions& options) {
    signal(SIGPIPE, SIG_IGN);  // a program that does not read its input is no failure of ours
    auto in = make_pipe();
    auto out = make_pipe();
    auto err = make_pipe();
    const auto pid =
        spawn(arguments, options.environment, in.read_end.get(), out.write_end.get(), err.write_end.get());
    in.read_end.close();
    out.write_end.close();
    err.write_end.close();

    Finished finished;
    const auto deadline = Clock::now() + options.time_limit;
    const bool in_time =
        converse(in.write_end, out.read_end, err.read_end, options.input, finished, deadline);
    if (!in_time) kill(pid, SIGKILL);
    int status{};
    waitpid(pid, &status, 0);
    if (!in_time)
        throw std::runtime_error(arguments[0] + " did not end in time: " + finished.output + finished.errors);
    finished.exit_status = exit_status_of(status);
    return finished;
}

BackgroundProcess::BackgroundProcess(const Arguments& arguments, const std::filesystem::path& log,
                                     const Inheritance& inheritance) {
    const Descriptor nothing(open("/dev/null", O_RDONLY | O_CLOEXEC));
    const Descriptor file(open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
    if (nothing.get() < 0 || file.get() < 0) throw failed(log.string());
    pid_ = spawn(arguments, inheritance.environment, nothing.get(), file.get(), file.get(),
                 inheritance.descriptors);
}

BackgroundProcess::~BackgroundProcess() {
    if (exit_status_) return;
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
}

void BackgroundProcess::send(int signal) const {
    if (!exit_status_) kill(pid_, signal);
}

std::optional<int> BackgroundProcess::wait(std::chrono::milliseconds time_limit) {
    const auto deadline = Clock::now() + time_limit;
    while (!exit_status_) {
        int status{};
        if (waitpid(pid_, &status, WNOHANG) == pid_) {
            exit_status_ = exit_status_of(status);
        } else if (Clock::now() >= deadline) {
            break;
        } else {
            std::this_thread::sleep_for(poll_interval);
        }
    }
    return exit_status_;
}

bool is_running(pid_t pid) {
    std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
    std::string line;
    if (!std::getline(file, line)) return false;
    return line.find(") Z ") == std::string::npos;
}

std::vector<pid_t> children_of(pid_t pid) {
    const auto id = std::to_string(pid);
    std::istringstream list(read_file("/proc/" + id + "/task/" + id + "/children"));
    return {std::istream_iterator<pid_t>(list), {}};
}

std::string read_file(const std::filesystem::path& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace hourglass::test
