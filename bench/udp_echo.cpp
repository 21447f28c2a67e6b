// Sends every datagram back: what UDP alone costs on this machine, the limit that no server passes. Prints
// its port, then runs until it is ended.
#include <array>
#include <cstdint>
#include <cstdio>
#include <netinet/in.h>
#include <sys/socket.h>

namespace {

constexpr unsigned burst = 64;
constexpr std::size_t datagram_octets_max = 4096;
constexpr int socket_buffer_octets = 4 << 20;

struct Burst {
    std::array<std::array<std::uint8_t, datagram_octets_max>, burst> buffers;
    std::array<sockaddr_in, burst> peers;
    std::array<iovec, burst> parts;
    std::array<mmsghdr, burst> messages;
};

// Ready to receive: every buffer whole, every peer address wanted.
void prepare(Burst& datagrams) {
    for (std::size_t i = 0; i < burst; ++i) {
        datagrams.parts[i] = {.iov_base = datagrams.buffers[i].data(), .iov_len = datagram_octets_max};
        datagrams.messages[i] = {};
        datagrams.messages[i].msg_hdr.msg_name = &datagrams.peers[i];
        datagrams.messages[i].msg_hdr.msg_namelen = sizeof(sockaddr_in);
        datagrams.messages[i].msg_hdr.msg_iov = &datagrams.parts[i];
        datagrams.messages[i].msg_hdr.msg_iovlen = 1;
    }
}

}  // namespace

int main() {
    const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    auto* name = reinterpret_cast<sockaddr*>(&address);
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &socket_buffer_octets, sizeof socket_buffer_octets);
    if (fd < 0 || bind(fd, name, length) != 0 || getsockname(fd, name, &length) != 0) {
        std::perror("udp_echo");
        return 1;
    }
    std::printf("%u\n", ntohs(address.sin_port));
    std::fflush(stdout);

    static Burst datagrams;  // too big for a stack
    while (true) {
        prepare(datagrams);
        const int count = recvmmsg(fd, datagrams.messages.data(), burst, MSG_WAITFORONE, nullptr);
        if (count < 0) return 1;
        for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
            datagrams.parts[i].iov_len = datagrams.messages[i].msg_len;
        }
        sendmmsg(fd, datagrams.messages.data(), static_cast<unsigned>(count), 0);
    }
}
