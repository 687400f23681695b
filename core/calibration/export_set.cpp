// SPDX-License-Identifier: GPL-3.0-or-later
#include "calibration/export_set.h"

#include "base/hash.h"
#include "base/thread_pool.h"
#include "calibration/sample_progress.h"
#include "calibration/sample_writer.h"
#include "calibration/set_file.h"

#include <algorithm>
#include <atomic>

namespace hefstudio {
namespace {

namespace fs = std::filesystem;

constexpr const char *stageName = "write";

// [C,H,W] bytes to [H,W,C].
void channelsLast(std::span<const std::byte> nchw, std::size_t channels, std::span<std::byte> nhwc)
{
    const std::size_t plane = nchw.size() / channels;
    for (std::size_t pixel = 0; pixel < plane; ++pixel)
        for (std::size_t channel = 0; channel < channels; ++channel)
            nhwc[pixel * channels + channel] = nchw[channel * plane + pixel];
}

class Export {
public:
    Export(const CalibrationSet &set, const ExportRequest &request, std::stop_token stop,
           const EventSink &sink)
        : m_set(set), m_request(request), m_stop(std::move(stop)), m_sink(sink)
    {
    }

    Result<Exported> run()
    {
        if (m_set.size() == 0 || m_set.isRandom())
            return fail(Diagnostic("calib.nothing-left"));
        SetFile file{.sources = m_request.sources,
                     .strategy = m_request.strategy,
                     .seed = m_request.seed,
                     .exported = {},
                     .samples = std::vector<SetFileSample>(m_set.size())};
        m_file = &file;
        Exported exported{.target = m_request.target,
                          .manifest = m_request.target,
                          .samples = m_set.size(),
                          .bytes = 0};
        SampleProgress progress(stageName, m_sink, m_set.size());
        m_progress = &progress;
        Result<void> done;
        switch (m_request.form) {
        case ExportForm::list:
            done = list();
            break;
        case ExportForm::folder:
            exported.manifest = m_request.target / setFileName;
            done = folder();
            break;
        case ExportForm::npy:
        case ExportForm::npz:
            exported.manifest = m_request.target.string() + ".json";
            file.exported = m_request.target;
            done = array();
            break;
        }
        if (!done)
            return passOn(std::move(done));
        if (auto written = writeSetFile(exported.manifest, file); !written)
            return passOn(std::move(written));
        exported.bytes = m_bytes;
        progress.finish();
        return exported;
    }

private:
    // Runs over all samples in parallel; the first fault in their order is the answer.
    template<class Work> Result<void> forEachSample(Work work)
    {
        std::vector<Diagnostics> faults(m_set.size());
        ThreadPool pool(m_request.threads);
        const bool isDone = pool.forEach(
            m_set.size(),
            [&](std::size_t index, int) {
                if (auto done = work(index); !done)
                    faults[index] = std::move(done.error());
                m_progress->step(m_set.relativeNameOf(index));
            },
            m_stop);
        if (!isDone || m_stop.stop_requested())
            return fail(Diagnostic("cancelled"));
        for (Diagnostics &fault : faults)
            if (!fault.empty())
                return fail(std::move(fault));
        return {};
    }

    Result<void> list()
    {
        return forEachSample([this](std::size_t index) -> Result<void> {
            SetFileSample &sample = m_file->samples[index];
            if (m_set.isArray()) {
                const std::size_t row = m_set.rowOf(index);
                const fs::path &source = m_set.source();
                sample = {.file = source,
                          .row = static_cast<std::int64_t>(row),
                          .sha256 = sha256Hex(m_set.arrays().front().second.sample(row))};
                return {};
            }
            auto digest = sha256HexOfFile(m_set.pictures()[index]);
            if (!digest)
                return passOn(std::move(digest));
            sample = {.file = m_set.pictures()[index],
                      .row = std::nullopt,
                      .sha256 = std::move(*digest)};
            return {};
        });
    }

    Result<void> folder()
    {
        if (m_set.isArray())
            return fail(Diagnostic("calib.not-pictures", Place{.file = m_set.source().string()}));
        std::error_code error;
        const auto notWritable = [&error](const fs::path &path) {
            return fail(Diagnostic("file.not-writable", Place{.file = path.string()})
                            .with("reason", error.message()));
        };
        if (fs::exists(m_request.target, error) && !fs::is_empty(m_request.target, error))
            return fail(
                Diagnostic("calib.folder-not-empty", Place{.file = m_request.target.string()}));
        std::vector<fs::path> targets;
        for (std::size_t i = 0; i < m_set.size(); ++i) {
            // Pictures from several trees may lie above the common folder's.
            const fs::path name = fs::path(m_set.relativeNameOf(i)).relative_path();
            const bool escapes = std::ranges::find(name, fs::path("..")) != name.end();
            targets.push_back(m_request.target / (escapes ? name.filename() : name));
            fs::create_directories(targets.back().parent_path(), error);
            if (error)
                return notWritable(targets.back());
        }
        return forEachSample([this, &targets](std::size_t index) -> Result<void> {
            const auto bytes = readPicture(m_set.pictures()[index]);
            if (!bytes)
                return std::unexpected(bytes.error());
            m_bytes += bytes->size();
            m_file->samples[index] = {
                .file = targets[index], .row = std::nullopt, .sha256 = sha256Hex(*bytes)};
            return writeFileAtomically(targets[index], *bytes);
        });
    }

