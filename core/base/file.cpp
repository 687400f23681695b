// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/file.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace hefstudio {
namespace {

Diagnostic failure(std::string_view id, const std::filesystem::path &file)
{
    return Diagnostic(id, Place{.file = file.string()})
        .with("reason", std::string(std::strerror(errno)));
}

Diagnostic writeFailure(const std::filesystem::path &file)
{
    const bool isFull = errno == ENOSPC || errno == EDQUOT || errno == EFBIG;
    return failure(isFull ? "file.disk-full" : "file.not-writable", file);
}

class Descriptor {
public:
    explicit Descriptor(int descriptor) : m_descriptor(descriptor) {}
    ~Descriptor()
    {
        if (m_descriptor >= 0)
            ::close(m_descriptor);
    }
    Descriptor(const Descriptor &) = delete;
    Descriptor &operator=(const Descriptor &) = delete;
    int get() const { return m_descriptor; }

private:
    int m_descriptor;
};

// Opens a regular file for reading and finds its size.
Result<std::uint64_t> sizeOfOpened(int descriptor, const std::filesystem::path &file)
{
    if (descriptor < 0)
        return fail(failure(
            errno == ENOENT || errno == ENOTDIR ? "file.not-found" : "file.not-readable", file));
    struct stat facts {};
    if (::fstat(descriptor, &facts) != 0)
        return fail(failure("file.not-readable", file));
    if (S_ISDIR(facts.st_mode))
        return fail(Diagnostic("file.is-directory", Place{.file = file.string()}));
    if (!S_ISREG(facts.st_mode))
        return fail(Diagnostic("file.not-readable", Place{.file = file.string()})
                        .with("reason", std::string("it is not a regular file")));
    return static_cast<std::uint64_t>(facts.st_size);
}

} // namespace

Result<Bytes> readFile(const std::filesystem::path &file, const ReadLimits &limits)
{
    const Descriptor descriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    auto size = sizeOfOpened(descriptor.get(), file);
    if (!size)
        return passOn(std::move(size));
    if (*size == 0 && limits.refuseEmpty)
        return fail(Diagnostic("file.empty", Place{.file = file.string()}));
    if (*size > limits.maxBytes)
        return fail(Diagnostic("file.too-large", Place{.file = file.string()})
                        .with("bytes", static_cast<std::int64_t>(*size))
                        .with("limit", static_cast<std::int64_t>(limits.maxBytes)));
    Bytes bytes(static_cast<std::size_t>(*size));
    for (std::size_t at = 0; at < bytes.size();) {
        const auto count = ::read(descriptor.get(), bytes.data() + at, bytes.size() - at);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return fail(failure("file.not-readable", file));
        if (count == 0) { // it shrank while we read
            bytes.resize(at);
            break;
        }
        at += static_cast<std::size_t>(count);
    }
    return bytes;
}

Result<std::string> readTextFile(const std::filesystem::path &file, const ReadLimits &limits)
{
    auto bytes = readFile(file, limits);
    if (!bytes)
        return passOn(std::move(bytes));
    return std::string(reinterpret_cast<const char *>(bytes->data()), bytes->size());
}

Result<MappedFile> MappedFile::open(const std::filesystem::path &file)
{
    const Descriptor descriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    auto size = sizeOfOpened(descriptor.get(), file);
    if (!size)
        return passOn(std::move(size));
    if (*size == 0)
        return fail(Diagnostic("file.empty", Place{.file = file.string()}));
    void *data = ::mmap(nullptr, static_cast<std::size_t>(*size), PROT_READ, MAP_PRIVATE,
                        descriptor.get(), 0);
    if (data == MAP_FAILED)
        return fail(failure("file.not-readable", file));
    return MappedFile(static_cast<const std::byte *>(data), static_cast<std::size_t>(*size));
}

MappedFile::~MappedFile()
{
    if (m_data)
        ::munmap(const_cast<std::byte *>(m_data), m_size);
}

MappedFile::MappedFile(MappedFile &&other) noexcept
    : m_data(std::exchange(other.m_data, nullptr)), m_size(std::exchange(other.m_size, 0))
{
}

MappedFile &MappedFile::operator=(MappedFile &&other) noexcept
{
    std::swap(m_data, other.m_data);
    std::swap(m_size, other.m_size);
    return *this;
}

AtomicFile::AtomicFile(int descriptor, std::filesystem::path temporary,
                       std::filesystem::path target)
    : m_descriptor(descriptor), m_temporary(std::move(temporary)), m_target(std::move(target))
{
}

AtomicFile::AtomicFile(AtomicFile &&other) noexcept
    : m_descriptor(std::exchange(other.m_descriptor, -1)),
      m_temporary(std::exchange(other.m_temporary, {})),
      m_target(std::exchange(other.m_target, {}))
{
}