    // One row as it shall stand in the array, and the digest of what it came from.
    Result<Bytes> row(std::size_t index)
    {
        SetFileSample &sample = m_file->samples[index];
        if (m_set.isArray()) {
            const auto bytes = m_set.arrays().front().second.sample(m_set.rowOf(index));
            sample = {.file = m_set.source(),
                      .row = static_cast<std::int64_t>(m_set.rowOf(index)),
                      .sha256 = sha256Hex(bytes)};
            return Bytes(bytes.begin(), bytes.end());
        }
        const auto &file = m_set.pictures()[index];
        const auto bytes = readPicture(file);
        if (!bytes)
            return std::unexpected(bytes.error());
        sample = {.file = file, .row = std::nullopt, .sha256 = sha256Hex(*bytes)};
        const auto image = decodeImage(*bytes, file.string());
        if (!image)
            return std::unexpected(image.error());
        const auto ready = preprocess(*image, m_request.preprocess);
        if (!ready)
            return std::unexpected(ready.error());
        Bytes nhwc(ready->pixels.byteCount());
        channelsLast(ready->pixels.bytes(), static_cast<std::size_t>(m_request.preprocess.channels),
                     nhwc);
        return nhwc;
    }

    Result<void> array()
    {
        const PreprocessOptions &how = m_request.preprocess;
        if (!m_set.isArray() && (how.width <= 0 || how.height <= 0))
            return fail(Diagnostic("calib.size-needed"));
        if (m_set.arrays().size() > 1)
            return fail(Diagnostic("calib.no-repair", Place{.file = m_set.source().string()})
                            .with("reason", "the file holds more than one array"));
        ElementType type = ElementType::uint8;
        Shape shape{0, how.height, how.width, how.channels};
        if (m_set.isArray()) {
            type = m_set.arrays().front().second.type;
            shape = m_set.arrays().front().second.shape;
        }
        shape[0] = static_cast<std::int64_t>(m_set.size());
        auto writer = SampleWriter::create(m_request.target, m_request.inputName, type, shape);
        if (!writer)
            return passOn(std::move(writer));
        // In batches: decoded side by side, written in order.
        ThreadPool pool(m_request.threads);
        const std::size_t batch = static_cast<std::size_t>(pool.threads()) * 4;
        for (std::size_t from = 0; from < m_set.size(); from += batch) {
            std::vector<Result<Bytes>> rows(std::min(batch, m_set.size() - from));
            const bool isDone = pool.forEach(
                rows.size(), [&](std::size_t i, int) { rows[i] = row(from + i); }, m_stop);
            if (!isDone || m_stop.stop_requested())
                return fail(Diagnostic("cancelled"));
            for (std::size_t i = 0; i < rows.size(); ++i) {
                if (!rows[i])
                    return std::unexpected(std::move(rows[i].error()));
                if (auto written = writer->write(*rows[i]); !written)
                    return written;
                m_bytes += rows[i]->size();
                m_progress->step(m_set.relativeNameOf(from + i));
            }
        }
        return writer->commit();
    }

    const CalibrationSet &m_set;
    const ExportRequest &m_request;
    std::stop_token m_stop;
    const EventSink &m_sink;
    SetFile *m_file = nullptr;
    SampleProgress *m_progress = nullptr;
    std::atomic<std::uint64_t> m_bytes = 0;
};

} // namespace

std::optional<ExportForm> exportFormOf(const std::filesystem::path &target)
{
    const auto ending = target.extension();
    if (ending.empty())
        return ExportForm::folder;
    if (ending == ".json")
        return ExportForm::list;
    if (ending == ".npy")
        return ExportForm::npy;
    if (ending == ".npz")
        return ExportForm::npz;
    return std::nullopt;
}

Result<Exported> exportSet(const CalibrationSet &set, const ExportRequest &request,
                           std::stop_token stop, const EventSink &sink)
{
    return Export(set, request, std::move(stop), sink).run();
}

} // namespace hefstudio