// The name goes before the lock does: whoever finds the name unlocked may take the file for his.
AtomicFile::~AtomicFile()
{
    if (!m_temporary.empty())
        ::unlink(m_temporary.c_str());
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

namespace {

std::filesystem::path folderOf(const std::filesystem::path &target)
{
    return target.has_parent_path() ? target.parent_path() : std::filesystem::path(".");
}

// One name for each target, so that what a killed process left is found and replaced by the next.
std::filesystem::path partNameOf(const std::filesystem::path &target)
{
    return target.parent_path() / ("." + target.filename().string() + ".part");
}

std::string descriptorPath(int descriptor)
{
    return "/proc/self/fd/" + std::to_string(descriptor);
}

// A file that no name leads to: when the process dies, nothing is left. -1 where the file system
// has no such files.
int openNameless(const std::filesystem::path &target)
{
    const int descriptor =
        ::open(folderOf(target).c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0666);
    if (descriptor >= 0 && ::access(descriptorPath(descriptor).c_str(), F_OK) != 0) {
        ::close(descriptor); // no /proc: it could never get a name
        return -1;
    }
    return descriptor;
}

bool isNamed(int descriptor, const std::filesystem::path &name)
{
    struct stat opened {}, named {};
    return ::fstat(descriptor, &opened) == 0 && ::stat(name.c_str(), &named) == 0 &&
           opened.st_dev == named.st_dev && opened.st_ino == named.st_ino;
}

// The part file, made or taken over from a process that is gone: its lock went with it. -1 while
// another process writes the same target.
int openPart(const std::filesystem::path &part)
{
    const int descriptor = ::open(part.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, 0666);
    if (descriptor < 0)
        return -1;
    if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0 && isNamed(descriptor, part) &&
        ::ftruncate(descriptor, 0) == 0)
        return descriptor;
    ::close(descriptor);
    errno = EWOULDBLOCK;
    return -1;
}

// Gives a nameless file its name, over whatever has it. A link replaces nothing, a renaming does, so
// the file goes by way of the part's name. Writers of one folder take turns there: a file whose only
// name another writer removed can never be linked again.
bool giveName(int descriptor, const std::filesystem::path &target)
{
    const std::string self = descriptorPath(descriptor);
    const auto link = [&](const std::filesystem::path &name) {
        return ::linkat(AT_FDCWD, self.c_str(), AT_FDCWD, name.c_str(), AT_SYMLINK_FOLLOW) == 0;
    };
    if (link(target))
        return true;
    if (errno != EEXIST)
        return false;
    const Descriptor folder(::open(folderOf(target).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (folder.get() < 0 || ::flock(folder.get(), LOCK_EX) != 0)
        return false;
    const auto part = partNameOf(target);
    ::unlink(part.c_str()); // what a killed process left
    return link(part) && ::rename(part.c_str(), target.c_str()) == 0;
}

} // namespace

Result<AtomicFile> AtomicFile::create(const std::filesystem::path &target)
{
    std::error_code ignored;
    if (std::filesystem::is_directory(target, ignored)) {
        errno = EISDIR;
        return fail(writeFailure(target));
    }
    // Renaming replaces a symbolic link by a file; write through it instead.
    std::filesystem::path real = target;
    if (std::filesystem::is_symlink(target, ignored))
        real = std::filesystem::weakly_canonical(target, ignored);
    if (const int descriptor = openNameless(real); descriptor >= 0)
        return AtomicFile(descriptor, {}, real);
    const auto part = partNameOf(real);
    if (const int descriptor = openPart(part); descriptor >= 0)
        return AtomicFile(descriptor, part, real);
    if (errno != EWOULDBLOCK)
        return fail(writeFailure(target));
    std::string pattern =
        (real.parent_path() / ("." + real.filename().string() + ".XXXXXX")).string();
    const int descriptor = ::mkostemp(pattern.data(), O_CLOEXEC);
    if (descriptor < 0)
        return fail(writeFailure(target));
    const mode_t mask = ::umask(0);
    ::umask(mask);
    ::fchmod(descriptor, 0666 & ~mask); // mkostemp gives 0600
    return AtomicFile(descriptor, pattern, real);
}

Result<void> AtomicFile::write(std::span<const std::byte> bytes)
{
    while (!bytes.empty()) {
        const auto count = ::write(m_descriptor, bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return fail(writeFailure(m_target));
        bytes = bytes.subspan(static_cast<std::size_t>(count));
    }
    return {};
}

Result<void> AtomicFile::commit()
{
    if (::fsync(m_descriptor) != 0)
        return fail(writeFailure(m_target));
    if (m_temporary.empty()) {
        if (!giveName(m_descriptor, m_target))
            return fail(writeFailure(m_target));
    } else if (::rename(m_temporary.c_str(), m_target.c_str()) != 0) {
        return fail(writeFailure(m_target));
    }
    m_temporary.clear();
    const Descriptor folder(::open(folderOf(m_target).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (folder.get() >= 0)
        ::fsync(folder.get());
    if (::close(std::exchange(m_descriptor, -1)) != 0)
        return fail(writeFailure(m_target));
    return {};
}

Result<void> writeFileAtomically(const std::filesystem::path &target,
                                 std::span<const std::byte> bytes)
{
    auto file = AtomicFile::create(target);
    if (!file)
        return passOn(std::move(file));
    if (auto written = file->write(bytes); !written)
        return written;
    return file->commit();
}

Result<void> checkWritable(const std::filesystem::path &target)
{
    auto file = AtomicFile::create(target); // removed again when it goes out of scope
    if (!file)
        return passOn(std::move(file));
    return {};
}

} // namespace hefstudio
